/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: Winsock under its POSIX name. The types are Winsock's own; sockets are handles, which close(2), read(2)
 * and write(2) do not take, and WSAStartup() comes before the first of them.
 */
#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H

#include <sys/types.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#ifndef SHUT_RD
#define SHUT_RD SD_RECEIVE
#define SHUT_WR SD_SEND
#define SHUT_RDWR SD_BOTH
#endif

#endif
