// SPDX-License-Identifier: BSD-3-Clause
//
// The libraries of the C core beside upstream's, row by row: one source (dataplane/bench/core) compiled against both. The peer of a
// row is upstream's fastest of two compilers and two instruction sets, ours the best of the same four. First all variants are
// looked at, then those that came out best for some row run in turn, nine times each. Rows that end in `.4k` are the same on plain pages.
// `windows.*`: the Windows build under Wine over the Linux build, same compiler and flags, plain pages: best of twelve pairs. The two
// systems' code differs in length, so the same loop begins at another place in its cache line, and that alone is worth up to a fifth: the
// pairs take turns in four places, on both sides.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, buildForWindows, measure, side, variants } from './support/core-programs.mjs';
import { borrowHugePages } from '../support/hugepages.mjs';
import { median } from './support/stats.mjs';

const looks = 2;
const rounds = 9;
const shifts = [0, 16, 32, 48];
const pairsAShift = 3;
const hugePages = 1024;
const thp = '/sys/kernel/mm/transparent_hugepage/enabled';

const forms = (id, target) => ['const', 'var'].map((form) => ({ id: `${id}.${form}`, target }));
const lookups = ['200k', '1m'].flatMap((routes) =>
  ['uniform', 'skewed'].flatMap((addresses) =>
    ['single', 'bulk', 'x4'].map((call) => ({ id: `lpm.lookup.${call}.${routes}.${addresses}`, target: 0.8 })),
  ),
);

/** What each source measures, and the bound on ours / upstream on huge pages. */
const libraries = {
  ring: [
    ...[...forms('ring.spsc.8', 0.9), ...forms('ring.spsc.32', 0.9)],
    ...[...forms('ring.spsc.2cores.8', 0.8), ...forms('ring.spsc.2cores.32', 0.8)],
    ...[...forms('ring.mpmc.8', 0.95), ...forms('ring.mpmc.32', 0.85)],
  ],
  mempool: [
    ...[...forms('mempool.cache.1', 0.95), ...forms('mempool.cache.8', 0.95)],
    ...[...forms('mempool.cache.32', 0.8), ...forms('mempool.cache.64', 0.8)],
  ],
  mbuf: [
    { id: 'mbuf.single', target: 0.8 },
    { id: 'mbuf.bulk32', target: 0.6 },
  ],
  lpm: [...lookups, { id: 'lpm.add.1m', target: 0.005 }, { id: 'lpm.delete.1m', target: 0.005 }],
};

/** For the time of `action` no plain page grows into a huge one behind a row's back. */
async function withoutTransparentHugePages(action) {
  const [, before] = /\[(\w+)\]/.exec(readFileSync(thp, 'utf8'));
  writeFileSync(thp, 'never');
  try {
    return await action();
  } finally {
    writeFileSync(thp, before);
  }
}

async function inFolder(action) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Medians by row of several runs. */
function medians(runs) {
  const rows = [...new Set(runs.flatMap((run) => [...run.keys()]))];
  return new Map(
    rows.map((row) => [row, median(runs.map((run) => run.get(row)).filter((value) => value !== undefined))]),
  );
}

const fastest = (candidates, row) =>
  candidates.reduce((best, one) => ((one.seen.get(row) ?? Infinity) < (best.seen.get(row) ?? Infinity) ? one : best));

/** All rows of one library on one kind of pages: Map of row -> {value, peerValue, ratio, variant, peerVariant}. */
async function compare(library, pages, { root, buildDir, progress }) {
  return inFolder(async (folder) => {
    const ours = await side('ours', folder, buildDir('linux-release'));
    const theirs = await side('upstream', folder);
    const candidates = { ours: [], upstream: [] };
    for (const variant of variants) {
      for (const of of [ours, theirs]) {
        progress(`${of.name} with ${variant.name}`);
        const command = [build(root, library, of, variant, folder)];
        const runs = [];
        for (let look = 0; look < looks; look++) runs.push(await measure(command, { pages }));
        candidates[of.name].push({ variant: variant.name, command, seen: medians(runs), runs: [] });
      }
    }
    const wanted = libraries[library].map(({ id }) => id);
    const chosen = new Map(
      wanted.map((row) => [row, { ours: fastest(candidates.ours, row), upstream: fastest(candidates.upstream, row) }]),
    );
    const players = [...new Set([...chosen.values()].flatMap((pair) => [pair.upstream, pair.ours]))];
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      for (const player of players) player.runs.push(await measure(player.command, { pages }));
    }
    return new Map(
      [...chosen].map(([row, pair]) => {
        const values = (player) => player.runs.map((run) => run.get(row));
        const [mine, peers] = [values(pair.ours), values(pair.upstream)];
        if ([...mine, ...peers].includes(undefined))
          throw new Error(`dataplane/bench/core/${library}.c has no row ${row}`);
        const result = {
          value: median(mine),
          peerValue: median(peers),
          ratio: median(mine.map((own, i) => own / peers[i])),
        };
        return [row, { ...result, peer: `upstream (${pair.upstream.variant}; ours ${pair.ours.variant})` }];
      }),
    );
  });
}

