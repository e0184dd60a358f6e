// SPDX-License-Identifier: BSD-3-Clause
// Our install, as a user of the library gets it, and programs built against it through pkg-config.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';

/** Ways to build that must all work: the archive serves with and without --static, with both compilers, with both linkers. */
export const variants = [
  { name: 'gcc', compiler: 'gcc', libs: ['--libs'], extra: [] },
  { name: 'gcc-static', compiler: 'gcc', libs: ['--static', '--libs'], extra: ['-Wl,--gc-sections'] },
  { name: 'clang-lld', compiler: 'clang', libs: ['--libs'], extra: ['-fuse-ld=lld', '-Wl,--gc-sections'] },
];

/** Installs headers, library and pkg-config files of a build into `prefix`; resolves with the environment that finds them. */
export async function install(buildDir, prefix) {
  fs.rmSync(prefix, { recursive: true, force: true });
  await run('cmake', ['--install', buildDir, '--component', 'development', '--prefix', prefix]);
  return { prefix, env: { PKG_CONFIG_PATH: '', PKG_CONFIG_LIBDIR: path.join(prefix, 'lib/pkgconfig') } };
}

export async function pkgConfig({ env }, name, options) {
  const { stdout } = await run('pkg-config', [...options, name], { env });
  return stdout.trim().split(/\s+/).filter(Boolean);
}

function* filesBelow(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else yield file;
  }
}

/** One figure for all that programs are built from. */
export function fingerprint(...folders) {
  const hash = createHash('sha256');
  for (const folder of folders)
    for (const file of [...filesBelow(folder)].sort())
      hash.update(path.relative(folder, file)).update(fs.readFileSync(file));
  return hash.digest('hex');
}

const sourcesOf = ({ upstream }, program) =>
  program.sources.map((source) =>
    source.startsWith('./')
      ? path.join(import.meta.dirname, source)
      : path.join(upstream, program.folder ?? '', source),
  );

/** What upstream's own build gives its unit tests. */
const asUnitTests = ['-D_GNU_SOURCE', '-DALLOW_INTERNAL_API'];

/** A warning in a header of ours, in somebody else's build. */
const warningInOurs = (output, prefix) =>
  output.split('\n').find((line) => line.startsWith(prefix) && /warning:/.test(line));

/**
 * Builds a program; resolves with { executable } or { failed: what the compiler said }. Warnings are not held against upstream's
 * sources, but against our headers.
 *   context  { upstream, installed, folder, key }     platform  of platforms.mjs     variant  { name, compiler, libs, extra }
 */
export async function build(program, platform, variant, context) {
  const { installed, folder } = context;
  const executable = path.join(folder, `${program.name}-${variant.name}${platform.suffix}`);
  const cflags = await pkgConfig(installed, platform.package, ['--cflags']);
  const libs = await pkgConfig(installed, platform.package, variant.libs);
  const sources = sourcesOf(context, program);
  const args = [
    ...platform.flags,
    ...['-O2', '-g1', '-Wall', '-DALLOW_EXPERIMENTAL_API'],
    ...(program.kind === 'unit' ? asUnitTests : []),
    ...(context.include ?? []),
    ...(program.include ?? []).map((name) => `-iquote${path.join(context.upstream, name)}`),
    ...(program.define ?? []).map((name) => `-D${name}`),
    ...cflags,
    ...variant.extra,
    ...sources,
    ...['-o', executable],
    ...libs,
    // As upstream's own builds, which link these on every system.
    '-lm',
  ];
  const stamp = `${executable}.key`;
  const key = `${context.key} ${variant.compiler} ${args.join(' ')}`;
  if (fs.existsSync(stamp) && fs.existsSync(executable) && fs.readFileSync(stamp, 'utf8') === key)
    return { executable };
  fs.rmSync(stamp, { force: true });
  const { code, output } = await run(variant.compiler, args, { allowFailure: true });
  if (code !== 0) return { failed: output };
  const warning = warningInOurs(output, installed.prefix);
  if (warning) return { failed: `a warning in a header of ours: ${warning}` };
  fs.writeFileSync(stamp, key);
  return { executable };
}
