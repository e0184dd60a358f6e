/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>

#include <rte_arp.h>
#include <rte_errno.h>
#include <rte_ether.h>

_Static_assert(sizeof(struct rte_ether_addr) == 6, "rte_ether_addr");
_Static_assert(sizeof(struct rte_arp_hdr) == 28, "rte_arp_hdr");

void
rte_eth_random_addr(uint8_t *addr)
{
	uint64_t bits = rte_rand();

	memcpy(addr, &bits, RTE_ETHER_ADDR_LEN);
	addr[0] = (uint8_t)((addr[0] & ~RTE_ETHER_GROUP_ADDR) | RTE_ETHER_LOCAL_ADMIN_ADDR);
}

void
rte_ether_format_addr(char *buf, uint16_t size, const struct rte_ether_addr *eth_addr)
{
	snprintf(buf, size, RTE_ETHER_ADDR_PRT_FMT, RTE_ETHER_ADDR_BYTES(eth_addr));
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads all of str as `groups` numbers of least to most digits between colons. */
static int
read_groups(const char *str, unsigned int groups, unsigned int least, unsigned int most, uint16_t *numbers)
{
	unsigned int group, digits;

	for (group = 0; group < groups; group++) {
		if (group != 0 && *str++ != ':')
			return -1;
		numbers[group] = 0;
		for (digits = 0; digits < most && hex_digit(*str) >= 0; digits++)
			numbers[group] = (uint16_t)(numbers[group] << 4 | hex_digit(*str++));
		if (digits < least)
			return -1;
	}
	return *str == '\0' ? 0 : -1;
}

int
rte_ether_unformat_addr(const char *str, struct rte_ether_addr *eth_addr)
{
	uint16_t numbers[RTE_ETHER_ADDR_LEN];
	unsigned int i;

	if (read_groups(str, 6, 1, 2, numbers) == 0) {
		for (i = 0; i < 6; i++)
			eth_addr->addr_bytes[i] = (uint8_t)numbers[i];
		return 0;
	}
	if (read_groups(str, 3, 4, 4, numbers) == 0) {
		for (i = 0; i < 6; i++)
			eth_addr->addr_bytes[i] = (uint8_t)(i % 2 == 0 ? numbers[i / 2] >> 8 : numbers[i / 2]);
		return 0;
	}
	rte_errno = EINVAL;
	return -1;
}

struct rte_mbuf *
rte_net_make_rarp_packet(struct rte_mempool *mpool, const struct rte_ether_addr *mac)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(mpool);
	struct rte_ether_hdr *ether;
	struct rte_arp_hdr *rarp;

	if (m == NULL)
		return NULL;
	/* Frames have at least 60 bytes without CRC. */
	ether = (struct rte_ether_hdr *)(void *)rte_pktmbuf_append(m, RTE_ETHER_MIN_LEN - RTE_ETHER_CRC_LEN);
	if (ether == NULL) {
		rte_pktmbuf_free(m);
		return NULL;
	}
	memset(ether, 0, RTE_ETHER_MIN_LEN - RTE_ETHER_CRC_LEN);
	memset(ether->dst_addr.addr_bytes, 0xff, RTE_ETHER_ADDR_LEN);
	ether->src_addr = *mac;
	ether->ether_type = RTE_BE16(RTE_ETHER_TYPE_RARP);
	rarp = (struct rte_arp_hdr *)(ether + 1);
	rarp->arp_hardware = RTE_BE16(RTE_ARP_HRD_ETHER);
	rarp->arp_protocol = RTE_BE16(RTE_ETHER_TYPE_IPV4);
	rarp->arp_hlen = RTE_ETHER_ADDR_LEN;
	rarp->arp_plen = 4;
	rarp->arp_opcode = RTE_BE16(RTE_ARP_OP_REVREQUEST);
	rarp->arp_data.arp_sha = *mac;
	rarp->arp_data.arp_tha = *mac;
	return m;
}