async function comparePages(library, pages, tools) {
  if (pages === 'plain') return withoutTransparentHugePages(() => compare(library, pages, tools));
  const restore = borrowHugePages(hugePages);
  try {
    return await compare(library, pages, tools);
  } finally {
    restore();
  }
}

const done = new Map();
/** A library is measured once for all its rows. */
function once(key, action) {
  if (!done.has(key)) done.set(key, action());
  return done.get(key);
}

const unit = 'cycles';
const against = (library, pages, row) => async (tools) => {
  const results = await once(`${library} ${pages}`, () => comparePages(library, pages, tools));
  return { unit, ...results.get(row) };
};

/** Our mbufs on plain pages beside our own on huge pages. */
async function plainBesideHuge(tools) {
  const row = 'mbuf.bulk32';
  const huge = await once('mbuf huge', () => comparePages('mbuf', 'huge', tools));
  const plain = await once('mbuf plain', () => comparePages('mbuf', 'plain', tools));
  return { unit, value: plain.get(row).value, peer: 'our own on huge pages', peerValue: huge.get(row).value };
}

async function pairs(library, { root, buildDir, wineEnvironment, progress }) {
  return inFolder(async (folder) => {
    const windows = await side('ours-windows', folder, buildDir('windows-release'));
    const linux = await side('ours', folder, buildDir('linux-release'));
    const programs = shifts.map((shift) => ({
      onWine: ['wine', buildForWindows(root, library, windows, { shift }, folder)],
      onLinux: [build(root, library, linux, { compiler: 'clang', march: 'corei7', shift }, folder)],
    }));
    const turns = Array.from({ length: pairsAShift }, () => programs).flat();
    return withoutTransparentHugePages(async () => {
      const best = { windows: new Map(), linux: new Map() };
      const keep = (map, seen) =>
        seen.forEach((cycles, row) => map.set(row, Math.min(cycles, map.get(row) ?? Infinity)));
      for (const [turn, { onWine, onLinux }] of turns.entries()) {
        progress(`pair ${turn + 1} of ${turns.length}`);
        keep(best.windows, await measure(onWine, { pages: 'plain', env: wineEnvironment }));
        keep(best.linux, await measure(onLinux, { pages: 'plain' }));
      }
      return best;
    });
  });
}

const underWine = (library, row) => async (tools) => {
  const { windows, linux } = await once(`${library} windows`, () => pairs(library, tools));
  // As rates: operations a thousand cycles.
  return {
    unit: 'per 1,000 cycles',
    value: 1000 / windows.get(row),
    peer: 'Linux build, same clang',
    peerValue: 1000 / linux.get(row),
  };
};

const every = Object.entries(libraries).flatMap(([library, rows]) => rows.map((row) => ({ library, ...row })));

export const rows = [
  ...every.map(({ library, id, target }) => ({
    id,
    title: `${library}: one source against both libraries, huge pages`,
    target,
    run: against(library, 'huge', id),
  })),
  {
    id: 'mbuf.bulk32.plain',
    title: 'mbufs on 4 KiB pages beside our own on huge pages',
    target: 1.3,
    run: plainBesideHuge,
  },
  ...every.map(({ library, id }) => ({
    id: `${id}.4k`,
    title: `${library}: one source against both libraries, 4 KiB pages`,
    run: against(library, 'plain', id),
  })),
  ...every.map(({ library, id }) => ({
    id: `windows.${id}`,
    title: `${library}: the Windows build under Wine over the Linux build, 4 KiB pages, best of twelve pairs`,
    target: 0.97,
    better: 'more',
    presets: ['linux-release', 'windows-release'],
    jobs: [],
    run: underWine(library, id),
  })),
];
