// SPDX-License-Identifier: BSD-3-Clause
// Worker threads that share a port's traffic by flow; both directions of a flow come to the same one, and when a worker ends, the
// others take over its flows: node flow-workers.js [workers] [instance] [seconds]
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { attach } from 'wdpdk';

interface Settings {
  readonly instance: string;
  readonly seconds: number;
}
type Said = 'ready' | { worker: number; packets: number; hashes: number[] };

async function work({ instance, seconds }: Settings): Promise<void> {
  const client = await attach({ name: `worker-${threadId}`, instance });
  const flows = new Set<number>();
  let packets = 0;
  try {
    const queue = await client.openRx({ port: 'any', fanout: { group: 'flow-workers', by: 'flow-symmetric' } });
    parentPort!.postMessage('ready');
    await queue.run(
      (burst) => {
        for (const { hash } of burst) flows.add(hash);
        packets += burst.length;
      },
      { signal: AbortSignal.timeout(seconds * 1000) },
    );
  } catch (error) {
    if ((error as Error).name !== 'TimeoutError') throw error;
    parentPort!.postMessage({ worker: threadId, packets, hashes: [...flows] });
    // A member that leaves hands its flows over: all count first.
    await once(parentPort!, 'message');
  } finally {
    await client.close();
  }
}

if (isMainThread) {
  const [count = '2', instance = 'default', seconds = '5'] = process.argv.slice(2);
  const settings: Settings = { instance, seconds: Number(seconds) };
  const workers = Array.from(
    { length: Number(count) },
    () => new Worker(new URL(import.meta.url), { workerData: settings }),
  );
  const seen = new Set<number>();
  let counted = 0;
  for (const worker of workers)
    worker.on('message', (said: Said) => {
      if (said === 'ready') return console.log('a worker is ready');
      const shared = said.hashes.filter((hash) => seen.has(hash)).length;
      for (const hash of said.hashes) seen.add(hash);
      console.log(
        `worker ${said.worker}: ${said.packets} packets of ${said.hashes.length} flows, ${shared} of them elsewhere, too`,
      );
      if (++counted === workers.length) for (const other of workers) other.postMessage('close');
    });
} else {
  await work(workerData as Settings);
}
