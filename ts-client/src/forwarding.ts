// SPDX-License-Identifier: BSD-3-Clause
import type { Cidr } from './address.ts';
import type { Op } from './queues/types.ts';

/** Sends UDP flows of its own making, numbered and stamped for a sink. What comes in by the port is treated as by `sink`. */
export interface Pktgen {
  readonly mode: 'pktgen';
  /** 1 to 65,536. Flow i has the i-th address of `src` and `dst` and source port `srcPort` + i. Default 1. */
  readonly flows?: number;
  /**
   * Bytes on the wire with FCS, 64 to 9018, or `imix`: of twelve frames 7 have 64 bytes, 4 have 594, 1 has 1518. Default
   * 64; IPv6 frames have 84 at least.
   */
  readonly size?: number | 'imix';
  /** Default: the version of `src` or `dst`, else 4. */
  readonly ip?: 4 | 6;
  /** Frames or bits (on the wire, with preamble and gap) a second. Default `max`. */
  readonly rate?: 'max' | { readonly pps: number } | { readonly bps: number };
  /** Stop after so many frames. */
  readonly count?: number;
  /** Stop after so many seconds. */
  readonly seconds?: number;
  /** Default 198.18.0.1/32 or 2001:2::1/128. */
  readonly src?: Cidr;
  /** Default 198.19.0.0/16 or 2001:2:0:1::/64. */
  readonly dst?: Cidr;
  /** Of the first flow. Default 1024. */
  readonly srcPort?: number;
  /** Default 9. */
  readonly dstPort?: number;
  /** Default 02:00:00:00:00:<port>. The source is the port's own. */
  readonly dstMac?: string;
}

/**
 * What a port does with the frames that come in by it.
 * - `drop`: nothing, they are counted under the cause `mode_drop`
 * - `sink`: counts them as sunk; those of a `pktgen` are checked for loss, order, duplicates, payload and latency
 * - `io`: sends them on by port `to` as they are; `macswap`: with their MAC addresses exchanged; `l2fwd`: with `to`'s MAC address as
 *   source and 02:00:00:00:00:<to> as destination
 * - `l3fwd`: routes them
 * - `pktgen`: sends frames of its own making; what comes in is treated as by `sink`
 */
export type PortMode =
  | { readonly mode: 'drop' }
  | { readonly mode: 'sink' }
  | { readonly mode: 'io'; readonly to: number }
  | { readonly mode: 'macswap'; readonly to: number }
  | { readonly mode: 'l2fwd'; readonly to: number }
  | { readonly mode: 'l3fwd' }
  | Pktgen;

/** Frames to `to` leave by port `via`. */
export interface Route {
  /** IPv4 or IPv6; no bit behind the prefix may be set. */
  readonly to: Cidr;
  readonly via: number;
  /** `xx:xx:xx:xx:xx:xx`, default 02:00:00:00:00:<via>. */
  readonly nextHopMac?: string;
}

/** What every port does, by its id. A port that is not named drops. At most 131,072 routes, in any order. */
export interface Forwarding {
  readonly ports: Readonly<Record<number, PortMode>>;
  readonly routes?: readonly Route[];
}

/** A configuration and its number: each change has the next. */
export interface Snapshot {
  readonly generation: number;
  readonly config: Forwarding;
}

/** One difference of two configurations. */
export interface Change {
  /** As `ports.0.mode` or `routes["10.0.0.0/8"]`. */
  readonly path: string;
  /** Undefined: was not there. */
  readonly from: unknown;
  /** Undefined: will not be there. */
  readonly to: unknown;
}

/** What a set would change. */
export interface Diff {
  /** The generation compared with. */
  readonly generation: number;
  /** At most 1,000. Empty: nothing would change. */
  readonly changes: readonly Change[];
  /** How many more there are. */
  readonly truncated: number;
}

/** A change that was made. With `confirmWithinMs` it is undone by the dataplane unless it is confirmed. */
export interface Applied extends AsyncDisposable {
  readonly generation: number;
  /** What was in force before. Reading it throws WDPDK_E_DENIED without the capability `observe`. */
  readonly previous: Snapshot;
  /**
   * Makes the change stand. Nothing to do without `confirmWithinMs`. WDPDK_E_NOT_FOUND when it was undone already, by time-out or
   * `rollback`.
   */
  confirm(options?: Op): Promise<void>;
  /**
   * Brings `previous` back, as a new generation. Only for a change that waits for its confirmation: WDPDK_E_NOT_FOUND when
   * it does not (any more).
   */
  rollback(options?: Op): Promise<void>;
  /** Rolls back what still waits for its confirmation; nothing otherwise. `await using` does it at the end of the block. */
  close(): Promise<void>;
}

/** Conditions of a change. */
export interface SetOptions extends Op {
  /** Fail with WDPDK_E_CONFLICT unless this is the current generation. */
  readonly ifGeneration?: number;
  /**
   * Undo the change unless it is confirmed within this time, 100 to 3,600,000 ms: also when this client dies. Meanwhile
   * every other change is refused with WDPDK_E_CONFLICT.
   */
  readonly confirmWithinMs?: number;
}

/** What every port does with frames, read and changed as a whole. */
export interface ForwardingControl {
  /** The configuration in force, complete however large it is. Needs `observe`. */
  get(options?: Op): Promise<Snapshot>;
  /** What `set` would change, without changing it; WDPDK_E_CONFIG as `set`. Needs `observe`, and `configure` above 8,192 routes. */
  check(next: Forwarding, options?: Op): Promise<Diff>;
  /**
   * Applies a whole configuration or nothing: WDPDK_E_CONFIG lists every refused field in `issues`. Resolves when
   * every lcore forwards by it; no frame is lost by the change. Needs `configure`.
   */
  set(next: Forwarding, options?: SetOptions): Promise<Applied>;
}
