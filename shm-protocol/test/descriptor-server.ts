// SPDX-License-Identifier: BSD-3-Clause
//
// The other end of the hand-over of a segment on Linux: listens, takes one connection, passes a memfd. `fault` is what
// it does wrong.
import { closeSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import koffi from 'koffi';

export type Fault = 'none' | 'short' | 'unsealed' | 'bare' | 'closing' | 'silent';

const F_ADD_SEALS = 1033;
const SEALS = 1 | 2 | 4;
const NONBLOCK_STREAM = 1 | 0o4000 | 0o2000000;

function bind() {
  const c = koffi.load(null);
  return {
    socket: c.func('int socket(int domain, int type, int protocol)'),
    bind: c.func('int bind(int fd, const uint8_t *address, unsigned int length)'),
    listen: c.func('int listen(int fd, int backlog)'),
    accept4: c.func('int accept4(int fd, void *address, void *length, int flags)'),
    recv: c.func('intptr_t recv(int fd, _Out_ uint8_t *data, size_t length, int flags)'),
    sendmsg: c.func('intptr_t sendmsg(int fd, const uint8_t *message, int flags)'),
    memfd_create: c.func('int memfd_create(const char *name, unsigned int flags)'),
    fcntl: c.func('int fcntl(int fd, int command, ...)'),
  };
}

/** Tries until it succeeds or `signal` fires. */
async function retry(attempt: () => number, signal: AbortSignal): Promise<number> {
  for (;;) {
    const result = attempt();
    if (result >= 0 || signal.aborted) return result;
    await delay(1);
  }
}

function sendByte(c: ReturnType<typeof bind>, to: number, fd: number | undefined): void {
  const payload = Buffer.of(1);
  const iov = Buffer.alloc(16);
  const control = Buffer.alloc(24);
  const message = Buffer.alloc(56);
  iov.writeBigUInt64LE(koffi.address(payload), 0);
  iov.writeBigUInt64LE(1n, 8);
  message.writeBigUInt64LE(koffi.address(iov), 16);
  message.writeBigUInt64LE(1n, 24);
  if (fd !== undefined) {
    control.writeBigUInt64LE(20n, 0);
    control.writeInt32LE(1, 8);
    control.writeInt32LE(1, 12);
    control.writeInt32LE(fd, 16);
    message.writeBigUInt64LE(koffi.address(control), 32);
    message.writeBigUInt64LE(24n, 40);
  }
  if (Number(c.sendmsg(to, message, 0)) !== 1) throw new Error(`sendmsg: errno ${koffi.errno()}`);
}

export class DescriptorServer {
  hello = Buffer.alloc(0);
  private readonly memory: number;
  private readonly listener: number;
  private readonly stopped = new AbortController();
  private readonly work: Promise<void>;

  constructor(path: string, size: number, fault: Fault) {
    const c = bind();
    this.memory = c.memfd_create('segment', 2);
    ftruncateSync(this.memory, fault === 'short' ? size / 2 : size);
    writeSync(this.memory, 'shared', 100);
    if (fault !== 'unsealed') c.fcntl(this.memory, F_ADD_SEALS, 'int', SEALS);
    this.listener = c.socket(1, NONBLOCK_STREAM, 0);
    const address = Buffer.alloc(110);
    address.writeUInt16LE(1, 0);
    address.write(path, 2);
    if (c.bind(this.listener, address, address.length) !== 0 || c.listen(this.listener, 4) !== 0)
      throw new Error(`listen: errno ${koffi.errno()}`);
    this.work = this.serve(c, fault);
  }

  /** What the memory holds at the place where 'shared' was written. */
  text(): string {
    const bytes = Buffer.alloc(6);
    readSync(this.memory, bytes, 0, 6, 100);
    return bytes.toString();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.work;
    closeSync(this.listener);
    closeSync(this.memory);
  }

  private async serve(c: ReturnType<typeof bind>, fault: Fault): Promise<void> {
    const { signal } = this.stopped;
    const peer = await retry(() => c.accept4(this.listener, null, null, 0o4000) as number, signal);
    if (peer < 0) return;
    const bytes = Buffer.alloc(200);
    const got = await retry(() => Number(c.recv(peer, bytes, bytes.length, 0)), signal);
    this.hello = bytes.subarray(0, got);
    if (fault === 'silent') await retry(() => -1, signal);
    else if (fault !== 'closing') sendByte(c, peer, fault === 'bare' ? undefined : this.memory);
    closeSync(peer);
  }
}
