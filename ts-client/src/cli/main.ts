#!/usr/bin/env node
// SPDX-License-Identifier: BSD-3-Clause
//
// The `wdpdk` command: one file a subcommand.
import { Command, CommanderError } from 'commander';
import { WdpdkError } from 'shared-memory-ipc';
import { VERSION } from '../version.ts';
import { addCapture } from './capture.ts';
import { addDoctor } from './doctor/doctor.ts';
import { addExtcap } from './extcap.ts';
import { addInject } from './inject.ts';
import { addRoutes } from './routes.ts';
import { addRun } from './run.ts';
import { complain } from './say.ts';
import { addStart } from './start.ts';
import { addStats } from './stats.ts';

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

for (const add of [addStart, addRun, addStats, addCapture, addInject, addRoutes, addExtcap, addDoctor]) add(program);

// A reader that has had enough (`wdpdk ... | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// No top-level await: a bundle of this package could not be required. 'node': inside Electron commander would look for
// its arguments elsewhere.
program.parseAsync(process.argv, { from: 'node' }).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // It has said what it had to say.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_ARGUMENTS;
    return;
  }
  complain(error);
  process.exitCode = WdpdkError.is(error, 'WDPDK_E_ARGUMENT') ? WRONG_ARGUMENTS : 1;
});
