// SPDX-License-Identifier: BSD-3-Clause
// A port that is configured, started and stopped again and again, with other queues, offloads and paths each time: nothing wears off, in
// the driver or in the model. WDPDK_SOAK_CYCLES says how often (1,000); ten thousand, on every bed:
//     WDPDK_SOAK_CYCLES=10000 npm test -- test/xl710/wear.test.ts
import fs from 'node:fs';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { builtProgram, system, tempDir } from '../support/bed.ts';
import { startModel } from '../support/xl710-model.ts';

const cycles = Number(process.env['WDPDK_SOAK_CYCLES'] ?? 1000);
/** A cycle takes 5 ms on Linux and 50 under Wine, whose short sleeps are long; a busy machine gets ten times that. */
const timeout = 60_000 + cycles * 500;

/** What the system has given a process, as Linux tells it: open files, and memory that is its own. Nothing of one that has ended. */
function held(pid: number): { files: number; kib: number } | undefined {
  try {
    const kib = /^RssAnon:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : { files: fs.readdirSync(`/proc/${pid}/fd`).length, kib: Number(kib) };
  } catch {
    return undefined;
  }
}

/** Looks now and then, from the first call on: how much more there was at most than at first. */
function growth(pid: number): { look(): void; files: number; kib: number } {
  let first: { files: number; kib: number } | undefined;
  const most = {
    files: 0,
    kib: 0,
    look: () => {
      const now = held(pid);
      first ??= now;
      if (!now || !first) return;
      most.files = Math.max(most.files, now.files - first.files);
      most.kib = Math.max(most.kib, now.kib - first.kib);
    },
  };
  return most;
}

it(`a port starts and stops ${cycles} times, and all is as before`, { timeout }, async () => {
  const memory = tempDir();
  const model = await startModel(['--dma', memory, '--wire', 'loop']);
  const args = [model.bars[0]!, memory, String(cycles)];
  const child = execa(builtProgram('dataplane', 'drivers', 'net', 'i40e', 'i40e_wear_test'), args, {
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
  });
  const grown = { driver: growth(child.pid!), model: growth(model.pid) };
  let settled = false;
  child.stderr.on('data', (text: Buffer) => void (settled ||= text.toString().includes('settled')));
  const looks = setInterval(() => {
    if (!settled) return;
    grown.driver.look();
    grown.model.look();
  }, 20);
  const { exitCode, stderr } = await child;
  clearInterval(looks);
  expect(exitCode, stderr).toBe(0);
  const said = /(\d+) cycles in .*/.exec(stderr)!;
  expect(Number(said[1])).toBe(cycles);
  console.log(said[0], JSON.stringify(grown));
  // One file or page a cycle would be thousands of them.
  for (const { files, kib } of system === 'linux' ? [grown.driver, grown.model] : []) {
    expect(files).toBeLessThan(16);
    expect(kib).toBeLessThan(4096);
  }
  const [port] = (await model.end()).ports;
  expect(port).toMatchObject({ adminErrors: 0, maliciousRx: 0, maliciousTx: 0, dmaMisses: 0 });
  // A start and a stop are dozens of commands.
  expect(port!.adminCommands).toBeGreaterThan(cycles * 5);
});
