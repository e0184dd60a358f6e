// SPDX-License-Identifier: BSD-3-Clause
// The device model as a process of a test: what its stdin takes, what its counters say.
import path from 'node:path';
import readline from 'node:readline';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { builtProgram, tempDir } from './bed.ts';
import { waitFor } from './wait.ts';

export interface Traffic {
  readonly frames: number;
  readonly bytes: number;
  readonly unicast: number;
  readonly multicast: number;
  readonly broadcast: number;
}

/** A port of the last line; byte counts include 4 of FCS a frame. */
export interface ModelPort {
  readonly linkUp: boolean;
  readonly linkChanges: number;
  readonly adminCommands: number;
  readonly adminErrors: number;
  readonly interrupts: number;
  readonly resets: readonly number[];
  readonly maliciousRx: number;
  readonly maliciousTx: number;
  readonly dmaMisses: number;
  readonly rx: Traffic;
  readonly tx: Traffic;
  readonly rxSizes: readonly number[];
  readonly txSizes: readonly number[];
  readonly rxDiscards: number;
  readonly vsis: readonly { vsi: number; rx: Traffic; tx: Traffic; rxDiscards: number }[];
  readonly queues: readonly { queue: number; rx: number; tx: number }[];
  readonly [more: string]: unknown;
}

export interface ModelCounters {
  readonly event: string;
  readonly ports: readonly ModelPort[];
}

export interface Model {
  readonly pid: number;
  /** Files of BAR0, one a port. */
  readonly bars: readonly string[];
  readonly stderr: string;
  /** Counters as they are now. */
  counters(): Promise<ModelCounters>;
  /** Counters when nothing moves any more: two looks that see the same. */
  atRest(): Promise<ModelPort>;
  cable(way: 'in' | 'out', port?: number): void;
  inject(fault: string): void;
  /** Ends it; its last words. */
  end(): Promise<ModelCounters>;
}

/** Starts the model with these arguments beside --bar and --json; it is ready when this resolves, and gone after the test. */
export async function startModel(args: readonly string[]): Promise<Model> {
  const bar = path.join(tempDir(), 'bar');
  const program = builtProgram('wdpdk-xl710-model');
  const child = execa(program, ['--bar', bar, '--json', ...args], { reject: false, buffer: false, stdin: 'pipe' });
  const said: ModelCounters[] = [];
  let ready: { bars: string[] } | undefined;
  let stderr = '';
  let exit: { code: number | undefined; why: string } | undefined;
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as ModelCounters & { bars: string[] };
    if (event.event === 'ready') ready = event;
    else said.push(event);
  });
  const ended = child.then(({ exitCode, shortMessage }) => (exit = { code: exitCode, why: shortMessage ?? '' }));
  onTestFinished(async () => {
    if (!exit) child.kill('SIGKILL');
    await ended;
  });
  const { bars } = await waitFor(
    () => {
      if (exit) throw new Error(`the model ended with ${exit.code}: ${stderr || exit.why}`);
      return ready;
    },
    { what: 'the model' },
  );
  const next = (event: string): Promise<ModelCounters> => {
    const seen = said.length;
    return waitFor(() => said.slice(seen).find((one) => one.event === event), {
      what: `"${event}" of the model (${exit ? `ended with ${exit.code}: ` : ''}${stderr})`,
    });
  };
  const tell = (line: string): void => void child.stdin.write(`${line}\n`);
  const counters = (): Promise<ModelCounters> => {
    const answer = next('stats');
    tell('stats');
    return answer;
  };
  return {
    pid: child.pid!,
    bars,
    get stderr() {
      return stderr;
    },
    counters,
    atRest: async () => {
      let last = '';
      return waitFor(async () => {
        const [port] = (await counters()).ports;
        const now = JSON.stringify([port!.rx, port!.tx, port!.vsis]);
        if (now === last) return port;
        last = now;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return undefined;
      });
    },
    cable: (way, port = 0) => tell(`cable ${port} ${way}`),
    inject: (fault) => tell(`inject ${fault}`),
    end: async () => {
      const last = next('end');
      tell('quit');
      const counted = await last;
      await ended;
      return counted;
    },
  };
}
