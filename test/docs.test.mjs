// SPDX-License-Identifier: BSD-3-Clause
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../shm-protocol/definition.mjs';

const root = path.resolve(import.meta.dirname, '..');
const docs = path.join(root, 'ts-client/docs');
const read = (...parts) => fs.readFileSync(path.join(docs, ...parts), 'utf8');
const pages = fs.readdirSync(path.join(docs, 'errors')).filter((name) => name !== 'README.md');

describe('every error code has a page', () => {
  test('and every page a code', () => {
    expect(pages.toSorted()).toEqual(errorCodes.map((code) => `${code}.md`).toSorted());
  });

  test.each(errorCodes)('%s: what it means, who says it, why, and what to do', (code) => {
    const text = read('errors', `${code}.md`);
    expect(text.split('\n')[0]).toBe(`# ${code}`);
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Who says it', 'Usual causes', 'What to do', 'Example']);
    for (const section of text.split(/^## .*$/m)) expect(section.trim().length).toBeGreaterThan(10);
    expect(read('errors', 'README.md')).toContain(`[${code}](${code}.md)`);
  });
});

test('links between pages lead somewhere', () => {
  const files = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((name) =>
    path.join(root, name),
  );
  for (const entry of fs.readdirSync(docs, { recursive: true }))
    if (entry.endsWith('.md')) files.push(path.join(docs, entry));
  const dead = [];
  for (const file of files)
    for (const [, target] of fs.readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g))
      if (!fs.existsSync(path.resolve(path.dirname(file), target)))
        dead.push(`${path.relative(root, file)}: ${target}`);
  expect(dead).toEqual([]);
});
