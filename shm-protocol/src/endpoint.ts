// SPDX-License-Identifier: BSD-3-Clause
//
// Where a running instance is found.
import { lstatSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WdpdkError } from './errors.ts';
import { isWindows } from './platform.ts';
import { LIMIT_NAME_BYTES } from './protocol.ts';

export const DEFAULT_INSTANCE = 'default';

export interface Endpoint {
  readonly instance: string;
  /** Path of the Unix socket, or name of the pipe: what net.connect takes. */
  readonly path: string;
}

const notRunning = (instance: string, where: string, cause?: unknown) =>
  new WdpdkError(
    'WDPDK_E_NOT_FOUND',
    `no dataplane instance '${instance}' is running for this user (looked at ${where})`,
    {
      object: instance,
      remedy: `Start one with launch() or 'wdpdk-dataplane ... -- --instance ${instance}'`,
      cause,
    },
  );

export function assertInstanceName(instance: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(instance) || instance.length >= LIMIT_NAME_BYTES)
    throw new WdpdkError('WDPDK_E_ARGUMENT', `'${instance}' is no instance name`, {
      object: instance,
      remedy: `Use up to ${LIMIT_NAME_BYTES - 1} letters, digits, '.', '-' and '_', with a letter or digit first`,
    });
}

export function locate(instance: string, env: NodeJS.ProcessEnv = process.env): Endpoint {
  assertInstanceName(instance);
  return { instance, path: isWindows ? pipeOf(instance, env) : socketOf(instance, env) };
}

/** Where running instances leave word of themselves: `<instance>.sock`, on Windows `<instance>.json`. It may not be there. */
export function runFolder(env: NodeJS.ProcessEnv = process.env): string {
  return isWindows ? pipeFolder(env) : socketFolder(env);
}

const pipeFolder = (env: NodeJS.ProcessEnv) => path.join(env['LOCALAPPDATA'] ?? tmpdir(), 'wdpdk', 'run');

function socketFolder(env: NodeJS.ProcessEnv): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  return runtime ? path.join(runtime, 'wdpdk') : path.join('/tmp', `wdpdk-${process.getuid!()}`);
}

/** The directory must be ours alone: in a shared one anybody could answer under the dataplane's name. */
export function socketOf(instance: string, env: NodeJS.ProcessEnv): string {
  const uid = process.getuid!();
  const directory = socketFolder(env);
  let stat;
  try {
    stat = lstatSync(directory);
  } catch (error) {
    throw notRunning(instance, directory, error);
  }
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0)
    throw new WdpdkError('WDPDK_E_DENIED', `${directory} is not a directory of this user alone`, {
      object: directory,
      remedy: `Remove it, or make it yours with mode 0700`,
    });
  return path.join(directory, `${instance}.sock`);
}

/** The pipe's name carries 128 random bits; the run file that holds it lies where only the owner can write. */
export function pipeOf(instance: string, env: NodeJS.ProcessEnv): string {
  const file = path.join(pipeFolder(env), `${instance}.json`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw notRunning(instance, file, error);
  }
  let pipe: unknown;
  try {
    pipe = (JSON.parse(text) as { pipe?: unknown } | null)?.pipe;
  } catch {
    pipe = undefined;
  }
  if (typeof pipe !== 'string' || !/^\\\\\.\\pipe\\wdpdk-[0-9a-f]{32}$/.test(pipe))
    throw new WdpdkError('WDPDK_E_PROTOCOL', `the run file ${file} names no pipe of a dataplane`, {
      object: file,
      remedy: 'Remove the file and start the dataplane again',
    });
  return pipe;
}
