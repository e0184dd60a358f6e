// SPDX-License-Identifier: BSD-3-Clause
// Prints what comes in by a port of a running dataplane, as a short tcpdump: node sniffer.js [instance] [port] [dstPort]
import { attach, type Packet } from 'wdpdk';

const [instance = 'default', port = '0', dstPort] = process.argv.slice(2);

function line(packet: Packet): string {
  const { ipv4, ipv6, udp, tcp, icmp, arp } = packet;
  const time = new Date(Number(packet.timestampNs / 1_000_000n)).toISOString();
  const network = ipv4 ?? ipv6;
  const transport = udp ?? tcp;
  if (arp) return `${time} ARP ${arp.operation === 1 ? 'who has' : 'here is'} ${packet.length} bytes`;
  if (!network) return `${time} ${packet.eth.src} > ${packet.eth.dst} type ${packet.eth.type.toString(16)}`;
  const from = transport ? `${network.srcText}.${transport.srcPort}` : network.srcText;
  const to = transport ? `${network.dstText}.${transport.dstPort}` : network.dstText;
  const kind = udp ? 'UDP' : tcp ? `TCP flags ${tcp.flags}` : icmp ? `ICMP type ${icmp.type}` : 'IP';
  return `${time} ${from} > ${to} ${kind}, ${packet.wireLength} bytes${packet.truncated ? ' (cut)' : ''}`;
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const client = await attach({ name: 'sniffer', instance });
try {
  const match = dstPort === undefined ? {} : { dstPort: Number(dstPort) };
  // 128 bytes hold all the headers; the rest of each frame is not copied.
  const queue = await client.openRx({ port: Number(port), match, snaplen: 128 });
  console.error(`listening at port ${port} of '${instance}'; Ctrl-C ends`);
  await queue.run(
    (burst) => {
      for (const packet of burst) console.log(line(packet));
    },
    { signal: stop.signal },
  );
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  await client.close();
}
