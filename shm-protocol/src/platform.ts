// SPDX-License-Identifier: BSD-3-Clause
//
// The only place of this package that asks which system it runs on.
import { readFileSync } from 'node:fs';
import { WdpdkError } from './errors.ts';

export const isWindows = process.platform === 'win32';
export const isLinux = process.platform === 'linux';

/** Throws WDPDK_E_PLATFORM where shared memory cannot be mapped into this process. */
export function assertPlatform(): void {
  if (process.versions['electron'])
    throw new WdpdkError('WDPDK_E_PLATFORM', 'Electron forbids array buffers over foreign memory', {
      object: `electron ${process.versions['electron']}`,
      remedy: 'Attach from a plain Node.js child process and talk to it from Electron',
    });
  if ((!isWindows && !isLinux) || process.arch !== 'x64')
    throw new WdpdkError('WDPDK_E_PLATFORM', `wdpdk runs on Windows and Linux on x64, not on this system`, {
      object: `${process.platform}-${process.arch}`,
      remedy: 'Use a Windows or Linux x64 machine',
    });
}

/**
 * Says whether a process lives, without the event loop: a busy synchronous loop sees no socket close. On Linux a
 * killed child of ours stays as a zombie until the event loop runs, so kill(0) is not enough there; the start time
 * tells a reused pid apart.
 */
export class ProcessWatch {
  private readonly start: string | undefined;
  private readonly pid: number;

  constructor(pid: number) {
    this.pid = pid;
    this.start = isLinux ? linuxProcess(pid)?.start : undefined;
  }

  alive(): boolean {
    if (this.start !== undefined) {
      const now = linuxProcess(this.pid);
      return now !== undefined && now.start === this.start && now.state !== 'Z' && now.state !== 'X';
    }
    try {
      process.kill(this.pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  }
}

function linuxProcess(pid: number): { state: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name stands in brackets and may hold anything; the fields that follow it do not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
