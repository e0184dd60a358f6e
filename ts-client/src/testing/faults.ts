// SPDX-License-Identifier: BSD-3-Clause
//
// What can go wrong on a wire. It happens in the test's own process, before a frame is put on the wire or after it was taken from it: the
// dataplane sees nothing but the result.
import { Random } from './random.ts';

/** Shares are from 0 (never, the default) to 1 (always). */
export interface Faults {
  /** Share of frames that vanish. */
  readonly drop?: number;
  /** Share of frames that come twice. */
  readonly duplicate?: number;
  /** Share of frames with one bit turned around, somewhere behind the Ethernet header. */
  readonly corrupt?: number;
  /** Share of frames that are held back for so long: later ones overtake them. */
  readonly delay?: { readonly share: number; readonly ms: number };
  /** The same seed makes the same faults to the same frames. Default 1. */
  readonly seed?: number;
}

/** `entered + duplicated = passed + dropped`, and those that are held back. */
export interface FaultCounts {
  readonly entered: number;
  readonly passed: number;
  readonly dropped: number;
  readonly duplicated: number;
  readonly corrupted: number;
  readonly delayed: number;
}

const HEADER_BYTES = 14;

export class FaultyLine<T> {
  private random: Random;
  private faults: Faults = {};
  private readonly held = new Map<NodeJS.Timeout, T>();
  private readonly out: (frame: T) => void;
  private readonly change: (frame: T, turn: (bytes: Uint8Array) => void) => T;
  private readonly count = { entered: 0, passed: 0, dropped: 0, duplicated: 0, corrupted: 0, delayed: 0 };

  /** `change` copies a frame and lets `turn` write to the copy's bytes. */
  constructor(out: (frame: T) => void, change: (frame: T, turn: (bytes: Uint8Array) => void) => T) {
    this.out = out;
    this.change = change;
    this.random = new Random(1);
  }

  set(faults: Faults): void {
    this.faults = faults;
    this.random = new Random(faults.seed ?? 1);
  }

  get setting(): Faults {
    return this.faults;
  }

  get counts(): FaultCounts {
    return { ...this.count };
  }

  /** Frames that are held back. */
  get pending(): number {
    return this.held.size;
  }

  put(frame: T): void {
    const { drop = 0, duplicate = 0 } = this.faults;
    this.count.entered++;
    if (this.random.happens(drop)) {
      this.count.dropped++;
      return;
    }
    this.one(frame);
    if (!this.random.happens(duplicate)) return;
    this.count.duplicated++;
    this.one(frame);
  }

  /** Frames that are held back are gone. */
  close(): void {
    for (const timer of this.held.keys()) clearTimeout(timer);
    this.count.dropped += this.held.size;
    this.held.clear();
  }

  private one(frame: T): void {
    const { corrupt = 0, delay } = this.faults;
    const sent = this.random.happens(corrupt) ? this.corrupted(frame) : frame;
    if (delay === undefined || !this.random.happens(delay.share)) {
      this.pass(sent);
      return;
    }
    this.count.delayed++;
    const timer = setTimeout(() => {
      this.held.delete(timer);
      this.pass(sent);
    }, delay.ms);
    this.held.set(timer, sent);
  }

  private pass(frame: T): void {
    this.count.passed++;
    this.out(frame);
  }

  private corrupted(frame: T): T {
    this.count.corrupted++;
    return this.change(frame, (bytes) => {
      const from = bytes.length > HEADER_BYTES ? HEADER_BYTES : 0;
      const at = from + this.random.below(bytes.length - from);
      bytes[at]! ^= 1 << this.random.below(8);
    });
  }
}
