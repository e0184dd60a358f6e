// SPDX-License-Identifier: BSD-3-Clause
// Our driver on a card whose control registers behave exactly: each load and store is trapped and done by the model.
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { buildDir, dataplanePath, tempDir } from '../support/bed.ts';
import { startModel } from '../support/xl710-model.ts';

describe('our driver in exact mode', () => {
  it('starts, lives through a flapping link, stops and closes', async () => {
    const memory = tempDir();
    const model = await startModel(['--dma', memory, '--exact', '--wire', 'loop', '--inject', 'link-flap=500']);
    const [bar] = model.bars;
    const eal = ['-l', '0', '--no-huge', '-m', '128', '--no-pci', '--vdev', `pci_model0,bar=${bar!},dma=${memory}`];
    const own = ['--forward', 'io', '--no-control', '--seconds', '3', '--json'];
    const traps = { LD_PRELOAD: path.join(buildDir, 'wdpdk-xl710-exact.so'), WDPDK_XL710_EXACT: bar! };
    const { exitCode, stderr, stdout } = await execa(dataplanePath, [...eal, '--', ...own], {
      env: traps,
      stdin: 'ignore',
      reject: false,
    });
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ event: 'summary' });
    const port = (await model.end()).ports[0]!;
    expect(port).toMatchObject({ adminErrors: 0, maliciousRx: 0, maliciousTx: 0 });
    expect(port.linkChanges).toBeGreaterThan(2);
    // Once by the driver at its start, once when it closes, once by power on.
    expect(port.resets).toEqual([2, 0, 0, 0, 0, 1]);
    expect(port['trappedAccesses']).toBeGreaterThan(1000);
  });
});
