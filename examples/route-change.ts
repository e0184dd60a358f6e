// SPDX-License-Identifier: BSD-3-Clause
// Moves a prefix to another next hop, looks whether traffic still leaves, and takes the change back if not, even when this program
// dies in between: node route-change.js <prefix> <port> <next hop's MAC> [instance]
import { setTimeout as delay } from 'node:timers/promises';
import { attach, type Cidr, WdpdkError } from 'wdpdk';

const [to, via = '', nextHopMac = '', instance = 'default'] = process.argv.slice(2);
if (to === undefined) throw new Error('usage: route-change.js <prefix> <port> <next hop MAC> [instance]');
const route = { to: to as Cidr, via: Number(via), nextHopMac };

const client = await attach({ name: 'route-change', instance, want: ['observe', 'configure'] });
const sent = () => client.stats().ports.find(({ id }) => id === route.via)?.tx.packets ?? 0n;

async function change(): Promise<boolean> {
  const { config, generation } = await client.forwarding.get();
  const others = (config.routes ?? []).filter((known) => known.to !== to);
  const next = { ...config, routes: [...others, route] };
  for (const { path, from, to: value } of (await client.forwarding.check(next)).changes)
    console.log(`${path}: ${JSON.stringify(from)} -> ${JSON.stringify(value)}`);
  // From here on, time-out, crash or an exception brings back what was before.
  const applied = await client.forwarding.set(next, { ifGeneration: generation, confirmWithinMs: 3000 });
  try {
    const before = sent();
    await delay(1000);
    if (sent() === before) return false;
    await applied.confirm();
    return true;
  } finally {
    await applied.close();
  }
}

try {
  for (;;) {
    try {
      console.log((await change()) ? 'traffic flows: confirmed' : 'nothing leaves: rolled back');
      break;
    } catch (error) {
      if (WdpdkError.is(error, 'WDPDK_E_CONFIG'))
        for (const { path, message } of error.issues ?? []) console.error(`${path}: ${message}`);
      // Somebody else changed it meanwhile: once more, from what it is now.
      if (!WdpdkError.is(error, 'WDPDK_E_CONFLICT')) throw error;
      await delay(100);
    }
  }
} finally {
  await client.close();
}
