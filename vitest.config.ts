// SPDX-License-Identifier: BSD-3-Clause
import path from 'node:path';
import { defineConfig } from 'vitest/config';

// The suite runs on beds (test/support/bed.ts): the same files on Linux and, in a Windows node.exe, on the Windows build.
// Packages resolve to their sources, so that a failing line is a line someone wrote.
const here = import.meta.dirname;
const alias = [
  { find: /^wdpdk\/(capture|testing)$/, replacement: path.join(here, 'ts-client/src/$1/index.ts') },
  { find: /^wdpdk$/, replacement: path.join(here, 'ts-client/src/index.ts') },
  { find: /^shared-memory-ipc$/, replacement: path.join(here, 'shm-protocol/src/index.ts') },
];
// Drivers of Windows run under Wine alone: a real Windows does not load them, signed as they are.
const driverTests = process.env['WDPDK_TEST_BED'] === 'windows' ? [] : ['test/uio/**'];
const common = {
  env: { WDPDK_STRICT: '1', WDPDK_KEEP_DIR: path.join(here, '.cache/failures') },
  setupFiles: [path.join(here, 'test/support/listed-skips.ts')],
};

export default defineConfig({
  resolve: { alias },
  test: {
    passWithNoTests: false,
    // Two cores are shared by dataplanes, clients and the runner; each file gets a process of its own (mappings live until exit).
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          ...common,
          name: 'unit',
          include: ['shm-protocol/**/*.test.ts', 'ts-client/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          ...common,
          name: 'e2e',
          include: ['test/**/*.test.{ts,mjs}'],
          exclude: ['**/node_modules/**', '**/dist/**', ...driverTests],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
