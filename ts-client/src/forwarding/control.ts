// SPDX-License-Identifier: BSD-3-Clause
import { type Params, WdpdkError, violation } from 'shared-memory-ipc';
import type { Op } from '../queues/types.ts';
import type { Session } from '../session.ts';
import { AppliedView } from './applied.ts';
import type { Applied, Change, Diff, Forwarding, ForwardingControl, SetOptions, Snapshot } from '../forwarding.ts';
import { assertForwarding } from './issues.ts';
import { generationOf, readForwarding, withConfig } from './wire.ts';

/** How often others may change the configuration between our look and our set. */
const TRIES = 16;

export class ForwardingView implements ForwardingControl {
  private readonly session: Session;
  private readonly observes: boolean;
  /** The configuration this client knows to have been in force last; others may have changed it since. */
  private known: Snapshot | undefined;

  constructor(session: Session, observes: boolean) {
    this.session = session;
    this.observes = observes;
  }

  async get(options: Op = {}): Promise<Snapshot> {
    const snapshot = await readForwarding(this.session, options);
    this.known = structuredClone(snapshot);
    return snapshot;
  }

  async check(next: Forwarding, options: Op = {}): Promise<Diff> {
    await assertForwarding(this.session, next, options);
    const reply = await withConfig(this.session, next, options, (params) =>
      this.session.request('forwarding.check', params, options),
    );
    const { changes } = reply;
    if (!Array.isArray(changes)) throw violation('forwarding.check', 'the answer has no list of changes');
    return {
      generation: generationOf(reply),
      changes: changes.map((change: Params) => changeOf(change)),
      truncated: Number(reply['truncated'] ?? 0),
    };
  }

  async set(next: Forwarding, options: SetOptions = {}): Promise<Applied> {
    const { ifGeneration, confirmWithinMs, ...op } = options;
    await assertForwarding(this.session, next, op);
    const config = structuredClone(next);
    if (!this.observes) return this.apply(config, { ifGeneration, confirmWithinMs }, op, undefined);
    // So that `previous` is what this change replaced and nothing else, it is made against a generation in any case.
    for (let tries = 1; ; tries++) {
      const { known } = this;
      const fits = known !== undefined && (ifGeneration === undefined || known.generation === ifGeneration);
      const before = fits ? known : await readForwarding(this.session, op);
      this.known = before;
      const against = ifGeneration ?? before.generation;
      try {
        return await this.apply(config, { ifGeneration: against, confirmWithinMs }, op, before);
      } catch (error) {
        if (!WdpdkError.is(error, 'WDPDK_E_CONFLICT') || tries === TRIES) throw error;
        const now = await readForwarding(this.session, op);
        this.known = now;
        // The same generation still: the conflict is with a change that waits for its confirmation.
        if (now.generation === before.generation || (ifGeneration ?? now.generation) !== now.generation) throw error;
      }
    }
  }

  private async apply(
    config: Forwarding,
    change: { ifGeneration: number | undefined; confirmWithinMs: number | undefined },
    op: Op,
    before: Snapshot | undefined,
  ): Promise<Applied> {
    const reply = await withConfig(this.session, config, op, (params) =>
      this.session.request('forwarding.set', { ...params, ...change }, op),
    );
    const generation = generationOf(reply);
    this.known = { generation, config };
    if (before && before.generation !== generationOf(reply, 'previous'))
      throw violation(
        'forwarding.set',
        `generation ${String(reply['previous'])} was replaced, not ${before.generation}`,
      );
    return new AppliedView(this.session, generation, before, change.confirmWithinMs !== undefined, () => {
      this.known = undefined;
    });
  }
}

function changeOf({ path, from, to }: Params): Change {
  if (typeof path !== 'string') throw violation('forwarding.check', 'a change without a path');
  return { path, from: from ?? undefined, to: to ?? undefined };
}
