// SPDX-License-Identifier: BSD-3-Clause
//
// Programs users want to write. They only have to compile.
import { expect, expectTypeOf, test } from 'vitest';
import { type Burst, type Ip4, type RxQueue, type RxTxQueue, WdpdkError, attach, ip4, launch } from './index.ts';

export async function sniff(signal: AbortSignal) {
  await using client = await attach({ name: 'ids' });
  await using q = await client.openRx({ port: 0, match: { proto: 'udp', dstPort: 53 }, snaplen: 256 });
  for await (const burst of q.bursts({ signal }))
    for (const p of burst) if (p.udp?.dstPort === 53) console.log(p.timestampNs, p.ipv4?.srcText, p.length);
  q.poll((b) => b.length);
  q.poll((b) => {
    b.at(0);
  });
  // @ts-expect-error async handlers would outlive the burst
  q.poll(async (b: Burst) => {
    await Promise.resolve();
    return b.length;
  });
  // @ts-expect-error the same in the loop
  void q.run(async () => 0, { signal });
  // @ts-expect-error a receiving queue cannot send
  void q.send;
}

export async function echo(signal: AbortSignal) {
  await using c = await attach({ want: ['receive', 'redirect', 'transmit'] });
  await using q = await c.openRxTx({ port: 0, match: { proto: 'udp', dstPort: 7 }, action: 'redirect' });
  await q.run(
    (b) => {
      for (const p of b) {
        p.eth.swap();
        p.ipv4!.swap();
        p.udp!.swap();
        q.send(p);
      }
    },
    { signal },
  );
}

export async function generate(signal: AbortSignal, frame: Uint8Array) {
  await using dp = await launch({
    ports: [{ pcap: { rx: 'in.pcap', loop: true } }, { null: true }, { devargs: 'net_null7,size=128' }],
    forwarding: { ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'drop' } }, routes: [{ to: '0.0.0.0/0', via: 1 }] },
  });
  await using c = await dp.attach({ want: ['transmit'] });
  await using tx = await c.openTx({ port: 0 });
  // @ts-expect-error a tx-only queue has no bursts
  void tx.bursts;
  for (let n = 0; !signal.aborted;) {
    await tx.writable(32, { signal });
    using batch = tx.reserve(32);
    for (const s of batch) s.write(frame).setU32(42, n++);
    batch.commit();
  }
}

export async function reconfigure(): Promise<void> {
  await using c = await attach({ want: ['configure', 'observe'] });
  const current = await c.forwarding.get();
  try {
    await c.forwarding.set(
      { ...current.config, routes: [{ to: '10.1.0.0/16', via: 1 }] },
      { ifGeneration: current.generation },
    );
    if (c.stats().ports[1]!.tx.packets > 0n) console.log('flowing');
  } catch (e) {
    if (WdpdkError.is(e, 'WDPDK_E_CONFLICT')) return reconfigure();
    if (WdpdkError.is(e, 'WDPDK_E_CONFIG')) for (const i of e.issues ?? []) console.error(i.path, i.message);
    throw e;
  }
}

test('types say what values are', () => {
  expectTypeOf<RxTxQueue>().toExtend<RxQueue>();
  expectTypeOf(ip4('10.0.0.1')).toEqualTypeOf<Ip4>();
  expectTypeOf<number>().not.toExtend<Ip4>();
  expect(ip4('10.0.0.1')).toBe(0x0a000001);
});
