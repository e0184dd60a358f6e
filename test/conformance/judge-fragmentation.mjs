// SPDX-License-Identifier: BSD-3-Clause
// Upstream's ip_fragmentation between two capture ports, judged by putting its fragments together here.
import assert from 'node:assert/strict';
import path from 'node:path';
import { readPcap, writePcap } from './frames.mjs';
import { ealArguments, withProgram } from './process.mjs';

const ethernet = 14;
const mtu = 1500;
const moreFragments = 0x2000;

const onesSum = (bytes) => {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
};

/** A datagram to the network behind port 1 (100.20.0.0/16), numbered, with `length` bytes behind its header. */
function datagram(id, length) {
  const frame = Buffer.alloc(ethernet + 20 + length);
  frame.write('0200000000fe0200000000fd0800', 0, 'hex');
  const ip = frame.subarray(ethernet);
  ip.set([0x45, 0]);
  ip.writeUInt16BE(20 + length, 2);
  ip.writeUInt16BE(id, 4);
  ip.set([64, 17], 8);
  ip.set([10, 0, 0, 1, 100, 20, 0, 1], 12);
  ip.writeUInt16BE(0xffff - onesSum(ip.subarray(0, 20)), 10);
  for (let at = 0; at < length; at++) ip[20 + at] = (at * 7 + id * 13) & 0xff;
  return frame;
}

/** The datagrams of a capture's fragments: id -> bytes. Fragments come in order; each is checked. */
function assemble(frames, mac) {
  const datagrams = new Map();
  for (const [i, frame] of frames.entries()) {
    const ip = frame.subarray(ethernet, ethernet + frame.readUInt16BE(ethernet + 2));
    const word = ip.readUInt16BE(6);
    assert.equal(frame.toString('hex', 0, 12), `020000000001${mac}`, `addresses of frame ${i}`);
    assert.equal(onesSum(ip.subarray(0, 20)), 0xffff, `checksum of frame ${i}`);
    assert.ok(ip.length <= mtu, `frame ${i} is longer than the MTU`);
    const id = ip.readUInt16BE(4);
    const before = datagrams.get(id) ?? Buffer.alloc(0);
    assert.equal((word & 0x1fff) * 8, before.length, `offset of frame ${i}`);
    if (word & moreFragments) assert.equal((ip.length - 20) % 8, 0, `length of frame ${i}`);
    datagrams.set(id, Buffer.concat([before, ip.subarray(20)]));
  }
  return datagrams;
}

/** What is too long for the way comes out in pieces that make it up again; what is not comes out as it was. */
export async function ipFragmentation(built, folder) {
  const lengths = [26, 1480, 1481, 2960, 4000, 1400];
  const sent = Array.from({ length: 300 }, (_, id) => datagram(id, lengths[id % lengths.length]));
  const pieces = sent.reduce((sum, frame) => sum + Math.ceil((frame.length - ethernet - 20) / 1480), 0);
  const file = (what) => path.join(folder, `fragmentation-${what}.pcap`);
  writePcap(file('in'), sent);
  const devices = [`net_pcap0,rx_pcap=${file('in')},tx_pcap=${file('back')}`, `net_pcap1,tx_pcap=${file('out')}`];
  const args = ['-l', '0', ...ealArguments, ...devices.flatMap((one) => ['--vdev', one]), '--', '-p', '3', '-q', '2'];
  const output = () => {
    try {
      return readPcap(file('out'), { whole: false });
    } catch {
      return [];
    }
  };
  const mac = await withProgram(built, args, async (program) => {
    const macs = await program.until('the addresses of both ports', (said) => {
      const found = [...said.matchAll(/Address: ?([0-9A-F:]{17})/g)];
      return found.length === 2 && found;
    });
    await program.look('all fragments', () => output().length >= pieces);
    return macs[1][1].replaceAll(':', '').toLowerCase();
  });
  assert.equal(output().length, pieces);
  const datagrams = assemble(output(), mac);
  assert.equal(datagrams.size, sent.length);
  for (const [id, frame] of sent.entries())
    assert.ok(datagrams.get(id).equals(frame.subarray(ethernet + 20)), `datagram ${id} is another`);
}
