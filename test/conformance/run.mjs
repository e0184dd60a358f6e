// SPDX-License-Identifier: BSD-3-Clause
// node test/conformance/run.mjs [--no-install]: upstream's unmodified programs (programs.json) build against our install through
// pkg-config, and run. Nothing of upstream is in the tree: the source package stays in .cache (scripts/lib/upstream.mjs).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install, variants } from './build.mjs';
import { judges } from './judges.mjs';

const here = import.meta.dirname;
export const { programs } = JSON.parse(fs.readFileSync(path.join(here, 'programs.json'), 'utf8'));

/**
 * Prepares a bed: installs the build and gives a `check(program)` that builds it in every variant and judges the first.
 *   buildDir  a finished CMake build folder     upstream  the unpacked source package
 * `close()` removes everything that was made.
 */
export async function prepare({ buildDir, upstream }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-conformance-'));
  const close = () => fs.rmSync(folder, { recursive: true, force: true });
  try {
    const environment = await install(buildDir, path.join(folder, 'install'));
    const check = async (program) => {
      const executables = [];
      for (const variant of variants)
        executables.push(await build(program, variant, { upstream, environment, folder }));
      if (program.judge) for (const executable of executables) await judges[program.judge](executable, folder);
    };
    return { check, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function command() {
  const { bootstrap } = await import('../../scripts/bootstrap.mjs');
  const { buildDir } = await import('../../scripts/lib/paths.mjs');
  const { onExit, step } = await import('../../scripts/lib/run.mjs');
  const { upstreamSource } = await import('../../scripts/lib/upstream.mjs');
  const wanted = !process.argv.includes('--no-install');
  await bootstrap({ presets: ['linux-release'], jobs: ['upstream'], install: wanted, typescript: false });
  const bed = await prepare({ buildDir: buildDir('linux-release'), upstream: await upstreamSource() });
  onExit(bed.close);
  for (const program of programs) await step(`upstream's ${program.name}`, () => bed.check(program));
  console.log(`${programs.length} programs of upstream build and do what they should.`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { main } = await import('../../scripts/lib/run.mjs');
  await main(command);
}
