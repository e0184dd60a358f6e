// SPDX-License-Identifier: BSD-3-Clause
// Upstream's programs against our install: set up, run, print. test/conformance/ has the programs' list and the judges.
import path from 'node:path';
import { compareWithUpstream } from '../../test/conformance/layout.mjs';
import { plan } from '../../test/conformance/plan.mjs';
import { platforms } from '../../test/conformance/platforms.mjs';
import { pkgConfig } from '../../test/conformance/build.mjs';
import { prepare, runCases } from '../../test/conformance/run.mjs';
import { borrowHugePages, whyNoHugePages } from '../../test/support/hugepages.mjs';
import { bootstrap } from '../bootstrap.mjs';
import { buildDir, cache } from './paths.mjs';
import { say, UserError } from './run.mjs';
import { withLock } from './stamps.mjs';
import { upstreamHeaders, upstreamSource } from './upstream.mjs';
import { ensurePrefix } from './wine.mjs';

const folder = path.join(cache, 'conformance');

/** Names of platforms that the options leave. */
function wantedPlatforms({ platform = [], huge = false, 'no-huge': noHuge = false }) {
  const all = Object.keys(platforms);
  const unknown = platform.filter((name) => !all.includes(name) && name !== 'linux');
  if (unknown.length > 0)
    throw new UserError(`Unknown platform ${unknown[0]}. There are: linux, ${all.join(', ')}`, 64);
  const bySystem = (name) =>
    (platform.length === 0 && platforms[name].system !== 'upstream') ||
    platform.some((one) => one === name || one === platforms[name].system);
  const byPages = (name) => platforms[name].system !== 'linux' || huge === noHuge || huge === (name === 'linux-huge');
  return all.filter((name) => bySystem(name) && byPages(name));
}

const lastLines = (text, count) =>
  text
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `      ${line}`)
    .join('\n');

function printResult({ test, platform, verdict, reason, seconds, output }) {
  const line = `${verdict.padEnd(4)}  ${test.padEnd(34)} ${platform.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`;
  console.log(reason ? `${line}  ${reason}` : line);
  if (verdict === 'fail') console.log(lastLines(output, 12));
}

/** The offset table, on each system that is tried: one more result. */
async function layoutResult(system, { upstream, installed }) {
  const start = performance.now();
  const platform = platforms[system === 'windows' ? 'windows' : 'linux-no-huge'];
  const base = { program: 'layout', test: 'layout', tier: 'layout', id: `layout on ${system}`, platform: system };
  const internal = ['lib/ethdev', 'lib/eal/include', 'drivers/bus/vdev', 'drivers/bus/pci'];
  const theirs = {
    compiler: 'clang',
    cflags: [
      ...upstreamHeaders.map((one) => `-I${one}`),
      ...['-include', 'rte_config.h', '-march=corei7'],
      ...internal.map((one) => `-idirafter${path.join(upstream, one)}`),
    ],
    include: [...upstreamHeaders, upstream],
  };
  const ours = {
    compiler: 'clang',
    cflags: [
      ...platform.flags.filter((flag) => flag.startsWith('--target')),
      ...(await pkgConfig(installed, platform.package, ['--cflags'])),
    ],
    linking: platform.flags,
    include: [installed.prefix],
    launch: (program) => platform.launch(program, []),
    environment: platform.environment,
  };
  const { structures, constants, problems } = await compareWithUpstream({ theirs, ours, folder, system });
  const seconds = (performance.now() - start) / 1000;
  const good = problems.length === 0 && structures > 0;
  const said = { output: problems.join('\n'), reason: `${structures} structures, ${constants} constants`, seconds };
  return { ...base, ...said, verdict: good ? 'pass' : 'fail', status: good ? 'pass' : 'fail' };
}

/** Borrows the huge pages that the cases need for the time of `run`; without them those cases say why they are skipped. */
async function withHugePages(cases, run) {
  const pages = Math.max(0, ...cases.map(({ platform }) => platforms[platform].hugePages ?? 0));
  if (pages === 0 || whyNoHugePages(pages) !== '') return run();
  const giveBack = borrowHugePages(pages);
  try {
    return await run();
  } finally {
    giveBack();
  }
}

/**
 * Runs what the options ask for (scripts/conformance.mjs says which there are). Resolves with
 * { results, summary: { passed, failed, skipped } }.
 */
export async function conformance(job) {
  const names = wantedPlatforms(job);
  const presets = [...new Set(names.map((name) => platforms[name].preset))];
  const underWine = names.some((name) => platforms[name].system === 'windows');
  const jobs = ['upstream', ...(underWine ? ['wine'] : [])];
  if (job.build !== false) await bootstrap({ presets, jobs, install: job.install, typescript: false });
  const upstream = await upstreamSource();
  if (underWine) await withLock('setup', ensurePrefix);
  return withLock('conformance', async () => {
    const only = job.only ?? [];
    const cases = plan({ upstream, only, quick: job.quick, wanted: names, all: job.all });
    const layouts = only.length === 0 || only.includes('layout');
    if (cases.length === 0 && !layouts) throw new UserError('No program fits these options.', 64);
    const used = layouts ? names : [...new Set(cases.map(({ platform }) => platform))];
    const contexts = await prepare({ upstream, folder, names: used, buildDirs: buildDir });
    let done = 0;
    const run = () =>
      runCases(cases, contexts, {
        report: (result) => {
          done++;
          printResult(result);
        },
        started: ({ id }) => process.stderr.isTTY && say(`${done}/${cases.length} ${id}`),
      });
    const results = await withHugePages(cases, run);
    const systems = [...new Set(names.map((name) => platforms[name].system))].filter((system) => system !== 'upstream');
    for (const system of layouts ? systems : []) {
      const { build } = Object.values(platforms).find((one) => one.system === system && contexts[one.build]);
      results.push(await layoutResult(system, contexts[build]));
      printResult(results.at(-1));
    }
    const counted = results.filter(({ tier }) => tier !== '?');
    const number = (verdict) => counted.filter((one) => one.verdict === verdict).length;
    return { results, summary: { passed: number('pass'), failed: number('fail'), skipped: number('skip') } };
  });
}
