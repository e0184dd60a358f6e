// SPDX-License-Identifier: BSD-3-Clause
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkForwarding } from './forwarding-check.ts';

interface Case {
  readonly name: string;
  readonly config: unknown;
  readonly issues?: readonly string[];
  readonly shown?: unknown;
}

/** The same files that dataplane/app/config/schema_vectors_test.c reads. */
function cases(folder: string): Case[] {
  const url = new URL(`../vectors/forwarding/${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => (JSON.parse(readFileSync(new URL(name, url), 'utf8')) as { cases: Case[] }).cases);
}
const paths = (value: unknown) =>
  checkForwarding(value)
    .map((issue) => issue.path)
    .sort();

describe('vectors', () => {
  it.each(cases('valid'))('valid: $name', ({ config, shown }) => {
    expect(checkForwarding(config)).toEqual([]);
    if (shown !== undefined) expect(checkForwarding(shown)).toEqual([]);
  });

  it.each(cases('invalid'))('invalid: $name', ({ config, issues }) => {
    expect(issues!.length).toBeGreaterThan(0);
    expect(paths(config)).toEqual([...issues!].sort());
    for (const { message } of checkForwarding(config)) expect(message).not.toContain('undefined');
  });

  it.each(cases('refused'))('refused by the dataplane only: $name', ({ config }) => {
    expect(checkForwarding(config)).toEqual([]);
  });

  it('are not few', () => {
    expect(cases('valid').length).toBeGreaterThan(20);
    expect(cases('invalid').length).toBeGreaterThan(100);
    expect(cases('refused').length).toBeGreaterThan(8);
  });
});

describe('messages', () => {
  const message = (value: unknown) => checkForwarding(value).map((issue) => `${issue.path}: ${issue.message}`);
  const pktgen = (fields: object) => message({ ports: { 0: { mode: 'pktgen', ...fields } } });

  it('say what is possible and what there is', () => {
    expect(message(7)).toEqual([': must be a map such as {"ports": {"0": {"mode": "l3fwd"}}, "routes": []}, not 7']);
    expect(message({ ports: { 0: { mode: 'up' } } })).toEqual([
      'ports.0.mode: must be "drop", "io", "macswap", "l2fwd", "l3fwd", "pktgen" or "sink", not "up"',
    ]);
    expect(message({ ports: { 0: {} } })).toEqual([
      'ports.0.mode: is missing; it must be "drop", "io", "macswap", "l2fwd", "l3fwd", "pktgen" or "sink"',
    ]);
    expect(message({ ports: { 0: { mode: 'io' } } })).toEqual([
      'ports.0.to: is missing; it must be a port id (a whole number of 0 to 31)',
    ]);
    expect(message({ ports: { 32: { mode: 'drop' } } })).toEqual([
      'ports.32: unknown key; known here: port ids of 0 to 31',
    ]);
    expect(message({ routes: [{ to: 'any', via: 0, nextHopMac: '01:00:00:00:00:00' }] })).toEqual([
      'routes[0].to: must be an IPv4 or IPv6 prefix such as "10.0.0.0/8", not "any"',
      'routes[0].nextHopMac: must be an individual MAC address such as "02:00:00:00:00:01", not "01:00:00:00:00:00"',
    ]);
  });

  it('name one of several types as a whole', () => {
    expect(pktgen({ size: 63 })).toEqual(['ports.0.size: must be a whole number of 64 to 9018 or "imix", not 63']);
    expect(pktgen({ size: {} })).toEqual(['ports.0.size: must be a whole number of 64 to 9018 or "imix", not a map']);
    expect(pktgen({ rate: { pps: 1, bps: 1000 } })).toEqual(['ports.0.rate: must have exactly one of pps, bps']);
    expect(pktgen({ rate: { pps: 0 } })).toEqual([
      'ports.0.rate.pps: must be a whole number of 1 to 1000000000, not 0',
    ]);
    expect(pktgen({ rate: true })).toEqual(['ports.0.rate: must be "max" or a map such as {"pps": 1000000}, not true']);
  });

  it('of two ports do not take the one for the other', () => {
    const config = { ports: { 0: { mode: 'pktgen', size: 63 }, 1: { mode: 'pktgen', size: null } } };
    expect(paths(config)).toEqual(['ports.0.size', 'ports.1.size']);
  });
});

describe('values that JSON does not have', () => {
  it('undefined is absent', () => {
    expect(
      paths({ ports: { 0: { mode: 'drop', to: undefined }, 1: undefined }, routes: undefined, x: undefined }),
    ).toEqual([]);
    expect(paths({ ports: { 0: { mode: 'io', to: undefined } } })).toEqual(['ports.0.to']);
    expect(paths(undefined)).toEqual(['']);
  });

  it('NaN, infinities, BigInts, functions, dates are wrong', () => {
    for (const to of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, new Date(0), Symbol('x')])
      expect(paths({ ports: { 0: { mode: 'io', to } } }), String(to)).toEqual(['ports.0.to']);
  });
});

describe('many routes', () => {
  const routes = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ to: `${i >> 16}.${(i >> 8) & 255}.${i & 255}.0/24`, via: i & 1 }));

  it('131,072 are right, one more is not', () => {
    const all = routes(131_072);
    expect(checkForwarding({ routes: all })).toEqual([]);
    expect(checkForwarding({ routes: [...all, { to: '224.0.0.0/4', via: 0 }] })).toEqual([
      { path: 'routes', message: 'has 131073 items; at most 131072 are allowed' },
    ]);
  });
});
