// SPDX-License-Identifier: BSD-3-Clause
//
// The TypeScript client of the rows in client-queues.mjs: node queue-client.mjs header|echo|iterator|write|template FRAMES. The
// counterpart of dataplane/bench/linux/queue_client.c, with the same questions and answers: for each line "<rounds>" one line of
// times, ns a frame.
import readline from 'node:readline';
import { attach, template } from 'wdpdk';
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

function roundsOf(queue) {
  const poll = poller(queue);
  return (times) => {
    for (let i = 0; i < times.length; i++) times[i] = round(poll);
  };
}

/** A round's time is that from its first burst on, which was taken before. */
async function iterate(queue, times) {
  let i = 0;
  let done = 0;
  let first = 0;
  let began = 0;
  for await (const burst of queue.bursts()) {
    if (done === 0) {
      began = performance.now();
      first = burst.length;
    }
    for (const packet of burst) if (packet.eth.type === 0x0800) sum ^= packet.ipv4.dst;
    done += burst.length;
    if (done < frames) continue;
    times[i++] = ((performance.now() - began) * 1e6) / (frames - first);
    done = 0;
    if (i === times.length) break;
  }
}

const burst = 32;
const bytes = Uint8Array.from({ length: 60 }, (_, i) => [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45][i] ?? 0);
const frame = template(bytes);

/** False when the server has not completed enough of what was sent before. */
function writeBurst(queue) {
  const batch = queue.reserve(burst);
  if (batch.length !== burst) return batch.commit(0) > 0;
  for (const slot of batch) slot.write(bytes);
  batch.commit();
  return true;
}

function templateBurst(queue) {
  const batch = queue.reserve(burst);
  if (batch.length !== burst) return batch.commit(0) > 0;
  for (const slot of batch) slot.from(frame);
  batch.commit();
  return true;
}

/** A round sends as many frames as there are slots, so it begins by taking those of the round before back. */
function sendRound(queue, send) {
  const began = performance.now();
  for (let done = 0; done < frames; done += burst) if (!send(queue)) return undefined;
  return ((performance.now() - began) * 1e6) / frames;
}

function spin(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function sendRounds(queue, times) {
  const send = mode === 'template' ? templateBurst : writeBurst;
  let settleMs = 0.3;
  for (let i = 0; i < times.length;) {
    spin(settleMs);
    const time = sendRound(queue, send);
    if (time !== undefined) {
      times[i++] = time;
      continue;
    }
    // The server needed longer, and the rest of this round would hold a wait for it: it does not count.
    settleMs = Math.min(20, settleMs * 2);
    do spin(settleMs);
    while (sendRound(queue, send) === undefined);
  }
}

/** What fills in the times of some rounds. */
async function open() {
  if (mode === 'echo') return roundsOf(await client.openRxTx({ port: 0 }));
  if (mode === 'header') return roundsOf(await client.openRx({ port: 0 }));
  if (mode === 'iterator') {
    const queue = await client.openRx({ port: 0 });
    return (times) => iterate(queue, times);
  }
  const queue = await client.openTx({ port: 0 });
  return (times) => sendRounds(queue, times);
}

const measure = await open();
for await (const line of readline.createInterface({ input: process.stdin })) {
  const times = new Float64Array(Number(line));
  await measure(times);
  console.log([...times].map((time) => time.toFixed(3)).join(' '));
}
process.exit(sum === 1 ? 1 : 0);
