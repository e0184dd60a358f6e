// SPDX-License-Identifier: BSD-3-Clause
import { describe, expect, it } from 'vitest';
import { assertKeys, assertTimeout } from './options.ts';

const known = { instance: true, timeoutMs: true, ports: true } as const;

describe('options', () => {
  it.each([
    ['instanse', /Did you mean 'instance'\?/],
    ['timeoutms', /Did you mean 'timeoutMs'\?/],
    ['timeout', /Did you mean 'timeoutMs'\?/],
    ['prots', /Did you mean 'ports'\?/],
    ['port', /Did you mean 'ports'\?/],
    ['colour', /There are: instance, timeoutMs, ports/],
    ['__proto__x', /There are/],
    ['constructor', /There are/],
    ['x'.repeat(100_000), /There are/],
  ])('without such a key: %s', (key, message) => {
    expect(() => assertKeys('launch', { [key]: 1 }, known)).toThrow(message);
  });

  it('are an object, of known keys', () => {
    assertKeys('launch', {}, known);
    assertKeys('launch', { instance: undefined, ports: [] }, known);
    for (const none of [null, 7, 'x', []]) expect(() => assertKeys('launch', none, known)).toThrow(/is no object/);
  });

  it('have times that a timer takes', () => {
    for (const good of [undefined, 0, 0.5, 2 ** 31 - 1]) assertTimeout(good, 'launch');
    for (const bad of [NaN, -1, Infinity, 2 ** 31, '5', null] as number[])
      expect(() => assertTimeout(bad, 'launch')).toThrow(
        expect.objectContaining({ code: 'WDPDK_E_ARGUMENT', object: 'launch' }),
      );
  });
});
