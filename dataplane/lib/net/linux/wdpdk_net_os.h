/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What users of rte_ip.h get of the system's own names: addresses, byte order, IPPROTO_*, IPVERSION.
 */
#ifndef WDPDK_NET_OS_H
#define WDPDK_NET_OS_H

#include <sys/types.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>

#endif
