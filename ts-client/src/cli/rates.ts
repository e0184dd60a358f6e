// SPDX-License-Identifier: BSD-3-Clause
import type { Client } from '../client.ts';
import type { Stats } from '../stats.ts';

/** Prints a line of rates a second. */
export class Rates {
  private readonly timer: NodeJS.Timeout;
  private before: Stats;
  private readonly counts = new Map<string, number>();

  constructor(observer: Client, clients: readonly { name: string; count: { packets: number } }[]) {
    this.before = observer.stats();
    process.stdout.write('Forwarding; Ctrl-C ends. Packets a second:\n');
    this.timer = setInterval(() => {
      const now = observer.stats();
      const seconds = Number(now.atNs - this.before.atNs) / 1e9;
      const rate = (packets: bigint): string => Math.round(Number(packets) / seconds).toLocaleString('en-US');
      const parts = now.ports.map((port, i) => {
        const { rx, tx, drops } = this.before.ports[i]!;
        const dropped = sum(port.drops) - sum(drops);
        return `port ${port.id} rx ${rate(port.rx.packets - rx.packets)} tx ${rate(port.tx.packets - tx.packets)} dropped ${rate(dropped)}`;
      });
      for (const { name, count } of clients) {
        parts.push(`${name} ${rate(BigInt(count.packets - (this.counts.get(name) ?? 0)))}`);
        this.counts.set(name, count.packets);
      }
      process.stdout.write(`${parts.join(' | ')}\n`);
      this.before = now;
    }, 1000);
  }

  close(): void {
    clearInterval(this.timer);
  }
}

const sum = (drops: Readonly<Record<string, bigint>>): bigint => Object.values(drops).reduce((a, b) => a + b, 0n);
