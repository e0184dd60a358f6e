// SPDX-License-Identifier: BSD-3-Clause
//
// The command's only two voices: results on stdout, everything else on stderr with the command's name before it.
import { WdpdkError } from 'shared-memory-ipc';

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

export const note = (text: string): void => void process.stderr.write(`wdpdk: ${text}\n`);

/** An error as a person wants it: what, its code, and what to do. Others are ours, and come with their stack. */
export function complain(error: unknown): void {
  if (!WdpdkError.is(error)) {
    note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return;
  }
  note(`${error.message} [${error.code}]`);
  for (const { path, message } of error.issues ?? []) note(`  ${path}: ${message}`);
}
