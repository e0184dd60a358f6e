// SPDX-License-Identifier: BSD-3-Clause
// Receives as fast as it can until SIGINT, which must reach its handler although data is always ready. Argument: {instance}
import { attach } from 'wdpdk';
import { argument, say } from './lines.mjs';

const client = await attach({ instance: argument.instance });
const queue = await client.openRx({ port: 0 });
const abort = new AbortController();
process.once('SIGINT', () => {
  say('interrupted');
  abort.abort();
});
let told = false;
await queue
  .run(
    () => {
      const { drops } = told ? { drops: {} } : queue.stats();
      if (!told && drops.rx_full + drops.no_slot > 0n) told = say('saturated') || true;
    },
    { signal: abort.signal },
  )
  .catch((error) => {
    if (!abort.signal.aborted) throw error;
  });
await client.close();
