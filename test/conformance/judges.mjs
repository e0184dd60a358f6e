// SPDX-License-Identifier: BSD-3-Clause
// Running upstream's programs and judging what they did, by their output and by the frames on the other side.
import assert from 'node:assert/strict';
import path from 'node:path';
import { makeFrames, readPcap, writePcap } from './frames.mjs';
import { ipFragmentation } from './judge-fragmentation.mjs';
import { l3fwd } from './judge-l3fwd.mjs';
import { ealArguments, withProgram } from './process.mjs';

/** Each of two lcores says hello once, and the program ends well. */
async function helloworld(built) {
  await withProgram(built, ['--lcores', '(0-1)@0', ...ealArguments], async (program) => {
    const { code, signal } = await program.end();
    assert.equal(signal, null, program.output);
    assert.equal(code, 0, program.output);
    const hellos = [...program.output.matchAll(/hello from core (\d+)/g)].map(([, lcore]) => lcore).sort();
    assert.deepEqual(hellos, ['0', '1'], program.output);
  });
}

/** l2fwd's own counters by port, from the last whole table it printed. */
function counters(output) {
  const tables = output.split('Port statistics');
  const table = tables.findLast((text) => text.includes('Aggregate statistics'));
  const pattern =
    /Statistics for port (\d+) -+\s+Packets sent:\s+(\d+)\s+Packets received:\s+(\d+)\s+Packets dropped:\s+(\d+)/g;
  return [...(table ?? '').matchAll(pattern)].map(([, , ...figures]) => figures.map(Number));
}

const startOfL2fwd = ['-n', '2', ...ealArguments, '--lcores', '(0-1)@0'];

/**
 * Two capture ports: what enters one leaves the other, once, in order, with l2fwd's MACs (destination 02:00:00:00:00:<port>,
 * source the port's own) and every other byte as it was.
 */
async function forwardsCaptures(built, folder) {
  const input = [makeFrames(300, 1), makeFrames(200, 2)];
  const file = (what, port) => path.join(folder, `l2fwd-${what}${port}.pcap`);
  const devices = input.flatMap((frames, port) => {
    writePcap(file('in', port), frames);
    return ['--vdev', `net_pcap${port},rx_pcap=${file('in', port)},tx_pcap=${file('out', port)}`];
  });
  const macs = await withProgram(built, [...startOfL2fwd, ...devices, '--', '-p', '3', '-T', '1'], async (l2fwd) => {
    await l2fwd.until('all frames sent', (output) => {
      const [first, second] = counters(output);
      return first?.[0] === input[1].length && second?.[0] === input[0].length;
    });
    l2fwd.signal('SIGINT');
    const { code } = await l2fwd.end();
    assert.equal(code, 0, l2fwd.output);
    assert.match(l2fwd.output, /Bye/);
    for (const [port, [, received, dropped]] of counters(l2fwd.output).entries()) {
      assert.equal(received, input[port].length);
      assert.equal(dropped, 0);
    }
    const said = [...l2fwd.output.matchAll(/Port (\d+), MAC address: ([0-9A-F:]{17})/g)];
    assert.equal(said.length, 2, l2fwd.output);
    return said.map(([, , mac]) => Buffer.from(mac.replaceAll(':', ''), 'hex'));
  });
  for (const port of [0, 1]) {
    const expected = input[1 - port].map((frame) => {
      const forwarded = Buffer.from(frame);
      forwarded.set([2, 0, 0, 0, 0, port], 0);
      forwarded.set(macs[port], 6);
      return forwarded;
    });
    const output = readPcap(file('out', port));
    assert.equal(output.length, expected.length, `frames out of port ${port}`);
    for (const [i, frame] of output.entries())
      assert.ok(frame.equals(expected[i]), `frame ${i} out of port ${port} is ${frame.toString('hex', 0, 32)}...`);
  }
}

