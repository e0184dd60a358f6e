// SPDX-License-Identifier: BSD-3-Clause
// doctor and devices on Linux machines that are made up.
import { describe, expect, it } from 'vitest';
import { type Settings, type Tree, cardTree, linuxMachine } from '../../../../test/linux-machine.ts';
import { machineFindings, verdict } from '../../doctor/doctor.ts';
import type { Finding } from '../../doctor/finding.ts';
import { linuxSystem } from './index.ts';

const A = '0000:65:00.0';

function look(changes: Tree = {}, settings: Settings = {}, without: string[] = []) {
  const system = linuxSystem(linuxMachine(changes, settings, without));
  const findings = machineFindings(system);
  for (const { id, level, remedy } of findings) expect(Boolean(remedy), id).toBe(level === 'warn' || level === 'fail');
  const find = (id: string): Finding | undefined => findings.find((one) => one.id === id);
  return { devices: system.devices(), find, ...verdict('linux', findings) };
}

const bound = cardTree({ address: A, driver: 'uio_pci_generic', files: { 'uio/uio0/name': 'uio_pci_generic' } });

describe('doctor on Linux', () => {
  it('is content with a machine that has all, and a card that is bound', () => {
    const { ok, cards, findings, find } = look({ ...bound, '/dev/uio0': '' });
    expect(findings.filter(({ level }) => level === 'warn' || level === 'fail')).toEqual([]);
    expect([ok, cards]).toEqual([true, true]);
    expect(find('card')).toMatchObject({ object: A, level: 'ok', text: expect.stringContaining('/dev/uio0') });
    expect(find('cores.isolated')!.text).toContain('2-7');
  });

  it('needs no card', () => {
    const { ok, cards, find } = look();
    expect([ok, cards]).toEqual([true, false]);
    expect(find('cards')).toMatchObject({ level: 'info', blocks: 'cards' });
  });

  it.each<[string, string, Tree, Settings, string[], Partial<Finding>]>([
    ['no huge pages', 'pages', {}, {}, ['/sys/kernel/mm/hugepages/'], { level: 'warn', blocks: 'cards' }],
    [
      'none reserved',
      'pages',
      { '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0' },
      {},
      [],
      { level: 'warn', blocks: 'cards' },
    ],
    [
      'none free',
      'pages',
      { '/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages': '0' },
      {},
      [],
      { level: 'warn' },
    ],
    ['no hugetlbfs', 'pages.mounts', { '/proc/mounts': 'proc /proc proc rw 0 0' }, {}, [], { level: 'info' }],
    ['a user', 'privilege', {}, { uid: 7 }, [], { level: 'warn', blocks: 'cards' }],
    ['a container', 'privilege', { '/proc/self/status': 'CapEff:\t00000000a80425fb' }, {}, [], { level: 'warn' }],
    [
      'a small limit',
      'privilege.memlock',
      { '/proc/self/status': 'CapEff:\t0', '/proc/self/limits': 'Max locked memory 65536 65536 bytes' },
      {},
      [],
      { level: 'info' },
    ],
    [
      'a cpuset',
      'cores.allowed',
      { '/proc/self/status': 'Cpus_allowed_list:\t0-1,4' },
      {},
      [],
      { text: expect.stringContaining('0-1,4 of 0-7') },
    ],
    [
      'no isolation',
      'cores.isolated',
      { '/sys/devices/system/cpu/isolated': '' },
      {},
      [],
      { level: 'info', text: expect.stringContaining('isolcpus=1-3') },
    ],
    [
      'timer ticks',
      'cores.isolated',
      { '/sys/devices/system/cpu/nohz_full': '2-5' },
      {},
      [],
      { level: 'warn', text: expect.stringContaining('6-7') },
    ],
    [
      'a slow governor',
      'cores.power',
      { '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave' },
      {},
      [],
      { level: 'warn' },
    ],
    [
      'a fast one',
      'cores.power',
      { '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance' },
      {},
      [],
      { level: 'ok' },
    ],
    [
      'a uio driver',
      'driver',
      { '/sys/bus/pci/drivers/igb_uio/bind': '', '/sys/module/igb_uio/version': '0.1' },
      {},
      [],
      { level: 'ok', text: 'igb_uio 0.1 loaded' },
    ],
    ['none', 'driver', {}, {}, [], { level: 'warn', blocks: 'cards' }],
    [
      'Secure Boot',
      'security.secure-boot',
      { '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': 'abcd\x01' },
      {},
      [],
      { level: 'info' },
    ],
    [
      'no Secure Boot',
      'security.secure-boot',
      { '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': 'abcd\x00' },
      {},
      [],
      { level: 'ok' },
    ],
    [
      'lockdown',
      'security.lockdown',
      { '/sys/kernel/security/lockdown': 'none [integrity] confidentiality' },
      {},
      [],
      { level: 'warn', blocks: 'cards' },
    ],
    [
      'no lockdown',
      'security.lockdown',
      { '/sys/kernel/security/lockdown': '[none] integrity confidentiality' },
      {},
      [],
      { level: 'ok' },
    ],
    [
      'an idle IOMMU',
      'dma',
      { '/sys/firmware/acpi/tables/DMAR': '' },
      {},
      [],
      { text: expect.stringContaining('DMAR') },
    ],
    [
      'an IOMMU',
      'dma',
      { '/sys/class/iommu/dmar0/x': '', '/sys/kernel/iommu_groups/3/type': 'DMA-FQ' },
      {},
      [],
      { text: expect.stringContaining('dmar0, 1 groups') },
    ],
    ['no tun', 'tap', {}, {}, ['/dev/net'], { level: 'warn' }],
    [
      'a shared folder',
      'run-folder',
      {},
      { states: { '/run/user/7/wdpdk': { mode: 0o40755, uid: 0 } } },
      [],
      { level: 'fail' },
    ],
    ['nowhere to run', 'run-folder', {}, { refuses: ['/run/user'] }, ['/run/user/7'], { level: 'fail' }],
    [
      'open devices',
      'users.devices',
      { '/dev/uio0': '', '/dev/uio1': '' },
      { states: { '/dev/uio1': { mode: 0o20666, uid: 0 } } },
      [],
      { level: 'warn', text: expect.stringMatching(/^\/dev\/uio1 may/) },
    ],
    ['closed devices', 'users.devices', { '/dev/uio0': '' }, {}, [], { level: 'ok' }],
  ])('sees %s (%s)', (_, id, changes, settings, without, expected) => {
    expect(look(changes, settings, without).find(id)).toMatchObject(expected);
  });

  it('tells huge pages of NUMA nodes apart, and the node of a card', () => {
    const node = (n: number, free: string): Tree => ({
      [`/sys/devices/system/node/node${n}/hugepages/hugepages-2048kB/nr_hugepages`]: '64',
      [`/sys/devices/system/node/node${n}/hugepages/hugepages-2048kB/free_hugepages`]: free,
    });
    const card = cardTree({ address: A, driver: 'igb_uio', files: { numa_node: '1', 'uio/uio0/name': '' } });
    const { find, devices } = look({ ...node(0, '64'), ...node(1, '0'), ...card });
    expect(find('pages.nodes')).toMatchObject({
      level: 'warn',
      text: expect.stringContaining('0: 64, 1: 0'),
      remedy: expect.stringContaining('node1'),
    });
    expect(devices[0]!.node).toBe(1);
    expect(find('card.node')!.text).toContain('NUMA node 1');
  });

  it('says what stands between a card and a dataplane, and what to do', () => {
    const state = (changes: Tree) => look(changes).devices[0]!.state;
    const of = (driver?: string, id?: string): Tree =>
      cardTree({ address: A, ...(driver && { driver }), ...(id && { id }), net: ['eth1'] });
    expect(state(of('i40e'))).toEqual({
      usable: false,
      why: "the kernel's driver i40e holds it",
      remedy: expect.stringContaining('modprobe'),
    });
    expect(state({ ...of('i40e'), '/sys/bus/pci/drivers/igb_uio/unbind': '' }).remedy).toBe(
      `As root: 'wdpdk bind ${A}'`,
    );
    expect(state(of()).why).toBe('it has no driver');
    expect(state(of('uio_pci_generic')).why).toMatch(/no uio device/);
    expect(state(of('e1000e', '8086:10d3'))).toEqual({
      usable: false,
      why: expect.stringContaining('no driver of the dataplane knows it'),
    });
  });

  const group = (type: string, driver: string, more: Tree = {}): Tree => ({
    ...cardTree({ address: A, driver, files: { 'uio/uio0/name': '' } }),
    '/sys/devices/pci0000:00/0000:65:00.0/iommu_group': '->/sys/kernel/iommu_groups/9',
    '/sys/kernel/iommu_groups/9/type': type,
    ['/sys/kernel/iommu_groups/9/devices/' + A]: `->/sys/devices/pci0000:00/${A}`,
    ...more,
  });
  const node = { '/dev/vfio/9': '' };

  it.each<[string, Tree, Partial<Finding>]>([
    [
      'a uio driver under an IOMMU that translates',
      group('DMA-FQ', 'uio_pci_generic'),
      { level: 'warn', blocks: 'cards', object: A, remedy: expect.stringContaining('--driver vfio-pci') },
    ],
    ['one that lets the card pass', group('identity', 'uio_pci_generic'), { level: 'info' }],
    ['vfio-pci', group('DMA', 'vfio-pci', node), { level: 'ok', text: expect.stringContaining('confines') }],
    [
      'vfio-pci without an IOMMU',
      group('', 'vfio-pci', { '/dev/vfio/noiommu-9': '' }),
      { level: 'info', text: expect.stringContaining('nothing confines') },
    ],
    ['no group', bound, { level: 'info', text: expect.stringContaining('nothing confines') }],
  ])('says what confines a card: %s', (_, tree, expected) => {
    expect(look(tree).find('card.dma')).toMatchObject(expected);
  });

  it.each<[string, Tree, Settings, object]>([
    [
      'whole and open',
      group('DMA', 'vfio-pci', node),
      {},
      { usable: true, why: expect.stringContaining('IOMMU group 9') },
    ],
    [
      'in no group',
      cardTree({ address: A, driver: 'vfio-pci' }),
      {},
      { usable: false, why: expect.stringContaining('no IOMMU group') },
    ],
    ['without a node', group('DMA', 'vfio-pci'), {}, { usable: false, why: expect.stringContaining('no /dev/vfio/9') }],
    [
      'that this user may not open',
      group('DMA', 'vfio-pci', node),
      { refuses: ['/dev/vfio/9'] },
      { usable: false, remedy: expect.stringContaining('chown') },
    ],
    [
      'that is not whole',
      group('DMA', 'vfio-pci', {
        ...node,
        ...cardTree({ address: '0000:65:00.1', driver: 'i40e' }),
        '/sys/kernel/iommu_groups/9/devices/0000:65:00.1': '',
        ...cardTree({ address: '0000:64:00.0', driver: 'pcieport' }),
        '/sys/kernel/iommu_groups/9/devices/0000:64:00.0': '',
      }),
      {},
      { usable: false, why: expect.stringMatching(/kernel: 0000:65:00\.1 \(i40e\)$/) },
    ],
  ])('of vfio-pci a group %s', (_, tree, settings, expected) => {
    expect(look(tree, settings).devices.find(({ address }) => address === A)!.state).toMatchObject(expected);
  });

  it('demands neither root nor huge pages where vfio-pci holds cards', () => {
    const { cards, find } = look(
      group('DMA', 'vfio-pci', node),
      { uid: 7, states: { '/dev/vfio/9': { mode: 0o20600, uid: 7 }, '/run/user/7/wdpdk': { mode: 0o40700, uid: 7 } } },
      ['/sys/kernel/mm/hugepages/'],
    );
    expect([cards, find('pages')!.blocks, find('privilege')!.blocks, find('users.devices')!.level]).toEqual([
      true,
      undefined,
      undefined,
      'ok',
    ]);
  });

  it('knows firmware that receives slowly, and a slot that is too narrow', () => {
    const link = {
      current_link_speed: '8.0 GT/s PCIe',
      current_link_width: '4',
      max_link_speed: '8.0 GT/s PCIe',
      max_link_width: '8',
    };
    const card = cardTree({ address: A, driver: 'i40e', net: ['eth1'], files: link });
    const { find, devices } = look(card, { firmware: { eth1: '6.01 0x800035da 1.1747.0' } });
    expect(find('card.firmware')).toMatchObject({ level: 'warn', text: expect.stringContaining('27 million') });
    expect(find('card.link')).toMatchObject({ level: 'warn', text: expect.stringContaining('8 GT/s x4') });
    expect(devices[0]).toMatchObject({
      firmware: '6.01 0x800035da 1.1747.0',
      interfaces: [{ name: 'eth1', up: true }],
    });
    const wide = look(cardTree({ address: A, files: { ...link, current_link_width: '8' } }), {});
    expect(wide.find('card.link')).toMatchObject({ level: 'info', text: expect.stringContaining('one port of 40') });
    expect(wide.find('card.firmware')).toMatchObject({ level: 'info' });
    expect(look(card, { firmware: { eth1: '8.30 0x8000a49d 1.2926.0' } }).find('card.firmware')).toMatchObject({
      level: 'info',
    });
  });

  it('survives a machine that says nothing at all', () => {
    const { findings } = look({}, {}, ['/']);
    expect(findings.length).toBeGreaterThan(5);
  });
});
