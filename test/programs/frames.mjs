// SPDX-License-Identifier: BSD-3-Clause
// Frames that tests and their client programs make by hand.

/** A UDP/IPv4 frame of `length` bytes; `n` is its IP identification and shapes addresses and ports. */
export function udpFrame(n, length) {
  const frame = Buffer.alloc(length, n & 0xff);
  frame.write('02000000aa01' + '02000000bb02' + '0800' + '4500', 0, 'hex');
  frame.writeUInt16BE(length - 14, 16);
  frame.writeUInt16BE(n & 0xffff, 18);
  frame.write('0000' + '4011' + '0000', 20, 'hex');
  frame.writeUInt32BE(0x0a010000 + (n & 0xff), 26);
  frame.writeUInt32BE(0x0a020000 + (n & 0xff), 30);
  let sum = 0;
  for (let at = 14; at < 34; at += 2) sum += frame.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame.writeUInt16BE(~sum & 0xffff, 24);
  frame.writeUInt16BE(1024 + (n % 1000), 34);
  frame.writeUInt16BE(7, 36);
  frame.writeUInt16BE(length - 34, 38);
  frame.writeUInt16BE(0, 40);
  return frame;
}

/** What programs/injector.mjs sends as its frame number n: lengths from 60 up to 1459. */
export const injectedFrame = (n) => udpFrame(n, 60 + (n % 1400));
