// SPDX-License-Identifier: BSD-3-Clause
//
// Why Plug and Play does not run a device (CM_PROB_*, what Device Manager shows as "Code N"), and what to do about it.

const REINSTALL = 'Install the driver again: wdpdk unbind, then wdpdk bind';
const RESTART = 'Restart Windows';
const FIRMWARE = "Update the machine's firmware, or look at its settings for the slot";
const REGISTRY =
  'Remove the device in Device Manager and let it be found again; if that does not help, install its driver again';
const HARDWARE = 'Check that the card sits well in its slot, try another slot, then another card';
const ENABLE = 'Enable it in Device Manager';

type Problem = readonly [text: string, remedy: string];

const problems: Readonly<Record<number, Problem>> = {
  1: ['no driver has been set up for it yet', 'wdpdk bind, or let Windows find a driver'],
  2: ['the loader of its bus failed', REINSTALL],
  3: ['memory or system resources ran out, or its driver is damaged', `Free memory, else: ${REINSTALL}`],
  4: ['an entry of the registry for it has the wrong type', REGISTRY],
  5: ['it needs an arbiter for a resource that Windows has none for', FIRMWARE],
  6: ['its boot configuration conflicts with another device', FIRMWARE],
  7: ['its driver could not be filtered', REINSTALL],
  8: ['the loader of its driver was not found', REINSTALL],
  9: ['its firmware reports resources or ids that are invalid', FIRMWARE],
  10: [
    'it could not be started: its driver or the card refused',
    "See the System event log for the driver's words, then install it again",
  ],
  11: [
    'starting it stopped the system once, so it is not tried again',
    'Start in safe mode and install another driver',
  ],
  12: [
    'not enough free resources (memory ranges, interrupts) for it',
    'Disable a device you do not need, or see the firmware settings for large BARs (above 4G decoding)',
  ],
  13: ['its resources could not be verified', HARDWARE],
  14: ['Windows must be restarted before it works', RESTART],
  15: ['its resources conflict since it was set up again', RESTART],
  16: ['not all of its resources are known', 'Give it the missing ones in Device Manager, under Resources'],
  17: ['it asks for a kind of resource that is not known', 'Install a driver package that fits this Windows'],
  18: ['its driver must be installed again', REINSTALL],
  19: ['its configuration in the registry is incomplete or damaged', REGISTRY],
  20: ['the loader of its virtual device driver failed', REINSTALL],
  21: ['Windows is removing it', 'Wait a moment and look again, else restart Windows'],
  22: ['it is disabled', ENABLE],
  23: ['the loader of its device driver failed', REINSTALL],
  24: ['it is not there, does not work, or lacks a driver', HARDWARE],
  25: ['it was moved to another place while it was set up', RESTART],
  26: ['its set-up is waiting for the first start of Windows to end', RESTART],
  27: ['its logical configuration is invalid', REGISTRY],
  28: ['no driver is installed for it', "wdpdk bind, or install its maker's driver"],
  29: ['its firmware gave it no resources: it is switched off there', 'Switch it on in the firmware settings'],
  30: ['its interrupt is used by another device that does not share', FIRMWARE],
  31: [
    'Windows could not load the drivers it needs',
    'See the System event log; a driver that is not signed for this Windows is a usual cause',
  ],
  32: ['the service of its driver is disabled', "Set the service's start type back: sc config wdpdkuio start= demand"],
  33: ['Windows cannot find out which resources it needs', HARDWARE],
  34: ['its resources must be set by hand', 'Set them in Device Manager, under Resources'],
  35: ["the firmware's tables lack what it needs", FIRMWARE],
  36: ['it asks for an interrupt of the wrong bus', FIRMWARE],
  37: ['the entry routine of its driver failed', 'See the System event log; then install the driver again'],
  38: ['an older copy of its driver is still in memory', RESTART],
  39: ['its driver is missing or damaged', REINSTALL],
  40: ["the registry entry of its driver's service is wrong", REINSTALL],
  41: ['its driver was loaded and found no device', HARDWARE],
  42: ['there is another device of the same name', RESTART],
  43: ['the device or its driver reported that it failed', `${RESTART}; then: ${HARDWARE}`],
  44: ['a program or service has shut it down', RESTART],
  45: ['it is not connected now', HARDWARE],
  46: ['Windows is shutting down', 'Look again after the restart'],
  47: ['it has been prepared for removal', 'Take it out and put it in again, or restart Windows'],
  48: ['its driver is on the list of drivers that Windows blocks', 'Install a newer driver'],
  49: ["the registry's system hive is too large for more devices", 'Remove devices that are no longer there'],
  50: ['properties of it could not be set', REINSTALL],
  51: ['it waits for another device', 'See the device it depends on, then look again'],
  52: [
    'the signature of its driver is not one that this Windows takes',
    'Install a package signed by Microsoft (attestation), or on a machine for ' +
      'tests: switch Secure Boot off, run bcdedit /set testsigning on, restart',
  ],
  53: ['the kernel debugger holds it', 'Give the debugger another card: bcdedit /dbgsettings'],
  54: ['it is being reset', 'Wait a moment and look again, else restart Windows'],
  55: [
    'Kernel DMA Protection holds it back while the screen is locked',
    'Unlock the screen, or see the policy of Kernel DMA Protection',
  ],
  56: [
    'its network configuration is being set up',
    'Wait a moment and look again; remove network filters that no longer work',
  ],
  57: ['it could not be given to a virtual machine', 'Take it back from the virtual machine, then look again'],
};

/** Words and remedy for a code; unknown ones are named by their number. */
export function problemText(code: number): { readonly text: string; readonly remedy: string } {
  const [text, remedy] = problems[code] ?? ['a problem that is not known here', 'Look the code up in Device Manager'];
  return { text: `${text} (code ${code})`, remedy };
}

export const PROBLEM_CODES = Object.keys(problems).map(Number);
