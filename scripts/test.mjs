// SPDX-License-Identifier: BSD-3-Clause
// npm test [-- FILTER...]: everything, on every bed. Sets up what it needs first. The last line is
// "N passed, N failed, N skipped"; the exit code is 1 when anything failed or was skipped without being listed.
//   --bed linux|windows|windows-native   only the beds of one system (test:linux, test:windows)
//   --suite ctest|vitest|conformance|nodes|mutants   only one of them; nodes: clients on the other releases of Node (Linux),
//                                        conformance: the quick part of `npm run conformance`
//   --preset NAME                        only this preset's part of the beds (repeatable)
//   --no-build                           test what is built
//   --no-install                         do not install missing system packages
//   FILTER                               passed on to vitest (then only vitest runs)
import './lib/node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import { mutants } from '../test/mutants/mutants.mjs';
import { judgeLeft } from '../test/support/tshark.mjs';
import { bootstrap, npmCommand } from './bootstrap.mjs';
import { makeCaptures } from './captures.mjs';
import { makePackages } from './lib/pack.mjs';
import { conformance } from './lib/conformance.mjs';
import { runMutants } from './lib/mutants.mjs';
import { otherNodes } from './lib/nodes.mjs';
import { buildDir, cache, captures, dataplane, logs, packages, root } from './lib/paths.mjs';
import { onWindows } from './lib/platform.mjs';
import { checkSkips, printSummary, readCtest, readVitest, secondAttempt } from './lib/results.mjs';
import { main, onExit, run, step, UserError } from './lib/run.mjs';
import { withLock } from './lib/stamps.mjs';
import { ensureWindowsBed, runWindowsNode, stopWine, wineEnvironment } from './lib/wine.mjs';

/** What is built for a bed's system, what ctest runs there, and where vitest runs. */
const beds = {
  linux: {
    presets: {
      'linux-release': { ctest: 'linux', vitest: 'linux', conformance: 'linux', nodes: 'linux', mutants: 'linux' },
      'linux-asan': {
        ctest: 'linux-asan',
        env: { ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0', UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1' },
      },
      'linux-tsan': { ctest: 'linux-tsan', env: { TSAN_OPTIONS: 'halt_on_error=1:second_deadlock_stack=1' } },
      'linux-gcc': {},
    },
    jobs: ['captures', 'upstream', 'testpmd'],
    platform: 'linux-x64',
  },
  windows: {
    presets: {
      'windows-release': { ctest: 'windows', vitest: 'windows', conformance: 'windows', env: wineEnvironment },
      'windows-gcc': {},
    },
    jobs: ['captures', 'wine', 'upstream'],
    platform: 'win32-x64',
  },
  'windows-native': {
    presets: { 'windows-native': { ctest: 'windows-native', vitest: 'windows-native' } },
    jobs: [],
  },
};

const windowsBed = path.join(cache, 'windows-bed');
const leftForTshark = path.join(windowsBed, '.cache/for-tshark');

const suites = ['ctest', 'vitest', 'conformance', 'nodes', 'mutants'];

async function ctest(bed, preset, env) {
  fs.mkdirSync(logs, { recursive: true });
  console.log(`\nctest on ${bed}`);
  const once = async (name, chosen = []) => {
    const report = path.join(logs, `${name}.xml`);
    fs.rmSync(report, { force: true });
    const args = ['--test-dir', buildDir(preset), '--output-on-failure', '--no-tests=error', '--output-junit', report];
    const { code } = await run('ctest', [...args, ...chosen], {
      cwd: root,
      env,
      log: name,
      live: true,
      allowFailure: true,
    });
    const result = readCtest(bed, report);
    if (code !== 0 && result.failures.length === 0) result.failures.push(`ctest itself (exit code ${code})`);
    return result;
  };
  const first = await once(`ctest-${bed}`);
  // What a sanitizer found once is there.
  if (preset.endsWith('san')) return first;
  return secondAttempt(first, (names) => once(`ctest-${bed}-again`, ['-R', `^(${names.map(escaped).join('|')})$`]));
}

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

async function vitest(bed, preset, filters, { node = process.execPath, name = bed } = {}) {
  console.log(`\nvitest on ${name}`);
  const first = await vitestOnce(bed, preset, filters, { node, name });
  return secondAttempt(first, (files) => vitestOnce(bed, preset, files, { node, name: `${name}-again` }));
}

async function vitestOnce(bed, preset, filters, { node, name }) {
  const underWine = bed === 'windows';
  const home = underWine ? windowsBed : root;
  const report = `.cache/vitest-${name}.json`;
  fs.mkdirSync(path.join(home, '.cache'), { recursive: true });
  fs.rmSync(path.join(home, report), { force: true });
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  args.push(...filters);
  const log = `vitest-${name}`;
  const env = { NODE_OPTIONS: '' };
  const code = underWine
    ? await runWindowsNode(args, { env, log })
    : (
        await run(node, args, {
          cwd: root,
          env: { ...env, WDPDK_NPM: npmCommand()[1], ...nativeBed(bed, preset) },
          log,
          live: true,
          allowFailure: true,
        })
      ).code;
  const result = readVitest(name, path.join(home, report), home);
  if (code !== 0 && result.failures.length === 0) result.failures.push(`vitest itself (exit code ${code})`);
  return result;
}

/** Captures that tests under Wine left, since tshark is here: what the tests' own reader says of them has to be what tshark says. */
function tsharkSuite(bed) {
  const { judged, differ } = judgeLeft(leftForTshark);
  console.log(`\ntshark on ${bed}: ${judged} captures judged`);
  return { bed, suite: 'tshark', passed: judged - differ.length, failures: differ, skips: [] };
}

