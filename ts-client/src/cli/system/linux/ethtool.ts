// SPDX-License-Identifier: BSD-3-Clause
//
// What an interface's driver says about itself: SIOCETHTOOL with ETHTOOL_GDRVINFO (linux/ethtool.h). It reads, and needs no privilege.
import koffi from 'koffi';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GDRVINFO = 3;
const INTERFACE_NAME_BYTES = 16;
const REQUEST_BYTES = 40;
const INFO_BYTES = 196;
const FIRMWARE_AT = 68;
const FIRMWARE_BYTES = 32;

export function firmwareOf(name: string): string | undefined {
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const ioctl = libc.func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)');
  const close = libc.func('int close(int fd)');
  if (Buffer.byteLength(name) >= INTERFACE_NAME_BYTES) return undefined;
  const information = Buffer.alloc(INFO_BYTES);
  information.writeUInt32LE(ETHTOOL_GDRVINFO, 0);
  const request = Buffer.alloc(REQUEST_BYTES);
  request.write(name, 0, 'utf8');
  request.writeBigUInt64LE(BigInt(koffi.address(information)), INTERFACE_NAME_BYTES);
  const fd = socket(AF_INET, SOCK_DGRAM, 0) as number;
  if (fd < 0) return undefined;
  try {
    if ((ioctl(fd, SIOCETHTOOL, request) as number) !== 0) return undefined;
  } finally {
    close(fd);
  }
  const text = information
    .toString('latin1', FIRMWARE_AT, FIRMWARE_AT + FIRMWARE_BYTES)
    .split('\0')[0]!
    .trim();
  return text === '' || text === 'N/A' ? undefined : text;
}
