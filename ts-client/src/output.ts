// SPDX-License-Identifier: BSD-3-Clause
import { StringDecoder } from 'node:string_decoder';

const KEPT = 16_384;
const LONGEST_LINE = 1 << 20;

/** The last 16 KiB of a stream. */
export class Tail {
  text = '';
  private readonly decoder = new StringDecoder('utf8');

  push(chunk: Buffer): void {
    this.text = (this.text + this.decoder.write(chunk)).slice(-KEPT);
  }
}

/** Cuts a stream into lines. Of a line longer than 1 MiB the beginning is dropped. */
export class Lines {
  private rest = '';
  private readonly decoder = new StringDecoder('utf8');
  private readonly use: (line: string) => void;

  constructor(use: (line: string) => void) {
    this.use = use;
  }

  push(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split(/\r?\n/);
    this.rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
    for (const line of lines) this.use(line);
  }
}
