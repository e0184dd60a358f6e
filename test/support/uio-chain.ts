// SPDX-License-Identifier: BSD-3-Clause
// The driver's chain under Wine: device model <- test bus <- wdpdkuio.sys <- dataplane. Files join the first two.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type ResultPromise, execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { type Dataplane, type Exit, type Forwarding, type PortSpec, launch } from 'wdpdk';
import { type Xl710, type Xl710Options, openXl710 } from 'wdpdk/testing';
import { buildDir, imageKind } from './bed.ts';
import { driverInfo } from './uio-driver.ts';
import { waitFor } from './wait.ts';

const bin = path.join(buildDir, 'uio-driver/bin');
export const setupProgram = path.join(bin, 'wdpdk-uio-setup.exe');
/** A dataplane that makes a request of the driver for each burst it sends. */
export const callingProgram = path.join(bin, 'wdpdk-dataplane-calling.exe');

/** What a card's ports of a model are joined to the bus by. */
export interface CardFiles {
  readonly bars: readonly string[];
  readonly dma: string;
}

const pathArguments = ({ bars, dma }: CardFiles): string[] => [
  ...bars.flatMap((bar, device) => [`--bar${device}`, bar]),
  ...['--dma', dma],
];

interface Status {
  readonly devices: readonly { readonly present: boolean; readonly interface: string }[];
}

