// SPDX-License-Identifier: BSD-3-Clause
// Sets `times` configurations, each with another next-hop MAC for the routes, and waits for traffic under each.
// Argument: {instance, times, port}.   start  begins; `start` is said when all are done
import { attach } from 'wdpdk';
import { answer, argument, say } from './lines.mjs';

const client = await attach({ instance: argument.instance, name: 'operator', want: ['observe', 'configure'] });
const mac = (n) => `02:aa:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;
const sent = () => client.stats().ports[argument.port].tx.packets;

answer({
  start: async () => {
    const { config, generation: first } = await client.forwarding.get();
    let generation = first;
    let unseen = 0;
    for (let n = 1; n <= argument.times; n++) {
      const routes = config.routes.map((route) => ({ ...route, nextHopMac: mac(n) }));
      ({ generation } = await client.forwarding.set({ ...config, routes }, { ifGeneration: generation }));
      const before = sent();
      const deadline = performance.now() + 50;
      while (sent() === before && performance.now() < deadline) await new Promise(setImmediate);
      if (sent() === before) unseen++;
    }
    return { first, last: generation, unseen };
  },
});
say('open');
