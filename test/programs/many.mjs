// SPDX-License-Identifier: BSD-3-Clause
// Several receiving queues in one process; each remembers its frames by digest, per lane order is not of interest here.
// Argument: {instance, name, want, rx: [options]}.   report  what each queue has got so far; quiet: ms since a frame came
import { createHash } from 'node:crypto';
import { attach } from 'wdpdk';
import { answer, argument, say } from './lines.mjs';

const client = await attach({
  instance: argument.instance,
  name: argument.name,
  want: argument.want ?? ['observe', 'receive', 'redirect'],
});
const queues = [];
for (const rx of argument.rx) queues.push({ queue: await client.openRx(rx), frames: [] });
let last = performance.now();

answer({
  report: () => ({
    quiet: performance.now() - last,
    queues: queues.map(({ queue, frames }) => {
      const { delivered, drops } = queue.stats();
      return { frames, delivered: Number(delivered.packets), lost: Number(drops.rx_full + drops.no_slot) };
    }),
  }),
});
say('open');

for (;;) {
  let n = 0;
  for (const { queue, frames } of queues)
    n += queue.poll((burst) => {
      for (const packet of burst) frames.push(createHash('sha1').update(packet.copy()).digest('hex').slice(0, 16));
    }, 256);
  if (n > 0) last = performance.now();
  await new Promise(n > 0 ? setImmediate : (resolve) => setTimeout(resolve, 5));
}
