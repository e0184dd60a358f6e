// SPDX-License-Identifier: BSD-3-Clause
//
// What a frame's description may say: a field that is misspelt would be left at its default.
import { assertKeys } from 'shared-memory-ipc';
import type {
  ArpSpec,
  EthSpec,
  FrameSpec,
  IcmpSpec,
  Ipv4Spec,
  Ipv6Spec,
  TcpSpec,
  UdpSpec,
  VlanTag,
} from './build-types.ts';

type Keys<T> = Readonly<Record<keyof T, true>>;

const FRAME: Keys<FrameSpec> = {
  eth: true,
  vlan: true,
  arp: true,
  ipv4: true,
  ipv6: true,
  udp: true,
  tcp: true,
  icmp: true,
  payload: true,
  padTo: true,
};
const VLAN: Keys<VlanTag> = { id: true, priority: true, dropEligible: true, type: true };
const ETH: Keys<EthSpec> = { dst: true, src: true, type: true };
const ARP: Keys<ArpSpec> = { operation: true, senderMac: true, senderIp: true, targetMac: true, targetIp: true };
const IPV4: Keys<Ipv4Spec> = {
  src: true,
  dst: true,
  ttl: true,
  protocol: true,
  id: true,
  tos: true,
  dontFragment: true,
  moreFragments: true,
  fragmentOffset: true,
  options: true,
  length: true,
  checksum: true,
};
const IPV6: Keys<Ipv6Spec> = {
  src: true,
  dst: true,
  hopLimit: true,
  nextHeader: true,
  trafficClass: true,
  flowLabel: true,
  payloadLength: true,
};
const UDP: Keys<UdpSpec> = { srcPort: true, dstPort: true, length: true, checksum: true };
const TCP: Keys<TcpSpec> = {
  srcPort: true,
  dstPort: true,
  seq: true,
  ack: true,
  flags: true,
  window: true,
  urgent: true,
  options: true,
  checksum: true,
};
const ICMP: Keys<IcmpSpec> = { type: true, code: true, id: true, seq: true, rest: true, checksum: true };
const LAYERS = { eth: ETH, arp: ARP, ipv4: IPV4, ipv6: IPV6, udp: UDP, tcp: TCP, icmp: ICMP } as const;

export function assertKnown(spec: FrameSpec): void {
  assertKeys('frame', spec, FRAME);
  for (const name of Object.keys(LAYERS) as (keyof typeof LAYERS)[])
    if (spec[name] !== undefined) assertKeys(name, spec[name], LAYERS[name]);
  const { vlan } = spec;
  if (vlan === undefined) return;
  for (const tag of Array.isArray(vlan) ? (vlan as unknown[]) : [vlan])
    if (typeof tag !== 'number') assertKeys('vlan', tag, VLAN);
}
