// SPDX-License-Identifier: BSD-3-Clause
// `wdpdk devices`, `bind`, `unbind` and `doctor --json` as they are called, on this machine and on one that is made up of files.
import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { root, system, tempDir } from './support/bed.ts';
import { cliFile, json, wdpdk } from './support/cli.ts';

interface Devices {
  readonly system: string;
  readonly devices: readonly { readonly address?: string; readonly instanceId?: string; readonly usable: boolean }[];
}
interface Diagnosis {
  readonly system: string;
  readonly cards: boolean;
  readonly findings: readonly { readonly id: string; readonly level: string; readonly text: string }[];
}

/** The members are those of the schema. */
function checked<T>(name: 'doctor' | 'devices', stdout: string): T {
  const schema = JSON.parse(fs.readFileSync(path.join(root, 'ts-client', `${name}.schema.json`), 'utf8')) as object;
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  const value: unknown = JSON.parse(stdout);
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  return value as T;
}

describe('on this machine', () => {
  it('devices and doctor say what their schemas describe', async () => {
    const devices = await wdpdk(['devices', '--json']);
    expect(devices.exitCode, devices.stderr).toBe(0);
    expect(checked<Devices>('devices', devices.stdout).system).toBe(system);
    expect(checked<Diagnosis>('doctor', (await wdpdk(['doctor', '--json'])).stdout).system).toBe(system);
    expect((await wdpdk(['devices'])).stdout).toMatch(/^device +id|no network card/);
  });

  it('bind refuses a card that is not there, and names those that are', async () => {
    const { exitCode, stderr } = await wdpdk(['bind', '--yes', 'ffff:ff:1f.7']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/there is no network card ffff:ff:1f\.7 \(there are: .*WDPDK_E_NOT_FOUND/);
  });

  it.each(['doctor', 'devices', 'bind', 'unbind'])('%s --help shows an example', async (command) => {
    const { exitCode, stdout } = await wdpdk([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n {2}(sudo )?wdpdk /);
  });

  it.each(['bind', 'unbind'])('%s wants a card', async (command) => {
    expect((await wdpdk([command])).exitCode).toBe(2);
  });
});

/** Two ports of an XL710 and a card of the machine's own, as sysfs has them, in files; nothing answers what is written. */
function madeUp(): Record<string, string> {
  const home = tempDir();
  const put = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    fs.writeFileSync(path.join(home, name), `${text}\n`);
  };
  const link = (from: string, to: string): void => {
    fs.mkdirSync(path.dirname(path.join(home, from)), { recursive: true });
    fs.symlinkSync(path.relative(path.dirname(path.join(home, from)), path.join(home, to)), path.join(home, from));
  };
  const card = (address: string, device: string, driver: string, name: string): void => {
    const folder = `sys/devices/pci0000:00/${address}`;
    put(`${folder}/class`, '0x020000');
    put(`${folder}/vendor`, '0x8086');
    put(`${folder}/device`, device);
    put(`${folder}/driver_override`, '(null)');
    put(`sys/bus/pci/drivers/${driver}/unbind`, '');
    link(`${folder}/driver`, `sys/bus/pci/drivers/${driver}`);
    link(`sys/bus/pci/devices/${address}`, folder);
    put(`${folder}/net/${name}/flags`, '0x1003');
    link(`${folder}/net/${name}/device`, folder);
    link(`sys/class/net/${name}`, `${folder}/net/${name}`);
  };
  card('0000:02:00.0', '0x1533', 'igb', 'eth0');
  card('0000:65:00.0', '0x1583', 'i40e', 'eth1');
  card('0000:65:00.1', '0x1583', 'i40e', 'eth2');
  put('sys/bus/pci/drivers/uio_pci_generic/unbind', '');
  put('sys/bus/pci/drivers_probe', '');
  put(
    'proc/net/route',
    'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU\neth1 00000000 0 0003 0 0 0 00000000 0',
  );
  return { WDPDK_SYSTEM_ROOT: home };
}

describe('on a machine that is made up', () => {
  const call = (env: Record<string, string>, ...args: string[]) =>
    execa(process.execPath, [cliFile, ...args], { reject: false, env, stdin: 'ignore' });
  const read = (env: Record<string, string>, file: string): string =>
    fs.readFileSync(path.join(env['WDPDK_SYSTEM_ROOT']!, file), 'utf8').trim();

  it('shows cards, and what stands between them and a dataplane', async () => {
    const env = madeUp();
    const { stdout } = await call(env, 'devices');
    expect(stdout).toMatch(/0000:65:00\.1 +8086:1583 +Intel XL710 40G QSFP\+ +i40e +- +eth2 +no/);
    expect(stdout).toContain("As root: 'wdpdk bind 0000:65:00.1'");
    const { devices } = checked<Devices>('devices', (await call(env, 'devices', '--json')).stdout);
    expect(devices.map(({ address }) => address)).toEqual(['0000:02:00.0', '0000:65:00.0', '0000:65:00.1']);
    const required = await call(env, 'doctor', '--json', '--cards');
    expect(required.exitCode).toBe(1);
    const { findings, cards } = checked<Diagnosis>('doctor', required.stdout);
    expect(cards).toBe(false);
    expect(findings.find(({ id }) => id === 'cards')).toMatchObject({
      level: 'warn',
      text: expect.stringContaining('2 that wdpdk could drive'),
    });
  });

  it('changes nothing before a yes, and never the way out without being told twice', async () => {
    const env = madeUp();
    const look = (): string[] =>
      ['sys/bus/pci/drivers_probe', 'sys/devices/pci0000:00/0000:65:00.0/driver_override'].map((file) =>
        read(env, file),
      );
    const before = look();
    const dry = await call(env, 'bind', '--dry-run', 'eth2');
    expect(dry.exitCode, dry.stderr).toBe(0);
    expect(dry.stdout).toMatch(/from i40e to uio_pci_generic\n {2}the interface eth2 goes away/);
    const silent = await call(env, 'bind', '65:00.1');
    expect([silent.exitCode, silent.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    const out = await call(env, 'bind', '--yes', '65:00.0');
    expect(out.exitCode).toBe(1);
    expect(out.stderr).toMatch(/default route goes that way \(eth1\).*--lose-network.*WDPDK_E_IN_USE/);
    expect(look()).toEqual(before);
  });

  it('says that the kernel did not do as it was told, and undoes what it can', async () => {
    const env = madeUp();
    const { exitCode, stderr, stdout } = await call(env, 'bind', '--yes', '--json', '65:00.1');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/given back to i40e[\s\S]*uio_pci_generic was to hold 0000:65:00\.1, and i40e does/);
    expect(stdout).toBe('');
    expect(read(env, 'sys/devices/pci0000:00/0000:65:00.1/driver_override')).toBe('');
    expect(read(env, 'sys/bus/pci/drivers_probe')).toBe('0000:65:00.1');
    expect(json<object>((await call(env, 'bind', '--dry-run', '--json', '65:00.1')).stdout)).toEqual({
      action: 'bind',
      done: false,
      dangers: [],
      devices: [{ device: '0000:65:00.1', from: 'i40e', to: 'uio_pci_generic', restart: false }],
    });
  });
});
