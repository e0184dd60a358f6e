// SPDX-License-Identifier: BSD-3-Clause
// Huge pages of 2 MiB for the time of a test or comparison: reserved as root, and given back afterwards.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const count = '/proc/sys/vm/nr_hugepages';
export const mountPoint = '/dev/hugepages';

/** 2 MiB pages that nobody has taken. */
export function freeHugePages() {
  try {
    return Number(fs.readFileSync('/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages', 'utf8'));
  } catch {
    return 0;
  }
}

const reserved = () => fs.readFileSync(count, 'utf8').trim();

/** Has at least `pages` free pages; resolves to the number that was set before. */
function reserve(pages) {
  const before = reserved();
  const lacking = pages - freeHugePages();
  if (lacking > 0) fs.writeFileSync(count, String(Number(before) + lacking));
  return before;
}

/** Why so many pages cannot be had, or ''. Tried, and what was is restored. */
export function whyNoHugePages(pages) {
  if (freeHugePages() >= pages) return '';
  const advice = `needs ${pages} free huge pages of 2 MiB (sysctl vm.nr_hugepages=${pages}), which cannot be reserved here`;
  try {
    const before = reserve(pages);
    const enough = freeHugePages() >= pages;
    fs.writeFileSync(count, before);
    return enough ? '' : advice;
  } catch {
    return advice; // not root, or a container whose system's settings cannot be written
  }
}

/** Has at least `pages` free pages, and hugetlbfs mounted. The function that it returns restores what was. */
export function borrowHugePages(pages) {
  const before = reserve(pages);
  if (freeHugePages() < pages) {
    const got = freeHugePages();
    fs.writeFileSync(count, before);
    throw new Error(
      `only ${got} of ${pages} huge pages could be reserved: free memory, or run: sysctl vm.nr_hugepages=${pages}`,
    );
  }
  const mounted = fs.readFileSync('/proc/mounts', 'utf8').includes(` ${mountPoint} hugetlbfs `);
  if (!mounted) {
    fs.mkdirSync(mountPoint, { recursive: true });
    execFileSync('mount', ['-t', 'hugetlbfs', 'hugetlbfs', mountPoint]);
  }
  return () => {
    if (!mounted) execFileSync('umount', [mountPoint]);
    if (reserved() !== before) fs.writeFileSync(count, before);
  };
}
