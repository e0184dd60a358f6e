// SPDX-License-Identifier: BSD-3-Clause
//
// windows.l3fwd: packets a CPU-second of the Windows build's l3fwd, under Wine, over those of the Linux build by the
// same compiler: same capture, routes and arguments, plain pages, one core, net_pcap looped. Runs alternate; the best
// of nine of each side counts, since a neighbour can only take away. The count is the dataplane's own summary's, the
// CPU time the kernel's, of the polling thread from its readiness on: wall time would measure who else wanted the core.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { routePrefixes, writeFlowsCapture } from './support/flows.mjs';
import { Peer, twoCores } from './support/peers.mjs';
import { sleep } from './support/stats.mjs';
import { busiestThreadNs, hugeBytes } from './support/threads.mjs';

const pairs = 9;
const seconds = 1.5;
const sampleMs = 2;

function assertPe(file) {
  if (readFileSync(file).subarray(0, 2).toString('latin1') !== 'MZ')
    throw new Error(`${file} is no Windows executable`);
}

function assertPlainPages(peer) {
  const { transparent, hugetlb } = hugeBytes(peer.child.pid);
  if (transparent + hugetlb > 0)
    throw new Error(
      `${peer.name} has ${transparent + hugetlb} bytes on huge pages: set /sys/kernel/mm/transparent_hugepage/enabled to madvise`,
    );
}

/** The summary, and the CPU time of the polling thread from now until the summary came (sampled every `sampleMs`). */
async function untilSummary(peer) {
  const { pid } = peer.child;
  const before = busiestThreadNs(pid);
  let last = before;
  let line;
  assertPlainPages(peer);
  const ended = peer.line((text) => text.includes('"summary"')).then((text) => (line = text));
  while (line === undefined) {
    last = Math.max(last, busiestThreadNs(pid));
    await Promise.race([ended, sleep(sampleMs)]);
  }
  return { cpuNs: last - before, summary: JSON.parse(line) };
}

/** Packets a CPU-second of one run. `launcher`: what stands before the executable. */
async function rate(name, launcher, executable, args, env) {
  const [command, ...rest] = [...launcher, executable, ...args];
  const peer = new Peer(name, twoCores().measured, command, rest, { env });
  try {
    await peer.line((line) => line.includes('"ready"'));
    const { cpuNs, summary } = await untilSummary(peer);
    const packets = summary.totals.forwarded.packets;
    if (!summary.balanced || !(packets > 1e6)) throw new Error(`${name} forwarded ${packets} packets`);
    return (packets * 1e9) / cpuNs;
  } finally {
    await peer.end();
  }
}

async function run({ dataplaneOf, wineEnvironment }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const windows = dataplaneOf('windows-release');
  const capture = path.join(folder, 'flows.pcap');
  const measured = String(twoCores().measured);
  const arguments_ = (file) => [
    ...[
      '-l',
      measured,
      '--no-huge',
      '-m',
      '256',
      '--no-pci',
      '--vdev',
      `net_pcap0,rx_pcap=${file},infinite_rx=1`,
      '--',
    ],
    ...['--instance', 'bench-l3fwd', '--forward', 'l3fwd', '--idle', 'poll'],
    ...['--seconds', String(seconds), '--json', '--json-ready'],
    ...routePrefixes().flatMap((prefix) => ['--route', `${prefix}=0`]),
  ];
  try {
    assertPe(windows);
    writeFlowsCapture(capture);
    const onWine = () =>
      rate('the Windows build', ['wine'], windows, arguments_(`Z:${capture.replaceAll('/', '\\')}`), wineEnvironment);
    const onLinux = () => rate('the Linux build', [], dataplaneOf('linux-release'), arguments_(capture), {});
    let value = 0;
    let peerValue = 0;
    for (let pair = 0; pair < pairs; pair++) {
      value = Math.max(value, (await onWine()) / 1e6);
      peerValue = Math.max(peerValue, (await onLinux()) / 1e6);
    }
    return { value, unit: 'Mpackets/CPU-s', peer: 'Linux build, same clang', peerValue };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const rows = [
  {
    id: 'windows.l3fwd',
    title: 'l3fwd of the Windows build under Wine, over that of the Linux build; plain pages, best of nine',
    target: 0.95,
    better: 'more',
    presets: ['linux-release', 'windows-release'],
    jobs: [],
    run,
  },
];
