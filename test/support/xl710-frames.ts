// SPDX-License-Identifier: BSD-3-Clause
// Frames for the model's wire, read back from its captures, and RSS by the book (the Toeplitz hash of Microsoft's specification).
import fs from 'node:fs';

export interface Flow {
  readonly version: 4 | 6;
  readonly protocol: 'udp' | 'tcp';
  readonly source: Buffer;
  readonly destination: Buffer;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const peer = Buffer.from('02aabbccdd01', 'hex');

/** Flow n of as many as wanted: IPv4 and IPv6, UDP and TCP in turn, addresses and ports that differ. */
export function flow(n: number): Flow {
  const version = n % 2 === 0 ? 4 : 6;
  const source = Buffer.alloc(version === 4 ? 4 : 16, 0);
  const destination = Buffer.from(source);
  source.writeUInt32BE((0x0a000000 + n * 2654435761) >>> 0, source.length - 4);
  destination.writeUInt32BE((0xc0a80000 + n * 40503) >>> 0, destination.length - 4);
  if (version === 6) {
    source.writeUInt32BE(0x20010db8, 0);
    destination.writeUInt32BE(0x20010db8, 0);
    destination.writeUInt32BE(n, 4);
  }
  if (version === 4) source[0] = 10;
  return {
    version,
    protocol: n % 4 < 2 ? 'udp' : 'tcp',
    source,
    destination,
    sourcePort: 1024 + ((n * 7919) % 60000),
    destinationPort: 1024 + ((n * 104729) % 60000),
  };
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += i + 1 < bytes.length ? bytes.readUInt16BE(i) : bytes[i]! << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A frame of that flow, `length` bytes without FCS, with correct checksums and a payload that depends on `seed`. */
export function frameOf(of: Flow, to: Buffer, length: number, seed = 0): Buffer {
  const ip = of.version === 4 ? 20 : 40;
  const l4 = of.protocol === 'udp' ? 8 : 20;
  const frame = Buffer.alloc(length);
  to.copy(frame, 0);
  peer.copy(frame, 6);
  frame.writeUInt16BE(of.version === 4 ? 0x0800 : 0x86dd, 12);
  const at = 14 + ip;
  for (let i = at + l4; i < length; i++) frame[i] = (i * 31 + seed * 17 + (seed >> 3)) & 0xff;
  const protocol = of.protocol === 'udp' ? 17 : 6;
  if (of.version === 4) {
    frame[14] = 0x45;
    frame.writeUInt16BE(length - 14, 16);
    frame.writeUInt16BE(seed & 0xffff, 18);
    frame[22] = 64;
    frame[23] = protocol;
    of.source.copy(frame, 26);
    of.destination.copy(frame, 30);
    frame.writeUInt16BE(checksum(frame.subarray(14, 34)), 24);
  } else {
    frame[14] = 0x60;
    frame.writeUInt16BE(length - 54, 18);
    frame[20] = protocol;
    frame[21] = 64;
    of.source.copy(frame, 22);
    of.destination.copy(frame, 38);
  }
  frame.writeUInt16BE(of.sourcePort, at);
  frame.writeUInt16BE(of.destinationPort, at + 2);
  if (of.protocol === 'udp') frame.writeUInt16BE(length - at, at + 4);
  else frame[at + 12] = 0x50;
  const pseudo = Buffer.alloc(4);
  pseudo.writeUInt16BE(length - at, 2);
  pseudo[1] = protocol;
  const sum = checksum(Buffer.concat([of.source, of.destination, pseudo, frame.subarray(at)]));
  frame.writeUInt16BE(sum === 0 ? 0xffff : sum, at + (of.protocol === 'udp' ? 6 : 16));
  return frame;
}

/** What a classifier feeds to the hash for a flow with ports. */
export const hashInput = (of: Flow): Buffer => {
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(of.sourcePort, 0);
  ports.writeUInt16BE(of.destinationPort, 2);
  return Buffer.concat([of.source, of.destination, ports]);
};

export function toeplitz(key: Buffer, input: Buffer): number {
  let hash = 0;
  for (let bit = 0; bit < input.length * 8; bit++) {
    if (((input[bit >> 3]! >> (7 - (bit & 7))) & 1) === 0) continue;
    const word = key.readUInt32BE(bit >> 3);
    const next = key[(bit >> 3) + 4] ?? 0;
    const shift = bit & 7;
    hash ^= shift === 0 ? word : ((word << shift) | (next >> (8 - shift))) >>> 0;
  }
  return hash >>> 0;
}

/** Frames of a capture, in microseconds or nanoseconds, as the model's pcap wire writes it. */
export function readPcap(file: string): Buffer[] {
  const bytes = fs.readFileSync(file);
  const frames: Buffer[] = [];
  for (let at = 24; at + 16 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 8);
    if (at + 16 + length > bytes.length) break;
    frames.push(bytes.subarray(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return frames;
}
