// SPDX-License-Identifier: BSD-3-Clause
// npm run bench [-- --only ID] [--json FILE] [--gate]: every row of test/bench/*.mjs, measured beside its peer.
//   --json FILE  also write [{ id, value, unit, peer, peerValue, ratio }]
//   --only ID    only the rows whose id is or starts with ID (repeatable)
//   --gate       exit with 1 when a row misses its target
//
// A module in test/bench exports `rows`, an array of
//   {
//     id: 'client.echo',
//     title: 'receive, swap MACs, transmit the same slot',   // one line for the table
//     target: 5,                                             // bound on the ratio (optional)
//     better: 'less' or 'more',                              // which side of the target is good; 'less' when absent
//     presets: ['linux-release'],                            // built before (this when absent)
//     jobs: ['peers'],                                       // keys of `needs` in scripts/lib/packages.mjs ('peers' when absent)
//     async run(tools) { ...; return { value, unit, peer, peerValue, ratio }; }
//   }
// with tools = {
//   root, dataplane (executable of the first preset), buildDir(preset), dataplaneOf(preset), captures (folder of recorded traffic),
//   upstreamSource() -> folder with upstream's examples/, runTool(command, args, options) as in lib/run.mjs,
//   wineEnvironment (when a Windows preset is named), progress(text)
// }.
// `peer` says what the row is measured beside, in the same run; `note` (optional) is a line printed under the row's title. `ratio`
// is value / peerValue when absent; a row that pairs its samples gives its own. run() interleaves both sides and throws when it cannot
// measure: no row reports what it did not see.
import './lib/node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { makeCaptures } from './captures.mjs';
import { buildDir, captures, dataplane, isWindowsPreset, root } from './lib/paths.mjs';
import { main, onExit, run, step, UserError } from './lib/run.mjs';
import { withLock } from './lib/stamps.mjs';
import { upstreamSource } from './lib/upstream.mjs';

async function loadRows() {
  const folder = path.join(root, 'test/bench');
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.mjs')) : [];
  const modules = await Promise.all(files.sort().map((name) => import(pathToFileURL(path.join(folder, name)).href)));
  const rows = modules.flatMap((module) => module.rows ?? []);
  for (const [index, row] of rows.entries()) {
    if (rows.findIndex(({ id }) => id === row.id) !== index)
      throw new UserError(`Two benchmark rows are called ${row.id}.`);
  }
  return rows;
}

const format = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

const presetsOf = (row) => row.presets ?? ['linux-release'];

function verdict(ratio, { target, better = 'less' }) {
  if (target === undefined) return { text: '', met: true };
  return better === 'more'
    ? { text: `>= ${target}`, met: ratio >= target }
    : { text: `<= ${target}`, met: ratio <= target };
}

function printTable(rows) {
  const cells = [['id', 'value', 'unit', 'peer', 'peer value', 'ratio', 'target', '']];
  for (const { row, result } of rows) {
    const { text, met } = verdict(result.ratio, row);
    const figures = [format(result.value), result.unit, result.peer, format(result.peerValue), format(result.ratio)];
    cells.push([row.id, ...figures, text, met ? '' : 'MISSED']);
  }
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  for (const line of cells)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  console.log();
  for (const { row, result } of rows) {
    console.log(`${row.id.padEnd(widths[0])}  ${row.title}`);
    if (result.note) console.log(`${''.padEnd(widths[0])}  ${result.note}`);
  }
}

async function measure(row, wineEnvironment) {
  const presets = presetsOf(row);
  const tools = {
    root,
    buildDir,
    dataplaneOf: dataplane,
    dataplane: dataplane(presets[0]),
    captures,
    upstreamSource,
    wineEnvironment,
  };
  const result = await step(row.id, (progress) => row.run({ ...tools, runTool: run, progress }));
  const { value, unit, peer, peerValue, ratio = value / peerValue, note } = result;
  for (const figure of [value, peerValue, ratio]) {
    if (!Number.isFinite(figure) || figure <= 0)
      throw new UserError(`${row.id} measured ${value} beside ${peerValue}.`);
  }
  return { id: row.id, value, unit, peer, peerValue, ratio, ...(note && { note }) };
}

await main(async () => {
  const { values } = util.parseArgs({
    options: {
      json: { type: 'string' },
      only: { type: 'string', multiple: true },
      gate: { type: 'boolean', default: false },
      'no-install': { type: 'boolean', default: false },
    },
  });
  await bootstrap({ typescript: false, install: !values['no-install'] });
  const all = await loadRows();
  const rows = all.filter(
    ({ id }) => !values.only || values.only.some((wanted) => id === wanted || id.startsWith(`${wanted}.`)),
  );
  if (rows.length === 0)
    throw new UserError(`No such row. There are: ${all.map(({ id }) => id).join(', ') || 'none'}`, 64);
  const presets = [...new Set(rows.flatMap(presetsOf))];
  const jobs = ['captures', ...new Set(rows.flatMap((row) => row.jobs ?? ['peers']))];
  const underWine = presets.some(isWindowsPreset);
  if (underWine) jobs.push('wine');
  await bootstrap({ presets, jobs, install: !values['no-install'] });
  await makeCaptures();
  let wineEnvironment;
  if (underWine) {
    const { ensureWindowsBed, stopWine, ...wine } = await import('./lib/wine.mjs');
    wineEnvironment = wine.wineEnvironment;
    onExit(stopWine);
    await withLock('setup', ensureWindowsBed);
  }
  const measured = [];
  for (const row of rows) measured.push({ row, result: await measure(row, wineEnvironment) });
  printTable(measured);
  const results = measured.map(({ result }) => result);
  if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  return values.gate && measured.some(({ row, result }) => !verdict(result.ratio, row).met) ? 1 : 0;
});
