// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk extcap`: the questions that Wireshark asks a capture program (its manual page extcap(4)), so that it lists the ports of running
// dataplanes. Wireshark starts a file of its extcap folder; `--install` puts one there that starts this.
import { type Command, Option } from 'commander';
import { attach } from '../attach.ts';
import { VERSION } from '../version.ts';
import { bytes } from './arguments.ts';
import { placesOf, runCapture } from './capture.ts';
import { type MatchOptions, matchOf, refusal, withMatch } from './common.ts';
import { install, launcher } from './extcap-launcher.ts';
import { instances } from '../instances.ts';
import { note, print } from './say.ts';
import { untilStopped } from './stopping.ts';

const SLOTS = 16_384;
const PREFIX = 'wdpdk';

interface ExtcapOptions extends MatchOptions {
  readonly extcapInterfaces?: boolean;
  readonly extcapDlts?: boolean;
  readonly extcapConfig?: boolean;
  readonly extcapInterface?: string;
  readonly extcapCaptureFilter?: string;
  readonly capture?: boolean;
  readonly fifo?: string;
  readonly at: 'rx' | 'tx' | 'both';
  readonly snaplen?: number;
  readonly install?: boolean;
  readonly folder?: string;
  readonly printLauncher?: boolean;
}

/** Braces end a value. */
const value = (text: string): string => text.replaceAll(/[{}\r\n]/g, ' ');

async function listInterfaces(): Promise<void> {
  print(`extcap {version=${VERSION}}{display=wdpdk dataplanes}`);
  for (const instance of instances()) {
    try {
      const client = await attach({ instance, name: 'extcap', want: ['observe'], timeoutMs: 2000 });
      try {
        for (const { id, name, driver } of await client.ports())
          print(
            `interface {value=${PREFIX}-${instance}-${id}}{display=wdpdk ${instance} port ${id}: ${value(name)} (${value(driver)})}`,
          );
      } finally {
        await client.close();
      }
    } catch {
      // One that has died, or will not have us, has no ports to list.
    }
  }
}

function named(text: string | undefined): { instance: string; port: number } {
  const match = /^wdpdk-(.+)-(\d+)$/.exec(text ?? '');
  if (match) return { instance: match[1]!, port: Number(match[2]) };
  throw refusal(
    `'${text ?? ''}' is no interface of wdpdk`,
    '--extcap-interface',
    'Give one that --extcap-interfaces lists',
  );
}

function listConfig(): void {
  const match = '{"proto":"udp","dstPort":53}'.replaceAll(/[{}]/g, (brace) => (brace === '{' ? '(' : ')'));
  print(`arg {number=0}{call=--at}{display=Frames}{tooltip=Which frames of the port}{type=selector}`);
  for (const [place, display] of [
    ['rx', 'that come in'],
    ['tx', 'that leave'],
    ['both', 'both'],
  ])
    print(`value {arg=0}{value=${place}}{display=${display}}{default=${place === 'rx'}}`);
  print(`arg {number=1}{call=--match}{display=Match}{tooltip=A JSON object in braces, as ${match}}{type=string}`);
  print(
    `arg {number=2}{call=--snaplen}{display=Snap length}{tooltip=First bytes of each frame to keep}{type=unsigned}{range=1,65535}`,
  );
}

async function capture(options: ExtcapOptions): Promise<void> {
  const { instance, port } = named(options.extcapInterface);
  if (options.fifo === undefined) throw refusal('--capture needs --fifo', '--fifo', 'Give the pipe to write to');
  if (options.extcapCaptureFilter)
    throw refusal(
      'there are no capture filters of libpcap here',
      '--extcap-capture-filter',
      'Use the option Match of the interface',
    );
  const stopped = untilStopped(undefined);
  const stop = new AbortController();
  void stopped.done.then(() => stop.abort());
  const client = await attach({ instance, name: 'wireshark', want: ['observe', 'receive'] });
  try {
    const ports = (await client.ports()).filter(({ id }) => id === port);
    if (ports.length === 0)
      throw refusal(`${instance} has no port ${port}`, options.extcapInterface!, 'Refresh the interfaces');
    const job = {
      ports,
      places: placesOf(options.at),
      match: matchOf(options),
      snaplen: options.snaplen ?? 0,
      slots: SLOTS,
      count: undefined,
    };
    await runCapture(client, options.fifo, job, stop.signal, () => undefined);
  } finally {
    await client.close();
    stopped.stop();
  }
}

async function answer(options: ExtcapOptions): Promise<number> {
  if (options.printLauncher) {
    process.stdout.write(launcher().text);
  } else if (options.install) {
    for (const file of await install(options.folder)) note(`Wireshark will find wdpdk by ${file}`);
  } else if (options.extcapInterfaces) {
    await listInterfaces();
  } else if (options.capture) {
    await capture(options);
  } else if (options.extcapDlts) {
    named(options.extcapInterface);
    print('dlt {number=1}{name=EN10MB}{display=Ethernet}');
  } else if (options.extcapConfig) {
    named(options.extcapInterface);
    listConfig();
  } else if (options.extcapCaptureFilter !== undefined) {
    // Wireshark asks whether a filter is valid: what is printed says why not.
    if (options.extcapCaptureFilter !== '')
      print('wdpdk has no capture filters of libpcap: use the option Match of the interface');
  } else {
    note('extcap answers Wireshark. To make Wireshark list the ports of dataplanes: wdpdk extcap --install');
    return 2;
  }
  return 0;
}

export function addExtcap(program: Command): void {
  const hidden = (flags: string): Option => new Option(flags).hideHelp();
  const command = withMatch(program.command('extcap'))
    .description('let Wireshark list and capture from the ports of running dataplanes')
    .option('--install', "put a launcher into Wireshark's personal extcap folders")
    .option('--folder <folder>', 'install there instead')
    .option('--print-launcher', 'print the launcher instead')
    .addOption(new Option('--at <place>').choices(['rx', 'tx', 'both']).default('rx').hideHelp())
    .option('--snaplen <bytes>', 'keep so many first bytes of each frame', bytes);
  for (const flags of [
    '--extcap-interfaces',
    '--extcap-version [version]',
    '--extcap-dlts',
    '--extcap-config',
    '--extcap-interface <name>',
    '--extcap-capture-filter <filter>',
    '--capture',
    '--fifo <path>',
  ])
    command.addOption(hidden(flags));
  command
    .addHelpText('after', '\nWithout --install it is for Wireshark itself, which calls it by the options of extcap(4).')
    .action(async (options: ExtcapOptions) => {
      process.exitCode = await answer(options);
    });
}
