// SPDX-License-Identifier: BSD-3-Clause
// The command `wdpdk`, as it is built.
import path from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { launch, type Dataplane, type LaunchOptions } from 'wdpdk';
import { onTestFinished } from 'vitest';
import { root } from './bed.ts';
import { waitFor } from './wait.ts';

export const cliFile = path.join(root, 'ts-client/dist/cli/main.js');

/** A port with nothing on the line. */
export const quiet = (n: number) => ({ devargs: `net_null${n},no-rx=1` });

let instances = 0;

/** A dataplane under a name of its own, closed when the test has finished. */
export async function start(options: LaunchOptions): Promise<Dataplane> {
  const dataplane = await launch({ instance: `cli-${process.pid}-${instances++}`, ...options });
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

export interface Running {
  readonly child: ResultPromise<{ reject: false; all: true; stdin: 'pipe' }>;
  /** What it has said on stderr so far. */
  readonly said: () => string;
  says(text: string): Promise<void>;
}

/** Starts the command; it is killed when the test ends, should it still run. */
export function begin(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = execa(process.execPath, [cliFile, ...args], { reject: false, all: true, stdin: 'pipe', env });
  let stderr = '';
  let over = false;
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  void child.then(() => (over = true));
  onTestFinished(async () => {
    if (!over) child.kill('SIGKILL');
    await child;
  });
  const says = async (text: string): Promise<void> => {
    await waitFor(
      () => {
        if (over && !stderr.includes(text)) throw new Error(`it ended without "${text}": ${stderr}`);
        return stderr.includes(text);
      },
      { what: `"${text}" of wdpdk ${args.join(' ')}` },
    );
  };
  return { child, said: () => stderr, says };
}

/** Runs the command to its end. */
export async function wdpdk(
  args: readonly string[],
  input = '',
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cliFile, ...args], { reject: false, input });
  return { exitCode, stdout, stderr };
}

/** Of its last line, JSON. */
export const json = <T>(stdout: string): T => JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
