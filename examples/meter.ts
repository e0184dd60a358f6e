// SPDX-License-Identifier: BSD-3-Clause
// A traffic generator and its meter: pktgen at one end of a wire, l3fwd in between, a sink at the other end that checks loss, order,
// payload and latency: node meter.js [packets a second | max] [64 to 1518 | imix] [seconds]
import { setTimeout as delay } from 'node:timers/promises';
import { launch } from 'wdpdk';

const [speed = '100000', bytes = 'imix', seconds = '5'] = process.argv.slice(2);
const rate = speed === 'max' ? 'max' : { pps: Number(speed) };
const size = bytes === 'imix' ? 'imix' : Number(bytes);

// Generator 0 -> 1 routes -> 2 -> 3 measures.
const dataplane = await launch({
  instance: 'meter',
  ports: [{ wire: 'in' }, { wire: 'in' }, { wire: 'out' }, { wire: 'out' }],
  forwarding: {
    ports: {
      0: { mode: 'pktgen', flows: 64, size, rate, dst: '198.19.0.0/16' },
      1: { mode: 'l3fwd' },
      3: { mode: 'sink' },
    },
    routes: [{ to: '198.19.0.0/16', via: 2 }],
  },
});
try {
  const client = await dataplane.attach({ name: 'meter' });
  let before = client.stats();
  for (let second = 0; second < Number(seconds); second++) {
    await delay(1000);
    const now = client.stats();
    const { ports, lcores } = now.since(before);
    const { sunk, sink, latency } = ports[3]!;
    const us = (percent: number) => (latency.percentileNs(percent) / 1000).toFixed(1);
    console.log(
      `${(sunk.packetsPerSecond / 1e6).toFixed(3)} Mpps, ${(sunk.bitsPerSecond / 1e6).toFixed(1)} Mbit/s, ` +
        `lost ${sink.lost}, reordered ${sink.reordered}, corrupt ${sink.corrupt}, ` +
        `latency p50 ${us(50)} p99 ${us(99)} us, ${lcores[0]!.cyclesPerPacket.toFixed(0)} cycles a packet`,
    );
    before = now;
  }
  await client.close();
} finally {
  await dataplane.close();
}
