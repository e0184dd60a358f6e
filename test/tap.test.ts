// SPDX-License-Identifier: BSD-3-Clause
// The kernel's own network stack on both sides of a dataplane that routes: two network namespaces, a TAP port in each.
import { launch, type Client, type Dataplane } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { interfaceName, makeHost, whyNoNamespaces, type Host } from './support/netns.ts';
import { waitFor } from './support/wait.ts';

const gateway = ['02:74:61:70:00:00', '02:74:61:70:00:01'] as const;
const hostMac = ['02:00:00:00:0a:01', '02:00:00:00:0a:02'] as const;
const ip4 = ['10.201.1.2', '10.201.2.2'] as const;
const ip6 = ['fd21::2', 'fd22::2'] as const;

interface Bed {
  dataplane: Dataplane;
  client: Client;
  hosts: [Host, Host];
  ifaces: [string, string];
}

/** What the host needs to know: its address, and who is behind the cable (l3fwd answers no ARP). */
async function setUp(host: Host, iface: string, side: 0 | 1, mtu: number): Promise<void> {
  await host.adopt(iface);
  await host.ip('link', 'set', 'dev', iface, 'address', hostMac[side], 'mtu', String(mtu), 'up');
  await host.ip('addr', 'add', `${ip4[side]}/24`, 'dev', iface);
  await host.ip('addr', 'add', `${ip6[side]}/64`, 'dev', iface, 'nodad');
  for (const [next, far] of [
    [ip4[side].replace(/2$/, '1'), `${ip4[1 - side]}/24`.replace('.2/', '.0/')],
    [ip6[side].replace(/2$/, '1'), `${ip6[1 - side]}/64`.replace('::2', '::')],
  ] as const) {
    await host.ip('neigh', 'replace', next, 'lladdr', gateway[side], 'dev', iface);
    await host.ip('route', 'add', far, 'via', next);
  }
}

async function makeBed(queues = 1, lcores = '0'): Promise<Bed> {
  const ifaces: [string, string] = [interfaceName('a'), interfaceName('b')];
  const dataplane = await launch({
    instance: `tap-${process.pid}`,
    lcores,
    idle: 'adaptive',
    ports: ifaces.map((iface) => ({ tap: { iface, queues } })),
    forwarding: {
      ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'l3fwd' } },
      routes: ([0, 1] as const).flatMap((via) => [
        { to: `10.201.${via + 1}.0/24` as const, via, nextHopMac: hostMac[via] },
        { to: `fd2${via + 1}::/64` as const, via, nextHopMac: hostMac[via] },
      ]),
    },
    args: queues > 1 ? ['--rxq', String(queues)] : [],
  });
  onTestFinished(async () => void (await dataplane.close()));
  const hosts: [Host, Host] = [await makeHost(), await makeHost()];
  for (const side of [0, 1] as const) await setUp(hosts[side], ifaces[side], side, 1500);
  const client = await dataplane.attach({ want: ['observe'] });
  await waitFor(async () => (await client.ports()).every(({ linkUp }) => linkUp), { what: 'both links' });
  return { dataplane, client, hosts, ifaces };
}

async function ping(from: Host, to: string, ...options: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await from.run('ping', '-n', '-c', '5', '-i', '0.1', '-W', '5', ...options, to);
  expect(stdout + stderr).toContain('5 packets transmitted, 5 received, 0% packet loss');
  expect(exitCode).toBe(0);
}

async function transfer({ hosts }: Bed, address: string, bytes: number): Promise<void> {
  const sink = hosts[1].start('net-peer', { role: 'tcpSink', address, port: 5001 });
  await sink.next('listening');
  const source = hosts[0].start('net-peer', { role: 'tcpSource', address, port: 5001, bytes });
  const { bytes: count, sha256 } = await source.next('sent', { timeoutMs: 50_000 });
  expect(count).toBe(bytes);
  expect(await sink.next('received')).toMatchObject({ bytes, sha256 });
}

