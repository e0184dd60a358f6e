// SPDX-License-Identifier: BSD-3-Clause
// Sends a datagram with the time in it every 5 ms: node wakeup-sender.mjs PORT.
import dgram from 'node:dgram';

const socket = dgram.createSocket('udp4');
const payload = Buffer.alloc(18);
setInterval(() => {
  payload.writeBigUInt64LE(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)));
  socket.send(payload, Number(process.argv[2]), '127.0.0.1');
}, 5);
