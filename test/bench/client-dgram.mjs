// SPDX-License-Identifier: BSD-3-Clause
//
// client.vs-dgram: packets a second of wall time that a TypeScript client receives from the real dataplane (net_pcap,
// plain pages, every frame mirrored), over those Node's dgram receives from loopback. Two cores each: one sends without
// pause, the other receives; both sides look at four bytes of each packet. Rounds alternate, the side that does not run
// is stopped; the median of the rounds' ratios counts.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeFlowsCapture } from './support/flows.mjs';
import { Peer, twoCores } from './support/peers.mjs';
import { median } from './support/stats.mjs';

const rounds = 9;
const warmUpMs = 1000;
const roundMs = 500;
/** Payload of a UDP datagram in a minimum-size Ethernet frame. */
const payloadBytes = 18;

class Side {
  constructor(name, sender, receiver) {
    this.name = name;
    this.sender = sender;
    this.receiver = receiver;
  }

  stop() {
    for (const peer of [this.sender, this.receiver]) peer.child.kill('SIGSTOP');
  }

  /** Packets a second. */
  async rate(ms) {
    for (const peer of [this.receiver, this.sender]) peer.child.kill('SIGCONT');
    const [packets, took] = (await this.receiver.ask(ms)).split(' ').map(Number);
    this.stop();
    if (!(packets > 1000)) throw new Error(`${this.name} received only ${packets} packets in ${took} ms`);
    return (packets * 1000) / took;
  }
}

async function startOurs(dataplane, cores, folder, peers) {
  const instance = 'bench-dgram';
  const capture = path.join(folder, 'flows.pcap');
  const env = { XDG_RUNTIME_DIR: folder };
  writeFlowsCapture(capture);
  mkdirSync(path.join(folder, 'wdpdk'), { mode: 0o700 });
  const eal = ['-l', String(cores.feeder), '--no-huge', '-m', '256', '--no-pci'];
  const vdev = ['--vdev', `net_pcap0,rx_pcap=${capture},infinite_rx=1`];
  const own = ['--instance', instance, '--json-ready', '--forward', 'drop', '--idle', 'poll'];
  const sender = new Peer('the dataplane', cores.feeder, dataplane, [...eal, ...vdev, '--', ...own], { env });
  peers.push(sender);
  await sender.line();
  const script = path.join(import.meta.dirname, 'support/live-client.mjs');
  const receiver = new Peer('the client', cores.measured, process.execPath, [script, instance], { env });
  peers.push(receiver);
  return new Side('the client', sender, receiver);
}

async function startDgram(programs, cores, peers) {
  const script = path.join(import.meta.dirname, 'support/dgram-receiver.mjs');
  const receiver = new Peer('the dgram receiver', cores.measured, process.execPath, [script]);
  peers.push(receiver);
  const port = await receiver.line();
  const sender = new Peer('the UDP sender', cores.feeder, path.join(programs, 'bench_udp_sender'), [
    port,
    String(payloadBytes),
  ]);
  peers.push(sender);
  return new Side('the dgram receiver', sender, receiver);
}

async function run({ dataplane, buildDir }) {
  const cores = twoCores();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const peers = [];
  try {
    const theirs = await startDgram(path.join(buildDir('linux-release'), 'bench'), cores, peers);
    await theirs.rate(warmUpMs);
    const ours = await startOurs(dataplane, cores, folder, peers);
    await ours.rate(warmUpMs);
    const rates = [];
    for (let round = 0; round < rounds; round++)
      rates.push({ theirs: await theirs.rate(roundMs), ours: await ours.rate(roundMs) });
    return {
      value: median(rates.map((rate) => rate.ours)) / 1e6,
      unit: 'Mpps',
      peer: 'Node dgram over loopback',
      peerValue: median(rates.map((rate) => rate.theirs)) / 1e6,
      ratio: median(rates.map((rate) => rate.ours / rate.theirs)),
    };
  } finally {
    await Promise.all(peers.map((peer) => peer.end()));
    rmSync(folder, { recursive: true, force: true });
  }
}

export const rows = [
  {
    id: 'client.vs-dgram',
    title:
      'packets received by a TypeScript client from the dataplane, over those received by Node dgram; two cores each',
    target: 50,
    better: 'more',
    jobs: [],
    run,
  },
];
