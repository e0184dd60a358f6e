// SPDX-License-Identifier: BSD-3-Clause
//
// What Windows lets a driver do: the driver itself, Secure Boot, code integrity, DMA remapping; and who else may.
import path from 'node:path';
import { type Finding, blocksCards, fail, info, mebibytes, messageOf, ok, warn } from '../../doctor/finding.ts';
import type { WindowsDevice } from './devices.ts';
import type { Machine } from './machine.ts';
import { CONTRACT, UIO_SERVICE } from './uio.ts';

const SERVICE_STATES = ['', 'stopped', 'starting', 'stopping', 'running'] as const;
const DISABLED = 4;
const RUNNING = 4;

function driver(machine: Machine, devices: readonly WindowsDevice[]): Finding {
  const id = 'driver';
  const found = machine.driver(UIO_SERVICE);
  if (found === undefined)
    return blocksCards(
      warn(
        id,
        'wdpdkuio is not installed: no network cards, all other ports work',
        "Install its package ('wdpdk bind ADDRESS --inf wdpdkuio.inf' in an elevated terminal)",
      ),
    );
  const { start, state, file, fileThere, version } = found;
  if (!fileThere)
    return blocksCards(warn(id, `wdpdkuio is installed, but its file ${file} is gone`, 'Install its package again'));
  const text = `wdpdkuio ${version ?? 'without a version'} (${file}), ${SERVICE_STATES[state ?? 0] || 'in an unknown state'}`;
  if (start === DISABLED)
    return blocksCards(warn(id, `${text}, disabled`, "In an elevated terminal: 'sc config wdpdkuio start= demand'"));
  const said = devices.map(({ observed }) => observed?.info).find((one) => one !== undefined);
  if (said === undefined)
    return state === RUNNING ? ok(id, text) : info(id, `${text}: it is loaded with the first card that is bound`);
  const loaded = `${text}, contract ${said.contract}`;
  if (said.contract !== CONTRACT)
    return blocksCards(
      warn(id, `${loaded}; this wdpdk speaks ${CONTRACT}`, 'Install driver and dataplane of one release'),
    );
  if (version !== undefined && version !== said.version)
    return warn(id, `${loaded}; in memory is still ${said.version}`, 'Restart the cards in Device Manager, or Windows');
  return ok(id, loaded);
}

/** Memory that a card might still write to: it is never given back, and its amount is the harm of a card that does not stop. */
function quarantine(devices: readonly WindowsDevice[]): Finding[] {
  const states = devices.map(({ observed }) => observed?.state).filter((one) => one !== undefined);
  if (states.length === 0) return [];
  // Every card tells the whole driver's amount.
  const bytes = Math.max(...states.map(({ quarantinedBytes }) => quarantinedBytes));
  if (bytes === 0) return [ok('driver.quarantine', 'no memory is quarantined')];
  const blocks = Math.max(...states.map(({ quarantinedBlocks }) => quarantinedBlocks));
  return [
    warn(
      'driver.quarantine',
      `${mebibytes(bytes)} in ${blocks} blocks are quarantined: a card was ` +
        'not seen to be quiet when its owner ended, and may still write there',
      'Restart Windows to have the memory back; if it happens again, suspect the card',
    ),
  ];
}

function secureBoot(machine: Machine): Finding {
  const id = 'security.secure-boot';
  const on = machine.secureBoot();
  if (on === undefined) return info(id, 'whether Secure Boot is on is not known');
  return on
    ? ok(id, 'Secure Boot is on: wdpdkuio must be signed by Microsoft (attestation); test signatures do not count')
    : ok(id, 'Secure Boot is off');
}

const ENABLED = 1;
const TEST_SIGNING = 2;
const DEBUG_MODE = 0x80;
const HVCI = 0x400;
const HVCI_AUDIT = 0x800;
const SCENARIO = 'SYSTEM\\CurrentControlSet\\Control\\DeviceGuard\\Scenarios\\HypervisorEnforcedCodeIntegrity';

function codeIntegrity(machine: Machine): Finding[] {
  const id = 'security.signatures';
  const options = machine.codeIntegrity();
  if (options === undefined) return [info(id, 'what code integrity demands is not known')];
  const found: Finding[] = [];
  if ((options & TEST_SIGNING) !== 0)
    found.push(
      warn(
        id,
        'test signing is on: Windows loads drivers that anybody signed',
        "When tests are over: 'bcdedit /set testsigning off', then restart",
      ),
    );
  else if ((options & ENABLED) === 0)
    found.push(
      warn(
        id,
        'code integrity is off: Windows loads drivers without a signature',
        'Switch driver signature enforcement on again (restart without the option)',
      ),
    );
  else found.push(ok(id, 'only drivers with a signature that Windows trusts load; a test-signed wdpdkuio does not'));
  if ((options & DEBUG_MODE) !== 0)
    found.push(info('security.debug', 'the kernel debugger is on: some signature checks are not made'));
  const configured = machine.registryNumber(SCENARIO, 'Enabled') === 1;
  const hvci = 'security.hvci';
  if ((options & HVCI) !== 0)
    found.push(
      ok(
        hvci,
        `memory integrity (HVCI) is on${(options & HVCI_AUDIT) === 0 ? '' : ', auditing'}: ` +
          'drivers with pages both writable and executable do not load; wdpdkuio has none',
      ),
    );
  else if (configured)
    found.push(
      info(
        hvci,
        'memory integrity (HVCI) is configured and does not run: virtualisation may be off in the firmware, or a restart is due',
      ),
    );
  else found.push(ok(hvci, 'memory integrity (HVCI) is off'));
  return found;
}

