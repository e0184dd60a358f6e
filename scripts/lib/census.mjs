// SPDX-License-Identifier: BSD-3-Clause
// The command line of the census (test/conformance/census.mjs).
import path from 'node:path';
import { install, pkgConfig } from '../../test/conformance/build.mjs';
import { census, censusText, libraries } from '../../test/conformance/census.mjs';
import { bootstrap } from '../bootstrap.mjs';
import { buildDir, cache } from './paths.mjs';
import { step, UserError } from './run.mjs';
import { upstreamSource } from './upstream.mjs';

export async function runCensus({ positionals, build = true, install: mayInstall }) {
  const unknown = positionals.filter((name) => !libraries.includes(name));
  if (unknown.length > 0) throw new UserError(`Unknown library ${unknown[0]}. There are: ${libraries.join(', ')}`, 64);
  if (build)
    await bootstrap({
      presets: ['linux-release'],
      jobs: ['upstream', 'peers'],
      install: mayInstall,
      typescript: false,
    });
  const sources = await upstreamSource();
  const installed = await install(buildDir('linux-release'), path.join(cache, 'conformance/install/census'));
  const only = positionals.length > 0 ? positionals : libraries;
  const side = async (env, include) => ({
    compiler: 'clang',
    cflags: await pkgConfig({ env }, 'libdpdk', ['--cflags']),
    include,
  });
  const theirs = await side({}, '/usr/include/dpdk');
  const ours = await side(installed.env, path.join(installed.prefix, 'include/wdpdk'));
  const result = await step('compare headers', (progress) => census({ sources, theirs, ours, only, progress }));
  console.log(censusText(result));
  return 0;
}
