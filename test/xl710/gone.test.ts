// SPDX-License-Identifier: BSD-3-Clause
// A card that dies under its driver: from one moment to the next nobody answers. Whoever drives it hears so in words and within limits,
// and ends; no thread of the driver touches registers that are not there any more.
import { describe, expect, it, onTestFinished } from 'vitest';
import { launch } from 'wdpdk';
import { openXl710 } from 'wdpdk/testing';
import { checkBalance, type Summary } from '../support/summary.ts';
import { waitFor, within } from '../support/wait.ts';
import { openPort } from '../support/xl710-packets.ts';

describe('a card that dies', () => {
  it.each(['', 'lsc'])(
    'under a port: its stop is refused with a code, and the process ends by itself (%s)',
    async (events) => {
      const port = await openPort(['--wire', 'loop']);
      await port.does(`configure rxq=8 txq=8 ${events}`);
      await port.does('link');
      process.kill(port.model.pid, 'SIGKILL');
      await waitFor(() => !alive(port.model.pid), { what: 'the model to be gone' });
      expect(await port.tell('stop')).toMatchObject({ event: 'refused', code: 'ETIMEDOUT' });
      expect(port.stderr).toMatch(/transmit queue 7 does not stop within a second/);
      // A port that did not stop cannot be closed; the end of the EAL takes it all the same.
      expect(await within(port.quit(), { timeoutMs: 50_000, what: 'the end' })).toBe(1);
      expect(port.stderr).toMatch(/the function's reset does not end/);
    },
  );

  it('under a dataplane: it ends in order, and its books balance', async () => {
    const card = await openXl710({ wires: ['generator:pps=20000', 'sink'] });
    onTestFinished(async () => void (await card.close()));
    const ports = { 0: { mode: 'io', to: 1 }, 1: { mode: 'drop' } } as const;
    const dataplane = await launch({
      instance: `xl710-gone-${process.pid}`,
      ports: card.ports,
      forwarding: { ports },
      eal: ['-m', '128'],
    });
    onTestFinished(async () => void (await dataplane.close()));
    const client = await dataplane.attach({ name: 'counts', want: ['observe'] });
    await waitFor(() => client.stats().ports[1]!.tx.packets > 100n, { what: 'traffic' });
    await client.close();
    process.kill(card.pid, 'SIGKILL');
    await waitFor(() => !alive(card.pid), { what: 'the model to be gone' });
    const { summary } = await within(dataplane.close(), { timeoutMs: 50_000, what: 'the dataplane to end' });
    checkBalance(summary as unknown as Summary);
  });
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
