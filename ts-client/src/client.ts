// SPDX-License-Identifier: BSD-3-Clause
import { type Params, WdpdkError, violation } from 'shared-memory-ipc';
import { tell } from './diagnostics.ts';
import { type DataplaneEvent, EventStream } from './events.ts';
import type { ForwardingControl } from './forwarding.ts';
import { ForwardingView } from './forwarding/control.ts';
import { type OpenOptions, type QueueCore, openQueue } from './queues/core.ts';
import { RxQueueView } from './queues/rx.ts';
import { RxTxQueueView } from './queues/rxtx.ts';
import { TxQueueView } from './queues/tx.ts';
import type { Op, RxOptions, RxQueue, RxTxQueue, TxOptions, TxQueue } from './queues/types.ts';
import { type Report, plainNumbers } from './report.ts';
import type { Session } from './session.ts';
import type { StatsReader } from './stats/reader.ts';
import type { Stats } from './stats.ts';

/** What a client may do. `redirect` needs `receive`, too; it is asked for on its own because it takes frames away from forwarding. */
export type Capability = 'observe' | 'receive' | 'transmit' | 'redirect' | 'configure';

/** A port of the dataplane. */
export interface Port {
  readonly id: number;
  readonly name: string;
  readonly driver: string;
  /** `xx:xx:xx:xx:xx:xx` */
  readonly mac: string;
  /** Bytes of payload in a frame at most, without the Ethernet header. */
  readonly mtu: number;
  readonly linkUp: boolean;
  /** Megabits a second; 0 when the driver does not know. */
  readonly speedMbps: number;
}

/** One attachment to a dataplane. Everything it opened ends with it. */
export interface Client extends AsyncDisposable {
  readonly instance: string;
  /** The number the dataplane knows this client by. */
  readonly id: number;
  /** The dataplane's process. */
  readonly pid: number;
  /** What was granted of what was wanted: capabilities only narrow. */
  readonly granted: ReadonlySet<Capability>;
  /** What ports do with frames. */
  readonly forwarding: ForwardingControl;
  /** All ports and their links. Needs `observe`. */
  ports(options?: Op): Promise<readonly Port[]>;
  /** Reads shared memory; costs the dataplane nothing. Needs `observe`. */
  stats(): Stats;
  /** The dataplane's account of ports, clients and memory. Needs `observe`. */
  report(options?: Op): Promise<Report>;
  /**
   * Stops polling all ports and queues until `release()`; nothing is lost, ports are simply not asked. Ends with this client. Needs
   * `configure`.
   */
  hold(options?: Op): Promise<void>;
  /** Ends a hold, also that of `launch({ hold: true })`. Needs `configure`. */
  release(options?: Op): Promise<void>;
  /**
   * What happens from now on; needs `observe` for all but the end of this client's own queues. Keeps the latest 1,024 that were not
   * asked for yet, and ends with the client.
   */
  events(options?: { signal?: AbortSignal }): AsyncIterableIterator<DataplaneEvent>;
  /** Needs `receive`, and `redirect` for `action: 'redirect'`. */
  openRx(options: Op & RxOptions): Promise<RxQueue>;
  /** Needs `transmit`. */
  openTx(options: Op & TxOptions): Promise<TxQueue>;
  /** Needs both. Its received frames can be sent on without a copy. */
  openRxTx(options: Op & RxOptions & TxOptions): Promise<RxTxQueue>;
  /** Closes every queue, then the attachment. Later calls of anything it opened fail with WDPDK_E_CLOSED. */
  close(): Promise<void>;
}

export interface Hello {
  readonly client: number;
  readonly pid: number;
  readonly granted: ReadonlySet<Capability>;
  readonly token: Uint8Array;
}

export class ClientView implements Client {
  readonly instance: string;
  readonly id: number;
  readonly pid: number;
  readonly granted: ReadonlySet<Capability>;
  readonly forwarding: ForwardingControl;
  private readonly session: Session;
  private readonly hello: Hello;
  private readonly reader: StatsReader | undefined;
  private readonly queues = new Set<QueueCore>();
  private closed = false;

  constructor(session: Session, hello: Hello, reader: StatsReader | undefined) {
    this.session = session;
    this.hello = hello;
    this.reader = reader;
    this.instance = session.endpoint.instance;
    this.id = hello.client;
    this.pid = hello.pid;
    this.granted = hello.granted;
    this.forwarding = new ForwardingView(session, hello.granted.has('observe'));
  }

  async ports(options: Op = {}): Promise<readonly Port[]> {
    return readPorts(await this.session.request('ports', {}, options));
  }

  stats(): Stats {
    this.session.checkPeer();
    if (this.session.error) throw this.session.error;
    if (!this.reader)
      throw new WdpdkError('WDPDK_E_DENIED', 'statistics need the capability observe', {
        object: this.instance,
        remedy: "Attach with want: ['observe', ...]",
      });
    return this.reader.read();
  }

  async report(options: Op = {}): Promise<Report> {
    return plainNumbers(await this.session.request('stats', {}, options)) as Report;
  }

  async hold(options: Op = {}): Promise<void> {
    await this.session.request('hold', {}, options);
  }

  async release(options: Op = {}): Promise<void> {
    await this.session.request('release', {}, options);
  }

  events(options: { signal?: AbortSignal } = {}): AsyncIterableIterator<DataplaneEvent> {
    return new EventStream(this.session, options.signal);
  }

  async openRx(options: Op & RxOptions): Promise<RxQueue> {
    return new RxQueueView(await this.open('rx', options));
  }
  async openTx(options: Op & TxOptions): Promise<TxQueue> {
    return new TxQueueView(await this.open('tx', options));
  }
  async openRxTx(options: Op & RxOptions & TxOptions): Promise<RxTxQueue> {
    return new RxTxQueueView(await this.open('rxtx', options));
  }

  async close(): Promise<void> {
    // Queues first and by request, so that their final counters are known.
    await Promise.all([...this.queues].map((queue) => queue.close()));
    this.queues.clear();
    if (this.closed) return;
    this.closed = true;
    this.session.close();
    this.reader?.release();
    tell({ event: 'detached', instance: this.instance, client: this.id });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async open(kind: 'rx' | 'tx' | 'rxtx', options: Op & (RxOptions | TxOptions)): Promise<QueueCore> {
    const { signal, timeoutMs, ...params } = options;
    const limits: OpenOptions = { signal, timeoutMs };
    await this.session.openDoorbell(this.hello.token, { signal, timeoutMs: timeoutMs ?? 5000 });
    const receiving = kind === 'tx' ? {} : { metadata: true };
    const queue = await openQueue(this.session, { kind, ...receiving, ...params } as Params, limits);
    for (const known of this.queues) if (known.released) this.queues.delete(known);
    this.queues.add(queue);
    return queue;
  }
}

export function readPorts(reply: Params): Port[] {
  const { ports } = reply;
  if (!Array.isArray(ports)) throw violation('ports', 'the answer has no list');
  return ports.map((value: Params) => ({
    id: Number(value['id']),
    name: String(value['name']),
    driver: String(value['driver']),
    mac: String(value['mac']),
    mtu: Number(value['mtu']),
    linkUp: Boolean(value['linkUp']),
    speedMbps: Number(value['speedMbps']),
  }));
}
