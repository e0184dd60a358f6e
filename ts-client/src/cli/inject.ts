// SPDX-License-Identifier: BSD-3-Clause
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { readCapture } from '../capture/read.ts';
import { LINKTYPE_ETHERNET } from '../capture/types.ts';
import { frame } from '../packet/build.ts';
import type { FrameSpec } from '../packet/build-types.ts';
import type { TxQueue } from '../queues/types.ts';
import { count, packetsPerSecond, portNumber, seconds } from './arguments.ts';
import { type Target, causes, onInstance, plain, refusal, withClient } from './common.ts';
import { note, print } from './say.ts';
import { untilStopped } from './stopping.ts';

const BURST = 32;
/** A slot of 2048 bytes without its headroom. */
const SMALLEST_CAPACITY = 1920;

interface InjectOptions extends Target {
  readonly port: number;
  readonly frame?: FrameSpec;
  readonly hex?: Uint8Array;
  readonly count?: number;
  readonly loop?: boolean;
  readonly pps?: number;
  readonly seconds?: number;
  readonly json?: boolean;
}

function specOf(text: string): FrameSpec {
  try {
    const spec = JSON.parse(text) as FrameSpec;
    frame(spec);
    return spec;
  } catch (error) {
    throw new InvalidArgumentError(
      `write a frame as JSON, as {"ipv4":{"dst":"10.0.0.1"},"udp":{"dstPort":9}}: ${(error as Error).message}`,
    );
  }
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:]/g, '');
  if (digits.length >= 28 && digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits)) return Buffer.from(digits, 'hex');
  throw new InvalidArgumentError('write the bytes of a frame, 14 or more, as hexadecimal digits');
}

async function* framesOf(file: string | undefined, options: InjectOptions): AsyncGenerator<Uint8Array, undefined> {
  const template = options.hex ?? (options.frame === undefined ? undefined : frame(options.frame));
  if (template !== undefined) {
    for (;;) yield template;
  }
  for (let frames = 0, before = -1; frames > before && (options.loop || before < 0);) {
    before = frames;
    for await (const { bytes, linkType } of readCapture(file!)) {
      if (linkType !== LINKTYPE_ETHERNET)
        throw refusal(`${file} has frames of link type ${linkType}, not Ethernet`, file!, 'Give an Ethernet capture');
      frames++;
      yield bytes;
    }
  }
}

/** Sends bursts at the pace that was asked for, in the order of the frames. */
class Injector {
  sent = 0;
  private burst: Uint8Array[] = [];
  private readonly queue: TxQueue;
  private readonly pps: number | undefined;
  private readonly stop: AbortSignal;
  private readonly began = performance.now();

  constructor(queue: TxQueue, pps: number | undefined, stop: AbortSignal) {
    this.queue = queue;
    this.pps = pps;
    this.stop = stop;
  }

  async add(bytes: Uint8Array): Promise<void> {
    this.burst.push(bytes);
    if (this.burst.length >= BURST || this.ahead() >= 0) await this.send();
  }

  async send(): Promise<void> {
    const { queue, stop } = this;
    while (this.burst.length > 0) {
      await queue.writable(1, { signal: stop });
      const n = this.fill();
      this.burst.splice(0, n);
      this.sent += n;
      if (n === 0) await this.sendLong(this.burst.shift()!);
    }
    const early = this.ahead();
    if (early > 0) await delay(early, undefined, { signal: stop });
  }

  /** Puts as many frames as there are slots for, up to the first that needs several. */
  private fill(): number {
    using batch = this.queue.reserve(this.burst.length);
    let n = 0;
    while (n < batch.length && this.burst[n]!.length <= batch.at(n).capacity) batch.at(n).write(this.burst[n++]!);
    return batch.commit(n);
  }

  private async sendLong(bytes: Uint8Array): Promise<void> {
    const slots = Math.ceil(bytes.length / SMALLEST_CAPACITY);
    do await this.queue.writable(slots, { signal: this.stop });
    while (!this.queue.sendFrame(bytes));
    this.sent++;
  }

  /** Milliseconds by which the next frame would be too early. */
  private ahead(): number {
    if (this.pps === undefined) return -1;
    return this.began + ((this.sent + this.burst.length) * 1000) / this.pps - performance.now();
  }
}

async function inject(file: string | undefined, options: InjectOptions): Promise<number> {
  const sources = [file, options.frame, options.hex].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw refusal('there must be one source of frames', 'inject', 'Give a capture, --frame or --hex, and only one');
  const stopped = untilStopped(options.seconds);
  const stop = new AbortController();
  void stopped.done.then(() => stop.abort());
  try {
    return await withClient(options, 'inject', ['observe', 'transmit'], async (client) => {
      const queue = await client.openTx({ port: options.port });
      stopped.startClock();
      await pump(queue, file, options, stop.signal);
      const { injected, drops } = queue.stats();
      await queue.close();
      const lost = causes(drops);
      if (options.json)
        print(
          JSON.stringify({
            port: options.port,
            injected: Number(injected.packets),
            bytes: Number(injected.bytes),
            drops: numbers(drops),
          }),
        );
      else note(`${plain(injected.packets)} frames injected by port ${options.port}${lost && `; not sent: ${lost}`}`);
      return 0;
    });
  } finally {
    stopped.stop();
  }
}

const numbers = (drops: Readonly<Record<string, bigint>>) =>
  Object.fromEntries(Object.entries(drops).map(([cause, n]) => [cause, Number(n)]));

async function pump(
  queue: TxQueue,
  file: string | undefined,
  options: InjectOptions,
  stop: AbortSignal,
): Promise<void> {
  // A template goes out once unless a number or a time is given.
  const limit = options.count ?? (file === undefined && !options.loop && options.seconds === undefined ? 1 : Infinity);
  const injector = new Injector(queue, options.pps, stop);
  try {
    let n = 0;
    for await (const bytes of framesOf(file, options)) {
      if (n++ >= limit) break;
      await injector.add(bytes);
    }
    await injector.send();
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  await queue.flush();
}

export function addInject(program: Command): void {
  onInstance(program.command('inject'))
    .description('send frames out of a port: those of a capture, or one over and over')
    .argument('[capture]', 'a pcap or pcapng file of Ethernet frames')
    .requiredOption('--port <n>', 'the port they leave by', portNumber)
    .option('--frame <json>', 'a frame as frame() of the library takes it', specOf)
    .option('--hex <digits>', 'the bytes of a frame', bytesOf)
    .option('--count <n>', 'end after n frames', count)
    .option('--loop', 'begin the capture again at its end; repeat --frame or --hex until Ctrl-C')
    .option('--pps <n>', 'frames a second (default: as fast as they are taken)', packetsPerSecond)
    .option('--seconds <n>', 'end after n seconds', seconds)
    .option('--json', 'at the end one JSON object: {port, injected, bytes, drops}')
    .addHelpText(
      'after',
      `
Examples:
  wdpdk inject --port 0 traffic.pcapng --pps 1000 --loop
  wdpdk inject --port 1 --count 100 --frame '{"ipv4":{"dst":"10.0.0.1"},"udp":{"dstPort":9},"payload":"hello"}'

Exit code: 0 after an orderly end; what the port did not take is counted by cause. 1 when something failed.`,
    )
    .action(async (file: string | undefined, options: InjectOptions) => {
      process.exitCode = await inject(file, options);
    });
}
