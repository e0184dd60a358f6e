// SPDX-License-Identifier: BSD-3-Clause
// Mutants: one-line defects put into a copy of the tree, each of which a named test must notice. The copy lies in
// build/mutants; each mutant changes one line there, builds what its test needs, runs the test and takes the line back.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { captures, isWindowsPreset, root } from './paths.mjs';
import { run, step, UserError } from './run.mjs';

const copy = path.join(root, 'build', 'mutants');
const timeoutSeconds = 90;
const inCopy = (...parts) => path.join(copy, ...parts);
const buildDir = (preset) => inCopy('build', preset);

/** Brings the copy up to date; what has not changed keeps its time, so that little is built again. */
function copyTree() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files = listed.toString().split('\0').filter(Boolean);
  for (const file of files) {
    const from = path.join(root, file);
    const to = inCopy(file);
    if (!fs.existsSync(from)) continue;
    const bytes = fs.readFileSync(from);
    if (fs.existsSync(to) && fs.readFileSync(to).equals(bytes)) continue;
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, bytes);
  }
  const modules = inCopy('node_modules');
  if (!fs.existsSync(modules)) fs.symlinkSync(path.join(root, 'node_modules'), modules, 'dir');
}

/** The text of the file with the mutant's line in the place of the right one. */
function mutate(mutant) {
  const text = fs.readFileSync(path.join(root, mutant.file), 'utf8');
  const lines = text.split('\n');
  const at = lines.flatMap((line, i) => (line.trim() === mutant.line ? [i] : []));
  if (at.length !== 1)
    throw new UserError(`mutant ${mutant.name}: its line stands ${at.length} times in ${mutant.file}, not once.`);
  lines[at[0]] = lines[at[0]].replace(mutant.line, () => mutant.becomes);
  return lines.join('\n');
}

const preset = ({ killedBy }) => killedBy.preset ?? (killedBy.fuzz ? 'linux-asan' : 'linux-release');

async function build(mutant) {
  const { killedBy } = mutant;
  if (!killedBy.ctest && !killedBy.fuzz && !killedBy.dataplane) return;
  const dir = buildDir(preset(mutant));
  const targets = [killedBy.target ?? killedBy.ctest ?? killedBy.fuzz ?? 'wdpdk-dataplane', ...(killedBy.also ?? [])];
  if (!fs.existsSync(path.join(dir, 'build.ninja')))
    await run('cmake', ['--preset', preset(mutant)], { cwd: copy, log: 'mutants-cmake' });
  const { code, output } = await run('ninja', ['-C', dir, ...targets], { log: 'mutants-ninja', allowFailure: true });
  if (code !== 0) throw new UserError(`mutant ${mutant.name} does not compile:\n${output.slice(-2000)}`);
}

/** Runs the test that must notice. True when it passed, that is when the defect lives. */
async function passes({ name, killedBy }, log, fuzz) {
  const dir = buildDir(preset({ killedBy }));
  if (killedBy.ctest) {
    const args = ['--test-dir', dir, '-R', `^${killedBy.ctest}$`, '--no-tests=error', '--timeout', `${timeoutSeconds}`];
    const { code, output } = await run('ctest', [...args, '--output-on-failure'], { log, allowFailure: true });
    if (/No tests were found/.test(output)) throw new UserError(`mutant ${name}: there is no test ${killedBy.ctest}.`);
    return code === 0;
  }
  if (killedBy.fuzz) return (await fuzz(killedBy.fuzz, dir, inCopy('build', 'corpus', name))).code === 0;
  return vitestPasses(name, killedBy, log);
}

async function vitestPasses(name, killedBy, log) {
  const report = inCopy('build', `${name}.json`);
  fs.rmSync(report, { force: true });
  const program = path.join(
    dirOf(killedBy),
    isWindowsPreset(killedBy.preset ?? '') ? 'wdpdk-dataplane.exe' : 'wdpdk-dataplane',
  );
  const env = {
    NODE_OPTIONS: '',
    WDPDK_TEST_BED: 'linux',
    WDPDK_BUILD_DIR: dirOf(killedBy),
    WDPDK_CAPTURES_DIR: captures,
    ...(killedBy.dataplane ? { WDPDK_DATAPLANE_PATH: program } : {}),
  };
  const args = ['node_modules/vitest/vitest.mjs', 'run', killedBy.vitest, '--reporter=json', `--outputFile=${report}`];
  args.push(`--testTimeout=${timeoutSeconds * 1000}`);
  if (killedBy.test) args.push('-t', killedBy.test.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  await run(process.execPath, args, { cwd: copy, env, log, allowFailure: true });
  if (!fs.existsSync(report)) throw new UserError(`mutant ${name}: vitest did not run; see .cache/logs/${log}.log.`);
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
    fs.readFileSync(report, 'utf8'),
  );
  if (numPassedTests + numFailedTests === 0 && numFailedTestSuites === 0)
    throw new UserError(`mutant ${name}: ${killedBy.vitest} has no test "${killedBy.test}".`);
  return numFailedTests === 0 && numFailedTestSuites === 0 && testResults.every(({ status }) => status !== 'failed');
}

const dirOf = (killedBy) => buildDir(preset({ killedBy }));
const testOf = ({ ctest, fuzz, vitest, test, preset: on }) =>
  `${ctest ?? fuzz ?? vitest}${test ? ` > ${test}` : ''}${on ? ` (${on})` : ''}`;

/**
 * First the tests on the tree as it is (a test that fails anyway proves nothing), then each mutant.
 *   fuzz   runs a fuzz target of a build folder on a corpus folder; for mutants that one has to find
 * Resolves with { passed, failures: [text] }.
 */
export async function runMutants(mutants, { quiet = false, fuzz } = {}) {
  await step('mutants: a copy of the tree', () => copyTree());
  const failures = [];
  const sound = new Map();
  let passed = 0;
  for (const mutant of mutants) {
    const test = testOf(mutant.killedBy);
    const source = path.join(root, mutant.file);
    const target = inCopy(mutant.file);
    try {
      if (!sound.has(test)) {
        await build(mutant);
        // A fuzzer that finds nothing runs for its whole time: `npm run fuzz` is where that is done.
        const sane = () => passes(mutant, 'mutants-sound');
        sound.set(test, mutant.killedBy.fuzz ? true : (await sane()) || (await sane()));
      }
      if (!sound.get(test)) throw new UserError(`mutant ${mutant.name}: ${test} fails without it, too.`);
      fs.writeFileSync(target, mutate(mutant));
      await build(mutant);
      const lives = await passes(mutant, `mutant-${mutant.name}`, fuzz);
      if (lives) failures.push(`${mutant.name}: ${test} did not notice`);
      else passed++;
      if (!quiet) console.log(`  ${lives ? 'LIVES ' : 'killed'}  ${mutant.name.padEnd(34)} ${test}`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error.message);
      if (!quiet) console.log(`  ERROR   ${error.message}`);
    } finally {
      fs.writeFileSync(target, fs.readFileSync(source));
    }
  }
  return { passed, failures };
}
