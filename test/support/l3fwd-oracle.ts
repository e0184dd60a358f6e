// SPDX-License-Identifier: BSD-3-Clause
// What l3fwd must do with a frame, worked out a second time from the rules (and from nothing of the dataplane's code):
// forward it with one hop less, or drop it under one cause.

export interface OracleRoutes {
  /** True when a route leads to this address. Default: everything is routed. */
  routed?: (address: Uint8Array) => boolean;
}

export type Verdict = { forward: true; bytes: Buffer } | { forward: false; cause: string };

function onesSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

export const ipv4ChecksumValid = (frame: Uint8Array): boolean =>
  onesSum(frame.subarray(14, 14 + (frame[14]! & 15) * 4)) === 0xffff;

const drop = (cause: string): Verdict => ({ forward: false, cause });

function ipv4(frame: Buffer, routes: OracleRoutes): Verdict {
  if (frame.length < 34) return drop('malformed');
  const ihl = (frame[14]! & 15) * 4;
  const total = frame.readUInt16BE(16);
  if (frame[14]! >> 4 !== 4 || ihl < 20 || total < ihl || frame.length < 14 + total) return drop('malformed');
  if (!ipv4ChecksumValid(frame)) return drop('bad_checksum');
  const [src, dst] = [frame.subarray(26, 30), frame.subarray(30, 34)];
  if (dst[0]! >= 224 || dst[0] === 127 || dst[0] === 0) return drop('bad_destination');
  const linkLocal = (a: Uint8Array): boolean => a[0] === 169 && a[1] === 254;
  if (linkLocal(src) || linkLocal(dst)) return drop('link_local');
  if (frame[22]! <= 1) return drop('ttl_exceeded');
  if (routes.routed && !routes.routed(dst)) return drop('no_route');
  const out = Buffer.from(frame);
  out[22]!--;
  out.writeUInt16BE(0, 24);
  out.writeUInt16BE(~onesSum(out.subarray(14, 14 + ihl)) & 0xffff, 24);
  return { forward: true, bytes: out };
}

function ipv6(frame: Buffer, routes: OracleRoutes): Verdict {
  if (frame.length < 54) return drop('malformed');
  if (frame[14]! >> 4 !== 6 || frame.length < 54 + frame.readUInt16BE(18)) return drop('malformed');
  const [src, dst] = [frame.subarray(22, 38), frame.subarray(38, 54)];
  const low = dst.subarray(0, 15).every((b) => b === 0) && dst[15]! <= 1;
  if (dst[0] === 0xff || low) return drop('bad_destination');
  const linkLocal = (a: Uint8Array): boolean => a[0] === 0xfe && (a[1]! & 0xc0) === 0x80;
  if (linkLocal(src) || linkLocal(dst)) return drop('link_local');
  if (frame[21]! <= 1) return drop('ttl_exceeded');
  if (routes.routed && !routes.routed(dst)) return drop('no_route');
  const out = Buffer.from(frame);
  out[21]!--;
  return { forward: true, bytes: out };
}

/** The verdict; the MAC addresses of a forwarded frame are zeroed, since they belong to the ports and not to the frame. */
export function l3fwdVerdict(frame: Buffer, routes: OracleRoutes = {}): Verdict {
  if (frame.length < 14) return drop('malformed');
  const type = frame.readUInt16BE(12);
  const verdict =
    type === 0x0800
      ? ipv4(frame, routes)
      : type === 0x86dd
        ? ipv6(frame, routes)
        : drop(type === 0x0806 ? 'arp' : 'ethertype');
  if (verdict.forward) verdict.bytes.fill(0, 0, 12);
  return verdict;
}
