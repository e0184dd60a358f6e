// SPDX-License-Identifier: BSD-3-Clause
//
// One lcore's block of the counters segment. Its sequence word is odd while the lcore writes, so what was copied between two
// equal even values belongs together. A busy lcore writes every microsecond or so: only what is needed is copied.
import { protocol as P } from 'shared-memory-ipc';

/** Words of a port: counters, drop causes, mirror drop causes. */
export const PORT_WORDS = P.PORT_COUNTER_COUNT + P.DROP_COUNT + P.MIRROR_DROP_COUNT;
const LATENCY_WORDS = P.LCORE_BLOCK_LATENCY_BUCKETS;
const TRIES = 1000;

class Copy {
  readonly lcore = new BigUint64Array(P.LCORE_COUNTER_COUNT);
  readonly ports: readonly BigUint64Array[];
  readonly latencies: readonly BigUint64Array[];

  constructor(ports: number) {
    const words = (count: number) => Array.from({ length: ports }, () => new BigUint64Array(count));
    this.ports = words(PORT_WORDS);
    this.latencies = words(LATENCY_WORDS);
  }
}

export class Block {
  /** The last consistent copy: shown again while a writer was stopped in the middle of an update. */
  copy: Copy;
  private spare: Copy;
  private readonly sequence: Int32Array;
  private readonly lcore: BigUint64Array;
  private readonly ports: readonly BigUint64Array[];
  private readonly latencies: readonly BigUint64Array[];

  /** `at`: where the block lies in the segment. `ports`: the ids of those that exist. */
  constructor(buffer: ArrayBuffer, at: number, ports: readonly number[]) {
    const port = (id: number) => at + P.LCORE_BLOCK_PORTS + id * P.LCORE_BLOCK_PORT_STRIDE;
    this.sequence = new Int32Array(buffer, at + P.LCORE_COUNTER_SEQUENCE * 8, 1);
    this.lcore = new BigUint64Array(buffer, at, P.LCORE_COUNTER_COUNT);
    this.ports = ports.map((id) => new BigUint64Array(buffer, port(id), PORT_WORDS));
    this.latencies = ports.map((id) => new BigUint64Array(buffer, port(id) + P.LCORE_BLOCK_LATENCY, LATENCY_WORDS));
    this.copy = new Copy(ports.length);
    this.spare = new Copy(ports.length);
  }

  refresh(): void {
    for (let i = 0; i < TRIES; i++) {
      const before = Atomics.load(this.sequence, 0);
      if ((before & 1) !== 0) continue;
      this.read(this.spare);
      if (Atomics.load(this.sequence, 0) !== before) continue;
      [this.copy, this.spare] = [this.spare, this.copy];
      return;
    }
  }

  private read(to: Copy): void {
    to.lcore.set(this.lcore);
    for (let i = 0; i < this.ports.length; i++) {
      const port = to.ports[i]!;
      port.set(this.ports[i]!);
      if (port[P.PORT_COUNTER_LATENCY_SAMPLES] !== 0n) to.latencies[i]!.set(this.latencies[i]!);
    }
  }
}
