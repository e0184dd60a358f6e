// SPDX-License-Identifier: BSD-3-Clause
import type { TestContext } from 'vitest';
import { type Bed, type BedOptions, openBed } from './bed.ts';

const fullName = (task: TestContext['task']): string => {
  const names = [task.name];
  for (let { suite } = task; suite; suite = suite.suite) names.unshift(suite.name);
  return names.filter((name) => name !== '').join(' > ');
};

/**
 * A fixture: `const test = base.extend({ bed: bed({ ports: 2, forwarding }) })`. Each test that asks for `bed` has a dataplane of
 * its own, which ends with it. When the test fails, what passed the wires and the counters are kept and their folder is printed.
 */
export function bed(options: BedOptions = {}) {
  // vitest reads the names of what a fixture needs from the pattern.
  return async ({ task, onTestFailed }: TestContext, use: (bed: Bed) => Promise<void>): Promise<void> => {
    const opened = await openBed(options);
    onTestFailed(async () => {
      const folder = await opened.keep(fullName(task));
      process.stderr.write(`wdpdk: the traffic and counters of "${fullName(task)}" are kept in ${folder}\n`);
    });
    try {
      await use(opened);
    } finally {
      await opened.close();
    }
  };
}
