// SPDX-License-Identifier: BSD-3-Clause
// Frames at every edge of what a router accepts, for the comparison with l3fwd-oracle.ts.

function setChecksum(frame: Buffer): Buffer {
  const length = (frame[14]! & 15) * 4;
  if (length < 20 || frame.length < 14 + length) return frame;
  frame.writeUInt16BE(0, 24);
  let sum = 0;
  for (let i = 14; i < 14 + length; i += 2) sum += frame.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame.writeUInt16BE(~sum & 0xffff, 24);
  return frame;
}

interface Ipv4 {
  src?: number[];
  dst?: number[];
  ttl?: number;
  words?: number;
  payload?: number;
  padding?: number;
  total?: number;
  fragment?: number;
  id?: number;
}

function ipv4(o: Ipv4 = {}): Buffer {
  const header = (o.words ?? 5) * 4;
  const frame = Buffer.alloc(14 + header + (o.payload ?? 26) + (o.padding ?? 0), 0xa5);
  frame.writeUInt16BE(0x0800, 12);
  frame[14] = 0x40 | (o.words ?? 5);
  frame[15] = 0;
  frame.writeUInt16BE(o.total ?? header + (o.payload ?? 26), 16);
  frame.writeUInt16BE(o.id ?? 0x1234, 18);
  frame.writeUInt16BE(o.fragment ?? 0, 20);
  frame[22] = o.ttl ?? 64;
  frame[23] = 17;
  frame.set(o.src ?? [10, 1, 2, 3], 26);
  frame.set(o.dst ?? [10, 4, 5, 6], 30);
  return setChecksum(frame);
}

function ipv6(src: string, dst: string, hops = 64, payload = 20, length = payload): Buffer {
  const frame = Buffer.alloc(54 + payload, 0x5a);
  frame.writeUInt16BE(0x86dd, 12);
  frame.writeUInt32BE(0x60000000, 14);
  frame.writeUInt16BE(length, 18);
  frame[20] = 17;
  frame[21] = hops;
  frame.write(src.padEnd(32, '0'), 22, 'hex');
  frame.write(dst.padEnd(32, '0'), 38, 'hex');
  return frame;
}

const of = (hex: string): string => hex.padStart(32, '0');

function named(): Buffer[] {
  const addresses = [
    ...[0, 1, 126, 127, 128, 223, 224, 239, 240, 255].map((first) => [first, 1, 2, 3]),
    ...[
      [255, 255, 255, 255],
      [0, 0, 0, 0],
      [169, 253, 0, 1],
      [169, 254, 0, 1],
      [169, 255, 0, 1],
    ],
  ];
  const frames = addresses.flatMap((address) => [ipv4({ dst: address }), ipv4({ src: address })]);
  for (const ttl of [0, 1, 2, 3, 128, 255]) frames.push(ipv4({ ttl }), ipv6('fd01', 'fd02', ttl));
  for (let words = 5; words <= 15; words++) frames.push(ipv4({ words }), ipv4({ words, total: words * 4 - 1 }));
  for (const total of [0, 19, 20, 21, 45, 46, 47, 60, 65535]) frames.push(ipv4({ total }));
  for (const fragment of [0x2000, 0x4000, 0x8000, 0x1fff, 0x2001]) frames.push(ipv4({ fragment }));
  for (const padding of [0, 1, 6, 20]) frames.push(ipv4({ payload: 0, padding }));
  // Both ways to write a sum of zero, before and after the hop is counted.
  for (const [first, second] of [
    [0, 0xffff],
    [1, 0xfeff],
  ] as const) {
    const frame = ipv4({ id: 0 });
    frame.writeUInt16BE(frame.readUInt16BE(24), 18);
    setChecksum(frame);
    for (const checksum of [first, second]) {
      const other = Buffer.from(frame);
      other.writeUInt16BE(checksum, 24);
      frames.push(other);
    }
    frames.push(frame);
  }
  for (const dst of ['ff02', 'ff0e', 'ff', 'fe80', 'febf', 'fec0', 'fe7f', '2001', of('0'), of('1'), of('2')])
    frames.push(ipv6('fd01', dst), ipv6(dst, 'fd02'));
  frames.push(ipv6('fd01', of('ffff0a040506')), ipv6('fd01', 'fd02', 64, 0), ipv6('fd01', 'fd02', 64, 100, 0));
  for (const length of [19, 20, 21, 65535]) frames.push(ipv6('fd01', 'fd02', 64, 20, length));
  for (let version = 0; version < 16; version++) {
    for (const frame of [ipv4(), ipv6('fd01', 'fd02')]) {
      frame[14] = (version << 4) | (frame[14]! & 15);
      frames.push(frame[12] === 8 ? setChecksum(frame) : frame);
    }
  }
  for (const type of [0x0806, 0x8100, 0x88a8, 0x8847, 0x0026, 0x05dc, 0x0600, 0x0801, 0x86dc, 0xffff]) {
    const frame = ipv4();
    frame.writeUInt16BE(type, 12);
    frames.push(frame);
  }
  return frames;
}

/** Every named edge, every length of three good frames, and `random` frames with a few bytes changed (always the same ones). */
export function edgeFrames(random: number): Buffer[] {
  const frames = named();
  const good = [ipv4(), ipv4({ words: 8 }), ipv6('fd01', 'fd02')];
  for (const frame of good) for (let n = 0; n <= frame.length; n++) frames.push(frame.subarray(0, n));
  let state = 12345;
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  for (let i = 0; i < random; i++) {
    const frame = Buffer.from(frames[below(frames.length)]!);
    if (frame.length === 0) continue;
    for (let changes = 1 + below(3); changes > 0; changes--) frame[below(Math.min(frame.length, 54))] = below(256);
    frames.push(below(2) === 0 && frame.length > 14 ? setChecksum(frame) : frame);
  }
  return frames;
}
