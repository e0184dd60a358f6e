// SPDX-License-Identifier: BSD-3-Clause
// npm run conformance [-- OPTIONS]: upstream's own programs, unmodified, are built against our installed library through
// pkg-config and run, on Linux and on the Windows build under Wine. What is expected of each stands in
// test/conformance/programs.json. The last line is "N passed, N failed, N skipped"; the exit code is 1 when something failed,
// passed or was skipped that is not expected to.
import './lib/node-version.mjs';
import fs from 'node:fs';
import util from 'node:util';
import { UserError, main } from './lib/run.mjs';
import { conformance } from './lib/conformance.mjs';
import { runCensus } from './lib/census.mjs';

const help = `npm run conformance [-- OPTIONS]
  Builds and runs the programs of DPDK 22.11 (Debian's source package, fetched with apt into .cache: needs the network once).
  --only NAME              only programs or tests of this name, as test_ring or ring_autotest (repeatable)
  --platform linux|windows only this system (or linux-no-huge, linux-huge, windows, windows-posix)
  --huge, --no-huge        on Linux only with huge pages, or only without
  --quick                  the part that npm test runs
  --all                    also unit tests of upstream that programs.json does not name; they cannot fail the run
  --json FILE              write all results, with what the programs printed
  --census [LIBRARY...]    instead: which names of upstream's headers ours do not have (needs libdpdk-dev)
  --no-build               use the libraries as they are built
  --no-install             do not install missing system packages`;

function options() {
  const { values, positionals } = util.parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string', multiple: true, default: [] },
      platform: { type: 'string', multiple: true, default: [] },
      huge: { type: 'boolean', default: false },
      'no-huge': { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      json: { type: 'string' },
      census: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      'no-install': { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 0 && !values.census) throw new UserError(`What is ${positionals[0]}?\n${help}`, 64);
  return { ...values, positionals, build: !values['no-build'], install: !values['no-install'] };
}

await main(async () => {
  const job = options();
  if (job.help) {
    console.log(help);
    return 0;
  }
  if (job.census) return runCensus(job);
  const { results, summary } = await conformance(job);
  if (job.json) fs.writeFileSync(job.json, JSON.stringify(results, null, 1));
  console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
  return summary.failed > 0 || summary.passed === 0 ? 1 : 0;
});
