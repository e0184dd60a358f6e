// SPDX-License-Identifier: BSD-3-Clause
// wdpdkuio.sys against its contract, under Wine: wdpdk-uio-contract.exe (uio-driver/test) on the test bus; and that it notices a driver
// that frees memory before the device is quiet.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDir, imageKind } from '../support/bed.ts';
import { UioBus, setupProgram } from '../support/uio-chain.ts';

const bin = path.join(buildDir, 'uio-driver/bin');
const program = path.join(bin, 'wdpdk-uio-contract.exe');

/** BAR0 is 8 MiB of registers that nobody plays. */
function cardFiles(folder: string): { bars: string[]; dma: string } {
  const bars = ['bar0', 'bar1'].map((name) => path.join(folder, name));
  for (const bar of bars) fs.writeFileSync(bar, Buffer.alloc(8 << 20));
  const dma = path.join(folder, 'dma');
  fs.mkdirSync(dma);
  return { bars, dma };
}

async function contract(group: string): Promise<{ exitCode: number | undefined; said: string[] }> {
  const { exitCode, all } = await execa(program, [group], { all: true, reject: false, stdin: 'ignore' });
  return { exitCode, said: all.split(/\r?\n/).filter((line) => line !== '') };
}

function onBus(driver: string): void {
  let folder: string;
  let bus: UioBus;
  beforeAll(async () => {
    for (const file of [program, setupProgram, path.join(bin, driver)]) expect(imageKind(file), file).toBe('PE');
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-uio-'));
    bus = await UioBus.open(cardFiles(folder), driver);
  }, 240_000);
  afterAll(async () => {
    await bus?.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }, 120_000);
}

describe('wdpdkuio.sys keeps its contract', () => {
  onBus('wdpdkuio-test.sys');

  it.each([
    ['calls', 'each request, right and in all ways wrong', 11],
    ['owners', 'one owner, its process alone; calls at once and calls taken back', 8],
    ['ends', 'an owner killed at each step: quiet, then reset, then freed', 10],
    ['faults', 'mapping that raises, each allocation in turn, hardware that is stuck', 4],
    ['removal', 'a card pulled out', 4],
    ['cycles', 'a thousand lives leave nothing', 1],
  ])(
    '%s: %s',
    async (group, _, cases) => {
      const { exitCode, said } = await contract(group);
      expect(
        said.filter((line) => !line.startsWith('ok ')),
        said.join('\n'),
      ).toContain(`${cases} passed, 0 failed`);
      expect(exitCode).toBe(0);
    },
    240_000,
  );
});

describe('a driver whose teardown is the wrong way round', () => {
  onBus('wdpdkuio-reversed.sys');

  it('fails the test of the order', async () => {
    const { exitCode, said } = await contract('order');
    expect(exitCode, said.join('\n')).toBe(1);
    expect(said.join('\n')).toMatch(/registers were unmapped before the reset/);
    expect(said.join('\n')).toMatch(/memory went before every function of the owner was reset/);
    expect(said.at(-1)).toBe('0 passed, 2 failed');
  }, 240_000);
});
