// SPDX-License-Identifier: BSD-3-Clause
//
// `npm start -- capture.pcap`: port 0 receives the capture once, l3fwd sends it out of port 1 into another capture, and that is all.
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Route } from '../forwarding.ts';
import { launch } from '../launch.ts';
import type { StartOptions } from './start.ts';
import { printSummary, reportFailure } from './summary.ts';
import { untilStopped } from './stopping.ts';

/** npm runs scripts in the package's folder; the user meant his own. */
const fromHere = (file: string): string => path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);

export async function forwardCapture(capture: string, options: StartOptions): Promise<number> {
  const rx = fromHere(capture);
  try {
    await access(rx);
  } catch (cause) {
    process.stderr.write(
      `wdpdk: cannot read the capture ${rx}: ${(cause as Error).message}. Give the path of a pcap or pcapng file.\n`,
    );
    return 1;
  }
  const tx = fromHere(options.out ?? `${capture.replace(/\.(pcap|pcapng|cap)$/i, '')}.forwarded.pcap`);
  if (tx === rx) {
    process.stderr.write(
      `wdpdk: --out is the capture itself (${rx}); forwarding would overwrite it. Give another file.\n`,
    );
    return 2;
  }
  const given = options.route.length > 0 ? options.route : ['0.0.0.0/0=1', '::/0=1'];
  const routes = given.map((text): Route => {
    const [to, via] = text.split('=') as [Route['to'], string];
    return { to, via: Number(via) };
  });
  const stopped = untilStopped(options.seconds);
  try {
    const dataplane = await launch({
      instance: options.instance ?? `start-${process.pid}`,
      ports: [{ pcap: { rx } }, { pcap: { tx } }],
      forwarding: { ports: { 0: { mode: 'l3fwd' } }, routes },
      args: ['--stop-at-end'],
    });
    stopped.startClock();
    await Promise.race([stopped.done, dataplane.exited]);
    const exit = await dataplane.close();
    const { code, summary } = exit;
    if (code !== 0 || !summary) return reportFailure(exit);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(summary)}\n`);
    } else {
      printSummary(summary);
      process.stdout.write(`forwarded frames are in ${tx}\n`);
    }
    return 0;
  } finally {
    stopped.stop();
  }
}
