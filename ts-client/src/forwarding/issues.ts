// SPDX-License-Identifier: BSD-3-Clause
//
// What is wrong with a configuration: by the schema, which needs nobody, and by the dataplane, which knows its ports.
import { type Issue, WdpdkError, checkForwarding } from 'shared-memory-ipc';
import type { Forwarding } from '../forwarding.ts';
import type { Op } from '../queues/types.ts';
import type { Session } from '../session.ts';
import { ROUTES_PER_FRAME } from './wire.ts';

/** A configuration has five levels; a value with many more would be no control frame and end the connection. */
const MOST_LEVELS = 8;

function refused(issues: readonly Issue[], cause?: unknown): WdpdkError<'WDPDK_E_CONFIG'> {
  const [first] = issues;
  const more = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`;
  return new WdpdkError('WDPDK_E_CONFIG', `forwarding: ${first!.path}${first!.path && ' '}${first!.message}${more}`, {
    object: 'forwarding',
    remedy: 'Correct the fields that `issues` lists',
    issues,
    cause,
  });
}

/** Throws WDPDK_E_CONFIG with every field that can be wrong without knowing the ports. */
export function assertShape(config: Forwarding): void {
  const issues = checkForwarding(config);
  if (issues.length > 0) throw refused(issues);
}

const levels = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levels)) : 0;

/** The configuration as the dataplane may be asked about it, however wrong; undefined when it may not. */
function askable(config: Forwarding): Forwarding | undefined {
  try {
    const copy = JSON.parse(JSON.stringify(config) ?? 'null') as Forwarding | null;
    const routes: unknown = copy?.routes;
    const large = Array.isArray(routes) && routes.length > ROUTES_PER_FRAME;
    return copy === null || large || levels(copy) > MOST_LEVELS ? undefined : copy;
  } catch {
    return undefined;
  }
}

/**
 * The same before anything is sent; and when the shape is wrong, the dataplane is asked what else is, without changing anything:
 * only it knows its ports.
 */
export async function assertForwarding(session: Session, config: Forwarding, options: Op): Promise<void> {
  const issues = checkForwarding(config);
  if (issues.length === 0) return;
  const copy = askable(config);
  if (copy === undefined) throw refused(issues);
  const answer = await session.request('forwarding.check', { config: copy }, options).catch((error: unknown) => error);
  if (!WdpdkError.is(answer, 'WDPDK_E_CONFIG') || !answer.issues) throw refused(issues, answer);
  const told = answer.issues;
  throw refused([...told, ...issues.filter(({ path }) => !told.some((issue) => issue.path === path))], answer);
}
