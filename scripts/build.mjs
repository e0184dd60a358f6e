// SPDX-License-Identifier: BSD-3-Clause
// npm run build [-- PRESET...]: the native dataplane and the TypeScript packages; build:windows names the Windows preset.
import './lib/node-version.mjs';
import util from 'node:util';
import path from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { buildDir, root } from './lib/paths.mjs';
import { nativePreset } from './lib/platform.mjs';
import { main, say } from './lib/run.mjs';

await main(async () => {
  const { values, positionals } = util.parseArgs({
    allowPositionals: true,
    options: { 'no-install': { type: 'boolean', default: false } },
  });
  const presets = positionals.length > 0 ? positionals : [nativePreset];
  await bootstrap({ presets, install: !values['no-install'] });
  for (const preset of presets) say(`${preset}: ${path.relative(root, buildDir(preset))}`);
});
