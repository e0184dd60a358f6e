/* SPDX-License-Identifier: BSD-3-Clause
 *
 * UUIDs as text and back.
 */
#include <ctype.h>
#include <stdio.h>

#include <rte_string_fns.h>
#include <rte_uuid.h>

/* Where the text form has its hyphens: before these bytes. */
static bool
hyphen_before(unsigned int byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

static int
digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

bool
rte_uuid_is_null(const rte_uuid_t uu)
{
	static const rte_uuid_t null;

	return memcmp(uu, null, sizeof(null)) == 0;
}

int
rte_uuid_compare(const rte_uuid_t a, const rte_uuid_t b)
{
	return memcmp(a, b, sizeof(rte_uuid_t));
}

int
rte_uuid_parse(const char *in, rte_uuid_t uu)
{
	rte_uuid_t parsed;
	unsigned int i;

	for (i = 0; i < sizeof(parsed); i++) {
		int high, low;

		if (hyphen_before(i) && *in++ != '-')
			return -1;
		high = digit(in[0]);
		low = high < 0 ? -1 : digit(in[1]);
		if (low < 0)
			return -1;
		parsed[i] = (unsigned char)(high << 4 | low);
		in += 2;
	}
	if (*in != '\0')
		return -1;
	rte_uuid_copy(uu, parsed);
	return 0;
}

void
rte_uuid_unparse(const rte_uuid_t uu, char *out, size_t len)
{
	char text[RTE_UUID_STRLEN], *p = text;
	unsigned int i;

	for (i = 0; i < sizeof(rte_uuid_t); i++)
		p += snprintf(p, (size_t)(text + sizeof(text) - p), "%s%02x", hyphen_before(i) ? "-" : "", uu[i]);
	rte_strlcpy(out, text, len);
}
