// SPDX-License-Identifier: BSD-3-Clause
// Which names a C header declares, read from what the preprocessor makes of it: functions, objects, types, enumerators, macros.
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';

const skippable = new Set(['__attribute__', '__asm__', '__typeof__', '__declspec', '_Alignas', '__extension__']);

function* tokensOf(text) {
  for (const [token] of text.matchAll(/[A-Za-z_]\w*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\d[\w.]*|[^\s\w]/g))
    yield token;
}

const isWord = (token) => /^[A-Za-z_]\w*$/.test(token);

/** Index of the bracket that closes the one at `from`. */
function closing(tokens, from) {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if ('([{'.includes(tokens[i])) depth++;
    else if (')]}'.includes(tokens[i]) && --depth === 0) return i;
  }
  return tokens.length - 1;
}

/** What one declaration at file level makes known. */
function namesOf(tokens, found) {
  const flat = [];
  for (let i = 0; i < tokens.length; i++) {
    if (skippable.has(tokens[i])) {
      if (tokens[i + 1] === '(') i = closing(tokens, i + 1);
    } else if (tokens[i] === '{') {
      const end = closing(tokens, i);
      // An enumeration's names are names of the file.
      if (flat.includes('enum')) enumerators(tokens.slice(i + 1, end), found);
      flat.push('{}');
      i = end;
    } else flat.push(tokens[i]);
  }
  for (const [i, token] of flat.entries())
    if (['struct', 'union', 'enum'].includes(token) && isWord(flat[i + 1] ?? '') && flat[i + 2] === '{}')
      found.set(flat[i + 1], token);
  const body = flat.filter((token) => token !== '{}');
  if (body[0] === 'typedef') {
    const pointer = body.findIndex((token, i) => token === '(' && body[i + 1] === '*');
    const plain = body.indexOf('(') < 0 ? body.findLast(isWord) : body[body.indexOf('(') - 1];
    const name = pointer > 0 ? body[pointer + 2] : plain;
    if (isWord(name ?? '')) found.set(name, 'type');
    return;
  }
  const open = body.indexOf('(');
  if (open > 0 && body[open + 1] === '*' && isWord(body[open + 2] ?? '')) found.set(body[open + 2], 'object');
  else if (open > 0 && isWord(body[open - 1])) found.set(body[open - 1], 'function');
  else if (body.includes('extern'))
    found.set(body[body.indexOf('[') > 0 ? body.indexOf('[') - 1 : body.length - 1], 'object');
}

function enumerators(tokens, found) {
  let fresh = true;
  for (let i = 0; i < tokens.length; i++) {
    if (fresh && isWord(tokens[i])) {
      found.set(tokens[i], 'enumerator');
      fresh = false;
    } else if (tokens[i] === '(') i = closing(tokens, i);
    else if (tokens[i] === ',') fresh = true;
  }
}

function namesInText(text, found) {
  let statement = [];
  let depth = 0;
  for (const token of tokensOf(text)) {
    if (token === ';' && depth === 0) {
      namesOf(statement, found);
      statement = [];
      continue;
    }
    statement.push(token);
    if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    // A function's body ends its definition; a structure's does not.
    if (token === '}' && depth === 0 && isDefinition(statement)) {
      namesOf(statement, found);
      statement = [];
    }
  }
}

const isDefinition = (tokens) => {
  const brace = tokens.indexOf('{');
  return (
    tokens.indexOf('(') > 0 &&
    tokens[brace - 1] === ')' &&
    tokens[0] !== 'typedef' &&
    !tokens.slice(0, brace).includes('=')
  );
};

/**
 * Names declared by files that `belongs(path)` accepts when `text` is preprocessed with these options: Map of name -> kind.
 * Undefined when it does not compile (the error is in `failed`).
 */
export async function declarations(compiler, options, text, belongs) {
  const args = [...options, '-E', '-dD', '-x', 'c', '-'];
  const { code, stdout, output } = await run(compiler, args, { input: text, allowFailure: true });
  if (code !== 0) return { failed: output.split('\n').find((line) => line.includes('error')) ?? 'failed' };
  const found = new Map();
  let mine = false;
  let code_ = '';
  for (const line of stdout.split('\n')) {
    const marker = /^# \d+ "([^"]*)"/.exec(line);
    if (marker) mine = belongs(path.normalize(marker[1]));
    else if (!mine) continue;
    else if (line.startsWith('#')) {
      const macro = /^#define (\w+)/.exec(line);
      if (macro) found.set(macro[1], 'macro');
    } else code_ += `${line}\n`;
  }
  namesInText(code_, found);
  return { found };
}
