// SPDX-License-Identifier: BSD-3-Clause
// Upstream's l3fwd, in each of its lookups and with event devices: what enters two capture ports leaves by the rules, byte by byte.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readPcap, writePcap } from './frames.mjs';
import { withProgram } from './process.mjs';

const ports = 2;

/** Its exact-match tables have a million places each. */
const ealArguments = ['--no-huge', '--no-pci', '-m', '1024'];

/** The Internet checksum of a header whose own field is zero. */
function checksum(header) {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function ipv4(frame, network) {
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt16BE(0x4500, 14);
  frame.writeUInt16BE(frame.length - 14, 16);
  frame.set([64, 17], 22);
  frame.set([198, 18, network, 1, 198, 18, network, 0], 26);
  frame.writeUInt16BE(checksum(frame.subarray(14, 34)), 24);
  return 34;
}

function ipv6(frame, network) {
  const address = (last) => [0x20, 1, 2, 0, 0, 0, 0, network, 0, 0, 0, 0, 0, 0, 0, last];
  frame.writeUInt16BE(0x86dd, 12);
  frame.writeUInt32BE(0x60000000, 14);
  frame.writeUInt16BE(frame.length - 54, 18);
  frame.set([17, 64, ...address(1), ...address(0)], 20);
  return 54;
}

/** Frame `i` of those that enter `port`: UDP from port 9 to port 9, to network 0 or 1 of IPv4 or IPv6, with who it is behind. */
function makeFrame(port, i) {
  const network = (i >> 1) & 1;
  const frame = Buffer.alloc(80 + ((i * 37) % 1400));
  frame.write('0200000000fe0200000000fd', 'hex');
  const at = (i % 3 === 2 ? ipv6 : ipv4)(frame, network);
  frame.set([0, 9, 0, 9], at);
  frame.writeUInt16BE(frame.length - at, at + 4);
  frame.writeUInt16BE(port, at + 8);
  frame.writeUInt32BE(i, at + 10);
  for (let byte = at + 14; byte < frame.length; byte++) frame[byte] = (byte * 11 + i * 5 + port) & 0xff;
  return { port, i, network, family: i % 3 === 2 ? 'ipv6' : 'ipv4', flow: `${i % 3 === 2} ${network} ${port}`, frame };
}

/** As it leaves `to`: for the MAC l3fwd gives everyone there, from the port's own, IPv4 that was looked up with a hop less to go. */
function forwarded({ frame }, { to, macs, looksUp }) {
  const out = Buffer.from(frame);
  out.set([2, 0, 0, 0, 0, to], 0);
  out.set(macs[to], 6);
  if (looksUp && out.readUInt16BE(12) === 0x0800) {
    out[22] -= 1;
    out.writeUInt16BE(0, 24);
    out.writeUInt16BE(checksum(out.subarray(14, 34)), 24);
  }
  return out;
}

const networks = [0, 1];
const hosts6 = (network, last) => `2001:0200:0000:000${network}:0000:0000:0000:000${last}`;
const prefixes = {
  ipv4: networks.map((network) => `R198.18.${network}.0/24 ${network}`),
  ipv6: networks.map((network) => `R${hosts6(network, 0)}/64 ${network}`),
};
const anyPorts = '0 : 65535 0 : 65535 0x00/0x00';
const rules = {
  lpm: prefixes,
  fib: prefixes,
  em: {
    ipv4: networks.map((network) => `R198.18.${network}.0 198.18.${network}.1 9 9 0x11 ${network}`),
    ipv6: networks.map((network) => `R${hosts6(network, 0)} ${hosts6(network, 1)} 9 9 0x11 ${network}`),
  },
  acl: {
    ipv4: networks.map((network) => `R0.0.0.0/0 198.18.${network}.0/24 ${anyPorts} ${network}`),
    ipv6: networks.map((network) => `R0:0:0:0:0:0:0:0/0 ${hosts6(network, 0)}/64 ${anyPorts} ${network}`),
  },
};

const poll = {
  name: 'poll',
  eal: ['--lcores', '0@0'],
  own: ['--config=(0,0,0),(1,0,0)'],
  order: 'port',
  looksUp: true,
};
/*
 * With event devices l3fwd parses no packet types, and net_pcap has none: what is of no known type goes back by the port it came
 * from. That is upstream's doing; the way through the adapters and the scheduler is the same.
 */
const events = (schedule) => ({
  name: `eventdev ${schedule}`,
  eal: ['--lcores', '(0-3)@0', '-s', '8', '--vdev', 'event_sw0'],
  own: ['--mode=eventdev', `--eventq-sched=${schedule}`],
  order: schedule === 'parallel' ? 'none' : 'flow',
  looksUp: false,
});
// An exact-match table holds one family, as --ipv6 says.
const exact4 = { lookup: 'em', family: 'ipv4' };
const exact6 = { lookup: 'em', family: 'ipv6' };
const runs = [
  ...['lpm', 'fib'].map((lookup) => ({ ...poll, lookup })),
  // It classifies the families of a burst apart.
  { ...poll, lookup: 'acl', order: 'flow' },
  { ...poll, ...exact4 },
  { ...poll, ...exact6, own: [...poll.own, '--ipv6'] },
  // With events upstream's em takes its array of events for one of pointers and dies by it; its fib takes all for IPv6 here.
  { ...events('atomic'), lookup: 'lpm' },
  { ...events('ordered'), lookup: 'lpm' },
  { ...events('parallel'), lookup: 'lpm' },
];

const read = (file) => {
  try {
    return readPcap(file, { whole: false });
  } catch {
    return [];
  }
};

/** Frames in the order in which those of one group have to be. */
function grouped(frames, order) {
  const groups = new Map();
  for (const one of frames) {
    const key = order === 'none' ? 'all' : order === 'flow' ? one.flow : String(one.port);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  if (order === 'none') groups.get('all')?.sort((a, b) => a.port - b.port || a.i - b.i);
  return groups;
}

function compare(output, expected, order, change, where) {
  assert.equal(output.length, expected.length, `${where}: frames`);
  const known = output.map((frame) => {
    const at = frame.readUInt16BE(12) === 0x86dd ? 62 : 42;
    const port = frame.readUInt16BE(at);
    const i = frame.readUInt32BE(at + 2);
    assert.ok(port < ports && i < 10_000, `${where}: a frame nobody sent: ${frame.toString('hex', 0, 64)}`);
    return { ...makeFrame(port, i), frame };
  });
  const got = grouped(known, order);
  for (const [key, wanted] of grouped(expected, order)) {
    const out = got.get(key) ?? [];
    assert.equal(out.length, wanted.length, `${where}: frames of ${key}`);
    for (const [n, one] of wanted.entries()) {
      const right = forwarded(one, change);
      const text = (frame) => frame.toString('hex', 0, 64);
      const seen = out[n].frame;
      assert.ok(seen.equals(right), `${where}: frame ${n} of ${key} is ${text(seen)}..., not ${text(right)}...`);
    }
  }
}

async function oneRun(built, folder, { name, lookup, eal, own, order, family, looksUp }) {
  const file = (what, port) => path.join(folder, `l3fwd-${what}${port}.pcap`);
  const input = [400, 300].map((count, port) =>
    Array.from({ length: count }, (_, i) => makeFrame(port, i)).filter((one) => !family || one.family === family),
  );
  const devices = input.flatMap((frames, port) => {
    writePcap(
      file('in', port),
      frames.map(({ frame }) => frame),
    );
    fs.rmSync(file('out', port), { force: true });
    return ['--vdev', `net_pcap${port},rx_pcap=${file('in', port)},tx_pcap=${file('out', port)}`];
  });
  const ruleArguments = Object.entries(rules[lookup]).map(([family, lines]) => {
    const to = path.join(folder, `l3fwd-${lookup}-${family}.cfg`);
    fs.writeFileSync(to, `${lines.join('\n')}\n`);
    return `--rule_${family}=${to}`;
  });
  const args = [...eal, ...ealArguments, ...devices, '--', '-P', '-p', '3', '--parse-ptype', `--lookup=${lookup}`];
  const expected = networks.map((network) =>
    input.flat().filter((one) => (looksUp ? one.network : one.port) === network),
  );
  const macs = await withProgram(built, [...args, ...own, ...ruleArguments], async (l3fwd) => {
    await l3fwd.look(`all frames out, ${name}, ${lookup}`, () =>
      networks.every((port) => read(file('out', port)).length >= expected[port].length),
    );
    l3fwd.signal('SIGINT');
    const { code } = await l3fwd.end();
    assert.equal(code, 0, l3fwd.output);
    assert.match(l3fwd.output, /Bye/);
    const said = [...l3fwd.output.matchAll(/Address:([0-9A-F:]{17})/g)];
    assert.equal(said.length, ports, l3fwd.output);
    return said.map(([, mac]) => Buffer.from(mac.replaceAll(':', ''), 'hex'));
  });
  for (const port of networks)
    compare(
      readPcap(file('out', port)),
      expected[port],
      order,
      { to: port, macs, looksUp },
      `${name}, ${lookup}, out of port ${port}`,
    );
}

export async function l3fwd(built, folder) {
  for (const run of runs) await oneRun(built, folder, run);
}
