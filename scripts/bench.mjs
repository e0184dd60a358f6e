// SPDX-License-Identifier: BSD-3-Clause
// npm run bench [-- --only ID] [--json FILE] [--gate]: every row of test/bench/*.mjs, measured beside its peer.
//   --json FILE  also write [{ id, value, unit, peer, peerValue, ratio }]
//   --only ID    only the rows whose id is or starts with ID (repeatable)
//   --gate       exit with 1 when a row misses its reach
//
// A module in test/bench exports `rows`, an array of
//   {
//     id: 'client.echo',
//     what: 'receive, swap MACs, transmit the same slot',   // one line for the table
//     unit: 'ns/packet',
//     peer: 'C to C, descriptors',                           // what it is measured beside, in the same run
//     reach: { atMost: 5 } or { atLeast: 0.95 },             // bound on ratio = value / peerValue (optional)
//     presets: ['linux-release'],                            // built before (optional)
//     jobs: ['peers'],                                       // keys of `needs` in scripts/lib/packages.mjs (optional)
//     async measure({ root, buildDir, run, progress }) { ...; return { value, peerValue }; }
//   }
// measure() interleaves both sides itself and throws when it cannot measure: a row never reports a figure it did not see.
import './lib/node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { buildDir, isWindowsPreset, root } from './lib/paths.mjs';
import { main, onExit, run, step, UserError } from './lib/run.mjs';
import { withLock } from './lib/stamps.mjs';

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

function verdict(ratio, reach) {
  if (reach?.atMost !== undefined) return { text: `<= ${reach.atMost}`, met: ratio <= reach.atMost };
  if (reach?.atLeast !== undefined) return { text: `>= ${reach.atLeast}`, met: ratio >= reach.atLeast };
  return { text: '', met: true };
}

function printTable(rows) {
  const cells = [['id', 'value', 'unit', 'peer', 'peer value', 'ratio', 'reach', '']];
  for (const { row, result } of rows) {
    const { text, met } = verdict(result.ratio, row.reach);
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
}

async function measure(row) {
  const tools = { root, buildDir, run };
  const { value, peerValue } = await step(row.id, (progress) => row.measure({ ...tools, progress }));
  for (const figure of [value, peerValue]) {
    if (!Number.isFinite(figure) || figure <= 0)
      throw new UserError(`${row.id} measured ${value} beside ${peerValue}.`);
  }
  return { id: row.id, value, unit: row.unit, peer: row.peer, peerValue, ratio: value / peerValue };
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
  const all = await loadRows();
  const rows = all.filter(
    ({ id }) => !values.only || values.only.some((wanted) => id === wanted || id.startsWith(`${wanted}.`)),
  );
  if (rows.length === 0)
    throw new UserError(`No such row. There are: ${all.map(({ id }) => id).join(', ') || 'none'}`, 64);
  const presets = [...new Set(rows.flatMap((row) => row.presets ?? ['linux-release']))];
  const jobs = [...new Set(rows.flatMap((row) => row.jobs ?? []))];
  const underWine = presets.some(isWindowsPreset);
  if (underWine) jobs.push('wine');
  await bootstrap({ presets, jobs, install: !values['no-install'] });
  if (underWine) {
    const { ensureWindowsBed, stopWine } = await import('./lib/wine.mjs');
    onExit(stopWine);
    await withLock('setup', ensureWindowsBed);
  }
  const measured = [];
  for (const row of rows) measured.push({ row, result: await measure(row) });
  printTable(measured);
  if (values.json)
    fs.writeFileSync(
      values.json,
      `${JSON.stringify(
        measured.map(({ result }) => result),
        undefined,
        2,
      )}\n`,
    );
  return values.gate && measured.some(({ row, result }) => !verdict(result.ratio, row.reach).met) ? 1 : 0;
});
