// SPDX-License-Identifier: BSD-3-Clause
// The offset table: every structure that upstream's headers and ours both define, member by member as the compiler lays it out,
// and every constant that both name. What is meant to differ stands in layout.json with a reason.
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';
import { declarations } from './declarations.mjs';

const read = (name) => JSON.parse(fs.readFileSync(path.join(import.meta.dirname, name), 'utf8'));

const experimental = ['-D_GNU_SOURCE', '-DALLOW_EXPERIMENTAL_API', '-DALLOW_INTERNAL_API'];

/**
 * The layouts in what clang prints with -fdump-record-layouts-complete:
 *   Map of `struct name` -> { size, members: Map of `a.b` -> offset in bytes (of bit fields `bytes:first-last`) }
 * Members of unnamed members count as the structure's own, as in C.
 */
export function parseLayouts(text) {
  const layouts = new Map();
  for (const dump of text.split('*** Dumping AST Record Layout').slice(1)) {
    const [head, ...lines] = dump.split('\n').filter((line) => / \| /.test(line));
    const name = /\| ((?:struct|union) _*(?:rte|eth|cmdline|malloc)\w+)$/.exec(head)?.[1];
    if (!name) continue;
    const members = new Map();
    const path_ = [];
    for (const line of lines) {
      const size = /\[sizeof=(\d+), align=(\d+)\]/.exec(line);
      if (size) {
        layouts.set(name, { size: `${size[1]} bytes, aligned to ${size[2]}`, members });
        break;
      }
      const [, at, indent, what] = /^\s*([\d:-]+) \|( +)(.*)$/.exec(line) ?? [];
      if (what === undefined) continue;
      const depth = (indent.length - 3) / 2;
      const unnamed = /\((anonymous|unnamed)[^)]*\)\s*$/.test(what);
      path_.length = depth;
      path_[depth] = unnamed ? '' : what.trim().split(/[\s*]/).at(-1);
      if (!unnamed)
        members.set(
          path_
            .slice(0, depth + 1)
            .filter(Boolean)
            .join('.'),
          at,
        );
    }
  }
  return layouts;
}

const including = (headers) => headers.map((name) => `#include <${name}>\n`).join('');

async function layoutsOf({ compiler, cflags }, headers) {
  const dump = ['-Xclang', '-fdump-record-layouts-complete', '-fsyntax-only', '-x', 'c', '-'];
  const { stdout } = await run(compiler, [...cflags, ...experimental, ...dump], { input: including(headers) });
  return parseLayouts(stdout);
}

/** What upstream's members are called and where they are, held against ours: lines that say what differs. */
export function compareLayouts(theirs, ours) {
  const differences = new Map();
  for (const [name, { size, members }] of theirs) {
    const own = ours.get(name);
    if (!own) continue;
    const found = [];
    if (own.size !== size) found.push(`${own.size}; upstream ${size}`);
    for (const [member, at] of members) {
      const here = own.members.get(member);
      if (here !== at)
        found.push(here === undefined ? `no member ${member} (at ${at})` : `${member} at ${here}; upstream at ${at}`);
    }
    if (found.length > 0) differences.set(name, found);
  }
  return differences;
}

/** Prints the value of a constant, texts as they are. */
const show = `#define TEXT(x) _Generic((x), char *: (x), const char *: (x), default: NULL)
#define SHOW(name) if (TEXT(name) != NULL) printf("%s %s\\n", #name, (const char *)TEXT(name)); \\
	else printf("%s %lld\\n", #name, value_##name);
`;

