// SPDX-License-Identifier: BSD-3-Clause
//
// Processes of a benchmark: pinned to a core, asked by a line, answering by a line; what they said when they end too early.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import readline from 'node:readline';

/** The core of what feeds, and the core of what is measured. */
export function twoCores() {
  const count = os.cpus().length;
  if (count < 2) throw new Error('this row needs two cores: one feeds what the other one measures');
  return { feeder: count - 2, measured: count - 1 };
}

export class Peer {
  constructor(name, core, command, args, options = {}) {
    this.name = name;
    this.words = '';
    this.answers = [];
    this.waiting = undefined;
    this.child = spawn('taskset', ['-c', String(core), command, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, WDPDK_STRICT: '0', ...options.env },
    });
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.on('data', (text) => (this.words += text));
    readline.createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.answers.push(line);
      this.wake();
    });
    this.child.on('close', (code, signal) => {
      this.failure ??= new Error(`${name} ended (${signal ?? code}):\n${this.words.slice(-2000)}`);
      this.wake();
    });
    this.ended = once(this.child, 'close');
    this.child.on('error', (error) => {
      this.failure = error;
      this.wake();
    });
  }

  wake() {
    this.waiting?.();
    this.waiting = undefined;
  }

  /** The next line that `accept` takes; those before it are passed over. */
  async line(accept = () => true) {
    for (;;) {
      while (this.answers.length > 0) {
        const line = this.answers.shift();
        if (accept(line)) return line;
      }
      if (this.failure) throw this.failure;
      await new Promise((resolve) => (this.waiting = resolve));
    }
  }

  ask(question, accept) {
    this.child.stdin.write(`${question}\n`);
    return this.line(accept);
  }

  async end(signal = 'SIGTERM') {
    if (this.failure) return;
    this.child.kill('SIGCONT');
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(timer);
  }
}
