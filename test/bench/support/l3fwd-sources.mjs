// SPDX-License-Identifier: BSD-3-Clause
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Upstream's l3fwd: its sources and what they are compiled with; two of its files are included by others. */
export function l3fwdSources(source) {
  const from = path.join(source, 'examples/l3fwd');
  const sources = readdirSync(from).filter(
    (file) => file.endsWith('.c') && !['em_route_parse.c', 'lpm_route_parse.c'].includes(file),
  );
  const common = ['-O3', '-DALLOW_EXPERIMENTAL_API', `-I${path.join(source, 'examples/common')}`];
  return [...common, ...sources.map((file) => path.join(from, file))];
}