/** Macros and enumerators that have a number, and its value: compiled twice, first to see which are expressions at all. */
async function constantsOf({ compiler, cflags, linking = [], launch, environment }, headers, names, folder) {
  const source = path.join(folder, 'constants.c');
  const program = path.join(folder, 'constants');
  const lines = (list) => list.map((name) => `static const long long value_${name} = (long long)(${name});\n`).join('');
  const text = (list) => `${including(headers)}#include <stdio.h>\n${lines(list)}`;
  fs.writeFileSync(source, text(names));
  const flags = [...cflags, ...experimental, '-w', '-ferror-limit=0'];
  const { output } = await run(compiler, [...flags, '-fsyntax-only', source], { allowFailure: true });
  const bad = new Set();
  const first = headers.length + 2;
  for (const [, line] of output.matchAll(/constants\.c:(\d+):\d+: error/g)) bad.add(names[Number(line) - first]);
  const good = names.filter((name) => !bad.has(name));
  const prints = good.map((name) => `SHOW(${name})\n`).join('');
  fs.writeFileSync(source, `${text(good)}${show}int main(void) {\n${prints}return 0;\n}\n`);
  // Inline functions want symbols that are never called here.
  const lenient = linking.length > 0 ? '-Wl,--gc-sections' : '-Wl,--gc-sections,--unresolved-symbols=ignore-all';
  const link = ['-O1', '-fuse-ld=lld', lenient];
  await run(compiler, [...flags, '-ffunction-sections', source, '-o', program, ...linking, ...link]);
  const [command, args] = launch?.(program) ?? [program, []];
  const { stdout } = await run(command, args, { env: environment });
  return new Map(
    stdout
      .trim()
      .split(/\r?\n/)
      .map((line) => /^(\w+) (.*)$/.exec(line)?.slice(1) ?? [line, '']),
  );
}

const isConstant = ([name, kind]) =>
  (kind === 'macro' || kind === 'enumerator') && /^_?(RTE|[A-Z]{3})/.test(name) && !/_H_*$/.test(name);

/**
 * Compares what `sides` ({ theirs, ours }: { compiler, cflags, include: [folder] }) have of the headers in layout.json. Resolves
 * with { structures, constants (how many were compared), problems: [line] }: differences that are not listed there with a reason,
 * and listed ones that are none.
 */
export async function compareWithUpstream({ theirs, ours, folder, system = 'linux' }) {
  const { headers: wanted, different: listed } = read('layout.json');
  const isOurs = (name) => ours.include.some((one) => fs.existsSync(path.join(one, 'include/wdpdk', name)));
  const headers = wanted.filter(isOurs);
  const different = { ...listed.everywhere, ...listed[system] };
  const [upstream, own] = [await layoutsOf(theirs, headers), await layoutsOf(ours, headers)];
  const differences = compareLayouts(upstream, own);
  const inside =
    ({ include }) =>
    (file) =>
      include.some((one) => file.startsWith(one));
  const known = async (side) => {
    const { found, failed } = await declarations(
      side.compiler,
      [...side.cflags, ...experimental],
      including(headers),
      inside(side),
    );
    if (failed) throw new Error(failed);
    return found;
  };
  const [namesThere, namesHere] = [await known(theirs), await known(ours)];
  const names = [...namesThere].filter((entry) => isConstant(entry) && namesHere.has(entry[0])).map(([name]) => name);
  const [there, here] = [
    await constantsOf(theirs, headers, names, folder),
    await constantsOf(ours, headers, names, folder),
  ];
  for (const [name, value] of there) {
    const mine = here.get(name);
    if (mine !== value)
      differences.set(name, [mine === undefined ? `is no number; upstream ${value}` : `${mine}; upstream ${value}`]);
  }
  const absent = wanted.filter((name) => !headers.includes(name)).map((name) => `${name} is not there`);
  const problems = [...differences]
    .filter(([name]) => !different[name])
    .map(
      ([name, found]) =>
        `${name}: ${found.slice(0, 6).join(', ')}${found.length > 6 ? ` and ${found.length - 6} more` : ''}`,
    );
  for (const name of Object.keys(different))
    if (!differences.has(name)) problems.push(`${name} is listed in layout.json as different, and is not`);
  const structures = [...upstream.keys()].filter((name) => own.has(name)).length;
  return { structures, constants: there.size, problems: [...absent, ...problems] };
}
