// SPDX-License-Identifier: BSD-3-Clause
// From an anchored regular expression to the smallest deterministic automaton that takes the same texts, so that C matches a schema's
// patterns in one table look-up a byte, whatever the text. Known: literals, \ before a literal, [a-z0-9], ( | ), ? * + {n} {n,m}.

/** Parses the text between ^ and $ into a tree of {set}, {all: []}, {any: []} and {node, least, most}. */
function parse(pattern) {
  const end = pattern.length - 1;
  let at = 1;
  const fail = (why) => {
    throw new Error(`pattern ${pattern}: ${why} at character ${at + 1}`);
  };
  if (pattern[0] !== '^' || pattern[end] !== '$' || pattern[end - 1] === '\\') fail('not anchored by ^ and $');
  const literal = () => {
    if (pattern[at] === '\\') {
      at++;
      if (/[A-Za-z0-9]/.test(pattern[at])) fail('a class or escape that is not known');
    }
    const code = pattern.codePointAt(at++);
    if (code > 127) fail('not ASCII');
    return code;
  };
  const set = () => {
    const codes = new Set();
    if (pattern[at] === '^') fail('a negated class');
    while (pattern[at] !== ']') {
      if (at >= end) fail('an open class');
      const from = literal();
      let to = from;
      if (pattern[at] === '-' && pattern[at + 1] !== ']') {
        at++;
        to = literal();
      }
      for (let code = from; code <= to; code++) codes.add(code);
    }
    at++;
    return { set: codes };
  };
  const atom = () => {
    const c = pattern[at];
    if (c === '(') {
      at++;
      if (pattern[at] === '?') fail('a group with a question mark');
      const node = either();
      if (pattern[at++] !== ')') fail('an open group');
      return node;
    }
    if (c === '[') {
      at++;
      return set();
    }
    if ('.^$?*+{})'.includes(c)) fail(`"${c}" here`);
    return { set: new Set([literal()]) };
  };
  const repeated = () => {
    const node = atom();
    const c = pattern[at];
    if (c === '?' || c === '*' || c === '+') {
      at++;
      return { node, least: c === '+' ? 1 : 0, most: c === '?' ? 1 : Infinity };
    }
    if (c !== '{') return node;
    const count = /^\{(\d+)(,(\d+))?\}/.exec(pattern.slice(at)) ?? fail('a count that is not known');
    at += count[0].length;
    return { node, least: Number(count[1]), most: Number(count[3] ?? count[1]) };
  };
  const sequence = () => {
    const all = [];
    while (at < end && pattern[at] !== '|' && pattern[at] !== ')') all.push(repeated());
    return { all };
  };
  const either = () => {
    const any = [sequence()];
    while (at < end && pattern[at] === '|') {
      at++;
      any.push(sequence());
    }
    return { any };
  };
  const tree = either();
  if (at !== end) fail('")" without "("');
  return tree;
}

/** States of {moves: [[codes, state]], free: [state]}; 0 is the start, the returned `final` the end. */
function nondeterministic(tree) {
  const states = [];
  const state = () => states.push({ moves: [], free: [] }) - 1;
  const build = (node, from) => {
    if (node.set) {
      const to = state();
      states[from].moves.push([node.set, to]);
      return to;
    }
    if (node.all) return node.all.reduce((at, part) => build(part, at), from);
    if (node.any) {
      const ends = node.any.map((part) => {
        const begin = state();
        states[from].free.push(begin);
        return build(part, begin);
      });
      const to = state();
      for (const each of ends) states[each].free.push(to);
      return to;
    }
    let at = from;
    for (let i = 0; i < node.least; i++) at = build(node.node, at);
    const to = state();
    if (node.most === Infinity) {
      const loop = state();
      states[at].free.push(loop);
      states[build(node.node, loop)].free.push(loop);
      states[loop].free.push(to);
      return to;
    }
    for (let i = node.least; i < node.most; i++) {
      states[at].free.push(to);
      const begin = state();
      states[at].free.push(begin);
      at = build(node.node, begin);
    }
    states[at].free.push(to);
    return to;
  };
  const start = state();
  return { states, final: build(tree, start) };
}

/** [[next state for each code]], with accepting flags. State 0 takes nothing any more, state 1 is the start. */
function deterministic({ states, final }) {
  const closed = (set) => {
    const out = new Set(set);
    for (const each of out) for (const next of states[each].free) out.add(next);
    return [...out].sort((a, b) => a - b);
  };
  const numbers = new Map([['', 0]]);
  const rows = [];
  const accepting = [false];
  const todo = [];
  const number = (set) => {
    const key = set.join();
    if (!numbers.has(key)) {
      numbers.set(key, numbers.size);
      accepting.push(set.includes(final));
      todo.push(set);
    }
    return numbers.get(key);
  };
  rows.push(Array.from({ length: 128 }, () => 0));
  number(closed([0]));
  while (todo.length > 0) {
    const set = todo.shift();
    const row = [];
    for (let code = 0; code < 128; code++) {
      const next = set.flatMap((each) => states[each].moves.filter(([codes]) => codes.has(code)).map(([, to]) => to));
      row.push(number(closed(next)));
    }
    rows.push(row);
  }
  return { rows, accepting };
}

/** Merges states that no text tells apart: parts are split until every part agrees on where each code leads. */
function smallest({ rows, accepting }) {
  let part = rows.map((_, state) => (state === 0 ? 0 : accepting[state] ? 2 : 1));
  for (;;) {
    const keys = new Map([[`${part[0]}:${rows[0].map((to) => part[to]).join()}`, 0]]);
    const next = rows.map((row, state) => {
      const key = `${part[state]}:${row.map((to) => part[to]).join()}`;
      if (!keys.has(key)) keys.set(key, keys.size);
      return keys.get(key);
    });
    const settled = new Set(next).size === new Set(part).size;
    part = next;
    if (settled) break;
  }
  const count = Math.max(...part) + 1;
  const first = Array.from({ length: count }, (_, p) => part.indexOf(p));
  return { rows: first.map((state) => rows[state].map((to) => part[to])), accepting: first.map((s) => accepting[s]) };
}

/**
 * {classes: class of each of 128 codes (0: taken nowhere), next: [[state for each class]], accepting}. State 0 takes nothing
 * any more, state 1 is the start.
 */
export function automaton(pattern) {
  const { rows, accepting } = smallest(deterministic(nondeterministic(parse(pattern))));
  const columns = new Map([[rows.map(() => 0).join(), 0]]);
  const classes = [];
  for (let code = 0; code < 128; code++) {
    const column = rows.map((row) => row[code]).join();
    if (!columns.has(column)) columns.set(column, columns.size);
    classes.push(columns.get(column));
  }
  const next = rows.map((row) =>
    Array.from({ length: columns.size }, (_, c) => (c === 0 ? 0 : row[classes.indexOf(c)])),
  );
  if (next.length > 255) throw new Error(`pattern ${pattern}: ${next.length} states; at most 255 fit`);
  return { classes, next, accepting };
}
