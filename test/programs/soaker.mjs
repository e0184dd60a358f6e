// SPDX-License-Identifier: BSD-3-Clause
// A client that behaves as clients do, good and bad: opens queues of every kind, reads, sends, stalls, closes, leaves without a
// word. Argument: {instance, name, seed, ports: [receive from], sendTo: [port]}. It goes on until it is killed or its stdin ends.
import { setTimeout as delay } from 'node:timers/promises';
import { attach, WdpdkError } from 'wdpdk';
import { udpFrame } from './frames.mjs';
import { argument, say } from './lines.mjs';
import { random } from './random.mjs';

const chance = random(argument.seed);
const matches = [{}, { proto: 'udp' }, { not: { proto: 'udp' } }, { any: [{ dstPort: 9000 }, { proto: 'icmp' }] }];
process.stdin.resume().on('end', () => process.exit(0));

const receiving = () => ({
  port: chance.from([...argument.ports, 'any']),
  at: chance.from(['rx', 'tx']),
  action: chance.chance(0.2) ? 'redirect' : 'mirror',
  priority: chance.below(8),
  match: chance.from(matches),
  slots: chance.from([64, 256, 4096]),
  snaplen: chance.from([0, 96]),
  ...(chance.chance(0.3) ? { fanout: { group: chance.from(['a', 'b']) } } : {}),
});

/** Refusals that are right: somebody else has what was asked for. */
async function opened(promise) {
  try {
    return await promise;
  } catch (error) {
    if (WdpdkError.is(error, 'WDPDK_E_CONFLICT')) return undefined;
    throw error;
  }
}

async function life() {
  const client = await attach({
    instance: argument.instance,
    name: argument.name,
    want: ['observe', 'receive', 'transmit', 'redirect'],
  });
  const queues = [];
  for (let n = 1 + chance.below(3); n > 0; n--) {
    const kind = chance.from(['rx', 'rx', 'tx', 'rxtx']);
    const port = chance.from(argument.sendTo);
    let queue;
    if (kind === 'rx') queue = await opened(client.openRx(receiving()));
    else if (kind === 'tx') queue = await client.openTx({ port, slots: 256 });
    else queue = await opened(client.openRxTx({ ...receiving(), port, at: 'rx' }));
    if (queue) queues.push({ kind, queue });
  }
  const until = performance.now() + 200 + chance.below(3000);
  while (performance.now() < until) {
    for (const { kind, queue } of queues) {
      if (kind !== 'tx')
        queue.poll((burst) => {
          if (kind === 'rxtx')
            for (const packet of burst) if (!packet.truncated && chance.chance(0.5)) queue.send(packet);
        }, 64);
      if (kind === 'tx') for (let n = chance.below(8); n > 0; n--) queue.sendFrame(udpFrame(n, 60 + chance.below(400)));
    }
    // Now and then it stalls, or blocks its own thread.
    const mood = chance.next();
    if (mood < 0.005) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, chance.below(500));
    else await delay(chance.below(mood < 0.01 ? 1500 : 3));
  }
  if (chance.chance(0.2)) process.exit(0);
  if (chance.chance(0.5)) for (const { queue } of queues) await queue.close();
  await client.close();
}

say('open');
for (;;) await life();