/** What clients stand on: the library's own tests, and the packed package in use. */
const clientTests = ['ts-client/', 'shm-protocol/', 'test/package-use.test.mjs'];

async function otherNodesSuite(bed, preset) {
  const results = [];
  for (const { major, node } of await otherNodes())
    results.push(await vitest(bed, preset, clientTests, { node, name: `${bed}-node${major}` }));
  return results;
}

/** Upstream's programs. Windows' are built and started from here, too: they are programs for Wine, not tests in its Node. */
async function conformanceSuite(bed) {
  console.log(`\nconformance on ${bed}`);
  const { results } = await conformance({ platform: [bed], quick: true, build: false });
  const of = (verdict) => results.filter((one) => one.verdict === verdict);
  return {
    bed,
    suite: 'conformance',
    passed: of('pass').length,
    failures: of('fail').map(({ id, reason }) => `${id} (${reason})`),
    skips: of('skip').map(({ id, reason }) => ({ name: id, reason })),
  };
}

async function mutantSuite(bed) {
  console.log(`\nmutants on ${bed}`);
  const { passed, failures } = await runMutants(mutants.filter(({ killedBy }) => !killedBy.fuzz));
  return { bed: 'mutants', suite: bed, passed, failures, skips: [] };
}

const nativeBed = (bed, preset) => ({
  WDPDK_TEST_BED: bed,
  WDPDK_BUILD_DIR: buildDir(preset),
  WDPDK_DATAPLANE_PATH: dataplane(preset),
  WDPDK_CAPTURES_DIR: captures,
  WDPDK_PACKAGES_DIR: packages,
});

function options() {
  const { values, positionals } = util.parseArgs({
    allowPositionals: true,
    options: {
      bed: { type: 'string' },
      suite: { type: 'string' },
      preset: { type: 'string', multiple: true },
      'no-build': { type: 'boolean', default: false },
      'no-install': { type: 'boolean', default: false },
    },
  });
  if (values.bed !== undefined && !Object.hasOwn(beds, values.bed)) {
    throw new UserError(`Unknown bed ${values.bed}. There are: ${Object.keys(beds).join(', ')}`, 64);
  }
  if (values.suite !== undefined && !suites.includes(values.suite)) {
    throw new UserError(`Unknown suite ${values.suite}. There are: ${suites.join(', ')}`, 64);
  }
  const everything = onWindows ? ['windows-native'] : ['linux', 'windows'];
  const suite = positionals.length > 0 ? 'vitest' : values.suite;
  const chosen = values.bed ? [values.bed] : everything;
  const wanted = (preset, what) => (!values.preset || values.preset.includes(preset)) && (!suite || what[suite]);
  const parts = chosen.flatMap((bed) =>
    Object.entries(beds[bed].presets)
      .filter(([preset, what]) => wanted(preset, what))
      .map(([preset, what]) => ({ bed, preset, ...what })),
  );
  if (parts.length === 0) throw new UserError('Nothing to test: no preset fits these options.', 64);
  const whole = !values.preset && positionals.length === 0;
  return { parts, suite, filters: positionals, whole, build: !values['no-build'], install: !values['no-install'] };
}

async function setUp({ parts, build, install }) {
  const systems = [...new Set(parts.map(({ bed }) => bed))];
  const presets = build ? parts.map(({ preset }) => preset) : [];
  // test/uio lets a device model of Linux play the cards of a driver of Windows, too.
  const native = parts.some(({ bed, vitest }) => bed === 'windows' && vitest);
  if (build && native && !presets.includes('linux-release')) presets.push('linux-release');
  await bootstrap({ presets, jobs: systems.flatMap((bed) => beds[bed].jobs), install });
  if (parts.some((part) => part.vitest) && !onWindows) await makeCaptures();
  const packed = parts
    .filter((part) => (part.vitest || part.nodes) && beds[part.bed].platform)
    .map(({ bed }) => beds[bed].platform);
  if (packed.length > 0) await withLock('pack', () => step('pack', () => makePackages(packed, packages)));
  if (systems.includes('windows')) {
    onExit(stopWine);
    await withLock('setup', ensureWindowsBed);
  }
}

async function test(job) {
  const start = performance.now();
  await setUp(job);
  const results = [];
  const wants = (suite) => job.suite === undefined || job.suite === suite;
  for (const part of job.parts) {
    if (part.ctest && wants('ctest')) results.push(await ctest(part.ctest, part.preset, part.env));
    if (part.vitest && wants('vitest')) {
      fs.rmSync(leftForTshark, { recursive: true, force: true });
      results.push(await vitest(part.vitest, part.preset, job.filters));
      if (part.vitest === 'windows') results.push(tsharkSuite(part.vitest));
    }
    if (part.conformance && wants('conformance')) results.push(await conformanceSuite(part.conformance));
    if (part.nodes && wants('nodes')) results.push(...(await otherNodesSuite(part.nodes, part.preset)));
  }
  // At the end: what they say is about tests that have passed.
  if (wants('mutants')) for (const part of job.parts) if (part.mutants) results.push(await mutantSuite(part.mutants));
  checkSkips(results, job);
  console.log(`\nTook ${((performance.now() - start) / 60_000).toFixed(1)} minutes`);
  const total = printSummary(results);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

await main(() => {
  const job = options();
  // One run at a time in the Wine prefix: the end of a run ends everything in it.
  const underWine = job.parts.some(({ bed }) => bed === 'windows');
  return underWine ? withLock('windows-bed', () => test(job)) : test(job);
});
