// SPDX-License-Identifier: BSD-3-Clause
// One-line defects of doctor, devices and bind; what the fields mean stands in mutants.mjs.

const cli = 'ts-client/src/cli';
const bind = `${cli}/devices/bind-linux.test.ts`;

export const machine = [
  {
    name: 'only-card-given-away',
    file: `${cli}/system/linux/dangers.ts`,
    line: 'if (hardware(machine).every((name) => own.has(name)))',
    becomes: 'if (hardware(machine).length === 0)',
    killedBy: { vitest: bind, test: 'both ports together' },
  },
  {
    name: 'bind-believes-the-kernel',
    file: `${cli}/system/linux/bind.ts`,
    line: 'if (now === driver) return;',
    becomes: 'if (now === driver || driver !== undefined) return;',
    killedBy: { vitest: bind, test: 'does not take it' },
  },
  {
    name: 'card-left-without-driver',
    file: `${cli}/devices/bind.ts`,
    line: 'await plan.undo();',
    becomes: 'await Promise.resolve();',
    killedBy: { vitest: bind, test: 'does not take it' },
  },
  {
    name: 'quarantine-read-elsewhere',
    file: `${cli}/system/windows/uio.ts`,
    line: 'quarantined_bytes: 72,',
    becomes: 'quarantined_bytes: 64,',
    killedBy: { vitest: `${cli}/system/windows/uio.test.ts` },
  },
];
