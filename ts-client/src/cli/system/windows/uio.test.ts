// SPDX-License-Identifier: BSD-3-Clause
// What is read of wdpdkuio.sys stands where its contract says, and the table of cards is that of the driver.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownIds } from '../nics.ts';
import * as uio from './uio.ts';

const root = path.resolve(import.meta.dirname, '../../../../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const header = read('uio-driver/include/wdpdk_uio.h').replace(/\/\*[\s\S]*?\*\//g, '');

const constant = (name: string): number =>
  Number(new RegExp(`#define ${name} \\(*([0-9a-fx]+)u?\\b`).exec(header)?.[1]);
const enumerator = (name: string): number => Number(new RegExp(`\\b${name} = (\\d+)`).exec(header)?.[1]);

const sizes: Record<string, number> = { uint8_t: 1, uint16_t: 2, uint32_t: 4, int32_t: 4, uint64_t: 8 };

/** Members of a structure by offset, laid out as every ABI of x86-64 does. */
function layout(name: string): { members: Record<string, number>; size: number; align: number } {
  const body = new RegExp(`struct ${name} \\{([\\s\\S]*?)\\n\\};`).exec(header)![1]!;
  const members: Record<string, number> = {};
  let [at, widest] = [0, 1];
  for (const [, struct, kind, names] of body.matchAll(/^\s*(struct )?(\w+) ([^;]+);/gm)) {
    const inner = struct ? layout(kind!) : { size: sizes[kind!]!, align: sizes[kind!]! };
    for (const one of names!.split(',')) {
      const [, member, count] = /^\s*(\w+)(?:\[(\w+)\])?/.exec(one)!;
      at = Math.ceil(at / inner.align) * inner.align;
      members[member!] = at;
      at += inner.size * (count === undefined ? 1 : Number(count) || constant(count));
      widest = Math.max(widest, inner.align);
    }
  }
  return { members, size: Math.ceil(at / widest) * widest, align: widest };
}

describe('the contract of wdpdkuio', () => {
  it('has the offsets, sizes and numbers that are read here', () => {
    const [info, state] = [layout('wdpdk_uio_info'), layout('wdpdk_uio_state')];
    expect([info.size, state.size, layout('wdpdk_uio_request').size]).toEqual([
      uio.INFO_BYTES,
      uio.STATE_BYTES,
      uio.REQUEST_BYTES,
    ]);
    expect(info.members).toMatchObject(uio.INFO_AT);
    expect(state.members).toMatchObject(uio.STATE_AT);
    expect(constant('WDPDK_UIO_VERSION')).toBe(uio.CONTRACT);
    const code = (name: string) =>
      Number(new RegExp(`#define ${name} WDPDK_UIO_CODE\\((0x[0-9a-f]+)u, 0u\\)`).exec(header)?.[1]);
    const whole = (fn: number) => constant('WDPDK_UIO_DEVICE_TYPE') * 65_536 + fn * 4;
    expect([whole(code('WDPDK_UIO_INFO')), whole(code('WDPDK_UIO_STATUS'))]).toEqual([
      uio.IOCTL_INFO,
      uio.IOCTL_STATUS,
    ]);
    for (const [name, value] of Object.entries(uio.INFO_FLAGS))
      expect(constant(`WDPDK_UIO_INFO_${name}`), name).toBe(value);
    for (const [name, value] of Object.entries(uio.STATE_FLAGS))
      expect(constant(`WDPDK_UIO_FLAG_${name}`), name).toBe(value);
    for (const [name, value] of Object.entries(uio.STATES))
      expect(enumerator(`WDPDK_UIO_STATE_${name}`), name).toBe(value);
    const guid = [1, 2, 3].map((n) =>
      constant(`WDPDK_UIO_INTERFACE_DATA${n}`)
        .toString(16)
        .padStart(n === 1 ? 8 : 4, '0'),
    );
    const last = /INTERFACE_DATA4 \{([^}]*)\}/.exec(header)![1]!.replace(/0x|[\s,]/g, '');
    expect(uio.UIO_INTERFACE).toBe(`{${guid.join('-')}-${last.slice(0, 4)}-${last.slice(4)}}`);
  });

  it('is asked by a request of its size, version and zeros', () => {
    expect(uio.request().toString('hex')).toBe('10000000010000000000000000000000');
  });

  it('gives nothing when the answer is too short, or says that it is', () => {
    const whole = Buffer.alloc(uio.INFO_BYTES);
    expect(uio.readInfo(whole)).toBeUndefined();
    whole.writeUInt32LE(uio.INFO_BYTES, 0);
    whole.writeUInt16LE(7, uio.INFO_AT.driver_version + 2);
    expect(uio.readInfo(whole)).toMatchObject({ version: '0.7.0.0', node: 0 });
    expect(uio.readInfo(whole.subarray(1))).toBeUndefined();
    const state = Buffer.alloc(uio.STATE_BYTES);
    state.writeUInt32LE(uio.STATE_BYTES, 0);
    state.writeBigUInt64LE(4711n, uio.STATE_AT.owner);
    expect(uio.readState(state)).toMatchObject({ owner: 4711 });
    expect(uio.readState(state.subarray(8))).toBeUndefined();
  });
});

describe('the table of cards', () => {
  it("is that of the dataplane's driver", () => {
    const driver = read('dataplane/drivers/net/i40e/i40e_ethdev.c');
    const table = /static const struct rte_pci_id \w+\[\] = \{([\s\S]*?)\n\};/.exec(driver)![1]!;
    // Behind the comment are those that it knows and refuses.
    const ids = [...table.split('/*')[0]!.matchAll(/RTE_PCI_DEVICE\(I40E_VENDOR, (0x[0-9A-Fa-f]+)\)/g)].map(([, id]) =>
      Number(id),
    );
    expect(ids.length).toBeGreaterThan(10);
    expect(knownIds().sort()).toEqual(ids.sort());
  });
});
