// SPDX-License-Identifier: BSD-3-Clause
//
// uio.open: seconds from the opening of two cards through wdpdkuio.sys to the first frame that has gone through both, under Wine, on
// the device model, whose firmware answers at once. The peer is the same cards opened without the driver.
// windows.uio.*: packets a CPU-second of the Windows build on cards that wdpdkuio.sys holds, over those of the same build on the same
// model without the driver; in turn, best of nine pairs.
import path from 'node:path';
import { Peer } from './support/peers.mjs';
import { median, sleep } from './support/stats.mjs';
import { PlayedBus, PlayedCard } from './support/uio-cards.mjs';
import { bestOfPairs, fromSummary, measuredCore, rate } from './support/wine-pairs.mjs';

const opens = 5;
const limitMs = 30_000;

/** Calls `measure({ driver, model })` with a card on the bus and one that is driven without it, and takes all away. */
async function onBoth({ buildDir, wineEnvironment }, wires, measure) {
  const model = path.join(buildDir('linux-release'), 'wdpdk-xl710-model');
  const cards = [];
  let bus;
  try {
    for (const name of ['the card on the bus', 'the card beside it']) {
      cards.push(new PlayedCard(name, model, wires));
      await cards.at(-1).ready();
    }
    const [driver, direct] = cards;
    bus = new PlayedBus(buildDir('windows-release'), driver, wineEnvironment);
    await bus.ready();
    direct.pause();
    return await measure(driver, direct);
  } finally {
    await bus?.end();
    for (const card of cards) await card.end();
  }
}

/** While it runs the other card's model stands still. */
async function alone(card, other, run) {
  other.pause();
  card.go();
  return run();
}

const arguments_ = (eal, own) => [
  ...['-l', measuredCore, '-m', '128', ...eal, '--log-level', 'bus.pci:info', '--', '--idle', 'poll', '--no-control'],
  ...['--ignore-stdin', '--json', '--json-ready', '--forward', 'io', ...own],
];

/** Seconds from the line that says that the first card is there to be opened to the first frame that has left by the other port. */
async function openOnce(card, program, eal, says, env) {
  const before = await card.left(1);
  const command = [program, ...arguments_(eal, ['--seconds', '2'])];
  const dataplane = new Peer('the Windows build', measuredCore, 'wine', command, { env });
  const limit = performance.now() + limitMs;
  try {
    while (!says.test(dataplane.words)) {
      if (dataplane.failure) throw dataplane.failure;
      if (performance.now() > limit) throw new Error(`no card is opened:\n${dataplane.words}`);
      await sleep(1);
    }
    const opened = performance.now();
    while ((await card.left(1)) === before) {
      if (performance.now() > limit) throw new Error(`no frame leaves:\n${dataplane.words}`);
      await sleep(1);
    }
    const took = performance.now() - opened;
    await dataplane.ended;
    return took / 1e3;
  } finally {
    await dataplane.end();
  }
}

async function openRow(tools) {
  const program = tools.dataplaneOf('windows-release');
  const [withDriver, without] = [[], []];
  await onBoth(tools, ['generator:size=64', 'sink'], async (driver, direct) => {
    for (let n = 0; n < opens; n++) {
      tools.progress(`open ${n + 1} of ${opens}`);
      withDriver.push(
        await alone(driver, direct, () => openOnce(driver, program, [], /: opened/, tools.wineEnvironment)),
      );
      without.push(
        await alone(direct, driver, () =>
          openOnce(direct, program, ['--no-pci', ...direct.vdevs], /: driver net_i40e/, tools.wineEnvironment),
        ),
      );
    }
  });
  const value = median(withDriver);
  return {
    value,
    unit: 's',
    peer: 'the limit',
    peerValue: 1.5,
    note: `without the driver ${median(without).toFixed(2)} s; the longest with it ${Math.max(...withDriver).toFixed(2)} s`,
  };
}

async function pairRow(tools, wires, packets) {
  const program = tools.dataplaneOf('windows-release');
  const env = tools.wineEnvironment;
  return onBoth(tools, wires, async (driver, direct) => {
    const run = (card, other, eal) => () =>
      alone(card, other, () => {
        const command = ['wine', program, ...arguments_(eal, ['--seconds', '1.5'])];
        return rate({ name: 'the Windows build', command, env }, '"ready"', fromSummary(packets));
      });
    const result = await bestOfPairs(
      run(driver, direct, []),
      run(direct, driver, ['--no-pci', ...direct.vdevs]),
      tools.progress,
    );
    return { ...result, peer: 'the same build without the driver' };
  });
}

const common = { presets: ['windows-release', 'linux-release'], jobs: [] };

export const rows = [
  {
    ...common,
    id: 'uio.open',
    title:
      'two cards opened through wdpdkuio.sys under Wine, to the first frame through both; model with instant firmware',
    target: 1,
    run: openRow,
  },
  {
    ...common,
    id: 'windows.uio.io',
    title: 'io between two i40e ports on wdpdkuio.sys, over the same without the driver; Wine, 64 B, best of nine',
    target: 0.97,
    better: 'more',
    run: (tools) => pairRow(tools, ['generator:size=64', 'sink'], (totals) => totals.forwarded.packets),
  },
];
