// SPDX-License-Identifier: BSD-3-Clause
// doctor and devices on Windows machines that are made up.
import { describe, expect, it } from 'vitest';
import {
  HOUSE,
  I40E,
  SECOND,
  type Settings,
  adapter,
  info,
  node,
  state,
  windowsMachine,
} from '../../../../test/windows-machine.ts';
import { machineFindings, verdict } from '../../doctor/doctor.ts';
import type { Finding } from '../../doctor/finding.ts';
import { windowsSystem } from './index.ts';
import { PROBLEM_CODES, problemText } from './problems.ts';

const ADDRESS = '0000:65:00.0';
const uio = node(I40E, { service: 'wdpdkuio', className: 'wdpdk' });

function look(settings: Settings = {}) {
  const system = windowsSystem(windowsMachine(settings));
  const findings = machineFindings(system);
  for (const { id, level, remedy } of findings) expect(Boolean(remedy), id).toBe(level === 'warn' || level === 'fail');
  const find = (id: string): Finding | undefined => findings.find((one) => one.id === id);
  return { devices: system.devices(), find, ...verdict('windows', findings) };
}

describe('doctor on Windows', () => {
  it('is content with a machine that has all, and a card that is bound', () => {
    const { ok, cards, findings, find } = look({ nodes: [uio] });
    expect(findings.filter(({ level }) => level === 'warn' || level === 'fail')).toEqual([]);
    expect([ok, cards]).toEqual([true, true]);
    expect(find('driver')!.text).toMatch(/wdpdkuio 0\.1\.0\.0 .*running, contract 1/);
    expect(find('card')).toMatchObject({ object: ADDRESS, level: 'ok' });
    expect(find('cores.isolated')!.text).toContain('4-7');
  });

  it.each<[string, string, Settings, Partial<Finding>]>([
    [
      'no driver',
      'driver',
      { driver: () => undefined },
      { level: 'warn', blocks: 'cards', remedy: expect.stringContaining('--inf') },
    ],
    [
      'a driver without its file',
      'driver',
      { driver: () => ({ start: 3, state: 1, file: 'C:\\x.sys', fileThere: false }) },
      { level: 'warn', text: expect.stringContaining('C:\\x.sys is gone') },
    ],
    [
      'a disabled driver',
      'driver',
      { driver: () => ({ start: 4, state: 1, file: 'C:\\x.sys', fileThere: true, version: '1.0.0.0' }) },
      { level: 'warn', remedy: expect.stringContaining('sc config') },
    ],
    [
      'a driver that waits for a card',
      'driver',
      { driver: () => ({ start: 3, state: 1, file: 'C:\\x.sys', fileThere: true, version: '1.0.0.0' }) },
      { level: 'info', text: expect.stringContaining('stopped') },
    ],
    [
      'another contract',
      'driver',
      { nodes: [uio], observed: { info: info({ contract: 2 }) } },
      { level: 'warn', blocks: 'cards', text: expect.stringContaining('this wdpdk speaks 1') },
    ],
    [
      'an older driver in memory',
      'driver',
      { nodes: [uio], observed: { info: info({ version: '0.0.9.0' }), state: state() } },
      { level: 'warn', text: expect.stringContaining('still 0.0.9.0') },
    ],
    [
      'quarantined memory',
      'driver.quarantine',
      { nodes: [uio], observed: { info: info(), state: state({ quarantinedBytes: 2 ** 25, quarantinedBlocks: 3 }) } },
      { level: 'warn', text: expect.stringMatching(/32 MiB in 3 blocks/) },
    ],
    ['no quarantined memory', 'driver.quarantine', { nodes: [uio] }, { level: 'ok' }],
    ['no large pages', 'pages', { largePageBytes: () => 0 }, { level: 'warn' }],
    [
      'no privilege',
      'privilege',
      { holdsPrivilege: () => false },
      { level: 'warn', remedy: expect.stringContaining('secpol.msc') },
    ],
    ['no administrator', 'privilege.administrator', { administrator: () => false }, { level: 'info' }],
    [
      'processor groups',
      'cores.groups',
      { processorGroups: () => [64, 32] },
      { level: 'info', text: expect.stringContaining('96 logical processors in 2 groups') },
    ],
    ['no reserved cores', 'cores.isolated', { cpuSets: () => [] }, {}],
    [
      'parked cores',
      'cores.parked',
      { cpuSets: () => [{ group: 0, core: 1, parked: true, allocated: false, realTime: false }] },
      { level: 'warn' },
    ],
    [
      'a slow power plan',
      'cores.power',
      { powerPlan: () => '{381b4222-f694-41f0-9685-ff5bb260df2e}' },
      { level: 'warn', text: expect.stringContaining('Balanced') },
    ],
    [
      'a power plan of its own',
      'cores.power',
      { powerPlan: () => '{00000000-f694-41f0-9685-ff5bb260df2e}' },
      { level: 'info' },
    ],
    ['no power plan', 'cores.power', { powerPlan: () => undefined }, { level: 'info' }],
    [
      'Secure Boot',
      'security.secure-boot',
      { secureBoot: () => true },
      { text: expect.stringContaining('signed by Microsoft') },
    ],
    ['an unknown Secure Boot', 'security.secure-boot', { secureBoot: () => undefined }, { level: 'info' }],
    [
      'test signing',
      'security.signatures',
      { codeIntegrity: () => 3 },
      { level: 'warn', remedy: expect.stringContaining('testsigning off') },
    ],
    ['no code integrity', 'security.signatures', { codeIntegrity: () => 0 }, { level: 'warn' }],
    ['an unknown code integrity', 'security.signatures', { codeIntegrity: () => undefined }, { level: 'info' }],
    ['HVCI', 'security.hvci', { codeIntegrity: () => 0x401 }, { level: 'ok', text: expect.stringContaining('is on') }],
    [
      'HVCI that does not run',
      'security.hvci',
      {
        registry: {
          'SYSTEM\\CurrentControlSet\\Control\\DeviceGuard\\Scenarios\\HypervisorEnforcedCodeIntegrity\\Enabled': 1,
        },
      },
      { level: 'info', text: expect.stringContaining('configured') },
    ],
    ['a kernel debugger', 'security.debug', { codeIntegrity: () => 0x81 }, { level: 'info' }],
    ['no IOMMU', 'dma', {}, { text: expect.stringContaining('neither DMAR nor IVRS') }],
    [
      'VT-d',
      'dma',
      {
        acpiTable: (name) =>
          name === 'DMAR' ? Uint8Array.from({ length: 48 }, (_, i) => (i === 37 ? 5 : 0)) : undefined,
      },
      { text: expect.stringContaining('VT-d (DMAR), and the platform asks for it; Kernel DMA Protection is off') },
    ],
    [
      'AMD-Vi',
      'dma',
      { acpiTable: (name) => (name === 'IVRS' ? new Uint8Array(48) : undefined), kernelDmaProtection: () => true },
      { text: expect.stringContaining('AMD-Vi (IVRS); Kernel DMA Protection is on') },
    ],
    [
      'a card in the open',
      'card.dma',
      { nodes: [{ ...uio, dmaRemapping: 1 }] },
      {
        level: 'info',
        text: expect.stringContaining(
          'nothing confines its DMA: who may open it controls memory (its driver has opted out',
        ),
      },
    ],
    [
      'a confined card',
      'card.dma',
      { nodes: [uio], observed: { info: info({ flags: 3 }), state: state() } },
      { level: 'ok' },
    ],
    [
      'test hardware',
      'card.hardware',
      { nodes: [uio], observed: { info: info({ flags: 4 }), state: state() } },
      { level: 'info' },
    ],
    [
      'who may open it',
      'users.devices',
      { nodes: [{ ...uio, sddl: 'D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;S-1-5-32-9)' }] },
      { level: 'ok', text: expect.stringContaining('SYSTEM, administrators, S-1-5-32-9') },
    ],
    [
      'everyone who may',
      'users.devices',
      { nodes: [{ ...uio, sddl: 'D:(A;;GA;;;SY)(A;;GA;;;WD)' }] },
      { level: 'warn', text: expect.stringContaining('everyone') },
    ],
    [
      'nowhere to run',
      'run-folder',
      {
        assertWritable: () => {
          throw new Error('EPERM');
        },
      },
      { level: 'fail', text: 'C:\\Users\\me\\AppData\\Local cannot be used: EPERM' },
    ],
  ])('sees %s (%s)', (_, id, settings, expected) => {
    const found = look(settings).find(id);
    if (Object.keys(expected).length === 0) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  it.each<[string, Settings, object]>([
    [
      'held by Windows',
      { nodes: [node(I40E)] },
      {
        usable: false,
        why: "Windows' own driver i40ea68 holds it",
        remedy: expect.stringContaining(`wdpdk bind ${ADDRESS}`),
      },
    ],
    ['without a driver', { nodes: [node(I40E, { service: undefined })] }, { usable: false, why: 'it has no driver' }],
    [
      'with a problem',
      { nodes: [node(I40E, { status: { flags: 0x400, problem: 52 } })] },
      { usable: false, why: expect.stringContaining('(code 52)'), remedy: expect.stringContaining('testsigning') },
    ],
    ['without status (Wine)', { nodes: [{ ...uio, status: undefined }] }, { usable: true }],
    [
      'that nobody here knows',
      { nodes: [node(HOUSE)] },
      { usable: false, why: expect.stringContaining('no driver of the dataplane') },
    ],
    [
      'not started',
      { nodes: [{ ...uio, status: { flags: 0, problem: 0 } }], uioInterfaces: () => [] },
      { usable: false, why: expect.stringContaining('not started') },
    ],
    [
      'without an interface',
      { nodes: [uio], uioInterfaces: () => [] },
      { usable: false, why: expect.stringContaining('no device interface') },
    ],
    [
      'that this user may not open',
      { nodes: [uio], observed: { error: 5 } },
      { usable: false, remedy: expect.stringContaining('administrator') },
    ],
    [
      'that fails in its own way',
      { nodes: [uio], observed: { error: 4711 } },
      { usable: false, why: expect.stringContaining('4711') },
    ],
    [
      'that answers nonsense',
      { nodes: [uio], observed: {} },
      { usable: false, why: expect.stringContaining('another shape') },
    ],
    [
      'of another contract',
      { nodes: [uio], observed: { info: info({ contract: 7 }) } },
      { usable: false, why: expect.stringContaining('contract 7') },
    ],
    [
      'that is in use',
      { nodes: [uio], observed: { info: info(), state: state({ state: 2, owner: 4711 }) } },
      { usable: true, why: expect.stringContaining('process 4711 drives it') },
    ],
    ['that was stopped', { nodes: [uio], observed: { info: info(), state: state({ state: 0 }) } }, { usable: false }],
    ['that was removed', { nodes: [uio], observed: { info: info(), state: state({ state: 3 }) } }, { usable: false }],
    [
      'that is not quiet',
      { nodes: [uio], observed: { info: info(), state: state({ flags: 2 }) } },
      { usable: false, why: expect.stringContaining('quiet') },
    ],
  ])('says of a card %s what it can', (_, settings, expected) => {
    expect(look(settings).devices[0]!.state).toMatchObject(expected);
  });

  it('joins a card with its interface, and takes its address from its driver where Windows does not say', () => {
    const registry = {
      'SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e972-e325-11ce-bfc1-08002be10318}\\0001\\NetCfgInstanceId':
        '{Ethernet 2}',
    };
    const [first, second] = look({
      nodes: [node(I40E), { ...uio, instanceId: SECOND, bus: undefined, location: undefined }],
      registry,
      adapters: () => [adapter('Ethernet 2', { addresses: ['10.0.0.1'] })],
      observed: { info: info({ segment: 1, bus: 0x17, slot: 3, fn: 1, node: 1 }), state: state() },
    }).devices;
    expect(first).toMatchObject({
      address: ADDRESS,
      instanceId: I40E,
      subsystemVendor: 0x8086,
      subsystemDevice: 1,
      interfaces: [{ name: 'Ethernet 2', up: true, addresses: ['10.0.0.1'] }],
    });
    expect(second).toMatchObject({ address: '0001:17:03.1', node: 1, bound: true });
  });

  it('knows every problem code of Plug and Play in words, and invents nothing for others', () => {
    expect(PROBLEM_CODES).toEqual(Array.from({ length: 57 }, (_, i) => i + 1));
    for (const code of PROBLEM_CODES)
      expect(problemText(code).text).toMatch(new RegExp(`^[A-Za-z].*\\(code ${code}\\)$`));
    expect(problemText(999).text).toContain('999');
  });
});
