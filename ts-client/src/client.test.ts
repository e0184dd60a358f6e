// SPDX-License-Identifier: BSD-3-Clause
import { chmodSync, readFileSync } from 'node:fs';
import { protocol as P, WdpdkError, encodeFrame, mappedSegments } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Double, RemoteError } from '../test/double.ts';
import { LCORE_STRIDE } from '../test/layout.ts';
import { attach } from './attach.ts';
import { VERSION } from './version.ts';

let double: Double;
beforeEach(async () => {
  double = await Double.start();
});
afterEach(() => double.stop());

const coded = (code: string) => expect.objectContaining({ code });

describe('attach', () => {
  test('finds an instance by name, says who it is, and gets what was granted', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', double.env['XDG_RUNTIME_DIR']);
    vi.stubEnv('LOCALAPPDATA', double.env['LOCALAPPDATA']);
    double.handlers['hello'] = vi.fn(double.handlers['hello']!);
    await using client = await attach({ instance: 'double', name: 'ids', want: ['observe'] });
    expect([...client.granted]).toEqual(['observe']);
    expect(double.handlers['hello']).toHaveBeenCalledWith({
      major: P.VERSION_MAJOR,
      minor: P.VERSION_MINOR,
      version: VERSION,
      name: 'ids',
      want: ['observe'],
      pid: process.pid,
    });
    vi.unstubAllEnvs();
  });

  test('names instance and remedy when nothing runs', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', double.env['XDG_RUNTIME_DIR']);
    vi.stubEnv('LOCALAPPDATA', double.env['LOCALAPPDATA']);
    const error = await attach({ instance: 'absent' }).catch((e: unknown) => e);
    expect(WdpdkError.is(error, 'WDPDK_E_NOT_FOUND')).toBe(true);
    expect((error as WdpdkError).object).toBe('absent');
    expect((error as WdpdkError).remedy).not.toBe('');
    await expect(attach({ instance: '../evil' })).rejects.toThrow(coded('WDPDK_E_ARGUMENT'));
    vi.unstubAllEnvs();
  });

  test('refuses a run directory that others can write to', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', double.env['XDG_RUNTIME_DIR']);
    chmodSync(`${double.env['XDG_RUNTIME_DIR']}/wdpdk`, 0o777);
    await expect(attach({ instance: 'double' })).rejects.toThrow(coded('WDPDK_E_DENIED'));
    vi.unstubAllEnvs();
  });

  test('passes a version mismatch on, and sees one itself', async () => {
    const good = double.handlers['hello']!;
    double.handlers['hello'] = () => {
      throw new RemoteError('WDPDK_E_VERSION', 'client 9.0, dataplane 1.0');
    };
    await expect(double.attach()).rejects.toThrow(/client 9\.0, dataplane 1\.0/);
    double.handlers['hello'] = (params) => ({ ...(good(params) as object), major: 9 });
    await expect(double.attach()).rejects.toThrow(coded('WDPDK_E_VERSION'));
  });

  test('gives up in time, and at once on abort', async () => {
    double.handlers['hello'] = () => new Promise(() => undefined);
    await expect(double.attach({ timeoutMs: 20 })).rejects.toThrow(coded('WDPDK_E_TIMEOUT'));
    const reason = new Error('no longer');
    await expect(attach({ instance: 'x', signal: AbortSignal.abort(reason) })).rejects.toBeDefined();
  });

  test('refuses Electron', async () => {
    Object.defineProperty(process.versions, 'electron', { value: '30.0.0', configurable: true });
    await expect(attach()).rejects.toThrow(coded('WDPDK_E_PLATFORM'));
    delete (process.versions as Record<string, unknown>)['electron'];
  });

  test('a hundred times leaves nothing mapped', async () => {
    const before = mappedSegments();
    for (let i = 0; i < 100; i++) {
      const client = await double.attach();
      const queue = await client.openRxTx({ port: 0 });
      await client.close();
      expect(() => queue.poll(() => 0)).toThrow(coded('WDPDK_E_CLOSED'));
    }
    expect(double.queues.size).toBe(100);
    double.release();
    expect(mappedSegments()).toBe(before);
  }, 30_000);
});

