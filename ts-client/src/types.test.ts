// SPDX-License-Identifier: BSD-3-Clause
//
// Programs users want to write. They only have to compile.
import { expect, expectTypeOf, test } from 'vitest';
import {
  type Burst,
  type DataplaneEvent,
  type Ip4,
  type Packet,
  type PortMode,
  type RxQueue,
  type RxTxQueue,
  type Template,
  WdpdkError,
  attach,
  frame,
  ip4,
  launch,
  parse,
  template,
} from './index.ts';

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

export async function answer(signal: AbortSignal, mac: string, ip: Ip4) {
  await using c = await attach({ want: ['receive', 'redirect', 'transmit'] });
  const match = { any: [{ proto: 'icmp' }, { proto: 'udp', dstPort: [7, 9] }, { not: { src: '0.0.0.0/0' } }] } as const;
  await using q = await c.openRxTx({ port: 0, match, action: 'redirect', priority: 5, checksums: true });
  for await (const burst of q.bursts({ signal, max: 64, yieldMs: 1 }))
    for (const p of burst) {
      if (p.checksums.l4 === 'bad' || p.packetType.l3 === 'ipv6') continue;
      const done = p.arp?.targetIp === ip ? p.arp.reply(mac) : p.icmp?.reply();
      if (done && !q.send(p)) console.log('full');
    }
}

export async function generate(signal: AbortSignal, bytes: Uint8Array) {
  await using dp = await launch({
    ports: [{ pcap: { rx: 'in.pcap', loop: true } }, { null: true }, { devargs: 'net_null7,size=128' }],
    forwarding: {
      ports: {
        0: { mode: 'pktgen', flows: 64, size: 'imix', rate: { pps: 100_000 } },
        1: { mode: 'sink' },
        2: { mode: 'l3fwd' },
      },
      routes: [{ to: '0.0.0.0/0', via: 1 }],
    },
  });
  await using c = await dp.attach({ want: ['transmit'] });
  await using tx = await c.openTx({ port: 0 });
  // @ts-expect-error a tx-only queue has no bursts
  void tx.bursts;
  const t = template({ ipv4: { dst: '10.0.0.2' }, udp: { dstPort: 9 }, payload: 'counting up' });
  for (let n = 0; !signal.aborted;) {
    await tx.writable(32, { signal });
    using batch = tx.reserve(32);
    for (const s of batch) s.from(t).setU32(t.offsets.payload, n++);
    batch.commit();
  }
  using last = tx.reserve(1);
  for (const s of last) s.write(bytes).setU16(0, 1).setU8(2, 3);
  // @ts-expect-error a template is made by template()
  for (const s of last) s.from({ length: 60, offsets: t.offsets });
}

export async function reconfigure(): Promise<void> {
  await using c = await attach({ want: ['configure', 'observe'] });
  const current = await c.forwarding.get();
  const next = { ...current.config, routes: [{ to: '10.1.0.0/16', via: 1 }] } as const;
  try {
    for (const { path, from, to } of (await c.forwarding.check(next)).changes) console.log(path, from, to);
    await using applied = await c.forwarding.set(next, { ifGeneration: current.generation, confirmWithinMs: 5000 });
    const before = c.stats();
    if (before.ports[1]!.tx.packets > 0n && c.stats().since(before).ports[1]!.tx.packetsPerSecond > 0)
      await applied.confirm();
    else console.log(applied.previous.config.ports[0]?.mode);
  } catch (e) {
    if (WdpdkError.is(e, 'WDPDK_E_CONFLICT')) return reconfigure();
    if (WdpdkError.is(e, 'WDPDK_E_CONFIG')) for (const i of e.issues ?? []) console.error(i.path, i.message);
    throw e;
  }
}

export async function share(signal: AbortSignal) {
  await using c = await attach({ name: `ids-${process.pid}` });
  await using q = await c.openRx({ port: 'any', at: 'tx', fanout: { group: 'ids', by: 'flow-symmetric' } });
  let n = 0;
  await q.run(
    (b) => {
      n += b.length;
    },
    { signal },
  );
  // @ts-expect-error there is no such way to share
  void c.openRx({ port: 0, fanout: { group: 'ids', by: 'round-robin' } });
}

export async function watch() {
  await using c = await attach();
  for await (const event of c.events()) {
    if (event.type === 'link' && !event.up) console.log(event.port, event.speedMbps);
    else if (event.type === 'stalled') console.log(event.name, event.stalled);
  }
}

test('types say what values are', () => {
  expectTypeOf<RxTxQueue>().toExtend<RxQueue>();
  expectTypeOf(ip4('10.0.0.1')).toEqualTypeOf<Ip4>();
  expectTypeOf<number>().not.toExtend<Ip4>();
  expect(ip4('10.0.0.1')).toBe(0x0a000001);
  expectTypeOf(parse(frame({}))).toEqualTypeOf<Packet>();
  expectTypeOf(template({})).toEqualTypeOf<Template>();
  expectTypeOf<Extract<DataplaneEvent, { type: 'config' }>['rolledBack']>().toEqualTypeOf<boolean>();
  expectTypeOf<{ mode: 'io' }>().not.toExtend<PortMode>();
  expectTypeOf<{ mode: 'pktgen'; rate: { pps: number } }>().toExtend<PortMode>();
});
