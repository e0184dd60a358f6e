// SPDX-License-Identifier: BSD-3-Clause
import { type MatcherState, expect } from 'vitest';
import { WdpdkError } from 'shared-memory-ipc';
import type { Packet } from '../packet/types.ts';
import { imbalance, isCounted } from './balance.ts';
import type { Bed } from './bed.ts';
import { type FrameFields, decode, differences, leaves } from './decode.ts';
import { hexdump } from './hexdump.ts';
import { type ReceivedFrame, WirePortView } from './port.ts';
import { settleOf } from './settle.ts';

/** Exact bytes, some fields, or a question about the packet. */
export type FrameExpectation = Uint8Array | FrameFields | ((packet: Packet) => boolean);

export interface ReceiveMatcherOptions {
  /** Default 2000. */
  readonly timeoutMs?: number;
}

export interface NothingOptions {
  /** How long the bed may take to come to rest. Default 5000. */
  readonly timeoutMs?: number;
}

interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

type Equal = (a: unknown, b: unknown) => boolean;

function portOf(value: unknown, matcher: string): WirePortView {
  if (value instanceof WirePortView) return value;
  throw new WdpdkError('WDPDK_E_ARGUMENT', `${matcher} looks at a port of a bed`, {
    object: matcher,
    remedy: 'Write expect(bed.port(0))',
  });
}

/** How far a frame is from what was expected, and in what. 0: it is what was expected. */
function distance(expected: FrameExpectation, { bytes, packet }: ReceivedFrame, equal: Equal): number {
  if (typeof expected === 'function') return expected(packet) ? 0 : 1;
  if (!(expected instanceof Uint8Array)) return differences(expected, decode(bytes), equal).length;
  const common = Math.min(bytes.length, expected.length);
  let different = Math.max(bytes.length, expected.length) - common;
  for (let i = 0; i < common; i++) if (bytes[i] !== expected[i]) different++;
  return different;
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value !== 'object' || value === null) return String(value);
  const { toAsymmetricMatcher } = value as { toAsymmetricMatcher?: () => string };
  return toAsymmetricMatcher ? toAsymmetricMatcher.call(value) : JSON.stringify(value);
}

function expectedText(expected: FrameExpectation): string {
  if (typeof expected === 'function') return `a frame for which ${expected.name || 'the function'} is true`;
  if (expected instanceof Uint8Array) return `these ${expected.length} bytes:\n${hexdump(expected)}`;
  const fields = leaves(expected).map(([where, value]) => `  ${where}: ${shown(value)}`);
  return fields.length === 0 ? 'a frame' : `a frame with\n${fields.join('\n')}`;
}

/** The frame that comes nearest, with what is different in it. */
function nearestText(expected: FrameExpectation, frames: readonly ReceivedFrame[], equal: Equal): string {
  if (frames.length === 0) return 'It sent nothing.';
  const far = frames.map((one) => distance(expected, one, equal));
  const n = far.indexOf(Math.min(...far));
  const { bytes } = frames[n]!;
  const count =
    frames.length === 1 ? 'It sent one frame, which' : `It sent ${frames.length} frames. The nearest, number ${n + 1},`;
  if (typeof expected === 'function') return `${count} is\n${hexdump(bytes)}\n${fieldsText(bytes)}`;
  if (expected instanceof Uint8Array) {
    const lengths = `${bytes.length} bytes, ${expected.length} expected`;
    return `${count} differs where marked (${lengths}):\n${hexdump(bytes, expected)}\n${fieldsText(bytes)}`;
  }
  const wrong = differences(expected, decode(bytes), equal).map(
    ({ path, expected: want, actual }) => `  ${path}: expected ${shown(want)}, is ${shown(actual)}`,
  );
  return `${count} differs in\n${wrong.join('\n')}\n${hexdump(bytes)}\n${fieldsText(bytes)}`;
}