/** DMAR: byte 37, bit 2 says that the platform wants DMA protection from the start. */
const DMAR_FLAGS_AT = 37;
const DMAR_OPT_IN = 4;

function remapping(machine: Machine): Finding {
  const id = 'dma';
  const [dmar, ivrs] = [machine.acpiTable('DMAR'), machine.acpiTable('IVRS')];
  const guard = machine.kernelDmaProtection();
  const unit = dmar ? 'Intel VT-d (DMAR)' : 'AMD-Vi (IVRS)';
  const kernel = guard === undefined ? '' : `; Kernel DMA Protection is ${guard ? 'on' : 'off'}`;
  if (!dmar && !ivrs)
    return info(
      id,
      'the firmware shows no IOMMU (neither DMAR nor IVRS): a card can reach ' +
        `all memory, so who holds one is as good as an administrator${kernel}`,
    );
  const optIn = dmar && ((dmar[DMAR_FLAGS_AT] ?? 0) & DMAR_OPT_IN) !== 0 ? ', and the platform asks for it' : '';
  return info(id, `there is an IOMMU, ${unit}${optIn}${kernel}; what it does to a card is said with the card`);
}

function runFolder(machine: Machine): Finding {
  const id = 'run-folder';
  const folder = machine.runFolder;
  // The dataplane makes these two; what they lie in must be there.
  const base = path.win32.resolve(folder, '..', '..');
  try {
    machine.assertWritable(base);
    return ok(id, `${folder}, for this user (and administrators)`);
  } catch (error) {
    return fail(id, `${base} cannot be used: ${messageOf(error)}`, 'Set LOCALAPPDATA to a directory of yours');
  }
}

export const securityFindings = (machine: Machine, devices: readonly WindowsDevice[]): Finding[] => [
  driver(machine, devices),
  ...quarantine(devices),
  secureBoot(machine),
  ...codeIntegrity(machine),
  remapping(machine),
  runFolder(machine),
];

/** SIDs in SDDL that are nobody in particular. */
const MANY: Readonly<Record<string, string>> = {
  WD: 'everyone',
  BU: 'all users',
  AU: 'all who logged on',
  IU: 'all at the console',
  BG: 'guests',
  AN: 'anonymous',
};
const KNOWN: Readonly<Record<string, string>> = {
  SY: 'SYSTEM',
  BA: 'administrators',
  'S-1-5-32-583': 'members of Device Owners',
};

/** Who may open a device, from its SDDL. */
function users(sddl: string): Finding {
  const id = 'users.devices';
  const allowed = [...sddl.matchAll(/\(A;[^;]*;[^;]*;[^;]*;[^;]*;([^;)]+)\)/g)].map(([, sid]) => sid!);
  const many = allowed.filter((sid) => sid in MANY || sid === 'S-1-1-0');
  const names = allowed.map((sid) => KNOWN[sid] ?? MANY[sid] ?? sid).join(', ');
  if (many.length > 0)
    return warn(
      id,
      `may be opened by ${names}: whoever opens it controls memory`,
      "Bind it again with the package's own INF, which lets SYSTEM, administrators and one group",
    );
  return ok(id, `may be opened by ${names}; they are as good as administrators`);
}

/** DEVPKEY_Device_DmaRemappingPolicy */
const POLICIES: Readonly<Record<number, string>> = {
  0: 'its driver says nothing about DMA remapping, and Windows does not enforce it',
  1: 'its driver has opted out of DMA remapping',
  2: 'its driver can be confined by DMA remapping',
};
const INFO_REMAPPING = 2;
const INFO_TEST_HARDWARE = 4;

export function cardFindings({ node, observed, shown }: WindowsDevice): Finding[] {
  const found: Finding[] = [];
  const flags = observed?.info?.flags ?? 0;
  if ((flags & INFO_TEST_HARDWARE) !== 0)
    found.push(info('card.hardware', 'no card: a test driver (wdpdkuio-test.sys) on a device model'));
  const policy =
    node.dmaRemapping === undefined ? undefined : (POLICIES[node.dmaRemapping] ?? `policy ${node.dmaRemapping}`);
  if (observed?.info) {
    const confined = (flags & INFO_REMAPPING) !== 0;
    const text = confined
      ? 'an IOMMU confines its DMA to the memory it was given'
      : 'nothing confines its DMA: who may open it controls memory';
    found.push((confined ? ok : info)('card.dma', policy === undefined ? text : `${text} (${policy})`));
  } else if (policy !== undefined) found.push(info('card.dma', policy));
  if (shown.bound && node.sddl !== undefined) found.push(users(node.sddl));
  return found;
}
