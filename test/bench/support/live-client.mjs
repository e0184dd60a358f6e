// SPDX-License-Identifier: BSD-3-Clause
//
// A client of a running dataplane: node live-client.mjs INSTANCE. It receives by run(), reading the IPv4 destination of
// each frame. For each line "<ms>" it answers "<frames> <ms>": how many came in about that time, and the time it was.
import readline from 'node:readline';
import { attach } from 'wdpdk';

const client = await attach({ instance: process.argv[2], want: ['receive'] });
const queue = await client.openRx({ port: 0 });
let frames = 0;
let sum = 0;

void queue.run((burst) => {
  for (let i = 0; i < burst.length; i++) {
    const { ipv4 } = burst.at(i);
    if (ipv4 !== undefined) sum ^= ipv4.dst;
  }
  frames += burst.length;
});
for await (const line of readline.createInterface({ input: process.stdin })) {
  const framesBefore = frames;
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, Number(line)));
  console.log(`${frames - framesBefore} ${performance.now() - began}`);
}
process.exit(sum === 1 ? 1 : 0);
