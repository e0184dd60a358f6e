// SPDX-License-Identifier: BSD-3-Clause
//
// A card from one driver to another by sysfs: `driver_override` names who may take it, then it is taken off its driver and offered.
import { WdpdkError } from 'shared-memory-ipc';
import type { NetworkDevice } from '../device.ts';
import type { Plan, Step } from '../system.ts';
import { knownCard } from '../nics.ts';
import { CARD_DRIVERS, DRIVERS, PCI, preferredDriver } from './devices.ts';
import { type Machine, linkName } from './machine.ts';

const KNOWN: readonly string[] = CARD_DRIVERS;

const refusal = (message: string, object: string, remedy: string): WdpdkError<'WDPDK_E_ARGUMENT'> =>
  new WdpdkError('WDPDK_E_ARGUMENT', message, { object, remedy });

function assertRoot(machine: Machine): void {
  if (machine.uid === 0) return;
  throw new WdpdkError('WDPDK_E_DENIED', 'drivers are bound by root alone', {
    object: 'sysfs',
    remedy: 'Run it by sudo',
  });
}

/** A write of sysfs; what the kernel refuses comes with the file's name. */
function writing(machine: Machine, file: string, value: string): Step {
  return {
    text: `write ${JSON.stringify(value.trim())} to ${file}`,
    run: () => {
      try {
        machine.write(file, value);
      } catch (cause) {
        throw new WdpdkError(
          'WDPDK_E_DENIED',
          `${file} does not take ${JSON.stringify(value.trim())}: ${(cause as Error).message}`,
          {
            object: file,
            remedy:
              "See 'dmesg' for the kernel's reason; under kernel lockdown (Secure Boot) cards cannot be given to programs",
            cause,
          },
        );
      }
    },
  };
}

function holds(machine: Machine, address: string, driver: string | undefined): Step {
  return {
    text: driver === undefined ? 'see that it has no driver' : `see that ${driver} holds it`,
    run: () => {
      const now = linkName(machine, `${PCI}/${address}/driver`);
      if (now === driver) return;
      throw new WdpdkError(
        'WDPDK_E_INTERNAL',
        `${driver ?? 'no driver'} was to hold ${address}, and ${now ?? 'none'} does`,
        {
          object: address,
          remedy: "See 'dmesg' for the kernel's reason",
        },
      );
    },
  };
}

const release = (machine: Machine, address: string, driver: string | undefined): Step[] =>
  driver === undefined ? [] : [writing(machine, `${DRIVERS}/${driver}/unbind`, address)];

/** The kernel takes a line feed for "no override". */
const NO_OVERRIDE = '\n';

function give(machine: Machine, address: string, from: string | undefined, to: string | undefined): Step[] {
  return [
    // First what harms nobody if it fails.
    writing(machine, `${PCI}/${address}/driver_override`, to ?? NO_OVERRIDE),
    ...release(machine, address, from),
    writing(machine, '/sys/bus/pci/drivers_probe', address),
  ];
}

export function planBind(machine: Machine, device: NetworkDevice, options: { readonly driver?: string }): Plan {
  const address = device.address!;
  const wanted = options.driver ?? preferredDriver(machine, address);
  if (!knownCard(device.vendor, device.device))
    throw refusal(
      `no driver of the dataplane knows ${address}, ${device.name}`,
      address,
      "'wdpdk devices' says which are usable",
    );
  if (wanted === undefined)
    throw refusal(
      'no driver that gives cards to programs is loaded',
      address,
      "As root: 'modprobe vfio-pci' with an IOMMU, 'modprobe uio_pci_generic' without",
    );
  if (!KNOWN.includes(wanted))
    throw refusal(`${wanted} is no driver that gives cards to programs`, address, `Choose one of ${KNOWN.join(', ')}`);
  if (!machine.exists(`${DRIVERS}/${wanted}`))
    throw refusal(`${wanted} is not loaded`, address, `As root: 'modprobe ${wanted}'`);
  assertRoot(machine);
  const from = device.driver;
  if (from === wanted) return { from, to: wanted, steps: [] };
  return {
    ...(from === undefined ? {} : { from }),
    to: wanted,
    steps: [...give(machine, address, from, wanted), holds(machine, address, wanted)],
    undo: () => restore(machine, address, from),
  };
}

/** As far as it goes: what failed is what is told. */
function restore(machine: Machine, address: string, from: string | undefined): void {
  for (const step of give(machine, address, linkName(machine, `${PCI}/${address}/driver`), from)) {
    try {
      void step.run();
    } catch {
      // The next step may still go.
    }
  }
  if (from === undefined) return;
  try {
    machine.write(`${PCI}/${address}/driver_override`, NO_OVERRIDE);
  } catch {
    // Nothing more to be done.
  }
}

export function planUnbind(machine: Machine, device: NetworkDevice): Plan {
  const address = device.address!;
  const from = device.driver;
  if (from !== undefined && !KNOWN.includes(from))
    throw refusal(`${address} belongs to the kernel's driver ${from} already`, address, 'There is nothing to do');
  assertRoot(machine);
  return {
    ...(from === undefined ? {} : { from }),
    steps: [
      ...give(machine, address, from, undefined),
      {
        text: "see that the kernel's own driver holds it",
        run: () => {
          const now = linkName(machine, `${PCI}/${address}/driver`);
          if (now !== undefined && !KNOWN.includes(now)) return;
          throw new WdpdkError(
            'WDPDK_E_NOT_FOUND',
            `the kernel has no driver of its own for ${address}: it has ${now ?? 'none'} now`,
            {
              object: address,
              remedy: "Load it (for XL710 'modprobe i40e'): it takes the card by itself",
            },
          );
        },
      },
    ],
  };
}
