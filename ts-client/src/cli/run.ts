// SPDX-License-Identifier: BSD-3-Clause
import { type Command, Option } from 'commander';
import { launch } from '../launch.ts';
import { seconds } from './arguments.ts';
import { Rates } from './rates.ts';
import { type RunOptions, launchOptionsOf } from './run-config.ts';
import { note, print } from './say.ts';
import { untilStopped } from './stopping.ts';
import { printSummary, reportFailure } from './summary.ts';

async function run(options: RunOptions): Promise<number> {
  const stopped = untilStopped(options.seconds);
  try {
    const dataplane = await launch(await launchOptionsOf(options));
    try {
      stopped.startClock();
      void dataplane.exited.then(() => stopped.stop());
      note(`instance ${dataplane.instance}, process ${dataplane.pid}; Ctrl-C ends it`);
      const observer = options.json ? undefined : await dataplane.attach({ name: 'run', want: ['observe'] });
      const rates = observer && new Rates(observer, []);
      await stopped.done;
      rates?.close();
      const exit = await dataplane.close();
      await observer?.close();
      const { code, summary } = exit;
      if (code !== 0 || !summary) return reportFailure(exit);
      if (options.json) print(JSON.stringify(summary));
      else printSummary(summary);
      return 0;
    } finally {
      await dataplane.close();
    }
  } finally {
    stopped.stop();
  }
}

const collect = (text: string, list: readonly string[]): string[] => [...list, text];

export function addRun(program: Command): void {
  program
    .command('run')
    .description('start a dataplane and show its rates until Ctrl-C; other programs and commands attach to it')
    .argument(
      '[config]',
      'a JSON file of {ports, forwarding, lcores, idle, instance, hold, eal}, as launch() of the library takes them',
    )
    .option(
      '--port <spec>',
      'a port, repeatable: null, null:rx, wire:NAME, tap:INTERFACE, pci:ADDRESS, pcap:rx=FILE,tx=FILE,loop,pps=N',
      collect,
      [],
    )
    .option('--vdev <devargs>', 'a port by its device arguments, repeatable', collect, [])
    .option('--forward <modes>', 'MODE for all ports, as l3fwd, or 0=l3fwd,1=io:0')
    .option('--route <route>', 'a route, repeatable: CIDR=PORT or CIDR=PORT,MAC', collect, [])
    .option('--lcores <cpus>', 'processors that forward, as 0 or 0,2-3')
    .option('--instance <name>', 'the name others attach by (default: `default`)')
    .addOption(
      new Option('--idle <way>', 'with nothing to do: sleep (adaptive, the default) or poll').choices([
        'adaptive',
        'poll',
      ]),
    )
    .option('--hold', 'take no frame before a client releases them')
    .option('--eal <argument>', 'a further EAL argument, repeatable', collect, [])
    .option('--stop-at-end', 'end when all captures have been forwarded')
    .option('--seconds <n>', 'end after n seconds', seconds)
    .option('--json', 'at the end one JSON object (summary.schema.json), and no rates')
    .addHelpText(
      'after',
      `
Examples:
  wdpdk run --port pcap:rx=in.pcap,loop,pps=10000 --port null --route 0.0.0.0/0=1
  wdpdk run router.json --instance lab

null swallows what is sent and receives nothing; null:rx receives empty frames as fast as they are taken.
Exit code: 0 after an orderly end, 1 when the dataplane did not start or ended by itself in disorder, 2 for wrong arguments.`,
    )
    .action(async (config: string | undefined, options: RunOptions) => {
      process.exitCode = await run(config === undefined ? options : { ...options, config });
    });
}
