// SPDX-License-Identifier: BSD-3-Clause
// A router from a configuration file: the ports in it become interfaces or captures, its `forwarding` is what the dataplane checks
// against the schema: node l3fwd.js router.json
//   { "ports": [{ "tap": { "iface": "lan" } }, { "tap": { "iface": "wan" } }],
//     "forwarding": { "ports": { "0": { "mode": "l3fwd" }, "1": { "mode": "l3fwd" } },
//       "routes": [{ "to": "10.0.0.0/8", "via": 0, "nextHopMac": "02:00:00:00:00:0a" }, { "to": "0.0.0.0/0", "via": 1 }] } }
import { readFileSync } from 'node:fs';
import { type Forwarding, launch, type PortSpec, WdpdkError } from 'wdpdk';

const [file = 'router.json'] = process.argv.slice(2);

function read(): { ports: PortSpec[]; forwarding: Forwarding } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { ports: PortSpec[]; forwarding: Forwarding };
  } catch (error) {
    console.error(
      `${file} is no configuration: ${(error as Error).message}. Write one as above: node l3fwd.js router.json`,
    );
    process.exit(1);
  }
}

const { ports, forwarding } = read();
const finite = ports.some((port) => 'pcap' in port && port.pcap.rx !== undefined && !port.pcap.loop);

try {
  const dataplane = await launch({
    instance: 'router',
    ports,
    forwarding,
    args: finite ? ['--stop-at-end'] : [],
  });
  process.once('SIGINT', () => void dataplane.close());
  if (!finite) console.log(`routing between ${ports.length} ports; Ctrl-C ends`);
  const { summary, stderrTail } = await dataplane.exited;
  if (!summary) throw new Error(stderrTail);
  for (const { name, rx, tx, dropped } of summary.ports) {
    console.log(`${name}: received ${rx.packets}, sent ${tx.packets}`);
    for (const [cause, packets] of Object.entries(dropped)) if (packets > 0) console.log(`  ${cause}: ${packets}`);
  }
} catch (error) {
  if (!WdpdkError.is(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
