// SPDX-License-Identifier: BSD-3-Clause
// What an application leaves to the card when it sends: checksums, tags, segments. Frames leave through our driver with wrong
// checksums in them; on the wire they have to be, byte by byte, what the protocols' texts make of them, and two readers, ours and
// tshark, have to find every length, number and checksum right.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, system, tempDir } from '../support/bed.ts';
import { readFrame } from '../support/frame-reader.ts';
import { ether, ip4, padded, payload, tcp } from '../support/offload-frames.ts';
import {
  checksums,
  inTunnels,
  largeInTunnels,
  largeSends,
  segmented,
  type Sent,
  tagged,
  zeroSum,
} from '../support/offload-sends.ts';
import { tsharkRows } from '../support/tshark.mjs';
import { waitForCount } from '../support/wait.ts';
import { readPcap } from '../support/xl710-frames.ts';
import { openPort, type Port } from '../support/xl710-packets.ts';

const all =
  'VLAN_INSERT,IPV4_CKSUM,UDP_CKSUM,TCP_CKSUM,SCTP_CKSUM,TCP_TSO,OUTER_IPV4_CKSUM,VXLAN_TNL_TSO,GRE_TNL_TSO,IPIP_TNL_TSO,' +
  'GENEVE_TNL_TSO,MULTI_SEGS';

/** The model takes what `given` are, and its wire writes what leaves; every bed's reader judges, and tshark here or afterwards. */
async function sendAll(name: string, packets: readonly Sent[], options: string): Promise<void> {
  const file = path.join(tempDir(), 'out.pcap');
  const port = await openPort(['--wire', `pcap:,${file}`]);
  await port.does(`configure tx=${all} ${options}`);
  await port.does('link');
  for (const { given, how, name: what } of packets) {
    expect(await port.tell(`send ${how} ${given.toString('hex')}`), what).toEqual({ event: 'sent' });
  }
  const expected = packets.flatMap(({ leave, name: what }) =>
    leave.map((frame, n) => ({ frame: padded(frame), name: `${what}, frame ${n}` })),
  );
  await sentIs(port, expected.length);
  expect(await port.does('stop')).toEqual({ event: 'stopped', missing: 0 });
  await port.end();
  const [counted] = (await port.model.end()).ports;
  expect(counted).toMatchObject({ maliciousTx: 0, maliciousRx: 0, dmaMisses: 0, adminErrors: 0 });
  const left = readPcap(file);
  expect(left.length).toBe(expected.length);
  for (const [n, { frame, name: what }] of expected.entries())
    expect(left[n]!.toString('hex'), what).toBe(frame.toString('hex'));
  const rows = left.map(readFrame);
  for (const [n, row] of rows.entries()) {
    const sums = [...row.ipSums, ...row.udpSums, ...row.tcpSums, ...row.sctpSums];
    expect(sums.includes(0), `${expected[n]!.name}: a checksum is wrong`).toBe(false);
  }
  if (system === 'linux') expect(tsharkRows(file)).toEqual(rows);
  else leaveForTshark(name, file, rows);
}

const sentIs = (port: Port, frames: number): Promise<unknown> =>
  waitForCount(async () => (await port.model.counters()).ports[0]!.tx.frames, frames, { what: 'frames to leave' });

/** scripts/test.mjs holds them against tshark when the bed is done. */
function leaveForTshark(name: string, file: string, rows: unknown): void {
  const folder = path.join(root, '.cache/for-tshark');
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(file, path.join(folder, `${name}.pcap`));
  fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(rows));
}

describe('what the card does when our driver sends', () => {
  it('checksums of IPv4, UDP, TCP and SCTP', () => sendAll('checksums', [...checksums(), zeroSum(4), zeroSum(6)], ''));
  it('tags', () => sendAll('tags', tagged(), ''));
  it('packets in several pieces', () => sendAll('pieces', segmented(), 'txd=64'));
  it('checksums in tunnels, and the outer one', () => sendAll('tunnels', inTunnels(), ''));
  it('large sends', () => sendAll('large', largeSends(), 'txd=512'));
  it('large sends with a tag', () => sendAll('large-tagged', largeSends(0x3007), 'txd=256'));
  it('large sends in tunnels', () => sendAll('large-tunnels', largeInTunnels(), ''));

  it('what it cannot do is refused before, with a code', async () => {
    const port = await openPort(['--wire', 'sink']);
    await port.does(`configure tx=${all}`);
    await port.does('link');
    const frame = ether(ip4(tcp(1, 2, payload(1200)))).toString('hex');
    const tso = 'flags=IPV4,IP_CKSUM,TCP_SEG l2=14 l3=20 l4=20';
    for (const [what, line, code] of [
      ['a segment that is too short', `send ${tso} mss=255 ${frame}`, 'EINVAL'],
      ['a segment that is too long', `send ${tso} mss=9675 ${frame}`, 'EINVAL'],
      ['a large send without a header', `send flags=IPV4,TCP_SEG l2=14 l3=20 mss=500 ${frame}`, 'EINVAL'],
      ['headers that are not in the first piece', `send ${tso} mss=500 cut=40 ${frame}`, 'ENOTSUP'],
      ['more pieces than a frame may have', `send flags=IPV4 cut=90,1,1,1,1,1,1,1,1 ${frame}`, 'EINVAL'],
      ['two tags', `send flags=QINQ vlan=5 ${frame}`, 'ENOTSUP'],
      ['an outer UDP checksum', `send flags=OUTER_UDP_CKSUM,OUTER_IPV4 ol2=14 ol3=20 ${frame}`, 'ENOTSUP'],
      ['a frame that is none', `send flags=IPV4 ${frame.slice(0, 32)}`, 'EINVAL'],
    ] as const)
      expect(await port.tell(line), what).toMatchObject({ event: 'refused', code });
    // The queue is as good as before.
    await port.does(`send ${frame}`);
    await sentIs(port, 1);
    await port.end();
    expect((await port.model.end()).ports[0]).toMatchObject({ maliciousTx: 0, tx: { frames: 1 } });
  });
});
