// SPDX-License-Identifier: BSD-3-Clause
// shared-memory-ipc travels inside wdpdk: its modules and types are copied into the dist of wdpdk, whose imports then name them by
// path. An install of the packed wdpdk must never ask the registry for that name.
import fs from 'node:fs';
import path from 'node:path';

export const privateName = 'shared-memory-ipc';
const specifier = new RegExp(`((?:\\bfrom|\\bimport|\\bimport\\()\\s*)(['"])${privateName}\\2`, 'g');
const code = /\.(js|d\.ts)$/;

/** Where `text` imports the private package by its name. */
export const importsPrivately = (text) => text.search(specifier) >= 0;

/** `text`, a module at `file`, with its imports of the private package naming `index` (the package's entry) by path. */
export function importByPath(text, file, index) {
  const to = path.relative(path.dirname(file), index).replaceAll('\\', '/');
  return text.replace(
    specifier,
    (_, keyword, quote) => `${keyword}${quote}${to.startsWith('.') ? '' : './'}${to}${quote}`,
  );
}

export const withoutSourceMap = (text) => text.replace(/^\/\/# sourceMappingURL=.*\n?/m, '');

function filesIn(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && code.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** Programs that run may be reading the same file: it is written only when it changes, and whole. */
function write(file, text) {
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

/** Puts `source` (the dist of shared-memory-ipc) into `dist` (that of wdpdk). */
export function bundle(source, dist) {
  const inside = path.join(dist, privateName);
  for (const file of filesIn(source)) {
    const text = withoutSourceMap(fs.readFileSync(file, 'utf8'));
    write(path.join(inside, path.relative(source, file)), text);
  }
  for (const file of filesIn(dist)) {
    const text = fs.readFileSync(file, 'utf8');
    if (importsPrivately(text)) write(file, importByPath(text, file, path.join(inside, 'index.js')));
  }
}
