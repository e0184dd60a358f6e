// SPDX-License-Identifier: BSD-3-Clause
//
// pktgen.null: frames a CPU-second that our pktgen makes, against upstream's testpmd in its mode txonly, both into their own net_null.
// 64-byte frames of one flow, bursts of 32, pools of equal size, cache and buffers, huge pages, one core. Ours numbers and stamps
// each frame and gives it right checksums; txonly copies the same headers each time.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { measureForwarders, startOurs, startTestpmd, tscGhz } from './support/forwarders.mjs';
import { median } from './support/stats.mjs';

const device = ['--vdev', 'net_null0,no-rx=1'];

async function run({ dataplane }) {
  const cycles = await measureForwarders({
    ours: (dir) => {
      const config = path.join(dir, 'pktgen.json');
      writeFileSync(config, JSON.stringify({ forwarding: { ports: { 0: { mode: 'pktgen' } } } }));
      const packets = (stats) => stats.ports[0].tx.packets;
      return startOurs({ dataplane, dir, eal: device, own: ['--config', config], packets });
    },
    theirs: (_dir, { ours }) => {
      const pool = [`--total-num-mbufs=${ours.mbufs}`, '--mbcache=256', '--mbuf-size=2176'];
      const own = ['--forward-mode=txonly', '--txpkts=60', '--burst=32', ...pool];
      return startTestpmd({ eal: device, own, counter: 'TX-packets' });
    },
  });
  const rates = (side) => cycles[side].map((each) => (tscGhz() * 1e3) / each);
  return {
    value: median(rates('ours')),
    unit: 'Mpackets/CPU-s',
    peer: 'testpmd txonly 22.11 on its net_null',
    peerValue: median(rates('theirs')),
    ratio: median(cycles.theirs.map((each, round) => each / cycles.ours[round])),
  };
}

export const rows = [
  {
    id: 'pktgen.null',
    title: "frames made and sent into net_null against upstream's testpmd txonly: 64 B, huge pages, one core",
    target: 1.0,
    better: 'more',
    jobs: ['testpmd'],
    run,
  },
];
