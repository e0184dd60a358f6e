// SPDX-License-Identifier: BSD-3-Clause
//
// client.rx.*, client.tx.* and client.echo: what a frame costs a client in TypeScript, beside a client in C on an identical
// queue. One C program on the other core serves both queues through the real segment layout: it fills a ring whole, by
// one publish, and the time to drain it is taken; or it completes what is sent, and the time to fill the ring is taken. Blocks
// of rounds alternate between the two clients, which share a core; the median of all rounds counts, and of the blocks' ratios.
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Peer, twoCores } from './support/peers.mjs';
import { hostQueue } from './support/queue-host.mjs';
import { median } from './support/stats.mjs';

const blocks = 15;
const rounds = 200;
const warmUps = 3;

async function measure(peer) {
  const times = (await peer.ask(rounds)).trim().split(' ').map(Number);
  if (times.length !== rounds || !times.every((time) => time > 0))
    throw new Error(`${peer.name} answered ${times.length} times where ${rounds} were asked for`);
  return median(times);
}

/** `client`: what the C client does; `node`: what ours does, the same when absent. */
async function compare({ buildDir }, { server, client, node: mode = client, frames }) {
  const cores = twoCores();
  // Shared memory that no disk stands behind, as the dataplane's is.
  const folder = mkdtempSync('/dev/shm/wdpdk-bench-');
  const programs = path.join(buildDir('linux-release'), 'bench');
  const files = ['c', 'typescript'].map((name) => path.join(folder, name));
  const peers = [];
  let host;
  try {
    const feeder = new Peer('the queue server', cores.feeder, path.join(programs, 'bench_queue_server'), [
      server,
      String(frames),
      ...files,
    ]);
    peers.push(feeder);
    const [size, generation] = (await feeder.line()).split(' ').map(Number);
    host = await hostQueue(folder, { size, generation: BigInt(generation), file: files[1] });
    const script = path.join(import.meta.dirname, 'support/queue-client.mjs');
    const inC = new Peer('the C client', cores.measured, path.join(programs, 'bench_queue_client'), [
      client,
      String(frames),
      files[0],
    ]);
    peers.push(inC);
    const inNode = new Peer('the client', cores.measured, process.execPath, [script, mode, String(frames)], {
      env: host.env,
    });
    peers.push(inNode);
    for (let i = 0; i < warmUps; i++) {
      await measure(inC);
      await measure(inNode);
    }
    const c = [];
    const node = [];
    for (let block = 0; block < blocks; block++) {
      c.push(await measure(inC));
      node.push(await measure(inNode));
    }
    return {
      value: median(node),
      unit: 'ns/packet',
      peerValue: median(c),
      ratio: median(node.map((time, block) => time / c[block])),
    };
  } finally {
    await Promise.all(peers.map((peer) => peer.end()));
    host?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const rows = [
  {
    id: 'client.rx.flyweight',
    title: 'TypeScript reads ethertype and IPv4 destination of each frame through flyweights; C reads the same',
    target: 4,
    jobs: [],
    run: async (tools) => ({
      peer: 'C client, same reads',
      ...(await compare(tools, { server: 'rx', client: 'header', frames: 4096 })),
    }),
  },
  {
    id: 'client.echo',
    title: 'TypeScript receives, swaps MACs, transmits the same slot, reaps; C moves the descriptors only',
    target: 5,
    jobs: [],
    run: async (tools) => ({
      peer: 'C client, descriptors only',
      ...(await compare(tools, { server: 'echo', client: 'echo', frames: 1024 })),
    }),
  },
  {
    id: 'client.rx.iterator',
    title: 'The same by for await over bursts() and for of over each burst; C in a loop',
    target: 5,
    jobs: [],
    run: async (tools) => ({
      peer: 'C client, same reads',
      ...(await compare(tools, { server: 'rx', client: 'header', node: 'iterator', frames: 4096 })),
    }),
  },
  {
    id: 'client.tx.copy60',
    title: 'TypeScript reserves, writes frames of 60 bytes, commits, takes completed slots back; C the same',
    target: 5,
    jobs: [],
    run: async (tools) => ({
      peer: 'C client, same copies',
      ...(await compare(tools, { server: 'tx', client: 'send', node: 'write', frames: 4096 })),
    }),
  },
  {
    id: 'client.tx.template',
    title: 'The same from a template',
    jobs: [],
    run: async (tools) => ({
      peer: 'C client, same copies',
      ...(await compare(tools, { server: 'tx', client: 'send', node: 'template', frames: 4096 })),
    }),
  },
];
