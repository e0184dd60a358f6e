// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk demo`, and `start`, which is what `npm start` runs in a checkout: the demo, or a capture forwarded.
import { type Command, InvalidArgumentError } from 'commander';
import { seconds } from './arguments.ts';
import { runDemo } from './demo.ts';
import { runDemoClient } from './demo-client.ts';
import { forwardCapture } from './forward-capture.ts';

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
  readonly xl710?: boolean;
}

const common = (command: Command): Command =>
  command
    .option('--seconds <n>', 'end by itself after n seconds', seconds)
    .option('--instance <name>', 'the name clients attach by (default: `default` for the demo)')
    .option('--json', 'print one JSON object (summary.schema.json) as the last line, and no rates')
    .option('--xl710', 'the demo on two ports of an emulated XL710 (a checkout has the device model, packages do not)');

export function addStart(program: Command): void {
  common(program.command('demo'))
    .description('run a dataplane on looped traffic with one client receiving and one injecting, until Ctrl-C')
    .action(async (options: Omit<StartOptions, 'route'>) => {
      process.exitCode = await runDemo({ ...options, route: [] });
    });

  common(program.command('start'))
    .description('forward a capture (pcap or pcapng), or without one run the demo')
    .argument('[capture]', 'frames that port 0 receives; l3fwd sends them out of port 1')
    .option('--out <file>', 'where port 1 writes what was forwarded (default: <capture>.forwarded.pcap)')
    .option('--route <cidr=port>', 'a route, repeatable (default: 0.0.0.0/0=1 and ::/0=1)', collect, [])
    .addHelpText(
      'after',
      `
Examples:
  wdpdk start                                     the demo: looped traffic, one client receiving, one injecting
  wdpdk start --seconds 5 --json                  the same for 5 s, with a summary for programs
  wdpdk start --xl710 --seconds 5                 the demo on two emulated XL710 ports, by the i40e driver
  wdpdk start capture.pcap --out forwarded.pcap   forward a capture and end
  wdpdk start capture.pcap --route 10.0.0.0/8=1   only what 10.0.0.0/8 takes`,
    )
    .action(async (capture: string | undefined, options: StartOptions, command: Command) => {
      if (capture !== undefined && options.xl710) command.error('--xl710 goes with the demo: leave the capture out');
      process.exitCode = capture === undefined ? await runDemo(options) : await forwardCapture(capture, options);
    });

  program.command('demo-client', { hidden: true }).argument('<role>').argument('<instance>').action(runDemoClient);
}
