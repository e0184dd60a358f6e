// SPDX-License-Identifier: BSD-3-Clause
// The types of a configuration and forwarding.schema.json agree: the same modes, the same fields, the same that may be left out.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { checkForwarding } from 'shared-memory-ipc';
import { describe, expect, it } from 'vitest';
import type { Forwarding, Pktgen, PortMode, Route } from './forwarding.ts';

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly $defs?: Record<string, Schema>;
  readonly oneOf?: readonly { readonly $ref: string }[];
}
const schema = JSON.parse(
  readFileSync(new URL('../../shm-protocol/forwarding.schema.json', import.meta.url), 'utf8'),
) as Schema;
const { mode, pktgen, route } = schema.$defs!;

type Fields<T> = { [K in keyof T]-?: fc.Arbitrary<T[K]> };
/** Whether a field may be left out, as the compiler knows it. */
type Needed<T> = { [K in keyof T]-?: object extends Pick<T, K> ? 'optional' : 'needed' };

const whole = (min: number, max: number) => fc.integer({ min, max });
const port = whole(0, 31);
const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => [...bytes].map((b, i) => (i === 0 ? b & 0xfe : b).toString(16).padStart(2, '0')).join(':'));
const cidr = fc.oneof(
  whole(0, 255).map((a) => `${a}.0.0.0/8` as const),
  whole(0, 0xff_ff).map((a) => `${a.toString(16)}::/16` as const),
);

const pktgenFields: Fields<Pktgen> = {
  mode: fc.constant('pktgen'),
  flows: whole(1, 65_536),
  size: fc.oneof(whole(64, 9018), fc.constant('imix' as const)),
  ip: fc.constantFrom(4, 6),
  rate: fc.oneof(
    fc.constant('max' as const),
    whole(1, 1e9).map((pps) => ({ pps })),
    fc.integer({ min: 1000, max: 1e12 }).map((bps) => ({ bps })),
  ),
  count: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  seconds: fc.double({ min: 0.001, max: 4_294_967, noNaN: true }),
  src: cidr,
  dst: cidr,
  srcPort: whole(0, 65_535),
  dstPort: whole(0, 65_535),
  dstMac: mac,
};
const pktgenNeeds: Needed<Pktgen> = {
  mode: 'needed',
  ...{ flows: 'optional', size: 'optional', ip: 'optional', rate: 'optional', count: 'optional', seconds: 'optional' },
  ...{ src: 'optional', dst: 'optional', srcPort: 'optional', dstPort: 'optional', dstMac: 'optional' },
};
const routeFields: Fields<Route> = { to: cidr, via: port, nextHopMac: mac };
const routeNeeds: Needed<Route> = { to: 'needed', via: 'needed', nextHopMac: 'optional' };

/** Every mode of the type, and what a port in it may say. */
const modes: Record<PortMode['mode'], fc.Arbitrary<PortMode>> = {
  drop: fc.constant({ mode: 'drop' }),
  sink: fc.constant({ mode: 'sink' }),
  l3fwd: fc.constant({ mode: 'l3fwd' }),
  io: port.map((to) => ({ mode: 'io', to })),
  macswap: port.map((to) => ({ mode: 'macswap', to })),
  l2fwd: port.map((to) => ({ mode: 'l2fwd', to })),
  pktgen: fc.record(pktgenFields, { requiredKeys: ['mode'] }) as fc.Arbitrary<Pktgen>,
};

const needs = (of: Schema) =>
  Object.fromEntries(
    Object.keys(of.properties!).map((key) => [key, of.required!.includes(key) ? 'needed' : 'optional']),
  );

describe('the schema and the types of a configuration', () => {
  it('have the same modes and fields', () => {
    expect(mode!.oneOf!.map(({ $ref }) => $ref.split('/').at(-1)).sort()).toEqual(Object.keys(modes).sort());
    expect(needs(pktgen!)).toEqual(pktgenNeeds);
    expect(needs(route!)).toEqual(routeNeeds);
  });

  it('agree on whatever the types allow, within the bounds that they document', () => {
    const forwarding: fc.Arbitrary<Forwarding> = fc.record({
      ports: fc.dictionary(port.map(String), fc.oneof(...Object.values(modes))),
      routes: fc.array(fc.record(routeFields, { requiredKeys: ['to', 'via'] }) as fc.Arbitrary<Route>),
    });
    fc.assert(
      fc.property(forwarding, (config) => {
        expect(checkForwarding(config)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
