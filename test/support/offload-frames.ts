// SPDX-License-Identifier: BSD-3-Clause
// Frames by layers, with every length and checksum as it has to be; and what a card that does its work makes of them. Written from
// the protocols' texts, not from the code under test.

/** Something that goes into an IP packet, or (ether type) into a frame. `sumAt`: where the Internet checksum goes, if it has one. */
export interface Part {
  readonly bytes: Buffer;
  readonly protocol: number;
  readonly etherType: number;
  readonly sumAt?: number;
}

const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff]);

function onesComplement(parts: readonly Buffer[]): number {
  const bytes = Buffer.concat(parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes[i]! * 256 + (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum % 65536) + Math.floor(sum / 65536);
  return 0xffff - sum;
}

/** CRC-32C, as SCTP has it: the least significant byte first. */
function crc32c(bytes: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const out = Buffer.alloc(4);
  out.writeUInt32LE(~crc >>> 0);
  return out;
}

/** Bytes that tell where they stand. */
export const payload = (length: number, seed = 1): Buffer =>
  Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 8) * 31 + seed * 53) & 0xff));

export function udp(from: number, to: number, data: Buffer, sum: 'sum' | 'none' = 'sum'): Part {
  const bytes = Buffer.concat([u16(from), u16(to), u16(8 + data.length), u16(0), data]);
  return { bytes, protocol: 17, etherType: 0, ...(sum === 'sum' ? { sumAt: 6 } : {}) };
}

export interface TcpOptions {
  readonly seq?: number;
  readonly flags?: number;
  readonly options?: Buffer;
}

export function tcp(
  from: number,
  to: number,
  data: Buffer,
  { seq = 1, flags = 0x10, options = Buffer.alloc(0) }: TcpOptions = {},
): Part {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(from, 0);
  head.writeUInt16BE(to, 2);
  head.writeUInt32BE(seq >>> 0, 4);
  head.writeUInt32BE(0x01020304, 8);
  head[12] = ((20 + options.length) / 4) << 4;
  head[13] = flags;
  head.writeUInt16BE(0x2000, 14);
  return { bytes: Buffer.concat([head, options, data]), protocol: 6, etherType: 0, sumAt: 16 };
}

export function sctp(from: number, to: number, tag: number, data: Buffer): Part {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(from, 0);
  head.writeUInt16BE(to, 2);
  head.writeUInt32BE(tag, 4);
  // One DATA chunk, so that dissectors see what they expect.
  const chunk = Buffer.concat([Buffer.from([0, 3]), u16(16 + data.length), Buffer.alloc(12), data]);
  const padded = Buffer.concat([head, chunk, Buffer.alloc((4 - (chunk.length % 4)) % 4)]);
  crc32c(padded).copy(padded, 8);
  return { bytes: padded, protocol: 132, etherType: 0 };
}

/** Any other protocol of IP. */
export const other = (protocol: number, data: Buffer): Part => ({ bytes: data, protocol, etherType: 0 });

function withSum(part: Part, pseudo: readonly Buffer[]): Buffer {
  if (part.sumAt === undefined) return part.bytes;
  const bytes = Buffer.from(part.bytes);
  const sum = onesComplement([...pseudo, bytes]);
  bytes.writeUInt16BE(sum === 0 && part.protocol === 17 ? 0xffff : sum, part.sumAt);
  return bytes;
}

export interface Ip4 {
  readonly from?: string;
  readonly to?: string;
  readonly id?: number;
  readonly options?: Buffer;
  /** Flags and fragment offset, 16 bits. */
  readonly fragment?: number;
}

const dotted = (text: string): Buffer => Buffer.from(text.split('.').map(Number));

