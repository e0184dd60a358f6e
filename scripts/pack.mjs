// SPDX-License-Identifier: BSD-3-Clause
// npm run pack: what would be published, in build/packages: wdpdk and, per platform, the executable. publint and attw judge the result.
//   --platform NAME   only this platform's executable (repeatable): linux-x64, win32-x64
//   --no-build        pack what is built
//   --no-install      do not install missing system packages
import './lib/node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { makePackages, platforms } from './lib/pack.mjs';
import { packages, root } from './lib/paths.mjs';
import { main, run, step, UserError } from './lib/run.mjs';

await main(async () => {
  const flag = { type: 'boolean', default: false };
  const { values } = util.parseArgs({
    options: { platform: { type: 'string', multiple: true }, 'no-build': flag, 'no-install': flag },
  });
  const wanted = values.platform ?? Object.keys(platforms);
  const unknown = wanted.filter((name) => !Object.hasOwn(platforms, name));
  if (unknown.length > 0)
    throw new UserError(`Unknown platform ${unknown.join(', ')}. There are: ${Object.keys(platforms).join(', ')}`, 64);
  const presets = values['no-build'] ? [] : wanted.map((name) => platforms[name].preset);
  await bootstrap({ presets, install: !values['no-install'] });
  const made = await step('pack', () => makePackages(wanted, packages));
  const tool = (file) => path.join(root, 'node_modules', file);
  const judges = [
    ['publint', [tool('publint/src/cli.js'), 'run', '--strict', made[0]]],
    ['attw', [tool('@arethetypeswrong/cli/dist/index.js'), '--profile', 'esm-only', made[0]]],
  ];
  for (const [name, args] of judges) await step(name, () => run(process.execPath, args, { cwd: root, log: name }));
  for (const file of made) console.log(`${path.relative(root, file)}  ${Math.ceil(fs.statSync(file).size / 1024)} KiB`);
});
