// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError } from 'shared-memory-ipc';
import type { Op } from '../queues/types.ts';
import type { Session } from '../session.ts';
import type { Applied, Snapshot } from '../forwarding.ts';

type State = 'final' | 'waiting' | 'confirmed' | 'undone';

export class AppliedView implements Applied {
  readonly generation: number;
  private readonly session: Session;
  private readonly before: Snapshot | undefined;
  private state: State;
  /** Called when the change was undone. */
  private readonly undone: () => void;

  constructor(session: Session, generation: number, before: Snapshot | undefined, waits: boolean, undone: () => void) {
    this.session = session;
    this.generation = generation;
    this.before = before;
    this.state = waits ? 'waiting' : 'final';
    this.undone = undone;
  }

  get previous(): Snapshot {
    if (this.before) return this.before;
    throw new WdpdkError('WDPDK_E_DENIED', 'what was in force before can only be told with the capability observe', {
      object: `generation ${this.generation}`,
      remedy: "Attach with want: ['configure', 'observe']",
    });
  }

  async confirm(options: Op = {}): Promise<void> {
    if (this.state === 'final' || this.state === 'confirmed') return;
    await this.session.request('forwarding.confirm', { generation: this.generation }, options);
    this.state = 'confirmed';
  }

  async rollback(options: Op = {}): Promise<void> {
    if (this.state === 'undone') return;
    await this.session.request('forwarding.rollback', { generation: this.generation }, options);
    this.state = 'undone';
    this.undone();
  }

  async close(): Promise<void> {
    if (this.state !== 'waiting') return;
    try {
      await this.rollback();
    } catch (error) {
      // Undone already: by time-out, or with the connection.
      if (!WdpdkError.is(error) || !SETTLED.has(error.code)) throw error;
      this.state = 'undone';
      this.undone();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const SETTLED: ReadonlySet<string> = new Set(['WDPDK_E_NOT_FOUND', 'WDPDK_E_GONE', 'WDPDK_E_CLOSED']);
