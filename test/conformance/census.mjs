// SPDX-License-Identifier: BSD-3-Clause
// The census: which names of upstream's installed headers ours do not have, library by library.
import fs from 'node:fs';
import path from 'node:path';
import { declarations } from './declarations.mjs';

/** Libraries of upstream that are ours as well. */
export const libraries = [
  ...['eal', 'ring', 'mempool', 'mbuf', 'net', 'kvargs', 'ethdev', 'timer', 'stack', 'lpm', 'cmdline', 'telemetry'],
  ...['hash', 'rcu', 'meter', 'pci'],
];

/** What users do not include by themselves: parts of other headers, other processors. */
const internal =
  /_pvt\.h$|_generic\.h$|_c11\.h$|_stubs\.h$|_trace\w*\.h$|_(scalar|sse|neon|altivec|sve|arm64|x86|gfni)\.h$|_(32|64)\.h$/;

/** Headers of a library, by base name: those that upstream installs. */
function headersOf(library, { sources, include }) {
  const folder = path.join(sources, 'lib', library);
  const names = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.h'));
  return [...new Set(names.map((name) => path.basename(name)))]
    .filter((name) => !internal.test(name) && fs.existsSync(path.join(include, name)))
    .sort();
}

/** Include guards and names reserved to the implementation are nobody's interface. */
const isPublic = (name, kind) =>
  /^_?(rte|RTE|cmdline|CMDLINE|rdline|RDLINE|cirbuf|CIRBUF|vt100|eth|[A-Z]{3})/.test(name) &&
  !(kind === 'macro' && /_H_*$/.test(name)) &&
  !name.startsWith('__') &&
  !/^_[A-Z]/.test(name);

/**
 * { library: [{ header, missing: Map name -> kind }] }; a header that ours do not have, or cannot be compiled, has `failed`.
 *   sources   upstream's unpacked source package       theirs, ours   { compiler, cflags, include }
 */
export async function census({ sources, theirs, ours, only = libraries, progress = () => {} }) {
  const result = {};
  for (const library of only) {
    result[library] = [];
    for (const header of headersOf(library, { sources, include: theirs.include })) {
      progress(header);
      const text = `#include <${header}>\n`;
      // Its names stand in it or in the generic part of the same name.
      const own = (file) => [header, `generic/${header}`].some((name) => file === path.join(theirs.include, name));
      const expected = await declarations(theirs.compiler, [...theirs.cflags, '-DALLOW_EXPERIMENTAL_API'], text, own);
      if (expected.failed) continue;
      const names = [...expected.found].filter(([name, kind]) => isPublic(name, kind));
      if (!fs.existsSync(path.join(ours.include, header))) {
        result[library].push({ header, failed: 'there is no such header', missing: new Map(names) });
        continue;
      }
      const inOurs = (file) => file.startsWith(`${ours.include}${path.sep}`);
      const has = await declarations(ours.compiler, [...ours.cflags, '-DALLOW_EXPERIMENTAL_API'], text, inOurs);
      const missing = new Map(names.filter(([name]) => !has.found?.has(name)));
      if (missing.size > 0) result[library].push({ header, failed: has.failed, missing });
    }
  }
  return result;
}

/** For people: one line a header. */
export function censusText(result) {
  const lines = [];
  for (const [library, headers] of Object.entries(result)) {
    const total = headers.reduce((sum, { missing }) => sum + missing.size, 0);
    lines.push(`${library}: ${total === 0 ? 'every name is there' : `${total} names are missing`}`);
    for (const { header, failed, missing } of headers) {
      const by = (kinds) => [...missing].filter(([, kind]) => kinds.includes(kind)).map(([name]) => name);
      lines.push(`  ${header}${failed ? ` (${failed})` : ''}`);
      const groups = {
        functions: ['function', 'object'],
        types: ['struct', 'union', 'enum', 'type'],
        constants: ['enumerator', 'macro'],
      };
      for (const [title, kinds] of Object.entries(groups))
        if (by(kinds).length > 0) lines.push(`    ${title}: ${by(kinds).join(' ')}`);
    }
  }
  return lines.join('\n');
}
