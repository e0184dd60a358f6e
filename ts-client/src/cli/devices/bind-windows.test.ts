// SPDX-License-Identifier: BSD-3-Clause
// bind and unbind on Windows machines that are made up.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
} from '../../../test/windows-machine.ts';
import { windowsSystem } from '../system/windows/index.ts';
import { type BindOptions, rebind } from './bind.ts';

const ADDRESS = '0000:65:00.0';
const INF = 'C:\\wdpdk\\wdpdkuio.inf';
const uio = node(I40E, { service: 'wdpdkuio' });
const CLASS = 'SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e972-e325-11ce-bfc1-08002be10318}';
const registry = { [`${CLASS}\\0001\\NetCfgInstanceId`]: '{one}', [`${CLASS}\\0002\\NetCfgInstanceId`]: '{two}' };
const other = adapter('house');

let said = '';
beforeEach(() => {
  said = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

function machine(settings: Settings = {}) {
  const fake = windowsMachine({ nodes: [node(I40E)], adapters: () => [other], ...settings });
  const system = windowsSystem(fake);
  const call =
    (action: 'bind' | 'unbind') =>
    (options: BindOptions = {}, names = [ADDRESS]) =>
      rebind(system, action, names, { yes: true, inf: INF, ...options }, undefined);
  return { fake, system, bind: call('bind'), unbind: call('unbind') };
}

describe('bind on Windows', () => {
  it('installs the driver for this one card, and the system sees it', async () => {
    const { fake, bind, system } = machine({ nodes: [node(I40E), node(SECOND)] });
    expect(await bind()).toBe(true);
    expect(fake.installed).toEqual([`${I40E} <- ${INF}`]);
    expect(system.devices().map(({ bound, state: { usable } }) => [bound, usable])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('takes the package that Windows has, by instance id as well', async () => {
    const { fake, bind } = machine({ staged: 'C:\\Windows\\INF\\oem7.inf' });
    expect(await rebind(windowsSystem(fake), 'bind', [I40E.toLowerCase()], { yes: true }, undefined)).toBe(true);
    expect(fake.installed).toEqual([`${I40E} <- C:\\Windows\\INF\\oem7.inf`]);
    expect(await bind()).toBe(true);
  });

  it('leaves a card alone that is bound and works', async () => {
    const { fake, system } = machine({ nodes: [uio] });
    expect(await rebind(system, 'bind', [ADDRESS], {}, undefined)).toBe(true);
    expect(fake.installed).toEqual([]);
    expect(said).toContain('holds it already');
  });

  it('says that a restart is needed, and does not call a card that waits for it broken', async () => {
    const { bind } = machine({ install: 'restart', problem: 14 });
    expect(await bind({ json: true })).toBe(true);
    expect(said).toContain('restart Windows');
    const report = JSON.parse(said.split('\n').find((line) => line.startsWith('{'))!) as unknown;
    expect(report).toEqual({
      action: 'bind',
      done: true,
      dangers: [],
      devices: [{ device: ADDRESS, from: 'i40ea68', to: 'wdpdkuio', restart: true }],
    });
  });

  it.each<[string, Settings, BindOptions, object]>([
    ['whoever is no administrator', { administrator: () => false }, {}, { code: 'WDPDK_E_DENIED' }],
    [
      'without a package',
      {},
      { inf: undefined as unknown as string },
      { code: 'WDPDK_E_ARGUMENT', remedy: expect.stringContaining('--inf') },
    ],
    ['a package that is not there', { fileExists: () => false }, {}, { code: 'WDPDK_E_ARGUMENT' }],
    ['a driver of Linux', {}, { driver: 'igb_uio' }, { code: 'WDPDK_E_ARGUMENT' }],
    ['a card that nobody here drives', { nodes: [node(HOUSE)] }, {}, { code: 'WDPDK_E_ARGUMENT' }],
    [
      'the way out',
      { registry, adapters: () => [adapter('one', { gateway: true }), other] },
      {},
      { code: 'WDPDK_E_IN_USE', message: expect.stringContaining('default route goes that way (one)') },
    ],
    [
      'the only card',
      { registry, adapters: () => [adapter('one'), adapter('loopback', { hardware: false })] },
      {},
      { code: 'WDPDK_E_IN_USE' },
    ],
    [
      'the way of a Remote Desktop session',
      { registry, remoteDesktop: () => true, adapters: () => [adapter('one'), other] },
      {},
      { code: 'WDPDK_E_IN_USE' },
    ],
    [
      'the way of an SSH session',
      {
        registry,
        env: { SSH_CONNECTION: '10.0.0.9 1 10.0.0.1 22' },
        adapters: () => [adapter('one', { addresses: ['10.0.0.1'] }), other],
      },
      {},
      { code: 'WDPDK_E_IN_USE' },
    ],
  ])('refuses %s', async (_, settings, options, expected) => {
    const { fake, bind } = machine(settings);
    await expect(bind(options)).rejects.toMatchObject(expected);
    expect(fake.installed).toEqual([]);
  });

  it('gives the only card away when told twice', async () => {
    const { fake, bind } = machine({ registry, adapters: () => [adapter('one', { gateway: true })] });
    expect(await bind({ loseNetwork: true })).toBe(true);
    expect(fake.installed).toHaveLength(1);
  });

  it.each<[string, Settings, object]>([
    ['the installer refuses', { install: new Error('no') }, { message: 'no' }],
    ['the driver is not signed for this Windows', { problem: 52 }, { message: expect.stringContaining('(code 52)') }],
    [
      'the driver is of another release',
      { observed: { info: info({ contract: 9 }), state: state() } },
      { message: expect.stringContaining('contract 9') },
    ],
  ])('tells when %s', async (_, settings, expected) => {
    await expect(machine(settings).bind()).rejects.toMatchObject(expected);
  });
});

describe('unbind on Windows', () => {
  it("gives the card to Windows' own driver", async () => {
    const { fake, unbind, system } = machine({ nodes: [uio] });
    expect(await unbind()).toBe(true);
    expect(fake.installed).toEqual([`${I40E} <-`]);
    expect(system.devices()[0]).toMatchObject({ bound: false, driver: 'i40ea68' });
  });

  it.each<[string, Settings, object]>([
    [
      'a card that a dataplane drives',
      { nodes: [uio], observed: { info: info(), state: state({ owner: 4711, state: 2 }) } },
      { code: 'WDPDK_E_IN_USE', message: expect.stringContaining('4711') },
    ],
    ['a card that it does not have', {}, { code: 'WDPDK_E_ARGUMENT' }],
    ['whoever is no administrator', { nodes: [uio], administrator: () => false }, { code: 'WDPDK_E_DENIED' }],
  ])('refuses %s', async (_, settings, expected) => {
    const { fake, unbind } = machine(settings);
    await expect(unbind()).rejects.toMatchObject(expected);
    expect(fake.installed).toEqual([]);
  });
});
