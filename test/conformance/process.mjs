// SPDX-License-Identifier: BSD-3-Clause
// A running program whose output is waited for, never slept for.
import { spawn } from 'node:child_process';

/** Environment and arguments with which a DPDK program needs neither huge pages nor devices. */
export const ealArguments = ['--no-huge', '--no-pci', '-m', '256'];

export class Running {
  #child;
  #output = '';
  #ended;
  #watchers = new Set();

  constructor(command, args, { cwd, env } = {}) {
    this.name = command;
    this.#child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const take = (chunk) => {
      this.#output += chunk;
      for (const watcher of this.#watchers) watcher();
    };
    this.#child.stdout.on('data', take);
    this.#child.stderr.on('data', take);
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        for (const watcher of this.#watchers) watcher(true);
        resolve({ code, signal });
      });
    });
  }

  get output() {
    return this.#output;
  }

  signal(name) {
    this.#child.kill(name);
  }

  #fail(what) {
    return new Error(`${this.name}: ${what}. Its output:\n${this.#output.slice(-4000)}`);
  }

  /** Waits until `look(output)` gives something; fails when the program ends before, or after `timeout` ms. */
  async until(what, look, timeout = 20_000) {
    return new Promise((resolve, reject) => {
      const settle = (action) => {
        clearTimeout(timer);
        this.#watchers.delete(check);
        action();
      };
      const check = (ended) => {
        const found = look(this.#output);
        if (found) settle(() => resolve(found));
        else if (ended) settle(() => reject(this.#fail(`ended before ${what}`)));
      };
      const timer = setTimeout(() => settle(() => reject(this.#fail(`no ${what} in ${timeout} ms`))), timeout);
      this.#watchers.add(check);
      check();
    });
  }

  /** As `until`, for what does not show in the output: asks every 50 ms. */
  async look(what, found, timeout = 20_000) {
    const ask = setInterval(() => this.#watchers.forEach((watcher) => watcher()), 50);
    try {
      return await this.until(what, found, timeout);
    } finally {
      clearInterval(ask);
    }
  }

  /** Waits for the end; kills it and fails when that takes longer than `timeout` ms. */
  async end(timeout = 20_000) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        this.#child.kill('SIGKILL');
        reject(this.#fail(`did not end in ${timeout} ms`));
      }, timeout);
    });
    try {
      return await Promise.race([this.#ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}

/** Starts a built program as its platform does, hands it to `action`, and ends it in any case. */
export async function withProgram({ executable, platform }, args, action) {
  const [command, all] = platform.launch(executable, args, { lines: true });
  const program = new Running(command, all, { env: platform.environment });
  try {
    return await action(program);
  } finally {
    program.kill();
  }
}
