#!/usr/bin/env node
// SPDX-License-Identifier: BSD-3-Clause
//
// The `wdpdk` command: one file a subcommand.
import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { addDoctor } from './doctor/doctor.ts';
import { complain } from './say.ts';
import { addStart } from './start.ts';

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

for (const add of [addStart, addDoctor]) add(program);

// No top-level await: a bundle of this package could not be required. 'node': inside Electron commander would look for
// its arguments elsewhere.
program.parseAsync(process.argv, { from: 'node' }).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // It has said what it had to say.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_ARGUMENTS;
    return;
  }
  complain(error);
  process.exitCode = 1;
});
