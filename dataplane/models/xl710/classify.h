/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which fields of a packet count: input sets and their masks, and the RSS hash over them. All of it is read from the registers for
 * each packet, so a change applies to the next; only the table of the key is kept, and compared with the registers once a burst.
 */
#ifndef XL710_CLASSIFY_H
#define XL710_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"
#include "toeplitz.h"

/* What an input set selected: words in the order of the field vector, masked. */
struct field_words {
	uint8_t count;
	uint16_t word[PACKET_FIELD_WORDS];
};

/* A register of BAR0 that the driver may write at any time. */
static inline uint32_t
classify_register(const uint8_t *bar, uint32_t offset)
{
	return __atomic_load_n((const uint32_t *)(const void *)(bar + offset), __ATOMIC_RELAXED);
}

/* Makes `toeplitz` that of the key in PFQF_HKEY, if it is not yet. */
void classify_refresh_key(struct toeplitz *toeplitz, const uint8_t *bar);

/* The RSS hash of a packet; false where its classifier type is not enabled or its input set is empty. */
bool classify_hash(const struct toeplitz *toeplitz, const uint8_t *bar, const struct packet *packet, uint32_t *hash);

/* Flow director's selection of a packet taken as classifier type `pctype`. With `exchange` source and destination are exchanged:
 * programming packets stand for the answers to what is to match. */
void classify_flow_fields(const uint8_t *bar, const struct packet *packet, unsigned pctype, bool exchange, struct field_words *fields);

/* Eight words that the flexible payload configuration takes out of a packet; 0 where it takes none. */
void classify_flex_words(const uint8_t *bar, const struct packet *packet, uint16_t words[8]);

#endif
