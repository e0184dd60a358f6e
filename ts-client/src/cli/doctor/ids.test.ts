// SPDX-License-Identifier: BSD-3-Clause
// Every id that a finding may have is on the page, and has the shape that the schema says.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const cli = path.resolve(import.meta.dirname, '..');
const page = fs.readFileSync(path.resolve(cli, '../../docs/cards.md'), 'utf8');

function idsIn(folder: string): string[] {
  const names = fs.readdirSync(path.join(cli, folder), { recursive: true, encoding: 'utf8' });
  const texts = names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => fs.readFileSync(path.join(cli, folder, name), 'utf8'));
  const id = /\b(?:ok|info|warn|fail)\(\s*'([^']+)'|\bconst (?:id|name|hvci) = '([a-z][a-z.-]*)';/g;
  return texts.flatMap((text) => [...text.matchAll(id)].map(([, called, named]) => called ?? named!));
}

it('every finding is on the page', () => {
  const ids = [...new Set([...idsIn('doctor'), ...idsIn('system')])];
  expect(ids.length).toBeGreaterThan(35);
  for (const id of ids) {
    expect(id).toMatch(/^[a-z]+([.-][a-z]+)*$/);
    const [family] = id.split('.');
    expect(page.includes(`\`${id}\``) || page.includes(`\`${family}.*\``), id).toBe(true);
  }
});
