// SPDX-License-Identifier: BSD-3-Clause
// The real traffic of .cache/captures and what tshark says about it (made by scripts/captures.mjs on Linux; the Windows
// bed reads the same files).
import fs from 'node:fs';
import path from 'node:path';
import { capturesDir } from './bed.ts';

/** One frame; numbers start at 1, as in Wireshark. Ports are the frame's own (null in ICMP errors, which quote a packet, and
 *  in later fragments). Addresses and types are those of the outermost header. */
export interface FrameFacts {
  readonly number: number;
  /** Nanoseconds since 1970, as a decimal text (beyond 2^53). */
  readonly timeNs: string;
  readonly length: number;
  /** Wireshark's list, such as "eth:ethertype:ip:udp:data". */
  readonly protocols: string;
  readonly etherType: number | null;
  readonly etherSrc: string;
  readonly etherDst: string;
  readonly ip4Src: string | null;
  readonly ip4Dst: string | null;
  readonly ip4Protocol: number | null;
  readonly ip4Ttl: number | null;
  readonly ip4FragmentOffset: number | null;
  readonly ip6Src: string | null;
  readonly ip6Dst: string | null;
  readonly ip6Next: number | null;
  readonly ip6HopLimit: number | null;
  readonly tcpSrcPort: number | null;
  readonly tcpDstPort: number | null;
  readonly udpSrcPort: number | null;
  readonly udpDstPort: number | null;
  readonly icmpType: number | null;
  readonly icmp6Type: number | null;
}

export interface CaptureFacts {
  readonly sha256: string;
  readonly frames: readonly FrameFacts[];
  /** Display filter -> numbers of the frames it shows. The table is test/support/capture-filters.json. */
  readonly filters: Readonly<Record<string, readonly number[]>>;
}

/** The capture as tcpdump wrote it (pcap, nanoseconds) and as pcapng. */
export const mixedPcap = path.join(capturesDir, 'mixed.pcap');
export const mixedPcapng = path.join(capturesDir, 'mixed.pcapng');

let facts: CaptureFacts | undefined;

export function mixedFacts(): CaptureFacts {
  const file = path.join(capturesDir, 'mixed.facts.json');
  if (!fs.existsSync(file)) throw new Error(`${file} is missing. Make it on Linux with: node scripts/captures.mjs`);
  facts ??= JSON.parse(fs.readFileSync(file, 'utf8')) as CaptureFacts;
  return facts;
}

/** The numbers of the frames that a tshark display filter shows. */
export function framesMatching(filter: string): readonly number[] {
  const numbers = mixedFacts().filters[filter];
  if (numbers === undefined) throw new Error(`"${filter}" is not in test/support/capture-filters.json: add it there.`);
  return numbers;
}

export interface PcapFrame {
  readonly timeNs: bigint;
  /** Length on the wire; `data` holds the captured part. */
  readonly wireLength: number;
  readonly data: Buffer;
}

/** Read a classic pcap file of either byte order and stamp unit: a reader of the tests' own, apart from the product's. */
export function readPcap(file: string): PcapFrame[] {
  const bytes = fs.readFileSync(file);
  const magics = new Map([
    [0xa1b2c3d4, { little: false, nanoseconds: false }],
    [0xa1b23c4d, { little: false, nanoseconds: true }],
    [0xd4c3b2a1, { little: true, nanoseconds: false }],
    [0x4d3cb2a1, { little: true, nanoseconds: true }],
  ]);
  const format = bytes.length >= 24 ? magics.get(bytes.readUInt32BE(0)) : undefined;
  if (format === undefined) throw new Error(`${file} is not a pcap file`);
  const u32 = (at: number): number => (format.little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const frames: PcapFrame[] = [];
  for (let at = 24; at < bytes.length;) {
    if (at + 16 > bytes.length) throw new Error(`${file} ends within a record header at byte ${at}`);
    const captured = u32(at + 8);
    if (at + 16 + captured > bytes.length) throw new Error(`${file} ends within frame ${frames.length + 1}`);
    const fraction = BigInt(u32(at + 4)) * (format.nanoseconds ? 1n : 1000n);
    frames.push({
      timeNs: BigInt(u32(at)) * 1_000_000_000n + fraction,
      wireLength: u32(at + 12),
      data: bytes.subarray(at + 16, at + 16 + captured),
    });
    at += 16 + captured;
  }
  return frames;
}
