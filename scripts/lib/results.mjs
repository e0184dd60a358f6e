// SPDX-License-Identifier: BSD-3-Clause
// Results of ctest and vitest in one form, and the summary of a whole run:
//   { bed, suite, passed, failures: [name], skips: [{ name, reason }], unstable: [name], units }
// A unit is what can be run again by itself: a test of ctest, a file of vitest.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const unescape = (text) =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]);

/** The results of a suite by its units, and their sums. */
function resultOf(bed, suite, units) {
  const all = [...units.values()];
  return {
    bed,
    suite,
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failures: all.flatMap(({ failures }) => failures),
    skips: all.flatMap(({ skips }) => skips),
    unstable: [],
    units,
  };
}

/** Read what `ctest --output-junit` wrote. */
export function readCtest(bed, file) {
  const units = new Map();
  const xml = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  for (const [, escaped, status] of xml.matchAll(/<testcase\b[^>]*?\bname="([^"]*)"[^>]*?\bstatus="([^"]*)"/g)) {
    const name = unescape(escaped);
    units.set(name, {
      passed: status === 'run' ? 1 : 0,
      failures: status === 'fail' ? [name] : [],
      skips: status === 'run' || status === 'fail' ? [] : [{ name, reason: '' }],
    });
  }
  return resultOf(bed, 'ctest', units);
}

/** Read what vitest's json reporter wrote; names are "file > suite > test", relative to `base`. */
export function readVitest(bed, file, base) {
  const units = new Map();
  const report = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { testResults: [] };
  for (const suite of report.testResults) {
    const fileName = path.posix.relative(withoutDrive(base), withoutDrive(suite.name));
    const unit = { passed: 0, failures: [], skips: [] };
    units.set(fileName, unit);
    if (suite.assertionResults.length === 0)
      unit.failures.push(`${fileName} (did not load: ${firstLine(suite.message)})`);
    for (const test of suite.assertionResults) {
      const full = [fileName, ...test.ancestorTitles.filter((title) => title !== ''), test.title].join(' > ');
      if (test.status === 'passed') unit.passed++;
      else if (test.status === 'failed') unit.failures.push(full);
      else unit.skips.push({ name: full, reason: '' });
    }
    // A hook that failed shows in the file's status only.
    const failedHere = suite.assertionResults.some((test) => test.status === 'failed');
    if (suite.status === 'failed' && suite.assertionResults.length > 0 && !failedHere) {
      unit.failures.push(`${fileName} (${firstLine(suite.message)})`);
    }
  }
  return resultOf(bed, 'vitest', units);
}

const failedUnits = ({ units }) => [...units].filter(([, { failures }]) => failures.length > 0).map(([name]) => name);

/**
 * What failed is run once more, by itself: on a shared machine a test meets pauses that say nothing of the product. What
 * passes then counts as passed and is named as unstable, which is a report to look into, not to get used to. When
 * more than a few units failed, something is broken, and nothing is run again.
 *   again   runs the named units; resolves with their result
 */
export async function secondAttempt(first, again, { most = 5 } = {}) {
  const failed = failedUnits(first);
  if (failed.length === 0 || failed.length > most) return first;
  console.log(`\nonce more, alone: ${failed.join(', ')}`);
  const second = await again(failed);
  const units = new Map(first.units);
  const unstable = [];
  for (const name of failed) {
    const unit = second.units.get(name);
    if (!unit || unit.failures.length > 0 || unit.passed === 0) continue;
    unstable.push(...units.get(name).failures);
    units.set(name, unit);
  }
  return { ...resultOf(first.bed, first.suite, units), unstable };
}

/** Paths of Windows and Linux in one form. */
const withoutDrive = (file) => file.replaceAll('\\', '/').replace(/^[A-Za-z]:/, '');

const firstLine = (text) => (text ?? '').trim().split('\n')[0];

/**
 * Hold skips against test/skips.json: one that is not listed for its bed is a failure; so is (in a whole run) a listed name
 * that was not skipped, because then the list lies. A line with `when` names a condition that need not hold here.
 */
export function checkSkips(results, { whole }) {
  const listed = JSON.parse(fs.readFileSync(path.join(root, 'test/skips.json'), 'utf8'));
  for (const result of results) {
    // Conformance's skips are listed in test/conformance/programs.json, and checked there; mutants and captures have none.
    if (result.suite !== 'ctest' && result.suite !== 'vitest') continue;
    const entries = (listed[result.bed] ?? []).filter(
      ({ test }) => /\.test\.(ts|mjs)/.test(test) === (result.suite === 'vitest'),
    );
    // A listed file or suite stands for all its tests.
    const entryOf = (name) => entries.find(({ test }) => name === test || name.startsWith(`${test} > `));
    const unlisted = result.skips.filter(({ name }) => !entryOf(name)?.reason);
    result.failures.push(
      ...unlisted.map(({ name }) => `${name} (skipped, but not listed with a reason in test/skips.json)`),
    );
    const accepted = result.skips.filter(({ name }) => entryOf(name)?.reason);
    result.skips = accepted.map(({ name }) => ({ name, reason: entryOf(name).reason }));
    if (!whole) continue;
    const used = new Set(accepted.map(({ name }) => entryOf(name)));
    const stale = entries.filter((entry) => !used.has(entry) && entry.when === undefined);
    result.failures.push(...stale.map(({ test }) => `${test} (listed in test/skips.json, but it was not skipped)`));
  }
}

/** Print what happened on each bed; returns the totals. The last line is the one machines read. */
export function printSummary(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  console.log('\nSummary');
  for (const { bed, suite, passed, failures, skips, unstable = [] } of results) {
    const name = `${bed} ${suite}`.padEnd(26);
    console.log(`  ${name} ${passed} passed, ${failures.length} failed, ${skips.length} skipped`);
    for (const failure of failures) console.log(`    FAILED  ${failure}`);
    for (const name of unstable) console.log(`    UNSTABLE ${name}: failed, then passed alone`);
    for (const skip of skips) console.log(`    skipped ${skip.name}: ${skip.reason}`);
    total.passed += passed;
    total.failed += failures.length;
    total.skipped += skips.length;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total;
}
