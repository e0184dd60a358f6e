// SPDX-License-Identifier: BSD-3-Clause
// What tshark reads in a capture, with its checks of checksums switched on. Plain JavaScript, as scripts judge with it what beds
// without tshark left behind.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** A row's name, and tshark's for the same. Of tunnels there are several values, the outermost first. */
const fields = {
  length: 'frame.len',
  tags: 'vlan.id',
  ipLengths: 'ip.len',
  ipIds: 'ip.id',
  ipSums: 'ip.checksum.status',
  ip6Lengths: 'ipv6.plen',
  udpLengths: 'udp.length',
  udpSums: 'udp.checksum.status',
  seqs: 'tcp.seq_raw',
  tcpFlags: 'tcp.flags',
  tcpLengths: 'tcp.len',
  tcpSums: 'tcp.checksum.status',
  sctpSums: 'sctp.checksum.status',
};
const malformed = '_ws.malformed';

/** Frames stand alone: nothing is put together, no numbers are relative, every checksum is looked at. */
const preferences = [
  'ip.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'sctp.checksum:CRC-32C',
  'ip.defragment:FALSE',
  'ip.tso_support:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.analyze_sequence_numbers:FALSE',
];

/** Rows of every frame of a pcap file; throws for frames that tshark finds malformed. */
export function tsharkRows(file) {
  const names = Object.keys(fields);
  const columns = [...Object.values(fields), malformed].flatMap((field) => ['-e', field]);
  const options = preferences.flatMap((one) => ['-o', one]);
  const args = ['-n', '-r', file, ...options, '-T', 'fields', '-E', 'separator=;', '-E', 'occurrence=a', ...columns];
  const text = execFileSync('tshark', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, n) => {
      const values = line.split(';');
      if (values.at(-1) !== '') throw new Error(`tshark finds frame ${n + 1} of ${file} malformed`);
      const row = Object.fromEntries(
        names.map((name, i) => [name, values[i] === '' ? [] : values[i].split(',').map(Number)]),
      );
      return { ...row, length: row.length[0] };
    });
}

/** Holds captures that were left with rows beside them (NAME.pcap, NAME.json) against tshark: names of those that differ. */
export function judgeLeft(folder) {
  const left = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const differ = left.filter((name) => {
    const file = path.join(folder, name);
    try {
      const seen = tsharkRows(file.replace(/json$/, 'pcap'));
      return JSON.stringify(seen) !== JSON.stringify(JSON.parse(fs.readFileSync(file, 'utf8')));
    } catch (error) {
      console.error(String(error));
      return true;
    }
  });
  return { judged: left.length, differ };
}
