/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Strings, sizes and hexadecimal dumps.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_hexdump.h>
#include <rte_string_fns.h>

int
rte_strsplit(char *string, int stringlen, char **tokens, int maxtokens, char delim)
{
	int i, count = 0;
	bool at_start = true;

	if (string == NULL || tokens == NULL) {
		errno = EINVAL;
		return -1;
	}
	for (i = 0; i < stringlen && string[i] != '\0' && (count < maxtokens || !at_start); i++) {
		if (at_start) {
			tokens[count++] = &string[i];
			at_start = false;
		}
		if (string[i] == delim && count < maxtokens) {
			string[i] = '\0';
			at_start = true;
		}
	}
	return count;
}

ssize_t
rte_strscpy(char *dst, const char *src, size_t dsize)
{
	size_t len = strnlen(src, dsize);

	if (len == dsize) {
		if (dsize != 0) {
			memcpy(dst, src, dsize - 1);
			dst[dsize - 1] = '\0';
		}
		rte_errno = E2BIG;
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return (ssize_t)len;
}

uint64_t
rte_str_to_size(const char *str)
{
	static const char units[] = "KMGTPE";
	unsigned long long value;
	const char *unit;
	char *end;
	int shift;

	while (isspace((unsigned char)*str))
		str++;
	if (!isdigit((unsigned char)*str)) {
		errno = EINVAL;
		return 0;
	}
	errno = 0;
	value = strtoull(str, &end, 0);
	if (errno != 0)
		return 0;
	if (*end == ' ')
		end++;
	unit = *end != '\0' ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit != NULL) {
		shift = 10 * (int)(unit - units + 1);
		if (value > UINT64_MAX >> shift) {
			errno = ERANGE;
			return 0;
		}
		value <<= shift;
		end++;
	}
	if (toupper((unsigned char)*end) == 'B')
		end++;
	if (*end != '\0') {
		errno = EINVAL;
		return 0;
	}
	return value;
}

void
rte_hexdump(FILE *f, const char *title, const void *buf, unsigned int len)
{
	const unsigned char *bytes = buf;
	unsigned int offset, i;

	fprintf(f, "%s at [%p], len=%u\n", title != NULL ? title : "  Dump data", buf, len);
	for (offset = 0; offset < len; offset += 16) {
		fprintf(f, "%08X:", offset);
		for (i = offset; i < offset + 16; i++)
			if (i < len)
				fprintf(f, " %02X", bytes[i]);
			else
				fputs("   ", f);
		fputs(" | ", f);
		for (i = offset; i < offset + 16 && i < len; i++)
			fputc(isprint(bytes[i]) ? bytes[i] : '.', f);
		fputc('\n', f);
	}
	fflush(f);
}

void
rte_memdump(FILE *f, const char *title, const void *buf, unsigned int len)
{
	const unsigned char *bytes = buf;
	unsigned int i;

	if (title != NULL)
		fprintf(f, "%s: ", title);
	for (i = 0; i < len; i++)
		fprintf(f, "%s%02X", i == 0 ? "" : ":", bytes[i]);
	fputc('\n', f);
	fflush(f);
}
