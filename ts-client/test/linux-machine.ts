// SPDX-License-Identifier: BSD-3-Clause
//
// A Linux machine that is made up: files and symbolic links in memory, and a kernel that answers what `bind` writes.
import path from 'node:path';
import type { Machine } from '../src/cli/system/linux/machine.ts';

/** By path; a text beginning with `->` is a symbolic link, null an empty folder. */
export type Tree = Record<string, string | null>;

export interface Card {
  readonly address: string;
  readonly id?: string;
  readonly driver?: string;
  /** Interfaces on it, directly or below a virtio device. */
  readonly net?: readonly string[];
  readonly below?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const PCI = '/sys/bus/pci/devices';

export function cardTree({ address, id = '8086:1583', driver, net = [], below, files = {} }: Card): Tree {
  const real = `/sys/devices/pci0000:00/${address}`;
  const [vendor, device] = id.split(':');
  const tree: Tree = {
    [`${PCI}/${address}`]: `->${real}`,
    [`${real}/class`]: '0x020000',
    [`${real}/vendor`]: `0x${vendor}`,
    [`${real}/device`]: `0x${device}`,
    [`${real}/subsystem_vendor`]: '0x8086',
    [`${real}/subsystem_device`]: '0x0001',
    [`${real}/numa_node`]: '-1',
    [`${real}/driver_override`]: '(null)',
  };
  if (driver) {
    tree[`${real}/driver`] = `->/sys/bus/pci/drivers/${driver}`;
    tree[`/sys/bus/pci/drivers/${driver}/unbind`] = '';
  }
  const holder = below ? `${real}/${below}` : real;
  for (const name of net) {
    tree[`/sys/class/net/${name}`] = `->${holder}/net/${name}`;
    tree[`${holder}/net/${name}/device`] = `->${holder}`;
    tree[`${holder}/net/${name}/flags`] = '0x1003';
  }
  for (const [name, text] of Object.entries(files)) tree[`${real}/${name}`] = text;
  return tree;
}

const NORMAL: Tree = {
  '/sys/bus/pci/drivers_probe': '',
  '/sys/bus/pci/drivers/i40e/unbind': '',
  '/sys/devices/system/cpu/online': '0-7',
  '/sys/devices/system/cpu/isolated': '2-7',
  '/sys/devices/system/cpu/nohz_full': '2-7',
  '/sys/devices/system/node/node0/meminfo': '',
  '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '512',
  '/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages': '500',
  '/proc/mounts': 'hugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0',
  '/proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\nCpus_allowed_list:\t0-7',
  '/proc/self/limits': 'Max locked memory         67108864             67108864             bytes',
  '/proc/cmdline': 'quiet isolcpus=2-7 nohz_full=2-7 rcu_nocbs=2-7',
  '/proc/cpuinfo': 'flags\t\t: fpu sse4_2 popcnt avx2',
  '/proc/net/route':
    'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\neth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0',
  '/proc/net/ipv6_route': '',
  '/dev/net/tun': '',
  '/run/user/7/wdpdk': null,
};

export interface Settings {
  readonly uid?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly firmware?: Readonly<Record<string, string>>;
  /** Paths that cannot be written to. */
  readonly refuses?: readonly string[];
  readonly states?: Readonly<Record<string, { mode: number; uid: number }>>;
  /** What the kernel's own driver for a card without override is. */
  readonly natural?: string;
}

export interface FakeMachine extends Machine {
  readonly tree: Tree;
  readonly writes: [string, string][];
}

export function linuxMachine(
  changes: Tree = {},
  settings: Settings = {},
  without: readonly string[] = [],
): FakeMachine {
  const tree: Tree = { ...NORMAL, ...changes };
  for (const gone of without) for (const name of Object.keys(tree)) if (name.startsWith(gone)) delete tree[name];
  const writes: [string, string][] = [];

  /** Follows links in every part of a path. */
  function real(file: string, depth = 0): string | undefined {
    if (depth > 40) return undefined;
    let at = '';
    const parts = file.split('/').filter((part) => part !== '');
    for (const [i, part] of parts.entries()) {
      at = `${at}/${part}`;
      const here = tree[at];
      if (typeof here === 'string' && here.startsWith('->'))
        return real(path.posix.join(here.slice(2), ...parts.slice(i + 1)), depth + 1);
    }
    return at in tree || Object.keys(tree).some((name) => name.startsWith(`${at}/`)) ? at || '/' : undefined;
  }

  const folderOf = (address: string): string => real(`${PCI}/${address}`)!;

  /** The kernel's part of binding. */
  function kernel(file: string, value: string): void {
    const unbind = /^\/sys\/bus\/pci\/drivers\/([^/]+)\/unbind$/.exec(file);
    if (unbind) {
      if (tree[`${folderOf(value)}/driver`] !== `->/sys/bus/pci/drivers/${unbind[1]}`)
        throw new Error('ENODEV: no such device');
      delete tree[`${folderOf(value)}/driver`];
      delete tree[`${folderOf(value)}/uio/uio0`];
      // Its interfaces go with the driver.
      for (const name of Object.keys(tree)) {
        const gone = `${folderOf(value)}/net/`;
        if (name.startsWith(gone) || tree[name]?.startsWith(`->${gone}`)) delete tree[name];
      }
    } else if (file === '/sys/bus/pci/drivers_probe') {
      const folder = folderOf(value);
      const override = tree[`${folder}/driver_override`]!;
      const driver = override === '' || override === '(null)' ? (settings.natural ?? 'i40e') : override;
      if (`${folder}/driver` in tree || tree['refuses'] === driver) return;
      if (!(`/sys/bus/pci/drivers/${driver}/unbind` in tree)) return;
      tree[`${folder}/driver`] = `->/sys/bus/pci/drivers/${driver}`;
      if (driver.includes('uio')) tree[`${folder}/uio/uio0`] = '';
    } else {
      tree[real(file)!] = value.trim();
    }
  }

  const text = (file: string): string | undefined => {
    const at = real(file);
    const found = at === undefined ? undefined : tree[at];
    return typeof found === 'string' ? found.trim() : undefined;
  };
  return {
    tree,
    writes,
    real,
    text,
    bytes: (file) => {
      const found = text(file);
      return found === undefined ? undefined : Buffer.from(found, 'latin1');
    },
    list: (folder) => {
      const at = real(folder);
      if (at === undefined) return [];
      const inside = Object.keys(tree).filter((name) => name.startsWith(`${at}/`));
      return [...new Set(inside.map((name) => name.slice(at.length + 1).split('/')[0]!))].sort();
    },
    exists: (file) => real(file) !== undefined,
    state: (file) => {
      if (real(file) === undefined) return undefined;
      const directory = tree[file] === null || !(file in tree);
      return {
        mode: directory ? 0o40700 : 0o100600,
        uid: settings.uid ?? 0,
        gid: 0,
        directory,
        ...settings.states?.[file],
      };
    },
    may: (file) => real(file) !== undefined && !settings.refuses?.includes(file),
    write: (file, value) => {
      if (settings.refuses?.includes(file)) throw new Error('EPERM: operation not permitted');
      if (real(file) === undefined) throw new Error('ENOENT: no such file or directory');
      writes.push([file, value.trim()]);
      kernel(file, value);
    },
    uid: settings.uid ?? 0,
    pid: 4711,
    env: settings.env ?? {},
    runFolder: '/run/user/7/wdpdk',
    addresses: () => settings.addresses ?? {},
    firmware: (name) => settings.firmware?.[name],
  };
}
