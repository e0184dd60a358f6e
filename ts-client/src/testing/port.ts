// SPDX-License-Identifier: BSD-3-Clause
//
// A port of the dataplane under test, seen from the other end of its wire. That end is a port of the same dataplane, driven by a queue that
// takes every frame (redirect) and one that injects.
import { setTimeout as delay } from 'node:timers/promises';
import { WdpdkError } from 'shared-memory-ipc';
import type { FrameSpec } from '../packet/build-types.ts';
import { frame, parse } from '../packet/build.ts';
import type { Packet } from '../packet/types.ts';
import type { RxQueue, TxQueue } from '../queues/types.ts';
import type { Stats } from '../stats.ts';
import { type FaultCounts, type Faults, FaultyLine } from './faults.ts';
import { type Recording, nowNs } from './recording.ts';

/** A frame that came out of a port. */
export interface ReceivedFrame {
  readonly bytes: Uint8Array;
  /** When the far end of the wire received it. */
  readonly timestampNs: bigint;
  /** The port it came out of. */
  readonly port: number;
  /** Its fields. */
  readonly packet: Packet;
}

export interface ReceiveOptions {
  /** Default 2000. */
  readonly timeoutMs?: number;
}

/** Faults of a wire, each direction for itself. */
export interface WireFaults {
  /** Of frames that the test sends. */
  readonly in?: Faults;
  /** Of frames that the port sends. */
  readonly out?: Faults;
}

export interface BedPort {
  /** The dataplane's number of the port. */
  readonly id: number;
  readonly name: string;
  /** Puts frames on the wire, in their order. Resolves when the dataplane has taken them (a delay fault is not waited for). */
  send(...frames: readonly (Uint8Array | FrameSpec)[]): Promise<void>;
  /** The next frame that came out of the port, oldest first. Rejects with WDPDK_E_TIMEOUT. */
  receive(options?: ReceiveOptions): Promise<ReceivedFrame>;
  /** The next `count` frames. */
  take(count: number, options?: ReceiveOptions): Promise<ReceivedFrame[]>;
  /** Frames that have come and were not taken yet, by `receive`, `take` or `toReceive`. Look with `settled()` of the bed first. */
  readonly waiting: readonly ReceivedFrame[];
  /** Forgets those. */
  clear(): void;
  /** Breaks the wire from now on; an empty object mends it. */
  faults(faults: WireFaults): void;
  readonly faultCounts: { readonly in: FaultCounts; readonly out: FaultCounts };
}

class Received implements ReceivedFrame {
  readonly bytes: Uint8Array;
  readonly timestampNs: bigint;
  readonly port: number;

  constructor(bytes: Uint8Array, timestampNs: bigint, port: number) {
    this.bytes = bytes;
    this.timestampNs = timestampNs;
    this.port = port;
  }

  get packet(): Packet {
    return parse(this.bytes);
  }
}

const changed = (bytes: Uint8Array, turn: (bytes: Uint8Array) => void): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  turn(copy);
  return copy;
};

const BURST = 32;
/** A slot of 2048 bytes without its headroom. */
const SMALLEST_CAPACITY = 1920;

export class WirePortView implements BedPort {
  readonly id: number;
  /** The dataplane's number of the wire's other end. */
  readonly outer: number;
  readonly name: string;
  waiting: ReceivedFrame[] = [];
  /** Where frames go instead of `waiting`: the other end of a cable. */
  relay: ((bytes: Uint8Array) => void) | undefined;
  private readonly rx: RxQueue;
  private readonly tx: TxQueue;
  private readonly recording: Recording;
  private readonly inward: FaultyLine<Uint8Array>;
  private readonly outward: FaultyLine<ReceivedFrame>;
  private readonly outgoing: Uint8Array[] = [];
  private readonly ended = new AbortController();
  private readonly looping: Promise<void>;
  private pumping: Promise<void> | undefined;
  private failure: unknown;
  private taken = 0n;
  private put = 0n;
  private wake: () => void = () => undefined;

  constructor(
    ids: { id: number; outer: number; name: string },
    queues: { rx: RxQueue; tx: TxQueue },
    recording: Recording,
  ) {
    this.id = ids.id;
    this.outer = ids.outer;
    this.name = ids.name;
    this.rx = queues.rx;
    this.tx = queues.tx;
    this.recording = recording;
    this.inward = new FaultyLine((bytes) => this.push(bytes), changed);
    this.outward = new FaultyLine(
      (received) => this.arrive(received),
      ({ bytes, timestampNs, port }, turn) => new Received(changed(bytes, turn), timestampNs, port),
    );
    this.looping = this.loop();
  }

  async send(...frames: readonly (Uint8Array | FrameSpec)[]): Promise<void> {
    for (const one of frames) this.inward.put(one instanceof Uint8Array ? Uint8Array.from(one) : frame(one));
    await this.drained();
  }

  async receive(options: ReceiveOptions = {}): Promise<ReceivedFrame> {
    const [received] = await this.take(1, options);
    return received!;
  }

