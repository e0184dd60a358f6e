// SPDX-License-Identifier: BSD-3-Clause
//
// Routes as people write them: CIDR=PORT or CIDR=PORT,MAC, one a line in a file; # begins a comment.
import type { Cidr } from '../address.ts';
import type { Route } from '../forwarding.ts';
import { refusal } from './common.ts';

export function routeOf(text: string, where: string): Route {
  const match = /^([0-9a-f.:]+\/\d{1,3})\s*[=\s]\s*(\d{1,2})(?:\s*[,\s]\s*((?:[0-9a-f]{2}:){5}[0-9a-f]{2}))?$/i.exec(
    text.trim(),
  );
  if (!match)
    throw refusal(`${where}: '${text.trim()}' is no route`, where, 'Write CIDR=PORT or CIDR=PORT,MAC, as 10.0.0.0/8=1');
  const [, to, via, nextHopMac] = match;
  return {
    to: to as Cidr,
    via: Number(via),
    ...(nextHopMac === undefined ? {} : { nextHopMac: nextHopMac.toLowerCase() }),
  };
}

export const routeText = ({ to, via, nextHopMac }: Route): string =>
  `${to}=${via}${nextHopMac === undefined ? '' : `,${nextHopMac}`}`;

/** A file's routes: lines, or a JSON array of {to, via, nextHopMac?}. */
export function routesOf(text: string, file: string): Route[] {
  if (text.trimStart().startsWith('[')) {
    try {
      return JSON.parse(text) as Route[];
    } catch (error) {
      throw refusal(`${file}: ${(error as Error).message}`, file, 'Mend the JSON, or write a route a line');
    }
  }
  return text.split(/\r?\n/).flatMap((line, n) => {
    const route = line.replace(/#.*$/, '').trim();
    return route === '' ? [] : [routeOf(route, `${file}:${n + 1}`)];
  });
}
