// SPDX-License-Identifier: BSD-3-Clause
// npm run fuzz [-- --seconds N] [--only TARGET] [--planted]
// Runs each libFuzzer target for N seconds (default 30) and prints executions and edges. With --planted each target is built
// with the one defect that test/mutants has for it and has to find it within 60 seconds.
import './lib/node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import { mutants } from '../test/mutants/mutants.mjs';
import { bootstrap } from './bootstrap.mjs';
import { makeCaptures } from './captures.mjs';
import { fuzzTargets } from './fuzz-targets.mjs';
import { runMutants } from './lib/mutants.mjs';
import { buildDir, cache, captures, root } from './lib/paths.mjs';
import { main, run, UserError } from './lib/run.mjs';

const plantedSeconds = 60;

/** Small files of real frames, in both formats. */
async function captureSeeds(folder) {
  await makeCaptures();
  for (const [format, extension] of [
    ['nsecpcap', 'pcap'],
    ['pcap', 'us.pcap'],
    ['pcapng', 'pcapng'],
  ]) {
    await run('editcap', [
      '-r',
      '-F',
      format,
      path.join(captures, 'mixed.pcap'),
      path.join(folder, `seed.${extension}`),
      '1-12',
    ]);
  }
}

/** Every configuration of the vectors, right and wrong. */
function forwardingSeeds(folder) {
  const vectors = path.join(root, 'shm-protocol/vectors/forwarding');
  const files = fs.readdirSync(vectors, { recursive: true }).filter((name) => name.endsWith('.json'));
  for (const file of files) {
    const { cases } = JSON.parse(fs.readFileSync(path.join(vectors, file), 'utf8'));
    cases.forEach(({ config }, i) => {
      const name = `seed-${file.replaceAll(/\W/g, '-')}-${i}`;
      fs.writeFileSync(path.join(folder, name), JSON.stringify(config));
    });
  }
}

async function fuzz(target, dir, seconds, corpus) {
  fs.mkdirSync(corpus, { recursive: true });
  if (target.seeds === 'captures') await captureSeeds(corpus);
  if (target.seeds === 'forwarding') forwardingSeeds(corpus);
  const program = path.join(dir, 'fuzz', target.name);
  if (!fs.existsSync(program)) throw new UserError(`The build has no fuzz target ${target.name}.`);
  const args = [
    ...[corpus, `-max_total_time=${seconds}`, `-max_len=${target.maxLength}`, '-print_final_stats=1'],
    ...['-timeout=10', '-rss_limit_mb=2048', `-artifact_prefix=${corpus}-crash-`],
  ];
  const { code, output } = await run(program, args, { log: path.basename(corpus), allowFailure: true });
  const executions = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(output)?.[1] ?? 0);
  const edges = Math.max(0, ...[...output.matchAll(/\bcov: (\d+)/g)].map(([, count]) => Number(count)));
  const finding = /SUMMARY: .*/.exec(output)?.[0];
  return { code, executions, edges, finding };
}

/** Look for defects in the code as it is. */
async function search(targets, seconds, install) {
  await bootstrap({ presets: ['linux-asan'], jobs: ['captures'], typescript: false, install });
  let found = 0;
  for (const target of targets) {
    const corpus = path.join(cache, 'fuzz', target.name);
    const { code, executions, edges, finding } = await fuzz(target, buildDir('linux-asan'), seconds, corpus);
    console.log(
      `${target.name.padEnd(22)} ${executions} executions, ${edges} edges, ${code === 0 ? 'nothing found' : finding}`,
    );
    if (code !== 0) found++;
    if (code === 0 && (executions === 0 || edges === 0)) throw new UserError(`${target.name} did not run.`);
  }
  if (found > 0)
    console.log(`The inputs are in ${path.join('.cache', 'fuzz')} (*-crash-*), the reports in .cache/logs.`);
  return found > 0 ? 1 : 0;
}

/** See that each target finds what test/mutants has for it. */
async function searchPlanted(targets, install) {
  await bootstrap({ presets: ['linux-asan'], jobs: ['captures'], typescript: false, install });
  const chosen = mutants.filter(({ killedBy }) => targets.some(({ name }) => name === killedBy.fuzz));
  const without = targets.filter(({ name }) => !chosen.some(({ killedBy }) => killedBy.fuzz === name));
  if (without.length > 0)
    throw new UserError(`test/mutants has nothing for ${without.map(({ name }) => name).join(', ')}.`);
  const { failures } = await runMutants(chosen, {
    fuzz: async (name, dir, corpus) => {
      fs.rmSync(corpus, { recursive: true, force: true });
      const target = targets.find((known) => known.name === name);
      const { code, executions, edges, finding } = await fuzz(target, dir, plantedSeconds, corpus);
      console.log(`${name}: ${executions} executions, ${edges} edges, ${finding ?? 'nothing found'}`);
      return { code };
    },
  });
  return failures.length > 0 ? 1 : 0;
}

await main(async () => {
  const { values } = util.parseArgs({
    options: {
      seconds: { type: 'string', default: '30' },
      only: { type: 'string' },
      planted: { type: 'boolean', default: false },
      'no-install': { type: 'boolean', default: false },
    },
  });
  const install = !values['no-install'];
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new UserError(`--seconds wants a whole number, not "${values.seconds}"`, 64);
  const targets = fuzzTargets.filter(({ name }) => values.only === undefined || values.only === name);
  if (targets.length === 0) {
    throw new UserError(`No target ${values.only}. There are: ${fuzzTargets.map(({ name }) => name).join(', ')}`, 64);
  }
  return values.planted ? searchPlanted(targets, install) : search(targets, seconds, install);
});
