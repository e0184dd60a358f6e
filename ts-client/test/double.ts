// SPDX-License-Identifier: BSD-3-Clause
//
// A dataplane without packets: a real control channel, real segments (as files), one queue object per queue.open.
// Tests decide what it answers.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Endpoint,
  FrameDecoder,
  type Segment,
  encodeFrame,
  isWindows,
  openSegment,
  protocol as P,
} from 'shared-memory-ipc';
import { attachTo, type AttachOptions } from '../src/attach.ts';
import type { Client } from '../src/client.ts';
import { DoubleForwarding } from './double-forwarding.ts';
import { DoubleQueue } from './double-queue.ts';
import { LCORE_STRIDE, type QueueShape, countersSegment, defaultShape } from './layout.ts';

type Params = Record<string, unknown>;
type Handler = (params: Params) => unknown;

export class RemoteError extends Error {
  readonly value: Params;
  constructor(code: string, message: string, more: Params = {}) {
    super(message);
    this.value = { code, message, object: 'double', remedy: 'none', ...more };
  }
}

export class Double {
  readonly instance: string;
  readonly directory: string;
  readonly endpoint: Endpoint;
  readonly env: NodeJS.ProcessEnv;
  readonly queues = new Map<number, DoubleQueue>();
  readonly requests: { method: string; params: Params }[] = [];
  /** Answers by method; tests replace them. */
  readonly handlers: Record<string, Handler>;
  readonly forwarding = new DoubleForwarding((code, message) => new RemoteError(code, message));
  shape: QueueShape = defaultShape;
  doorbells = 0;
  counters!: DataView;
  private readonly control: Socket[] = [];
  private readonly doorbell: Socket[] = [];
  private readonly server: Server;
  private readonly token = randomBytes(16);
  private nextQueue = 1;
  private readonly mapped: Segment[] = [];

  private constructor(instance: string) {
    this.instance = instance;
    this.directory = mkdtempSync(path.join(tmpdir(), 'wdpdk-double-'));
    const run = path.join(this.directory, 'wdpdk', ...(isWindows ? ['run'] : []));
    mkdirSync(run, { recursive: true });
    if (!isWindows) chmodSync(run, 0o700);
    const pipe = `\\\\.\\pipe\\wdpdk-${randomBytes(16).toString('hex')}`;
    this.endpoint = { instance, path: isWindows ? pipe : path.join(run, `${instance}.sock`) };
    if (isWindows) writeFileSync(path.join(run, `${instance}.json`), JSON.stringify({ pipe, pid: process.pid }));
    this.env = { XDG_RUNTIME_DIR: this.directory, LOCALAPPDATA: this.directory };
    this.handlers = this.defaultHandlers();
    this.server = createServer((socket) => this.accept(socket));
  }

  static async start(instance = 'double'): Promise<Double> {
    const double = new Double(instance);
    await new Promise<void>((resolve) => {
      double.server.listen(double.endpoint.path, resolve);
    });
    return double;
  }

  attach(options: AttachOptions & { timeoutMs?: number } = {}): Promise<Client> {
    return attachTo(this.endpoint, { want: ['observe', 'receive', 'transmit', 'redirect', 'configure'], ...options });
  }

  /** The queue that was opened last. */
  get queue(): DoubleQueue {
    return this.queues.get(this.nextQueue - 1)!;
  }

  notify(method: string, params: Params): void {
    for (const socket of this.control) socket.write(encodeFrame([P.MESSAGE_NOTIFY, method, params]));
  }

  write(bytes: Uint8Array): void {
    for (const socket of this.control) socket.write(bytes);
  }

  /** What a killed process looks like. */
  kill(): void {
    for (const socket of [...this.control, ...this.doorbell]) socket.destroy();
    this.server.close();
  }

  stop(): void {
    this.kill();
    this.release();
    // Windows removes no file that is mapped, and mappings stay until this process ends: its temporary folder is
    // emptied later.
    if (!isWindows) rmSync(this.directory, { recursive: true, force: true });
  }

