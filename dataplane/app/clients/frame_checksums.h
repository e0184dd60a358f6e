/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whether a frame's checksums are right, as clients read it in the metadata's CHECKSUMS word.
 */
#ifndef APP_FRAME_CHECKSUMS_H
#define APP_FRAME_CHECKSUMS_H

#include "frame_key.h"

/* A verdict has two bits: at bit 0 the IPv4 header's, at bit 2 that of layer 4. */
enum checksum_verdict { CHECKSUM_UNKNOWN, CHECKSUM_GOOD, CHECKSUM_BAD };
#define CHECKSUM_IP_SHIFT 0
#define CHECKSUM_L4_SHIFT 2

/* What the device says. A checksum that it knows to be not filled in while the data are sound (a neighbour on the same host left it out)
 * counts as good. */
uint32_t frame_checksums_of_device(uint64_t ol_flags);

/* The same, and where the device is silent, computed from the frame: the IPv4 header; UDP, TCP and ICMP over either IP. UNKNOWN
 * stays what cannot be computed from this frame alone: fragments, frames that were cut or whose lengths contradict each other, IPv6 with
 * stations still to pass (the final destination is another one), and UDP over IPv4 that carries none (0). Over IPv6 that is BAD: UDP must
 * carry one there. */
uint32_t frame_checksums(const struct rte_mbuf *mbuf, const struct frame_key *key);

#endif