/** Two null ports: packets flow both ways and none is dropped. */
async function forwardsNothing(built) {
  const devices = ['--vdev', 'net_null0', '--vdev', 'net_null1,size=128,copy=1'];
  await withProgram(built, [...startOfL2fwd, ...devices, '--', '-p', '3', '-T', '1'], async (l2fwd) => {
    await l2fwd.until('packets both ways', (output) => {
      const figures = counters(output);
      return figures.length === 2 && figures.every(([sent, received]) => sent > 1000 && received > 1000);
    });
    // Windows knows SIGINT only (Wine makes Ctrl-C of it).
    l2fwd.signal(built.platform.system === 'windows' ? 'SIGINT' : 'SIGTERM');
    const { code } = await l2fwd.end();
    assert.equal(code, 0, l2fwd.output);
    for (const [, , dropped] of counters(l2fwd.output)) assert.equal(dropped, 0);
  });
}

/** Two null ports: the latency of packets, taken by callbacks on receive and transmit, is printed for each hundred million. */
async function rxtxCallbacks(built) {
  const args = ['-l', '0', ...ealArguments, '--vdev', 'net_null0', '--vdev', 'net_null1'];
  await withProgram(built, args, async (program) => {
    const [, cycles] = await program.until('latency', (output) => /Latency = (\d+) cycles/.exec(output), 120_000);
    assert.ok(Number(cycles) > 0 && Number(cycles) < 1e6, `a latency of ${cycles} cycles`);
  });
}

/**
 * What enters one of two capture ports leaves the other as it was, in order. The program only ends when it is killed, so what the
 * port has not yet written of its last frames is not waited for.
 */
async function skeleton(built, folder) {
  const input = [makeFrames(3000, 3), makeFrames(2500, 4)];
  const file = (what, port) => path.join(folder, `skeleton-${what}${port}.pcap`);
  const devices = input.flatMap((frames, port) => {
    writePcap(file('in', port), frames);
    return ['--vdev', `net_pcap${port},rx_pcap=${file('in', port)},tx_pcap=${file('out', port)}`];
  });
  const output = (port) => framesSoFar(file('out', port));
  await withProgram(built, ['-l', '0', ...ealArguments, ...devices], async (program) => {
    await program.look('frames out of both ports', () => [0, 1].every((port) => output(port).length >= 1000));
  });
  for (const port of [0, 1])
    for (const [i, frame] of output(port).entries())
      assert.ok(frame.equals(input[1 - port][i]), `frame ${i} out of port ${port} is another`);
}

/** The whole frames in a file that is still being written. */
function framesSoFar(file) {
  try {
    return readPcap(file, { whole: false });
  } catch {
    return [];
  }
}

/** Both ports are brought up with link interrupts on, forward, and are shown as up. */
async function linkStatusInterrupt(built) {
  const shown = /Link status: +Link up\s+Link speed: [^\n]+\s+Link duplex: [^\n]+\s+Packets sent: +(\d+)/g;
  const devices = ['--vdev', 'net_null0', '--vdev', 'net_null1'];
  const args = [...startOfL2fwd, ...devices, '--', '-p', '3', '-q', '2', '-T', '1'];
  await withProgram(built, args, async (program) => {
    await program.until('packets both ways with link up', (output) => {
      const figures = [...output.matchAll(shown)].map(([, sent]) => Number(sent));
      return figures.filter((sent) => sent > 1000).length >= 2;
    });
  });
}

/** The periodic timer of the main lcore, and the one that walks over all lcores. */
async function timer(built) {
  await withProgram(built, ['--lcores', '(0-1)@0', ...ealArguments], async (program) => {
    await program.until('timers on both lcores', (output) => {
      const on = (name, lcore) => output.split(`${name}_cb() on lcore ${lcore}`).length - 1;
      return on('timer0', 0) >= 2 && on('timer0', 1) === 0 && on('timer1', 0) >= 2 && on('timer1', 1) >= 2;
    });
  });
}

/** Builds, links and does not have to run: it needs devices that are not here. */
async function builds() {}

export const judges = {
  builds,
  helloworld,
  ipFragmentation,
  l2fwd: async (built, folder) => {
    await forwardsCaptures(built, folder);
    await forwardsNothing(built);
  },
  l3fwd,
  linkStatusInterrupt,
  rxtxCallbacks,
  skeleton,
  timer,
};
