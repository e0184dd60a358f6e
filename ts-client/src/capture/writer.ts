// SPDX-License-Identifier: BSD-3-Clause
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { type FrameSource, PcapngEncoder, type SectionOptions, sourceOf } from './encoder.ts';
import type { CaptureInterface, FrameInfo, InterfaceStatistics } from './types.ts';

const CHUNK = 1 << 16;

/** Writes a pcapng file. Frames are copied at once; the file follows. */
export class PcapngWriter {
  private readonly sink: Writable;
  private readonly encoder: PcapngEncoder;
  private failed: Error | undefined;
  /** Frames written so far. */
  frames = 0;

  /** `sink` may be a pipe; it is ended by `close()`, unless it is the process's own stdout. */
  constructor(sink: Writable | string, options: SectionOptions = {}) {
    this.sink = typeof sink === 'string' ? createWriteStream(sink) : sink;
    this.encoder = new PcapngEncoder(options);
    this.sink.on('error', (error) => (this.failed ??= error));
  }

  addInterface(description: CaptureInterface): number {
    return this.encoder.addInterface(description);
  }

  /** Takes bytes or a packet. Throws what the file has failed with, if it has. */
  frame(frame: Uint8Array | FrameSource, info: FrameInfo): void {
    if (this.failed) throw this.failed;
    this.encoder.frame(frame instanceof Uint8Array ? sourceOf(frame) : frame, info);
    this.frames++;
    if (this.encoder.pending >= CHUNK) this.push();
  }

  statistics(number: number, statistics: InterfaceStatistics): void {
    this.encoder.statistics(number, statistics);
  }

  /** The file is slower than the frames: wait for `drained()` before going on. */
  get full(): boolean {
    return this.sink.writableNeedDrain;
  }

  async drained(): Promise<void> {
    if (this.failed) throw this.failed;
    if (this.full) await once(this.sink, 'drain');
  }

  /** Hands everything so far to the file: a reader at the other end of a pipe sees it now. */
  flush(): void {
    if (this.encoder.pending > 0) this.push();
  }

  /** Resolves when everything is in the file. */
  async close(): Promise<void> {
    this.flush();
    if (this.failed) throw this.failed;
    if (this.sink === process.stdout) {
      await new Promise<void>((resolve, reject) => {
        this.sink.write('', (error) => (error ? reject(error) : resolve()));
      });
      return;
    }
    this.sink.end();
    await finished(this.sink);
  }

  private push(): void {
    this.sink.write(this.encoder.take());
  }
}
