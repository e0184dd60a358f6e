// SPDX-License-Identifier: BSD-3-Clause
// Running upstream's programs and judging what they did, by their output and by the frames on the other side.
import assert from 'node:assert/strict';
import path from 'node:path';
import { makeFrames, readPcap, writePcap } from './frames.mjs';
import { ealArguments, Running } from './process.mjs';

async function withProgram(executable, args, action) {
  const program = new Running(executable, args);
  try {
    return await action(program);
  } finally {
    program.kill();
  }
}

/** Each of two lcores says hello once, and the program ends well. */
async function helloworld(executable) {
  await withProgram(executable, ['--lcores', '(0-1)@0', ...ealArguments], async (program) => {
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
async function forwardsCaptures(executable, folder) {
  const input = [makeFrames(300, 1), makeFrames(200, 2)];
  const file = (what, port) => path.join(folder, `l2fwd-${what}${port}.pcap`);
  const devices = input.flatMap((frames, port) => {
    writePcap(file('in', port), frames);
    return ['--vdev', `net_pcap${port},rx_pcap=${file('in', port)},tx_pcap=${file('out', port)}`];
  });
  const macs = await withProgram(
    executable,
    [...startOfL2fwd, ...devices, '--', '-p', '3', '-T', '1'],
    async (l2fwd) => {
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
    },
  );
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
async function forwardsNothing(executable) {
  const devices = ['--vdev', 'net_null0', '--vdev', 'net_null1,size=128,copy=1'];
  await withProgram(executable, [...startOfL2fwd, ...devices, '--', '-p', '3', '-T', '1'], async (l2fwd) => {
    await l2fwd.until('packets both ways', (output) => {
      const figures = counters(output);
      return figures.length === 2 && figures.every(([sent, received]) => sent > 1000 && received > 1000);
    });
    l2fwd.signal('SIGTERM');
    const { code } = await l2fwd.end();
    assert.equal(code, 0, l2fwd.output);
    for (const [, , dropped] of counters(l2fwd.output)) assert.equal(dropped, 0);
  });
}

/** Every case of one of upstream's unit tests passes; it is run as upstream's own harness runs it. */
async function unitTest(executable) {
  await withProgram(executable, ealArguments, async (program) => {
    const { code, signal } = await program.end();
    assert.equal(signal, null, program.output);
    assert.equal(code, 0, program.output);
    assert.match(program.output, /^ok {3}\w/m);
    assert.doesNotMatch(program.output, /^FAIL/m);
  });
}

export const judges = {
  helloworld,
  unitTest,
  l2fwd: async (executable, folder) => {
    await forwardsCaptures(executable, folder);
    await forwardsNothing(executable);
  },
};
