// SPDX-License-Identifier: BSD-3-Clause
//
// How long a receiver that sleeps takes to have a frame in its hands: node wakeup-client.mjs wdpdk INSTANCE PORT | dgram. For each line
// "<n>" it takes n frames, sleeping before each, and answers with the microseconds of each, separated by blanks. The moment a
// frame began: with wdpdk the stamp of the lcore that received it, with dgram the one its sender wrote just before it sent.
// dgram prints its port first.
import dgram from 'node:dgram';
import readline from 'node:readline';
import { attach } from 'wdpdk';

const [how, instance, port] = process.argv.slice(2);
let wanted = 0;
let times = [];

/** ns UTC, of the clock that both ends read. */
const now = () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));

function took(beganNs) {
  if (wanted === 0) return;
  times.push(Number(now() - beganNs) / 1000);
  if (times.length < wanted) return;
  wanted = 0;
  console.log(times.map((time) => time.toFixed(1)).join(' '));
}

if (how === 'wdpdk') {
  const client = await attach({ instance, want: ['receive'] });
  const queue = await client.openRx({ port: Number(port) });
  void queue.run((burst) => {
    for (const packet of burst) took(packet.timestampNs);
  });
} else {
  const socket = dgram.createSocket({ type: 'udp4' });
  socket.on('message', (message) => took(message.readBigUInt64LE(0)));
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  console.log(socket.address().port);
}
for await (const line of readline.createInterface({ input: process.stdin })) {
  times = [];
  wanted = Number(line);
}
