// SPDX-License-Identifier: BSD-3-Clause
// The control channel as a broken or hostile peer uses it, by hand on the raw connection, and the client library's own misuse.
import { connect, type Socket } from 'node:net';
import { encode } from '@msgpack/msgpack';
import { attach, frame, launch, WdpdkError, type Dataplane, type Packet } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FrameDecoder } from 'shared-memory-ipc';
import path from 'node:path';
import { tempDir } from './support/bed.ts';
import { udpFrame } from './programs/frames.mjs';
import { writePcap } from './support/pcap.ts';
import { waitFor } from './support/wait.ts';

async function started(): Promise<Dataplane> {
  const file = path.join(tempDir(), 'in.pcap');
  writePcap(file, [udpFrame(1, 60)]);
  const dataplane = await launch({
    instance: `misuse-${process.pid}`,
    ports: [{ pcap: { rx: file, loop: true, pps: 1000 } }],
    forwarding: { ports: { 0: { mode: 'drop' } } },
  });
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

interface ControlError {
  code: string;
  message: string;
  object: string;
  remedy: string;
}

/** A connection whose frames the test writes itself (with another encoder than the product's). */
class Raw {
  readonly socket: Socket;
  readonly values: unknown[][] = [];
  closed = false;

  constructor(endpoint: string) {
    this.socket = connect(endpoint);
    const decoder = new FrameDecoder();
    this.socket.on('data', (chunk) => decoder.push(chunk, (value) => this.values.push(value as unknown[])));
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('error', () => {});
    onTestFinished(() => void this.socket.destroy());
  }

  send(value: unknown): void {
    const body = encode(value);
    const header = Buffer.alloc(4);
    header.writeUInt32LE(body.length);
    this.socket.write(Buffer.concat([header, body]));
  }

  async hello(extra: object = {}): Promise<unknown[]> {
    this.send([0, 1, 'hello', { major: 1, minor: 0, version: 'test', want: ['observe'], ...extra }]);
    return this.answer(1);
  }

  answer(id: number): Promise<unknown[]> {
    return waitFor(() => this.values.find((value) => value[0] === 1 && value[1] === id), {
      what: `the answer to ${id}`,
    });
  }

  /** The connection ends after telling why. */
  async refused(): Promise<ControlError> {
    await waitFor(() => this.closed, { what: 'the connection to be closed' });
    const told = this.values.find((value) => value[0] === 2 && value[1] === 'error');
    expect(told, 'the reason was told').toBeDefined();
    return told![2] as ControlError;
  }
}

/** An honest client is served as before. */
async function serves(dataplane: Dataplane): Promise<void> {
  const client = await dataplane.attach();
  expect((await client.ports()).length).toBe(1);
  await client.close();
}

describe('the control channel', () => {
  it('another major version: both are named, and which side to update', async () => {
    const dataplane = await started();
    const [, , error] = await new Raw(dataplane.endpoint).hello({ major: 9 });
    expect((error as ControlError).code).toBe('WDPDK_E_VERSION');
    expect((error as ControlError).message).toMatch(/9[\s\S]*1|1[\s\S]*9/);
    expect((error as ControlError).remedy).toMatch(/update/i);
    await serves(dataplane);
  });

  it('an unknown method is named', async () => {
    const dataplane = await started();
    const raw = new Raw(dataplane.endpoint);
    await raw.hello();
    raw.send([0, 2, 'frobnicate', {}]);
    const [, , error] = await raw.answer(2);
    expect((error as ControlError).code).toBe('WDPDK_E_METHOD');
    expect((error as ControlError).message).toContain('frobnicate');
    raw.send([0, 3, 'ports', {}]);
    expect((await raw.answer(3))[2], 'the connection goes on').toBeNull();
  });

  it('a capability that was not asked for is denied', async () => {
    const dataplane = await started();
    const raw = new Raw(dataplane.endpoint);
    await raw.hello();
    raw.send([0, 2, 'forwarding.set', { config: { ports: {} } }]);
    expect(((await raw.answer(2))[2] as ControlError).code).toBe('WDPDK_E_DENIED');
  });

  it.each([
    ['a frame over the limit', (raw: Raw) => raw.socket.write(Buffer.from([1, 0, 16, 0, 0x93]))],
    ['a frame of no bytes', (raw: Raw) => raw.socket.write(Buffer.alloc(4))],
    ['no MessagePack', (raw: Raw) => raw.socket.write(Buffer.from([4, 0, 0, 0, 0xc1, 0xc1, 0xc1, 0xc1]))],
    ['an extension type', (raw: Raw) => raw.socket.write(Buffer.from([3, 0, 0, 0, 0xd4, 0, 0]))],
    ['bytes after the value', (raw: Raw) => raw.socket.write(Buffer.from([2, 0, 0, 0, 0x90, 0x90]))],
    [
      'an array longer than its frame',
      (raw: Raw) => raw.socket.write(Buffer.from([5, 0, 0, 0, 0xdd, 255, 255, 255, 255])),
    ],
    [
      'nesting without end',
      (raw: Raw) => raw.socket.write(Buffer.concat([Buffer.from([64, 0, 0, 0]), Buffer.alloc(64, 0x91)])),
    ],
    ['something else than a call', (raw: Raw) => raw.send({ hello: 1 })],
  ])('%s ends the connection, with the reason, and nothing else', async (_what, attack) => {
    const dataplane = await started();
    const raw = new Raw(dataplane.endpoint);
    attack(raw);
    const error = await raw.refused();
    expect(error.code).toBe('WDPDK_E_PROTOCOL');
    expect(error.message.length).toBeGreaterThan(10);
    await serves(dataplane);
  });

  it('a call before hello is answered with why, and the connection ends', async () => {
    const dataplane = await started();
    const raw = new Raw(dataplane.endpoint);
    raw.send([0, 1, 'ports', {}]);
    expect(((await raw.answer(1))[2] as ControlError).code).toBe('WDPDK_E_PROTOCOL');
    await waitFor(() => raw.closed, { what: 'the connection to be closed' });
    await serves(dataplane);
  });

  it('an instance that is not there: the name and what to do', async () => {
    const { attach } = await import('wdpdk');
    const error = await attach({ instance: 'nobody-here' }).catch((caught: unknown) => caught);
    expect(WdpdkError.is(error, 'WDPDK_E_NOT_FOUND'), String(error)).toBe(true);
    expect((error as WdpdkError).message).toContain('nobody-here');
    expect((error as WdpdkError).remedy.length).toBeGreaterThan(5);
  });
});

describe('the client', () => {
  it('a port out of range', async () => {
    const dataplane = await started();
    const client = await dataplane.attach();
    const error = await client.openRx({ port: 31 }).catch((caught: unknown) => caught);
    expect(WdpdkError.is(error, 'WDPDK_E_NOT_FOUND'), String(error)).toBe(true);
    expect((error as WdpdkError).message).toContain('31');
    await client.close();
  });

  it('a queue whose opening was given up does not stay open', async () => {
    const dataplane = await started();
    const client = await dataplane.attach({ want: ['observe', 'receive', 'redirect'] });
    await (await client.openRx({ port: 0 })).close();
    const stop = new AbortController();
    const opening = client.openRx({ port: 0, action: 'redirect', signal: stop.signal });
    // The doorbell is open, so some turns of microtasks send the request, and no answer can come during them.
    for (let i = 0; i < 50; i++) await Promise.resolve();
    stop.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    const queue = await client.openRx({ port: 0 });
    await queue.close();
    const open = async () => (await client.report()).clients.flatMap((c) => c.queues).filter((q) => q.open);
    await waitFor(async () => (await open()).length === 0, { what: 'the end of every queue' });
    const dropped = client.stats().ports[0]!.drops['mode_drop']!;
    await waitFor(() => client.stats().ports[0]!.drops['mode_drop']! > dropped, {
      what: 'frames that are forwarded again',
    });
    await client.close();
  });

  it('a packet after its burst, a queue after close', async () => {
    const dataplane = await started();
    const client = await dataplane.attach();
    const queue = await client.openRx({ port: 0 });
    let kept: Packet | undefined;
    await waitFor(() => queue.poll((burst) => void (kept = burst.at(0))) > 0, { what: 'a frame' });
    const code = (use: () => unknown): string | undefined => {
      try {
        use();
        return undefined;
      } catch (error) {
        return WdpdkError.is(error) ? error.code : String(error);
      }
    };
    for (const use of [
      () => kept!.length,
      () => kept!.eth.type,
      () => kept!.copy(),
      () => kept!.ipv4?.src,
      () => kept!.u8(0),
    ]) {
      expect(code(use)).toBe('WDPDK_E_PACKET_EXPIRED');
    }
    await queue.close();
    expect(code(() => queue.poll(() => {}))).toBe('WDPDK_E_CLOSED');
    await client.close();
    await expect(client.ports()).rejects.toSatisfy((error) => WdpdkError.is(error, 'WDPDK_E_CLOSED'));
  });

  it('a stale generation conflicts, a wrong configuration names every field, and neither changes anything', async () => {
    const dataplane = await started();
    const client = await dataplane.attach({ want: ['observe', 'configure'] });
    const before = await client.forwarding.get();
    const applied = await client.forwarding.set({
      ports: { 0: { mode: 'drop' } },
      routes: [{ to: '10.0.0.0/8', via: 0 }],
    });
    expect(applied.generation).toBe(before.generation + 1);
    const stale = await client.forwarding
      .set(before.config, { ifGeneration: before.generation })
      .catch((e: unknown) => e);
    expect(WdpdkError.is(stale, 'WDPDK_E_CONFLICT'), String(stale)).toBe(true);
    const wrong = await client.forwarding
      .set({ ports: { 0: { mode: 'io', to: 9 }, 7: { mode: 'drop' } }, routes: [{ to: '10.0.0.0/40', via: 0 }] })
      .catch((e: unknown) => e);
    expect(WdpdkError.is(wrong, 'WDPDK_E_CONFIG'), String(wrong)).toBe(true);
    const paths = (wrong as WdpdkError).issues!.map((issue) => issue.path).join(' ');
    for (const part of ['ports.0', 'ports.7', 'routes[0]']) expect(paths).toContain(part);
    expect(await client.forwarding.get()).toEqual({
      generation: applied.generation,
      config: {
        ports: { 0: { mode: 'drop' } },
        routes: [{ to: '10.0.0.0/8', via: 0, nextHopMac: '02:00:00:00:00:00' }],
      },
    });
    await client.close();
  });
});

describe('options', () => {
  it('that nobody knows are refused, with the nearest one', async () => {
    const misspelt = { instanse: 'x' } as object;
    await expect(launch(misspelt)).rejects.toMatchObject({
      code: 'WDPDK_E_ARGUMENT',
      object: 'launch.instanse',
      remedy: expect.stringContaining("Did you mean 'instance'?"),
    });
    await expect(attach({ wants: ['observe'] } as object)).rejects.toMatchObject({
      code: 'WDPDK_E_ARGUMENT',
      remedy: expect.stringContaining("'want'"),
    });
    expect(() => frame({ ipv4: { tttl: 9 } } as object)).toThrow(/ipv4: there is no 'tttl'\. Did you mean 'ttl'/);
    expect(() => frame({ upd: {} } as object)).toThrow(/Did you mean 'udp'/);
    expect(() => frame({ vlan: [7, { prio: 1 }] } as object)).toThrow(/vlan: there is no 'prio'/);
  });

  it('that are no times are refused everywhere', async () => {
    const dataplane = await started();
    const client = await dataplane.attach({ want: ['observe', 'receive', 'transmit', 'configure'] });
    const tx = await client.openTx({ port: 0 });
    for (const timeoutMs of [NaN, -1, Infinity]) {
      const refused = { code: 'WDPDK_E_ARGUMENT', message: expect.stringContaining('timeoutMs') };
      await expect(launch({ instance: 'never', timeoutMs })).rejects.toMatchObject(refused);
      await expect(attach({ instance: dataplane.instance, timeoutMs })).rejects.toMatchObject(refused);
      await expect(client.openRx({ port: 0, timeoutMs })).rejects.toMatchObject(refused);
      await expect(client.forwarding.get({ timeoutMs })).rejects.toMatchObject(refused);
      await expect(tx.flush({ timeoutMs })).rejects.toMatchObject(refused);
      await expect(dataplane.close({ timeoutMs })).rejects.toMatchObject(refused);
    }
    await client.close();
  });

  it('of an instance that does not run name those that do', async () => {
    const dataplane = await started();
    const missing = async (): Promise<string> => {
      const error = await attach({ instance: 'nobody-at-all' }).catch((reason: unknown) => reason);
      expect(WdpdkError.is(error, 'WDPDK_E_NOT_FOUND'), String(error)).toBe(true);
      return String(error);
    };
    // One that does not answer in time is left out.
    await expect.poll(missing, { timeout: 30_000 }).toContain(dataplane.instance);
    await dataplane.close();
    expect(await missing()).not.toContain(dataplane.instance);
  });
});
