// SPDX-License-Identifier: BSD-3-Clause
// Network namespaces as hosts for the kernel's side of TAP ports. Names carry this process' number: suites may run side
// by side. All of a namespace goes with it, the interfaces in it included.
import fs from 'node:fs';
import { execa, execaSync } from 'execa';
import { onTestFinished } from 'vitest';
import { startProgram, type Program } from './program.ts';

let made = 0;

/** Namespaces of test processes that were killed before they could tidy up. */
function removeLeftovers(): void {
  const folder = '/run/netns';
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const owner = /^wdpdk-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !fs.existsSync(`/proc/${owner}`))
      execaSync('ip', ['netns', 'del', name], { reject: false });
  }
}

/** Why this process cannot make namespaces and TAP interfaces, or undefined when it can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, to make network namespaces';
  if (!fs.existsSync('/dev/net/tun')) return 'needs /dev/net/tun (modprobe tun)';
  removeLeftovers();
  const probe = `wdpdk-${process.pid}-probe`;
  const { failed, stderr } = execaSync('ip', ['netns', 'add', probe], { reject: false });
  if (failed) return `needs to make network namespaces, which fails here: ${stderr}`;
  execaSync('ip', ['netns', 'del', probe]);
  return undefined;
}

/** Names for interfaces of this process, at most 15 bytes. */
export const interfaceName = (what: string): string => `w${process.pid}-${what}`;

export interface Host {
  readonly name: string;
  /** Takes an interface of this namespace in. It comes down, without addresses. */
  adopt(iface: string): Promise<void>;
  /** `ip ...` there; its output. */
  ip(...args: string[]): Promise<string>;
  /** A command there; its result, whatever its exit code. */
  run(command: string, ...args: string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }>;
  /** A program of test/programs there. */
  start(program: string, argument: object): Program;
}

/** A namespace that is gone when the current test has finished, whether it failed or not. */
export async function makeHost(): Promise<Host> {
  const name = `wdpdk-${process.pid}-${made++}`;
  const there = ['ip', 'netns', 'exec', name];
  await execa('ip', ['netns', 'add', name]);
  onTestFinished(async () => void (await execa('ip', ['netns', 'del', name], { reject: false })));
  const ip = async (...args: string[]): Promise<string> => (await execa('ip', ['-n', name, ...args])).stdout;
  await ip('link', 'set', 'lo', 'up');
  return {
    name,
    ip,
    adopt: async (iface) => void (await execa('ip', ['link', 'set', 'dev', iface, 'netns', name])),
    run: async (command, ...args) => {
      const { exitCode, stdout, stderr } = await execa(there[0]!, [...there.slice(1), command, ...args], {
        reject: false,
        timeout: 30_000,
      });
      return { exitCode, stdout, stderr };
    },
    start: (program, argument) => startProgram(program, argument, there),
  };
}
