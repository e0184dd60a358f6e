// SPDX-License-Identifier: BSD-3-Clause
//
// l3fwd between two ports of the device model's card, ours and upstream's unmodified one: frames of 64 bytes come in at port 0 as fast as
// they go, 512 flows, and leave by port 1 after 16 IPv4 routes. The model counts what leaves; it is the slower of the two cores.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { borrowHugePages, mountPoint } from '../support/hugepages.mjs';
import { addresses, onCards } from '../support/uio-card.mjs';
import { forgetFiles } from './support/i40e-programs.mjs';
import { l3fwdSources } from './support/l3fwd-sources.mjs';
import { lineRates } from './support/line-rates.mjs';
import { Peer, twoCores } from './support/peers.mjs';
import { median, sleep } from './support/stats.mjs';

const rounds = 5;
const hugePages = 512;
const warmMs = 500;
const sliceMs = 1500;
const limitMs = 30_000;

/** 198.19.0.0/16 in sixteen pieces: where the generator's frames go. */
const prefixes = Array.from({ length: 16 }, (_, n) => `198.19.${n * 16}.0/20`);

function buildUpstream(source, folder) {
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'libdpdk'], { encoding: 'utf8' }).trim().split(/\s+/);
  const program = path.join(folder, 'l3fwd');
  execFileSync('gcc', [...l3fwdSources(source), '-o', program, ...flags], { stdio: ['ignore', 2, 2] });
  return program;
}

/** The arguments behind EAL's. */
const forwarders = {
  ours: () => [
    ...['--forward', 'l3fwd', '--no-control', '--idle', 'poll'],
    ...[...prefixes.map((prefix) => `${prefix}=1`), '::/0=1'].flatMap((route) => ['--route', route]),
  ],
  theirs: (folder, core) => {
    const files = { v4: path.join(folder, 'v4.cfg'), v6: path.join(folder, 'v6.cfg') };
    writeFileSync(files.v4, prefixes.map((prefix) => `R${prefix} 1\n`).join(''));
    writeFileSync(files.v6, 'R2001:db8::/32 1\n');
    const ports = ['-P', '-p', '3', `--config=(0,0,${core}),(1,0,${core})`];
    return [...ports, '--lookup=lpm', `--rule_ipv4=${files.v4}`, `--rule_ipv6=${files.v6}`];
  },
};

let runs = 0;

/** Frames a second, in millions, that leave by port 1 while `program` forwards. */
async function forwards(program, own, folder, { model, feeder, measured }) {
  const prefix = `wdpdk-l3fwd-${process.pid}-${runs}`;
  const home = path.join(folder, `cards-${runs++}`);
  mkdirSync(home);
  const bar = path.join(home, 'bar');
  const wires = ['--wire', 'generator:size=64,flows=512', '--wire', 'sink'];
  const card = new Peer('the device model', feeder, model, [
    ...['--bar', bar, '--ports', '2', '--dma-hugetlbfs', mountPoint, '--json'],
    ...wires,
  ]);
  let peer;
  try {
    const { bars } = JSON.parse(await card.line((line) => line.includes('"ready"')));
    const memory = ['-m', '256', '--huge-dir', mountPoint, '--iova-mode=pa', '--file-prefix', prefix];
    const eal = ['-l', String(measured), ...memory, ...addresses.flatMap((address) => ['-a', address])];
    const start = onCards(home, bars, [program, ...eal, '--', ...own]);
    peer = new Peer(path.basename(program), measured, start.command, start.args, { env: start.env });
    const left = async () => {
      const { ports } = JSON.parse(await card.ask('stats', (line) => line.includes('"stats"')));
      if (peer.failure) throw peer.failure;
      return { frames: ports[1].tx.frames, at: performance.now() };
    };
    const limit = Date.now() + limitMs;
    while ((await left()).frames < 10_000) {
      if (Date.now() > limit) throw new Error(`${peer.name} forwards nothing:\n${peer.words.slice(-2000)}`);
      await sleep(50);
    }
    await sleep(warmMs);
    const before = await left();
    await sleep(sliceMs);
    const after = await left();
    return (after.frames - before.frames) / (after.at - before.at) / 1e3;
  } finally {
    await peer?.end();
    await card.end();
    forgetFiles(prefix);
  }
}

export const rows = [
  {
    id: 'i40e.l3fwd.2ports',
    title:
      "our l3fwd and upstream's, each on its own i40e, between two ports of the device model: 64 B, 512 flows (context)",
    better: 'more',
    async run({ dataplane, buildDir, upstreamSource, progress }) {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-i40e-'));
      const giveBack = borrowHugePages(hugePages);
      try {
        const model = path.join(buildDir('linux-release'), 'wdpdk-xl710-model');
        const cores = { model, ...twoCores() };
        const programs = { ours: dataplane, theirs: buildUpstream(await upstreamSource(), folder) };
        const rates = { ours: [], theirs: [] };
        for (let round = 0; round < rounds; round++) {
          progress(`round ${round + 1} of ${rounds}`);
          for (const [who, program] of Object.entries(programs))
            rates[who].push(await forwards(program, forwarders[who](folder, cores.measured), folder, cores));
        }
        return {
          value: median(rates.ours),
          unit: 'Mpps',
          peer: 'upstream l3fwd 22.11 on its net_i40e',
          peerValue: median(rates.theirs),
          note: `the device model has one core for both ports; ${lineRates}`,
        };
      } finally {
        giveBack();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
];
