// SPDX-License-Identifier: BSD-3-Clause
// test/skips.json names every skip: by bed, with a reason; the name of a file or suite stands for all its tests. Being named is
// enough to be skipped, unless the line says `when`: then the test looks for itself whether it can run. scripts/test.mjs fails on
// any skip that is not named.
import path from 'node:path';
import { beforeEach } from 'vitest';
import skips from '../skips.json' with { type: 'json' };
import { bedName, root } from './bed.ts';

const listed = (skips as Record<string, { test: string; reason: string; when?: string }[]>)[bedName] ?? [];

beforeEach(({ task, skip }) => {
  const names = [task.name];
  for (let suite = task.suite; suite; suite = suite.suite) names.unshift(suite.name);
  const file = path.relative(root, task.file.filepath).replaceAll('\\', '/');
  const full = [file, ...names.filter((name) => name !== '')].join(' > ');
  const entry = listed.find(({ test }) => full === test || full.startsWith(`${test} > `));
  if (entry !== undefined && entry.when === undefined) skip(entry.reason);
});
