// SPDX-License-Identifier: BSD-3-Clause
// Waits on one queue for frames that may never come. Argument: {instance, rx}.
//   seen  how many came, and when (ms since 1970) the last one did
import { attach } from 'wdpdk';
import { answer, argument, say } from './lines.mjs';

const client = await attach({ instance: argument.instance, name: 'idler', want: ['observe', 'receive'] });
const queue = await client.openRx(argument.rx);
let frames = 0;
let lastMs = 0;

answer({ seen: () => ({ frames, lastMs }) });
say('open', { pid: process.pid });
await queue.run((burst) => {
  frames += burst.length;
  lastMs = performance.timeOrigin + performance.now();
});
