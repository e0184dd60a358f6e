/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: internet addresses and protocol numbers, from Winsock, whose enumeration lacks some of IANA's.
 */
#ifndef _NETINET_IN_H
#define _NETINET_IN_H

#include <stdint.h>
#include <sys/socket.h>

#ifndef IPPROTO_IPIP
#define IPPROTO_IPIP 4
#endif
#ifndef IPPROTO_GRE
#define IPPROTO_GRE 47
#endif
#ifndef IPPROTO_SCTP
#define IPPROTO_SCTP 132
#endif

typedef uint32_t in_addr_t;
typedef uint16_t in_port_t;

#endif
