// SPDX-License-Identifier: BSD-3-Clause
// What a driver's image must be, whatever made it: node check-image.mjs [--unsigned] FILE.sys...
//   no section writable and executable, pages apart; NX, ASLR, integrity flag; subsystem native; imports of the kernel alone;
//   unwind tables for its code; no thread-local storage; the checksum right. A signature must be there, unless --unsigned.
import fs from 'node:fs';
import path from 'node:path';

const MACHINE_X64 = 0x8664;
const PE32_PLUS = 0x20b;
const SUBSYSTEM_NATIVE = 1;
const PAGE = 4096;
const KERNEL = ['ntoskrnl.exe', 'hal.dll'];
const EXECUTE = 0x20000000;
const WRITE = 0x80000000;
const directories = { export: 0, import: 1, exception: 3, security: 4, tls: 9, delay: 13 };

function readImage(bytes) {
  const at = bytes.readUInt32LE(0x3c);
  if (bytes.toString('latin1', at, at + 4) !== 'PE\0\0') throw new Error('is no PE image');
  const optional = at + 24;
  const sections = [];
  const table = optional + bytes.readUInt16LE(at + 20);
  for (let i = 0; i < bytes.readUInt16LE(at + 6); i++) {
    const s = table + 40 * i;
    sections.push({
      name: bytes.toString('latin1', s, s + 8).replace(/\0+$/, ''),
      size: bytes.readUInt32LE(s + 8),
      address: bytes.readUInt32LE(s + 12),
      rawSize: bytes.readUInt32LE(s + 16),
      raw: bytes.readUInt32LE(s + 20),
      flags: bytes.readUInt32LE(s + 36),
    });
  }
  const directory = (index) => ({
    address: bytes.readUInt32LE(optional + 112 + 8 * index),
    size: bytes.readUInt32LE(optional + 116 + 8 * index),
  });
  return { bytes, optional, machine: bytes.readUInt16LE(at + 4), sections, directory };
}

/** The place in the file of an address in the image. */
function fileOffset(image, address) {
  const section = image.sections.find((s) => address >= s.address && address < s.address + s.rawSize);
  if (!section) throw new Error(`has no bytes at 0x${address.toString(16)}`);
  return section.raw + address - section.address;
}

function stringAt(image, address) {
  const from = fileOffset(image, address);
  return image.bytes.toString('latin1', from, image.bytes.indexOf(0, from));
}

function imports(image) {
  const names = [];
  for (let at = image.directory(directories.import).address; at !== 0; at += 20) {
    const name = image.bytes.readUInt32LE(fileOffset(image, at) + 12);
    if (name === 0) break;
    names.push(stringAt(image, name));
  }
  return names;
}

/** Bytes of code that the exception directory knows how to unwind. */
function unwindable(image) {
  const { address, size } = image.directory(directories.exception);
  let covered = 0;
  for (let i = 0; i + 12 <= size; i += 12) {
    const at = fileOffset(image, address + i);
    covered += image.bytes.readUInt32LE(at + 4) - image.bytes.readUInt32LE(at);
  }
  return covered;
}

/** As the kernel's loader adds it up: 16-bit words with carries, without the field itself, and the file's length. */
function checksum({ bytes, optional }) {
  const field = optional + 64;
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    if (i === field || i === field + 2) continue;
    sum += i + 1 < bytes.length ? bytes.readUInt16LE(i) : bytes[i];
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return (sum & 0xffff) + bytes.length;
}

export function faultsOf(file, { signed = true } = {}) {
  const faults = [];
  const image = readImage(fs.readFileSync(file));
  const { bytes, optional, sections, directory } = image;
  const expect = (holds, words) => holds || faults.push(words);
  expect(image.machine === MACHINE_X64 && bytes.readUInt16LE(optional) === PE32_PLUS, 'is not for x64');
  expect(bytes.readUInt16LE(optional + 68) === SUBSYSTEM_NATIVE, 'has not the native subsystem');
  expect(bytes.readUInt32LE(optional + 32) % PAGE === 0, 'has sections that are not whole pages apart');
  const characteristics = bytes.readUInt16LE(optional + 70);
  for (const [bit, name] of [
    [0x40, 'DYNAMIC_BASE'],
    [0x80, 'FORCE_INTEGRITY'],
    [0x100, 'NX_COMPAT'],
  ])
    expect((characteristics & bit) !== 0 || (name === 'FORCE_INTEGRITY' && !signed), `is without ${name}`);
  for (const { name, flags, address } of sections) {
    expect(!(flags & EXECUTE && flags & WRITE), `has the section ${name}, writable and executable`);
    expect(address % PAGE === 0, `has the section ${name} amid a page`);
  }
  for (const name of imports(image))
    expect(KERNEL.includes(name.toLowerCase()), `imports ${name}; only ${KERNEL.join(' and ')} are the kernel`);
  expect(directory(directories.tls).size === 0, 'has thread-local storage');
  expect(directory(directories.delay).size === 0, 'has delayed imports');
  const code = sections.filter((s) => s.flags & EXECUTE).reduce((sum, s) => sum + s.size, 0);
  expect(unwindable(image) > code * 0.8, `can unwind ${unwindable(image)} of ${code} bytes of code`);
  if (signed) {
    expect(directory(directories.security).size > 0, 'is not signed');
    const sum = bytes.readUInt32LE(optional + 64);
    expect(sum === checksum(image), `has the checksum 0x${sum.toString(16)}, not 0x${checksum(image).toString(16)}`);
  }
  return faults;
}

if (process.argv[1] === import.meta.filename) {
  const unsigned = process.argv.includes('--unsigned');
  const files = process.argv.slice(2).filter((word) => word !== '--unsigned');
  let failed = files.length === 0 ? 1 : 0;
  for (const file of files) {
    let faults;
    try {
      faults = faultsOf(file, { signed: !unsigned });
    } catch (error) {
      faults = [error.message];
    }
    for (const words of faults) console.log(`${path.basename(file)} ${words}`);
    if (faults.length > 0) failed = 1;
    else console.log(`${path.basename(file)}: a driver's image`);
  }
  process.exit(failed);
}
