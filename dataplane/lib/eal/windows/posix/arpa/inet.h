/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: byte order and addresses in text, from Winsock.
 */
#ifndef _ARPA_INET_H
#define _ARPA_INET_H

#include <netinet/in.h>

#endif
