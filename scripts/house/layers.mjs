// SPDX-License-Identifier: BSD-3-Clause
// Who may include whom: app -> drivers -> lib, inside lib downwards only; dataplane and clients meet in shm-protocol.
import path from 'node:path';
import { eachLine, isC } from './sources.mjs';

/** The floors of dataplane/lib, ground floor first. A library may include those before it. */
const floors = [
  'eal',
  'kvargs',
  'ring',
  'stack',
  'rcu',
  'mempool',
  'mbuf',
  'net',
  'cmdline',
  'hash',
  'lpm',
  'rib',
  'fib',
  'acl',
  'meter',
  'reorder',
  'ip_frag',
  'ethdev',
  'eventdev',
  'pci',
  'timer',
];

/** The room a file is in: { wing: 'lib' | 'drivers' | 'app' | 'protocol' | ..., name }. */
function roomOf(file) {
  const [top, wing, first, second] = file.split('/');
  if (top === 'shm-protocol') return { wing: 'protocol', name: 'shm-protocol' };
  if (top === 'uio-driver') return { wing: top, name: `${top}/${wing}`, part: wing };
  if (top !== 'dataplane') return { wing: top, name: top };
  if (wing === 'lib') return { wing, name: first };
  if (wing === 'drivers') return { wing, name: `${first}/${second}`, kind: first };
  return { wing, name: wing };
}

/** Why `from` must not include a header of `to`, or undefined. */
function forbidden(from, to) {
  if (from.wing === to.wing && from.name === to.name) return undefined;
  if (to.wing === 'testing' || to.wing === 'third-party') return undefined;
  if (to.wing === 'uio-driver' || from.wing === 'uio-driver') return forbiddenInKernel(from, to);
  if (from.wing === 'lib') {
    if (to.wing !== 'lib') return `a library must not include ${to.wing}`;
    if (!floors.includes(from.name)) return `give lib/${from.name} a floor in scripts/house/layers.mjs`;
    if (floors.indexOf(to.name) > floors.indexOf(from.name)) return `lib/${from.name} is below lib/${to.name}`;
  }
  if (from.wing === 'drivers') {
    if (to.wing === 'app' || to.wing === 'models') return `a driver must not include ${to.wing}`;
    if (from.kind === 'bus' && to.kind === 'net') return 'a bus must not include a device driver';
    if (from.kind === 'net' && to.kind === 'net') return 'device drivers must not include each other';
  }
  if (from.wing === 'protocol' && to.wing !== 'lib') return `the protocol must not include ${to.wing}`;
  if (from.wing === 'models' && to.wing === 'drivers') return 'the device model shares no header with drivers';
  if (from.wing === 'app' && to.wing === 'models') return 'the app must not include a device model';
  return undefined;
}

/**
 * The Windows driver meets the dataplane in its contract (uio-driver/include), and there only the PCI bus. Its core knows no kernel: of
 * the shells around it (wdm, posix) only the types that each of them has for it.
 */
function forbiddenInKernel(from, to) {
  if (from.wing !== 'uio-driver')
    return to.part === 'include' && from.name === 'bus/pci'
      ? undefined
      : 'only the PCI bus meets uio-driver, and only in its contract wdpdk_uio.h';
  if (to.wing !== 'uio-driver') return 'the kernel driver includes nothing of the dataplane';
  if (to.part === 'include') return undefined;
  if (to.part === 'core') return ['wdm', 'posix'].includes(from.part) ? undefined : 'only wdm and posix stand on core';
  if (to.part === 'testbus')
    return from.part === 'core' || from.part === 'posix' ? 'the test bus is for wdm, setup and test' : undefined;
  return from.part === 'core'
    ? 'the core knows no kernel: uio_os_types.h is all it has of one'
    : `${to.part} is nobody's to include`;
}

export function checkLayers(files) {
  const sources = files.filter(isC);
  const homes = new Map();
  for (const { name } of sources.filter((file) => file.name.endsWith('.h'))) {
    const base = path.posix.basename(name);
    homes.set(base, [...(homes.get(base) ?? []), roomOf(name)]);
  }
  const findings = sources.flatMap((file) => {
    const from = roomOf(file.name);
    // Tests, fuzz targets and other programs stand beside a library but may use what they like.
    if (/^main\(/m.test(file.text) && from.wing === 'lib') return [];
    if (/(^|[/_])test_|_test\.c$|\/fuzz|\/tests?\//.test(file.name) || from.wing === 'testing') return [];
    return eachLine(file, (line) => {
      const [, quote, header] = /^\s*#\s*include\s+(["<])([^">]+)[">]/.exec(line) ?? [];
      if (from.part === 'core' && header === 'uio_os_types.h') return undefined;
      // The driver's own headers are included with quotes; <sys/uio.h> and <stdlib.h> are the system's.
      const rooms = (homes.get(path.posix.basename(header ?? '')) ?? []).filter(
        ({ wing }) => quote === '"' || (wing !== 'uio-driver' && from.wing !== 'uio-driver'),
      );
      const reasons = rooms.map((to) => forbidden(from, to));
      return reasons.length > 0 && reasons.every(Boolean) && `includes ${header}: ${reasons[0]}`;
    });
  });
  return [...findings, ...checkMeetingPoint(files)];
}

/** TypeScript names nothing of dataplane/ in an import, and the client no other file of the protocol than its package. */
function checkMeetingPoint(files) {
  const importing = /^\s*(import|export)\b.*\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]/;
  return files
    .filter(({ name }) => /^(ts-client|shm-protocol|examples)\/.*\.ts$/.test(name))
    .flatMap((file) =>
      eachLine(file, (line) => {
        const match = importing.exec(line);
        const target = match?.[2] ?? match?.[3];
        if (!target?.startsWith('.')) return undefined;
        const resolved = path.posix.join(path.posix.dirname(file.name), target);
        const top = file.name.split('/')[0];
        if (resolved.startsWith(`${top}/`) || (/\.test\.ts$/.test(file.name) && /(^|\/)test\//.test(resolved)))
          return undefined;
        return `imports ${target}: leave ${top} only by package name`;
      }),
    );
}
