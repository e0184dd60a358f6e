// SPDX-License-Identifier: BSD-3-Clause
import { describe, expect, test } from 'vitest';
import { type PortSpec, escapePath, portArguments } from './devargs.ts';

const devices = (...ports: unknown[]): string[] =>
  portArguments(ports as PortSpec[])
    .filter((argument) => argument !== '--no-pci')
    .map((argument) => argument.replace(/^--vdev=/, ''));

describe('a port', () => {
  test.each<[string, PortSpec, string]>([
    ['pcap in', { pcap: { rx: 'in.pcap' } }, 'net_pcap0,rx_pcap=in.pcap'],
    ['pcap out', { pcap: { tx: 'out.pcap' } }, 'net_pcap0,tx_pcap=out.pcap'],
    [
      'pcap with all',
      { pcap: { rx: 'a', tx: 'b', loop: true, pps: 5 } },
      'net_pcap0,rx_pcap=a,tx_pcap=b,infinite_rx=1,rx_pps=5',
    ],
    ['pcap not looped', { pcap: { rx: 'a', loop: false } }, 'net_pcap0,rx_pcap=a'],
    ['pcap with queues', { pcap: { rx: ['a', 'b'], tx: 'c' } }, 'net_pcap0,rx_pcap=a,rx_pcap=b,tx_pcap=c'],
    ['null', { null: true }, 'net_null0'],
    ['null without options', { null: {} }, 'net_null0'],
    ['null with options', { null: { size: 128, copy: true } }, 'net_null0,size=128,copy=1'],
    ['null that only sends', { null: { rx: false, copy: false } }, 'net_null0,no-rx=1'],
    ['tap', { tap: {} }, 'net_tap0'],
    [
      'tap with all',
      { tap: { iface: 'wan%d', mac: '02:00:00:00:00:0A', queues: 2, persist: true } },
      'net_tap0,iface=wan%d,mac=02:00:00:00:00:0A,queues=2,persist=1',
    ],
    ['an end of a wire', { wire: 'a-b.1' }, 'net_ring0,wire=a-b.1'],
    [
      'a wide one',
      { wire: 'w', queues: 4, mac: '02:00:00:00:00:01' },
      'net_ring0,wire=w,queues=4,mac=02:00:00:00:00:01',
    ],
    ['of its own', { devargs: 'net_null7,size=9' }, 'net_null7,size=9'],
    ['a card', { pci: '0000:6A:00.1' }, '--allow=0000:6a:00.1'],
    ['an emulated card', { xl710Model: { bar: '/x/bar,0', dma: '/x' } }, 'pci_model0,bar=/x/bar%2C0,dma=/x'],
  ])('%s', (_, spec, expected) => expect(devices(spec)).toEqual([expected]));

  test('is named after its place', () => {
    expect(devices({ wire: 'w' }, { wire: 'w' }, { null: true }, { tap: {} })).toEqual([
      'net_ring0,wire=w',
      'net_ring1,wire=w',
      'net_null2',
      'net_tap3',
    ]);
  });

  test('on a card keeps its number, and cards that nobody named stay away', () => {
    const card = (pci: string) => ({ pci });
    expect(devices(card('0000:65:00.0'), card('0000:65:00.1'), { null: true })).toEqual([
      '--allow=0000:65:00.0',
      '--allow=0000:65:00.1',
      'net_null2',
    ]);
    expect(portArguments([{ null: true }])).toEqual(['--no-pci', '--vdev=net_null0']);
    expect(portArguments([card('0000:65:00.0')])).not.toContain('--no-pci');
    expect(portArguments([], ['-a', '0000:65:00.0'])).toEqual([]);
  });

  test('on a card says why it cannot have its place', () => {
    const [real, model] = [{ pci: '0000:65:00.1' }, { xl710Model: { bar: 'b', dma: 'd' } }];
    expect(() => devices({ null: true }, real)).toThrow(/after port 0, which is no card/);
    expect(() => devices(model, real)).toThrow(/real and emulated cards do not go into one/);
    expect(() => devices(real, { pci: '0000:65:00.0' })).toThrow(/whose address is higher/);
  });

  test('fields that are undefined are not there', () => {
    expect(devices({ pcap: { rx: 'a', tx: undefined, pps: undefined } })).toEqual(['net_pcap0,rx_pcap=a']);
  });

  test('file names are passed whole', () => {
    expect(escapePath('a,b [1] 100%.pcap')).toBe('a%2Cb %5B1%5D 100%25.pcap');
    expect(escapePath('C:\\é.pcap')).toBe('C:\\é.pcap');
  });
});

