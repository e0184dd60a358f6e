// SPDX-License-Identifier: BSD-3-Clause
// The real traffic the tests run on, made once into .cache/captures: the Linux kernel talks to itself over a veth pair
// between two network namespaces (captures/near.mjs, far.mjs), tcpdump records it, tshark says what is in it. The facts go
// into a file, so that beds without tshark are held to the same truth.
//   mixed.pcap          classic pcap, nanosecond stamps        mixed.pcapng      the same frames as pcapng
//   mixed.facts.json    see test/support/captures.ts
// No root needed where unprivileged user namespaces are allowed.   node scripts/captures.mjs [--again]
import './lib/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages } from './lib/packages.mjs';
import { captures, root } from './lib/paths.mjs';
import { isRoot } from './lib/platform.mjs';
import { main, run, step, UserError } from './lib/run.mjs';
import { hash, onceFor, readIfThere, withLock } from './lib/stamps.mjs';

const recipe = path.join(root, 'scripts/captures');
const filtersFile = path.join(root, 'test/support/capture-filters.json');
const mixed = (extension) => path.join(captures, `mixed.${extension}`);

/** Each frame by itself: no reassembly, so that a filter on ports means "this frame has these ports". */
const dissection = ['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams'].flatMap((name) => [
  '-o',
  `${name}:FALSE`,
]);
const tshark = (args) =>
  run('tshark', ['-n', ...dissection, '-r', mixed('pcap'), ...args]).then(({ stdout }) => stdout);

async function record() {
  fs.mkdirSync(captures, { recursive: true });
  const file = mixed('recording.pcap');
  // Without root a user namespace of our own gives the rights over the namespaces made in it, and over nothing else.
  const rights = isRoot ? ['-n'] : ['--map-current-user', '--keep-caps', '-n'];
  const script = path.join(recipe, 'near.mjs');
  const { code, output } = await run('unshare', [...rights, process.execPath, script, file], {
    log: 'captures',
    allowFailure: true,
  });
  if (code !== 0) {
    const hint = isRoot
      ? 'Network namespaces and veth interfaces are needed.'
      : 'It needs unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1), or root.';
    throw new UserError(`Recording the test captures failed. ${hint}\n${output.trim()}`, 69);
  }
  fs.renameSync(file, mixed('pcap'));
  await run('editcap', ['-F', 'pcapng', mixed('pcap'), mixed('pcapng')]);
}

const number = (text) => (text === '' ? null : Number(text));
const text = (value) => (value === '' ? null : value);
const columns = {
  number: ['frame.number', Number],
  timeNs: ['frame.time_epoch', (value) => value.replace('.', '')],
  length: ['frame.len', Number],
  protocols: ['frame.protocols', text],
  etherType: ['eth.type', number],
  etherSrc: ['eth.src', text],
  etherDst: ['eth.dst', text],
  ip4Src: ['ip.src', text],
  ip4Dst: ['ip.dst', text],
  ip4Protocol: ['ip.proto', number],
  ip4Ttl: ['ip.ttl', number],
  ip4FragmentOffset: ['ip.frag_offset', number],
  ip6Src: ['ipv6.src', text],
  ip6Dst: ['ipv6.dst', text],
  ip6Next: ['ipv6.nxt', number],
  ip6HopLimit: ['ipv6.hlim', number],
  tcpSrcPort: ['tcp.srcport', number],
  tcpDstPort: ['tcp.dstport', number],
  udpSrcPort: ['udp.srcport', number],
  udpDstPort: ['udp.dstport', number],
  icmpType: ['icmp.type', number],
  icmp6Type: ['icmpv6.type', number],
};

/** ICMP errors quote a packet: its ports are not the frame's. */
function frameOf(line) {
  const values = line.split('\t');
  const entries = Object.entries(columns).map(([name, [, read]], index) => [name, read(values[index] ?? '')]);
  const frame = Object.fromEntries(entries);
  if (/:icmp(v6)?\b/.test(frame.protocols)) {
    for (const name of ['tcpSrcPort', 'tcpDstPort', 'udpSrcPort', 'udpDstPort']) frame[name] = null;
  }
  return frame;
}

async function establishFacts(filters) {
  const fields = Object.values(columns).flatMap(([field]) => ['-e', field]);
  const lines = (await tshark(['-T', 'fields', '-E', 'occurrence=f', ...fields])).trimEnd().split('\n');
  const facts = {
    tshark: execFileSync('tshark', ['--version'], { encoding: 'utf8' }).split('\n')[0],
    sha256: createHash('sha256')
      .update(fs.readFileSync(mixed('pcap')))
      .digest('hex'),
    frames: lines.map(frameOf),
    filters: {},
  };
  const queue = [...filters];
  const worker = async () => {
    for (let filter; (filter = queue.shift()) !== undefined;) {
      const numbers = await tshark(['-Y', filter, '-T', 'fields', '-e', 'frame.number']);
      facts.filters[filter] = numbers.split('\n').filter(Boolean).map(Number);
      if (facts.filters[filter].length === 0) throw new UserError(`No frame of the capture matches "${filter}".`);
    }
  };
  await Promise.all([worker(), worker()]);
  const lists = Object.entries(facts.filters).map((entry) => entry.map((part) => JSON.stringify(part)).join(': '));
  const frames = facts.frames.map((frame) => JSON.stringify(frame));
  const head = JSON.stringify({ ...facts, filters: undefined, frames: undefined }).slice(0, -1);
  const body = `"filters": {\n${lists.join(',\n')}\n},\n"frames": [\n${frames.join(',\n')}\n]`;
  fs.writeFileSync(mixed('facts.json'), `${head},\n${body}}\n`);
}

/** Make the captures and their facts unless they are there. */
export async function makeCaptures() {
  await withLock('captures', async () => {
    const scripts = fs
      .readdirSync(recipe)
      .sort()
      .map((name) => readIfThere(path.join(recipe, name)));
    const recipeKey = hash(...scripts);
    await onceFor(path.join(captures, '.recorded'), recipeKey, () => step('record real traffic', record));
    const filters = JSON.parse(readIfThere(filtersFile));
    const recorded = String(fs.statSync(mixed('pcap')).mtimeMs);
    const factsKey = hash(recorded, filters.join('\n'), readIfThere(path.join(root, 'scripts/captures.mjs')));
    await onceFor(path.join(captures, '.facts'), factsKey, () =>
      step('establish its facts with tshark', () => establishFacts(filters)),
    );
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    if (process.argv.includes('--again')) fs.rmSync(captures, { recursive: true, force: true });
    await ensurePackages(['captures']);
    await makeCaptures();
  });
}
