// SPDX-License-Identifier: BSD-3-Clause
import { type Params, type WdpdkError, throwIfAborted } from 'shared-memory-ipc';
import type { Member, Session } from './session.ts';

export type DataplaneEvent =
  | { readonly type: 'config'; readonly generation: number; readonly by: string }
  | { readonly type: 'queue-closed'; readonly queue: number; readonly reason: string }
  | { readonly type: 'goodbye'; readonly reason: string };

const KEPT = 1024;

export function eventOf(method: string, params: Params): DataplaneEvent | undefined {
  const text = (key: string) => (typeof params[key] === 'string' ? params[key] : '');
  if (method === 'config') return { type: 'config', generation: Number(params['generation']), by: text('by') };
  if (method === 'queue.closed')
    return { type: 'queue-closed', queue: Number(params['queue']), reason: text('reason') };
  if (method === 'goodbye') return { type: 'goodbye', reason: text('reason') };
  return undefined;
}

/** One reader of events. It keeps the latest 1,024 that were not asked for yet, and ends with the client. */
export class EventStream implements AsyncIterableIterator<DataplaneEvent>, Member {
  private readonly waiting: DataplaneEvent[] = [];
  private readonly session: Session;
  private readonly signal: AbortSignal | undefined;
  private wake: () => void = () => undefined;
  private over: WdpdkError | 'returned' | undefined;

  constructor(session: Session, signal: AbortSignal | undefined) {
    this.session = session;
    this.signal = signal;
    this.over = session.error;
    session.members.add(this);
  }

  push(event: DataplaneEvent): void {
    this.waiting.push(event);
    if (this.waiting.length > KEPT) this.waiting.shift();
    this.wake();
  }

  fail(error: WdpdkError): void {
    this.over ??= error;
    this.wake();
  }

  tick(): void {
    // Events come as messages only.
  }

  async next(): Promise<IteratorResult<DataplaneEvent, undefined>> {
    for (;;) {
      throwIfAborted(this.signal);
      const value = this.waiting.shift();
      if (value) return { done: false, value };
      if (this.over) {
        this.session.members.delete(this);
        if (this.over !== 'returned' && this.over.code !== 'WDPDK_E_CLOSED') throw this.over;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  return(): Promise<IteratorResult<DataplaneEvent, undefined>> {
    this.over ??= 'returned';
    this.waiting.length = 0;
    this.session.members.delete(this);
    this.wake();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
