/* SPDX-License-Identifier: BSD-3-Clause
 *
 * IP addresses and networks as tokens.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <cmdline_parse_ipaddr.h>

struct cmdline_token_ops cmdline_token_ipaddr_ops = {
	.parse = cmdline_parse_ipaddr,
	.get_help = cmdline_get_help_ipaddr,
};

static unsigned int
flags_of(const cmdline_parse_token_hdr_t *tk)
{
	return ((const struct cmdline_token_ipaddr *)(const void *)tk)->ipaddr_data.flags;
}

/* One to three digits, no more than max. */
static int
prefix_length(const char *text, unsigned int max, unsigned int *length)
{
	size_t n = strspn(text, "0123456789"), i;

	*length = 0;
	for (i = 0; i < n && i < 3; i++)
		*length = *length * 10 + (unsigned int)(text[i] - '0');
	return n >= 1 && n <= 3 && text[n] == '\0' && *length <= max ? 0 : -1;
}

int
cmdline_parse_ipaddr(cmdline_parse_token_hdr_t *tk, const char *srcbuf, void *res, unsigned int ressize)
{
	char text[INET6_ADDRSTRLEN + sizeof("/128")], *slash = NULL;
	cmdline_ipaddr_t ip;
	unsigned int flags, max;
	size_t len = 0;

	if (tk == NULL || srcbuf == NULL || (res != NULL && ressize < sizeof(ip)))
		return -1;
	flags = flags_of(tk);
	while (!cmdline_isendoftoken(srcbuf[len])) {
		text[len] = srcbuf[len];
		if (++len == sizeof(text))
			return -1;
	}
	text[len] = '\0';
	memset(&ip, 0, sizeof(ip));
	if ((flags & CMDLINE_IPADDR_NETWORK) != 0) {
		slash = strchr(text, '/');
		if (slash == NULL)
			return -1;
		*slash = '\0';
	}
	if ((flags & CMDLINE_IPADDR_V4) != 0 && inet_pton(AF_INET, text, &ip.addr.ipv4) == 1) {
		ip.family = AF_INET;
		max = 32;
	} else if ((flags & CMDLINE_IPADDR_V6) != 0 && inet_pton(AF_INET6, text, &ip.addr.ipv6) == 1) {
		ip.family = AF_INET6;
		max = 128;
	} else {
		return -1;
	}
	if (slash != NULL && prefix_length(slash + 1, max, &ip.prefixlen) < 0)
		return -1;
	if (res != NULL)
		memcpy(res, &ip, sizeof(ip));
	return (int)len;
}

int
cmdline_get_help_ipaddr(cmdline_parse_token_hdr_t *tk, char *dstbuf, unsigned int size)
{
	static const char *const families[] = { NULL, "IPv4", "IPv6", "IPv4/IPv6" };
	const char *family;

	if (tk == NULL || dstbuf == NULL)
		return -1;
	family = families[flags_of(tk) & (CMDLINE_IPADDR_V4 | CMDLINE_IPADDR_V6)];
	if (family == NULL)
		snprintf(dstbuf, size, "IPaddr (bad flags)");
	else
		snprintf(dstbuf, size, "%s%s", family, (flags_of(tk) & CMDLINE_IPADDR_NETWORK) != 0 ? " network" : "");
	return 0;
}
