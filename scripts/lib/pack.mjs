// SPDX-License-Identifier: BSD-3-Clause
// What users install: the tarball of wdpdk and one per platform with the executable. Each is put together in a folder
// of its own, so that it holds
// what it should and not what lies about in dist/.
import fs from 'node:fs';
import path from 'node:path';
import { npm } from '../bootstrap.mjs';
import { importByPath, privateName, withoutSourceMap } from './bundle.mjs';
import { cache, dataplane, root } from './paths.mjs';
import { UserError, run } from './run.mjs';

const debian = '/usr/share/doc';

/** The executables: where each is built, and whose licences go with it (Debian keeps their texts). */
export const platforms = {
  'linux-x64': { preset: 'linux-release', linked: ['libmsgpuck-dev'] },
  'win32-x64': { preset: 'windows-release', linked: ['libmsgpuck-dev', 'mingw-w64-x86-64-dev', 'gcc-mingw-w64-base'] },
};

const client = path.join(root, 'ts-client');

/** Of configurations, for editors, and of what commands print. */
export const schemas = [
  'shm-protocol/dataplane-config.schema.json',
  'shm-protocol/forwarding.schema.json',
  'dataplane/app/summary.schema.json',
  'ts-client/doctor.schema.json',
  'ts-client/devices.schema.json',
];
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const writeJson = (file, value) => fs.writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);

export const version = () => read(path.join(client, 'package.json')).version;

/** What of dist/ has a source: the compiler does not remove what an older source left there. */
function modules() {
  const dist = path.join(client, 'dist');
  const sources = [
    { from: dist, source: path.join(client, 'src'), to: '' },
    { from: path.join(root, 'shm-protocol/dist'), source: path.join(root, 'shm-protocol/src'), to: 'ipc' },
  ];
  return sources.flatMap(({ from, source, to }) =>
    fs
      .readdirSync(source, { recursive: true })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap((name) => ['.js', '.d.ts'].map((ending) => name.replace(/\.ts$/, ending)))
      .map((name) => ({ from: path.join(from, name), to: path.join('dist', to, name) })),
  );
}

/** README with the links to what lies elsewhere in the package than in the checkout. */
const packedReadme = () =>
  fs
    .readFileSync(path.join(root, 'README.md'), 'utf8')
    .replaceAll('](ts-client/docs/', '](docs/')
    .replaceAll('](dataplane/app/summary.schema.json)', '](summary.schema.json)');

/** The package wdpdk in `folder`. The private package inside it is called `ipc` there: its own name is nobody's, and stands nowhere. */
export function stageClient(folder) {
  const manifest = read(path.join(client, 'package.json'));
  for (const ours of ['devDependencies', 'scripts']) delete manifest[ours];
  const optionalDependencies = Object.fromEntries(
    Object.keys(platforms).map((platform) => [`@wdpdk/${platform}`, manifest.version]),
  );
  fs.mkdirSync(folder, { recursive: true });
  writeJson(path.join(folder, 'package.json'), { ...manifest, optionalDependencies });
  for (const name of ['LICENSE', 'CHANGELOG.md']) fs.copyFileSync(path.join(root, name), path.join(folder, name));
  fs.writeFileSync(path.join(folder, 'README.md'), packedReadme());
  // Side by side, as they refer to each other: users' files name them under `$schema`.
  for (const file of schemas) fs.copyFileSync(path.join(root, file), path.join(folder, path.basename(file)));
  fs.cpSync(path.join(client, 'docs'), path.join(folder, 'docs'), { recursive: true });
  for (const { from, to } of modules()) {
    if (!fs.existsSync(from))
      throw new UserError(`${path.relative(root, from)} is not there: run 'npm run build' first.`);
    // As a build leaves it, or as the compiler alone does: by path, or by name.
    const text = withoutSourceMap(fs.readFileSync(from, 'utf8')).replaceAll(`${privateName}/index.js`, 'ipc/index.js');
    const target = path.join(folder, to);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, importByPath(text, target, path.join(folder, 'dist/ipc/index.js')));
  }
}

async function stagePlatform(platform, folder) {
  const { preset, linked } = platforms[platform];
  const template = path.join(client, 'platforms', platform);
  const manifest = read(path.join(template, 'package.json'));
  if (manifest.version !== version())
    throw new UserError(
      `ts-client/platforms/${platform}/package.json has version ${manifest.version}, wdpdk ${version()}: make them equal.`,
    );
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'README.md']) fs.copyFileSync(path.join(template, name), path.join(folder, name));
  fs.copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  fs.writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES'), linked.map(licenceOf).join('\n'));
  const built = dataplane(preset);
  if (!fs.existsSync(built))
    throw new UserError(`${path.relative(root, built)} is not there: run 'npm run build -- ${preset}' first.`);
  const executable = path.join(folder, path.basename(built));
  await run('llvm-strip', ['--strip-all', '-o', executable, built], { log: `strip-${platform}` });
  fs.chmodSync(executable, 0o755);
}

function licenceOf(name) {
  const file = path.join(debian, name, 'copyright');
  if (!fs.existsSync(file))
    throw new UserError(
      `The licence of ${name} is not in ${file}: packages are made on Debian, with ${name} installed.`,
      69,
    );
  return `${'='.repeat(100)}\n${name}, as Debian describes it\n${'='.repeat(100)}\n\n${fs.readFileSync(file, 'utf8')}`;
}

/**
 * Makes the tarball of wdpdk and those of `wanted` (keys of platforms) in `destination`, from what is built. Resolves with
 * their paths.
 */
export async function makePackages(wanted, destination) {
  fs.mkdirSync(cache, { recursive: true });
  const stage = fs.mkdtempSync(path.join(cache, 'pack-'));
  try {
    stageClient(path.join(stage, 'wdpdk'));
    for (const platform of wanted) await stagePlatform(platform, path.join(stage, platform));
    fs.mkdirSync(destination, { recursive: true });
    const made = [];
    for (const name of ['wdpdk', ...wanted]) {
      const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
      const { stdout } = await npm(args, { cwd: path.join(stage, name), log: `npm-pack-${name}` });
      made.push(path.join(destination, JSON.parse(stdout)[0].filename));
    }
    return made;
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
}
