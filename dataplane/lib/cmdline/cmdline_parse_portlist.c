/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sets of ports as tokens.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <cmdline_parse_portlist.h>
#include <rte_common.h>

#define PORTS 32

struct cmdline_token_ops cmdline_token_portlist_ops = {
	.parse = cmdline_parse_portlist,
	.get_help = cmdline_get_help_portlist,
};

/* A port number at *text, which moves behind it; PORTS when there is none. */
static unsigned int
port(const char **text)
{
	unsigned int n = 0;

	if (!isdigit((unsigned char)**text))
		return PORTS;
	for (; isdigit((unsigned char)**text); (*text)++)
		n = RTE_MIN(n * 10 + (unsigned int)(**text - '0'), (unsigned int)PORTS);
	return n;
}

int
cmdline_parse_portlist(cmdline_parse_token_hdr_t *tk, const char *srcbuf, void *res, unsigned int ressize)
{
	cmdline_portlist_t ports = { 0 };
	const char *p = srcbuf;

	RTE_SET_USED(tk);
	if (srcbuf == NULL || (res != NULL && ressize < sizeof(ports)))
		return -1;
	if (strncmp(p, "all", 3) == 0 && cmdline_isendoftoken(p[3])) {
		ports.map = UINT32_MAX;
		p += 3;
	} else {
		for (;; p++) {
			unsigned int low = port(&p), high = low;

			if (*p == '-') {
				p++;
				high = port(&p);
			}
			if (low > high || high >= PORTS)
				return -1;
			ports.map |= (UINT32_MAX >> (PORTS - 1 - high)) & (UINT32_MAX << low);
			if (*p != ',')
				break;
		}
	}
	if (!cmdline_isendoftoken(*p) || p - srcbuf >= PORTLIST_TOKEN_SIZE)
		return -1;
	if (res != NULL)
		memcpy(res, &ports, sizeof(ports));
	return (int)(p - srcbuf);
}

int
cmdline_get_help_portlist(cmdline_parse_token_hdr_t *tk, char *dstbuf, unsigned int size)
{
	RTE_SET_USED(tk);
	if (dstbuf == NULL)
		return -1;
	snprintf(dstbuf, size, "range of ports as 3,4-6,8-19,20");
	return 0;
}
