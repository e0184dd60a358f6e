/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify.h"

#include "bytes.h"
#include "registers.h"

#define FLEX_FIRST 50
#define FLEX_WORDS 8
#define FLEX_PAYLOAD_FIRST 33 /* GLQF_ORT's rows of the flexible payload of layers 2, 3, 4 */
#define FLEX_FIELDS 9         /* PRTQF_FLX_PIT */

void
classify_refresh_key(struct toeplitz *toeplitz, const uint8_t *bar)
{
	uint8_t key[TOEPLITZ_KEY_SIZE];

	for (unsigned i = 0; i < TOEPLITZ_KEY_SIZE / 4; i++)
		store32le(key + 4 * i, classify_register(bar, XR_AT(PFQF_HKEY, i)));
	if (memcmp(key, toeplitz->key, sizeof(key)) != 0)
		toeplitz_set_key(toeplitz, key);
}

void
classify_flex_words(const uint8_t *bar, const struct packet *packet, uint16_t words[8])
{
	const struct packet_ip *ip = packet_last_ip(packet);
	unsigned layer = ip->version == 0 ? 2 : packet->pctype == PCTYPE_IPV4_OTHER || packet->pctype == PCTYPE_IPV6_OTHER ||
		ip->fragment ? 3 : 4;
	uint32_t row = classify_register(bar, XR_AT(GLQF_ORT, FLEX_PAYLOAD_FIRST + layer - 2));
	unsigned first = row & 0x1F, count = row >> 5 & 3;
	uint16_t payload = packet_layer_payload(packet, layer);

	memset(words, 0, FLEX_WORDS * sizeof(words[0]));
	if ((row & 0x80) == 0)
		return;
	for (unsigned i = first; i < first + count && i < FLEX_FIELDS; i++) {
		uint32_t field = classify_register(bar, XR_AT(PRTQF_FLX_PIT, i));
		unsigned from = field & 0x1F, size = field >> 5 & 0x1F, to = field >> 10 & 0x3F;

		for (unsigned n = 0; n < size; n++) {
			uint32_t at = payload + 2u * (from + n);
			unsigned word = to + n;

			if (word >= FLEX_FIRST && word < FLEX_FIRST + FLEX_WORDS && at + 2 <= packet->length)
				words[word - FLEX_FIRST] = load16be(packet->data + at);
		}
	}
}

static uint64_t
input_set(const uint8_t *bar, uint32_t high, uint32_t low)
{
	return (uint64_t)classify_register(bar, high) << 32 | classify_register(bar, low);
}

/* Bits that a mask register takes away from `word`. */
static uint16_t
masked(uint16_t value, unsigned word, uint32_t first, uint32_t second)
{
	if ((first >> 16 & 0x3F) == word)
		value &= (uint16_t)~first;
	if ((second >> 16 & 0x3F) == word)
		value &= (uint16_t)~second;
	return value;
}

/* The word that stands where `word` does in a packet that goes the other way. */
static unsigned
exchanged(unsigned word, bool ipv6)
{
	if (word == 29 || word == 30)
		return 59 - word;
	if (ipv6 && word >= 13 && word <= 28)
		return word <= 20 ? word + 8 : word - 8;
	if (!ipv6 && (word == 15 || word == 16 || word == 27 || word == 28))
		return word <= 16 ? word + 12 : word - 12;
	return word;
}

static void
select_fields(struct field_words *fields, const struct packet *packet, uint64_t set, bool exchange, const uint16_t *flex,
	uint32_t first_mask, uint32_t second_mask)
{
	bool ipv6 = packet_last_ip(packet)->version == 6;

	fields->count = 0;
	while (set != 0) {
		unsigned word = (unsigned)__builtin_clzll(set), from = exchange ? exchanged(word, ipv6) : word;
		uint16_t value;

		set &= ~(UINT64_C(1) << (63 - word));
		if (flex != NULL && word >= FLEX_FIRST && word < FLEX_FIRST + FLEX_WORDS)
			value = flex[word - FLEX_FIRST];
		else
			value = packet_field(packet, from);
		fields->word[fields->count++] = masked(value, word, first_mask, second_mask);
	}
}

/* Whether a symmetric hash takes the packet as its opposite: of the two directions the one with the lower source counts. What the card
 * does here is not known; any such rule gives both directions one hash. */
