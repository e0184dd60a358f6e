// SPDX-License-Identifier: BSD-3-Clause
//
// `npm start` without a capture: everything real, nothing needed. A looped capture enters port 0, l3fwd sends it to port 1, one
// client process receives on a match and another injects, until Ctrl-C or --seconds. With --xl710 the ports are those of an emulated
// XL710, driven by the i40e driver, and the capture comes over its wire.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ResultPromise, execa } from 'execa';
import type { Exit } from '../dataplane.ts';
import type { PortSpec } from '../devargs.ts';
import { launch } from '../launch.ts';
import { Lines, Tail } from '../output.ts';
import { demoFrames, pcapOf } from './demo-frames.ts';
import type { StartOptions } from './start.ts';
import { type Xl710, openXl710 } from '../testing/xl710.ts';
import { Rates } from './rates.ts';
import type { Amount, Report } from '../report.ts';
import { type Counted, printSummary, reportFailure } from './summary.ts';
import { untilStopped } from './stopping.ts';

const PACE = 20_000;

/** One of the demo's client processes. */
class DemoClient {
  readonly name: string;
  count: Amount = { packets: 0, bytes: 0 };
  readonly ready: Promise<void>;
  private readonly child: ResultPromise;
  private readonly stderr = new Tail();
  private stopping: Promise<Amount> | undefined;

  constructor(role: 'receive' | 'inject', instance: string) {
    this.name = `demo-${role}`;
    const main = path.join(import.meta.dirname, 'main.js');
    // A group of its own: Ctrl-C reaches the demo, which then ends its clients in order.
    this.child = execa(process.execPath, [main, 'demo-client', role, instance], {
      stdin: 'pipe',
      buffer: false,
      reject: false,
      detached: true,
      windowsHide: true,
    });
    this.child.stderr?.on('data', (chunk: Buffer) => this.stderr.push(chunk));
    this.ready = new Promise((resolve, reject) => {
      const lines = new Lines((line) => {
        const { event, packets, bytes } = JSON.parse(line) as Amount & { event: string };
        this.count = { packets, bytes };
        if (event === 'ready') resolve();
      });
      this.child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk));
      void this.child.then(({ exitCode, signal }) => {
        reject(new Error(`${this.name} ended: ${this.stderr.text}`));
        if (this.stopping && exitCode === 0) return;
        process.stderr.write(`wdpdk: ${this.name} ended (${signal ?? `exit code ${exitCode}`}) ${this.stderr.text}\n`);
      });
    });
    this.ready.catch(() => {});
  }

  /** Asks it to finish what it has and waits for its last count. */
  stop(): Promise<Amount> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<Amount> {
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.child;
    clearTimeout(timer);
    return this.count;
  }
}

export async function runDemo(options: StartOptions): Promise<number> {
  if (options.out !== undefined || options.route.length > 0) {
    process.stderr.write(
      'wdpdk: --out and --route go with a capture: npm start -- capture.pcap --out forwarded.pcap\n',
    );
    return 2;
  }
  const stopped = untilStopped(options.seconds);
  const directory = await mkdtemp(path.join(tmpdir(), 'wdpdk-demo-'));
  const clients: DemoClient[] = [];
  let card: Xl710 | undefined;
  try {
    const capture = path.join(directory, 'demo.pcap');
    await writeFile(capture, pcapOf(demoFrames()));
    if (options.xl710) card = await openXl710({ wires: [`generator:pcap=${capture},pps=${PACE}`, 'sink'] });
    const emulated: readonly PortSpec[] = [
      { pcap: { rx: capture, loop: true, pps: PACE } },
      { devargs: 'net_null1,no-rx=1' },
    ];
    await using dataplane = await launch({
      ...(options.instance === undefined ? {} : { instance: options.instance }),
      ports: card?.ports ?? emulated,
      forwarding: {
        ports: { 0: { mode: 'l3fwd' } },
        routes: [
          { to: '0.0.0.0/0', via: 1 },
          { to: '::/0', via: 1 },
        ],
      },
    });
    // It has read the capture whole; nothing stays behind, however this process ends.
    await rm(directory, { recursive: true, force: true });
    let exit: Exit | undefined;
    void dataplane.exited.then((how) => {
      exit = how;
      stopped.stop();
    });
    const observer = await dataplane.attach({ name: 'demo', want: ['observe', 'configure'] });
    for (const role of ['receive', 'inject'] as const) clients.push(new DemoClient(role, dataplane.instance));
    for (const client of clients) await client.ready;
    stopped.startClock();
    const rates = options.json ? undefined : new Rates(observer, clients);
    await stopped.done;
    rates?.close();
    if (exit) return reportFailure(exit);
    // The injector first, then all traffic is held, so that the receiver can take what was delivered to the last frame.
    const counted = new Map<string, Amount>();
    const finish = async (client: DemoClient) => counted.set(client.name, await client.stop());
    await finish(clients[1]!);
    await observer.hold();
    await finish(clients[0]!);
    // The hold is the observer's: it stays until the dataplane has ended.
    const closed = await dataplane.close();
    await observer.close();
    const { code, summary } = closed;
    if (code !== 0 || !summary) return reportFailure(closed);
    const report = { ...withCounts(summary, counted), ...(card ? { nic: 'xl710-model' as const } : {}) };
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else printSummary(report);
    return 0;
  } finally {
    stopped.stop();
    await Promise.all(clients.map((client) => client.stop()));
    await card?.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Puts beside what the dataplane counted for each client what the client counted itself. */
function withCounts(summary: Report, counted: Map<string, Amount>): Counted {
  return {
    ...summary,
    clients: summary.clients.map((client) => {
      const count = counted.get(client.name);
      return count ? { ...client, counted: count } : client;
    }),
  };
}
