// SPDX-License-Identifier: BSD-3-Clause
// bind and unbind on Linux machines that are made up, with a kernel that answers.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Settings, type Tree, cardTree, linuxMachine } from '../../../test/linux-machine.ts';
import { linuxSystem } from '../system/linux/index.ts';
import { type Ask, type BindOptions, findDevice, rebind } from './bind.ts';

const [A, B] = ['0000:65:00.0', '0000:65:00.1'];
const UIO = { '/sys/bus/pci/drivers/uio_pci_generic/unbind': '' };
/** The machine's own network, and two ports of an XL710. */
const two: Tree = {
  ...UIO,
  ...cardTree({ address: '0000:02:00.0', id: '8086:1533', driver: 'igb', net: ['eth0'] }),
  ...cardTree({ address: A, driver: 'i40e', net: ['eth1'] }),
  ...cardTree({ address: B, driver: 'i40e', net: ['eth2'] }),
};

let said: string[] = [];
beforeEach(() => {
  said = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const none: Ask = undefined;
const answering =
  (...answers: string[]): Ask =>
  () =>
    Promise.resolve(answers.shift() ?? '');

function machine(changes: Tree = two, settings: Settings = {}) {
  const fake = linuxMachine(changes, settings);
  const bind = (options: BindOptions = { yes: true }, names = [A], ask = none) =>
    rebind(linuxSystem(fake), 'bind', names, options, ask);
  const unbind = (options: BindOptions = { yes: true }, names = [A], ask = none) =>
    rebind(linuxSystem(fake), 'unbind', names, options, ask);
  const driver = (address = A) => fake.tree[`/sys/devices/pci0000:00/${address}/driver`]?.split('/').at(-1);
  const override = (address = A) => fake.tree[`/sys/devices/pci0000:00/${address}/driver_override`];
  return { fake, bind, unbind, driver, override };
}

describe('bind on Linux', () => {
  it('takes a card off its driver and gives it to the one that is loaded, and back', async () => {
    const { fake, bind, unbind, driver, override } = machine();
    expect(await bind()).toBe(true);
    expect(driver()).toBe('uio_pci_generic');
    expect(fake.writes).toEqual([
      [`/sys/bus/pci/devices/${A}/driver_override`, 'uio_pci_generic'],
      ['/sys/bus/pci/drivers/i40e/unbind', A],
      ['/sys/bus/pci/drivers_probe', A],
    ]);
    expect(driver(B)).toBe('i40e');
    expect(linuxSystem(fake).devices()[1]!.state.usable).toBe(true);
    expect(await unbind()).toBe(true);
    expect([driver(), override()]).toEqual(['i40e', '']);
  });

  it('does nothing to a card that is bound already, and moves it to another driver when asked', async () => {
    const { fake, bind, driver } = machine({ ...two, '/sys/bus/pci/drivers/vfio-pci/unbind': '' });
    await bind();
    const before = fake.writes.length;
    expect(await bind({})).toBe(true);
    expect(fake.writes.length).toBe(before);
    await bind({ yes: true, driver: 'vfio-pci' });
    expect(driver()).toBe('vfio-pci');
  });

  it('chooses the driver that an IOMMU confines, where there is one', async () => {
    const vfio = { '/sys/bus/pci/drivers/vfio-pci/unbind': '' };
    const { bind, driver } = machine({
      ...two,
      ...vfio,
      [`/sys/devices/pci0000:00/${A}/iommu_group`]: '->/sys/kernel/iommu_groups/9',
      '/sys/kernel/iommu_groups/9/type': 'DMA-FQ',
    });
    await bind();
    expect(driver()).toBe('vfio-pci');
    await bind({ yes: true }, [B]);
    expect(driver(B)).toBe('uio_pci_generic');
  });

  it('says with --dry-run what it would do, without a yes, and does nothing', async () => {
    const { fake, bind } = machine();
    expect(await bind({ dryRun: true })).toBe(false);
    expect(fake.writes).toEqual([]);
    expect(said.join('')).toMatch(/from i40e to uio_pci_generic[\s\S]*eth1 goes away \(up\)[\s\S]*drivers_probe/);
  });

  it('asks on a terminal, and refuses where there is none', async () => {
    const { fake, bind, driver } = machine();
    await expect(bind({})).rejects.toMatchObject({
      code: 'WDPDK_E_ARGUMENT',
      remedy: expect.stringContaining('--yes'),
    });
    for (const no of ['', 'n', 'nope']) expect(await bind({}, [A], answering(no))).toBe(false);
    expect(fake.writes).toEqual([]);
    expect(await bind({}, [A], answering('y'))).toBe(true);
    expect(driver()).toBe('uio_pci_generic');
  });

  it('gives the card back to its driver when the new one does not take it', async () => {
    const { bind, driver, override } = machine({ ...two, refuses: 'uio_pci_generic' });
    await expect(bind()).rejects.toMatchObject({ code: 'WDPDK_E_INTERNAL', object: A });
    expect([driver(), override()]).toEqual(['i40e', '']);
    expect(said.join('')).toContain('given back to i40e');
  });

  it('names the file that the kernel does not let it write', async () => {
    const refuses = [`/sys/bus/pci/devices/${A}/driver_override`];
    await expect(machine(two, { refuses }).bind()).rejects.toMatchObject({
      code: 'WDPDK_E_DENIED',
      object: refuses[0],
    });
  });

  it.each<[string, Tree, Settings, BindOptions, string, object]>([
    ['who is not root', two, { uid: 7 }, {}, A, { code: 'WDPDK_E_DENIED' }],
    ['a card that is not there', two, {}, {}, '66:00.0', { code: 'WDPDK_E_NOT_FOUND' }],
    ['what is no address', two, {}, {}, 'nonsense', { code: 'WDPDK_E_NOT_FOUND' }],
    ['a card that nobody here drives', two, {}, {}, '02:00.0', { code: 'WDPDK_E_ARGUMENT' }],
    [
      'a driver that is not loaded',
      two,
      {},
      { driver: 'igb_uio' },
      A,
      { remedy: expect.stringContaining('modprobe igb_uio') },
    ],
    ['a driver of the kernel', two, {}, { driver: 'igb' }, A, { code: 'WDPDK_E_ARGUMENT' }],
    ['without a driver loaded', cardTree({ address: A }), {}, {}, A, { remedy: expect.stringContaining('modprobe') }],
  ])('refuses %s', async (_, tree, settings, options, name, expected) => {
    const { fake, bind } = machine(tree, settings);
    await expect(bind({ yes: true, ...options }, [name])).rejects.toMatchObject(expected);
    expect(fake.writes).toEqual([]);
  });

  it('unbinds nothing that the kernel has, and says when the kernel has no driver for it', async () => {
    await expect(machine().unbind()).rejects.toMatchObject({ code: 'WDPDK_E_ARGUMENT' });
    const { bind, unbind, driver } = machine(two, { natural: 'absent' });
    await bind();
    await expect(unbind()).rejects.toMatchObject({
      code: 'WDPDK_E_NOT_FOUND',
      remedy: expect.stringContaining('i40e'),
    });
    expect(driver()).toBeUndefined();
  });
});

describe("what is the machine's network", () => {
  const route = (name: string) => ({
    '/proc/net/route': `Iface Destination Gateway Flags RefCnt Use Metric Mask MTU\n${name} 00000000 01 0003 0 0 0 00000000 0`,
  });
  const v6 = (name: string) => ({
    '/proc/net/route': 'Iface',
    '/proc/net/ipv6_route': `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80 00000400 00000001 00000000 00000003 ${name}`,
  });
  const lone = { ...UIO, ...cardTree({ address: A, driver: 'i40e', net: ['eth1'] }), '/proc/net/route': 'Iface' };
  const ssh = (address: string) => ({ env: { SSH_CONNECTION: `10.0.0.9 4711 ${address} 22` } });
  const eth1 = { addresses: { eth1: ['10.0.0.1', 'fe80::1'] } };
  const bond = { '/sys/class/net/bond0/lower_eth1/x': '', '/sys/class/net/vlan7/lower_bond0/x': '' };
  const bridge = { '/sys/class/net/br0/brif/eth1/x': '' };
  const sudo = {
    '/proc/4711/stat': '4711 (node) S 12 0',
    '/proc/12/stat': '12 (su do) S 11 0',
    '/proc/11/stat': '11 (bash) S 1 0',
  };

  it.each<[string, Tree, Settings, RegExp | undefined]>([
    ['another card', two, {}, undefined],
    ['the only card', lone, {}, /no network card left/],
    [
      'the only card, below a virtio device',
      { ...lone, ...cardTree({ address: A, driver: 'i40e', net: ['eth1'], below: 'virtio0' }) },
      {},
      /no network card left/,
    ],
    ['the default route', { ...two, ...route('eth1') }, {}, /default route goes that way \(eth1\)/],
    ['the default route of IPv6', { ...two, ...v6('eth1') }, {}, /default route/],
    ['the default route over a bond', { ...two, ...bond, ...route('bond0') }, {}, /bond0/],
    ['the default route over a VLAN on a bond', { ...two, ...bond, ...route('vlan7') }, {}, /vlan7/],
    ['the default route over a bridge', { ...two, ...bridge, ...route('br0') }, {}, /br0/],
    ['this SSH session', two, { ...eth1, ...ssh('10.0.0.1') }, /SSH session/],
    ['this SSH session over IPv6', two, { ...eth1, ...ssh('fe80::1%eth1') }, /SSH session/],
    ['another SSH session', two, { ...eth1, ...ssh('10.0.0.2') }, undefined],
    [
      'an SSH session that sudo hides',
      { ...two, ...sudo, '/proc/11/environ': 'HOME=/\0SSH_CONNECTION=10.0.0.9 4711 10.0.0.1 22\0' },
      eth1,
      /SSH session/,
    ],
  ])('%s', async (_, tree, settings, danger) => {
    const { fake, bind, driver } = machine(tree, settings);
    if (danger === undefined) {
      expect(await bind()).toBe(true);
      return;
    }
    await expect(bind()).rejects.toMatchObject({
      code: 'WDPDK_E_IN_USE',
      message: expect.stringMatching(danger),
      remedy: expect.stringContaining('--lose-network'),
    });
    await expect(bind({ loseNetwork: true })).rejects.toThrow('--yes');
    expect(await bind({ loseNetwork: true }, [A], answering('y'))).toBe(false);
    expect(fake.writes).toEqual([]);
    expect(await bind({ loseNetwork: true }, [A], answering(A!))).toBe(true);
    expect(driver()).toBe('uio_pci_generic');
  });

  it('is also both ports together, when they are all there is', async () => {
    const ports = {
      ...UIO,
      ...cardTree({ address: A, driver: 'i40e', net: ['eth1'] }),
      ...cardTree({ address: B, driver: 'i40e', net: ['eth2'] }),
      '/proc/net/route': 'Iface',
    };
    await expect(machine(ports).bind({ yes: true }, [A, 'eth2'])).rejects.toThrow('no network card left');
    const { bind } = machine(ports);
    expect(await bind()).toBe(true);
    await expect(bind({ yes: true }, [B])).rejects.toThrow('no network card left');
  });
});

describe('a device by its name', () => {
  const devices = linuxSystem(linuxMachine(two)).devices();
  it.each([[A], ['65:00.0'], ['eth1'], ['0:65:0.0']])('%s', (name) =>
    expect(findDevice(devices, name).address).toBe(A),
  );
  it.each([['65:00.8'], ['65:20.0'], [''], ['__proto__']])('is not %j', (name) =>
    expect(() => findDevice(devices, name)).toThrow('there is no network card'),
  );
});
