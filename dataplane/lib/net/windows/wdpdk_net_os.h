/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What users of rte_ip.h get of the system's own names: addresses, byte order, IPPROTO_*, IPVERSION. Winsock has most
 * protocol numbers as an enumeration; the macros add what it lacks (IANA's numbers).
 */
#ifndef WDPDK_NET_OS_H
#define WDPDK_NET_OS_H

#include <winsock2.h>
#include <ws2tcpip.h>

#ifndef IPVERSION
#define IPVERSION 4
#endif
#ifndef IPPROTO_IPIP
#define IPPROTO_IPIP 4
#endif
#ifndef IPPROTO_GRE
#define IPPROTO_GRE 47
#endif
#ifndef IPPROTO_SCTP
#define IPPROTO_SCTP 132
#endif

#endif
