// SPDX-License-Identifier: BSD-3-Clause
// What a dataplane and a client cost that have nothing to do, and how soon they are back at work.
import { setTimeout as delay } from 'node:timers/promises';
import { launch } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cpuSeconds } from './support/cpu.ts';
import { startProgram } from './support/program.ts';
import { udpFrame } from './programs/frames.mjs';
import { waitFor } from './support/wait.ts';

const seconds = 10;
/** Everybody is started and asleep by then. */
const settleMs = 2000;

describe.each([
  { lcores: '0', name: 'one lcore' },
  { lcores: '0,1', name: 'two lcores' },
])('an idle pair, $name', ({ lcores }) => {
  it(
    'leaves the processor alone',
    async () => {
      const dataplane = await launch({
        lcores,
        idle: 'adaptive',
        ports: [{ wire: 'idle' }, { wire: 'idle' }],
        forwarding: { ports: { 0: { mode: 'drop' }, 1: { mode: 'drop' } } },
      });
      onTestFinished(async () => void (await dataplane.close()));
      const idler = startProgram('idler', { instance: dataplane.instance, rx: { port: 1 } });
      const clientPid = (await idler.next('open'))['pid'] as number;
      await delay(settleMs);
      const before = [cpuSeconds(dataplane.pid), cpuSeconds(clientPid)] as const;
      await delay(seconds * 1000);
      const percent = [cpuSeconds(dataplane.pid), cpuSeconds(clientPid)].map(
        (now, i) => ((now - before[i]!) / seconds) * 100,
      );
      expect(percent[0], 'of a core for the dataplane').toBeLessThan(5);
      expect(percent[1], 'of a core for the client').toBeLessThan(2);

      // Both are back when a frame comes: the best of some tries, since the machine may be busy with something else.
      const client = await dataplane.attach({ want: ['observe', 'transmit'] });
      const tx = await client.openTx({ port: 0 });
      const waited: number[] = [];
      for (let i = 1; i <= 10; i++) {
        await delay(200);
        const sentMs = performance.timeOrigin + performance.now();
        const batch = tx.reserve(1);
        for (const slot of batch) slot.write(udpFrame(i, 60));
        batch.commit();
        const seen = await waitFor(async () => {
          const now = await idler.ask('seen');
          return (now['frames'] as number) >= i && now;
        });
        waited.push((seen['lastMs'] as number) - sentMs);
      }
      expect(Math.min(...waited), 'ms until a frame was handled').toBeLessThan(20);
      await client.close();
    },
    (settleMs + seconds * 1000) * 3,
  );
});