async function echo({ hosts }: Bed, address: string, sizes: number[]): Promise<void> {
  await hosts[1].start('net-peer', { role: 'udpEcho', address, port: 5002 }).next('listening');
  const client = hosts[0].start('net-peer', { role: 'udpClient', address, port: 5002, sizes });
  expect(await client.next('echoed', { timeoutMs: 50_000 })).toMatchObject({ datagrams: sizes.length });
}

/** Of all the kernel sends, only what a router does not pass on is dropped: neighbours and groups of the link. */
function checkDrops(client: Client): void {
  for (const port of client.stats().ports)
    for (const [cause, count] of Object.entries(port.drops))
      if (!['arp', 'bad_destination', 'link_local', 'ttl_exceeded'].includes(cause))
        expect(count, `port ${port.id}: ${cause}`).toBe(0n);
}

describe('a port to the kernel', () => {
  it('carries ping, TCP and UDP between two namespaces, routed both ways', async ({ skip }) => {
    const reason = whyNoNamespaces();
    skip(reason !== undefined, reason);
    const bed = await makeBed();
    for (const side of [0, 1] as const) {
      await ping(bed.hosts[side], ip4[1 - side]!);
      await ping(bed.hosts[side], ip4[1 - side]!, '-s', '1472', '-M', 'do');
      await ping(bed.hosts[side], ip6[1 - side]!, '-s', '1452');
    }
    await transfer(bed, ip4[1], 8 << 20);
    await transfer(bed, ip6[1], 1 << 20);
    await echo(bed, ip4[1], [0, 1, 18, 19, 1000, 1471, 1472, 1473, 9000]);
    await echo(bed, ip6[1], [0, 1, 1452, 4000]);
    checkDrops(bed.client);
    const [a, b] = bed.client.stats().ports;
    expect(a!.rx.bytes).toBeGreaterThan(9n << 20n);
    expect(b!.tx.packets).toBe(a!.forwarded.packets);
  });

  it('with several queues and lcores keeps flows whole', async ({ skip }) => {
    const reason = whyNoNamespaces();
    skip(reason !== undefined, reason);
    const bed = await makeBed(2, '0-1');
    await ping(bed.hosts[0], ip4[1]);
    await transfer(bed, ip4[1], 4 << 20);
    await echo(bed, ip4[1], [100, 1472, 5000]);
    checkDrops(bed.client);
  });

  it('has the link and the name of its interface, which may come and go', async ({ skip }) => {
    const reason = whyNoNamespaces();
    skip(reason !== undefined, reason);
    const { client, hosts, ifaces, dataplane } = await makeBed();
    const linkIs = (up: boolean) =>
      waitFor(async () => (await client.ports())[0]!.linkUp === up, { what: up ? 'a link' : 'no link' });
    await hosts[0].ip('link', 'set', 'dev', ifaces[0], 'down');
    await linkIs(false);
    await hosts[0].ip('link', 'set', 'dev', ifaces[0], 'up');
    await linkIs(true);
    // Somebody else's name.
    await expect(launch({ instance: `tap-${process.pid}-2`, ports: [{ tap: { iface: 'lo' } }] })).rejects.toMatchObject(
      {
        code: 'WDPDK_E_LAUNCH',
        message: expect.stringContaining("there is an interface 'lo' that cannot be used"),
      },
    );
    await hosts[0].ip('link', 'del', 'dev', ifaces[0]);
    await linkIs(false);
    // With the dataplane its interfaces go.
    await dataplane.close();
    expect(await hosts[1].ip('-br', 'link')).not.toContain(ifaces[1]);
  });
});

describe('where there is none', () => {
  it('a port to the kernel is refused, and the way out is named', async () => {
    await expect(launch({ instance: `tap-${process.pid}`, ports: [{ tap: { iface: 'wan' } }] })).rejects.toMatchObject({
      code: 'WDPDK_E_LAUNCH',
      message: expect.stringMatching(/'wan': net_tap needs Linux; .*Wintun is planned.*net_pcap.*net_ring/s),
    });
  });
});