  async take(count: number, { timeoutMs = 2000 }: ReceiveOptions = {}): Promise<ReceivedFrame[]> {
    const end = performance.now() + timeoutMs;
    while (this.waiting.length < count) {
      if (!(await this.more(end)))
        throw new WdpdkError(
          'WDPDK_E_TIMEOUT',
          `${this.name} sent ${this.waiting.length} of ${count} frames within ${timeoutMs} ms`,
          {
            object: this.name,
          },
        );
    }
    return this.waiting.splice(0, count);
  }

  /** Resolves true when something has come since the call, false at the time `end` (of performance.now()). */
  async more(end: number): Promise<boolean> {
    if (this.failure !== undefined) throw this.failure;
    const left = end - performance.now();
    if (left <= 0) return false;
    const timer = new AbortController();
    const came = new Promise<boolean>((resolve) => (this.wake = () => resolve(true)));
    const late = delay(left, false, { signal: timer.signal }).catch(() => false);
    const result = await Promise.race([came, late]);
    timer.abort();
    if (this.failure !== undefined) throw this.failure;
    return result;
  }

  clear(): void {
    this.waiting = [];
  }

  faults({ in: inward, out: outward }: WireFaults): void {
    this.inward.set(inward ?? {});
    this.outward.set(outward ?? {});
  }

  get faultCounts(): { in: FaultCounts; out: FaultCounts } {
    return { in: this.inward.counts, out: this.outward.counts };
  }

  get faultSetting(): WireFaults {
    return { in: this.inward.setting, out: this.outward.setting };
  }

  /** What is still under way at this port, as texts; nothing when all has arrived. */
  underWay(stats: Stats): string[] {
    if (this.failure !== undefined) throw this.failure;
    const [inner, outer] = [this.id, this.outer].map((id) => stats.ports.find((port) => port.id === id)!);
    const drops = Object.values(this.tx.stats().drops).reduce((sum, n) => sum + n, 0n);
    const looks: [string, number | bigint, number | bigint][] = [
      ['frames waiting to be sent', 0, this.outgoing.length],
      ['frames held back by faults', 0, this.inward.pending + this.outward.pending],
      ['frames the dataplane has taken from the test', this.put, this.tx.stats().injected.packets + drops],
      ['frames received, of those put on the wire by the test', outer!.tx.packets, inner!.rx.packets],
      ['frames received by the test, of those sent', inner!.tx.packets, outer!.rx.packets],
      ['frames handed to the test', this.rx.stats().delivered.packets, this.taken],
    ];
    return looks
      .filter(([, want, have]) => BigInt(want) !== BigInt(have))
      .map(([what, want, have]) => `${this.name}: ${what}: ${have} of ${want}`);
  }

  async close(): Promise<void> {
    this.inward.close();
    this.outward.close();
    this.ended.abort();
    await this.looping;
    await this.pumping?.catch(() => undefined);
  }

  /** Frames of a cable's other end: through the faults of this wire, too. */
  inject(bytes: Uint8Array): void {
    this.inward.put(bytes);
  }

  private async loop(): Promise<void> {
    try {
      await this.rx.run(
        (burst) => {
          for (const packet of burst) {
            this.taken++;
            const bytes = packet.copy();
            this.recording.add(this.id, 'out', bytes, packet.timestampNs);
            this.outward.put(new Received(bytes, packet.timestampNs, this.id));
          }
        },
        { signal: this.ended.signal },
      );
    } catch (error) {
      if (!this.ended.signal.aborted) this.fail(error);
    }
  }

  private arrive(received: ReceivedFrame): void {
    if (this.relay) {
      this.relay(received.bytes);
      return;
    }
    this.waiting.push(received);
    this.wake();
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.wake();
  }

  private push(bytes: Uint8Array): void {
    this.outgoing.push(bytes);
    // A failure is told by whoever waits next.
    this.pumping ??= this.pump().finally(() => (this.pumping = undefined));
    this.pumping.catch((error: unknown) => this.fail(error));
  }

  private async drained(): Promise<void> {
    while (this.pumping) await this.pumping;
    if (this.failure !== undefined) throw this.failure;
  }

  private async pump(): Promise<void> {
    const { tx, outgoing } = this;
    const { signal } = this.ended;
    while (outgoing.length > 0) {
      await tx.writable(1, { signal });
      const n = this.fill();
      if (n === 0) await this.sendLong(outgoing[0]!);
      const sent = outgoing.splice(0, Math.max(n, 1));
      const now = nowNs();
      for (const bytes of sent) this.recording.add(this.id, 'in', bytes, now);
      this.put += BigInt(sent.length);
      if (outgoing.length === 0) await tx.flush({ signal });
    }
  }

  private fill(): number {
    using batch = this.tx.reserve(Math.min(BURST, this.outgoing.length));
    let n = 0;
    while (n < batch.length && this.outgoing[n]!.length <= batch.at(n).capacity) {
      batch.at(n).write(this.outgoing[n]!);
      n++;
    }
    return batch.commit(n);
  }

  private async sendLong(bytes: Uint8Array): Promise<void> {
    const slots = Math.ceil(bytes.length / SMALLEST_CAPACITY);
    do await this.tx.writable(slots, { signal: this.ended.signal });
    while (!this.tx.sendFrame(bytes));
  }
}
