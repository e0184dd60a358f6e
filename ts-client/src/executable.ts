// SPDX-License-Identifier: BSD-3-Clause
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WdpdkError } from 'shared-memory-ipc';
import { executableName, platformPackage, presets } from './platform.ts';

function fromPackage(): string | undefined {
  try {
    return path.join(
      path.dirname(createRequire(import.meta.url).resolve(`${platformPackage}/package.json`)),
      executableName,
    );
  } catch {
    return undefined;
  }
}

/** This repository's build folder; nothing when the package is installed, where a folder of that name would be somebody else's. */
function repositoryBuild(): string | undefined {
  try {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const { name } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { name?: unknown };
    return name === 'wdpdk-workspace' ? path.join(root, 'build') : undefined;
  } catch {
    return undefined;
  }
}

/** The executable a caller named: a path must lead to a file, a bare name is looked up in PATH by the system. */
export function named(executable: string): string {
  if (path.basename(executable) === executable || existsSync(executable)) return executable;
  throw new WdpdkError('WDPDK_E_NO_BINARY', `there is no ${executable}`, {
    object: executable,
    remedy: 'Correct the option `executable`, or leave it out',
  });
}

/** WDPDK_DATAPLANE_PATH, else the platform's package, else this repository's build. Throws WDPDK_E_NO_BINARY. */
export function findExecutable(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['WDPDK_DATAPLANE_PATH'];
  if (named) {
    if (existsSync(named)) return named;
    throw new WdpdkError('WDPDK_E_NO_BINARY', `WDPDK_DATAPLANE_PATH names a file that does not exist: ${named}`, {
      object: named,
      remedy: 'Correct or unset the variable',
    });
  }
  const packaged = fromPackage();
  if (packaged && existsSync(packaged)) return packaged;
  const build = repositoryBuild();
  for (const preset of build === undefined ? [] : presets) {
    const built = path.join(build!, preset, executableName);
    if (existsSync(built)) return built;
  }
  throw new WdpdkError('WDPDK_E_NO_BINARY', `no ${executableName} was found`, {
    object: executableName,
    remedy: `Install ${platformPackage}, set WDPDK_DATAPLANE_PATH, or run 'npm run build' in a checkout`,
  });
}
