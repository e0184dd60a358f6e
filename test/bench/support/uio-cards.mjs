// SPDX-License-Identifier: BSD-3-Clause
//
// Cards that the device model plays (a native program), and the test bus and wdpdkuio.sys under Wine that show them to the Windows build.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Peer, twoCores } from './peers.mjs';
import { assertPe } from './wine-pairs.mjs';

const windowsPath = (file) => `Z:${file.replaceAll('/', '\\')}`;

/** A card with two ports: what comes in at the first, and where what leaves by the second goes. */
export class PlayedCard {
  constructor(name, model, wires) {
    this.folder = mkdtempSync('/dev/shm/wdpdk-bench-uio-');
    this.dma = path.join(this.folder, 'dma');
    mkdirSync(this.dma);
    const files = [
      '--bar',
      path.join(this.folder, 'bar'),
      '--ports',
      String(wires.length),
      '--dma',
      this.dma,
      '--json',
    ];
    this.peer = new Peer(name, twoCores().feeder, model, [...files, ...wires.flatMap((wire) => ['--wire', wire])]);
  }

  async ready() {
    this.bars = JSON.parse(await this.peer.line((line) => line.includes('"ready"'))).bars;
  }

  /** The device arguments by which a dataplane drives it without a kernel's driver. */
  get vdevs() {
    return this.bars.flatMap((bar, n) => [
      '--vdev',
      `pci_model${n},bar=${windowsPath(bar)},dma=${windowsPath(this.dma)}`,
    ]);
  }

  /** Frames that have left by port n. */
  async left(n) {
    const { ports } = JSON.parse(await this.peer.ask('stats', (line) => line.includes('"stats"')));
    return ports[n].tx.frames;
  }

  /** While another one is measured. */
  pause() {
    this.peer.child.kill('SIGSTOP');
  }

  go() {
    this.peer.child.kill('SIGCONT');
  }

  async end() {
    this.go();
    await this.peer.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The bus with that card on it and the driver, until end(). */
export class PlayedBus {
  constructor(buildDir, card, env) {
    const setup = path.join(buildDir, 'uio-driver/bin/wdpdk-uio-setup.exe');
    assertPe(setup);
    const bars = card.bars.flatMap((bar, n) => [`--bar${n}`, windowsPath(bar)]);
    this.peer = new Peer(
      'wdpdk-uio-setup',
      twoCores().feeder,
      'wine',
      [setup, 'hold', ...bars, '--dma', windowsPath(card.dma)],
      { env },
    );
  }

  async ready() {
    const said = JSON.parse(await this.peer.line((line) => line.startsWith('{')));
    if (said.event !== 'ready') throw new Error(`wdpdk-uio-setup: ${said.message}`);
  }

  async end() {
    this.peer.child.stdin.end();
    await this.peer.ended;
  }
}
