// SPDX-License-Identifier: BSD-3-Clause
//
// What is read of a Linux machine, and the few files of it that `bind` writes. Everything about Linux goes through here.
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { runFolder } from 'shared-memory-ipc';
import { firmwareOf } from './ethtool.ts';

export interface FileState {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly directory: boolean;
}

/** A machine's files; what is not there, or may not be read, is undefined or empty. */
export interface Machine {
  /** Without the white space at both ends. */
  text(file: string): string | undefined;
  bytes(file: string): Uint8Array | undefined;
  list(folder: string): string[];
  exists(file: string): boolean;
  /** With all symbolic links followed. */
  real(file: string): string | undefined;
  /** Of the file itself, were it a symbolic link. */
  state(file: string): FileState | undefined;
  may(file: string, mode: 'read' | 'write' | 'enter'): boolean;
  /** Throws as fs does. */
  write(file: string, text: string): void;
  readonly uid: number;
  readonly pid: number;
  readonly env: NodeJS.ProcessEnv;
  /** Where instances leave word of themselves. */
  readonly runFolder: string;
  /** By interface. */
  addresses(): Readonly<Record<string, readonly string[]>>;
  /** As the interface's driver calls it. */
  firmware(name: string): string | undefined;
}

const modes = { read: constants.R_OK, write: constants.W_OK, enter: constants.W_OK | constants.X_OK };

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** This machine, or the tree of files that WDPDK_SYSTEM_ROOT names: tests have made-up ones. */
export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  const root = env['WDPDK_SYSTEM_ROOT'] ?? '';
  const at = (file: string): string => (root === '' ? file : path.join(root, file));
  return {
    text: (file) => quietly(() => readFileSync(at(file), 'utf8').trim()),
    bytes: (file) => quietly(() => readFileSync(at(file))),
    list: (folder) => quietly(() => readdirSync(at(folder)).sort()) ?? [],
    exists: (file) => existsSync(at(file)),
    real: (file) => quietly(() => realpathSync(at(file)).slice(root === '' ? 0 : realpathSync(root).length)),
    state: (file) =>
      quietly(() => {
        const { mode, uid, gid } = lstatSync(at(file));
        return { mode, uid, gid, directory: (mode & constants.S_IFMT) === constants.S_IFDIR };
      }),
    may: (file, mode) => quietly(() => accessSync(at(file), modes[mode]) === undefined) ?? false,
    write: (file, text) => writeFileSync(at(file), text),
    // Whoever has made a machine up is root there.
    uid: root === '' ? (process.getuid?.() ?? 0) : 0,
    pid: process.pid,
    env,
    runFolder: runFolder(env),
    addresses: () =>
      Object.fromEntries(
        Object.entries(root === '' ? networkInterfaces() : {}).map(([name, list = []]) => [
          name,
          list.map(({ address }) => address),
        ]),
      ),
    firmware: (name) => (root === '' ? quietly(() => firmwareOf(name)) : undefined),
  };
}

export const numberIn = (machine: Machine, file: string): number | undefined => {
  const text = machine.text(file);
  return text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
};

/** The last part of where a symbolic link leads. */
export const linkName = (machine: Machine, file: string): string | undefined => {
  const real = machine.exists(file) ? machine.real(file) : undefined;
  return real === undefined ? undefined : path.posix.basename(real);
};
