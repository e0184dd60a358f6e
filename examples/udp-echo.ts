// SPDX-License-Identifier: BSD-3-Clause
// A host of its own behind a TAP interface (Linux, CAP_NET_ADMIN): answers ARP, ping and UDP port 7.
//   node udp-echo.js [interface] [address]     then: ip addr add 192.0.2.1/24 dev wdpdk0; ping 192.0.2.10
import { ip4, launch } from 'wdpdk';

const [iface = 'wdpdk0', address = '192.0.2.10'] = process.argv.slice(2);
const mac = '02:00:00:00:00:10';
const own = ip4(address);

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const dataplane = await launch({ instance: `echo-${iface}`, ports: [{ tap: { iface } }] });
try {
  const client = await dataplane.attach({ name: 'echo', want: ['observe', 'receive', 'redirect', 'transmit'] });
  // What is redirected is this program's alone: nothing of it is forwarded.
  const queue = await client.openRxTx({ port: 0, action: 'redirect' });
  console.log(`ready: ${address} is at ${mac}, behind ${iface}`);
  await queue.run(
    (burst) => {
      for (const packet of burst) {
        const { arp, ipv4, udp, icmp } = packet;
        let answer = false;
        if (arp) answer = arp.targetIp === own && arp.reply(mac);
        else if (ipv4?.dst !== own) continue;
        else if (icmp) answer = icmp.reply();
        else if (udp?.dstPort === 7) {
          packet.eth.swap();
          ipv4.swap();
          udp.swap();
          answer = true;
        }
        // From the slot it came in: no copy.
        if (answer) queue.send(packet);
      }
    },
    { signal: stop.signal },
  );
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  await dataplane.close();
}
