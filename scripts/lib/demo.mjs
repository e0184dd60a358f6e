// SPDX-License-Identifier: BSD-3-Clause
// What `npm start` and `npm run dev` have in common: build, then the command line's `start`.
import fs from 'node:fs';
import path from 'node:path';
import { bootstrap } from '../bootstrap.mjs';
import { dataplane, root } from './paths.mjs';
import { nativePreset } from './platform.mjs';
import { UserError } from './run.mjs';

const cli = path.join(root, 'ts-client/dist/cli/main.js');

/** Build what the demo needs and say how to run it. `--no-install` is ours, every other argument the demo's. */
export async function prepareDemo(args) {
  await bootstrap({ presets: [nativePreset], install: !args.includes('--no-install') });
  for (const file of [dataplane(nativePreset), cli]) {
    if (!fs.existsSync(file)) throw new UserError(`The build made no ${path.relative(root, file)}: nothing to start.`);
  }
  return {
    command: process.execPath,
    args: [cli, 'start', ...args.filter((argument) => argument !== '--no-install')],
    env: { WDPDK_DATAPLANE_PATH: process.env.WDPDK_DATAPLANE_PATH ?? dataplane(nativePreset) },
  };
}
