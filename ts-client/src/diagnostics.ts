// SPDX-License-Identifier: BSD-3-Clause
//
// The library prints nothing. What it does can be watched on node:diagnostics_channel, channel `wdpdk`.
import { channel } from 'node:diagnostics_channel';

/** What the library publishes on node:diagnostics_channel `wdpdk`; it prints nothing. */
export type Diagnostic =
  | { event: 'launched'; instance: string; pid: number }
  | { event: 'ended'; instance: string; pid: number; code: number | null }
  | { event: 'attached' | 'detached'; instance: string; client: number }
  | { event: 'queue-opened' | 'queue-closed'; instance: string; queue: number }
  | { event: 'lost'; instance: string; error: Error };

const wdpdk = channel('wdpdk');

export function tell(diagnostic: Diagnostic): void {
  if (wdpdk.hasSubscribers) wdpdk.publish(diagnostic);
}
