// SPDX-License-Identifier: BSD-3-Clause
//
// Segments on Linux: a memfd that has no name, received as a descriptor (SCM_RIGHTS) over a connection that node:net
// could not give us, since libuv drops descriptors it did not ask for. Every call here is non-blocking: waiting is
// done by the event loop.
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import koffi from 'koffi';
import { WdpdkError, throwIfAborted, violation } from '../errors.ts';
import type { Mapping } from './mapping.ts';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;
const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MAP_FAILED = 0xffffffffffffffffn;
const F_GET_SEALS = 1034;
const F_SEAL_SHRINK = 2;
/** struct msghdr and one struct cmsghdr with an int, x86-64 */
const MSGHDR_BYTES = 56;
const CMSG_BYTES = 24;
const CMSG_LEN = 20;

function bind() {
  const c = koffi.load(null);
  return {
    mmap: c.func('uintptr_t mmap(uintptr_t addr, size_t length, int prot, int flags, int fd, int64_t offset)'),
    munmap: c.func('int munmap(uintptr_t addr, size_t length)'),
    socket: c.func('int socket(int domain, int type, int protocol)'),
    connect: c.func('int connect(int fd, const uint8_t *address, unsigned int length)'),
    send: c.func('intptr_t send(int fd, const uint8_t *data, size_t length, int flags)'),
    close: c.func('int close(int fd)'),
    recvmsg: c.func('intptr_t recvmsg(int fd, _Inout_ uint8_t *message, int flags)'),
    fcntl: c.func('int fcntl(int fd, int command, ...)'),
  };
}
let bound: ReturnType<typeof bind> | undefined;
const libc = () => (bound ??= bind());

const errno = () => {
  const number = koffi.errno();
  return Object.entries(koffi.os.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
};
const failure = (call: string, object: string) =>
  new WdpdkError('WDPDK_E_INTERNAL', `${call} failed: ${errno()}`, {
    object,
    remedy: 'Check the limits of this process (ulimit -a)',
  });

function mapDescriptor(fd: number, size: number, writable: boolean, object: string): Mapping {
  if (fstatSync(fd).size < size)
    throw violation(object, `the shared memory is smaller than the announced ${size} bytes`);
  const address = BigInt(libc().mmap(0, size, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, fd, 0));
  if (address === MAP_FAILED) throw failure('mmap', object);
  return {
    buffer: koffi.view(address, size),
    // Views of the page stay readable (as zeros) after this; only the memory behind them goes.
    release: () => {
      libc().mmap(
        address,
        size,
        PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE,
        -1,
        0,
      );
    },
    unmap: () => void libc().munmap(address, size),
  };
}

export function mapFile(path: string, size: number, writable: boolean): Mapping {
  const fd = openSync(path, writable ? 'r+' : 'r');
  try {
    return mapDescriptor(fd, size, writable, path);
  } finally {
    closeSync(fd);
  }
}

function unixAddress(path: string): Buffer {
  const address = Buffer.alloc(110);
  address.writeUInt16LE(AF_UNIX, 0);
  if (address.write(path, 2, 107, 'utf8') !== Buffer.byteLength(path))
    throw new WdpdkError('WDPDK_E_ARGUMENT', 'the socket path is longer than 107 bytes', {
      object: path,
      remedy: 'Set XDG_RUNTIME_DIR to a shorter directory',
    });
  return address;
}

/** One try to receive a byte with a descriptor: the descriptor, or undefined when nothing is there yet. */
export function receiveDescriptor(socket: number, object: string): number | undefined {
  const payload = Buffer.alloc(1);
  const iov = Buffer.alloc(16);
  const control = Buffer.alloc(CMSG_BYTES);
  const message = Buffer.alloc(MSGHDR_BYTES);
  iov.writeBigUInt64LE(koffi.address(payload), 0);
  iov.writeBigUInt64LE(1n, 8);
  message.writeBigUInt64LE(koffi.address(iov), 16);
  message.writeBigUInt64LE(1n, 24);
  message.writeBigUInt64LE(koffi.address(control), 32);
  message.writeBigUInt64LE(BigInt(CMSG_BYTES), 40);
  const got = Number(libc().recvmsg(socket, message, MSG_CMSG_CLOEXEC));
  if (got < 0) {
    if (koffi.errno() === koffi.os.errno['EAGAIN'] || koffi.errno() === koffi.os.errno['EINTR']) return undefined;
    throw failure('recvmsg', object);
  }
  const complete =
    message.readBigUInt64LE(40) === BigInt(CMSG_BYTES) &&
    control.readBigUInt64LE(0) === BigInt(CMSG_LEN) &&
    control.readInt32LE(8) === SOL_SOCKET &&
    control.readInt32LE(12) === SCM_RIGHTS;
  const fd = complete ? control.readInt32LE(16) : -1;
  if (got === 1 && payload[0] === 1 && fd >= 0) return fd;
  if (fd >= 0) libc().close(fd);
  throw violation(object, 'the dataplane did not hand over the shared memory');
}

/**
 * Connects to the control socket, presents `hello` (a framed `segment` notification) and maps the descriptor that
 * comes back.
 */
export async function mapTicket(
  path: string,
  hello: Uint8Array,
  size: number,
  writable: boolean,
  limit: { signal?: AbortSignal | undefined; timeoutMs: number },
): Promise<Mapping> {
  // Node keeps account of what its own fs opened, and warns in a worker of any other descriptor that fs closes.
  const { socket, connect, send, fcntl, close } = libc();
  const address = unixAddress(path);
  const s: number = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (s < 0) throw failure('socket', path);
  const deadline = performance.now() + limit.timeoutMs;
  const pause = async () => {
    throwIfAborted(limit.signal);
    if (performance.now() > deadline)
      throw new WdpdkError('WDPDK_E_TIMEOUT', `no shared memory came within ${limit.timeoutMs} ms`, { object: path });
    await delay(1);
  };
  try {
    // EAGAIN: the listener's backlog is full.
    while (connect(s, address, address.length) !== 0) {
      if (koffi.errno() !== koffi.os.errno['EAGAIN'])
        throw new WdpdkError('WDPDK_E_GONE', `the dataplane does not answer: ${errno()}`, { object: path });
      await pause();
    }
    if (Number(send(s, hello, hello.length, MSG_NOSIGNAL)) !== hello.length) throw failure('send', path);
    let fd = receiveDescriptor(s, path);
    while (fd === undefined) {
      await pause();
      fd = receiveDescriptor(s, path);
    }
    try {
      const seals: number = fcntl(fd, F_GET_SEALS, 'int', 0);
      if (seals < 0 || !(seals & F_SEAL_SHRINK))
        throw violation(path, 'the shared memory is not sealed against shrinking');
      return mapDescriptor(fd, size, writable, path);
    } finally {
      close(fd);
    }
  } finally {
    close(s);
  }
}
