// SPDX-License-Identifier: BSD-3-Clause
// What is tried: programs.json, expanded into cases of one program, one test and one platform.
import fs from 'node:fs';
import path from 'node:path';
import { platforms } from './platforms.mjs';

const list = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'programs.json'), 'utf8'));

/** The commands that a unit test registers, as its sources say. */
export function testsIn(files) {
  const names = files.flatMap((file) => [
    ...fs.readFileSync(file, 'utf8').matchAll(/^\s*REGISTER_TEST_COMMAND\(\s*(\w+)\s*,/gm),
  ]);
  return [...new Set(names.map(([, name]) => name))];
}

const isPerformance = (name) => /perf|_slow_|_all$/.test(name);

/** What programs.json says of a test on a platform: { skip | fails | cannot: reason } or undefined when it has to pass. */
function expectation(test, platform) {
  const entry = list.expected[test] ?? {};
  return entry[platform] ?? entry['*'];
}

function unitProgram(entry, upstream) {
  const sources = entry.sources ?? [`test_${entry.name}.c`];
  const files = sources.map((name) => path.join(upstream, 'app/test', name));
  return {
    ...entry,
    kind: 'unit',
    name: `test_${entry.name}`,
    folder: 'app/test',
    sources: ['./unit-test/main.c', ...sources],
    include: ['app/test'],
    tests: entry.tests ?? testsIn(files),
  };
}

/** Every unit test of upstream, one source each: for finding out what else works. */
function everything(upstream) {
  const known = list.unitTests.map((entry) => unitProgram(entry, upstream));
  const used = new Set(known.flatMap(({ sources }) => sources));
  const others = fs
    .readdirSync(path.join(upstream, 'app/test'))
    .filter((name) => /^test_\w+\.c$/.test(name) && !used.has(name))
    .map((name) => unitProgram({ name: name.slice(5, -2), tier: '?' }, upstream));
  return [...known, ...others.filter(({ tests }) => tests.length > 0)];
}

/**
 * The cases to run: { id, program, test, platform (name), expected }.
 *   only      parts of names of programs or tests     quick  the part of `npm test`
 *   wanted    names of platforms                      all    also what programs.json does not name
 */
export function plan({ upstream, only = [], quick = false, wanted = Object.keys(platforms), all = false }) {
  const units = all ? everything(upstream) : list.unitTests.map((entry) => unitProgram(entry, upstream));
  const examples = list.examples.map((entry) => ({ ...entry, kind: 'example', tests: [entry.name] }));
  const cases = [];
  for (const program of [...units, ...examples])
    for (const test of program.tests)
      for (const platform of wanted) {
        const named =
          only.length === 0 ||
          only.some((name) => program.name === name || test === name || test.startsWith(`${name}_`));
        if (!named || !runsOn(program, platform)) continue;
        if (quick && (isPerformance(test) || !inQuickPart(program, platform))) continue;
        const expected = expectation(test, platform);
        if (quick && expected?.cannot) continue;
        cases.push({ id: `${test} on ${platform}`, program, test, platform, expected });
      }
  return cases;
}

/** Without a word of its own a program runs everywhere but in the default Windows profile: programs.json names what upstream has there. */
const runsOn = (program, platform) =>
  (program.platforms ?? ['linux', 'windows-posix']).some(
    (name) => name === platform || (name === 'linux' && platforms[platform].system !== 'windows'),
  );

/** `quick`: platforms, or true for plain pages on Linux and the POSIX profile on Windows. */
function inQuickPart({ quick }, platform) {
  const chosen = quick === true ? ['linux-no-huge', 'windows-posix'] : (quick ?? []);
  return chosen.includes(platform);
}

export { list };
