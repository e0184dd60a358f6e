// SPDX-License-Identifier: BSD-3-Clause
// Client programs in processes of their own (test/programs): one JSON line out for each event, one word in for each request.
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { waitFor, type WaitOptions } from './wait.ts';

export interface ProgramEvent {
  readonly event: string;
  readonly [key: string]: unknown;
}

export interface Program {
  readonly pid: number;
  /** Everything it has said so far. */
  readonly events: readonly ProgramEvent[];
  /** What it has written to stderr so far. */
  readonly stderr: string;
  /** The first event of that name that has not been taken yet. */
  next(event: string, options?: WaitOptions): Promise<ProgramEvent>;
  /** Asks with one word and waits for the event of the same name. */
  ask(word: string, options?: WaitOptions): Promise<ProgramEvent>;
  /** SIGKILL, or what is called so on Windows; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves with the exit code when the process has ended by itself. */
  readonly ended: Promise<number | undefined>;
}

/**
 * Starts test/programs/<name>.mjs with one JSON argument, behind `before` (a command that starts its arguments). It is killed
 * when the test ends, should it still run.
 */
export function startProgram(name: string, argument: object, before: readonly string[] = []): Program {
  const file = path.join(import.meta.dirname, '../programs', `${name}.mjs`);
  const [command, ...args] = [...before, process.execPath, file, JSON.stringify(argument)];
  const child = execa(command!, args, {
    reject: false,
    buffer: false,
    stdin: 'pipe',
  });
  const events: ProgramEvent[] = [];
  const taken = new Set<ProgramEvent>();
  let stderr = '';
  let exit: { code: number | undefined } | undefined;
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  readline.createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line) as ProgramEvent));
  const ended = child.then(({ exitCode }) => {
    exit = { code: exitCode };
    return exitCode;
  });
  const next = (event: string, options: WaitOptions = {}): Promise<ProgramEvent> =>
    waitFor(
      () => {
        const found = events.find((e) => e.event === event && !taken.has(e));
        if (found) {
          taken.add(found);
          return found;
        }
        if (exit) throw new Error(`${name} ended with ${exit.code} before "${event}": ${stderr}`);
        return undefined;
      },
      { what: `"${event}" of ${name} (said: ${events.map((e) => e.event).join(', ')}) ${stderr}`, ...options },
    );
  const kill = async (): Promise<void> => {
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await gone;
    // Killed while it begins, a program under Wine leaves a conhost.exe behind that has inherited its pipes and never ends.
    child.stdout.destroy();
    child.stderr.destroy();
    await ended;
  };
  onTestFinished(async () => {
    if (!exit) await kill();
  });
  return {
    pid: child.pid!,
    events,
    get stderr() {
      return stderr;
    },
    next,
    ask: (word, options) => {
      child.stdin.write(`${word}\n`);
      return next(word, options);
    },
    kill,
    ended,
  };
}
