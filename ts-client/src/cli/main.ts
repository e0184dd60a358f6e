#!/usr/bin/env node
// SPDX-License-Identifier: BSD-3-Clause
//
// The `wdpdk` command. `start` is what `npm start` runs.
import { Command, InvalidArgumentError } from 'commander';
import { WdpdkError } from 'shared-memory-ipc';
import { VERSION } from '../version.ts';
import { runDemo } from './demo.ts';
import { runDemoClient } from './demo-client.ts';
import { forwardCapture } from './forward-capture.ts';

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1e6)) throw new InvalidArgumentError('give a number of seconds above 0');
  return value;
}

const collect = (text: string, list: string[]): string[] => {
  if (!/^[0-9a-fA-F.:]+\/\d+=\d+$/.test(text)) throw new InvalidArgumentError('write CIDR=PORT, as 10.0.0.0/8=1');
  return [...list, text];
};

export interface StartOptions {
  readonly out?: string;
  readonly route: string[];
  readonly seconds?: number;
  readonly json?: boolean;
  readonly instance?: string;
}

const program = new Command('wdpdk').description('DPDK on Windows and Linux, driven from TypeScript').version(VERSION);

program
  .command('start', { isDefault: true })
  .description('forward a capture (pcap or pcapng), or without one run the embedded demo until Ctrl-C')
  .argument('[capture]', 'frames that port 0 receives; l3fwd sends them out of port 1')
  .option('--out <file>', 'where port 1 writes what was forwarded (default: <capture>.forwarded.pcap)')
  .option('--route <cidr=port>', 'a route, repeatable (default: 0.0.0.0/0=1 and ::/0=1)', collect, [])
  .option('--seconds <n>', 'end by itself after n seconds', seconds)
  .option('--instance <name>', 'the name clients attach by (default: `default` for the demo)')
  .option('--json', 'print one JSON object (summary.schema.json) as the last line, and no rates')
  .addHelpText(
    'after',
    `
Examples:
  npm start                                           the demo: looped traffic, one client receiving, one injecting
  npm start -- --seconds 5 --json                     the same for 5 s, with a summary for programs
  npm start -- capture.pcap --out forwarded.pcap      forward a capture and end
  npm start -- capture.pcap --route 10.0.0.0/8=1      only what 10.0.0.0/8 takes`,
  )
  .action(async (capture: string | undefined, options: StartOptions) => {
    process.exitCode = capture === undefined ? await runDemo(options) : await forwardCapture(capture, options);
  });

program.command('demo-client', { hidden: true }).argument('<role>').argument('<instance>').action(runDemoClient);

// No top-level await: a bundle of this package could not be required.
program.parseAsync().catch(fail);

function fail(error: unknown): void {
  if (WdpdkError.is(error)) {
    process.stderr.write(`wdpdk: ${error.message} [${error.code}]\n`);
  } else {
    process.stderr.write(`wdpdk: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  process.exitCode = 1;
}
