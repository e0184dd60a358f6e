/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Addresses as text. Written out because the systems' parsers differ: some take 10.1 or 010.0.0.1, which nobody means.
 */
#include <stdio.h>
#include <string.h>

#include "address_text.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A whole number without sign, leading zeros or more than five digits; moves *text behind it. */
static bool
number_from_text(const char **text, uint32_t most, uint32_t *out)
{
	const char *p = *text;
	uint32_t number = 0;

	if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
		return false;
	for (; is_digit(*p); p++) {
		number = number * 10 + (uint32_t)(*p - '0');
		if (number > most)
			return false;
	}
	*text = p;
	*out = number;
	return true;
}

static bool
ipv4_from_text(const char **text, uint8_t *address)
{
	for (int i = 0; i < 4; i++) {
		uint32_t byte;

		if (i > 0 && *(*text)++ != '.')
			return false;
		if (!number_from_text(text, 255, &byte))
			return false;
		address[i] = (uint8_t)byte;
	}
	return true;
}

static int
hex_digit(char c)
{
	return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 4291 section 2.2: eight groups, one run of zero groups as "::", the last two groups also as dotted IPv4. */
static bool
ipv6_from_text(const char **text, uint8_t *address)
{
	const char *p = *text;
	int length = 0, gap = -1;

	memset(address, 0, 16);
	if (p[0] == ':' && p[1] != ':')
		return false;
	while (length < 16) {
		const char *group = p;
		uint32_t number = 0;
		int digits = 0;

		if (p[0] == ':' && p[1] == ':') {
			if (gap >= 0)
				return false;
			gap = length;
			p += 2;
			if (hex_digit(*p) < 0)
				break;
			continue;
		}
		if (length > 0 && gap != length) {
			if (*p != ':')
				break;
			group = ++p;
		}
		for (; hex_digit(*p) >= 0 && digits < 5; p++, digits++)
			number = number << 4 | (uint32_t)hex_digit(*p);
		if (*p == '.') {
			if (length > 12 || !ipv4_from_text(&group, address + length))
				return false;
			p = group;
			length += 4;
			break;
		}
		if (digits == 0 || digits > 4)
			return false;
		address[length++] = (uint8_t)(number >> 8);
		address[length++] = (uint8_t)number;
	}
	if (gap >= 0) {
		if (length > 14)	/* "::" stands for at least one group */
			return false;
		memmove(address + 16 - (length - gap), address + gap, (size_t)(length - gap));
		memset(address + gap, 0, (size_t)(16 - length));
	} else if (length != 16) {
		return false;
	}
	*text = p;
	return true;
}

bool
address_is_prefix(const uint8_t *address, unsigned int bytes, unsigned int depth)
{
	for (unsigned int bit = depth; bit < bytes * 8; bit++)
		if (address[bit / 8] & (0x80u >> bit % 8))
			return false;
	return true;
}

/* As cidr_from_text, for the first `length` bytes of text. */
static int
cidr_from_bytes(const char *text, size_t length, struct route_config *out, char *error, size_t error_size)
{
	char copy[64];
	const char *p = copy;
	unsigned int bytes;
	uint32_t depth;

	if (length >= sizeof(copy)) {
		snprintf(error, error_size, "\"%.20s...\" is too long for an address and prefix length", text);
		return -1;
	}
	memcpy(copy, text, length);
	copy[length] = '\0';
	memset(out->address, 0, sizeof(out->address));
	out->ipv6 = strchr(copy, ':') != NULL;
	bytes = out->ipv6 ? 16 : 4;
	if (out->ipv6 ? !ipv6_from_text(&p, out->address) : !ipv4_from_text(&p, out->address)) {
		snprintf(error, error_size, "\"%s\" does not start with an IPv4 or IPv6 address", copy);
		return -1;
	}
	if (*p == '\0') {
		snprintf(error, error_size, "\"%s\" lacks a prefix length; for this one address write \"%s/%u\"", copy, copy,
			bytes * 8);
		return -1;
	}
	if (*p++ != '/' || !number_from_text(&p, bytes * 8, &depth) || *p != '\0') {
		snprintf(error, error_size, "\"%s\" does not end with a prefix length of /0 to /%u", copy, bytes * 8);
		return -1;
	}
	if (!address_is_prefix(out->address, bytes, depth)) {
		snprintf(error, error_size, "\"%s\" has bits set behind the first %u; clear them", copy, depth);
		return -1;
	}
	out->depth = (uint8_t)depth;
	return 0;
}

int
cidr_from_text(const char *text, struct route_config *out, char *error, size_t error_size)
{
	return cidr_from_bytes(text, strlen(text), out, error, error_size);
}

int
route_config_from_text(const char *text, struct route_config *out, char *error, size_t error_size)
{
	const char *equals = strchr(text, '=');
	uint32_t via;

	memset(out, 0, sizeof(*out));
	if (equals == NULL) {
		snprintf(error, error_size, "\"%.80s\" has no '='; write CIDR=PORT, for example 10.0.0.0/8=1", text);
		return -1;
	}
	if (cidr_from_bytes(text, (size_t)(equals - text), out, error, error_size) != 0)
		return -1;
	equals++;
	if (!number_from_text(&equals, WDPDK_LIMIT_PORTS - 1, &via) || *equals != '\0') {
		snprintf(error, error_size, "\"%.80s\" does not end with a port id of 0 to %u", text, WDPDK_LIMIT_PORTS - 1);
		return -1;
	}
	out->via = (uint16_t)via;
	route_default_next_hop(out);
	return 0;
}

void
route_default_next_hop(struct route_config *route)
{
	route->next_hop = (struct rte_ether_addr){ .addr_bytes = { 0x02, 0, 0, 0, 0, (uint8_t)route->via } };
}

bool
mac_from_text(const char *text, struct rte_ether_addr *out)
{
	for (int i = 0; i < 6; i++) {
		int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return false;
		out->addr_bytes[i] = (uint8_t)(high << 4 | low);
		text += 3;
	}
	return true;
}

void
mac_to_text(const struct rte_ether_addr *mac, char text[MAC_TEXT])
{
	const uint8_t *b = mac->addr_bytes;

	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
}

void
cidr_to_text(const struct route_config *route, char text[CIDR_TEXT])
{
	const uint8_t *a = route->address;
	int best = -1, best_groups = 1, length = 0;

	if (!route->ipv6) {
		snprintf(text, CIDR_TEXT, "%u.%u.%u.%u/%u", a[0], a[1], a[2], a[3], route->depth);
		return;
	}
	/* RFC 5952: the longest run of at least two zero groups, the first of equals, becomes "::". */
	for (int from = 0; from < 8; from++) {
		int groups = 0;

		while (from + groups < 8 && a[(from + groups) * 2] == 0 && a[(from + groups) * 2 + 1] == 0)
			groups++;
		if (groups > best_groups) {
			best = from;
			best_groups = groups;
		}
	}
	for (int group = 0; group < 8; group++) {
		if (group == best) {
			length += snprintf(text + length, CIDR_TEXT - (size_t)length, "::");
			group += best_groups - 1;
			continue;
		}
		length += snprintf(text + length, CIDR_TEXT - (size_t)length, "%s%x",
			group == 0 || text[length - 1] == ':' ? "" : ":", (unsigned int)(a[group * 2] << 8 | a[group * 2 + 1]));
	}
	snprintf(text + length, CIDR_TEXT - (size_t)length, "/%u", route->depth);
}
