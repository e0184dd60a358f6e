// SPDX-License-Identifier: BSD-3-Clause
// npm run mutants [-- --only NAME]: puts each one-line defect of test/mutants into a copy of the tree and sees that the test
// named for it fails. Exit code 1 when one lives.
import './lib/node-version.mjs';
import util from 'node:util';
import { mutants } from '../test/mutants/mutants.mjs';
import { bootstrap } from './bootstrap.mjs';
import { makeCaptures } from './captures.mjs';
import { runMutants } from './lib/mutants.mjs';
import { main, UserError } from './lib/run.mjs';

await main(async () => {
  const { values } = util.parseArgs({
    options: { only: { type: 'string', multiple: true }, 'no-install': { type: 'boolean', default: false } },
  });
  const chosen = mutants.filter(({ name, killedBy }) => !killedBy.fuzz && (!values.only || values.only.includes(name)));
  if (chosen.length === 0)
    throw new UserError(`No such mutant. There are: ${mutants.map(({ name }) => name).join(', ')}`, 64);
  await bootstrap({
    presets: ['linux-release'],
    jobs: ['captures'],
    typescript: false,
    install: !values['no-install'],
  });
  await makeCaptures();
  const { passed, failures } = await runMutants(chosen);
  console.log(`${passed} killed, ${failures.length} not`);
  return failures.length > 0 ? 1 : 0;
});