export function ip4(
  part: Part,
  { from = '10.1.2.3', to = '192.168.9.8', id = 0x4000, options = Buffer.alloc(0), fragment = 0 }: Ip4 = {},
): Part {
  const head = Buffer.alloc(20 + options.length);
  head[0] = 0x40 | (head.length / 4);
  head.writeUInt16BE((head.length + part.bytes.length) & 0xffff, 2);
  head.writeUInt16BE(id & 0xffff, 4);
  head.writeUInt16BE(fragment, 6);
  head[8] = 64;
  head[9] = part.protocol;
  dotted(from).copy(head, 12);
  dotted(to).copy(head, 16);
  options.copy(head, 20);
  head.writeUInt16BE(onesComplement([head]), 10);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.bytes.length);
  // The pseudo header: addresses, protocol, length.
  const body = withSum(part, [head.subarray(12, 20), u16(part.protocol), length]);
  return { bytes: Buffer.concat([head, body]), protocol: 4, etherType: 0x0800 };
}

export interface Ip6 {
  readonly from?: string;
  readonly to?: string;
}

/** Addresses in hexadecimal, without colons. */
export function ip6(
  part: Part,
  { from = '20010db8000000000000000000000001', to = '20010db80000000000000000000000aa' }: Ip6 = {},
): Part {
  const head = Buffer.alloc(40);
  head[0] = 0x60;
  head.writeUInt16BE(part.bytes.length & 0xffff, 4);
  head[6] = part.protocol;
  head[7] = 64;
  Buffer.from(from, 'hex').copy(head, 8);
  Buffer.from(to, 'hex').copy(head, 24);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.bytes.length);
  const body = withSum(part, [head.subarray(8, 40), length, u16(0), u16(part.protocol)]);
  return { bytes: Buffer.concat([head, body]), protocol: 41, etherType: 0x86dd };
}

/** A fragment header of IPv6 before `part`, as a part. */
export const fragment6 = (part: Part, offset: number, more: boolean): Part => ({
  bytes: Buffer.concat([
    Buffer.from([part.protocol, 0]),
    u16((offset & 0xfff8) | (more ? 1 : 0)),
    Buffer.alloc(4, 9),
    part.bytes,
  ]),
  protocol: 44,
  etherType: 0,
});

export const stations = { to: '02584c371000', from: '02aabbccdd01' } as const;

export interface Ether {
  readonly to?: string;
  /** Tags as their 16 bits, the outermost first. */
  readonly tags?: readonly number[];
}

/** A frame without FCS, as long as it is. */
export const ether = ({ bytes, etherType }: Part, { to = stations.to, tags = [] }: Ether = {}): Buffer =>
  Buffer.concat([
    Buffer.from(to + stations.from, 'hex'),
    ...tags.map((tag) => Buffer.concat([u16(0x8100), u16(tag)])),
    u16(etherType),
    bytes,
  ]);

/** A frame in a VXLAN datagram, whose own checksum is not used (as tunnels do over IPv4). */
export const vxlan = (frame: Buffer): Part =>
  udp(0xc001, 4789, Buffer.concat([Buffer.from('0800000000123400', 'hex'), frame]), 'none');
export const geneve = (frame: Buffer): Part =>
  udp(0xc002, 6081, Buffer.concat([Buffer.from('0000655800123400', 'hex'), frame]), 'none');
export const gre = ({ bytes, etherType }: Part): Part => ({
  bytes: Buffer.concat([u16(0), u16(etherType), bytes]),
  protocol: 47,
  etherType: 0,
});

/** As long as the shortest frame on a wire, without its FCS. */
export const padded = (frame: Buffer): Buffer =>
  frame.length >= 60 ? frame : Buffer.concat([frame, Buffer.alloc(60 - frame.length)]);

const FIN = 0x01;
const PSH = 0x08;
const CWR = 0x80;

/** One segment's own part of the headers: numbers that go up, flags of the first and the last. */
export interface Segment {
  readonly data: Buffer;
  /** 0, 1, ... */
  readonly n: number;
  readonly seq: number;
  readonly flags: number;
}

/** How a large send is cut, by the text: FIN and PSH on the last segment alone, CWR on the first alone. */
export function segmentsOf(data: Buffer, mss: number, seq: number, flags: number): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at < data.length; at += mss) {
    const last = at + mss >= data.length;
    const own = flags & ~(last ? 0 : FIN | PSH) & ~(at === 0 ? 0 : CWR);
    segments.push({ data: data.subarray(at, at + mss), n: segments.length, seq: (seq + at) >>> 0, flags: own });
  }
  return segments;
}