/** Runs the setup program for one thing: the lines it says. */
async function setupLines(...args: string[]): Promise<Record<string, unknown>[]> {
  const { stdout, stderr, exitCode } = await execa(setupProgram, args, { reject: false, stdin: 'ignore' });
  if (exitCode !== 0) throw new Error(`wdpdk-uio-setup ${args.join(' ')}: ${exitCode}: ${stdout} ${stderr}`);
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The same, of which the last line is what it has to say. */
export const setup = async (...args: string[]): Promise<Record<string, unknown>> =>
  (await setupLines(...args)).at(-1) ?? {};

/** What bus and driver did, in order (uio-driver/testbus/wdpdk_testbus.h). */
export const busLog = async (): Promise<{ sequence: number; device: number; op: string }[]> =>
  (await setupLines('log')) as unknown as { sequence: number; device: number; op: string }[];

const status = async (): Promise<Status> => (await setup('status')) as unknown as Status;

/** Bus and driver, on these files, until close(). */
export class UioBus {
  private readonly child: ResultPromise;
  private said = '';

  private constructor(files: CardFiles, driver: string) {
    this.child = execa(setupProgram, ['hold', '--driver', driver, ...pathArguments(files)], {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: false,
      reject: false,
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  /** `driver`: another image than the test build. */
  static async open(files: CardFiles, driver = 'wdpdkuio-test.sys'): Promise<UioBus> {
    const bus = new UioBus(files, driver);
    let ended = false;
    void bus.child.then(() => (ended = true));
    try {
      await waitFor(
        () => {
          if (ended) throw new Error(`wdpdk-uio-setup ended: ${bus.said}`);
          return bus.said.includes('"ready"');
        },
        { what: 'bus and driver', timeoutMs: 120_000 },
      );
    } catch (error) {
      // Or it would hold the bus, and nobody would know of it.
      await bus.close();
      throw error;
    }
    return bus;
  }

  /** Takes both cards out, so that nobody has their files. */
  async unplug(): Promise<void> {
    const { devices } = await status();
    for (const [device, { present }] of devices.entries()) if (present) await setup('unplug', `${device}`);
    for (const device of ['0', '1']) await setup('wait', device, '--absent');
  }

  /** Cards in the places of those that were taken out. */
  async plug(files: CardFiles): Promise<void> {
    await setup('paths', ...pathArguments(files));
    for (const device of ['0', '1']) await setup('plug', device);
    for (const device of ['0', '1']) await setup('wait', device);
  }

  /** The driver's interface of each card. */
  async interfaces(): Promise<string[]> {
    const { devices } = await status();
    return devices.map((device) => device.interface);
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    // Wine's services now and then do not end; the next one that holds the bus takes away what is left.
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 60_000);
    await this.child;
    clearTimeout(timer);
  }
}

export const filesOf = (card: Xl710): CardFiles => {
  const models = card.ports.map((port) => (port as { xl710Model: { bar: string; dma: string } }).xl710Model);
  return { bars: models.map(({ bar }) => bar), dma: models[0]!.dma };
};

export interface Chain extends Driven {
  readonly card: Xl710;
}

let chains = 0;

/** `executable`: another dataplane than the one under test. */
export const launchOn = (
  ports: readonly PortSpec[],
  forwarding: Forwarding,
  executable?: string,
): Promise<Dataplane> => {
  const instance = `uio-${process.pid}-${chains++}`;
  return launch({ instance, ports, forwarding, eal: ['-m', '128'], ...(executable ? { executable } : {}) });
};

/** The device model of the Linux build, as its system names it: under Wine a program of Linux can be started, too. */
function nativeModel(): string {
  const file = process.env['WDPDK_NATIVE_MODEL'] ?? path.join(buildDir, '../linux-release/wdpdk-xl710-model');
  return file.replace(/^[A-Za-z]:/, '').replaceAll('\\', '/');
}

/** A card with its cables in that a native program plays for so many seconds. */
export async function openNativeCard(wires: readonly string[], seconds: number): Promise<CardFiles> {
  const folder = mkdtempSync('Z:\\dev\\shm\\wdpdk-uio-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  const native = folder.slice(2).replaceAll('\\', '/');
  const files = ['--bar', `${native}/bar`, '--dma', native, '--ports', String(wires.length)];
  const rest = [...wires.flatMap((wire) => ['--wire', wire]), '--ignore-stdin', '--seconds', String(seconds)];
  expect(imageKind(`Z:${nativeModel()}`)).toBe('ELF');
  await execa('C:\\windows\\system32\\start.exe', ['/unix', nativeModel(), ...files, ...rest], { stdio: 'ignore' });
  const bars = wires.map((_, port) => `${folder}\\bar.${port}`);
  await waitFor(() => bars.every((bar) => existsSync(`${bar}.config`)), { what: 'the native model' });
  return { bars, dma: folder };
}

interface Driven {
  readonly interfaces: readonly string[];
  readonly ports: readonly PortSpec[];
  readonly dataplane: Dataplane;
  /** Ends the dataplane, takes the cards out, ends the model, in this order. Resolves with how the dataplane ended. */
  end(): Promise<Exit>;
}

/** Puts a card on the bus and a dataplane that drives it through the driver on it. */
export async function drive(
  bus: UioBus,
  files: CardFiles,
  forwarding: Forwarding,
  { closeCard, executable }: { closeCard?: () => Promise<unknown>; executable?: string } = {},
): Promise<Driven> {
  let dataplane: Dataplane | undefined;
  let ending: Promise<Exit> | undefined;
  const endAll = async (): Promise<Exit> => {
    const exit = await dataplane?.close();
    await bus.unplug();
    await closeCard?.();
    return exit!;
  };
  const end = (): Promise<Exit> => (ending ??= endAll());
  onTestFinished(async () => void (await end()));
  await bus.plug(files);
  const interfaces = await bus.interfaces();
  const ports = interfaces.map((name) => ({ pci: driverInfo(name).address })).sort((a, b) => (a.pci < b.pci ? -1 : 1));
  dataplane = await launchOn(ports, forwarding, executable);
  return { interfaces, ports, dataplane, end };
}

/** The same with a fresh card of two ports whose cables are out. */
export async function chain(
  bus: UioBus,
  options: Xl710Options,
  forwarding: Forwarding,
  executable?: string,
): Promise<Chain> {
  const card = await openXl710({ cables: 'out', ...options });
  const closeCard = (): Promise<unknown> => card.close();
  return {
    card,
    ...(await drive(bus, filesOf(card), forwarding, { closeCard, ...(executable ? { executable } : {}) })),
  };
}
