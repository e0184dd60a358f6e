// SPDX-License-Identifier: BSD-3-Clause
//
// MessagePack-RPC over one stream: requests answered by id, notifications, time limits, cancellation. When the stream
// ends every pending request and every later one fails with the reason.
import type { Socket } from 'node:net';
import { WdpdkError, type Issue, isErrorCode, throwIfAborted, violation } from './errors.ts';
import { FrameDecoder, encodeFrame } from './frame.ts';
import { assertTimeout } from './options.ts';
import { MESSAGE_NOTIFY, MESSAGE_REQUEST, MESSAGE_RESPONSE } from './protocol.ts';

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Gets the result when it comes after the request was given up (abort, time limit): what it opened needs closing. */
  readonly late?: ((result: Params) => void) | undefined;
}

interface Pending {
  settle(error: unknown, result?: unknown): void;
}

export type Params = Record<string, unknown>;
const DEFAULT_TIMEOUT_MS = 5000;

export class RpcConnection {
  /** The object named in errors: the instance. */
  private readonly object: string;
  private readonly socket: Socket;
  private readonly decoder = new FrameDecoder();
  private readonly pending = new Map<number, Pending>();
  private nextId = 0;
  private failed: WdpdkError | undefined;
  private readonly onNotify: (method: string, params: Params) => void;
  private readonly onClose: (error: WdpdkError) => void;

  constructor(
    socket: Socket,
    object: string,
    on: { notify(method: string, params: Params): void; close(error: WdpdkError): void },
  ) {
    this.socket = socket;
    this.object = object;
    this.onNotify = on.notify;
    this.onClose = on.close;
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', (cause) => this.fail(this.gone(cause)));
    socket.on('close', () => this.fail(this.gone()));
  }

  /** Why the connection is unusable, or undefined while it works. */
  get error(): WdpdkError | undefined {
    return this.failed;
  }

  request(method: string, params: Params, options: RequestOptions = {}): Promise<Params> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, late } = options;
    return new Promise<Params>((resolve, reject) => {
      throwIfAborted(signal);
      assertTimeout(timeoutMs, this.object);
      if (this.failed) throw this.failed;
      const id = this.freeId();
      const timer = setTimeout(() => giveUp(this.late(method, timeoutMs)), timeoutMs);
      const abort = () => giveUp(signal!.reason);
      const giveUp = (error: unknown) => {
        pending.settle(error);
        if (late) this.pending.set(id, { settle: (_error, result) => this.settleLate(id, late, result) });
      };
      const pending: Pending = {
        settle: (error, result) => {
          this.pending.delete(id);
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          // An abort's reason may be any value, and is passed on as it is.
          if (error === undefined) resolve(result as Params);
          else reject(error as Error);
        },
      };
      try {
        this.socket.write(encodeFrame([MESSAGE_REQUEST, id, method, params]));
      } catch (error) {
        clearTimeout(timer);
        throw error;
      }
      signal?.addEventListener('abort', abort, { once: true });
      this.pending.set(id, pending);
    });
  }

  private settleLate(id: number, late: (result: Params) => void, result: unknown): void {
    this.pending.delete(id);
    if (isMap(result)) late(result);
  }

  /** Ends the connection on purpose. Pending requests fail with `error`. */
  close(error: WdpdkError): void {
    this.fail(error);
  }

  private freeId(): number {
    do this.nextId = (this.nextId + 1) >>> 0;
    while (this.pending.has(this.nextId));
    return this.nextId;
  }

  private receive(chunk: Buffer): void {
    if (this.failed) return;
    try {
      this.decoder.push(chunk, (value) => this.dispatch(value));
    } catch (error) {
      this.fail(WdpdkError.is(error) ? error : violation(this.object, String(error)));
    }
  }

  private dispatch(value: unknown): void {
    if (!Array.isArray(value)) throw violation(this.object, 'a control message is no array');
    if (value[0] === MESSAGE_RESPONSE && value.length === 4 && typeof value[1] === 'number') {
      // An unknown id belongs to a request that was given up.
      const pending = this.pending.get(value[1]);
      if (value[2] !== null) pending?.settle(this.remoteError(value[2]));
      else if (isMap(value[3])) pending?.settle(undefined, value[3]);
      else throw violation(this.object, 'the result of a response is no map');
    } else if (value[0] === MESSAGE_NOTIFY && value.length === 3 && typeof value[1] === 'string') {
      if (!isMap(value[2])) throw violation(this.object, 'the parameters of a notification are no map');
      if (value[1] === 'error') throw this.remoteError(value[2]);
      this.onNotify(value[1], value[2]);
    } else {
      throw violation(this.object, 'a control message is neither response nor notification');
    }
  }

  private remoteError(value: unknown): WdpdkError {
    const map = isMap(value) ? value : {};
    const text = (key: string) => (typeof map[key] === 'string' ? map[key] : '');
    const code = isErrorCode(map['code']) ? map['code'] : 'WDPDK_E_INTERNAL';
    const issues = Array.isArray(map['issues']) ? map['issues'].filter(isIssue) : undefined;
    return new WdpdkError(code, text('message') || code, {
      object: text('object') || this.object,
      remedy: text('remedy'),
      ...(issues ? { issues } : {}),
    });
  }

  private gone(cause?: unknown): WdpdkError {
    return new WdpdkError('WDPDK_E_GONE', `the dataplane instance '${this.object}' ended`, {
      object: this.object,
      remedy: 'Start it again and attach anew',
      cause,
    });
  }

  private late(method: string, timeoutMs: number): WdpdkError {
    return new WdpdkError('WDPDK_E_TIMEOUT', `no answer to ${method} within ${timeoutMs} ms`, { object: this.object });
  }

  private fail(error: WdpdkError): void {
    if (this.failed) return;
    this.failed = error;
    this.socket.destroy();
    for (const pending of this.pending.values()) pending.settle(error);
    this.onClose(error);
  }
}

const isMap = (value: unknown): value is Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
const isIssue = (value: unknown): value is Issue =>
  isMap(value) && typeof value['path'] === 'string' && typeof value['message'] === 'string';
