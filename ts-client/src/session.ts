// SPDX-License-Identifier: BSD-3-Clause
//
// One attachment to one instance: the control connection, the doorbell, and the checks that tell a dead dataplane. The
// control connection is the authority; the safety timer and `checkPeer` are for what it cannot show: a queue ended in
// band, a synchronous loop that sees no socket.
import type { Socket } from 'node:net';
import {
  type Endpoint,
  type Params,
  ProcessWatch,
  type RequestOptions,
  RpcConnection,
  WdpdkError,
  connectStream,
  encodeFrame,
  protocol,
} from 'shared-memory-ipc';
import { tell } from './diagnostics.ts';
import { Serial, Waker } from './wait.ts';

const SAFETY_MS = 200;
const CHECK_EVERY_MS = 250;

/** Something that lives in a session and must hear of its end. */
export interface Member {
  /** The session ended: every later call fails with `error`. */
  fail(error: WdpdkError): void;
  /** A regular look at whatever can change without a message. */
  tick(): void;
  /** The dataplane says that it ended a queue. */
  queueClosed?(queue: number, reason: string): void;
}

export class Session {
  readonly endpoint: Endpoint;
  readonly waker = new Waker();
  /** The dataplane keeps one upload of routes a client. */
  readonly uploads = new Serial();
  readonly members = new Set<Member>();
  readonly rpc: RpcConnection;
  private failure: WdpdkError | undefined;
  private doorbell: Promise<Socket> | undefined;
  private peer: ProcessWatch | undefined;
  private checkedAt = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(endpoint: Endpoint, control: Socket, notify: (method: string, params: Params) => void) {
    this.endpoint = endpoint;
    this.rpc = new RpcConnection(control, endpoint.instance, { notify, close: (error) => this.end(error) });
    this.timer = setInterval(() => this.tick(), SAFETY_MS).unref();
  }

  get error(): WdpdkError | undefined {
    return this.failure;
  }

  request(method: string, params: Params, options?: RequestOptions): Promise<Params> {
    return this.rpc.request(method, params, options);
  }

  watch(pid: number): void {
    if (pid > 0) this.peer = new ProcessWatch(pid);
  }

  /** Without the event loop; looks at most every 250 ms. Ends the session when the process is gone. */
  checkPeer(): void {
    const now = performance.now();
    if (now - this.checkedAt < CHECK_EVERY_MS) return;
    this.checkedAt = now;
    for (const member of this.members) member.tick();
    if (this.failure || !this.peer || this.peer.alive()) return;
    this.rpc.close(gone(this.endpoint.instance));
  }

  /** Opens the doorbell connection once. It carries bytes that say nothing but "look". */
  async openDoorbell(token: Uint8Array, limit: { signal?: AbortSignal | undefined; timeoutMs: number }): Promise<void> {
    this.doorbell ??= connectStream(this.endpoint, limit).then((socket) => {
      socket.write(encodeFrame([protocol.MESSAGE_NOTIFY, 'doorbell', { token }]));
      socket.on('data', () => this.waker.wakeAll());
      // Its loss alone costs only wake-up time: the safety timer still looks.
      socket.on('error', () => undefined);
      socket.unref();
      return socket;
    });
    try {
      await this.doorbell;
    } catch (error) {
      this.doorbell = undefined;
      throw error;
    }
  }

  /** Ends the session on purpose. */
  close(): void {
    this.rpc.close(
      new WdpdkError('WDPDK_E_CLOSED', 'the client was closed', {
        object: this.endpoint.instance,
        remedy: 'Attach anew',
      }),
    );
  }

  private tick(): void {
    this.checkPeer();
    this.waker.wakeAll();
  }

  private end(error: WdpdkError): void {
    this.failure = error;
    clearInterval(this.timer);
    void this.doorbell?.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
    for (const member of this.members) member.fail(error);
    this.waker.wakeAll();
    if (error.code !== 'WDPDK_E_CLOSED') tell({ event: 'lost', instance: this.endpoint.instance, error });
  }
}

export const gone = (instance: string) =>
  new WdpdkError('WDPDK_E_GONE', `the dataplane instance '${instance}' ended`, {
    object: instance,
    remedy: 'Start it again and attach anew',
  });
