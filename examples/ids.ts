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
const rules = read();

function read(): Rule[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => /^\s*[^\s#]/.test(line)).map((line) => JSON.parse(line) as Rule);
  } catch (error) {
    console.error(`${file} has no rules: ${(error as Error).message}. Write some as above: node ids.js rules.jsonl`);
    process.exit(1);
  }
}

function isHit({ contains, longerThan = 0 }: Rule, packet: Packet): boolean {
  if (packet.wireLength <= longerThan || contains === undefined) return packet.wireLength > longerThan;
  // In place; the view must not outlive this burst, and does not.
  const bytes = packet.contiguous ? packet.unsafeView() : packet.copy();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(contains);
}

function alarm(rule: Rule, packet: Packet): void {
  const { ipv4, ipv6, timestampNs, length } = packet;
  const ip = ipv4 ?? ipv6;
  console.log(JSON.stringify({ ns: `${timestampNs}`, alert: rule.say, from: ip?.srcText, to: ip?.dstText, length }));
}

async function watch(queue: RxQueue, rule: Rule, signal: AbortSignal): Promise<void> {
  const look = (burst: Iterable<Packet>): void => {
    for (const packet of burst) if (isHit(rule, packet)) alarm(rule, packet);
  };
  await queue.run(look, { signal });
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
