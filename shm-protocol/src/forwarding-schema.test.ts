// SPDX-License-Identifier: BSD-3-Clause
// The schemas as editors and other validators read them: by the standard alone, from the files.
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

interface Case {
  readonly name: string;
  readonly config: unknown;
  readonly shown?: { readonly ports: Record<string, Record<string, unknown>> };
}
interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly $defs?: Record<string, Schema>;
  readonly default?: unknown;
}

const read = <T>(name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as T;
const cases = (folder: string) =>
  readdirSync(new URL(`../vectors/forwarding/${folder}/`, import.meta.url)).flatMap(
    (name) => read<{ cases: Case[] }>(`vectors/forwarding/${folder}/${name}`).cases,
  );

const forwarding = read<Schema>('forwarding.schema.json');
/** Without its extensions: `discriminator` and `x-keys` are remarks to it. */
const ajv = new Ajv2020({ strict: false });
ajv.addSchema(forwarding);
const file = ajv.compile(read<Schema>('dataplane-config.schema.json'));

describe('the schemas without extensions', () => {
  it.each([...cases('valid'), ...cases('refused')])('take $name', ({ config }) => {
    expect(file({ $schema: './dataplane-config.schema.json', forwarding: config, idle: 'adaptive' })).toBe(true);
  });

  it.each(cases('invalid'))('refuse $name', ({ config }) => {
    expect(file({ forwarding: config })).toBe(false);
  });

  it('of a file refuse what the dataplane refuses', () => {
    expect(file({})).toBe(true);
    for (const wrong of [[], { idle: 'never' }, { $schema: 1 }, { forwarding: null }, { forward: {} }])
      expect(file(wrong), JSON.stringify(wrong)).toBe(false);
  });
});

it('documented defaults are those that the dataplane shows', () => {
  const { shown } = cases('valid').find(({ name }) => name === 'defaults')!;
  const fields = Object.entries(forwarding.$defs!['pktgen']!.properties!).filter(
    ([, { default: is }]) => is !== undefined,
  );
  expect(fields.length).toBeGreaterThan(6);
  for (const [name, { default: is }] of fields) expect(shown!.ports['0']![name], name).toEqual(is);
});