describe('a client', () => {
  test('lists ports', async () => {
    await using client = await double.attach();
    expect(await client.ports()).toEqual([
      {
        id: 0,
        name: 'net_null0',
        driver: 'net_null',
        mac: '02:00:00:00:00:00',
        mtu: 1500,
        linkUp: true,
        speedMbps: 10000,
      },
      {
        id: 1,
        name: 'net_null1',
        driver: 'net_null',
        mac: '02:00:00:00:00:01',
        mtu: 1500,
        linkUp: true,
        speedMbps: 10000,
      },
    ]);
  });

  test('the report is of numbers, however many bytes there were', async () => {
    double.handlers['stats'] = () => ({
      ports: [{ id: 0, rx: { packets: 3, bytes: 2n ** 40n } }],
      lcores: [],
      clients: [],
    });
    await using client = await double.attach({ want: ['observe'] });
    const report = await client.report();
    expect(report.ports[0]!.rx).toEqual({ packets: 3, bytes: 2 ** 40 });
    expect(JSON.stringify(report)).toContain('"bytes":1099511627776');
  });

  test('sums the counters of all lcores, exactly, and only from balanced blocks', async () => {
    await using client = await double.attach();
    const word = (lcore: number, at: number) => lcore * LCORE_STRIDE + at;
    const port = (id: number, n: number) => P.LCORE_BLOCK_PORTS + id * P.LCORE_BLOCK_PORT_STRIDE + n * 8;
    const put = (at: number, value: bigint) => double.counters.setBigUint64(at, value, true);
    put(word(0, port(1, P.PORT_COUNTER_RX_PACKETS)), 2n ** 60n);
    put(word(1, port(1, P.PORT_COUNTER_RX_PACKETS)), 3n);
    put(word(1, port(1, P.PORT_COUNTER_COUNT + P.DROP_NO_ROUTE)), 7n);
    put(word(1, port(1, P.PORT_COUNTER_COUNT + P.DROP_COUNT + P.MIRROR_DROP_NO_SLOT)), 9n);
    put(word(1, P.LCORE_COUNTER_LCORE_ID * 8), 5n);
    const stats = client.stats();
    expect(stats.ports[1]!.rx.packets).toBe(2n ** 60n + 3n);
    expect(stats.ports[1]!.drops['no_route']).toBe(7n);
    expect(stats.ports[1]!.mirror.drops['no_slot']).toBe(9n);
    expect(stats.ports[0]!.rx.packets).toBe(0n);
    expect(stats.lcores.map((l) => l.id)).toEqual([0, 5]);
    const json = JSON.parse(JSON.stringify(stats)) as {
      ports: { rx: { packets: unknown }; drops: { no_route: unknown } }[];
    };
    expect(json.ports[1]!.rx.packets).toBe(String(2n ** 60n + 3n));
    expect(json.ports[1]!.drops.no_route).toBe(7);
    // A writer stopped in the middle: the last balanced set is shown.
    put(word(1, P.LCORE_COUNTER_SEQUENCE * 8), 1n);
    put(word(1, port(1, P.PORT_COUNTER_COUNT + P.DROP_NO_ROUTE)), 1000n);
    expect(client.stats().ports[1]!.drops['no_route']).toBe(7n);
    put(word(1, P.LCORE_COUNTER_SEQUENCE * 8), 2n);
    expect(client.stats().ports[1]!.drops['no_route']).toBe(1000n);
  });

  test('reconfigures against a generation', async () => {
    await using client = await double.attach();
    const before = await client.forwarding.get();
    const config = { ports: { 0: { mode: 'io', to: 1 } as const } };
    const { generation } = await client.forwarding.set(config, { ifGeneration: before.generation });
    expect(await client.forwarding.get()).toEqual({ generation, config: { ports: { '0': { mode: 'io', to: 1 } } } });
    await expect(client.forwarding.set(config, { ifGeneration: before.generation })).rejects.toThrow(
      coded('WDPDK_E_CONFLICT'),
    );
  });

  test("passes the dataplane's refusals on with every issue", async () => {
    await using client = await double.attach();
    const issues = [{ path: 'routes[0].via', message: 'no port 9' }];
    double.handlers['forwarding.set'] = () => {
      throw new RemoteError('WDPDK_E_CONFIG', 'refused', { issues, object: 'forwarding', remedy: 'correct it' });
    };
    const error = await client.forwarding.set({ ports: {} }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'WDPDK_E_CONFIG', object: 'forwarding', remedy: 'correct it', issues });
    expect((error as Error).message).toBe('refused. correct it');
  });

  test('tells events until it is closed', async () => {
    const client = await double.attach();
    const events = client.events();
    const notices: [string, Record<string, unknown>, object | undefined][] = [
      ['config', { generation: 4, by: 'other' }, { type: 'config', generation: 4, by: 'other', rolledBack: false }],
      ['unknown', {}, undefined],
      [
        'config',
        { generation: 5, by: '', rolledBack: true },
        { type: 'config', generation: 5, by: '', rolledBack: true },
      ],
      ['link', { port: 1, up: false, speedMbps: 0 }, { type: 'link', port: 1, up: false, speedMbps: 0 }],
      [
        'client.joined',
        { client: 2, name: 'ids', pid: 77 },
        { type: 'client-joined', client: 2, name: 'ids', pid: 77 },
      ],
      ['client.left', { client: 2, name: 'ids' }, { type: 'client-left', client: 2, name: 'ids' }],
      [
        'stalled',
        { client: 2, name: 'ids', queue: 9, stalled: true },
        { type: 'stalled', client: 2, name: 'ids', queue: 9, stalled: true },
      ],
      ['queue.closed', { queue: 3, reason: 'bad_index' }, { type: 'queue-closed', queue: 3, reason: 'bad_index' }],
      ['goodbye', { reason: 'signal' }, { type: 'goodbye', reason: 'signal' }],
    ];
    for (const [method, params] of notices) double.notify(method, params);
    for (const [, , event] of notices) if (event) expect((await events.next()).value).toEqual(event);
    const last = events.next();
    await client.close();
    expect((await last).done).toBe(true);
  });

  test.each([
    ['link', { port: 'one', up: true, speedMbps: 1 }],
    ['link', { port: 1, up: 1, speedMbps: 1 }],
    ['config', { by: 'other' }],
    ['stalled', { client: -1, name: '', queue: 1, stalled: true }],
    ['client.joined', { client: 2 ** 60, name: '', pid: 1 }],
  ])('a notification %s that is none ends the session', async (method, params) => {
    const client = await double.attach();
    const event = client.events().next();
    double.notify(method, params);
    await expect(event).rejects.toThrow(coded('WDPDK_E_PROTOCOL'));
    await client.close();
  });

  test('a notice that a queue was ended ends it', async () => {
    await using client = await double.attach();
    const queue = await client.openRx({ port: 0 });
    const running = queue.run(() => 0);
    double.notify('queue.closed', { queue: queue.id, reason: 'bad_index' });
    await expect(running).rejects.toThrow(/bad_index/);
  });

  test('requests stop at their time limit and on abort, and late answers are ignored', async () => {
    await using client = await double.attach();
    let answer!: (value: unknown) => void;
    double.handlers['ports'] = () => new Promise((resolve) => (answer = resolve));
    await expect(client.ports({ timeoutMs: 20 })).rejects.toThrow(coded('WDPDK_E_TIMEOUT'));
    answer({ ports: [] });
    const stop = new AbortController();
    const asking = client.ports({ signal: stop.signal });
    const reason = new Error('changed my mind');
    stop.abort(reason);
    await expect(asking).rejects.toBe(reason);
    double.handlers['ports'] = () => ({ ports: [] });
    expect(await client.ports()).toEqual([]);
  });

  const garbage: [string, Uint8Array][] = [
    ['a frame over the limit', Uint8Array.of(0, 0, 0x20, 0)],
    ['no MessagePack', Uint8Array.of(1, 0, 0, 0, 0xc1)],
    ['a number', encodeFrame(5)],
    ['a request', encodeFrame([0, 1, 'hello', {}])],
    ['a response of five', encodeFrame([1, 1, null, {}, 0])],
    ['a notification with a list', encodeFrame([2, 'config', []])],
  ];
  test.each(garbage)('%s ends the session with WDPDK_E_PROTOCOL', async (_, bytes) => {
    const client = await double.attach();
    const queue = await client.openRx({ port: 0 });
    const running = queue.run(() => 0);
    double.write(bytes);
    await expect(running).rejects.toThrow(coded('WDPDK_E_PROTOCOL'));
    await expect(client.ports()).rejects.toThrow(coded('WDPDK_E_PROTOCOL'));
    await client.close();
  });

  test('answers of a wrong shape are refused', async () => {
    await using client = await double.attach();
    for (const segment of [
      null,
      {},
      { size: 1, generation: 1n, file: 'x' },
      { size: 2 ** 31, generation: 1n, file: 'x' },
      { size: 8192, generation: 1n },
    ]) {
      double.handlers['queue.open'] = () => ({ queue: 9, segment, port: 0, mtu: 1500 });
      await expect(client.openRx({ port: 0 })).rejects.toThrow(coded('WDPDK_E_PROTOCOL'));
    }
  });
});

test('the version is that of package.json', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  expect(VERSION).toBe((JSON.parse(text) as { version: string }).version);
});
