// SPDX-License-Identifier: BSD-3-Clause
// The packed packages as a user has them: installed by npm into an otherwise empty folder. scripts/test.mjs packs before the suite runs
// (WDPDK_PACKAGES_DIR); started by hand, this packs what is built.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { npmCommand } from '../../scripts/bootstrap.mjs';
import { makePackages, version } from '../../scripts/lib/pack.mjs';
import { packages } from '../../scripts/lib/paths.mjs';
import { imageKind, root, system } from './bed.ts';

export const tool = (file) => path.join(root, 'node_modules', file);

/** Arguments of node that compile as a user's project would, by this checkout's compiler and types of Node. */
export const typescript = (...args) => [
  tool('typescript/bin/tsc'),
  ...['--ignoreConfig', '--strict', '--target', 'es2022', '--lib', 'es2023,esnext.disposable'],
  ...['--types', 'node', '--typeRoots', tool('@types'), ...args],
];

export const platform = system === 'windows' ? 'win32-x64' : 'linux-x64';

export async function tarballs() {
  const folder = process.env['WDPDK_PACKAGES_DIR'];
  if (folder === undefined) return makePackages([platform], packages);
  return ['wdpdk', `wdpdk-${platform}`].map((name) => path.join(folder, `${name}-${version()}.tgz`));
}

/** [command, ...first arguments] of npm or npx. The Windows bed's node.exe comes without them: WDPDK_NPM names one. */
export function npmTool(tool) {
  const cli = process.env['WDPDK_NPM'] ?? npmCommand()[1];
  if (cli === undefined)
    throw new Error('npm was not found: start the suite with npm, or set WDPDK_NPM to its npm-cli.js');
  return [process.execPath, path.join(path.dirname(fs.realpathSync(cli)), `${tool}-cli.js`)];
}

/** Folders of programs that a user surely has: Node and the system's shell. No compiler among them. */
function barePath(base) {
  if (system === 'windows')
    return [path.dirname(process.execPath), path.join(process.env['SystemRoot'], 'system32')].join(';');
  const bin = path.join(base, 'bin');
  fs.mkdirSync(bin);
  for (const [name, target] of Object.entries({ node: process.execPath, sh: '/bin/sh' }))
    fs.symlinkSync(target, path.join(bin, name));
  return bin;
}

/**
 * Installs the packages. The environment has a PATH without compilers, folders of its own for run files, temporary files and the home, and
 * names no executable: what runs is what was installed.
 */
export async function installed() {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-install-'));
  const folder = path.join(base, 'an empty, new folder');
  const [home, run, tmp] = ['home', 'run', 'tmp'].map((name) => path.join(base, name));
  for (const name of [folder, home, run, tmp]) fs.mkdirSync(name, { mode: 0o700 });
  const { stdout: cache } = process.env['npm_config_cache']
    ? { stdout: process.env['npm_config_cache'] }
    : await execa(...split([...npmTool('npm'), 'config', 'get', 'cache']));
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|WDPDK_|NODE_OPTIONS|INIT_CWD|VITEST)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    ...{ PATH: barePath(base), HOME: home, XDG_RUNTIME_DIR: run, LOCALAPPDATA: run, TMPDIR: tmp, TEMP: tmp, TMP: tmp },
    ...{
      npm_config_cache: cache,
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    },
    npm_config_update_notifier: 'false',
  };
  if (system === 'windows') delete env.Path;
  fs.writeFileSync(path.join(folder, 'package.json'), '{"name":"user-of-wdpdk","private":true,"type":"module"}');
  const options = { cwd: folder, env, extendEnv: false, reject: false, all: true, stdin: 'ignore' };
  const run_ = (command, args, more) => execa(command, args, { ...options, ...more });
  const npm = (args) => run_(...split([...npmTool('npm'), ...args]));
  const files = await tarballs();
  // Everything comes from npm's cache, where `npm ci` has put it. Only an emptied cache is filled from the registry.
  let install = await npm(['install', '--offline', ...files]);
  if (install.exitCode !== 0 && install.all.includes('ENOTCACHED')) install = await npm(['install', ...files]);
  if (install.exitCode !== 0) throw new Error(`npm install failed:\n${install.all}`);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'node_modules/wdpdk/package.json'), 'utf8'));
  const command = path.join(folder, 'node_modules/wdpdk', bin.wdpdk);
  return {
    base,
    folder,
    home,
    run,
    tmp,
    modules: path.join(folder, 'node_modules'),
    /** The executable that was installed. */
    executable: executableIn(path.join(folder, 'node_modules/@wdpdk', platform)),
    /** The command `wdpdk`: by npx, or by node as the package's manifest says. */
    wdpdk: (how, args) =>
      how === 'npx'
        ? run_(...split([...npmTool('npx'), 'wdpdk', ...args]))
        : run_(process.execPath, [command, ...args]),
    node: (args, more) => run_(process.execPath, args, more),
    remove: () => fs.rmSync(base, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }),
  };
}

const split = ([command, ...args]) => [command, args];

function executableIn(folder) {
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  return files.find((file) => fs.statSync(file).isFile() && imageKind(file) !== 'other');
}
