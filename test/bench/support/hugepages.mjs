// SPDX-License-Identifier: BSD-3-Clause
//
// Huge pages for a comparison on equal terms: reserved for its duration, as root, and given back afterwards.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const count = '/proc/sys/vm/nr_hugepages';
const mountPoint = '/dev/hugepages';

/** Reserves at least `pages` of 2 MiB and mounts hugetlbfs for upstream. Resolves to a function that restores what was. */
export function reserveHugePages(pages) {
  const before = readFileSync(count, 'utf8').trim();
  if (Number(before) < pages) writeFileSync(count, String(pages));
  const got = Number(readFileSync(count, 'utf8'));
  if (got < pages) {
    writeFileSync(count, before);
    throw new Error(
      `only ${got} of ${pages} huge pages could be reserved: free memory, or run: sysctl vm.nr_hugepages=${pages}`,
    );
  }
  const mounted = readFileSync('/proc/mounts', 'utf8').includes(` ${mountPoint} hugetlbfs `);
  if (!mounted) {
    mkdirSync(mountPoint, { recursive: true });
    execFileSync('mount', ['-t', 'hugetlbfs', 'hugetlbfs', mountPoint]);
  }
  return () => {
    if (!mounted) execFileSync('umount', [mountPoint]);
    writeFileSync(count, before);
  };
}
