// SPDX-License-Identifier: BSD-3-Clause
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WdpdkError } from 'shared-memory-ipc';
import type { Client } from '../client.ts';
import type { Dataplane, Exit } from '../dataplane.ts';
import type { PortSpec } from '../devargs.ts';
import { type LaunchOptions, launch } from '../launch.ts';
import type { Report } from '../report.ts';
import type { Stats } from '../stats.ts';
import { type BedPort, WirePortView } from './port.ts';
import { Recording } from './recording.ts';
import { belongs } from './settle.ts';

export interface BedOptions extends Omit<LaunchOptions, 'ports' | 'hold' | 'detached'> {
  /** Ports on wires, the dataplane's first: their number, or a name for each. Default 2. */
  readonly ports?: number | readonly string[];
  /** Further ports, numbered on from those. */
  readonly extra?: readonly PortSpec[];
  /** Where a failed test's evidence goes. Default: WDPDK_KEEP_DIR, else `wdpdk-failures` where the tests run. */
  readonly keepIn?: string;
}

export interface SettleOptions {
  /** Default 5000. */
  readonly timeoutMs?: number;
}

/** A running dataplane whose ports a test can send into and receive from. */
export interface Bed extends AsyncDisposable {
  readonly dataplane: Dataplane;
  /** Attached with every capability. */
  readonly client: Client;
  readonly ports: readonly BedPort[];
  port(which: number | string): BedPort;
  /**
   * Lays a cable between two ports: what one sends the other receives, by way of the test's process and of both wires' faults. Those
   * frames are not in `waiting`.
   */
  connect(a: number | string, b: number | string): void;
  /**
   * Resolves with the counters when everything has arrived: nothing is on a wire, in a queue or held back, and every frame is
   * accounted for. WDPDK_E_TIMEOUT says what is under way; traffic that does not stop never settles.
   */
  settled(options?: SettleOptions): Promise<Stats>;
  /** Writes `traffic.pcapng` (the latest 20,000 frames or more) and `counters.json` into a folder and returns its path. */
  keep(name: string): Promise<string>;
  close(): Promise<void>;
}

let beds = 0;

export async function openBed(options: BedOptions = {}): Promise<Bed> {
  const { ports = 2, extra = [], keepIn, forwarding = { ports: {} }, ...rest } = options;
  const names = typeof ports === 'number' ? Array.from({ length: ports }, (_, n) => `port ${n}`) : ports;
  const wires: PortSpec[] = names.map((_, n) => ({ wire: `bed${n}` }));
  const instance = `bed-${process.pid}-${beds++}`;
  // The wires' far ends come last, so that the ports under test have the numbers a user would give them.
  const dataplane = await launch({ instance, ...rest, forwarding, ports: [...wires, ...extra, ...wires] });
  try {
    const want = ['observe', 'receive', 'transmit', 'redirect', 'configure'] as const;
    const client = await dataplane.attach({ name: 'bed', want });
    const recording = new Recording();
    const views: WirePortView[] = [];
    for (const [id, name] of names.entries()) {
      const outer = names.length + extra.length + id;
      // Of two redirects the one with the higher priority wins; a test's own queue at the far end would be a mistake.
      const rx = await client.openRx({ port: outer, action: 'redirect', slots: 8192 });
      const tx = await client.openTx({ port: outer });
      views.push(new WirePortView({ id, outer, name }, { rx, tx }, recording));
    }
    return new WireBed(dataplane, client, views, recording, keepIn);
  } catch (error) {
    await dataplane.close();
    throw error;
  }
}

interface Evidence {
  readonly report?: Report;
  readonly stats?: Stats;
  readonly error?: string;
}

class WireBed implements Bed {
  readonly dataplane: Dataplane;
  readonly client: Client;
  readonly ports: readonly WirePortView[];
  private readonly recording: Recording;
  private readonly keepIn: string;
  private evidence: Evidence | undefined;
  private exit: Exit | undefined;

