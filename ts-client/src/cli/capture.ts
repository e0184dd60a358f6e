// SPDX-License-Identifier: BSD-3-Clause
import type { Command } from 'commander';
import { Option } from 'commander';
import { WdpdkError } from 'shared-memory-ipc';
import { PcapngWriter } from '../capture/writer.ts';
import type { Client, Port } from '../client.ts';
import { VERSION } from '../version.ts';
import { bytes, count, seconds } from './arguments.ts';
import { type CaptureJob, type Place, type PortCapture, captureTo } from './capturing.ts';
import {
  type MatchOptions,
  type Target,
  collectPorts,
  matchOf,
  onInstance,
  plain,
  refusal,
  withClient,
  withMatch,
} from './common.ts';
import { note, print } from './say.ts';
import { untilStopped } from './stopping.ts';

const SLOTS = 8192;

interface CaptureOptions extends Target, MatchOptions {
  readonly port?: readonly number[];
  readonly at: 'rx' | 'tx' | 'both';
  readonly out: string;
  readonly snaplen?: number;
  readonly count?: number;
  readonly seconds?: number;
  readonly slots: number;
  readonly json?: boolean;
}

export const placesOf = (at: CaptureOptions['at']): readonly Place[] => (at === 'both' ? ['rx', 'tx'] : [at]);

async function chosen(client: Client, wanted: readonly number[] | undefined): Promise<readonly Port[]> {
  const ports = await client.ports();
  const missing = wanted?.find((id) => !ports.some((port) => port.id === id));
  if (missing === undefined) return wanted === undefined ? ports : ports.filter(({ id }) => wanted.includes(id));
  throw new WdpdkError('WDPDK_E_NOT_FOUND', `${client.instance} has no port ${missing}`, {
    object: `port ${missing}`,
    remedy: `It has ports ${ports.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
  });
}

const broken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EPIPE';

/** Captures into `sink` until stopped. A reader that goes away ends it in order. */
export async function runCapture(
  client: Client,
  sink: NodeJS.WriteStream | string,
  job: CaptureJob,
  stop: AbortSignal,
  started: () => void,
): Promise<PortCapture[]> {
  let writer: PcapngWriter | undefined;
  const open = (): PcapngWriter => (writer = new PcapngWriter(sink, { application: `wdpdk ${VERSION}` }));
  try {
    const account = await captureTo(open, client, job, stop, started);
    await writer?.close();
    return account;
  } catch (error) {
    if (broken(error)) return [];
    // What was captured before a dataplane ended is worth keeping.
    await writer?.close().catch(() => undefined);
    throw error;
  }
}

async function capture(options: CaptureOptions): Promise<number> {
  const toStdout = options.out === '-';
  if (toStdout && options.json)
    throw refusal('--json and the capture itself would both go to stdout', '--json', 'Give a file with --out');
  const stopped = untilStopped(options.seconds);
  const stop = new AbortController();
  void stopped.done.then(() => stop.abort());
  try {
    return await withClient(options, 'capture', ['observe', 'receive'], async (client) => {
      const job = {
        ports: await chosen(client, options.port),
        places: placesOf(options.at),
        match: matchOf(options),
        snaplen: options.snaplen ?? 0,
        slots: options.slots,
        count: options.count,
      };
      const began = performance.now();
      const ports = await runCapture(client, toStdout ? process.stdout : options.out, job, stop.signal, () => {
        stopped.startClock();
        note(`capturing from ${job.ports.map(({ name }) => name).join(', ')} of ${client.instance}; Ctrl-C ends`);
      });
      report(options, ports, (performance.now() - began) / 1000);
      return 0;
    });
  } finally {
    stopped.stop();
  }
}

function report({ out, json }: CaptureOptions, ports: readonly PortCapture[], elapsed: number): void {
  const frames = ports.reduce((sum, port) => sum + port.frames, 0);
  const dropped = ports.reduce((sum, port) => sum + port.dropped, 0n);
  const whole = ports.map((port) => ({ ...port, received: Number(port.received), dropped: Number(port.dropped) }));
  if (json) print(JSON.stringify({ file: out, seconds: elapsed, frames, dropped: Number(dropped), ports: whole }));
  else note(`${plain(frames)} frames captured, ${plain(dropped)} dropped, in ${elapsed.toFixed(1)} s`);
}

export function addCapture(program: Command): void {
  withMatch(onInstance(program.command('capture')))
    .description('write copies of the frames at ports to a pcapng file; forwarding goes on undisturbed')
    .requiredOption('-o, --out <file>', 'the file; - for stdout')
    .option('--port <n>', 'a port, repeatable (default: all)', collectPorts)
    .addOption(
      new Option('--at <place>', 'frames that come in (rx), that leave (tx), or both')
        .choices(['rx', 'tx', 'both'])
        .default('rx'),
    )
    .option('--snaplen <bytes>', 'keep so many first bytes of each frame', bytes)
    .option('--count <n>', 'end after n frames', count)
    .option('--seconds <n>', 'end after n seconds', seconds)
    .option('--slots <n>', 'frames that may wait for this program, per port', count, SLOTS)
    .option('--json', 'at the end one JSON object: {file, seconds, frames, dropped, ports}')
    .addHelpText(
      'after',
      `
Examples:
  wdpdk capture -o all.pcapng                                  every port, until Ctrl-C
  wdpdk capture --port 0 --proto udp --dst-port 53 -o dns.pcapng
  wdpdk capture --match '{"not":{"proto":"tcp"}}' --count 100 -o - | tshark -r -

Stamps are in nanoseconds. Frames this program was too slow for are counted in the file (interface statistics).
Exit code: 0 when it was ended, 1 when something failed, such as the dataplane's end; what was captured is then kept.`,
    )
    .action(async (options: CaptureOptions) => {
      process.exitCode = await capture(options);
    });
}
