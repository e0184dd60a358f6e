// SPDX-License-Identifier: BSD-3-Clause
import { accessSync, constants, lstatSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import koffi from 'koffi';
import { runFolder as findRunFolder } from 'shared-memory-ipc';
import { type Check, type System, fail, mebibytes, ok, warn } from './check.ts';
import { view } from './view.ts';

const HUGE_PAGES = '/sys/kernel/mm/hugepages';
const TUN = '/dev/net/tun';

function may(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

/** By page size in KiB: how many there are and how many are free. */
function hugePages(): { kib: number; total: number; free: number }[] {
  const count = (folder: string, name: string) => Number(readFileSync(path.join(HUGE_PAGES, folder, name), 'utf8'));
  try {
    return readdirSync(HUGE_PAGES).map((folder) => ({
      kib: Number(/(\d+)kB/.exec(folder)?.[1] ?? 0),
      total: count(folder, 'nr_hugepages'),
      free: count(folder, 'free_hugepages'),
    }));
  } catch {
    return [];
  }
}

function pages(): Check {
  const sizes = hugePages();
  const found = sizes.filter(({ total }) => total > 0);
  const remedy = "As root: 'sysctl -w vm.nr_hugepages=512' (1 GiB of 2 MiB pages)";
  if (sizes.length === 0)
    return warn('huge pages', 'this kernel has none; plain pages are used', 'Nothing to do, or another kernel');
  if (found.length === 0)
    return warn('huge pages', 'none are reserved; plain pages are used, which cost speed', remedy);
  const text = found
    .map(({ kib, total, free }) => `${free} of ${total} free (${mebibytes(kib * 1024)} each)`)
    .join(', ');
  return found.some(({ free }) => free > 0)
    ? ok('huge pages', text)
    : warn('huge pages', `${text}; plain pages are used`, remedy);
}

function runFolder(): Check {
  const name = 'run folder';
  const uid = process.getuid!();
  const folder = findRunFolder();
  let stat;
  try {
    stat = lstatSync(folder);
  } catch {
    const parent = path.dirname(folder);
    return may(parent, constants.W_OK | constants.X_OK)
      ? ok(name, `${folder} (is made by the first dataplane)`)
      : fail(
          name,
          `${folder} is not there, and ${parent} cannot be written to`,
          'Set XDG_RUNTIME_DIR to a directory of yours',
        );
  }
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0)
    return fail(name, `${folder} is not a directory of this user alone`, 'Remove it, or make it yours with mode 0700');
  return ok(name, folder);
}

function permissions(): Check[] {
  const tap = may(TUN, constants.R_OK | constants.W_OK)
    ? ok('tap', `${TUN} can be opened; making an interface also needs CAP_NET_ADMIN`)
    : warn(
        'tap',
        `${TUN} cannot be opened: no ports of kind tap`,
        "Load the module ('modprobe tun') and give this user read and write access",
      );
  return [tap];
}

function cpuFlags() {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'latin1'))?.[1]?.trim().split(/\s+/));
  const has = (names: string[]) => Object.fromEntries(names.map((name) => [name, flags.has(name)]));
  return { required: has(['sse4_2', 'popcnt']), useful: has(['avx2', 'avx512f', 'constant_tsc', 'nonstop_tsc']) };
}

const MAP_FAILED = 0xffffffffffffffffn;
const READ_WRITE = 3;
const SHARED_ANONYMOUS = 0x21;

function foreignMemory(bytes: number): bigint {
  const mmap = koffi
    .load(null)
    .func('uintptr_t mmap(uintptr_t addr, size_t length, int prot, int flags, int fd, int64_t offset)');
  const address = BigInt(mmap(0, bytes, READ_WRITE, SHARED_ANONYMOUS, -1, 0) as number | bigint);
  if (address === MAP_FAILED) throw new Error('mmap failed');
  return address;
}

export const linux: System = { pages, runFolder, permissions, cpuFlags, viewForeignMemory: () => view(foreignMemory) };
