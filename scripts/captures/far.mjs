// SPDX-License-Identifier: BSD-3-Clause
// The far end of the captured link, alone in a network namespace: its servers and the tcpdump that records both directions.
// Started by near.mjs, told what to do over the IPC channel.
import { execFileSync, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { far, interfaces, ports, tcpReply } from './plan.mjs';

const [, , captureFile] = process.argv;
const ip = (...args) => execFileSync('ip', args);
let tcpdump;

/** TCP: the first four bytes of a request say how many bytes the answer has; requests follow one another on a connection. */
function serveTcp(port, host) {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let rest = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (; rest.length >= 4; rest = rest.subarray(4)) socket.write(tcpReply(rest.readUInt32BE(0)));
    });
  });
  server.listen({ port, host, ipv6Only: host.includes(':') });
  return once(server, 'listening');
}

async function serveUdp(port, type) {
  const socket = dgram.createSocket({
    type,
    ipv6Only: type === 'udp6',
    recvBufferSize: 4 << 20,
    sendBufferSize: 4 << 20,
  });
  socket.on('message', (message, from) => socket.send(message, from.port, from.address));
  socket.bind(port);
  await once(socket, 'listening');
}

const commands = {
  /** The link is there: addresses up, servers listening, tcpdump recording. */
  async start() {
    ip('link', 'set', 'lo', 'up');
    ip('link', 'set', interfaces.far, 'addrgenmode', 'none', 'address', far.mac);
    ip('link', 'set', interfaces.far, 'up');
    for (const address of far.addresses) ip('address', 'add', address, 'dev', interfaces.far, ...nodad(address));
    tcpdump = spawn(
      'tcpdump',
      ['-i', interfaces.far, '-n', '-U', '--immediate-mode', '-B', '65536', '--time-stamp-precision=nano', '-w', '-'],
      { stdio: ['ignore', fs.openSync(captureFile, 'w'), 'pipe'] },
    );
    let said = '';
    tcpdump.stderr.on('data', (chunk) => (said += chunk));
    tcpdump.report = () => said;
    while (!said.includes('listening on')) {
      if (tcpdump.exitCode !== null) throw new Error(`tcpdump ended: ${said}`);
      await Promise.race([once(tcpdump.stderr, 'data'), once(tcpdump, 'exit')]);
    }
    for (const port of ports.tcp) await Promise.all([serveTcp(port, '0.0.0.0'), serveTcp(port, '::')]);
    for (const port of ports.udp) await Promise.all([serveUdp(port, 'udp4'), serveUdp(port, 'udp6')]);
  },
  async mtu(value) {
    ip('link', 'set', interfaces.far, 'mtu', String(value));
  },
  /** End the recording; resolves with what tcpdump counted. */
  async stop() {
    tcpdump.kill('SIGINT');
    if (tcpdump.exitCode === null) await once(tcpdump, 'close');
    return tcpdump.report();
  },
};

const nodad = (address) => (address.includes(':') ? ['nodad'] : []);

process.on('message', async ({ command, value }) => {
  try {
    process.send({ done: command, result: await commands[command](value) });
  } catch (error) {
    process.send({ failed: command, message: error.message });
  }
});
// The parent is gone: so is the namespace, with everything in it.
process.on('disconnect', () => {
  tcpdump?.kill('SIGKILL');
  process.exit(0);
});
process.send({ done: 'up' });
