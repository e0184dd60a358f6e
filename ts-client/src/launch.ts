// SPDX-License-Identifier: BSD-3-Clause
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ResultPromise, execa } from 'execa';
import {
  DEFAULT_INSTANCE,
  WdpdkError,
  assertInstanceName,
  assertKeys,
  assertTimeout,
  throwIfAborted,
} from 'shared-memory-ipc';
import { type Dataplane, DataplaneView, type Exit } from './dataplane.ts';
import { type PortSpec, portArguments } from './devargs.ts';
import { tell } from './diagnostics.ts';
import { findExecutable, named } from './executable.ts';
import type { Forwarding } from './forwarding.ts';
import { assertShape } from './forwarding/issues.ts';
import { Lines, Tail } from './output.ts';
import type { Op } from './queues/types.ts';
import type { Report } from './report.ts';

/** How to start a dataplane. */
export interface LaunchOptions extends Op {
  /** Name to attach by. Default: `default`. One instance of a name runs per user. */
  readonly instance?: string;
  readonly ports?: readonly PortSpec[];
  /** EAL's -l, as `0` or `0,2-3`. */
  readonly lcores?: string;
  /**
   * Receive queues a port, 1 to 32, each polled by one lcore; a device with fewer has its frames spread by flow in software. Default 1.
   */
  readonly rxQueues?: number;
  readonly forwarding?: Forwarding;
  /** `adaptive` (default) sleeps when there is nothing to do, `poll` never. */
  readonly idle?: 'poll' | 'adaptive';
  /** Receive nothing on any port until `release()`: time to attach before the first frame of a capture. */
  readonly hold?: boolean;
  /** Further EAL arguments. */
  readonly eal?: readonly string[];
  /** Further arguments of the dataplane itself, as `--seconds=10`. */
  readonly args?: readonly string[];
  /** Let it live on when this process ends. */
  readonly detached?: boolean;
  /** Default: found by WDPDK_DATAPLANE_PATH, the platform's package, or the repository's build. */
  readonly executable?: string;
}

const DEFAULT_TIMEOUT_MS = 15_000;

const KNOWN: Readonly<Record<keyof LaunchOptions, true>> = {
  instance: true,
  ports: true,
  lcores: true,
  rxQueues: true,
  forwarding: true,
  idle: true,
  hold: true,
  eal: true,
  args: true,
  detached: true,
  executable: true,
  signal: true,
  timeoutMs: true,
};

export function commandLine(options: LaunchOptions, configFile: string | undefined): string[] {
  const own = [
    '--instance',
    options.instance ?? DEFAULT_INSTANCE,
    '--json-ready',
    '--json',
    '--idle',
    options.idle ?? 'adaptive',
  ];
  if (options.rxQueues !== undefined) own.push('--rxq', String(options.rxQueues));
  if (configFile !== undefined) own.push('--config', configFile);
  if (options.hold) own.push('--hold');
  if (options.detached) own.push('--ignore-stdin');
  const lcores = options.lcores === undefined ? [] : ['-l', options.lcores];
  return [
    ...lcores,
    ...portArguments(options.ports ?? [], options.eal),
    ...(options.eal ?? []),
    '--',
    ...own,
    ...(options.args ?? []),
  ];
}

/** A file for --config in a directory of its own, readable by this user alone. */
async function writeConfig(
  forwarding: Forwarding | undefined,
): Promise<{ file: string | undefined; remove(): Promise<void> }> {
  if (!forwarding) return { file: undefined, remove: () => Promise.resolve() };
  assertShape(forwarding);
  const directory = await mkdtemp(path.join(tmpdir(), 'wdpdk-'));
  const file = path.join(directory, 'config.json');
  await writeFile(file, JSON.stringify({ forwarding }));
  return { file, remove: () => rm(directory, { recursive: true, force: true }) };
}

/**
 * Starts a dataplane and resolves when clients can attach. It ends with this process (unless `detached`), with
 * `close()`, or by itself. Rejects with WDPDK_E_LAUNCH and the dataplane's own words when it does not come up,
 * WDPDK_E_NO_BINARY when there is none, WDPDK_E_CONFIG when fields of `forwarding` are wrong.
 */
