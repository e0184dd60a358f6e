// SPDX-License-Identifier: BSD-3-Clause
// Part of `npm run check -- --fix`: breaks comment lines that are wider than the house allows (prettier leaves comments
// alone). Only lines that are nothing but comment are touched; the rest of a broken line gets the same beginning.
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../lib/paths.mjs';
import { isC, isGenerated, isScript, isTypeScript, sourceFiles } from './sources.mjs';
import { maxColumns, width } from './text.mjs';

const wanted = 120;

function wrap(line) {
  if (width(line) <= maxColumns) return [line];
  const match = /^(\s*)(\/\/ |\/\*\*? | \* |\* )(?=\S)/.exec(line);
  if (!match) return [line];
  // A block comment that ends in this line, or begins in it, keeps its signs at its two ends.
  const begin = match[2].startsWith('/*') ? `${match[1]} * ` : match[0];
  const lines = [];
  let rest = line;
  while (width(rest) > wanted) {
    let cut = rest.length;
    while (cut > begin.length && width(rest.slice(0, cut)) > wanted) cut = rest.lastIndexOf(' ', cut - 1);
    if (cut <= begin.length || rest.slice(cut).trim() === '*/') break;
    lines.push(rest.slice(0, cut));
    rest = begin + rest.slice(cut + 1);
  }
  return [...lines, rest];
}

for (const file of sourceFiles()) {
  if (!(isC(file) || isTypeScript(file) || isScript(file)) || isGenerated(file)) continue;
  const text = file.lines.flatMap(wrap).join('\n');
  if (text !== file.text) fs.writeFileSync(path.join(root, file.name), text);
}
