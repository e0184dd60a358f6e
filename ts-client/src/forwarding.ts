// SPDX-License-Identifier: BSD-3-Clause
import { type Params, violation } from 'shared-memory-ipc';
import type { Cidr } from './address.ts';
import type { Op } from './queues/types.ts';
import type { Session } from './session.ts';

export type PortMode =
  { readonly mode: 'drop' } | { readonly mode: 'io' | 'macswap'; readonly to: number } | { readonly mode: 'l3fwd' };

export interface Route {
  readonly to: Cidr;
  readonly via: number;
  /** `xx:xx:xx:xx:xx:xx`, default 02:00:00:00:00:<port>. */
  readonly nextHopMac?: string;
}

/** What every port does. A port that is not named drops. */
export interface Forwarding {
  readonly ports: Readonly<Record<number, PortMode>>;
  readonly routes?: readonly Route[];
}

export interface Snapshot {
  readonly generation: number;
  readonly config: Forwarding;
}

export interface Applied {
  readonly generation: number;
}

export interface SetOptions extends Op {
  /** Fail with WDPDK_E_CONFLICT unless this is the current generation. */
  readonly ifGeneration?: number;
}

export interface ForwardingControl {
  get(options?: Op): Promise<Snapshot>;
  /**
   * Applies a whole configuration or nothing: WDPDK_E_CONFIG lists every refused field in `issues`. Resolves when
   * every lcore forwards by it; no frame is lost by the change.
   */
  set(next: Forwarding, options?: SetOptions): Promise<Applied>;
}

export class ForwardingView implements ForwardingControl {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  async get(options: Op = {}): Promise<Snapshot> {
    const reply = await this.session.request('forwarding.get', {}, options);
    const { config } = reply;
    if (typeof config !== 'object' || config === null)
      throw violation('forwarding.get', 'the answer has no configuration');
    return { generation: this.generation(reply), config: config as Forwarding };
  }

  async set(next: Forwarding, options: SetOptions = {}): Promise<Applied> {
    const { ifGeneration, ...op } = options;
    return {
      generation: this.generation(await this.session.request('forwarding.set', { config: next, ifGeneration }, op)),
    };
  }

  private generation(reply: Params): number {
    const generation = Number(reply['generation']);
    if (!Number.isSafeInteger(generation)) throw violation('forwarding', 'the answer has no generation');
    return generation;
  }
}
