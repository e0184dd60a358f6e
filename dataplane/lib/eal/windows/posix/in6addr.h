/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: Winsock's IPv6 address, with the name by which Linux' programs reach its 16-bit groups.
 */
#ifndef WDPDK_POSIX_IN6ADDR_H
#define WDPDK_POSIX_IN6ADDR_H

#include_next <in6addr.h>

#ifndef s6_addr16
#define s6_addr16 u.Word
#endif

#endif