describe('is refused by its name and field', () => {
  test.each<[string, unknown[], string]>([
    ['nothing', [undefined], 'ports[0]'],
    ['null itself', [null], 'ports[0]'],
    ['an address that is none', [{ pci: '65:00' }], 'ports[0].pci'],
    ['a card after another port', [{ null: true }, { pci: '0000:65:00.0' }], 'ports[1]'],
    ['cards in another order than they are found in', [{ pci: '0000:65:00.1' }, { pci: '0000:65:00.0' }], 'ports[1]'],
    [
      'a real card beside an emulated one',
      [{ xl710Model: { bar: 'b', dma: 'd' } }, { pci: '0000:65:00.0' }],
      'ports[1]',
    ],
    ['a model without its memory', [{ xl710Model: { bar: 'b' } }], 'ports[0].xl710Model.dma'],
    ['a word', ['net_null0'], 'ports[0]'],
    ['no kind', [{}], 'ports[0]'],
    ['an unknown kind', [{ null: true }, { pci: '0000:01:00.0' }], 'ports[1]'],
    ['a name that objects inherit', [{ toString: true }], 'ports[0]'],
    ['two kinds', [{ null: true, tap: {} }], 'ports[0]'],
    ['a stranger beside a kind', [{ null: true, queues: 2 }], 'ports[0].queues'],
    ['pcap without files', [{ pcap: {} }], 'ports[0].pcap'],
    ['pcap: a word', [{ pcap: 'in.pcap' }], 'ports[0].pcap'],
    ['pcap: an empty name', [{ pcap: { rx: '' } }], 'ports[0].pcap.rx'],
    ['pcap: a zero byte', [{ pcap: { tx: 'a\0b' } }], 'ports[0].pcap.tx'],
    ['pcap: no names', [{ pcap: { rx: [] } }], 'ports[0].pcap.rx'],
    ['pcap: too many', [{ pcap: { rx: Array.from({ length: 17 }, () => 'a') } }], 'ports[0].pcap.rx'],
    ['pcap: a rate of 0', [{ pcap: { rx: 'a', pps: 0 } }], 'ports[0].pcap.pps'],
    ['pcap: half a frame', [{ pcap: { rx: 'a', pps: 0.5 } }], 'ports[0].pcap.pps'],
    ['pcap: a rate in words', [{ pcap: { rx: 'a', pps: '5' } }], 'ports[0].pcap.pps'],
    ['pcap: loop as a number', [{ pcap: { rx: 'a', loop: 1 } }], 'ports[0].pcap.loop'],
    ['pcap: an unknown field', [{ pcap: { rx: 'a', lopp: true } }], 'ports[0].pcap.lopp'],
    ['pcap: an inherited field', [{ pcap: { rx: 'a', constructor: 1 } }], 'ports[0].pcap.constructor'],
    ['null: false', [{ null: false }], 'ports[0].null'],
    ['null: a list', [{ null: [] }], 'ports[0].null'],
    ['null: too small', [{ null: { size: 13 } }], 'ports[0].null.size'],
    ['null: too big', [{ null: { size: 65_536 } }], 'ports[0].null.size'],
    ['null: both', [{ null: { copy: true, rx: false } }], 'ports[0].null'],
    ['tap: true', [{ tap: true }], 'ports[0].tap'],
    ['tap: a long name', [{ tap: { iface: 'sixteen-letters-' } }], 'ports[0].tap.iface'],
    ['tap: a comma', [{ tap: { iface: 'a,mac=x' } }], 'ports[0].tap.iface'],
    ['tap: a slash', [{ tap: { iface: 'a/b' } }], 'ports[0].tap.iface'],
    ['tap: %s', [{ tap: { iface: 'a%s' } }], 'ports[0].tap.iface'],
    ['tap: a multicast address', [{ tap: { mac: '01:00:5e:00:00:01' } }], 'ports[0].tap.mac'],
    ['tap: no address', [{ tap: { mac: '00:00:00:00:00:00' } }], 'ports[0].tap.mac'],
    ['tap: a short address', [{ tap: { mac: '02:00:00' } }], 'ports[0].tap.mac'],
    ['tap: no queues', [{ tap: { queues: 0 } }], 'ports[0].tap.queues'],
    ['tap: too many queues', [{ tap: { queues: 17 } }], 'ports[0].tap.queues'],
    ['a wire without a name', [{ wire: '' }], 'ports[0].wire'],
    ['a wire with a comma', [{ wire: 'a,b' }], 'ports[0].wire'],
    ['a wire as a number', [{ wire: 1 }], 'ports[0].wire'],
    ['a wire with a stranger', [{ wire: 'a', size: 3 }], 'ports[0].size'],
    ['a third end', [{ wire: 'a' }, { wire: 'a' }, { wire: 'b' }, { wire: 'a' }], 'ports[3].wire'],
    [
      'ends that differ',
      [
        { wire: 'a', queues: 2 },
        { wire: 'a', queues: 3 },
      ],
      'ports[1].queues',
    ],
    ['ends that differ unsaid', [{ wire: 'a' }, { wire: 'a', queues: 2 }], 'ports[1].queues'],
    ['devargs: nothing', [{ devargs: '' }], 'ports[0].devargs'],
    ['devargs: a list', [{ devargs: ['net_null0'] }], 'ports[0].devargs'],
    ['devargs: a name that is taken', [{ devargs: 'net_null1,size=64' }, { null: true }], 'ports[1]'],
  ])('%s', (_, ports, object) => {
    let thrown: unknown;
    try {
      devices(...ports);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'WDPDK_E_ARGUMENT', object, message: expect.stringContaining(object) });
    expect((thrown as { remedy: string }).remedy).not.toBe('');
  });
});
