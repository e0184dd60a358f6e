// SPDX-License-Identifier: BSD-3-Clause
//
// client.wakeup: a client that sleeps in run(), a frame that comes every 5 ms, and the median time from the lcore's receive stamp
// to the handler: doorbell thread, socket, event loop. Beside it Node's dgram on loopback, from the sender's stamp (taken just
// before its system call) to the message handler. Receivers share a core, senders the other; rounds
// alternate, and the side that does not run is stopped.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Peer, twoCores } from './support/peers.mjs';
import { median } from './support/stats.mjs';

const rounds = 7;
const frames = 60;

async function times(peer) {
  const taken = (await peer.ask(frames)).split(' ').map(Number);
  if (taken.length !== frames || !taken.every((time) => time > 0 && time < 1e6))
    throw new Error(
      `${peer.name} answered ${taken.length} times, from ${Math.min(...taken)} us to ${Math.max(...taken)} us`,
    );
  return median(taken);
}

const percentile = (list, p) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))];

async function run({ dataplane, progress }) {
  const cores = twoCores();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const env = { XDG_RUNTIME_DIR: folder };
  const script = path.join(import.meta.dirname, 'support/wakeup-client.mjs');
  const config = path.join(folder, 'config.json');
  const peers = [];
  const start = (...args) => {
    const peer = new Peer(...args);
    peers.push(peer);
    return peer;
  };
  mkdirSync(path.join(folder, 'wdpdk'), { mode: 0o700 });
  const pktgen = { mode: 'pktgen', rate: { pps: 200 } };
  writeFileSync(config, JSON.stringify({ forwarding: { ports: { 0: pktgen, 1: { mode: 'sink' } } } }));
  try {
    const eal = ['-l', String(cores.feeder), '--no-huge', '-m', '128', '--no-pci'];
    const wire = ['--vdev', 'net_ring0,wire=w', '--vdev', 'net_ring1,wire=w'];
    const own = ['--instance', 'bench-wakeup', '--json-ready', '--config', config, '--idle', 'poll'];
    const server = start('the dataplane', cores.feeder, dataplane, [...eal, ...wire, '--', ...own], { env });
    await server.line();
    const theirs = start('the dgram receiver', cores.measured, process.execPath, [script, 'dgram']);
    const port = await theirs.line();
    const sender = path.join(import.meta.dirname, 'support/wakeup-sender.mjs');
    const feeder = start('the dgram sender', cores.feeder, process.execPath, [sender, port]);
    const ours = start('the client', cores.measured, process.execPath, [script, 'wdpdk', 'bench-wakeup', '1'], { env });
    /** One side at a time: the other's sender is stopped. */
    const alone = async (peer, active, idle) => {
      idle.child.kill('SIGSTOP');
      active.child.kill('SIGCONT');
      return times(peer);
    };
    const oursAlone = () => alone(ours, server, feeder);
    const theirsAlone = () => alone(theirs, feeder, server);
    await oursAlone();
    await theirsAlone();
    const seen = { ours: [], theirs: [] };
    for (let round = 0; round < rounds; round++) {
      seen.ours.push(await oursAlone());
      seen.theirs.push(await theirsAlone());
      progress(`p50 ${percentile(seen.ours, 0.5).toFixed(0)} us`);
    }
    return {
      value: median(seen.ours),
      unit: 'us (p50)',
      peer: 'Node dgram over loopback',
      peerValue: median(seen.theirs),
    };
  } finally {
    await Promise.all(peers.map((peer) => peer.end()));
    rmSync(folder, { recursive: true, force: true });
  }
}

export const rows = [
  {
    id: 'client.wakeup',
    title:
      'time from an lcore receiving a frame to the handler of a client that slept, p50; beside Node dgram, from send to handler',
    jobs: [],
    run,
  },
];