export async function launch(options: LaunchOptions = {}): Promise<Dataplane> {
  assertKeys('launch', options, KNOWN);
  assertTimeout(options.timeoutMs, 'launch');
  throwIfAborted(options.signal);
  const instance = options.instance ?? DEFAULT_INSTANCE;
  assertInstanceName(instance);
  const executable = options.executable === undefined ? findExecutable() : named(options.executable);
  const config = await writeConfig(options.forwarding);
  try {
    const child = execa(executable, commandLine(options, config.file), {
      stdin: options.detached ? 'ignore' : 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: false,
      reject: false,
      // A process group of its own: Ctrl-C in the terminal is this program's affair, and the end of stdin is the
      // dataplane's.
      detached: true,
      windowsHide: true,
    });
    const started = new Starting(child, options, executable, instance);
    const dataplane = await started.ready();
    const { instance: name, pid } = dataplane;
    tell({ event: 'launched', instance: name, pid });
    void dataplane.exited.then(({ code }) => tell({ event: 'ended', instance: name, pid, code }));
    return dataplane;
  } finally {
    await config.remove();
  }
}

class Starting {
  private readonly child: ResultPromise;
  private readonly options: LaunchOptions;
  private readonly executable: string;
  private readonly instance: string;
  private readonly stderr = new Tail();
  private readonly stdout = new Tail();
  private readonly exited: Promise<Exit>;
  private summary: Report | undefined;

  constructor(child: ResultPromise, options: LaunchOptions, executable: string, instance: string) {
    this.child = child;
    this.options = options;
    this.executable = executable;
    this.instance = instance;
    child.stderr?.on('data', (chunk: Buffer) => this.stderr.push(chunk));
    this.exited = child.then((result) => ({
      code: result.exitCode ?? null,
      signal: result.signal ?? null,
      stderrTail:
        this.stderr.text || (result.exitCode === undefined && !result.signal ? String(result.shortMessage ?? '') : ''),
      stdoutTail: this.stdout.text,
      summary: this.summary,
    }));
  }

  ready(): Promise<Dataplane> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, detached = false } = this.options;
    return new Promise<Dataplane>((resolve, reject) => {
      const settle = (error?: unknown) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        if (error === undefined) return;
        this.child.kill('SIGKILL');
        // An abort's reason may be any value, and is passed on as it is.
        reject(error as Error);
      };
      const abort = () => settle(signal!.reason);
      const timer = setTimeout(() => settle(this.failed(`was not ready within ${timeoutMs} ms`)), timeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      // While the configuration was written, nobody listened.
      if (signal?.aborted) abort();
      void this.exited.then((exit) => settle(this.failed(howItEnded(exit), exit.stderrTail)));
      const lines = new Lines((line) => {
        const event = eventLine(line);
        if (event?.['event'] === 'summary') this.summary = event as unknown as Report;
        const ready = readyEvent(event);
        if (!ready) return;
        settle();
        if (detached) this.letGo();
        resolve(new DataplaneView(this.child, ready, this.exited, detached));
      });
      this.child.stdout?.on('data', (chunk: Buffer) => {
        this.stdout.push(chunk);
        lines.push(chunk);
      });
    });
  }

  /** Nothing of a detached dataplane keeps this process running. */
  private letGo(): void {
    this.child.unref();
    for (const stream of [this.child.stdout, this.child.stderr]) (stream as { unref?: () => void } | null)?.unref?.();
  }

  private failed(what: string, said = this.stderr.text): WdpdkError {
    const words = said.trim();
    return new WdpdkError('WDPDK_E_LAUNCH', `the dataplane '${this.instance}' ${what}${words ? `:\n${words}` : ''}`, {
      object: this.executable,
    });
  }
}

function howItEnded({ code, signal }: Exit): string {
  if (code !== null) return `exited with code ${code}`;
  return signal === null ? 'could not be started' : `was ended by ${signal}`;
}

/** The dataplane's stdout: one JSON object a line. Any other line is none of ours. */
function eventLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** `{"event":"ready","instance":...,"pid":...,"endpoint":...}`. */
function readyEvent(
  value: Record<string, unknown> | undefined,
): { instance: string; pid: number; endpoint: string } | undefined {
  if (value?.['event'] !== 'ready') return undefined;
  const { instance, pid, endpoint } = value;
  if (typeof instance !== 'string' || typeof pid !== 'number' || typeof endpoint !== 'string') return undefined;
  return { instance, pid, endpoint };
}
