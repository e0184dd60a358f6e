// SPDX-License-Identifier: BSD-3-Clause
import type { ResultPromise } from 'execa';
import { assertTimeout } from 'shared-memory-ipc';
import { type AttachOptions, attachTo } from './attach.ts';
import type { Client } from './client.ts';
import type { Op } from './queues/types.ts';
import type { Report } from './report.ts';

/** How a dataplane ended. */
export interface Exit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** As SIGKILL; null when it ended by itself. */
  readonly signal: string | null;
  /** The end of what it printed. */
  readonly stderrTail: string;
  readonly stdoutTail: string;
  /** What it counted, when it ended in order (dataplane/app/summary.schema.json). */
  readonly summary: Report | undefined;
}

/** A dataplane that this process started. */
export interface Dataplane extends AsyncDisposable {
  readonly instance: string;
  readonly pid: number;
  /** Path of its control channel. */
  readonly endpoint: string;
  readonly exited: Promise<Exit>;
  /** As `attach` for this instance. */
  attach(options?: Op & AttachOptions): Promise<Client>;
  /** Lets traffic flow after `launch({ hold: true })`. */
  release(options?: Op): Promise<void>;
  /** Asks it to end and waits; after `timeoutMs` (default 5000) it is killed. */
  close(options?: { timeoutMs?: number }): Promise<Exit>;
}

export class DataplaneView implements Dataplane {
  readonly instance: string;
  readonly pid: number;
  readonly endpoint: string;
  readonly exited: Promise<Exit>;
  private readonly child: ResultPromise;
  private readonly detached: boolean;

  constructor(
    child: ResultPromise,
    ready: { instance: string; pid: number; endpoint: string },
    exited: Promise<Exit>,
    detached: boolean,
  ) {
    this.child = child;
    this.instance = ready.instance;
    this.pid = ready.pid;
    this.endpoint = ready.endpoint;
    this.exited = exited;
    this.detached = detached;
  }

  attach(options: Op & AttachOptions = {}): Promise<Client> {
    return attachTo({ instance: this.instance, path: this.endpoint }, options);
  }

  async release(options: Op = {}): Promise<void> {
    const client = await this.attach({ ...options, name: 'launcher', want: ['configure'] });
    try {
      await client.release(options);
    } finally {
      await client.close();
    }
  }

  async close(options: { timeoutMs?: number } = {}): Promise<Exit> {
    assertTimeout(options.timeoutMs, this.instance);
    // The end of its stdin is the one request that every system has. A detached one does not listen to it.
    this.child.stdin?.end();
    if (this.detached) this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), options.timeoutMs ?? 5000);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
