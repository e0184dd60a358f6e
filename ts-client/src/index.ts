// SPDX-License-Identifier: BSD-3-Clause
// What the declarations need, so that a user's settings need not name it.
/// <reference lib="esnext.disposable" preserve="true" />
/// <reference types="node" preserve="true" />
export { type AttachOptions, attach } from './attach.ts';
export { type LaunchOptions, launch } from './launch.ts';
export type { Dataplane, Exit } from './dataplane.ts';
export type { NullPort, PcapPort, PortSpec, TapPort, WirePort, Xl710ModelPort } from './devargs.ts';
export type { Capability, Client, Port } from './client.ts';
export type {
  Applied,
  Change,
  Diff,
  Forwarding,
  ForwardingControl,
  Pktgen,
  PortMode,
  Route,
  SetOptions,
  Snapshot,
} from './forwarding.ts';
export type { DataplaneEvent } from './events.ts';
export type { Counters } from './counters.ts';
export type { Amount, ClientReport, LcoreReport, PortReport, QueueReport, Report } from './report.ts';
export { type Latency, latencyBucket } from './stats/latency.ts';
export type { LcoreRates, PortRates, Rate, Rates } from './stats/rates.ts';
export type { LcoreStats, PortStats, SinkStats, Stats } from './stats.ts';
export type {
  BurstsOptions,
  Fanout,
  Match,
  Op,
  Queue,
  QueueStats,
  RunOptions,
  RxOptions,
  RxQueue,
  RxTxQueue,
  SlotOptions,
  Sync,
  TxBatch,
  TxOptions,
  TxQueue,
  TxSlot,
} from './queues/types.ts';
export type {
  ArpSpec,
  EthSpec,
  FrameSpec,
  IcmpSpec,
  Ipv4Spec,
  Ipv6Spec,
  TcpSpec,
  UdpSpec,
  VlanTag,
} from './packet/build-types.ts';
export { frame, parse } from './packet/build.ts';
export { type Template, type TemplateOffsets, type TemplateOptions, template } from './packet/template.ts';
export type { Checksums, L2Type, L3Type, L4Type, PacketType, Verdict } from './packet/metadata.ts';
export type { Arp, Burst, Eth, Icmp, Ipv4, Ipv6, Packet, Tcp, Udp, Vlan } from './packet/types.ts';
export { type Cidr, formatIp4, type Ip4, ip4 } from './address.ts';
export type { Diagnostic } from './diagnostics.ts';
export { type ErrorCode, type ErrorDetails, type Issue, WdpdkError } from 'shared-memory-ipc';
export { VERSION } from './version.ts';
