// SPDX-License-Identifier: BSD-3-Clause
// Every text file: licence line, white space, width, length, no paths of somebody's machine.
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../lib/paths.mjs';
import { eachLine, isC, isGenerated, isScript, isTypeScript } from './sources.mjs';

/** 120 is what we write and what prettier makes of code; comments and what cannot be broken well may run a little over. */
export const maxColumns = 140;
const tabWidth = 4;
const maxLines = { c: 700, typescript: 350 };

export const width = (line) => [...line.replaceAll('\t', ' '.repeat(tabWidth))].length;
const machinePath = /(^|[\s"'`(=:])\/(home|root|Users)\/[A-Za-z]/;

export function checkText(files) {
  const exceptions = JSON.parse(fs.readFileSync(path.join(root, 'scripts/house-exceptions.json'), 'utf8'));
  const longFiles = new Map(exceptions.longFiles.map(({ file, reason }) => [file, reason]));
  const findings = [];
  for (const file of files) {
    const { name, text, lines } = file;
    const code = isC(file) || isTypeScript(file) || isScript(file);
    if (code && !lines.slice(0, 2).some((line) => line.includes('SPDX-License-Identifier: BSD-3-Clause'))) {
      findings.push(`${name}:1: the first line must carry SPDX-License-Identifier: BSD-3-Clause`);
    }
    if (name === 'package-lock.json' || isGenerated(file)) continue;
    if (text !== '' && !text.endsWith('\n')) findings.push(`${name}:${lines.length}: no newline at the end`);
    findings.push(
      ...eachLine(file, (line) => {
        if (line.endsWith('\r')) return 'carriage return';
        if (/[ \t]$/.test(line) && !name.endsWith('.md')) return 'white space at the end of the line';
        if (machinePath.test(line)) return "a path of somebody's machine";
        if (code && width(line) > maxColumns)
          return `${width(line)} columns; ${maxColumns} at most (a tab counts ${tabWidth})`;
        return undefined;
      }),
    );
    const limit = isC(file) ? maxLines.c : maxLines.typescript;
    if (code && lines.length > limit && !longFiles.get(name)) {
      findings.push(
        `${name}:1: ${lines.length} lines (limit ${limit}): split it, or give a reason in scripts/house-exceptions.json`,
      );
    }
    if (longFiles.has(name) && lines.length <= limit)
      findings.push(`${name}:1: no longer needs its exception for long files`);
  }
  return findings;
}
