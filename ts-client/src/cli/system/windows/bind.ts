// SPDX-License-Identifier: BSD-3-Clause
import path from 'node:path';
import { WdpdkError } from 'shared-memory-ipc';
import { nameOf } from '../device.ts';
import { knownCard } from '../nics.ts';
import type { Danger, Plan, Step } from '../system.ts';
import type { WindowsDevice } from './devices.ts';
import type { Machine } from './machine.ts';
import { UIO_SERVICE } from './uio.ts';

const refusal = (message: string, object: string, remedy: string): WdpdkError<'WDPDK_E_ARGUMENT'> =>
  new WdpdkError('WDPDK_E_ARGUMENT', message, { object, remedy });

function assertAdministrator(machine: Machine): void {
  if (machine.administrator()) return;
  throw new WdpdkError('WDPDK_E_DENIED', 'drivers are bound by administrators alone', {
    object: 'SetupAPI',
    remedy: 'Run it in an elevated terminal',
  });
}

/** The package that binds cards: as named, by WDPDK_UIO_INF, or what Windows has already. */
function infOf(machine: Machine, asked: string | undefined): string {
  const named = asked ?? machine.env['WDPDK_UIO_INF'];
  if (named === undefined) {
    const staged = machine.installer.staged(UIO_SERVICE);
    if (staged !== undefined) return staged;
    throw refusal('this Windows has no driver package of wdpdkuio', UIO_SERVICE, 'Name its INF with --inf');
  }
  const file = path.win32.resolve(named);
  if (!machine.fileExists(file)) throw refusal(`there is no ${file}`, file, 'Correct --inf (or WDPDK_UIO_INF)');
  return file;
}

/** After an installation Plug and Play has to have started the device with the driver. */
function runs(
  look: () => WindowsDevice | undefined,
  object: string,
  right: (service: string | undefined) => boolean,
): Step {
  return {
    text: 'see that Plug and Play runs it with the new driver',
    run: () => {
      const { node, shown } = look() ?? {};
      if (node === undefined || shown === undefined)
        throw new WdpdkError('WDPDK_E_NOT_FOUND', `${object} is not there any more`, {
          object,
          remedy: 'Scan for hardware changes in Device Manager',
        });
      if (!right(node.service))
        throw new WdpdkError('WDPDK_E_INTERNAL', `${object} has the driver ${node.service ?? 'none'}`, {
          object,
          remedy: 'See C:\\Windows\\INF\\setupapi.dev.log',
        });
      if (shown.bound && !shown.state.usable)
        throw new WdpdkError('WDPDK_E_INTERNAL', `${object} is bound, but cannot be used: ${shown.state.why}`, {
          object,
          remedy: shown.state.remedy ?? "See 'wdpdk doctor'",
        });
    },
  };
}

export function planBind(
  machine: Machine,
  device: WindowsDevice,
  look: () => WindowsDevice | undefined,
  options: { readonly driver?: string; readonly inf?: string },
): Plan {
  const { shown, node } = device;
  const name = nameOf(shown);
  if (options.driver !== undefined && options.driver !== UIO_SERVICE)
    throw refusal(
      `${options.driver} is no driver that gives cards to programs`,
      name,
      `Leave --driver out: on Windows it is ${UIO_SERVICE}`,
    );
  if (!knownCard(shown.vendor, shown.device))
    throw refusal(
      `no driver of the dataplane knows ${name}, ${shown.name}`,
      name,
      "'wdpdk devices' says which are usable",
    );
  if (shown.bound && options.inf === undefined && shown.state.usable)
    return { from: UIO_SERVICE, to: UIO_SERVICE, steps: [] };
  const inf = infOf(machine, options.inf);
  assertAdministrator(machine);
  let restart = false;
  const installed: Step = {
    text: `install ${inf} for ${node.instanceId}, and for no other device`,
    run: () => void (restart = machine.installer.install(node.instanceId, inf)),
  };
  const seen = runs(look, name, (service) => service?.toLowerCase() === UIO_SERVICE);
  return {
    ...(shown.driver === undefined ? {} : { from: shown.driver }),
    to: UIO_SERVICE,
    // A device that waits for a restart does not run yet.
    steps: [installed, { text: seen.text, run: () => (restart ? undefined : seen.run()) }],
    restart: () => restart,
  };
}

export function planUnbind(machine: Machine, device: WindowsDevice, look: () => WindowsDevice | undefined): Plan {
  const { shown, node } = device;
  const name = nameOf(shown);
  if (!shown.bound)
    throw refusal(
      `${name} does not belong to ${UIO_SERVICE}: ${shown.driver ?? 'no driver'} has it`,
      name,
      'There is nothing to do',
    );
  const owner = device.observed?.state?.owner ?? 0;
  if (owner !== 0)
    throw new WdpdkError('WDPDK_E_IN_USE', `process ${owner} drives ${name}`, {
      object: name,
      remedy: 'End that dataplane first',
    });
  assertAdministrator(machine);
  let restart = false;
  const seen = runs(look, name, (service) => service?.toLowerCase() !== UIO_SERVICE);
  return {
    from: UIO_SERVICE,
    steps: [
      {
        text: `install the best driver of Windows' own for ${node.instanceId}, or none if it has none`,
        run: () => void ({ restart } = machine.installer.reset(node.instanceId, UIO_SERVICE)),
      },
      { text: seen.text, run: () => (restart ? undefined : seen.run()) },
    ],
    restart: () => restart,
  };
}

/** What would be lost with the card. */
export function windowsDangers(machine: Machine, devices: readonly WindowsDevice[]): Danger[] {
  const own = new Set(devices.flatMap(({ shown }) => shown.interfaces.map(({ name }) => name)));
  if (own.size === 0) return [];
  const adapters = machine.adapters().filter(({ hardware }) => hardware);
  const mine = adapters.filter(({ name }) => own.has(name));
  const dangers: Danger[] = [];
  const out = mine.filter(({ up, gateway }) => up && gateway);
  if (out.length > 0)
    dangers.push({ text: `the default route goes that way (${out.map(({ name }) => name).join(', ')})` });
  const ssh = machine.env['SSH_CONNECTION']?.split(' ')[2];
  if (ssh !== undefined && mine.some(({ addresses }) => addresses.includes(ssh)))
    dangers.push({ text: 'this SSH session comes in that way' });
  if (machine.remoteDesktop() && mine.some(({ up }) => up))
    dangers.push({ text: 'this is a Remote Desktop session, which may come in that way' });
  if (adapters.every(({ name }) => own.has(name)))
    dangers.push({ text: 'the machine would have no network card left' });
  return dangers;
}
