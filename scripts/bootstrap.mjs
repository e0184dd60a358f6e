// SPDX-License-Identifier: BSD-3-Clause
// From a bare checkout to something that runs: system packages, npm packages, CMake builds, TypeScript. Node built-ins only.
//   node scripts/bootstrap.mjs [--no-install] [PRESET...]
import './lib/node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import { bundle } from './lib/bundle.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { buildDir, isWindowsPreset, root } from './lib/paths.mjs';
import { nativePreset } from './lib/platform.mjs';
import { main, run, step, UserError } from './lib/run.mjs';
import { hash, onceFor, readIfThere, withLock } from './lib/stamps.mjs';

/** npm is run through node: on Windows `npm` itself is a shell script that cannot be spawned. */
export function npmCommand() {
  const beside = path.dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    path.join(beside, 'node_modules/npm/bin/npm-cli.js'),
    path.join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
    path.join(beside, '../share/nodejs/npm/bin/npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ];
  const cli = candidates.find((file) => file && /npm-cli\.[cm]?js$/.test(file) && fs.existsSync(file));
  return cli ? [process.execPath, cli] : ['npm'];
}

export async function npm(args, options) {
  const [command, ...first] = npmCommand();
  return run(command, [...first, ...args], options);
}

/** `npm ci` when node_modules is absent or older than the lock file. */
async function ensureNodeModules() {
  const installed = fs.statSync(path.join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  const lock = fs.statSync(path.join(root, 'package-lock.json'));
  if (installed && installed.mtimeMs >= lock.mtimeMs) return;
  await step('npm ci', (progress) => npm(['ci', '--no-audit', '--no-fund'], { cwd: root, log: 'npm-ci', progress }));
}

/** The folders whose CMakeLists.txt decide what CMake sees; a new room must make it configure again. */
function cmakeInputs(folder) {
  const found = [];
  for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') found.push(...cmakeInputs(inside));
    else if (entry.name === 'CMakeLists.txt') found.push(inside);
  }
  return found;
}

async function configureAndBuild(preset) {
  const dir = buildDir(preset);
  const inputs = ['dataplane', 'shm-protocol', 'uio-driver'].flatMap(cmakeInputs).sort();
  const key = hash(readIfThere(path.join(root, 'CMakePresets.json')), root, ...inputs);
  const name = path.basename(dir);
  await onceFor(path.join(dir, '.wdpdk-configured'), key, async () => {
    // A build folder that was moved or made by another generator cannot be mended: start it anew.
    fs.rmSync(path.join(dir, 'CMakeCache.txt'), { force: true });
    await step(`configure ${name}`, (progress) =>
      run('cmake', ['--preset', preset, '-B', dir], { cwd: root, log: `configure-${name}`, progress }),
    );
  });
  // Every error at once, not the first of each run.
  const keepGoing = ['-k', '0'];
  await step(`build ${name}`, (progress) =>
    run('cmake', ['--build', dir, '--', ...keepGoing], { cwd: root, log: `build-${name}`, progress }),
  );
}

export async function buildTypeScript() {
  await step('build TypeScript', (progress) =>
    run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-b'], {
      cwd: root,
      log: 'tsc',
      progress,
    }),
  );
  bundle(path.join(root, 'shm-protocol/dist'), path.join(root, 'ts-client/dist'));
}

export function jobsOf(presets) {
  const jobs = [];
  if (presets.length > 0) jobs.push('build');
  if (presets.some((preset) => /asan|tsan|fuzz/.test(preset))) jobs.push('sanitizers');
  if (presets.includes('linux-gcc')) jobs.push('gcc');
  if (presets.some(isWindowsPreset)) jobs.push('windows');
  return jobs;
}

function refuseUnknown(presets) {
  const { configurePresets } = JSON.parse(readIfThere(path.join(root, 'CMakePresets.json')));
  const known = configurePresets.filter(({ hidden }) => !hidden).map(({ name }) => name);
  const unknown = presets.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UserError(`Unknown preset ${unknown.join(', ')}. There are: ${known.join(', ')}`, 64);
}

/**
 * Make ready what a command asks for.
 *   presets     CMake presets to configure and build
 *   jobs        further keys of `needs` in lib/packages.mjs
 *   install     false: only say which system packages are missing
 *   typescript  false: leave dist/ alone
 */
export async function bootstrap({ presets = [], jobs = [], install = true, typescript = true } = {}) {
  refuseUnknown(presets);
  await ensurePackages([...jobsOf(presets), ...jobs], { install });
  await withLock('setup', async () => {
    await ensureNodeModules();
    for (const preset of presets) await configureAndBuild(preset);
    if (typescript) await buildTypeScript();
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    const { values, positionals } = util.parseArgs({
      allowPositionals: true,
      options: { 'no-install': { type: 'boolean', default: false } },
    });
    const presets = positionals.length > 0 ? positionals : [nativePreset];
    await bootstrap({ presets, install: !values['no-install'] });
  });
}
