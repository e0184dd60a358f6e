// SPDX-License-Identifier: BSD-3-Clause
//
// Configurations in pieces that fit into a control frame.
import { type Params, WdpdkError, protocol, violation } from 'shared-memory-ipc';
import type { Op } from '../queues/types.ts';
import type { Session } from '../session.ts';
import type { Forwarding, Route, Snapshot } from '../forwarding.ts';

/** A route has about a hundred bytes at most, a frame a million. */
export const ROUTES_PER_FRAME = 8192;
/** How often a configuration may change while its pages are being read. */
const READS = 16;

export function generationOf(reply: Params, key = 'generation'): number {
  const generation = Number(reply[key]);
  if (!Number.isSafeInteger(generation)) throw violation('forwarding', `the answer has no ${key}`);
  return generation;
}

function configOf(reply: Params): Forwarding {
  const { config } = reply;
  if (typeof config !== 'object' || config === null)
    throw violation('forwarding.get', 'the answer has no configuration');
  const { routes } = config as Params;
  if (routes !== undefined && !Array.isArray(routes)) throw violation('forwarding.get', 'its routes are no list');
  return config as Forwarding;
}

/** All pages of one generation. Throws WDPDK_E_CONFLICT when another one came into force on the way. */
async function readOnce(session: Session, options: Op): Promise<Snapshot> {
  let reply = await session.request('forwarding.get', {}, options);
  const generation = generationOf(reply);
  const config = configOf(reply);
  if (reply['next'] === undefined || reply['next'] === null) return { generation, config };
  const routes: Route[] = [...(config.routes ?? [])];
  for (;;) {
    const { next } = reply;
    if (next === undefined || next === null) return { generation, config: { ...config, routes } };
    // Else a dataplane could keep us reading for ever.
    if (next !== routes.length || routes.length > protocol.LIMIT_ROUTES)
      throw violation('forwarding.get', `page ${String(next)} after ${routes.length} routes`);
    reply = await session.request('forwarding.get', { from: next, generation }, options);
    const page = configOf(reply).routes ?? [];
    if (page.length === 0 || generationOf(reply) !== generation)
      throw violation('forwarding.get', `${page.length} routes of generation ${generationOf(reply)}`);
    for (const route of page) routes.push(route);
  }
}

export async function readForwarding(session: Session, options: Op): Promise<Snapshot> {
  for (let i = 1; ; i++) {
    try {
      return await readOnce(session, options);
    } catch (error) {
      if (i === READS || !WdpdkError.is(error, 'WDPDK_E_CONFLICT')) throw error;
    }
  }
}

/**
 * `config`, and `upload` when its routes went ahead of it. The dataplane keeps one upload a client, so uploads of one session
 * follow each other.
 */
export async function withConfig<T>(
  session: Session,
  config: Forwarding,
  options: Op,
  use: (params: Params) => Promise<T>,
): Promise<T> {
  const { routes } = config;
  if (!Array.isArray(routes) || routes.length <= ROUTES_PER_FRAME) return use({ config });
  return session.uploads.run(async () => {
    const { upload } = await session.request('forwarding.begin', {}, options);
    for (let at = 0; at < routes.length; at += ROUTES_PER_FRAME)
      await session.request(
        'forwarding.append',
        { upload, routes: routes.slice(at, at + ROUTES_PER_FRAME) as Route[] },
        options,
      );
    return use({ config: { ...config, routes: [] }, upload });
  });
}
