// SPDX-License-Identifier: BSD-3-Clause
//
// The demo's traffic, made here: a handful of IPv4 and IPv6 flows, and among them frames that a router must not forward.

function checksum(bytes: Buffer, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const MACS = '02000000aa01' + '02000000bb02';

interface Flow {
  readonly n: number;
  readonly length: number;
  readonly dstPort: number;
  readonly hops?: number;
}

export function udp4({ n, length, dstPort, hops = 64 }: Flow): Buffer {
  const frame = Buffer.alloc(length, n);
  frame.write(`${MACS}08004500`, 0, 'hex');
  frame.writeUInt16BE(length - 14, 16);
  frame.writeUInt16BE(n, 18);
  frame.writeUInt16BE(0, 20);
  frame[22] = hops;
  frame[23] = 17;
  frame.writeUInt16BE(0, 24);
  frame.writeUInt32BE(0x0a010001 + n, 26);
  frame.writeUInt32BE(0x0a020001 + n, 30);
  frame.writeUInt16BE(checksum(frame, 14, 34), 24);
  frame.writeUInt16BE(20_000 + n, 34);
  frame.writeUInt16BE(dstPort, 36);
  frame.writeUInt16BE(length - 34, 38);
  frame.writeUInt16BE(0, 40);
  return frame;
}

export function udp6({ n, length, dstPort, hops = 64 }: Flow): Buffer {
  const frame = Buffer.alloc(length, n);
  frame.write(`${MACS}86dd60000000`, 0, 'hex');
  frame.writeUInt16BE(length - 54, 18);
  frame[20] = 17;
  frame[21] = hops;
  frame.write('20010db8000100000000000000000001' + '20010db8000200000000000000000001', 22, 'hex');
  frame[37] = n;
  frame[53] = n;
  frame.writeUInt16BE(20_000 + n, 54);
  frame.writeUInt16BE(dstPort, 56);
  frame.writeUInt16BE(length - 54, 58);
  let sum = length - 54 + 17;
  frame.writeUInt16BE(0, 60);
  for (let at = 22; at < length; at += 2) sum += at + 1 < length ? frame.readUInt16BE(at) : frame[at]! << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame.writeUInt16BE(~sum & 0xffff || 0xffff, 60);
  return frame;
}

function arp(): Buffer {
  const frame = Buffer.alloc(60);
  frame.write(
    'ffffffffffff' +
      '02000000bb02' +
      '0806' +
      '0001080006040001' +
      '02000000bb02' +
      '0a010001' +
      '000000000000' +
      '0a020001',
    'hex',
  );
  return frame;
}

/** The port that the demo's receiving client asks for. */
export const DEMO_PORT = 9000;

export function demoFrames(): Buffer[] {
  const frames: Buffer[] = [];
  for (let n = 0; n < 56; n++) {
    const flow = { n, length: [60, 128, 512, 1514][n % 4]!, dstPort: n % 8 === 0 ? DEMO_PORT : 53 + n };
    frames.push(n % 3 === 0 ? udp6({ ...flow, length: Math.max(flow.length, 64) }) : udp4(flow));
  }
  frames.push(
    arp(),
    udp4({ n: 60, length: 60, dstPort: 7, hops: 1 }),
    udp6({ n: 61, length: 80, dstPort: 7, hops: 1 }),
  );
  const broken = udp4({ n: 62, length: 60, dstPort: 7 });
  broken[24]! ^= 0xff;
  frames.push(broken);
  return frames;
}

/** A classic pcap with nanosecond stamps, one frame a millisecond. */
export function pcapOf(frames: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b23c4d, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  const parts: Buffer[] = [header];
  frames.forEach((frame, n) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_750_000_000, 0);
    record.writeUInt32LE(n * 1_000_000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    parts.push(record, frame);
  });
  return Buffer.concat(parts);
}
