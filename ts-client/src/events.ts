// SPDX-License-Identifier: BSD-3-Clause
import { type Params, type WdpdkError, throwIfAborted, violation } from 'shared-memory-ipc';
import type { Member, Session } from './session.ts';

/**
 * Something that happened in the dataplane.
 * - `link`: a port's link went up or down
 * - `config`: another forwarding configuration is in force, by which client, or by the dataplane itself (`rolledBack`) because
 *   nobody confirmed it. Who reads slowly gets the newest only
 * - `queue-closed`: the dataplane ended a queue of this client
 * - `client-joined`, `client-left`: of any client
 * - `stalled`: the rings of a client's queue are full and it has taken nothing for a second; `stalled: false` when it does again
 * - `goodbye`: the dataplane is about to end
 */
export type DataplaneEvent =
  | { readonly type: 'link'; readonly port: number; readonly up: boolean; readonly speedMbps: number }
  | { readonly type: 'config'; readonly generation: number; readonly by: string; readonly rolledBack: boolean }
  | { readonly type: 'queue-closed'; readonly queue: number; readonly reason: string }
  | { readonly type: 'client-joined'; readonly client: number; readonly name: string; readonly pid: number }
  | { readonly type: 'client-left'; readonly client: number; readonly name: string }
  | {
      readonly type: 'stalled';
      readonly client: number;
      readonly name: string;
      readonly queue: number;
      readonly stalled: boolean;
    }
  | { readonly type: 'goodbye'; readonly reason: string };

const KEPT = 1024;

/** The event a notification tells of; undefined for one that this client does not know. Throws WDPDK_E_PROTOCOL. */
export function eventOf(method: string, params: Params): DataplaneEvent | undefined {
  const wrong = (key: string) => violation(method, `the notification has no ${key}`);
  const number = (key: string) => {
    const value = Number(params[key]);
    if (!Number.isSafeInteger(value) || value < 0) throw wrong(key);
    return value;
  };
  const flag = (key: string) => {
    const value = params[key];
    if (typeof value !== 'boolean') throw wrong(key);
    return value;
  };
  // What is only shown may be absent.
  const text = (key: string) => (typeof params[key] === 'string' ? params[key] : '');
  switch (method) {
    case 'link':
      return { type: 'link', port: number('port'), up: flag('up'), speedMbps: number('speedMbps') };
    case 'config':
      return {
        type: 'config',
        generation: number('generation'),
        by: text('by'),
        rolledBack: params['rolledBack'] === true,
      };
    case 'queue.closed':
      return { type: 'queue-closed', queue: number('queue'), reason: text('reason') };
    case 'client.joined':
      return { type: 'client-joined', client: number('client'), name: text('name'), pid: number('pid') };
    case 'client.left':
      return { type: 'client-left', client: number('client'), name: text('name') };
    case 'stalled':
      return {
        type: 'stalled',
        client: number('client'),
        name: text('name'),
        queue: number('queue'),
        stalled: flag('stalled'),
      };
    case 'goodbye':
      return { type: 'goodbye', reason: text('reason') };
    default:
      return undefined;
  }
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
