// SPDX-License-Identifier: BSD-3-Clause
// A real capture through the bare executable: every routable frame is in the output once, in order, changed only where a
// router changes it; the rest is counted by cause; the books balance to the packet.
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { dataplanePath, tempDir } from './support/bed.ts';
import { mixedPcap, mixedPcapng, readPcap } from './support/captures.ts';
import { ipv4ChecksumValid, l3fwdVerdict, type OracleRoutes } from './support/l3fwd-oracle.ts';
import { edgeFrames } from './support/l3fwd-edges.ts';
import { writePcap } from './support/pcap.ts';
import { checkBalance, type Summary } from './support/summary.ts';

interface Run {
  summary: Summary;
  output: ReturnType<typeof readPcap>;
}

/** Forwards a capture from port 0 to port 1 and ends with it. */
async function forward(capture: string, routes: string[]): Promise<Run> {
  const out = path.join(tempDir(), 'out.pcap');
  const { stdout } = await execa(dataplanePath, [
    ...['-l', '0', '--no-huge', '-m', '256', '--no-pci'],
    ...['--vdev', `net_pcap0,rx_pcap=${capture}`, '--vdev', `net_pcap1,tx_pcap=${out}`],
    ...[
      '--',
      '--forward',
      'l3fwd',
      ...routes.flatMap((route) => ['--route', route]),
      '--stop-at-end',
      '--no-control',
      '--idle',
      'adaptive',
      '--json',
    ],
  ]);
  return { summary: JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary, output: readPcap(out) };
}

function check(run: Run, capture: string, routes: OracleRoutes): void {
  const input = readPcap(capture);
  const expected: Buffer[] = [];
  const causes: Record<string, number> = {};
  for (const { data } of input) {
    const verdict = l3fwdVerdict(data, routes);
    if (verdict.forward) expected.push(verdict.bytes);
    else causes[verdict.cause] = (causes[verdict.cause] ?? 0) + 1;
  }
  expect(run.output.length).toBe(expected.length);
  run.output.forEach(({ data }, i) => {
    const frame = Buffer.from(data);
    expect(frame.toString('hex', 0, 6), `destination MAC of output frame ${i}`).toBe('020000000001');
    expect(frame.toString('hex', 6, 12), `source MAC of output frame ${i}`).toBe(
      run.output[0]!.data.toString('hex', 6, 12),
    );
    frame.fill(0, 0, 12);
    if (!frame.equals(expected[i]!))
      expect(frame.toString('hex'), `output frame ${i}`).toBe(expected[i]!.toString('hex'));
    if (frame.readUInt16BE(12) === 0x0800)
      expect(ipv4ChecksumValid(frame), `header checksum of output frame ${i}`).toBe(true);
  });
  const [from] = run.summary.ports;
  const counted = Object.fromEntries(Object.entries(from!.dropped).filter(([, n]) => n !== 0));
  expect(counted).toEqual(causes);
  expect(from!.rx.packets).toBe(input.length);
  expect(from!.rx.bytes).toBe(input.reduce((sum, { data }) => sum + data.length, 0));
  checkBalance(run.summary);
}

describe('l3fwd of a real capture', () => {
  it('forwards every routable frame once, in order, and counts the rest by cause', async () => {
    const run = await forward(mixedPcap, ['0.0.0.0/0=1', '::/0=1']);
    check(run, mixedPcap, {});
    const longest = Math.max(...run.output.map(({ data }) => data.length));
    expect(longest, 'the capture holds offload frames').toBeGreaterThan(20_000);
  });

  it('reads the same traffic from pcapng', async () => {
    check(await forward(mixedPcapng, ['0.0.0.0/0=1', '::/0=1']), mixedPcap, {});
  });

  it('drops what no route leads to', async () => {
    const run = await forward(mixedPcap, ['10.77.0.2/32=1', 'fd77::2/128=1']);
    const far4 = '0a4d0002';
    const far6 = 'fd770000000000000000000000000002';
    check(run, mixedPcap, { routed: (address) => [far4, far6].includes(Buffer.from(address).toString('hex')) });
    expect(run.summary.ports[0]!.dropped['no_route']).toBeGreaterThan(0);
    expect(run.output.length).toBeGreaterThan(0);
  });

  it('judges frames at every edge as the rules do', async () => {
    const file = path.join(tempDir(), 'edges.pcap');
    writePcap(file, edgeFrames(20_000));
    const run = await forward(file, ['0.0.0.0/0=1', '::/0=1']);
    check(run, file, {});
    const causes = Object.entries(run.summary.ports[0]!.dropped).filter(([, n]) => n > 0);
    expect(causes.map(([cause]) => cause)).toEqual(
      expect.arrayContaining([
        ...['ttl_exceeded', 'bad_destination', 'link_local', 'malformed', 'bad_checksum', 'arp', 'ethertype'],
      ]),
    );
    expect(run.output.length).toBeGreaterThan(1000);
  });
});
