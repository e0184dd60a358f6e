// SPDX-License-Identifier: BSD-3-Clause
// DPDK's l2fwd: two ports, each sends on what the other receives, with MAC addresses rewritten. Ports are capture files or, on Linux,
// TAP interfaces: node l2fwd.js in.pcap out.pcap | node l2fwd.js tap0 tap1
import { launch, type PortSpec } from 'wdpdk';

const [first = 'in.pcap', second = 'out.pcap'] = process.argv.slice(2);
const isFile = (name: string) => name.endsWith('.pcap') || name.endsWith('.pcapng');
const ports: PortSpec[] = [
  isFile(first) ? { pcap: { rx: first } } : { tap: { iface: first } },
  isFile(second) ? { pcap: { tx: second } } : { tap: { iface: second } },
];

const dataplane = await launch({
  instance: 'l2fwd',
  ports,
  forwarding: { ports: { 0: { mode: 'l2fwd', to: 1 }, 1: { mode: 'l2fwd', to: 0 } } },
  // A capture ends; interfaces do not.
  args: isFile(first) ? ['--stop-at-end'] : [],
});
process.once('SIGINT', () => void dataplane.close());
const { summary, stderrTail } = await dataplane.exited;
if (!summary) throw new Error(stderrTail);
for (const { name, rx, tx, dropped } of summary.ports) {
  const drops = Object.entries(dropped).filter(([, packets]) => packets > 0);
  console.log(
    `${name}: received ${rx.packets}, sent ${tx.packets}, dropped ${JSON.stringify(Object.fromEntries(drops))}`,
  );
}
