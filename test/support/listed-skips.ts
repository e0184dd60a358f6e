// SPDX-License-Identifier: BSD-3-Clause
// test/skips.json is the one way to skip a test: by bed, by name, with a reason. scripts/test.mjs fails on any other skip.
import path from 'node:path';
import { beforeEach } from 'vitest';
import skips from '../skips.json' with { type: 'json' };
import { bedName, root } from './bed.ts';

const listed = new Map(
  (skips as Record<string, { test: string; reason: string }[]>)[bedName]?.map(({ test, reason }) => [test, reason]),
);

beforeEach(({ task, skip }) => {
  const names = [task.name];
  for (let suite = task.suite; suite; suite = suite.suite) names.unshift(suite.name);
  const file = path.relative(root, task.file.filepath).replaceAll('\\', '/');
  const reason = listed.get([file, ...names.filter((name) => name !== '')].join(' > '));
  if (reason !== undefined) skip(reason);
});
