// SPDX-License-Identifier: BSD-3-Clause
// npm: the name shared-memory-ipc is nobody's on the registry. Whoever takes it must never be installed by us or our users.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { npmCommand } from '../bootstrap.mjs';
import { importsPrivately, privateName } from '../lib/bundle.mjs';
import { root } from '../lib/paths.mjs';

const installed = ['dependencies', 'peerDependencies', 'optionalDependencies'];
const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));

/** The files of a gzipped tar archive: name and text. */
function* filesOfTarball(tarball) {
  const bytes = zlib.gunzipSync(fs.readFileSync(tarball));
  for (let at = 0; at + 512 <= bytes.length;) {
    const field = (from, to) => bytes.toString('latin1', at + from, at + to).replace(/\0.*$/s, '');
    const size = parseInt(field(124, 136), 8) || 0;
    if (field(0, 100)) yield { name: field(0, 100), text: bytes.toString('utf8', at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

/** wdpdk as it would be published, which is not always what the folder holds. */
function packed() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-pack-'));
  try {
    const [command, ...first] = npmCommand();
    const args = [...first, 'pack', '--json', '--ignore-scripts', '--workspace', 'wdpdk', '--pack-destination', folder];
    const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
    const [tarball] = fs.readdirSync(folder);
    return [...filesOfTarball(path.join(folder, tarball))];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

export function checkPackages() {
  const findings = [];
  const lock = read('package-lock.json').packages;
  const entry = lock[`node_modules/${privateName}`];
  if (entry?.link !== true || entry.resolved !== 'shm-protocol') {
    findings.push(`package-lock.json: ${privateName} must be a link to shm-protocol`);
  }
  const strangers = Object.keys(lock).filter(
    (key) => key.endsWith(`/${privateName}`) && key !== `node_modules/${privateName}`,
  );
  findings.push(...strangers.map((key) => `package-lock.json: ${key} is a second ${privateName}`));
  for (const file of ['package.json', 'shm-protocol/package.json', 'ts-client/package.json']) {
    if (read(file).private !== true) findings.push(`${file}: must stay private until the owner holds the name`);
  }
  const files = packed();
  const manifestText = files.find(({ name }) => name === 'package/package.json').text;
  for (const [where, manifest] of [
    ['ts-client/package.json', read('ts-client/package.json')],
    ['the packed package.json of wdpdk', JSON.parse(manifestText)],
  ]) {
    const bundled = [manifest.bundleDependencies, manifest.bundledDependencies].flat();
    const named = installed.filter((kind) => manifest[kind]?.[privateName] !== undefined);
    if (named.length > 0 || bundled.includes(privateName) || bundled.includes(true)) {
      findings.push(
        `${where}: names ${privateName} where an install would fetch it (${named.join(', ') || 'bundled'})`,
      );
    }
  }
  for (const { name, text } of files) {
    if (/\.(js|ts)$/.test(name) && importsPrivately(text)) findings.push(`the packed ${name}: imports ${privateName}`);
  }
  return findings;
}
