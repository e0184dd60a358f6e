// SPDX-License-Identifier: BSD-3-Clause
// npm: the name shared-memory-ipc is nobody's on the registry. Whoever takes it must never be installed by us or our users.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { importsPrivately, privateName } from '../lib/bundle.mjs';
import { platforms, stageClient } from '../lib/pack.mjs';
import { root } from '../lib/paths.mjs';

const installed = ['dependencies', 'peerDependencies', 'optionalDependencies'];
const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));

/** wdpdk as it would be published, which is not what its folder holds. */
function packed() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-pack-'));
  try {
    stageClient(folder);
    return fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
      .map((file) => ({ name: path.relative(folder, file), text: fs.readFileSync(file, 'utf8') }));
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
  const natives = Object.keys(platforms).map((name) => `ts-client/platforms/${name}/package.json`);
  for (const file of ['package.json', 'shm-protocol/package.json', 'ts-client/package.json', ...natives]) {
    if (read(file).private !== true) findings.push(`${file}: must stay private until the owner holds the name`);
  }
  const files = packed();
  const manifestText = files.find(({ name }) => name === 'package.json').text;
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
    // Not even in a comment: what is published names nobody else's package.
    const named = /(^|\/)package\.json$|\.d\.ts$/.test(name) && text.includes(privateName);
    if (named) findings.push(`the packed ${name}: names ${privateName}`);
    if (/\.(js|ts)$/.test(name) && importsPrivately(text)) findings.push(`the packed ${name}: imports ${privateName}`);
  }
  return findings;
}
