// SPDX-License-Identifier: BSD-3-Clause
//
// Emulated XL710 ports: the device model's program, and the ports by which a dataplane's i40e driver drives it.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { type ResultPromise, execa } from 'execa';
import { WdpdkError, throwIfAborted } from 'shared-memory-ipc';
import type { PortSpec } from '../devargs.ts';
import { findExecutable, named } from '../executable.ts';
import { Lines, Tail } from '../output.ts';
import { memoryFolder, modelName } from '../platform.ts';
import type { Op } from '../queues/types.ts';

export interface Xl710Options extends Op {
  /** Ports of the card, 1 to 4. Default 2. */
  readonly ports?: number;
  /**
   * What the ports' cables lead to, as the model's --wire: `port` (ports 0 and 1 to each other), `loop`, `generator[:...]`, `sink`,
   * `pcap:IN[,OUT]`. One for all, or one for each port. Default: `loop` for one port, `port` for two.
   */
  readonly wires?: string | readonly string[];
  /** Faults from the start, as the model's --inject. */
  readonly inject?: readonly string[];
  /** `out`: no frame comes or goes before `cable()` puts it in. Default `in`. */
  readonly cables?: 'in' | 'out';
  /** Default: WDPDK_XL710_MODEL_PATH, else the program beside the dataplane. */
  readonly executable?: string;
}

/** A running device model. Give `ports` to `launch()`; close the dataplane first. */
export interface Xl710 extends AsyncDisposable {
  /** In the order of the card. Only the ports of one card go into one dataplane, before all others. */
  readonly ports: readonly PortSpec[];
  readonly pid: number;
  /** Puts a port's cable in, or pulls it: the link goes up or down. */
  cable(port: number, way: 'in' | 'out'): void;
  /** A fault, as the model's --inject: `drop=100`, `admin-error=3`. The same with 0 ends it, a stalled queue's with `off`. */
  inject(fault: string): void;
  /** Ends the program and removes its files. Resolves with the model's own counters, as its --json prints them. */
  close(): Promise<Readonly<Record<string, unknown>>>;
}

const READY_TIMEOUT_MS = 15_000;
const END_TIMEOUT_MS = 5_000;

function findModel(given: string | undefined): string {
  if (given !== undefined) return named(given);
  const file = process.env['WDPDK_XL710_MODEL_PATH'] ?? path.join(path.dirname(findExecutable()), modelName);
  if (existsSync(file)) return file;
  throw new WdpdkError('WDPDK_E_NO_BINARY', `there is no device model at ${file}`, {
    object: file,
    remedy: "Run 'npm run build' in a checkout (no package brings the model), or set WDPDK_XL710_MODEL_PATH",
  });
}

function wiresOf({ ports = 2, wires }: Xl710Options): readonly string[] {
  if (!Number.isInteger(ports) || ports < 1 || ports > 4)
    throw new WdpdkError('WDPDK_E_ARGUMENT', `a card has 1 to 4 ports, not ${String(ports)}`, {
      object: 'ports',
      remedy: 'Give a whole number from 1 to 4',
    });
  const given = wires ?? (ports === 2 ? 'port' : 'loop');
  const list = typeof given === 'string' ? Array.from({ length: ports }, () => given) : given;
  if (list.length === ports) return list;
  throw new WdpdkError('WDPDK_E_ARGUMENT', `${list.length} wires cannot lead to ${ports} ports`, {
    object: 'wires',
    remedy: 'Give one for all ports, or one for each',
  });
}

/**
 * Starts a device model and resolves when a dataplane can drive it. It ends with this process at the latest. Rejects with
 * WDPDK_E_LAUNCH and the model's own words when it does not come up, WDPDK_E_NO_BINARY when there is none.
 */
export async function openXl710(options: Xl710Options = {}): Promise<Xl710> {
  throwIfAborted(options.signal);
  const wires = wiresOf(options);
  const executable = findModel(options.executable);
  const folder = await mkdtemp(path.join(memoryFolder(), 'wdpdk-xl710-'));
  const child = execa(
    executable,
    [
      ...['--bar', path.join(folder, 'bar'), '--dma', folder, '--ports', String(wires.length), '--json'],
      ...wires.flatMap((wire) => ['--wire', wire]),
      ...(options.cables === 'out' ? ['--cable-out'] : []),
      ...(options.inject ?? []).flatMap((fault) => ['--inject', fault]),
    ],
    { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false, detached: true, windowsHide: true },
  );
  const model = new ModelProgram(child, folder, executable);
  try {
    await model.ready(options);
    return model;
  } catch (error) {
    await model.close();
    throw error;
  }
}

interface Ready {
  readonly event: 'ready';
  readonly bars: readonly string[];
}

class ModelProgram implements Xl710 {
  ports: readonly PortSpec[] = [];
  private readonly child: ResultPromise;
  private readonly folder: string;
  private readonly executable: string;
  private readonly stderr = new Tail();
  private readonly isReady: Promise<Ready>;
  private last: Readonly<Record<string, unknown>> = {};
  private closing: Promise<Readonly<Record<string, unknown>>> | undefined;

  constructor(child: ResultPromise, folder: string, executable: string) {
    this.child = child;
    this.folder = folder;
    this.executable = executable;
    child.stderr?.on('data', (chunk: Buffer) => this.stderr.push(chunk));
    this.isReady = new Promise((resolve, reject) => {
      const lines = new Lines((line) => {
        if (!line.startsWith('{')) return;
        const message = JSON.parse(line) as Record<string, unknown>;
        if (message['event'] === 'ready') resolve(message as unknown as Ready);
        else this.last = message;
      });
      child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk));
      void child.then(({ exitCode, signal, shortMessage }) => {
        const words = this.stderr.text.trim() || shortMessage || '';
        reject(this.failure(`ended (${signal ?? `exit code ${exitCode}`}): ${words}`));
      });
    });
    this.isReady.catch(() => {});
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Waits until it has made its files. */
  async ready({ signal, timeoutMs = READY_TIMEOUT_MS }: Op): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let abort: (() => void) | undefined;
    const given = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.failure(`was not ready after ${timeoutMs} ms`)), timeoutMs);
      abort = () => reject(signal!.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
    });
    try {
      const { bars } = await Promise.race([this.isReady, given]);
      this.ports = bars.map((bar) => ({ xl710Model: { bar, dma: this.folder } }));
    } finally {
      clearTimeout(timer);
      if (abort) signal?.removeEventListener('abort', abort);
    }
  }

  cable(port: number, way: 'in' | 'out'): void {
    this.tell(`cable ${port} ${way}`);
  }

  inject(fault: string): void {
    this.tell(`inject ${fault}`);
  }

  close(): Promise<Readonly<Record<string, unknown>>> {
    this.closing ??= this.end();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async end(): Promise<Readonly<Record<string, unknown>>> {
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), END_TIMEOUT_MS);
    await this.child;
    clearTimeout(timer);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    return this.last;
  }

  private tell(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  private failure(what: string): WdpdkError {
    return new WdpdkError('WDPDK_E_LAUNCH', `the device model ${what}`, {
      object: this.executable,
      remedy: `Run ${path.basename(this.executable)} --help, or by hand with the same arguments`,
    });
  }
}
