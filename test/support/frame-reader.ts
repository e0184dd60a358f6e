// SPDX-License-Identifier: BSD-3-Clause
// What stands in a frame, read by the tests' own reader: lengths, numbers, flags, and whether checksums are right. Its rows are those of
// tshark.mjs, so that two readers can be held against each other.
import type { Row } from './tshark.mjs';

const GOOD = 1;
const BAD = 0;
const ABSENT = 3;
/** None over IPv6, where only a tunnel may (RFC 6935): tshark goes by the older text. */
const ABSENT_IPV6 = 4;

/** The Internet checksum of bytes that contain theirs: right when this is 0. Not the sum that makes frames (offload-frames.ts). */
function residue(...parts: Uint8Array[]): number {
  let sum = 0n;
  for (const part of parts) for (let i = 0; i < part.length; i++) sum += BigInt(part[i]!) << (i % 2 === 0 ? 8n : 0n);
  return Number(sum % 0xffffn);
}

/** A table of CRC-32C's, made once. */
const castagnoli = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function sctpIsGood(bytes: Buffer): boolean {
  const copy = Buffer.from(bytes);
  copy.fill(0, 8, 12);
  let crc = 0xffffffff;
  for (const byte of copy) crc = castagnoli[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0 === bytes.readUInt32LE(8);
}

class Reader {
  readonly row: Row = {
    length: 0,
    tags: [],
    ipLengths: [],
    ipIds: [],
    ipSums: [],
    ip6Lengths: [],
    udpLengths: [],
    udpSums: [],
    seqs: [],
    tcpFlags: [],
    tcpLengths: [],
    tcpSums: [],
    sctpSums: [],
  };

  frame(bytes: Buffer): void {
    let at = 12;
    let type = bytes.readUInt16BE(at);
    while (type === 0x8100) {
      this.row.tags.push(bytes.readUInt16BE(at + 2) & 0xfff);
      at += 4;
      type = bytes.readUInt16BE(at);
    }
    this.network(type, bytes.subarray(at + 2));
  }

  private network(type: number, bytes: Buffer): void {
    if (type === 0x0800) this.ip4(bytes);
    if (type === 0x86dd) this.ip6(bytes);
  }

  private ip4(bytes: Buffer): void {
    const header = (bytes[0]! & 15) * 4;
    const total = bytes.readUInt16BE(2);
    this.row.ipLengths.push(total);
    this.row.ipIds.push(bytes.readUInt16BE(4));
    this.row.ipSums.push(residue(bytes.subarray(0, header)) === 0 ? GOOD : BAD);
    const data = bytes.subarray(header, total);
    this.transport(bytes[9]!, data, bytes.subarray(12, 20), data.length);
  }

  private ip6(bytes: Buffer): void {
    const length = bytes.readUInt16BE(4);
    this.row.ip6Lengths.push(length);
    this.transport(bytes[6]!, bytes.subarray(40, 40 + length), bytes.subarray(8, 40), length);
  }

  private transport(protocol: number, bytes: Buffer, addresses: Buffer, length: number): void {
    const pseudo = Buffer.from([length >> 24, length >> 16, length >> 8, length, 0, 0, 0, protocol]);
    const sum = (): number => (residue(addresses, pseudo, bytes) === 0 ? GOOD : BAD);
    if (protocol === 4) this.ip4(bytes);
    if (protocol === 41) this.ip6(bytes);
    if (protocol === 47) this.tunnel(bytes.readUInt16BE(2), bytes.subarray(4));
    if (protocol === 132) this.row.sctpSums.push(sctpIsGood(bytes) ? GOOD : BAD);
    if (protocol === 17) {
      this.row.udpLengths.push(bytes.readUInt16BE(4));
      this.row.udpSums.push(bytes.readUInt16BE(6) !== 0 ? sum() : addresses.length === 8 ? ABSENT : ABSENT_IPV6);
      const to = bytes.readUInt16BE(2);
      if (to === 4789 || to === 6081) this.tunnel(0x6558, bytes.subarray(16));
    }
    if (protocol === 6) {
      this.row.seqs.push(bytes.readUInt32BE(4));
      this.row.tcpFlags.push(bytes[13]!);
      this.row.tcpLengths.push(length - (bytes[12]! >> 4) * 4);
      this.row.tcpSums.push(sum());
    }
  }

  private tunnel(type: number, bytes: Buffer): void {
    if (type === 0x6558) this.frame(bytes);
    else this.network(type, bytes);
  }
}

export function readFrame(bytes: Buffer): Row {
  const reader = new Reader();
  reader.row.length = bytes.length;
  reader.frame(bytes);
  return reader.row;
}
