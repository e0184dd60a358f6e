// SPDX-License-Identifier: BSD-3-Clause
// Results of ctest and vitest in one form, and the summary of a whole run:
//   { bed, suite, passed, failures: [name], skips: [{ name, reason }] }
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const unescape = (text) =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]);

/** Read what `ctest --output-junit` wrote. */
export function readCtest(bed, file) {
  const result = { bed, suite: 'ctest', passed: 0, failures: [], skips: [] };
  const xml = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  for (const [, name, status] of xml.matchAll(/<testcase\b[^>]*?\bname="([^"]*)"[^>]*?\bstatus="([^"]*)"/g)) {
    if (status === 'run') result.passed++;
    else if (status === 'fail') result.failures.push(unescape(name));
    else result.skips.push({ name: unescape(name), reason: '' });
  }
  return result;
}

/** Read what vitest's json reporter wrote; names are "file > suite > test", relative to `base`. */
export function readVitest(bed, file, base) {
  const result = { bed, suite: 'vitest', passed: 0, failures: [], skips: [] };
  if (!fs.existsSync(file)) return result;
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const suite of report.testResults) {
    const fileName = path.posix.relative(withoutDrive(base), withoutDrive(suite.name));
    if (suite.assertionResults.length === 0)
      result.failures.push(`${fileName} (did not load: ${firstLine(suite.message)})`);
    for (const test of suite.assertionResults) {
      const full = [fileName, ...test.ancestorTitles.filter((title) => title !== ''), test.title].join(' > ');
      if (test.status === 'passed') result.passed++;
      else if (test.status === 'failed') result.failures.push(full);
      else result.skips.push({ name: full, reason: '' });
    }
    // A hook that failed shows in the file's status only.
    const failedHere = suite.assertionResults.some((test) => test.status === 'failed');
    if (suite.status === 'failed' && suite.assertionResults.length > 0 && !failedHere) {
      result.failures.push(`${fileName} (${firstLine(suite.message)})`);
    }
  }
  return result;
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
    // Its skips are listed in test/conformance/programs.json, and checked there.
    if (result.suite === 'conformance') continue;
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
  for (const { bed, suite, passed, failures, skips } of results) {
    const name = `${bed} ${suite}`.padEnd(26);
    console.log(`  ${name} ${passed} passed, ${failures.length} failed, ${skips.length} skipped`);
    for (const failure of failures) console.log(`    FAILED  ${failure}`);
    for (const skip of skips) console.log(`    skipped ${skip.name}: ${skip.reason}`);
    total.passed += passed;
    total.failed += failures.length;
    total.skipped += skips.length;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total;
}
