// SPDX-License-Identifier: BSD-3-Clause
//
// From mirror queues into a pcapng file: what `wdpdk capture` and `wdpdk extcap` do. A queue of its own for each port
// and place, so that each
// interface of the file knows its own drops.
import type { CaptureInterface } from '../capture/types.ts';
import type { PcapngWriter } from '../capture/writer.ts';
import type { Client, Port } from '../client.ts';
import type { Burst } from '../packet/types.ts';
import type { Match, RxQueue } from '../queues/types.ts';

export type Place = 'rx' | 'tx';

export interface CaptureJob {
  readonly ports: readonly Port[];
  readonly places: readonly Place[];
  readonly match: Match | undefined;
  readonly snaplen: number;
  readonly slots: number;
  /** End after so many frames. */
  readonly count: number | undefined;
}

export interface PortCapture {
  readonly id: number;
  readonly name: string;
  readonly received: bigint;
  readonly dropped: bigint;
  readonly frames: number;
}

interface Source {
  readonly queue: RxQueue;
  readonly interface: number;
  readonly port: Port;
  readonly direction: 'in' | 'out';
  taken: number;
  written: number;
  /** Known when the capture has ended. */
  dropped: bigint | undefined;
}

const FLUSH_MS = 100;
const BURST = 256;

/**
 * Captures until `stop` or the job's count and writes the statistics of the interfaces. `open` makes the file, which is the caller's to
 * close, when every queue is open: what was refused has overwritten nothing. Then `started` is called: from then on no
 * frame is missed unseen.
 */
export async function captureTo(
  open: () => PcapngWriter,
  client: Client,
  job: CaptureJob,
  stop: AbortSignal,
  started: () => void,
): Promise<PortCapture[]> {
  const startNs = BigInt(Date.now()) * 1_000_000n;
  const sources = await openAll(client, job);
  const writer = open();
  for (const port of job.ports) writer.addInterface(interfaceOf(port, client, job));
  // Whoever reads a pipe wants to see the interfaces at once, and frames soon.
  writer.flush();
  const end = new AbortController();
  const done = (): void => end.abort();
  const flusher = setInterval(() => {
    writer.flush();
    // On a quiet port no frame would meet the file's failure; closing the file tells it.
    if (!writer.full) writer.drained().catch(() => end.abort());
  }, FLUSH_MS);
  stop.addEventListener('abort', done, { once: true });
  if (stop.aborted) done();
  const take = (source: Source, burst: Burst): number => write(writer, source, burst, job.count, done);
  started();
  try {
    await Promise.all(sources.map((source) => follow(source, writer, take, end.signal)));
    for (const source of sources) takeTheRest(source, take);
  } finally {
    done();
    stop.removeEventListener('abort', done);
    clearInterval(flusher);
    const endNs = BigInt(Date.now()) * 1_000_000n;
    for (const [number, port] of job.ports.entries()) {
      const { received, dropped, frames } = accountOf(port, sources);
      writer.statistics(number, { startNs, endNs, received, dropped, delivered: BigInt(frames) });
    }
  }
  return job.ports.map((port) => accountOf(port, sources));
}

const interfaceOf = (port: Port, client: Client, { match, snaplen }: CaptureJob): CaptureInterface => ({
  name: port.name,
  description: `port ${port.id} of ${client.instance} (${port.driver})`,
  mac: port.mac,
  snaplen,
  ...(port.speedMbps > 0 ? { bitsPerSecond: BigInt(port.speedMbps) * 1_000_000n } : {}),
  ...(match === undefined ? {} : { filter: JSON.stringify(match) }),
});

async function openAll(client: Client, job: CaptureJob): Promise<Source[]> {
  const { match, snaplen, slots } = job;
  const sources: Source[] = [];
  for (const [number, port] of job.ports.entries()) {
    for (const at of job.places) {
      const queue = await client.openRx({
        port: port.id,
        slots,
        ...(at === 'tx' ? { at } : {}),
        ...(match === undefined ? {} : { match }),
        ...(snaplen > 0 ? { snaplen } : {}),
      });
      sources.push({
        queue,
        interface: number,
        port,
        direction: at === 'rx' ? 'in' : 'out',
        taken: 0,
        written: 0,
        dropped: undefined,
      });
    }
  }
  return sources;
}

type Take = (source: Source, burst: Burst) => number;

function write(
  writer: PcapngWriter,
  source: Source,
  burst: Burst,
  count: number | undefined,
  done: () => void,
): number {
  for (const packet of burst) {
    source.taken++;
    if (count !== undefined && writer.frames >= count) continue;
    source.written++;
    const { timestampNs, wireLength } = packet;
    writer.frame(packet, { timestampNs, wireLength, interface: source.interface, direction: source.direction });
  }
  if (count !== undefined && writer.frames >= count) done();
  return burst.length;
}

async function follow(source: Source, writer: PcapngWriter, take: Take, signal: AbortSignal): Promise<void> {
  try {
    for await (const burst of source.queue.bursts({ max: BURST, signal })) {
      take(source, burst);
      // What comes meanwhile waits in the queue, and is counted when that is full.
      if (writer.full) await writer.drained();
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
}

/** What was delivered before the end and not taken yet. What comes later is no longer this capture's. */
function takeTheRest(source: Source, take: Take): void {
  const { delivered, drops } = source.queue.stats();
  source.dropped = lostOf(drops);
  const left = (): number => Number(delivered.packets) - source.taken;
  while (left() > 0 && source.queue.poll((burst) => take(source, burst), Math.min(left(), BURST)) > 0);
}

const lostOf = (drops: Readonly<Record<string, bigint>>): bigint => (drops['rx_full'] ?? 0n) + (drops['no_slot'] ?? 0n);

function accountOf(port: Port, sources: readonly Source[]): PortCapture {
  let [received, dropped, written] = [0n, 0n, 0];
  for (const source of sources.filter((one) => one.port === port)) {
    const lost = source.dropped ?? lostOf(source.queue.stats().drops);
    received += BigInt(source.taken) + lost;
    dropped += lost;
    written += source.written;
  }
  return { id: port.id, name: port.name, received, dropped, frames: written };
}
