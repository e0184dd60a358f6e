// SPDX-License-Identifier: BSD-3-Clause
//
// The command's only two voices: results on stdout, everything else on stderr with the command's name before it.
import { WdpdkError } from 'shared-memory-ipc';

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

export const note = (text: string): void => void process.stderr.write(`wdpdk: ${text}\n`);

/** What to do about a file, by the system's code. */
const ABOUT_FILES: Readonly<Record<string, string>> = {
  ENOENT: 'Correct the path',
  ENOTDIR: 'Correct the path',
  EISDIR: 'Name a file',
  EACCES: 'Choose a file that you may use',
  EPERM: 'Choose a file that you may use',
  EROFS: 'Choose a place that can be written to',
  ENOSPC: 'Make room, or choose another place',
};

/** An error as a person wants it: what, its code, and what to do. Others are ours, and come with their stack. */
export function complain(error: unknown): void {
  if (!WdpdkError.is(error)) {
    const { code = '', path } = Object(error) as NodeJS.ErrnoException;
    const remedy = path === undefined ? undefined : ABOUT_FILES[code];
    if (remedy !== undefined) return note(`${(error as Error).message}. ${remedy}`);
    return note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  note(`${error.message} [${error.code}]`);
  for (const { path, message } of error.issues ?? []) note(`  ${path}: ${message}`);
}
