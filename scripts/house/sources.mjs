// SPDX-License-Identifier: BSD-3-Clause
// The files the rules look at: what git knows or would add, with their text.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../lib/paths.mjs';

const binary = /\.(pcap|pcapng|png|svg|ico|bin)$/;

/** [{ name, text, lines }], names relative to the root with forward slashes. */
export function sourceFiles() {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return list
    .split('\0')
    .filter((name) => name !== '' && !binary.test(name) && fs.existsSync(path.join(root, name)))
    .map((name) => {
      const text = fs.readFileSync(path.join(root, name), 'utf8');
      return { name, text, lines: text.split('\n') };
    });
}

/** Findings for every line of the file that `wrong` says something about. */
export function eachLine({ name, lines }, wrong) {
  return lines.flatMap((line, index) => {
    const what = wrong(line, index);
    return what ? [`${name}:${index + 1}: ${what}`] : [];
  });
}

export const isC = ({ name }) => /\.[ch]$/.test(name);
export const isTypeScript = ({ name }) => /\.m?ts$/.test(name) && !name.endsWith('.d.ts');
export const isScript = ({ name }) => /\.mjs$/.test(name);
export const isGenerated = ({ name, lines }) =>
  /(^|\/)(generated|vectors)\//.test(name) || /generated/i.test(lines.slice(0, 4).join(' '));
