// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { protocol as P, type WdpdkError } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Double, RemoteError } from '../../test/double.ts';
import type { Client } from '../client.ts';
import type { Applied, Forwarding, Route } from '../forwarding.ts';

let double: Double;
let client: Client;
beforeEach(async () => {
  double = await Double.start();
  client = await double.attach();
});
afterEach(async () => {
  await client.close();
  double.stop();
});

const coded = (code: string) => expect.objectContaining({ code });
const to1: Forwarding = { ports: { 0: { mode: 'io', to: 1 } } };
const swap: Forwarding = { ports: { 0: { mode: 'macswap', to: 1 } } };
const table = (n: number): Route[] =>
  Array.from({ length: n }, (_, i) => ({ to: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`, via: i & 1 }) as Route);
const methods = () => double.requests.map((r) => r.method).filter((m) => m.startsWith('forwarding'));

describe('get', () => {
  test.each([0, 1, 3, 4, 6, 7])('puts the pages of %d routes together', async (n) => {
    const config = { ports: { '0': { mode: 'l3fwd' } }, routes: table(n) };
    double.forwarding.change(config);
    expect(await client.forwarding.get()).toEqual({ generation: 2, config });
  });

  test('begins again when the configuration changes between pages', async () => {
    double.forwarding.change({ ports: {}, routes: table(7) });
    let changes = 2;
    double.forwarding.between = () => {
      if (changes-- > 0) double.forwarding.change({ ports: { 1: { mode: 'drop' } }, routes: table(8) });
    };
    const { generation, config } = await client.forwarding.get();
    expect([generation, config.routes?.length]).toEqual([4, 8]);
    double.forwarding.between = () => double.forwarding.change({ ports: {}, routes: table(8) });
    await expect(client.forwarding.get()).rejects.toThrow(coded('WDPDK_E_CONFLICT'));
  });

  const page = { generation: 2, config: { ports: {}, routes: table(3) }, routes: 9 };
  const lies: [string, (params: Record<string, unknown>) => unknown][] = [
    ['pages that go back', () => ({ ...page, next: 0 })],
    [
      'pages without routes',
      ({ from }) => (from ? { ...page, config: { ports: {}, routes: [] }, next: 3 } : { ...page, next: 3 }),
    ],
    [
      'pages for ever',
      ({ from = 0 }) => ({ ...page, config: { ports: {}, routes: table(8192) }, next: (from as number) + 8192 }),
    ],
    ['a page of another generation', ({ from }) => (from ? { ...page, generation: 3 } : { ...page, next: 3 })],
    ['no configuration', () => ({ generation: 2 })],
    ['routes that are no list', () => ({ generation: 2, config: { ports: {}, routes: 5 } })],
    ['no generation', () => ({ ...page, generation: 'new' })],
  ];
  test.each(lies)('refuses an answer of %s', async (_, answer) => {
    double.handlers['forwarding.get'] = answer;
    await expect(client.forwarding.get()).rejects.toThrow(coded('WDPDK_E_PROTOCOL'));
  });
});

describe('check', () => {
  test('tells the changes and makes none', async () => {
    const diff = await client.forwarding.check(to1);
    expect(diff).toEqual({ generation: 1, changes: [{ path: '', from: { ports: {} }, to: to1 }], truncated: 0 });
    expect(double.forwarding.generation).toBe(1);
    expect((await client.forwarding.check({ ports: {} })).changes).toEqual([]);
    double.handlers['forwarding.check'] = () => ({
      generation: 1,
      changes: [{ path: 'ports.1', from: null, to: { mode: 'drop' } }],
      truncated: 12,
    });
    expect(await client.forwarding.check(to1)).toEqual({
      generation: 1,
      changes: [{ path: 'ports.1', from: undefined, to: { mode: 'drop' } }],
      truncated: 12,
    });
  });
});

describe('set', () => {
  test('against a generation; the answer knows what was before', async () => {
    const before = await client.forwarding.get();
    const applied = await client.forwarding.set(to1, { ifGeneration: before.generation });
    expect([applied.generation, applied.previous]).toEqual([2, before]);
    const next = await client.forwarding.set(swap);
    expect([next.generation, next.previous]).toEqual([3, { generation: 2, config: to1 }]);
    await expect(client.forwarding.set(to1, { ifGeneration: 1 })).rejects.toThrow(coded('WDPDK_E_CONFLICT'));
    expect(double.forwarding.config).toEqual(swap);
    // It stands: neither asks the dataplane anything.
    double.requests.length = 0;
    await next.confirm();
    await next.close();
    expect(methods()).toEqual([]);
  });

  test('what was before is right, too, when others changed it unseen', async () => {
    await client.forwarding.set(to1);
    double.forwarding.change(swap as never);
    double.forwarding.change({ ports: { 5: { mode: 'drop' } } });
    expect((await client.forwarding.set(to1)).previous).toEqual({
      generation: 4,
      config: { ports: { '5': { mode: 'drop' } } },
    });
    double.forwarding.change(swap as never);
    expect((await client.forwarding.set(to1, { ifGeneration: 6 })).previous.config).toEqual(swap);
  });

  test("later changes of the caller's object are not what was before", async () => {
    const config = { ports: { 0: { mode: 'io', to: 1 } } } as { ports: Record<number, unknown> };
    await client.forwarding.set(config as Forwarding);
    config.ports[0] = { mode: 'drop' };
    expect((await client.forwarding.set(swap)).previous.config).toEqual(to1);
  });

  test('without observe it is made all the same; only what was before cannot be told', async () => {
    await using blind = await double.attach({ want: ['configure'] });
    const applied = await blind.forwarding.set(to1);
    expect(applied.generation).toBe(2);
    expect(() => applied.previous).toThrow(coded('WDPDK_E_DENIED'));
  });

  test('100,000 routes go in frames that are not too long, and come back whole', async () => {
    const routes = table(100_000);
    const config: Forwarding = { ports: { 0: { mode: 'l3fwd' } }, routes };
    double.forwarding.page = 9000;
    const applied = await client.forwarding.set(config);
    const sent = methods();
    expect(sent.filter((m) => m === 'forwarding.append')).toHaveLength(13);
    expect(sent.at(-1)).toBe('forwarding.set');
    expect(double.forwarding.config).toEqual({ ports: { '0': { mode: 'l3fwd' } }, routes });
    expect((await client.forwarding.check(config)).changes).toEqual([]);
    expect((await client.forwarding.get()).config.routes).toEqual(routes);
    expect((await client.forwarding.set(swap)).previous).toEqual({ generation: applied.generation, config });
  });

  test('two large sets at once do not mix their routes', async () => {
    double.forwarding.page = 20_000;
    const a = table(9000);
    const b = table(20_000).slice(9000);
    const done = await Promise.all([
      client.forwarding.set({ ports: { 0: { mode: 'l3fwd' } }, routes: a }),
      client.forwarding.set({ ports: { 1: { mode: 'l3fwd' } }, routes: b }),
    ]);
    expect(done.map((applied) => applied.generation).sort()).toEqual([2, 3]);
    const { config } = double.forwarding;
    expect([a.length, b.length]).toContain(config.routes?.length);
    expect(config.routes).toEqual('0' in config.ports ? a : b);
  });

  describe('of a configuration with wrong fields', () => {
    const wrong = {
      ports: { 0: { mode: 'io' }, 99: { mode: 'drop' } },
      routes: [{ to: '10.0.0.0/33', via: 7 }],
    } as never;
    const uses = () => [() => client.forwarding.set(wrong), () => client.forwarding.check(wrong)];
    const error = (use: () => Promise<unknown>) =>
      use().then(
        () => expect.unreachable(),
        (e: unknown) => e as WdpdkError,
      );

    test('names those that the schema finds and those that the dataplane finds', async () => {
      const told = [
        { path: 'routes[0].via', message: 'no port 7' },
        { path: 'ports.99', message: 'no port 99' },
      ];
      double.handlers['forwarding.check'] = () => {
        throw new RemoteError('WDPDK_E_CONFIG', 'refused', { issues: told });
      };
      for (const use of uses()) {
        const { code, object, issues, message } = await error(use);
        expect([code, object]).toEqual(['WDPDK_E_CONFIG', 'forwarding']);
        expect(issues!.slice(0, 2)).toEqual(told);
        expect(issues!.slice(2).map(({ path }) => path)).toEqual(['ports.0.to', 'routes[0].to']);
        expect(message).toMatch(/^forwarding: routes\[0\]\.via no port 7 \(and 3 more\)\./);
      }
      expect(methods()).not.toContain('forwarding.set');
    });

    test('names those of the schema when the dataplane cannot be asked', async () => {
      await client.close();
      for (const use of uses()) {
        const { code, issues, cause } = await error(use);
        expect(code).toBe('WDPDK_E_CONFIG');
        expect(issues!.map(({ path }) => path).sort()).toEqual(['ports.0.to', 'ports.99', 'routes[0].to']);
        expect(cause).toMatchObject({ code: 'WDPDK_E_CLOSED' });
      }
    });

    const self: Record<string, unknown> = {};
    self['ports'] = self;
    test.each([
      ['functions', { ports: { 0: () => 0 } }],
      ['a bigint', { ports: { 0: { mode: 'io', to: 1n } } }],
      ['itself', self],
      ['a deep nest', { ports: { 0: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown } }],
      ['NaN', { ports: { 0: { mode: 'io', to: Number.NaN } } }],
      ['nothing', undefined],
    ])('keeps the connection when it holds %s', async (_, config) => {
      const seen: unknown[] = [];
      double.handlers['forwarding.check'] = (params) => {
        seen.push(params);
        throw new RemoteError('WDPDK_E_CONFIG', 'refused', { issues: [] });
      };
      await expect(client.forwarding.set(config as never)).rejects.toThrow(coded('WDPDK_E_CONFIG'));
      const asked = JSON.stringify(seen, (__, value: unknown) => (Number.isNaN(value) ? 'NaN' : value));
      expect(asked).not.toMatch(/NaN|\[\[\[/);
      expect(await client.ports()).toHaveLength(2);
    });
  });

  test('a route over the frame limit in the largest upload still fits', () => {
    const longest: Route = {
      to: '1111:1111:1111:1111:1111:1111:111.111.111.111/128',
      via: 31,
      nextHopMac: 'aa:bb:cc:dd:ee:ff',
    };
    expect(JSON.stringify(longest).length * 8192).toBeLessThan(P.FRAME_MAX_BYTES);
  });
});

describe('a change to be confirmed', () => {
  const set = () => client.forwarding.set(to1, { confirmWithinMs: 5000 });

  test('stands when it is confirmed, whatever is done to it after', async () => {
    {
      await using applied = await set();
      expect(double.requests.at(-1)!.params).toEqual({ config: to1, ifGeneration: 1, confirmWithinMs: 5000 });
      await applied.confirm();
      await applied.confirm();
    }
    expect(double.forwarding).toMatchObject({ generation: 2, config: to1, waiting: undefined });
  });

  test('is rolled back when its block ends without, by an error or not', async () => {
    {
      await using applied = await set();
      expect(applied.previous.generation).toBe(1);
    }
    expect(double.forwarding).toMatchObject({ generation: 3, config: { ports: {} }, waiting: undefined });
    const failing = async () => {
      await using applied = await set();
      expect(applied.generation).toBe(4);
      throw new Error('no traffic');
    };
    await expect(failing()).rejects.toThrow('no traffic');
    expect(double.forwarding).toMatchObject({ generation: 5, config: { ports: {} } });
    // And is not taken for what is in force.
    expect((await client.forwarding.set(swap)).previous).toEqual({ generation: 5, config: { ports: {} } });
  });

  test('that timed out cannot be confirmed, and its end is no error', async () => {
    const applied: Applied = await set();
    double.forwarding.undo();
    await expect(applied.confirm()).rejects.toThrow(coded('WDPDK_E_NOT_FOUND'));
    await expect(applied.rollback()).rejects.toThrow(coded('WDPDK_E_NOT_FOUND'));
    await applied.close();
    await applied.rollback();
  });

  test('keeps others out, who are told at once', async () => {
    await using applied = await set();
    expect(applied.generation).toBe(2);
    await using other = await double.attach();
    await expect(other.forwarding.set(swap)).rejects.toThrow(coded('WDPDK_E_CONFLICT'));
    await expect(client.forwarding.set(swap)).rejects.toThrow(coded('WDPDK_E_CONFLICT'));
    expect(methods().filter((m) => m === 'forwarding.set')).toHaveLength(3);
  });

  test('whose client was closed or whose dataplane died ends without a further error', async () => {
    const applied = await set();
    await client.close();
    await applied.close();
    await using other = await double.attach();
    double.forwarding.waiting = undefined;
    const second = await other.forwarding.set(swap, { confirmWithinMs: 1000 });
    double.kill();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    await second.close();
  });

  test('is not forgotten when its rollback fails for another reason', async () => {
    const applied = await set();
    const rollback = double.handlers['forwarding.rollback']!;
    double.handlers['forwarding.rollback'] = () => {
      throw new RemoteError('WDPDK_E_NO_MEMORY', 'no memory');
    };
    await expect(applied.close()).rejects.toThrow(coded('WDPDK_E_NO_MEMORY'));
    double.handlers['forwarding.rollback'] = rollback;
    await applied.close();
    expect(double.forwarding.waiting).toBeUndefined();
  });
});

test('whoever writes in between, each set replaces what it says it replaced', async () => {
  type Step = { mine: boolean; waits: boolean; confirmed: boolean };
  const steps = fc.array(fc.record({ mine: fc.boolean(), waits: fc.boolean(), confirmed: fc.boolean() }), {
    maxLength: 12,
  });
  let port = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (list: Step[]) => {
      for (const { mine, waits, confirmed } of list) {
        const before = { generation: double.forwarding.generation, config: double.forwarding.config };
        const next: Forwarding = { ports: { [port++ % 32]: { mode: 'drop' } } };
        if (!mine) double.forwarding.change(next as never);
        else {
          await using applied = await client.forwarding.set(next, waits ? { confirmWithinMs: 1000 } : {});
          expect(applied.previous).toEqual(before);
          expect(double.forwarding.config).toEqual(next);
          if (confirmed) await applied.confirm();
          if (!waits || confirmed) continue;
          await applied.close();
          expect(double.forwarding.config).toEqual(before.config);
        }
      }
    }),
    { numRuns: 50 },
  );
});
