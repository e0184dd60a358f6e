// SPDX-License-Identifier: BSD-3-Clause
//
// What `wdpdk doctor` looks at, for any system. Nothing here writes, makes or reserves anything outside this process.
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { execa } from 'execa';
import { WdpdkError, assertPlatform } from 'shared-memory-ipc';
import { findExecutable } from '../../executable.ts';
import { VERSION } from '../../version.ts';
import type { System } from '../system/system.ts';
import { type Finding, fail, mebibytes, messageOf, ok, warn } from './finding.ts';

const OLDEST_NODE = [20, 19] as const;
const PLENTY = 512 * 2 ** 20;

export function node(versions: NodeJS.ProcessVersions = process.versions): Finding {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor))
    return ok('node', `Node ${versions.node}`);
  const remedy = 'Install a newer Node from https://nodejs.org/';
  return fail('node', `Node ${versions.node} is older than ${OLDEST_NODE.join('.')}`, remedy);
}

export function platform(): Finding {
  try {
    assertPlatform();
    return ok('platform', `${process.arch}, not inside Electron`);
  } catch (error) {
    if (!WdpdkError.is(error)) throw error;
    return fail('platform', error.message, error.remedy);
  }
}

export async function executable(env: NodeJS.ProcessEnv = process.env): Promise<Finding> {
  const name = 'executable';
  let file: string;
  try {
    file = findExecutable(env);
  } catch (error) {
    if (!WdpdkError.is(error)) throw error;
    return fail(name, error.message, error.remedy);
  }
  const run = await execa(file, ['--version'], { reject: false, stdin: 'ignore', timeout: 10_000, windowsHide: true });
  const said = /^wdpdk-dataplane (\S+)$/m.exec(run.stdout)?.[1];
  if (said === undefined) {
    const why = run.shortMessage ?? run.stderr.split('\n')[0] ?? '';
    return fail(
      name,
      `${file} does not say its version: ${why}`,
      'Install wdpdk again, or correct WDPDK_DATAPLANE_PATH',
    );
  }
  if (said !== VERSION)
    return fail(
      name,
      `${file} is version ${said}, this package ${VERSION}`,
      'Install client and dataplane of one release',
    );
  return ok(name, `${file}, version ${said}`);
}

export function memory(): Finding {
  const text = `${mebibytes(freemem())} free of ${mebibytes(totalmem())}`;
  if (freemem() >= PLENTY) return ok('memory', text);
  return warn('memory', text, 'A dataplane takes about 100 MiB, by `-m MB` less: free some, or give it less');
}

export function processor({ cpuFlags }: System): Finding {
  const { required, useful } = cpuFlags();
  const cores = availableParallelism();
  const present = Object.entries({ ...required, ...useful })
    .filter(([, there]) => there)
    .map(([flag]) => flag);
  const missing = Object.keys(required).filter((flag) => !required[flag]);
  const text = `${cpus()[0]?.model.trim() ?? 'processor'}, ${cores} cores, ${present.join(' ')}`;
  if (missing.length > 0)
    return fail(
      'cpu',
      `${text}; it lacks ${missing.join(' ')}`,
      'Use a processor of 2009 or later, or build with another WDPDK_MARCH',
    );
  if (cores < 2)
    return warn(
      'cpu',
      `${text}: dataplane and clients share one core`,
      "Use idle: 'adaptive', or give this machine another core",
    );
  return ok('cpu', text);
}

/** Shared memory is read through an array buffer over memory that is not Node's. */
export function mapping({ viewForeignMemory }: System): Finding {
  const name = 'shared-memory';
  try {
    viewForeignMemory();
    return ok(name, 'can be mapped and viewed by this Node');
  } catch (error) {
    return fail(
      name,
      `this Node cannot view it: ${messageOf(error)}`,
      "Use a plain Node.js, and install 'koffi' again",
    );
  }
}

export const isolation: Finding = ok(
  'users.clients',
  'clients of another OS user cannot read or forge packets; programs of the same user can debug each other',
);
