// SPDX-License-Identifier: BSD-3-Clause
//
// What the kernel knows of a process under measurement.
import { readFileSync, readdirSync } from 'node:fs';

/** CPU time, in ns, of the thread that has used most: the one that polls. 0 when the process is gone. */
export function busiestThreadNs(pid) {
  let most = 0;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const used = Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
      most = Math.max(most, used);
    }
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
  }
  return most;
}

/** Bytes of a process's memory on huge pages: transparent ones, and those of hugetlbfs. */
export function hugeBytes(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (name) => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return {
    transparent: (kib('AnonHugePages') + kib('ShmemPmdMapped')) * 1024,
    hugetlb: (kib('Private_Hugetlb') + kib('Shared_Hugetlb')) * 1024,
  };
}
