// SPDX-License-Identifier: BSD-3-Clause
// What a generator's frames must be, read from the text of dataplane/app/forward/stamp.h and not from its code.

export interface StampedFrame {
  readonly ipv6: boolean;
  readonly length: number;
  readonly addresses: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly run: number;
  readonly flow: number;
  readonly sequence: number;
  readonly timeNs: bigint;
}

const MAGIC = 0x9d5057a3;

function onesSum(bytes: Uint8Array, sum = 0): number {
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** Reads one frame; throws when a length, a checksum or the pattern is not what it must be. */
export function readStamped(data: Buffer): StampedFrame {
  const ipv6 = data.readUInt16BE(12) === 0x86dd;
  const ip = data.subarray(14);
  const header = ipv6 ? 40 : 20;
  const addresses = ipv6 ? ip.subarray(8, 40) : ip.subarray(12, 20);
  const udp = ip.subarray(header);
  const must = (what: string, holds: boolean): void => {
    if (!holds) throw new Error(`${what} is wrong: ${data.toString('hex')}`);
  };
  must('IP length', (ipv6 ? ip.readUInt16BE(4) + 40 : ip.readUInt16BE(2)) === ip.length);
  must('protocol', (ipv6 ? ip[6] : ip[9]) === 17);
  must('IPv4 checksum', ipv6 || onesSum(ip.subarray(0, 20)) === 0xffff);
  must('UDP length', udp.readUInt16BE(4) === udp.length);
  must('UDP checksum', udp.readUInt16BE(6) !== 0 && onesSum(addresses, onesSum(udp, 17 + udp.length)) === 0xffff);
  const stamp = udp.subarray(8, 26);
  must('magic', stamp.readUInt32LE(0) === MAGIC);
  // Each whole block of the pattern is a word and its complement.
  const pattern = udp.subarray(26);
  for (let at = 0; at + 16 <= pattern.length; at += 16)
    must('pattern', (pattern.readBigUInt64LE(at) ^ pattern.readBigUInt64LE(at + 8)) === 0xffff_ffff_ffff_ffffn);
  return {
    ipv6,
    length: data.length,
    addresses: addresses.toString('hex'),
    srcPort: udp.readUInt16BE(0),
    dstPort: udp.readUInt16BE(2),
    run: stamp.readUInt16LE(4),
    flow: stamp.readUInt16LE(6),
    sequence: stamp.readUInt32LE(8),
    timeNs: BigInt(stamp.readUInt32LE(12)) | (BigInt(stamp.readUInt16LE(16)) << 32n),
  };
}

/** How often each value occurs. */
export function tally<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
