// SPDX-License-Identifier: BSD-3-Clause
// What tests and benchmarks need of upstream's packages of DPDK, as Debian has it: programs that are built, unmodified, against
// our install (tests) or against upstream's (benchmarks). It stays in .cache/upstream; nothing of it enters the tree.
import fs from 'node:fs';
import path from 'node:path';
import { cache } from './paths.mjs';
import { run, step, UserError } from './run.mjs';
import { onceFor, withLock } from './stamps.mjs';

const home = path.join(cache, 'upstream');
const unpacked = path.join(home, 'src');
const installed = path.join(home, 'installed');
/** What is unpacked: the programs of test/conformance/programs.json and of the benchmarks; headers, whose names the census wants. */
const wanted = ['*/examples/*', '*/app/test/*', '*/lib/*.h', '*/drivers/bus/*.h'];

/** apt's own lists of sources, with source packages beside binary ones: most machines have only the latter on. */
function writeSourceLists(folder) {
  fs.mkdirSync(folder, { recursive: true });
  const system = '/etc/apt';
  const parts = path.join(system, 'sources.list.d');
  const files = [path.join(system, 'sources.list'), ...fs.readdirSync(parts).map((name) => path.join(parts, name))];
  for (const file of files.filter((name) => /\.(list|sources)$/.test(name) && fs.existsSync(name))) {
    const text = fs
      .readFileSync(file, 'utf8')
      .replaceAll(/^Types:.*$/gm, 'Types: deb deb-src')
      .replaceAll(/^deb-src\s.*$/gm, '')
      .replaceAll(/^deb(\s.*)$/gm, 'deb$1\ndeb-src$1');
    fs.writeFileSync(path.join(folder, path.basename(file)), text);
  }
}

async function download(progress) {
  const lists = path.join(home, 'lists');
  const parts = path.join(home, 'sources.list.d');
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(path.join(lists, 'partial'), { recursive: true });
  writeSourceLists(parts);
  // A private state of apt: no root needed, and the system's own lists stay as they are.
  const settings = {
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': parts,
    'Dir::State::Lists': lists,
    'Dir::Cache': path.join(home, 'cache'),
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  try {
    await run('apt-get', [...options, 'update'], { log: 'upstream-update', progress });
    await run('apt-get', [...options, 'source', '--download-only', 'dpdk'], {
      cwd: home,
      log: 'upstream-source',
      progress,
    });
    await run('apt-get', [...options, 'download', 'libdpdk-dev'], { cwd: home, log: 'upstream-headers', progress });
  } catch (error) {
    throw new UserError(
      `Upstream's source package (Debian's dpdk) could not be fetched. This needs the network once.\n${error.message}`,
      69,
    );
  }
  const archive = fs.readdirSync(home).find((name) => /^dpdk_.*\.orig\.tar\./.test(name));
  if (!archive) throw new UserError('apt-get source dpdk brought no dpdk_*.orig.tar.*: is this not Debian 12?', 69);
  fs.mkdirSync(unpacked);
  const only = ['--strip-components=1', '--wildcards', ...wanted];
  await run('tar', ['-xf', path.join(home, archive), '-C', unpacked, ...only], { log: 'upstream-unpack' });
  const headers = fs.readdirSync(home).find((name) => /^libdpdk-dev_.*\.deb$/.test(name));
  await run('dpkg-deb', ['-x', path.join(home, headers), installed], { log: 'upstream-unpack-headers' });
  fs.rmSync(lists, { recursive: true });
}

/** The folder of the unpacked source. Fetched on first use (needs the job `upstream` of lib/packages.mjs). */
export async function upstreamSource() {
  await withLock('upstream', () =>
    onceFor(path.join(home, '.ready'), `${wanted.join(' ')} libdpdk-dev`, () =>
      step("fetch upstream's source package (dpdk)", download),
    ),
  );
  return unpacked;
}

/** Folders of upstream's public headers, as Debian's package installs them; valid after upstreamSource(). Nothing is installed. */
export const upstreamHeaders = [
  path.join(installed, 'usr/include/dpdk'),
  path.join(installed, 'usr/include/x86_64-linux-gnu/dpdk'),
];
