/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: addresses of AF_UNIX sockets, which Windows has from 1803 on as streams (no SOCK_SEQPACKET).
 */
#ifndef _SYS_UN_H
#define _SYS_UN_H

#include <winsock2.h>
#include <afunix.h>

#endif
