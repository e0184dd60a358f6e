// SPDX-License-Identifier: BSD-3-Clause
// Builds and runs cases (plan.mjs) and holds what they did against what programs.json expects.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, fingerprint, install, variants } from './build.mjs';
import { judges } from './judges.mjs';
import { platforms } from './platforms.mjs';
import { Running } from './process.mjs';

/** What a unit test's exit code means (unit-test/main.c); 77 is upstream's own "skipped". */
const skipped = 77;
const noSuchTest = 78;

/** { platform's build -> { installed, folder, key, upstream } }: our libraries installed, ready to build against. */
export async function prepare({ upstream, folder, names, buildDirs, progress = () => {} }) {
  const contexts = {};
  const installs = {};
  for (const name of names) {
    const { system, build: kind, preset } = platforms[name];
    let include = [];
    if (system === 'upstream') {
      // Headers that upstream does not install are in its source package.
      const internal = fs.readdirSync(path.join(upstream, 'lib'), { recursive: true, withFileTypes: true });
      const folders = new Set(internal.filter((entry) => entry.name.endsWith('.h')).map((entry) => entry.parentPath));
      include = [...folders]
        .filter((one) => !/windows|freebsd|arm|ppc|riscv|loongarch|generic/.test(one))
        .map((one) => `-idirafter${one}`);
      installs[system] = { prefix: '/usr', env: {} };
    } else if (!installs[system]) {
      progress(`install ${preset}`);
      installs[system] = await install(buildDirs(preset), path.join(folder, 'install', system));
    }
    const place = path.join(folder, 'programs', kind);
    fs.mkdirSync(place, { recursive: true });
    contexts[kind] ??= {
      upstream,
      installed: installs[system],
      include,
      folder: place,
      key:
        system === 'upstream'
          ? system
          : fingerprint(installs[system].prefix, path.join(import.meta.dirname, 'unit-test')),
    };
  }
  return contexts;
}

async function runUnitTest({ test, platform: name, program }, executable, folder) {
  const platform = platforms[name];
  // Names of files that EAL makes are the program's own.
  const own = platform.system !== 'windows' ? ['--file-prefix', `wdpdk-${process.pid}-${test}`] : [];
  const [command, args] = platform.launch(executable, [...platform.eal, ...own, ...(program.eal ?? [])]);
  const running = new Running(command, args, { cwd: folder, env: { ...platform.environment, DPDK_TEST: test } });
  const { code, signal } = await running.end((program.seconds ?? 120) * 1000);
  const output = running.output;
  if (code === 0) return { status: 'pass', output };
  if (code === skipped) return { status: 'skip', output };
  const why = code === noSuchTest ? 'it has no such test' : signal ? `ended by ${signal}` : `exit code ${code}`;
  return { status: 'fail', output: `${output}\n(${why})` };
}

async function runExample({ program, platform: name }, executables, folder) {
  const platform = platforms[name];
  for (const executable of executables) await judges[program.judge]({ executable, platform }, folder);
  return { status: 'pass', output: '' };
}

/** Builds one program for one platform, in each way it is to be built: the executables, or what went wrong. */
async function buildAll(program, name, context) {
  const platform = platforms[name];
  const plain = { name: platform.compiler, compiler: platform.compiler, libs: ['--libs'], extra: [] };
  const ways = program.kind === 'example' && platform.system === 'linux' ? variants : [plain];
  const executables = [];
  for (const way of ways) {
    const { executable, failed } = await build(program, platform, way, context);
    if (failed) return { failed };
    executables.push(executable);
  }
  return { executables };
}

async function attempt(one, built) {
  if (built.failed) return { status: 'fail', phase: 'build', output: built.failed };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-conformance-'));
  try {
    if (one.program.kind === 'example') return await runExample(one, built.executables, folder);
    return await runUnitTest(one, built.executables[0], folder);
  } catch (error) {
    return { status: 'fail', output: error.message };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What is expected and what happened, in one word: pass, skip (with its reason) or fail. */
function verdictOf({ expected }, outcome) {
  if (outcome.status === 'pass' && !expected) return { verdict: 'pass' };
  if (outcome.status === 'skip' && expected?.skip) return { verdict: 'skip', reason: expected.skip };
  const known = expected?.fails ?? expected?.cannot;
  if (outcome.status === 'fail' && known) return { verdict: 'skip', reason: known };
  if (outcome.status === 'pass')
    return { verdict: 'fail', reason: 'passes, though programs.json expects that it does not' };
  if (outcome.status === 'skip')
    return { verdict: 'fail', reason: 'skipped, but not listed with a reason in programs.json' };
  return { verdict: 'fail', reason: outcome.phase === 'build' ? 'does not build' : 'failed' };
}

/**
 * Runs all cases, with `jobs` programs built at a time; calls `report(result)` as they come.
 * A result: { id, program, test, platform, verdict, status, reason, seconds, output }.
 */
export async function runCases(
  cases,
  contexts,
  { jobs = os.availableParallelism(), report = () => {}, started = () => {} } = {},
) {
  const results = [];
  const builds = new Map();
  const executablesOf = ({ program, platform }) => {
    const key = `${program.name} ${platforms[platform].build}`;
    if (!builds.has(key)) builds.set(key, buildAll(program, platform, contexts[platforms[platform].build]));
    return builds.get(key);
  };
  const one = async (item) => {
    started(item);
    const built = await executablesOf(item);
    const start = performance.now();
    const missing = platforms[item.platform].missing?.();
    const outcome = missing ? { status: 'absent', output: '' } : await attempt(item, built);
    const seconds = (performance.now() - start) / 1000;
    const judged = missing ? { verdict: 'skip', reason: missing } : verdictOf(item, outcome);
    const { program, test, platform, id } = item;
    const result = { id, program: program.name, tier: program.tier, test, platform, ...outcome, ...judged, seconds };
    results.push(result);
    report(result);
  };
  // Programs are built side by side and run one by one: their lcores spin, and share the processors with each other only.
  const unbuilt = [...cases];
  const builders = Array.from({ length: jobs }, async () => {
    for (let item; (item = unbuilt.shift()) !== undefined;) await executablesOf(item);
  });
  for (const item of cases) await one(item);
  await Promise.all(builders);
  return results;
}
