// SPDX-License-Identifier: BSD-3-Clause
// node scripts/cookbook.mjs [--check]: writes ts-client/docs/cookbook.md from the examples and the words about them below. With
// --check it writes nothing and fails when the page is out of date.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/paths.mjs';

const page = path.join(root, 'ts-client/docs/cookbook.md');
const folder = path.join(root, 'examples');

/** In the order of the page. Every example is in it. */
const recipes = [
  {
    name: 'sniffer',
    title: 'See what comes in',
    points: [
      'A queue is a mirror unless you ask for `action: "redirect"`: forwarding does not notice it.',
      'The match is compiled in the dataplane. Frames that do not fit it cost your program nothing.',
      '`snaplen` copies only the first bytes; `wireLength` is still the whole frame.',
      '`at: "tx"` shows what leaves instead of what comes in.',
    ],
  },
  {
    name: 'udp-echo',
    title: 'Be a host: ARP, ping, UDP',
    points: [
      '`redirect` takes frames out of forwarding: they are yours.',
      '`send(packet)` posts the slot the frame came in. Nothing is copied, and the packet expires.',
      'Setters, `swap()` and `reply()` keep checksums right by the difference.',
      'On Windows the same program runs on any port but `tap`.',
    ],
  },
  {
    name: 'meter',
    title: 'Generate and measure',
    points: [
      '`pktgen` numbers and stamps each frame, `sink` checks numbers, payload and time. Both run in the dataplane.',
      '`stats()` reads shared memory and costs the dataplane nothing; `since()` makes rates of two readings.',
      'Sizes are those on the wire, with FCS: 64 is the smallest frame of Ethernet.',
    ],
  },
  {
    name: 'route-change',
    title: 'Change routes, and take it back when it was wrong',
    points: [
      '`check()` says what would change. `set()` applies all of it or nothing.',
      '`ifGeneration` makes sure that you change what you have seen.',
      '`confirmWithinMs` is kept by the dataplane: when your program dies before it confirms, the old routes come back.',
    ],
  },
  {
    name: 'flow-workers',
    title: 'Share the load between threads or processes',
    points: [
      'Members of a group share a match. Each flow, both directions, comes to one of them.',
      'When one leaves, or is killed, only its flows move.',
      'Workers attach by themselves; nothing is passed between threads.',
    ],
  },
  {
    name: 'l2fwd',
    title: 'A bridge for two ports',
    points: ['The dataplane does it alone. The program only starts it and reads the summary.'],
  },
  {
    name: 'l3fwd',
    title: 'A router from a file',
    points: [
      'A refused configuration names every wrong field, by path.',
      '`forwarding.schema.json`, which lies in the package, gives your editor completion and checks for the `forwarding` of such files.',
    ],
  },
  {
    name: 'ids',
    title: 'Detect by rules',
    points: [
      'One queue a rule: the dataplane tells frames apart by the rules’ matches, at a cost that hardly grows with their number.',
      '`unsafeView()` looks at bytes in place. Never keep it: after the burst the memory holds other frames.',
    ],
  },
];

function render() {
  const present = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .toSorted();
  const known = recipes.map(({ name }) => `${name}.ts`).toSorted();
  if (String(present) !== String(known))
    throw new Error(`scripts/cookbook.mjs knows ${known}; examples has ${present}`);
  const parts = [
    '# Cookbook\n',
    'Generated from `examples/` by `node scripts/cookbook.mjs`. Each program uses the public package alone and is run by the',
    'test suite. Compile them with `npx tsc -p examples`, then `node examples/dist/NAME.js`; Node 22.18 and later run',
    '`node examples/NAME.ts`.\n',
  ];
  for (const { name, title, points } of recipes) {
    const text = fs.readFileSync(path.join(folder, `${name}.ts`), 'utf8');
    const code = text.replace(/^\/\/ SPDX.*\n/, '').trimEnd();
    parts.push(
      `## ${title}\n`,
      ...points.map((point) => `- ${point}`),
      `\n\`examples/${name}.ts\`:\n`,
      '```ts',
      code,
      '```\n',
    );
  }
  return parts.join('\n');
}

export function checkCookbook() {
  return fs.existsSync(page) && fs.readFileSync(page, 'utf8') === render();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--check')) {
    if (!checkCookbook()) {
      console.error('ts-client/docs/cookbook.md is not what the examples say. Run: node scripts/cookbook.mjs');
      process.exitCode = 1;
    }
  } else {
    fs.writeFileSync(page, render());
  }
}
