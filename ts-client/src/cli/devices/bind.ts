// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk bind` and `wdpdk unbind`: a card to the driver that gives it to programs, and back.
import { createInterface } from 'node:readline/promises';
import { type Command } from 'commander';
import { WdpdkError } from 'shared-memory-ipc';
import { refusal } from '../common.ts';
import { note, print } from '../say.ts';
import { type NetworkDevice, nameOf, pciAddress } from '../system/device.ts';
import { loadSystem } from '../system/load.ts';
import type { Plan, System } from '../system/system.ts';

export interface BindOptions {
  readonly driver?: string;
  readonly inf?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly loseNetwork?: boolean;
  readonly json?: boolean;
}

/** How a person is asked; undefined where there is none to ask. */
export type Ask = ((question: string) => Promise<string>) | undefined;

/** By address, instance id, or the name of an interface on it. */
export function findDevice(devices: readonly NetworkDevice[], text: string): NetworkDevice {
  const address = pciAddress(text);
  const found = devices.filter(
    (device) =>
      (address !== undefined && device.address === address) ||
      device.instanceId?.toUpperCase() === text.toUpperCase() ||
      device.interfaces.some(({ name }) => name === text),
  );
  if (found.length === 1) return found[0]!;
  const there = devices.map(nameOf).join(', ') || 'none';
  const what =
    found.length === 0
      ? `there is no network card ${text} (there are: ${there})`
      : `${text} names ${found.length} cards`;
  throw new WdpdkError('WDPDK_E_NOT_FOUND', what, { object: text, remedy: "'wdpdk devices' lists them" });
}

const onTerminal = (): Ask => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // Ctrl-C and the end of input are a no.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    try {
      return await Promise.race([terminal.question(question), closed]);
    } finally {
      terminal.close();
    }
  };
};

async function agreed(names: readonly string[], dangerous: boolean, { yes }: BindOptions, ask: Ask): Promise<boolean> {
  if (yes) return true;
  if (ask === undefined)
    throw refusal(
      'drivers are changed only after a yes, and there is no terminal to ask on',
      names.join(' '),
      'Say --yes, or look with --dry-run',
    );
  // Whoever gives the network away types what he gives away.
  if (dangerous) return (await ask(`Type ${names[0]} to go on: `)).trim() === names[0];
  return /^y(es)?$/i.test((await ask('Go on? [y/N] ')).trim());
}

/** Windows knows the address of a card from its driver: without it the instance id remains. */
const isSame = (one: NetworkDevice, other: NetworkDevice): boolean =>
  one.instanceId === undefined ? one.address === other.address : one.instanceId === other.instanceId;

const driverText = (driver: string | undefined): string => driver ?? 'none';

async function carryOut(plan: Plan, name: string): Promise<void> {
  for (const step of plan.steps) {
    try {
      await step.run();
    } catch (error) {
      if (plan.undo) {
        await plan.undo();
        note(`${name}: given back to ${driverText(plan.from)}`);
      }
      throw error;
    }
  }
}

export type Action = 'bind' | 'unbind';

/** Everything is looked at before anything is changed. Resolves with whether it was done. */
export async function rebind(
  system: System,
  action: Action,
  names: readonly string[],
  options: BindOptions,
  ask: Ask = onTerminal(),
): Promise<boolean> {
  const devices = system.devices();
  const chosen = [...new Set(names.map((name) => findDevice(devices, name)))];
  const plans = chosen.map((device) => ({
    name: nameOf(device),
    device,
    plan: action === 'bind' ? system.planBind(device, options) : system.planUnbind(device),
  }));
  const due = plans.filter(({ plan }) => plan.steps.length > 0);
  const dangers = action === 'bind' ? system.dangers(due.map(({ device }) => device)) : [];
  const say = options.json ? note : print;
  for (const { name, device, plan } of plans) {
    if (plan.steps.length === 0) {
      say(`${name}: ${driverText(plan.to)} holds it already`);
      continue;
    }
    say(`${name}, ${device.name}: from ${driverText(plan.from)} to ${plan.to ?? "the system's own driver"}`);
    for (const { name: one, up, addresses } of device.interfaces)
      say(`  the interface ${one} goes away (${[up ? 'up' : 'down', ...addresses].join(', ')})`);
    for (const step of plan.steps) say(`  ${step.text}`);
  }
  for (const { text } of dangers) say(`  DANGER: ${text}`);
  const report = (done: boolean): boolean => {
    const shown = plans.map(({ name, plan }) => ({
      device: name,
      from: plan.from ?? null,
      to: plan.to ?? null,
      restart: plan.restart?.() ?? false,
    }));
    if (options.json) print(JSON.stringify({ action, done, dangers: dangers.map(({ text }) => text), devices: shown }));
    return done;
  };
  if (options.dryRun) return report(false);
  if (dangers.length > 0 && !options.loseNetwork)
    throw new WdpdkError(
      'WDPDK_E_IN_USE',
      `${due.map(({ name }) => name).join(', ')}: ${dangers.map(({ text }) => text).join('; ')}`,
      {
        object: due[0]!.name,
        remedy: 'Take another card; or, with another way to the machine, say --lose-network',
      },
    );
  if (due.length === 0) return report(true);
  if (
    !(await agreed(
      due.map(({ name }) => name),
      dangers.length > 0,
      options,
      ask,
    ))
  ) {
    note('nothing was changed');
    return report(false);
  }
  for (const { name, device, plan } of due) {
    await carryOut(plan, name);
    const now = system.devices().find((one) => isSame(one, device));
    say(
      `${name}: done; ${plan.restart?.() ? 'restart Windows to finish' : (now?.state.why ?? 'it is not there any more')}`,
    );
  }
  return report(true);
}

function withCommon(command: Command): Command {
  return command
    .argument('<device...>', 'address (65:00.0), name of an interface on it, on Windows also the instance id')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--json', 'one JSON object at the end: {action, done, dangers, devices: [{device, from, to, restart}]}');
}

const AFTER = `
Needs root, on Windows an elevated terminal. On Linux it lasts until the next restart.
Exit code: 0 when it was done, was so already, or with --dry-run; 1 when it was refused or failed.`;

function action(what: Action) {
  return async (names: string[], options: BindOptions): Promise<void> => {
    const done = await rebind(await loadSystem(), what, names, options);
    if (!done && !options.dryRun) process.exitCode = 1;
  };
}

export function addBind(program: Command): void {
  withCommon(program.command('bind'))
    .description(
      'give network cards to the driver through which a dataplane uses them; the system loses them as interfaces',
    )
    .option(
      '--driver <name>',
      'Linux: vfio-pci, igb_uio or uio_pci_generic (default: vfio-pci where an IOMMU translates, else what is loaded)',
    )
    .option('--inf <file>', 'Windows: the driver package (default: $WDPDK_UIO_INF, or the one Windows has already)')
    .option(
      '--lose-network',
      'take the card although the default route, this session or the only network card goes with it',
    )
    .addHelpText(
      'after',
      `${AFTER}
A card that carries the default route or this SSH session, or is the only one, is refused without --lose-network.

  wdpdk devices
  sudo wdpdk bind --dry-run 65:00.0
  sudo modprobe vfio-pci && sudo wdpdk bind --yes 65:00.0
  sudo wdpdk run --port pci:0000:65:00.0 --port null`,
    )
    .action(action('bind'));
  withCommon(program.command('unbind'))
    .description("give network cards back to the system's own driver")
    .addHelpText('after', `${AFTER}\n\n  sudo wdpdk unbind 65:00.0`)
    .action(action('unbind'));
}
