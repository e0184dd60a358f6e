// SPDX-License-Identifier: BSD-3-Clause

/**
 * 2^53 bytes pass in 21 days at 40 Gbit/s, so counters are bigint. As JSON they become numbers while these are exact,
 * then decimal strings.
 */
export interface Counters {
  /** Frames. */
  readonly packets: bigint;
  /** Bytes of these frames, without FCS. */
  readonly bytes: bigint;
  /** What JSON.stringify shows: plain numbers, texts beyond 2^53. */
  toJSON(): unknown;
}

function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
}

/** Gives an object of counters a toJSON that no loop over its keys sees. */
export function withJson<T extends object>(value: T): T & { toJSON(): unknown } {
  return Object.defineProperty(value, 'toJSON', { value: () => jsonOf({ ...value }) }) as T & { toJSON(): unknown };
}

/** The same with methods of its own, which no loop over its keys sees either. */
export function withMethods<T extends object, M extends object>(value: T, methods: M): T & M & { toJSON(): unknown } {
  for (const [name, method] of Object.entries(methods)) Object.defineProperty(value, name, { value: method });
  return withJson(value as T & M);
}

export const counters = (packets: bigint, bytes: bigint): Counters => withJson({ packets, bytes });

/** A whole number from a control reply, whatever width it came in. */
export const bigintOf = (value: unknown): bigint =>
  typeof value === 'bigint' ? value : typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : 0n;
