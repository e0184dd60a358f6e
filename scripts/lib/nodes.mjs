// SPDX-License-Identifier: BSD-3-Clause
// The other releases of Node that clients are tested on (Linux): their npm packages hold the binary. test/nodes says which.
import fs from 'node:fs';
import path from 'node:path';
import { npm } from '../bootstrap.mjs';
import { cache, root } from './paths.mjs';
import { step } from './run.mjs';
import { hash, onceFor, readIfThere, withLock } from './stamps.mjs';

const folder = path.join(cache, 'nodes');
const recipe = path.join(root, 'test/nodes');

/** [{ major, node }] of those releases whose major is not that of the Node that runs this. Fetched once. */
export async function otherNodes() {
  const files = ['package.json', 'package-lock.json'];
  await withLock('nodes', () =>
    onceFor(
      path.join(folder, '.wdpdk-ready'),
      hash(...files.map((name) => readIfThere(path.join(recipe, name)))),
      async () => {
        fs.mkdirSync(folder, { recursive: true });
        for (const name of files) fs.copyFileSync(path.join(recipe, name), path.join(folder, name));
        await step('fetch other releases of Node', (progress) =>
          npm(['ci', '--no-audit', '--no-fund'], { cwd: folder, log: 'npm-nodes', progress }),
        );
      },
    ),
  );
  const own = process.versions.node.split('.')[0];
  const { dependencies } = JSON.parse(readIfThere(path.join(folder, 'package.json')));
  return Object.keys(dependencies)
    .map((name) => ({ major: name.replace('node', ''), node: path.join(folder, 'node_modules', name, 'bin/node') }))
    .filter(({ major }) => major !== own);
}
