// SPDX-License-Identifier: BSD-3-Clause
//
// The TypeScript client of client.rx.flyweight and client.echo: node queue-client.mjs header|echo FRAMES. The counterpart of
// dataplane/bench/linux/queue_client.c, with the same questions and answers: for each line "<rounds>" one line of times, ns a frame.
import readline from 'node:readline';
import { attach } from 'wdpdk';
import { instance } from './queue-host.mjs';

const [mode, framesText] = process.argv.slice(2);
const frames = Number(framesText);
const client = await attach({ instance, want: ['receive', 'transmit'] });
let sum = 0;

function readHeaders(burst) {
  for (let i = 0; i < burst.length; i++) {
    const packet = burst.at(i);
    // Not a sum: of unsigned numbers V8 makes that one in floating point.
    if (packet.eth.type === 0x0800) sum ^= packet.ipv4.dst;
  }
}

function poller(queue) {
  const sendBack = (burst) => {
    for (let i = 0; i < burst.length; i++) {
      const packet = burst.at(i);
      packet.eth.swap();
      if (!queue.send(packet)) throw new Error('no room to send a frame back');
    }
  };
  const handler = mode === 'echo' ? sendBack : readHeaders;
  return () => queue.poll(handler);
}

function round(poll) {
  let began;
  let done;
  do {
    began = performance.now();
    done = poll();
  } while (done === 0);
  while (done < frames) done += poll();
  return ((performance.now() - began) * 1e6) / frames;
}

const queue = mode === 'echo' ? await client.openRxTx({ port: 0 }) : await client.openRx({ port: 0 });
const poll = poller(queue);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const times = new Float64Array(Number(line));
  for (let i = 0; i < times.length; i++) times[i] = round(poll);
  console.log([...times].map((time) => time.toFixed(3)).join(' '));
}
process.exit(sum === 1 ? 1 : 0);
