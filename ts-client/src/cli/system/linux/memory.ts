// SPDX-License-Identifier: BSD-3-Clause
//
// Memory and what may be done with it: huge pages, the right to lock and to learn physical addresses.
import { type Finding, blocksCards, info, mebibytes, ok, warn } from '../../doctor/finding.ts';
import { type Machine, numberIn } from './machine.ts';
import { vfioWorks } from './vfio.ts';

const HUGE_PAGES = '/sys/kernel/mm/hugepages';
const NODES = '/sys/devices/system/node';
/** With vfio-pci cards do with plain pages, and with rights to their group. */
const forCards = (machine: Machine, finding: Finding): Finding => (vfioWorks(machine) ? finding : blocksCards(finding));

const RESERVE = "As root: 'sysctl -w vm.nr_hugepages=512' (1 GiB of 2 MiB pages)";
const KIB_OF_2M = 2048;
/** Bits of CapEff in /proc/PID/status. */
const CAP_IPC_LOCK = 14n;
const CAP_SYS_ADMIN = 21n;
/** What a dataplane locks at least. */
const LOCKED_BYTES = 64 * 2 ** 20;

interface PageSize {
  readonly kib: number;
  readonly total: number;
  readonly free: number;
}

function sizesIn(machine: Machine, folder: string): PageSize[] {
  return machine.list(folder).flatMap((name) => {
    const kib = Number(/(\d+)kB/.exec(name)?.[1] ?? 0);
    const total = numberIn(machine, `${folder}/${name}/nr_hugepages`);
    const free = numberIn(machine, `${folder}/${name}/free_hugepages`);
    return kib === 0 || total === undefined || free === undefined ? [] : [{ kib, total, free }];
  });
}

function pages(machine: Machine): Finding {
  const sizes = sizesIn(machine, HUGE_PAGES);
  const found = sizes.filter(({ total }) => total > 0);
  if (sizes.length === 0)
    return forCards(
      machine,
      warn('pages', 'this kernel has no huge pages; plain pages are used', 'Use a kernel with CONFIG_HUGETLBFS'),
    );
  if (found.length === 0)
    return forCards(
      machine,
      warn('pages', 'no huge pages are reserved; plain pages are used, which cost speed', RESERVE),
    );
  const text = found
    .map(({ kib, total, free }) => `${free} of ${total} free (${mebibytes(kib * 1024)} each)`)
    .join(', ');
  return found.some(({ free }) => free > 0)
    ? ok('pages', `huge pages: ${text}`)
    : forCards(machine, warn('pages', `huge pages: ${text}; plain pages are used`, RESERVE));
}

/** Where there are several NUMA nodes: memory is best where the card is. */
function pagesByNode(machine: Machine): Finding[] {
  const nodes = machine.list(NODES).filter((name) => /^node\d+$/.test(name));
  if (nodes.length < 2) return [];
  const free = nodes.map((name) => {
    const sizes = sizesIn(machine, `${NODES}/${name}/hugepages`);
    return { name, free: sizes.reduce((sum, size) => sum + size.free, 0) };
  });
  const text = `free huge pages by NUMA node: ${free.map(({ name, free: n }) => `${name.slice(4)}: ${n}`).join(', ')}`;
  const without = free.filter(({ free: n }) => n === 0);
  if (without.length === 0 || without.length === free.length) return [info('pages.nodes', text)];
  const file = `${NODES}/${without[0]!.name}/hugepages/hugepages-${KIB_OF_2M}kB/nr_hugepages`;
  return [warn('pages.nodes', text, `For cards of a node without: as root, 'echo 256 > ${file}'`)];
}

function mounts(machine: Machine): Finding {
  const found = (machine.text('/proc/mounts') ?? '')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , kind]) => kind === 'hugetlbfs')
    .map(([, folder, , options]) => `${folder} (${/pagesize=(\w+)/.exec(options ?? '')?.[1] ?? 'default size'})`);
  // wdpdk takes its huge pages without one; --huge-dir and other DPDK programs want it.
  return found.length === 0
    ? info('pages.mounts', 'no hugetlbfs is mounted; wdpdk needs none, --huge-dir and other DPDK programs do')
    : ok('pages.mounts', `hugetlbfs at ${found.join(', ')}`);
}

function capabilities(machine: Machine): (bit: bigint) => boolean {
  const text = /^CapEff:\s*([0-9a-f]+)$/m.exec(machine.text('/proc/self/status') ?? '')?.[1] ?? '0';
  const set = BigInt(`0x${text}`);
  return (bit) => ((set >> bit) & 1n) === 1n;
}

function privilege(machine: Machine): Finding {
  const id = 'privilege';
  const may = capabilities(machine);
  if (machine.uid === 0 && may(CAP_SYS_ADMIN)) return ok(id, 'root: may learn physical addresses, as cards need');
  const text = machine.uid === 0 ? 'root without CAP_SYS_ADMIN (a container?)' : 'not root';
  return forCards(
    machine,
    warn(
      id,
      `${text}: other ports work, cards of uio drivers do ` +
        `not${vfioWorks(machine) ? '; those of vfio-pci do, for who may open /dev/vfio/GROUP' : ''}`,
      'For cards run the dataplane as root, outside of containers without CAP_SYS_ADMIN',
    ),
  );
}

function lockLimit(machine: Machine): Finding {
  const id = 'privilege.memlock';
  if (capabilities(machine)(CAP_IPC_LOCK)) return ok(id, 'any amount of memory may be locked');
  const limit = /^Max locked memory\s+(\S+)/m.exec(machine.text('/proc/self/limits') ?? '')?.[1];
  if (limit === undefined) return info(id, 'the limit of locked memory is not known');
  if (limit === 'unlimited') return ok(id, 'any amount of memory may be locked');
  const text = `${mebibytes(Number(limit))} may be locked`;
  return Number(limit) >= LOCKED_BYTES
    ? ok(id, text)
    : info(id, `${text}; a dataplane does without locking plain pages`);
}

export const memoryFindings = (machine: Machine): Finding[] => [
  pages(machine),
  ...pagesByNode(machine),
  mounts(machine),
  privilege(machine),
  lockLimit(machine),
];