function fieldsText(bytes: Uint8Array): string {
  const { payload, ...fields } = decode(bytes);
  return Object.entries(fields)
    .map(([name, value]) => `  ${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .concat(`  payload ${payload.length} bytes`)
    .join('\n');
}

const matching = (port: WirePortView, expected: FrameExpectation, equal: Equal): number =>
  port.waiting.findIndex((one) => distance(expected, one, equal) === 0);

async function toReceive(
  this: MatcherState,
  value: unknown,
  expected: FrameExpectation,
  { timeoutMs = 2000 }: ReceiveMatcherOptions = {},
): Promise<Verdict> {
  const port = portOf(value, 'toReceive');
  const equal: Equal = (a, b) => this.equals(a, b);
  // That a frame does not come can only be said once everything has come.
  if (this.isNot) await settleOf(port, timeoutMs);
  const end = performance.now() + timeoutMs;
  let found = matching(port, expected, equal);
  while (found < 0 && !this.isNot && (await port.more(end))) found = matching(port, expected, equal);
  if (found >= 0) {
    const [taken] = port.waiting.splice(found, 1);
    return {
      pass: true,
      message: () =>
        `${port.name} was not expected to send ${expectedText(expected)}\nIt did:\n${hexdump(taken!.bytes)}`,
    };
  }
  const near = nearestText(expected, port.waiting, equal);
  return {
    pass: false,
    message: () => `${port.name} was expected to send, within ${timeoutMs} ms, ${expectedText(expected)}\n${near}`,
  };
}

async function toReceiveNothing(
  this: MatcherState,
  value: unknown,
  { timeoutMs = 5000 }: NothingOptions = {},
): Promise<Verdict> {
  const port = portOf(value, 'toReceiveNothing');
  await settleOf(port, timeoutMs);
  const frames = port.waiting;
  const first = frames[0];
  return {
    pass: first === undefined,
    message: () =>
      first === undefined
        ? `${port.name} was expected to send something`
        : `${port.name} was expected to send nothing; ${frames.length} frames wait. The first:\n` +
          `${hexdump(first.bytes)}\n${fieldsText(first.bytes)}`,
  };
}

const isBed = (value: unknown): value is Bed => typeof (value as Partial<Bed> | null)?.settled === 'function';

async function toBalance(this: MatcherState, value: unknown): Promise<Verdict> {
  let counted: unknown = value;
  let unrest = '';
  if (isBed(value)) {
    counted = await value.settled().catch((error: unknown) => {
      if (!WdpdkError.is(error, 'WDPDK_E_TIMEOUT')) throw error;
      unrest = `\n${error.message}`;
      return value.client.stats();
    });
  }
  if (!isCounted(counted))
    throw new WdpdkError('WDPDK_E_ARGUMENT', 'toBalance looks at a bed, at statistics or at a summary', {
      object: 'toBalance',
      remedy: 'Write expect(bed) or expect(client.stats())',
    });
  const wrong = imbalance(counted);
  return {
    pass: wrong.length === 0 && unrest === '',
    message: () =>
      wrong.length === 0 && unrest === ''
        ? 'the frames were expected not to balance'
        : `frames are not accounted for:\n${wrong.join('\n')}${unrest}`,
  };
}

export const matchers = { toReceive, toReceiveNothing, toBalance };

expect.extend(matchers);

declare module 'vitest' {
  interface Matchers<T = any> {
    /**
     * Of a port of a bed: that such a frame comes out of it, among those not taken yet or within the time. The frame is then taken. With
     * `not`: that none has come when the bed has settled.
     */
    toReceive: (expected: FrameExpectation, options?: ReceiveMatcherOptions) => Promise<T>;
    /** Of a port of a bed: that nothing more comes out of it: nothing waits when the bed has settled. */
    toReceiveNothing: (options?: NothingOptions) => Promise<T>;
    /** Of a bed, of statistics or of a summary: that every frame is accounted for. A bed is let settle first. */
    toBalance: () => Promise<T>;
  }
}
