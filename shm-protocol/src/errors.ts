// SPDX-License-Identifier: BSD-3-Clause
import { ERROR_CODES } from './protocol.ts';

/** The stable codes: the same strings in control replies, in the dataplane's messages and here. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One refused field of a configuration. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** What an error says beside its message. */
export interface ErrorDetails {
  /** What the error is about: an instance, a port, a queue, a file. */
  readonly object: string;
  /** What to do next. May be empty. */
  readonly remedy?: string;
  readonly issues?: readonly Issue[];
  readonly cause?: unknown;
}

const BRAND = Symbol.for('wdpdk.error');

/** Every error of this library. `code` is stable; messages are for people and may change. */
export class WdpdkError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly object: string;
  readonly remedy: string;
  /** Only there when fields were refused. */
  declare readonly issues?: readonly Issue[];

  constructor(code: C, message: string, details: ErrorDetails) {
    const remedy = details.remedy ?? '';
    const text = message.replace(/\.$/, '');
    super(remedy ? `${text}. ${remedy}` : text, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.object = details.object;
    this.remedy = remedy;
    if (details.issues) this.issues = details.issues;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** By brand rather than by class, so that it also recognises errors of a second copy of the package. */
  static is<C extends ErrorCode>(error: unknown, code?: C): error is WdpdkError<C> {
    if (typeof error !== 'object' || error === null || !(BRAND in error)) return false;
    return code === undefined || (error as { code?: unknown }).code === code;
  }
}
WdpdkError.prototype.name = 'WdpdkError';

export const isErrorCode = (value: unknown): value is ErrorCode => (ERROR_CODES as readonly unknown[]).includes(value);

/** What the dataplane sent or wrote is not allowed by the protocol. */
export const violation = (object: string, message: string): WdpdkError<'WDPDK_E_PROTOCOL'> =>
  new WdpdkError('WDPDK_E_PROTOCOL', `${object}: ${message}`, {
    object,
    remedy: 'Client and dataplane must come from one release',
  });

/** Rejects as Node does: with the signal's own reason. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}
