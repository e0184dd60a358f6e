// SPDX-License-Identifier: BSD-3-Clause
//
// The dataplane's closing summary for people.
import type { Exit } from '../dataplane.ts';
import type { Amount, ClientReport, Report } from '../report.ts';

/** A summary in which clients' own counts stand beside the dataplane's. */
export type Counted = Omit<Report, 'clients'> & {
  readonly clients: readonly (ClientReport & { readonly counted?: Amount })[];
  /** Of the demo: what its ports belong to, when they are emulated hardware. */
  readonly nic?: 'xl710-model';
};

const number = (n: number): string => n.toLocaleString('en-US');

const causes = (drops: Readonly<Record<string, number>>): string =>
  Object.entries(drops)
    .filter(([, n]) => n > 0)
    .map(([cause, n]) => `${cause} ${number(n)}`)
    .join(', ') || 'none';

export function printSummary(summary: Counted): void {
  const lines = [''];
  for (const port of summary.ports) {
    const injected = port.injected.packets > 0 ? `, injected ${number(port.injected.packets)}` : '';
    const traffic = `rx ${number(port.rx.packets)}, tx ${number(port.tx.packets)}${injected}`;
    lines.push(`port ${port.id} (${port.name}): ${traffic}; dropped: ${causes(port.dropped)}`);
  }
  for (const client of summary.clients) {
    if (client.queues.length === 0) continue;
    const sum = (pick: (queue: (typeof client.queues)[number]) => number): number =>
      client.queues.reduce((n, queue) => n + pick(queue), 0);
    const own = client.counted ? ` (the client counted ${number(client.counted.packets)})` : '';
    const [delivered, injected] = [sum((queue) => queue.delivered.packets), sum((queue) => queue.injected.packets)];
    lines.push(`client ${client.name}: delivered ${number(delivered)}, injected ${number(injected)}${own}`);
  }
  lines.push(
    `accounting ${summary.balanced ? 'balances' : 'DOES NOT BALANCE'} after ${(summary.seconds ?? 0).toFixed(1)} s`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Says how a dataplane ended that did not end in order, in its own words. Returns the exit code for that. */
export function reportFailure({ code, signal, stderrTail }: Exit): number {
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  process.stderr.write(`wdpdk: the dataplane ended ${how}${stderrTail ? `:\n${stderrTail}` : ''}\n`);
  return 1;
}
