// SPDX-License-Identifier: BSD-3-Clause
// The near end of the captured link: runs in a fresh network namespace, makes a second one with the far end in it, joins
// the two by a veth pair and makes real traffic. Both namespaces end with these processes; nothing is left to clean up.
import { execFileSync, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { bytes, interfaces, mdns, near, ports } from './plan.mjs';

const [, , captureFile] = process.argv;
const ip = (...args) => execFileSync('ip', args);
const host = (index) => near.addresses[index].split('/')[0];
const peer = (index) => host(index).replace(/1$/, '2');

const farEnd = spawn('unshare', ['-n', process.execPath, path.join(import.meta.dirname, 'far.mjs'), captureFile], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
farEnd.on('exit', (code) => code && process.exit(code));

async function answer(to) {
  for (;;) {
    const [message] = await once(farEnd, 'message');
    if (message.failed) throw new Error(`far end: ${message.failed}: ${message.message}`);
    if (message.done === to) return message.result;
  }
}

async function tell(command, value) {
  const answered = answer(command);
  farEnd.send({ command, value });
  return answered;
}

function linkUp() {
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', interfaces.near, 'type', 'veth', 'peer', 'name', interfaces.far, 'netns', String(farEnd.pid));
  ip('link', 'set', interfaces.near, 'addrgenmode', 'none', 'address', near.mac);
  ip('link', 'set', interfaces.near, 'up');
  for (const address of near.addresses) {
    ip('address', 'add', address, 'dev', interfaces.near, ...(address.includes(':') ? ['nodad'] : []));
  }
}

/** A connection that asks for answers of the given lengths, one after the other. */
async function tcp(local, remote, port, lengths) {
  const socket = net.connect({ host: remote, port, localAddress: local, noDelay: true });
  await once(socket, 'connect');
  for (const length of lengths) {
    const request = Buffer.alloc(4);
    request.writeUInt32BE(length);
    socket.write(request);
    for (let got = 0; got < length;) got += (await once(socket, 'data'))[0].length;
  }
  socket.end();
  await once(socket, 'close');
}

/** Datagrams that the far end sends back; the next goes out when the last has come back, so none is lost. */
async function udp(local, remote, port, lengths) {
  const type = local.includes(':') ? 'udp6' : 'udp4';
  const socket = dgram.createSocket({ type, recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 });
  socket.bind(0, local);
  await once(socket, 'listening');
  for (const [index, length] of lengths.entries()) {
    socket.send(bytes(length, index + 1), port, remote);
    await once(socket, 'message');
  }
  socket.close();
}

/** To a port where nobody listens: the kernel's own ICMP errors and resets. */
async function refused() {
  for (const index of [0, 2]) {
    const socket = dgram.createSocket(index < 2 ? 'udp4' : 'udp6');
    socket.connect(ports.closed, peer(index));
    await once(socket, 'connect');
    const error = once(socket, 'error');
    socket.send('anyone?');
    await error.catch(() => undefined);
    socket.close();
    await tcp(host(index), peer(index), ports.closed, []).catch(() => undefined);
  }
}

async function multicast() {
  for (const [type, group, outgoing] of [
    ['udp4', mdns.v4, host(0)],
    ['udp6', mdns.v6, `::%${interfaces.near}`],
  ]) {
    const socket = dgram.createSocket({ type, reuseAddr: true });
    socket.bind(mdns.port);
    await once(socket, 'listening');
    socket.setMulticastInterface(outgoing);
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => socket.send(bytes(60 + i, i + 1), mdns.port, group, resolve));
    }
    // Unicast to the mDNS port too: the same destination port on a routable address.
    const to = type === 'udp4' ? peer(0) : peer(2);
    for (let i = 0; i < 30; i++)
      await new Promise((resolve) => socket.send(bytes(40 + i, i + 1), mdns.port, to, resolve));
    socket.close();
  }
}

async function ping(...args) {
  const child = spawn('ping', ['-n', '-q', '-i', '0.002', '-W', '1', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'close');
}

const repeat = (count, of) => Array.from({ length: count }, (_, index) => of(index));
const families = [0, 1, 2, 3];

async function traffic() {
  for (const index of families) await ping('-c', '40', peer(index));
  await ping('-c', '5', '-t', '1', peer(0));
  await ping('-c', '5', '-t', '1', peer(2));
  await ping('-c', '5', '-s', '6000', peer(0));
  await ping('-c', '5', '-s', '6000', peer(2));
  await ping('-c', '5', `${peer(4)}%${interfaces.near}`);
  await refused();
  await multicast();
  await Promise.all(
    families.map((index) =>
      Promise.all([
        udp(
          host(index),
          peer(index),
          9000,
          repeat(120, (i) => 18 + ((i * 97) % 1400)),
        ),
        udp(
          host(index),
          peer(index),
          9001,
          repeat(60, (i) => 1 + i),
        ),
        tcp(
          host(index),
          peer(index),
          8443,
          repeat(80, (i) => 1 + ((i * 331) % 1400)),
        ),
      ]),
    ),
  );
  await udp(
    host(1),
    peer(1),
    5060,
    repeat(40, (i) => 200 + i),
  );
  await udp(
    host(0),
    peer(0),
    9000,
    repeat(6, () => 4000),
  );
  // Bulk transfers: the kernel hands frames of up to 64 KiB to the link, cut later by the card (here: never).
  for (const index of families) await tcp(host(index), peer(index), 8080, [400_000, 70_000, 200_000]);
  // The longest frames there are: 65,535 bytes of IPv4 behind an Ethernet header.
  await tell('mtu', 65535);
  ip('link', 'set', interfaces.near, 'mtu', '65535');
  await udp(host(0), peer(0), 9001, [65507, 65506, 40_000, 20_000]);
  await udp(host(2), peer(2), 9001, [65487, 30_000]);
  for (const index of families) await tcp(host(index), peer(index), 8080, [300_000]);
}

await answer('up');
linkUp();
await tell('start');
await traffic();
const report = await tell('stop');
if (!/^0 packets dropped by kernel$/m.test(report)) throw new Error(`tcpdump lost frames:\n${report}`);
console.log(report.trim());
farEnd.disconnect();
