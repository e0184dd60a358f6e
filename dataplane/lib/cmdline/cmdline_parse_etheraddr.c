/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ethernet addresses as tokens.
 */
#include <stdio.h>
#include <string.h>

#include <cmdline_parse_etheraddr.h>
#include <rte_ether.h>

struct cmdline_token_ops cmdline_token_etheraddr_ops = {
	.parse = cmdline_parse_etheraddr,
	.get_help = cmdline_get_help_etheraddr,
};

int
cmdline_parse_etheraddr(cmdline_parse_token_hdr_t *tk, const char *srcbuf, void *res, unsigned int ressize)
{
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	struct rte_ether_addr address;
	size_t len = 0;

	RTE_SET_USED(tk);
	if (srcbuf == NULL || (res != NULL && ressize < sizeof(address)))
		return -1;
	while (!cmdline_isendoftoken(srcbuf[len])) {
		text[len] = srcbuf[len];
		if (++len == sizeof(text))
			return -1;
	}
	text[len] = '\0';
	/* Every digit, in both forms. */
	if ((len != strlen("xx:xx:xx:xx:xx:xx") && len != strlen("xxxx:xxxx:xxxx")) ||
	    rte_ether_unformat_addr(text, &address) < 0)
		return -1;
	if (res != NULL)
		memcpy(res, &address, sizeof(address));
	return (int)len;
}

int
cmdline_get_help_etheraddr(cmdline_parse_token_hdr_t *tk, char *dstbuf, unsigned int size)
{
	RTE_SET_USED(tk);
	if (dstbuf == NULL)
		return -1;
	snprintf(dstbuf, size, "Ethernet address");
	return 0;
}
