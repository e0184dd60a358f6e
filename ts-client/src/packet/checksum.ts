// SPDX-License-Identifier: BSD-3-Clause
//
// Internet checksums after a change of one 16-bit word, by RFC 1624 equation 3: HC' = ~(~HC + ~m + m').
import type { Memory } from './memory.ts';
import { L3_IPV4, PROTO_ICMP6, PROTO_TCP, PROTO_UDP, type Headers } from './headers.ts';

function adjust(sum: number, before: number, after: number): number {
  let s = (~sum & 0xffff) + (~before & 0xffff) + after;
  s = (s & 0xffff) + (s >>> 16);
  s = (s & 0xffff) + (s >>> 16);
  return ~s & 0xffff;
}

/** Where the checksum that covers the transport header lies, 0 when there is none to keep. */
function transportChecksum(memory: Memory, headers: Headers, end: number): number {
  if (!headers.transport) return 0;
  const at =
    headers.protocol === PROTO_TCP
      ? headers.l4 + 16
      : headers.protocol === PROTO_UDP
        ? headers.l4 + 6
        : headers.protocol === PROTO_ICMP6 && headers.kind !== L3_IPV4
          ? headers.l4 + 2
          : 0;
  if (at === 0 || at + 2 > end) return 0;
  // A UDP sender that computed none wrote 0.
  return headers.protocol === PROTO_UDP && memory.view.getUint16(at) === 0 ? 0 : at;
}

function change(memory: Memory, headers: Headers, at: number, before: number, after: number): void {
  let sum = adjust(memory.view.getUint16(at), before, after);
  if (sum === 0 && headers.protocol === PROTO_UDP && at === headers.l4 + 6) sum = 0xffff;
  memory.view.setUint16(at, sum);
}

/** Writes a 16-bit word at `at`, an even distance from its header's start, and keeps the checksums that cover it. */
export function write16(
  memory: Memory,
  headers: Headers,
  end: number,
  at: number,
  value: number,
  covers: { header: boolean; transport: boolean },
): void {
  const before = memory.view.getUint16(at);
  memory.view.setUint16(at, value);
  if (covers.header) change(memory, headers, headers.l3 + 10, before, value);
  if (!covers.transport) return;
  const transport = transportChecksum(memory, headers, end);
  if (transport) change(memory, headers, transport, before, value);
}

/** The same for a word of an ICMP message at `l4`, whose checksum is at the same place on IPv4 and IPv6. */
export function writeIcmp16({ view }: Memory, l4: number, at: number, value: number): void {
  const before = view.getUint16(at);
  view.setUint16(at, value);
  view.setUint16(l4 + 2, adjust(view.getUint16(l4 + 2), before, value));
}
