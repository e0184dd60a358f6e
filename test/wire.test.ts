// SPDX-License-Identifier: BSD-3-Clause
// Wires between ports of one dataplane: what goes in at one end comes out at the other, every frame once and in order.
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launch, type PortSpec } from 'wdpdk';
import { dataplanePath, tempDir } from './support/bed.ts';
import { mixedPcap, readPcap } from './support/captures.ts';
import { checkBalance, type Summary } from './support/summary.ts';
import { waitForCount } from './support/wait.ts';

const input = readPcap(mixedPcap);
const bytes = input.reduce((sum, { data }) => sum + data.length, 0);
const bare = ['--no-huge', '-m', '256', '--no-pci'];
const own = ['--stop-at-end', '--no-control', '--idle', 'adaptive', '--json'];

/** pcap -> wire -> wire -> pcap by the bare executable, which ends by itself. */
async function through(ends: string, mode: string, lcores: string): Promise<{ summary: Summary; out: Buffer[] }> {
  const out = path.join(tempDir(), 'out.pcap');
  const devices = [
    `net_pcap0,rx_pcap=${mixedPcap}`,
    `net_ring1,wire=first${ends}`,
    `net_ring2,wire=first`,
    `net_ring3,wire=second${ends}`,
    `net_ring4,wire=second`,
    `net_pcap5,tx_pcap=${out}`,
  ];
  const vdevs = devices.flatMap((device) => ['--vdev', device]);
  const { stdout } = await execa(dataplanePath, ['-l', lcores, ...bare, ...vdevs, '--', '--forward', mode, ...own]);
  const summary = JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary;
  return { summary, out: readPcap(out).map(({ data }) => Buffer.from(data)) };
}

const swapped = (frame: Uint8Array): Buffer =>
  Buffer.concat([frame.subarray(6, 12), frame.subarray(0, 6), frame.subarray(12)]);

describe('wires', () => {
  it.each([
    ['0', 'of one lcore', '', input.map(({ data }) => Buffer.from(data)), 'io'],
    // Three forwarding ports: an odd number of swaps.
    ['0', 'with rings smaller than a burst of frames', ',size=64', input.map(({ data }) => swapped(data)), 'macswap'],
    ['0-1', 'of two lcores', '', input.map(({ data }) => Buffer.from(data)), 'io'],
  ])('by lcores %s: a capture crosses two wires %s whole and in order', async (lcores, _, ends, expected, mode) => {
    const { summary, out } = await through(ends, mode, lcores);
    const sent = summary.ports[5]!.tx.packets;
    // What a full wire does not take is dropped by its sender and counted there: the rest keeps its order.
    const full = summary.ports.reduce((sum, port) => sum + (port.dropped['tx_full'] ?? 0), 0);
    expect(sent + full).toBe(input.length);
    expect(out.length).toBe(sent);
    if (full === 0) expect(out.every((frame, i) => frame.equals(expected[i]!))).toBe(true);
    else {
      let at = 0;
      for (const frame of out) {
        while (at < expected.length && !frame.equals(expected[at]!)) at++;
        expect(at++, 'a frame out of order').toBeLessThan(expected.length);
      }
    }
    for (const [from, to] of [
      [1, 2],
      [3, 4],
    ] as const) {
      expect(summary.ports[to]!.rx.packets, `wire from port ${from}`).toBe(summary.ports[from]!.tx.packets);
      expect(summary.ports[to]!.rx.bytes).toBe(summary.ports[from]!.tx.bytes);
    }
    checkBalance(summary);
  });

  it('are ports in TypeScript, with a link that needs both ends', async () => {
    const out = path.join(tempDir(), 'out.pcap');
    const ports: PortSpec[] = [
      { pcap: { rx: mixedPcap } },
      { wire: 'w', mac: '02:00:00:00:00:01' },
      { wire: 'w' },
      { pcap: { tx: out } },
      { wire: 'loose' },
      { null: { rx: false } },
    ];
    const dataplane = await launch({ instance: `wire-${process.pid}`, hold: true, ports });
    onTestFinished(async () => void (await dataplane.close()));
    const client = await dataplane.attach({ want: ['observe', 'configure'] });
    const seen = await client.ports();
    expect(seen.map(({ linkUp }) => linkUp)).toEqual([true, true, true, true, false, true]);
    expect(seen[1]).toMatchObject({ driver: 'net_ring', mac: '02:00:00:00:00:01' });
    await dataplane.release();
    await waitForCount(() => client.stats().ports[3]!.tx.packets, input.length, { what: 'frames behind the wire' });
    const { ports: counted } = client.stats();
    expect(counted[2]!.rx).toMatchObject({ packets: BigInt(input.length), bytes: BigInt(bytes) });
    await dataplane.close();
    const arrived = readPcap(out);
    expect(arrived.length).toBe(input.length);
    expect(
      arrived.findIndex(({ data }, i) => Buffer.compare(data, input[i]!.data) !== 0),
      'a changed frame',
    ).toBe(-1);
  });

  it('with a third end do not start, and say why', async () => {
    const devices = [0, 1, 2].flatMap((n) => ['--vdev', `net_ring${n},wire=w`]);
    const { exitCode, stderr } = await execa(dataplanePath, [...bare, ...devices, '--', ...own.slice(1)], {
      reject: false,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/net_ring2: wire 'w' has its two ends, net_ring0 and net_ring1; give this port/);
    await expect(launch({ ports: [{ wire: 'w' }, { wire: 'w' }, { wire: 'w' }] })).rejects.toMatchObject({
      code: 'WDPDK_E_ARGUMENT',
      object: 'ports[2].wire',
    });
  });
});