  constructor(
    dataplane: Dataplane,
    client: Client,
    ports: readonly WirePortView[],
    recording: Recording,
    keepIn?: string,
  ) {
    this.dataplane = dataplane;
    this.client = client;
    this.ports = ports;
    this.recording = recording;
    this.keepIn = keepIn ?? process.env['WDPDK_KEEP_DIR'] ?? 'wdpdk-failures';
    for (const port of ports) belongs(port, this);
    void dataplane.exited.then((exit) => (this.exit = exit));
  }

  port(which: number | string): WirePortView {
    const found = this.ports.find(({ id, name }) => id === which || name === which);
    if (found) return found;
    throw new WdpdkError('WDPDK_E_NOT_FOUND', `the bed has no port ${which}`, {
      object: String(which),
      remedy: `It has ${this.ports.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
    });
  }

  connect(a: number | string, b: number | string): void {
    const [one, other] = [this.port(a), this.port(b)];
    one.relay = (bytes) => other.inject(bytes);
    other.relay = (bytes) => one.inject(bytes);
  }

  async settled({ timeoutMs = 5000 }: SettleOptions = {}): Promise<Stats> {
    const end = performance.now() + timeoutMs;
    for (let quiet: Stats | undefined; ;) {
      const stats = this.client.stats();
      const reasons = this.underWay(stats);
      // Ports are not read at one moment: only a second look that sees the same is sure.
      if (reasons.length === 0 && quiet !== undefined && sameFrames(stats, quiet)) return stats;
      quiet = reasons.length === 0 ? stats : undefined;
      if (performance.now() >= end)
        throw new WdpdkError(
          'WDPDK_E_TIMEOUT',
          `the bed did not come to rest within ${timeoutMs} ms: ${reasons.join('; ') || 'frames keep coming'}`,
          {
            object: this.dataplane.instance,
            remedy: 'Stop what sends for ever, or look at the counters',
          },
        );
      await delay(2);
    }
  }

  async keep(name: string): Promise<string> {
    const folder = path.resolve(
      this.keepIn,
      `${name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '_').slice(0, 100)}-${this.dataplane.instance}`,
    );
    await mkdir(folder, { recursive: true });
    await this.recording.write(
      path.join(folder, 'traffic.pcapng'),
      this.ports.map((port) => port.name),
      name,
    );
    const counters = {
      test: name,
      instance: this.dataplane.instance,
      ports: this.ports.map(({ id, name: port, outer, waiting, faultSetting, faultCounts }) => ({
        id,
        name: port,
        farEnd: outer,
        notTaken: waiting.length,
        faults: faultSetting,
        faultCounts,
      })),
      ...(this.evidence ?? (await this.gather())),
      exit: this.exit,
    };
    await writeFile(path.join(folder, 'counters.json'), `${JSON.stringify(counters, undefined, 2)}\n`);
    return folder;
  }

  async close(): Promise<void> {
    this.evidence ??= await this.gather();
    await Promise.all(this.ports.map((port) => port.close()));
    await this.client.close();
    await this.dataplane.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private underWay(stats: Stats): string[] {
    const lost = stats.ports.filter(({ unaccounted }) => unaccounted !== 0n);
    return [
      ...this.ports.flatMap((port) => port.underWay(stats)),
      ...lost.map(({ id, unaccounted }) => `port ${id}: ${unaccounted} frames neither sent on nor dropped yet`),
    ];
  }

  /** A dataplane that is gone has nothing to say. */
  private async gather(): Promise<Evidence> {
    try {
      return { report: await this.client.report({ timeoutMs: 2000 }), stats: this.client.stats() };
    } catch (error) {
      return { error: String(error) };
    }
  }
}

const sameFrames = (a: Stats, b: Stats): boolean =>
  a.ports.every(({ rx, tx }, i) => rx.packets === b.ports[i]!.rx.packets && tx.packets === b.ports[i]!.tx.packets);
