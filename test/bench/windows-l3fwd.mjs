// SPDX-License-Identifier: BSD-3-Clause
//
// windows.l3fwd: packets a CPU-second of the Windows build's l3fwd, under Wine, over those of the Linux build by the
// same compiler: same capture, routes and arguments, plain pages, one core, net_pcap looped; best of nine pairs.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { routePrefixes, writeFlowsCapture } from './support/flows.mjs';
import { dataplanes, pairRow } from './support/wine-pairs.mjs';

async function run(tools) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const capture = path.join(folder, 'flows.pcap');
  const file = { linux: capture, windows: `Z:${capture.replaceAll('/', '\\')}` };
  try {
    writeFlowsCapture(capture);
    return await dataplanes(tools, {
      eal: (system) => ['--vdev', `net_pcap0,rx_pcap=${file[system]},infinite_rx=1`],
      own: [
        ...['--instance', 'bench-l3fwd', '--forward', 'l3fwd'],
        ...routePrefixes().flatMap((prefix) => ['--route', `${prefix}=0`]),
      ],
      packets: (totals) => totals.forwarded.packets,
      seconds: 1.5,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const rows = [
  {
    ...pairRow,
    id: 'windows.l3fwd',
    title: 'l3fwd of the Windows build under Wine, over that of the Linux build; plain pages, best of nine',
    run,
  },
];
