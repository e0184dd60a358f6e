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
  /** What to do next. Without it the usual remedy of the code stands there. */
  readonly remedy?: string;
  readonly issues?: readonly Issue[];
  readonly cause?: unknown;
}

const BRAND = Symbol.for('wdpdk.error');

/** What helps with a code in general, where whoever throws knows nothing better. */
const USUAL_REMEDY: Readonly<Record<ErrorCode, string>> = {
  WDPDK_E_ARGUMENT: 'Correct what the message names',
  WDPDK_E_CLOSED: 'Open another',
  WDPDK_E_CONFIG: 'Correct the fields that `issues` lists',
  WDPDK_E_CONFLICT: 'Look at what is in force now, then decide',
  WDPDK_E_DENIED: 'Attach as the user that runs the dataplane, and ask for the capability with `want`',
  WDPDK_E_DEVICE_REMOVED: 'Put the card back and start the dataplane again',
  WDPDK_E_GONE: 'Start the dataplane again and attach anew',
  WDPDK_E_IN_USE: 'Close what holds it, or take another',
  WDPDK_E_INTERNAL: 'Report it, with this message and the version',
  WDPDK_E_LAUNCH: "Correct what the dataplane's own messages name; 'wdpdk doctor' looks for the usual causes",
  WDPDK_E_LIMIT: 'Close what is no longer needed',
  WDPDK_E_METHOD: 'Install client and dataplane of one release',
  WDPDK_E_NOT_FOUND: 'Choose one that is there',
  WDPDK_E_NO_BINARY: 'Install wdpdk with its optional dependencies, or set WDPDK_DATAPLANE_PATH',
  WDPDK_E_NO_MEMORY: 'Ask for fewer or smaller slots, or free memory',
  WDPDK_E_PACKET_EXPIRED: 'Take copy() of what is needed later',
  WDPDK_E_PLATFORM: "Ask 'wdpdk doctor' what this machine lacks",
  WDPDK_E_PROTOCOL: 'Client and dataplane must come from one release',
  WDPDK_E_TIMEOUT: "Give more time by `timeoutMs`, or see by 'wdpdk stats' whether the dataplane still works",
  WDPDK_E_VERSION: 'Install client and dataplane of one release',
};

/** Every error of this library. `code` is stable; messages are for people and may change. */
export class WdpdkError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly object: string;
  readonly remedy: string;
  /** Only there when fields were refused. */
  declare readonly issues?: readonly Issue[];

  constructor(code: C, message: string, details: ErrorDetails) {
    const remedy = details.remedy || USUAL_REMEDY[code];
    const text = message.replace(/\.$/, '');
    super(`${text}. ${remedy}`, details.cause === undefined ? undefined : { cause: details.cause });
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
