// SPDX-License-Identifier: BSD-3-Clause
//
// Node's own way to receive packets, asked and answering as live-client.mjs. Prints the port it listens on first.
import dgram from 'node:dgram';
import readline from 'node:readline';

const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
let frames = 0;
let sum = 0;

socket.on('message', (message) => {
  sum ^= message.readUInt32BE(0);
  frames++;
});
await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
console.log(socket.address().port);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const framesBefore = frames;
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, Number(line)));
  console.log(`${frames - framesBefore} ${performance.now() - began}`);
}
process.exit(sum === 1 ? 1 : 0);
