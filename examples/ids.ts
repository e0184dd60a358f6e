// SPDX-License-Identifier: BSD-3-Clause
// Intrusion detection with a rule file, one JSON object a line: what to look at (the dataplane filters), what it must contain (this
// program looks), and what to say: node ids.js rules.jsonl [instance]
//   { "say": "DNS tunnel?", "match": { "proto": "udp", "dstPort": 53 }, "longerThan": 300 }
//   { "say": "shell over HTTP", "match": { "any": [{ "dstPort": 80 }, { "dstPort": 8080 }] }, "contains": "/bin/sh" }
import { readFileSync } from 'node:fs';
import { attach, type Match, type Packet, type RxQueue } from 'wdpdk';

interface Rule {
  readonly say: string;
  readonly match: Match;
  readonly contains?: string;
  readonly longerThan?: number;
}

const [file = 'rules.jsonl', instance = 'default'] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .map((line) => line.trim());
const rules = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => JSON.parse(line) as Rule);

function isHit({ contains, longerThan = 0 }: Rule, packet: Packet): boolean {
  if (packet.wireLength <= longerThan) return false;
  if (contains === undefined) return true;
  // In place; the view must not outlive this burst, and does not.
  const bytes = packet.contiguous ? packet.unsafeView() : packet.copy();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(contains);
}

async function watch(queue: RxQueue, rule: Rule, signal: AbortSignal): Promise<void> {
  await queue.run(
    (burst) => {
      for (const packet of burst) {
        const { ipv4, ipv6, timestampNs, length } = packet;
        const ip = ipv4 ?? ipv6;
        if (!isHit(rule, packet)) continue;
        console.log(
          JSON.stringify({ ns: `${timestampNs}`, alert: rule.say, from: ip?.srcText, to: ip?.dstText, length }),
        );
      }
    },
    { signal },
  );
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const client = await attach({ name: 'ids', instance });
try {
  const queues = await Promise.all(rules.map(({ match }) => client.openRx({ port: 'any', match })));
  console.error(`${rules.length} rules are watched; Ctrl-C ends`);
  await Promise.all(rules.map((rule, n) => watch(queues[n]!, rule, stop.signal)));
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  await client.close();
}