  /** Lets go of every segment. */
  release(): void {
    for (const segment of [...this.queues.values(), ...this.mapped]) segment.release();
  }

  private defaultHandlers(): Record<string, Handler> {
    return {
      hello: (params) => ({
        major: P.VERSION_MAJOR,
        minor: P.VERSION_MINOR,
        version: '0.1.0',
        instance: this.instance,
        client: 1,
        pid: process.pid,
        granted: params['want'] ?? ['observe', 'receive'],
        token: this.token,
        limits: { frameBytes: P.FRAME_MAX_BYTES, queuesPerClient: P.LIMIT_QUEUES_PER_CLIENT },
      }),
      ports: () => ({
        ports: [0, 1].map((id) => ({
          id,
          name: `net_null${id}`,
          driver: 'net_null',
          mac: `02:00:00:00:00:0${id}`,
          mtu: 1500,
          linkUp: true,
          speedMbps: 10000,
        })),
      }),
      counters: async () => {
        const segment = this.announce(`counters-${this.mapped.length}`);
        writeFileSync(segment.file, countersSegment(2, segment.generation));
        const mapped = await openSegment('', segment, true, { timeoutMs: 1000 });
        this.mapped.push(mapped);
        this.counters = new DataView(mapped.buffer, P.SEGMENT_HEADER_BYTES, 2 * LCORE_STRIDE);
        return { segment };
      },
      'queue.open': async (params) => {
        const id = this.nextQueue++;
        const segment = this.announce(`queue-${id}`);
        const kind = params['kind'];
        const shape = { ...this.shape, rx: kind !== 'tx', tx: kind !== 'rx', metadata: params['metadata'] === true };
        this.queues.set(id, await DoubleQueue.create(id, shape, segment, () => this.ring()));
        return { queue: id, segment, port: params['port'], mtu: 65535, lanes: shape.lanes };
      },
      'queue.close': () => ({ counters: { delivered_packets: 4242 } }),
      ...this.forwarding.handlers(),
    };
  }

  private announce(name: string): { size: number; generation: bigint; file: string } {
    const file = path.join(this.directory, name);
    const generation = randomBytes(8).readBigUInt64LE() | (1n << 63n);
    const size = name.startsWith('counters') ? countersSegment(2, 1n).length : this.sizeOf();
    return { size, generation, file };
  }

  private sizeOf(): number {
    // Every kind of queue fits; what is not used of the file stays zero.
    const { slots, slotSize, entries, lanes } = this.shape;
    const pages = (bytes: number) => Math.ceil(bytes / 4096) * 4096;
    const rings = 4 * pages(P.RING_ENTRIES + entries * P.DESC_BYTES);
    return P.SEGMENT_HEADER_BYTES + pages(slots * slotSize) + lanes * (4096 + rings);
  }

  private ring(): void {
    this.doorbells++;
    for (const socket of this.doorbell) socket.write(Uint8Array.of(1));
  }

  private accept(socket: Socket): void {
    const decoder = new FrameDecoder();
    let first = true;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      decoder.push(chunk as Buffer, (value) => {
        const [type, id, method, params] = value as [number, number, string, Params];
        if (type === P.MESSAGE_NOTIFY && first) this.doorbell.push(socket);
        else if (first) this.control.push(socket);
        first = false;
        if (type === P.MESSAGE_REQUEST) void this.answer(socket, id, method, params);
      });
    });
  }

  private async answer(socket: Socket, id: number, method: string, params: Params): Promise<void> {
    this.requests.push({ method, params });
    try {
      const handler = this.handlers[method];
      if (!handler) throw new RemoteError('WDPDK_E_METHOD', `no method ${method}`);
      const result = await handler(params);
      if (result !== undefined) socket.write(encodeFrame([P.MESSAGE_RESPONSE, id, null, result]));
    } catch (error) {
      const value =
        error instanceof RemoteError
          ? error.value
          : { code: 'WDPDK_E_INTERNAL', message: String(error), object: '', remedy: '' };
      socket.write(encodeFrame([P.MESSAGE_RESPONSE, id, value, null]));
    }
  }
}
