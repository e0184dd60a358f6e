#!/usr/bin/env node
// SPDX-License-Identifier: BSD-3-Clause
//
// The `wdpdk` command: one file a subcommand.
import { Command, CommanderError } from 'commander';
import { WdpdkError } from 'shared-memory-ipc';
import { VERSION } from '../version.ts';
import { complain } from './say.ts';

type Add = (program: Command) => void;

/** A command's file is loaded when it is called: doctor works where the others cannot. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  demo: async () => (await import('./start.ts')).addStart,
  start: async () => (await import('./start.ts')).addStart,
  'demo-client': async () => (await import('./start.ts')).addStart,
  run: async () => (await import('./run.ts')).addRun,
  stats: async () => (await import('./stats.ts')).addStats,
  capture: async () => (await import('./capture.ts')).addCapture,
  inject: async () => (await import('./inject.ts')).addInject,
  routes: async () => (await import('./routes.ts')).addRoutes,
  extcap: async () => (await import('./extcap.ts')).addExtcap,
  devices: async () => (await import('./devices/devices.ts')).addDevices,
  bind: async () => (await import('./devices/bind.ts')).addBind,
  unbind: async () => (await import('./devices/bind.ts')).addBind,
  doctor: async () => (await import('./doctor/doctor.ts')).addDoctor,
};

const WRONG_ARGUMENTS = 2;

const program = new Command('wdpdk')
  .description('DPDK on Windows and Linux, driven from TypeScript')
  .version(VERSION)
  .exitOverride()
  .addHelpText(
    'after',
    `
Every command takes --help. Results go to stdout, everything else to stderr. Ctrl-C ends a command in order.
Exit codes: 0 after an orderly end, 1 when something failed, 2 for wrong arguments.`,
  );

async function main(argv: readonly string[]): Promise<void> {
  const name = argv[2] ?? '';
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
  // For help, and for a name that is none, all are there.
  const wanted = named ? [await named()] : await Promise.all(Object.values(commands).map((load) => load()));
  for (const add of new Set(wanted)) add(program);
  // 'node': inside Electron commander would look for its arguments elsewhere.
  await program.parseAsync(argv, { from: 'node' });
}

// A reader that has had enough (`wdpdk ... | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// No top-level await: a bundle of this package could not be required.
main(process.argv).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // It has said what it had to say.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_ARGUMENTS;
    return;
  }
  complain(error);
  process.exitCode = WdpdkError.is(error, 'WDPDK_E_ARGUMENT') ? WRONG_ARGUMENTS : 1;
});
