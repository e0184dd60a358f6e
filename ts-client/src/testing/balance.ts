// SPDX-License-Identifier: BSD-3-Clause
//
// The accounting equation, term by term, of whatever shape of counters: Stats of a client, or a report or summary of the dataplane.

type Count = number | bigint;
interface Amount {
  readonly packets: Count;
}

interface Port {
  readonly id: number;
  readonly rx: Amount;
  readonly tx: Amount;
  readonly injected: Amount;
  readonly generated: Amount;
  readonly forwarded: Amount;
  readonly redirected: Amount;
  readonly sunk: Amount;
  readonly drops?: Readonly<Record<string, Count>>;
  readonly dropped?: Readonly<Record<string, Count>>;
}

export interface Counted {
  readonly ports: readonly Port[];
}

export const isCounted = (value: unknown): value is Counted =>
  typeof value === 'object' && value !== null && Array.isArray((value as { ports?: unknown }).ports);

const inward = ['rx', 'injected', 'generated'] as const;
const outward = ['forwarded', 'redirected', 'sunk'] as const;

const sum = (counts: readonly Count[]): bigint => counts.reduce<bigint>((total, n) => total + BigInt(n), 0n);

/** What is wrong, as lines; nothing when it balances. */
export function imbalance({ ports }: Counted): string[] {
  const wrong = ports.flatMap((port) => {
    const drops = Object.entries(port.drops ?? port.dropped ?? {}).filter(([, n]) => n > 0);
    const came = sum(inward.map((term) => port[term].packets));
    const went = sum(outward.map((term) => port[term].packets)) + sum(drops.map(([, n]) => n));
    if (came === went) return [];
    const left = inward.map((term) => `${term} ${port[term].packets}`).join(' + ');
    const right = [
      ...outward.map((term) => `${term} ${port[term].packets}`),
      ...drops.map(([cause, n]) => `${cause} ${n}`),
    ].join(' + ');
    return [`port ${port.id}: ${left} = ${came}, but ${right} = ${went}`];
  });
  const sent = sum(ports.map(({ tx }) => tx.packets));
  const forwarded = sum(ports.map((port) => port.forwarded.packets));
  return sent === forwarded ? wrong : [...wrong, `all ports: tx ${sent}, but forwarded ${forwarded}`];
}