static bool
goes_backwards(const struct packet *packet)
{
	const struct packet_ip *ip = packet_last_ip(packet);
	const uint8_t *header = packet->data + ip->offset;
	unsigned size = ip->version == 4 ? 4 : 16, at = ip->version == 4 ? 12 : 8;
	int order;

	if (ip->version == 0)
		return false;
	order = memcmp(header + at, header + at + size, size);
	return order != 0 ? order > 0 : packet_field(packet, 29) > packet_field(packet, 30);
}

bool
classify_hash(const struct toeplitz *toeplitz, const uint8_t *bar, const struct packet *packet, uint32_t *hash)
{
	unsigned pctype = packet->pctype, at = 0;
	uint64_t set;
	uint32_t first_mask, second_mask, result = 0;
	bool symmetric;

	if ((classify_register(bar, XR_AT(PFQF_HENA, pctype / 32)) >> pctype % 32 & 1) == 0)
		return false;
	set = input_set(bar, XR_AT2(GLQF_HASH_INSET, 1, pctype), XR_AT2(GLQF_HASH_INSET, 0, pctype));
	if (set == 0)
		return false;
	first_mask = classify_register(bar, XR_AT2(GLQF_HASH_MSK, 0, pctype));
	second_mask = classify_register(bar, XR_AT2(GLQF_HASH_MSK, 1, pctype));
	symmetric = (classify_register(bar, XR_PRTQF_CTL_0) & 1) != 0 && (classify_register(bar, XR_AT(GLQF_HSYM, pctype)) & 1) != 0;
	if ((classify_register(bar, XR_GLQF_CTL) & XF_GLQF_CTL_HTOEP) != 0 && !symmetric && (set & 0x3FC0) == 0) {
		while (set != 0 && at < TOEPLITZ_INPUT_MAX) {
			unsigned word = (unsigned)__builtin_clzll(set);
			uint16_t value = masked(packet_field(packet, word), word, first_mask, second_mask);

			set &= ~(UINT64_C(1) << (63 - word));
			result ^= toeplitz_part(toeplitz, at, (uint8_t)(value >> 8)) ^ toeplitz_part(toeplitz, at + 1, (uint8_t)value);
			at += 2;
		}
	} else {
		struct field_words fields;
		uint16_t flex[FLEX_WORDS];

		classify_flex_words(bar, packet, flex);
		select_fields(&fields, packet, set, symmetric && goes_backwards(packet), flex, first_mask, second_mask);
		if ((classify_register(bar, XR_GLQF_CTL) & XF_GLQF_CTL_HTOEP) != 0) {
			for (unsigned i = 0; i < fields.count && 2 * i < TOEPLITZ_INPUT_MAX; i++)
				result ^= toeplitz_part(toeplitz, 2 * i, (uint8_t)(fields.word[i] >> 8)) ^
					toeplitz_part(toeplitz, 2 * i + 1, (uint8_t)fields.word[i]);
		} else {
			for (unsigned i = 0; i < fields.count; i++)
				result ^= (uint32_t)fields.word[i] << (i % 2 == 0 ? 16 : 0);
		}
	}
	*hash = result;
	return true;
}

void
classify_flow_fields(const uint8_t *bar, const struct packet *packet, unsigned pctype, bool exchange, struct field_words *fields)
{
	uint64_t set = input_set(bar, XR_AT2(PRTQF_FD_INSET, 1, pctype), XR_AT2(PRTQF_FD_INSET, 0, pctype));
	uint32_t flexible = classify_register(bar, XR_AT(PRTQF_FD_FLXINSET, pctype)) & 0xFF;
	uint32_t port_masks[2];
	uint16_t flex[FLEX_WORDS];

	/* Bit 7 is the first flexible word. */
	set |= (uint64_t)flexible << (63 - FLEX_FIRST - 7);
	if ((set & 0x3FC0) != 0)
		classify_flex_words(bar, packet, flex);
	select_fields(fields, packet, set, exchange, (set & 0x3FC0) != 0 ? flex : NULL,
		classify_register(bar, XR_AT2(GLQF_FD_MSK, 0, pctype)), classify_register(bar, XR_AT2(GLQF_FD_MSK, 1, pctype)));
	port_masks[0] = classify_register(bar, XR_AT2(PRTQF_FD_MSK, 0, pctype));
	port_masks[1] = classify_register(bar, XR_AT2(PRTQF_FD_MSK, 1, pctype));
	if ((port_masks[0] | port_masks[1]) != 0) {
		unsigned i = 0;

		for (; set != 0; i++) {
			unsigned word = (unsigned)__builtin_clzll(set);

			set &= ~(UINT64_C(1) << (63 - word));
			fields->word[i] = masked(fields->word[i], word, port_masks[0], port_masks[1]);
		}
	}
}
