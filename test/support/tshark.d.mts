// SPDX-License-Identifier: BSD-3-Clause
/**
 * What stands in a frame; checksums: 0 wrong, 1 right, 3 not there, 4 not there over IPv6. Of tunnels there are several values, the
 * outermost first.
 */
export interface Row {
  length: number;
  tags: number[];
  ipLengths: number[];
  ipIds: number[];
  ipSums: number[];
  ip6Lengths: number[];
  udpLengths: number[];
  udpSums: number[];
  seqs: number[];
  tcpFlags: number[];
  tcpLengths: number[];
  tcpSums: number[];
  sctpSums: number[];
}
export function tsharkRows(file: string): Row[];
export function judgeLeft(folder: string): { judged: number; differ: string[] };
