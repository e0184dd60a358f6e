// SPDX-License-Identifier: BSD-3-Clause
// A host on the kernel's side of a port: plain sockets. The argument's `role` is one of the functions below.
import { createHash, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import net from 'node:net';

const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

/** Takes one connection and says what came by it. */
function tcpSink({ address, port }) {
  const server = net.createServer((socket) => {
    const hash = createHash('sha256');
    let bytes = 0;
    socket.on('data', (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    socket.on('end', () => {
      say('received', { bytes, sha256: hash.digest('hex') });
      socket.end();
      server.close();
    });
  });
  server.listen(port, address, () => say('listening'));
}

/** Sends random bytes, waits for the other side to end, and says what it sent. */
function tcpSource({ address, port, bytes }) {
  const data = randomBytes(bytes);
  const socket = net.connect(port, address, () => socket.end(data));
  socket.on('close', () => say('sent', { bytes, sha256: createHash('sha256').update(data).digest('hex') }));
  socket.resume();
}

const socketFor = (address) => dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');

function udpEcho({ address, port }) {
  const socket = socketFor(address);
  socket.on('message', (data, from) => socket.send(data, from.port, from.address));
  socket.bind(port, address, () => say('listening'));
}

/** Sends datagrams of growing size one by one and compares each answer. UDP may lose: each is sent up to 10 times. */
function udpClient({ address, port, sizes }) {
  const socket = socketFor(address);
  let at = -1;
  let data;
  let timer;
  let tries = 0;
  const send = () => {
    if (tries++ === 10) throw new Error(`no answer to a datagram of ${sizes[at]} bytes`);
    socket.send(data, port, address);
    timer = setTimeout(send, 500);
  };
  const next = () => {
    clearTimeout(timer);
    if (++at === sizes.length) {
      say('echoed', { datagrams: sizes.length });
      socket.close();
      return;
    }
    data = randomBytes(sizes[at]);
    tries = 0;
    send();
  };
  socket.on('message', (answer) => {
    if (answer.equals(data)) next();
    // A late second answer to one that was sent twice is none of our business.
    else if (answer.length === data.length) throw new Error(`another answer to a datagram of ${data.length} bytes`);
  });
  next();
}

const roles = { tcpSink, tcpSource, udpEcho, udpClient };
const { role, ...argument } = JSON.parse(process.argv[2]);
roles[role](argument);
