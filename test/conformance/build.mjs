// SPDX-License-Identifier: BSD-3-Clause
// Our install, as a user of the library gets it, and programs built against it through pkg-config.
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';

/** Ways to build that must all work: the archive serves with and without --static, with both compilers, with both linkers. */
export const variants = [
  { name: 'gcc', compiler: 'gcc', libs: ['--libs'], extra: [] },
  { name: 'gcc-static', compiler: 'gcc', libs: ['--static', '--libs'], extra: ['-Wl,--gc-sections'] },
  { name: 'clang-lld', compiler: 'clang', libs: ['--libs'], extra: ['-fuse-ld=lld', '-Wl,--gc-sections'] },
];

/** Installs headers, library and libdpdk.pc of a build into `prefix`; resolves with the environment that finds them. */
export async function install(buildDir, prefix) {
  await run('cmake', ['--install', buildDir, '--component', 'development', '--prefix', prefix]);
  return { PKG_CONFIG_PATH: '', PKG_CONFIG_LIBDIR: path.join(prefix, 'lib/pkgconfig') };
}

async function pkgConfig(environment, options) {
  const { stdout } = await run('pkg-config', [...options, 'libdpdk'], { env: environment });
  return stdout.trim().split(/\s+/);
}

/** One of upstream's unit tests includes the test.h beside it: here ours, in a folder for the two of them. */
function besideOurHarness(program, sources, folder) {
  const own = path.join(folder, program.name);
  fs.cpSync(path.join(import.meta.dirname, 'unit-test'), own, { recursive: true });
  return sources.map((source) => {
    const copy = path.join(own, path.basename(source));
    fs.copyFileSync(source, copy);
    return copy;
  });
}

/** Builds one program; resolves with its path. A warning is no failure: the program is not ours. */
export async function build(program, variant, { upstream, environment, folder }) {
  const executable = path.join(folder, `${program.name}-${variant.name}`);
  const cflags = await pkgConfig(environment, ['--cflags']);
  const libs = await pkgConfig(environment, variant.libs);
  const theirs = program.sources.map((source) => path.join(upstream, source));
  for (const source of theirs) fs.accessSync(source);
  const sources = program.judge === 'unitTest' ? besideOurHarness(program, theirs, folder) : theirs;
  // As upstream's own makefiles: -O3, experimental functions allowed.
  const compile = [
    '-O3',
    '-DALLOW_EXPERIMENTAL_API',
    ...cflags,
    ...sources,
    ...variant.extra,
    '-o',
    executable,
    ...libs,
  ];
  await run(variant.compiler, compile);
  return executable;
}
