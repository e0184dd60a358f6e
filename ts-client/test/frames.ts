// SPDX-License-Identifier: BSD-3-Clause
//
// Frames for unit tests, with right checksums.
const sum16 = (bytes: Uint8Array, from: number, to: number, start = 0): number => {
  let sum = start;
  for (let i = from; i < to; i += 2) sum += (bytes[i]! << 8) | (i + 1 < to ? bytes[i + 1]! : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
};

/** The checksum of `bytes[from..to)`; 0 over a range that includes a right one. */
export const checksum = sum16;

export interface UdpFrame {
  src?: [number, number, number, number];
  dst?: [number, number, number, number];
  srcPort?: number;
  dstPort?: number;
  ttl?: number;
  payload?: Uint8Array;
  vlan?: number;
  zeroChecksum?: boolean;
}

/** IPv4 pseudo header sum for the transport checksum. */
const pseudo = (b: Uint8Array, ip: number, protocol: number, length: number): number => {
  let sum = protocol + length;
  for (let i = ip + 12; i < ip + 20; i += 2) sum += (b[i]! << 8) | b[i + 1]!;
  return sum;
};

export function udp4(f: UdpFrame = {}): Uint8Array {
  const payload = f.payload ?? Uint8Array.of(1, 2, 3, 4);
  const l2 = f.vlan === undefined ? 14 : 18;
  const b = Buffer.alloc(l2 + 28 + payload.length);
  b.set([0x02, 0, 0, 0, 0, 0x0a, 0x02, 0, 0, 0, 0, 0x0b]);
  if (f.vlan !== undefined) {
    b.writeUInt16BE(0x8100, 12);
    b.writeUInt16BE(f.vlan, 14);
  }
  b.writeUInt16BE(0x0800, l2 - 2);
  b[l2] = 0x45;
  b.writeUInt16BE(28 + payload.length, l2 + 2);
  b[l2 + 8] = f.ttl ?? 64;
  b[l2 + 9] = 17;
  b.set(f.src ?? [10, 0, 0, 1], l2 + 12);
  b.set(f.dst ?? [10, 0, 0, 2], l2 + 16);
  b.writeUInt16BE(sum16(b, l2, l2 + 20), l2 + 10);
  const udp = l2 + 20;
  b.writeUInt16BE(f.srcPort ?? 1000, udp);
  b.writeUInt16BE(f.dstPort ?? 53, udp + 2);
  b.writeUInt16BE(8 + payload.length, udp + 4);
  b.set(payload, udp + 8);
  if (!f.zeroChecksum) b.writeUInt16BE(sum16(b, udp, b.length, pseudo(b, l2, 17, b.length - udp)) || 0xffff, udp + 6);
  return b;
}

/** True when both checksums of an untagged IPv4 frame hold. */
export function checksumsHold(b: Uint8Array, protocol = 17): boolean {
  return sum16(b, 14, 34) === 0 && sum16(b, 34, b.length, pseudo(b, 14, protocol, b.length - 34)) === 0;
}

/** A frame whose bytes tell where they are. */
export const numbered = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
