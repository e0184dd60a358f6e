// SPDX-License-Identifier: BSD-3-Clause
// `wdpdk doctor`, `devices`, `bind` and `unbind` on wdpdkuio.sys: what they say of cards that it holds, beside an owner and after one
// that left a mess, and that they own nothing themselves.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { json, wdpdk } from '../support/cli.ts';
import { UioBus, setup } from '../support/uio-chain.ts';
import { driverStatus } from '../support/uio-driver.ts';
import { Owner } from '../support/uio-owner.ts';

interface Finding {
  readonly id: string;
  readonly level: string;
  readonly text: string;
  readonly object?: string;
}
interface Diagnosis {
  readonly ok: boolean;
  readonly cards: boolean;
  readonly findings: readonly Finding[];
}
interface Device {
  readonly address?: string;
  readonly instanceId: string;
  readonly driver: string;
  readonly bound: boolean;
  readonly usable: boolean;
  readonly why: string;
}

const addresses = ['0000:03:00.0', '0000:03:00.1'];
const windows = process.env['SystemRoot'] ?? 'C:\\windows';

async function doctor(
  ...args: string[]
): Promise<Diagnosis & { find(id: string): Finding | undefined; exitCode: number | undefined }> {
  const { exitCode, stdout, stderr } = await wdpdk(['doctor', '--json', ...args]);
  expect(stderr).toBe('');
  const diagnosis = json<Diagnosis>(stdout);
  return { ...diagnosis, exitCode, find: (id) => diagnosis.findings.find((one) => one.id === id) };
}

async function devices(): Promise<readonly Device[]> {
  const { exitCode, stdout, stderr } = await wdpdk(['devices', '--json']);
  expect(exitCode, stderr).toBe(0);
  return json<{ devices: readonly Device[] }>(stdout).devices.filter(({ instanceId }) => instanceId.includes('8086'));
}

/** Behind all others in the alphabet: a new device gets the first that fits. */
const inbox = path.join(windows, 'inf', 'zz-wdpdk-test');
function removeInbox(): void {
  for (const ending of ['inf', 'pnf']) fs.rmSync(`${inbox}.${ending}`, { force: true });
}

let bus: UioBus;
let folder: string;

beforeAll(async () => {
  // Of a run that was killed.
  removeInbox();
  folder = fs.mkdtempSync(path.join(process.env['TEMP'] ?? '.', 'wdpdk-test-'));
  bus = await UioBus.open({ bars: [], dma: folder });
}, 330_000);

afterAll(async () => {
  await bus?.close();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}, 240_000);

// Programs are started one after the other, on machines that are busy.
describe('on wdpdkuio.sys', { timeout: 240_000 }, () => {
  it('devices finds both cards, by the addresses that their driver says', async () => {
    const found = await devices();
    expect(found.map(({ address, driver, usable }) => [address, driver, usable])).toEqual(
      addresses.map((address) => [address, 'wdpdkuio', true]),
    );
  });

  it('doctor sees driver and cards, owns nothing, and disturbs no owner', async () => {
    const paths = await bus.interfaces();
    const opens = () => paths.map((name) => driverStatus(name)).map(({ opens: n, teardowns }) => [n, teardowns]);
    const before = opens();
    const { exitCode, cards, find } = await doctor('--cards');
    expect([exitCode, cards]).toEqual([0, true]);
    expect(find('driver')).toMatchObject({ level: 'ok', text: expect.stringMatching(/running, contract 1$/) });
    expect(find('driver.quarantine')).toMatchObject({ level: 'ok' });
    expect(find('cards')!.text).toContain(addresses.join(', '));
    expect(find('card.hardware')!.text).toMatch(/test driver/);
    expect(opens()).toEqual(before);
    const owner = new Owner(paths[1]!);
    onTestFinished(() => owner.close());
    const again = await doctor();
    const card = again.findings.find(({ id, object }) => id === 'card' && object === addresses[1]);
    expect(card).toMatchObject({ level: 'ok', text: expect.stringMatching(/process \d+ drives it now/) });
    // It is still its own.
    expect(owner.allocate(2 ** 21)).toBe(true);
    const refused = await wdpdk(['unbind', '--yes', addresses[1]!]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/process \d+ drives .*WDPDK_E_IN_USE/s);
  });

  it('unbind gives one card to another driver of Windows, and bind takes it back, without a look at the other', async () => {
    fs.writeFileSync(`${inbox}.inf`, INBOX);
    onTestFinished(removeInbox);
    const [first, second] = await devices();
    const dry = await wdpdk(['unbind', '--dry-run', addresses[1]!]);
    expect(dry.stdout).toContain(second!.instanceId);
    expect(await devices()).toEqual([first, second]);
    const gone = await wdpdk(['unbind', '--yes', addresses[1]!]);
    expect(gone.exitCode, gone.stderr).toBe(0);
    expect(await devices()).toEqual([
      first,
      expect.objectContaining({ driver: 'wdpdktestinbox', bound: false, usable: false }),
    ]);
    const back = await wdpdk(['bind', '--yes', second!.instanceId]);
    expect(back.exitCode, back.stderr).toBe(0);
    expect(await devices()).toEqual([first, second]);
  });

  it('doctor reports memory that is quarantined because a card did not become quiet', async () => {
    const [first] = await bus.interfaces();
    const owner = new Owner(first!);
    expect(owner.allocate(2 ** 22)).toBe(true);
    owner.busMaster(true);
    await setup('fault', 'pending', '4294967295', '--device', '0');
    onTestFinished(async () => void (await setup('fault', 'pending', '0', '--device', '0')));
    owner.close();
    const { find, ok } = await doctor();
    expect(ok).toBe(true);
    expect(find('driver.quarantine')).toMatchObject({
      level: 'warn',
      text: expect.stringMatching(/^4 MiB in 1 blocks/),
    });
  });
});

/** What Windows' own driver of a card looks like. There is no such image: nothing is loaded on top of the test's drivers. */
const INBOX = `; SPDX-License-Identifier: BSD-3-Clause
[Version]
Signature = "$WINDOWS NT$"
Class = Net
ClassGuid = {4d36e972-e325-11ce-bfc1-08002be10318}
Provider = "Test"
DriverVer = 01/01/2026,1.0.0.0
[Manufacturer]
"Test" = Devices,NTamd64
[Devices.NTamd64]
"Test inbox" = Install,PCI\\VEN_8086&DEV_1583
[Install.NT]
[Install.NT.Services]
AddService = wdpdktestinbox,0x00000002,Service
[Service]
ServiceType = 1
StartType = 3
ErrorControl = 1
ServiceBinary = %12%\\wdpdk-test-nothing.sys
`.replaceAll('\n', '\r\n');
