// SPDX-License-Identifier: BSD-3-Clause
// check-image.mjs sees each fault that is put into a good image: node check-image-test.mjs FILE.sys FOLDER
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { faultsOf } from './check-image.mjs';

const [file, folder] = process.argv.slice(2);
const good = fs.readFileSync(file);
const signed = faultsOf(file).length === 0;
assert.deepEqual(faultsOf(file, { signed }), [], 'the image is good before it is spoilt');

const header = good.readUInt32LE(0x3c);
const optional = header + 24;
const firstSection = optional + good.readUInt16LE(header + 20);
const spoilt = path.join(folder, `spoilt-${path.basename(file)}`);

function expectFault(words, spoil) {
  const bytes = Buffer.from(good);
  spoil(bytes);
  fs.writeFileSync(spoilt, bytes);
  const faults = faultsOf(spoilt, { signed: false });
  assert.ok(
    faults.some((fault) => words.test(fault)),
    `${words} is not among: ${faults.join('; ') || 'no faults'}`,
  );
}

function clearBit(bytes, bit) {
  bytes.writeUInt16LE(bytes.readUInt16LE(optional + 70) & ~bit, optional + 70);
}

try {
  expectFault(/for x64/, (bytes) => bytes.writeUInt16LE(0x14c, header + 4));
  expectFault(/native subsystem/, (bytes) => bytes.writeUInt16LE(3, optional + 68));
  expectFault(/whole pages apart/, (bytes) => bytes.writeUInt32LE(512, optional + 32));
  expectFault(/DYNAMIC_BASE/, (bytes) => clearBit(bytes, 0x40));
  expectFault(/NX_COMPAT/, (bytes) => clearBit(bytes, 0x100));
  expectFault(/writable and executable/, (bytes) => bytes.writeUInt32LE(0xe0000020, firstSection + 36));
  expectFault(/thread-local/, (bytes) => bytes.writeUInt32LE(24, optional + 112 + 8 * 9 + 4));
  expectFault(/bytes of code/, (bytes) => bytes.writeUInt32LE(12, optional + 112 + 8 * 3 + 4));
  expectFault(/imports msvcrt/, (bytes) => bytes.write('msvcrt.dll\0', bytes.indexOf('ntoskrnl.exe', 0, 'latin1')));
  if (signed) {
    const bytes = Buffer.from(good);
    bytes[firstSection - 1] ^= 1;
    bytes.writeUInt32LE(1, optional + 64);
    fs.writeFileSync(spoilt, bytes);
    assert.match(faultsOf(spoilt).join('; '), /checksum 0x1/);
  }
} finally {
  fs.rmSync(spoilt, { force: true });
}
