// SPDX-License-Identifier: BSD-3-Clause
//
// The benchmark's traffic: minimum-size UDP frames of many flows, as a classic pcap, and the routes that lead them on.
import { writeFileSync } from 'node:fs';

/** RFC 1071 over an IPv4 header whose checksum field is zero. */
function headerChecksum(frame, at) {
  let sum = 0;
  for (let i = at; i < at + 20; i += 2) sum += frame.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** One 60-byte frame (64 on the wire): 10.0.0.0/16 host `flow` to a host behind route `flow % routes`. */
export function udpFrame(flow, routes) {
  const frame = Buffer.alloc(60);
  frame.write('02000000000002000000009908004500', 'hex');
  frame.writeUInt16BE(46, 16);
  frame.writeUInt16BE(flow & 0xffff, 18);
  frame[22] = 64;
  frame[23] = 17;
  frame.writeUInt32BE(0x0a000000 + flow, 26);
  frame.writeUInt32BE(((10 << 24) | (((flow % routes) + 1) << 16) | (flow >>> 4)) >>> 0, 30);
  frame.writeUInt16BE(headerChecksum(frame, 14), 24);
  frame.writeUInt16BE(1024 + (flow % 60000), 34);
  frame.writeUInt16BE(2000, 36);
  frame.writeUInt16BE(26, 38);
  return frame;
}

export function writeFlowsCapture(file, { flows = 512, routes = 16 } = {}) {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b23c4d, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  const parts = [header];
  for (let flow = 0; flow < flows; flow++) {
    const frame = udpFrame(flow, routes);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    parts.push(record, frame);
  }
  writeFileSync(file, Buffer.concat(parts));
}

export const routePrefixes = (routes = 16) => Array.from({ length: routes }, (_, i) => `10.${i + 1}.0.0/16`);
