// SPDX-License-Identifier: BSD-3-Clause
// CPU time of another process, as its system tells it.
import fs from 'node:fs';
import koffi from 'koffi';
import { system } from './bed.ts';

const QUERY_LIMITED_INFORMATION = 0x1000;
/** Of /proc: a tick is a hundredth of a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function linuxSeconds(pid: number): number {
  // Behind the command's name, which may contain anything, stand the state and then numbers: 11 and 12 of them are utime and stime.
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function windowsSeconds(pid: number): number {
  const kernel32 = koffi.load('kernel32.dll');
  const open = kernel32.func('void *OpenProcess(uint32 access, bool inherit, uint32 pid)');
  const times = kernel32.func(
    'bool GetProcessTimes(void *process, _Out_ uint64 *made, _Out_ uint64 *ended, _Out_ uint64 *kernel, _Out_ uint64 *user)',
  );
  const close = kernel32.func('bool CloseHandle(void *handle)');
  const process = open(QUERY_LIMITED_INFORMATION, false, pid) as unknown;
  if (process === null) throw new Error(`process ${pid} cannot be opened`);
  const [made, ended, kernel, user] = [[0], [0], [0], [0]] as [number[], number[], number[], number[]];
  const known = times(process, made, ended, kernel, user) as boolean;
  close(process);
  if (!known) throw new Error(`process ${pid} does not tell its times`);
  return (Number(kernel[0]) + Number(user[0])) / 1e7;
}

/** Seconds of CPU time that the process has used so far, all threads together. */
export const cpuSeconds: (pid: number) => number = system === 'windows' ? windowsSeconds : linuxSeconds;
