// SPDX-License-Identifier: BSD-3-Clause
// npm run check [-- --fix]: format, lint, types, house rules. --fix mends layout, wide comments and simple lint.
import './lib/node-version.mjs';
import path from 'node:path';
import util from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { root } from './lib/paths.mjs';
import { main, run } from './lib/run.mjs';

await main(async () => {
  const flag = { type: 'boolean', default: false };
  const { values } = util.parseArgs({ options: { fix: flag, 'no-install': flag } });
  await bootstrap({ install: !values['no-install'] });
  const tool = (file) => path.join(root, 'node_modules', file);
  const wrap = ['wide comments', [path.join(root, 'scripts/house/wrap-comments.mjs')]];
  const checks = [
    ...(values.fix ? [wrap] : []),
    ['format', [tool('prettier/bin/prettier.cjs'), values.fix ? '--write' : '--check', '--log-level', 'warn', '.']],
    ['lint', [tool('oxlint/bin/oxlint'), '--deny-warnings', ...(values.fix ? ['--fix'] : [])]],
    ['types of the tests', [tool('typescript/bin/tsc'), '-p', 'tsconfig.test.json']],
    ['types of the examples', [tool('typescript/bin/tsc'), '-p', 'examples', '--noEmit']],
    ['house rules', [path.join(root, 'scripts/check-house.mjs')]],
    ['generated protocol files', [path.join(root, 'shm-protocol/generate.mjs'), '--check']],
    ['API report', [path.join(root, 'scripts/api-report.mjs'), '--check']],
    ['cookbook', [path.join(root, 'scripts/cookbook.mjs'), '--check']],
  ];
  let failed = 0;
  for (const [name, args] of checks) {
    const { code } = await run(process.execPath, args, { cwd: root, live: true, allowFailure: true });
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    if (code !== 0) failed++;
  }
  return failed > 0 ? 1 : 0;
});
