// SPDX-License-Identifier: BSD-3-Clause
// A suite of a user of `wdpdk/testing`, run by a vitest of its own: what a failing test leaves behind, and that a
// passing one leaves nothing.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCapture } from 'wdpdk/capture';
import { root } from './support/bed.ts';

// Inside the checkout, so that `wdpdk/testing` and vitest are found as for anything in it.
const folder = path.join(root, 'test', `.snippets-kit-${process.pid}`);
const kept = path.join(folder, 'kept');

const suite = `
import { test as base, expect } from 'vitest';
import { bed } from 'wdpdk/testing';
const test = base.extend({ bed: bed({ forwarding: { ports: { 0: { mode: 'io', to: 1 } } } }) });
const spec = { ipv4: { dst: '10.0.0.9' }, udp: { dstPort: 53 }, payload: 'a question' };

test('passes', async ({ bed }) => {
  await bed.port(0).send(spec);
  await expect(bed.port(1)).toReceive(spec);
});

test('fails, of course', async ({ bed }) => {
  bed.port(0).faults({ in: { duplicate: 1, seed: 5 } });
  await bed.port(0).send(spec);
  await expect(bed.port(1)).toReceive({ udp: { dstPort: 54 } }, { timeoutMs: 500 });
});

test('loses its dataplane', async ({ bed }) => {
  await bed.port(0).send(spec);
  await bed.settled();
  process.kill(bed.dataplane.pid, 'SIGKILL');
  await bed.dataplane.exited;
  await bed.port(0).send(spec);
});
`;

let run: { exitCode?: number | undefined; stdout: string; stderr: string };

beforeAll(async () => {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'suite.test.mjs'), suite);
  const config = 'export default { test: { include: ["*.test.mjs"], testTimeout: 60_000 } };\n';
  fs.writeFileSync(path.join(folder, 'vitest.config.mjs'), config);
  const args = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder];
  const env = { WDPDK_KEEP_DIR: kept, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1' };
  run = await execa(process.execPath, args, { cwd: folder, env, reject: false, stdin: 'ignore' });
}, 120_000);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

/** The folder whose path was printed for the test of this name. */
const folderOf = (name: string): string => {
  const line = run.stderr.split('\n').find((text) => text.includes(`of "${name}" are kept in `));
  expect(line, `${run.stderr}\n${run.stdout}`).toBeDefined();
  return line!.slice(line!.indexOf('kept in ') + 8).trim();
};

interface Counters {
  test: string;
  ports: { id: number; name: string; notTaken: number; faults: object; faultCounts: { in: { duplicated: number } } }[];
  report?: { ports: { tx: { packets: number } }[] };
  error?: string;
  exit?: { code: number | null };
}

const countersOf = (name: string) =>
  JSON.parse(fs.readFileSync(path.join(folderOf(name), 'counters.json'), 'utf8')) as Counters;

describe('a suite on wdpdk/testing', () => {
  it('has the results it should have', () => {
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/Tests +2 failed \| 1 passed/);
    expect(`${run.stdout}${run.stderr}`).toMatch(/udp\.dstPort: expected 54, is 53/);
  });

  it('keeps nothing of what passed', () => {
    expect(fs.readdirSync(kept)).toHaveLength(2);
    expect(run.stderr).not.toContain('"passes"');
  });

  it('keeps the traffic and the counters of what failed, and prints where', async () => {
    const where = folderOf('fails, of course');
    expect(fs.readdirSync(where).sort()).toEqual(['counters.json', 'traffic.pcapng']);
    const frames = [];
    for await (const frame of readCapture(path.join(where, 'traffic.pcapng'))) frames.push(frame);
    expect(frames.map((frame) => `${frame.interface} ${frame.direction}`).sort()).toEqual([
      '0 in',
      '0 in',
      '1 out',
      '1 out',
    ]);
    for (const { bytes } of frames) expect(Buffer.from(bytes).toString('latin1')).toContain('a question');
    const counters = countersOf('fails, of course');
    expect(counters.test).toBe('fails, of course');
    expect(counters.ports[0]).toMatchObject({ name: 'port 0', faults: { in: { duplicate: 1, seed: 5 } } });
    expect(counters.ports[0]!.faultCounts.in.duplicated).toBe(1);
    expect(counters.ports[1]!.notTaken).toBe(2);
    expect(counters.report!.ports[1]!.tx.packets).toBe(2);
  });

  it('keeps what there is when the dataplane is gone', () => {
    const { error, report, exit } = countersOf('loses its dataplane');
    expect(report).toBeUndefined();
    expect(error).toMatch(/WDPDK_E_|gone|ended/i);
    expect(exit).toBeDefined();
  });

  it('keeps traffic that tshark opens', async () => {
    const file = path.join(folderOf('fails, of course'), 'traffic.pcapng');
    const fields = ['frame.interface_name', 'frame.packet_flags_direction', 'ip.dst', 'udp.dstport'];
    const { stdout } = await execa('tshark', ['-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]);
    expect(stdout.split('\n').sort()).toEqual([
      ...Array.from({ length: 2 }, () => 'port 0\t0x00000001\t10.0.0.9\t53'),
      ...Array.from({ length: 2 }, () => 'port 1\t0x00000002\t10.0.0.9\t53'),
    ]);
  });
});
