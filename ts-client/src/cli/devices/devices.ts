// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk devices`: the network cards of this machine, and which of them a dataplane could take.
import { type Command } from 'commander';
import { VERSION } from '../../version.ts';
import { print } from '../say.ts';
import { type NetworkDevice, idText, nameOf } from '../system/device.ts';
import { loadSystem } from '../system/load.ts';
import { table } from '../table.ts';

/** Of the JSON; ts-client/devices.schema.json describes it. */
const SCHEMA = 1;

/** As the JSON has it: what is known, flat. */
export const plainDevice = ({ state, ...device }: NetworkDevice) => ({ id: idText(device), ...device, ...state });

function row(device: NetworkDevice): string[] {
  const { name, driver = '-', node, interfaces, state } = device;
  const shown = interfaces.map(({ name: one, up }) => `${one}${up ? '' : ' (down)'}`).join(' ');
  return [
    nameOf(device),
    idText(device),
    name,
    driver,
    node === undefined ? '-' : String(node),
    shown || '-',
    state.usable ? 'yes' : 'no',
  ];
}

export function drawDevices(devices: readonly NetworkDevice[]): string {
  if (devices.length === 0) return 'This machine has no network card on PCI.';
  const head = ['device', 'id', 'name', 'driver', 'node', 'interface', 'usable'];
  const lines = [table([head, ...devices.map(row)], 'text'), ''];
  for (const device of devices) {
    const { why, remedy } = device.state;
    lines.push(`${nameOf(device)}: ${why}`);
    if (remedy !== undefined) lines.push(`  -> ${remedy}`);
  }
  return lines.join('\n');
}

export function addDevices(program: Command): void {
  program
    .command('devices')
    .description(
      'network cards of this machine: driver, NUMA node, interface, and whether a dataplane can use them; changes nothing',
    )
    .option(
      '--json',
      'one JSON object: {schema, version, system, devices: [{address?, id, name, driver?, usable, why, ...}]}',
    )
    .addHelpText(
      'after',
      `
A card is usable when the driver that gives it to programs holds it (Linux: vfio-pci, igb_uio or uio_pci_generic; Windows: wdpdkuio) and a
driver of the dataplane knows it. 'wdpdk bind' gives a card to that driver. The JSON's shape is in wdpdk/devices.schema.json.

  wdpdk devices --json | jq -r '.devices[] | select(.usable) | .address'`,
    )
    .action(async ({ json }: { json?: boolean }) => {
      const system = await loadSystem();
      const devices = system.devices();
      if (!json) return print(drawDevices(devices));
      print(
        JSON.stringify({ schema: SCHEMA, version: VERSION, system: system.name, devices: devices.map(plainDevice) }),
      );
    });
}
