/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Prints sizes and offsets of the structures that drivers and users read directly. Built against our headers and, where
 * DPDK's own are installed, against those: the outputs must be the same.
 */
#include <stddef.h>
#include <stdio.h>

#include <rte_arp.h>
#include <rte_ether.h>
#include <rte_icmp.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_ring.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#define SIZE(type) printf("sizeof(struct %s) %zu\n", #type, sizeof(struct type))
#define AT(type, field) printf("%s.%s %zu %zu\n", #type, #field, offsetof(struct type, field), \
	sizeof(((struct type *)0)->field))
#define VALUE(name) printf("%s 0x%llx\n", #name, (unsigned long long)(name))

static void
rings(void)
{
	SIZE(rte_ring);
	AT(rte_ring, name);
	AT(rte_ring, flags);
	AT(rte_ring, memzone);
	AT(rte_ring, size);
	AT(rte_ring, mask);
	AT(rte_ring, capacity);
	AT(rte_ring, prod.head);
	AT(rte_ring, prod.tail);
	AT(rte_ring, prod.sync_type);
	AT(rte_ring, prod.single);
	AT(rte_ring, cons.head);
	AT(rte_ring, cons.tail);
	AT(rte_ring, cons.sync_type);
	VALUE(RTE_RING_NAMESIZE);
	VALUE(RTE_RING_SZ_MASK);
	VALUE(RTE_RING_SYNC_ST);
	VALUE(RTE_RING_SYNC_MT);
	VALUE(RING_F_SP_ENQ);
	VALUE(RING_F_SC_DEQ);
	VALUE(RING_F_EXACT_SZ);
}

static void
mempools(void)
{
	SIZE(rte_mempool);
	AT(rte_mempool, name);
	AT(rte_mempool, pool_data);
	AT(rte_mempool, pool_id);
	AT(rte_mempool, pool_config);
	AT(rte_mempool, mz);
	AT(rte_mempool, flags);
	AT(rte_mempool, socket_id);
	AT(rte_mempool, size);
	AT(rte_mempool, cache_size);
	AT(rte_mempool, elt_size);
	AT(rte_mempool, header_size);
	AT(rte_mempool, trailer_size);
	AT(rte_mempool, private_data_size);
	AT(rte_mempool, ops_index);
	AT(rte_mempool, local_cache);
	AT(rte_mempool, populated_size);
	AT(rte_mempool, elt_list);
	AT(rte_mempool, nb_mem_chunks);
	AT(rte_mempool, mem_list);
	SIZE(rte_mempool_cache);
	AT(rte_mempool_cache, size);
	AT(rte_mempool_cache, flushthresh);
	AT(rte_mempool_cache, len);
	AT(rte_mempool_cache, objs);
	SIZE(rte_mempool_objhdr);
	AT(rte_mempool_objhdr, next);
	AT(rte_mempool_objhdr, mp);
	AT(rte_mempool_objhdr, iova);
	SIZE(rte_mempool_memhdr);
	AT(rte_mempool_memhdr, addr);
	AT(rte_mempool_memhdr, iova);
	AT(rte_mempool_memhdr, len);
	AT(rte_mempool_memhdr, free_cb);
	AT(rte_mempool_memhdr, opaque);
	SIZE(rte_mempool_objsz);
	SIZE(rte_mempool_info);
	SIZE(rte_mempool_ops);
	AT(rte_mempool_ops, alloc);
	AT(rte_mempool_ops, free);
	AT(rte_mempool_ops, enqueue);
	AT(rte_mempool_ops, dequeue);
	AT(rte_mempool_ops, get_count);
	AT(rte_mempool_ops, calc_mem_size);
	AT(rte_mempool_ops, populate);
	AT(rte_mempool_ops, get_info);
	AT(rte_mempool_ops, dequeue_contig_blocks);
	SIZE(rte_mempool_ops_table);
	AT(rte_mempool_ops_table, num_ops);
	AT(rte_mempool_ops_table, ops);
	VALUE(RTE_MEMPOOL_NAMESIZE);
	VALUE(RTE_MEMPOOL_VALID_USER_FLAGS);
	VALUE(RTE_MEMPOOL_F_NO_SPREAD);
	VALUE(RTE_MEMPOOL_F_NO_CACHE_ALIGN);
	VALUE(RTE_MEMPOOL_F_SP_PUT);
	VALUE(RTE_MEMPOOL_F_SC_GET);
	VALUE(RTE_MEMPOOL_F_NO_IOVA_CONTIG);
	VALUE(RTE_MEMPOOL_F_NON_IO);
}

static void
mbufs(void)
{
	SIZE(rte_mbuf);
	AT(rte_mbuf, buf_addr);
	AT(rte_mbuf, buf_iova);
	AT(rte_mbuf, rearm_data);
	AT(rte_mbuf, data_off);
	AT(rte_mbuf, refcnt);
	AT(rte_mbuf, nb_segs);
	AT(rte_mbuf, port);
	AT(rte_mbuf, ol_flags);
	AT(rte_mbuf, rx_descriptor_fields1);
	AT(rte_mbuf, packet_type);
	AT(rte_mbuf, inner_esp_next_proto);
	AT(rte_mbuf, pkt_len);
	AT(rte_mbuf, data_len);
	AT(rte_mbuf, vlan_tci);
	AT(rte_mbuf, hash);
	AT(rte_mbuf, hash.rss);
	AT(rte_mbuf, hash.usr);
	AT(rte_mbuf, hash.fdir.hash);
	AT(rte_mbuf, hash.fdir.id);
	AT(rte_mbuf, hash.fdir.lo);
	AT(rte_mbuf, hash.fdir.hi);
	AT(rte_mbuf, hash.sched.queue_id);
	AT(rte_mbuf, hash.sched.traffic_class);
	AT(rte_mbuf, hash.sched.color);
	AT(rte_mbuf, hash.txadapter.txq);
	AT(rte_mbuf, vlan_tci_outer);
	AT(rte_mbuf, buf_len);
	AT(rte_mbuf, pool);
	AT(rte_mbuf, cacheline1);
	AT(rte_mbuf, next);
	AT(rte_mbuf, tx_offload);
	AT(rte_mbuf, shinfo);
	AT(rte_mbuf, priv_size);
	AT(rte_mbuf, timesync);
	AT(rte_mbuf, dynfield1);
	SIZE(rte_mbuf_ext_shared_info);
	AT(rte_mbuf_ext_shared_info, free_cb);
	AT(rte_mbuf_ext_shared_info, fcb_opaque);
	AT(rte_mbuf_ext_shared_info, refcnt);
	SIZE(rte_pktmbuf_pool_private);
	AT(rte_pktmbuf_pool_private, mbuf_data_room_size);
	AT(rte_pktmbuf_pool_private, mbuf_priv_size);
	AT(rte_pktmbuf_pool_private, flags);
	VALUE(RTE_MBUF_L3_LEN_OFS);
	VALUE(RTE_MBUF_L4_LEN_OFS);
	VALUE(RTE_MBUF_TSO_SEGSZ_OFS);
	VALUE(RTE_MBUF_OUTL3_LEN_OFS);
	VALUE(RTE_MBUF_OUTL2_LEN_OFS);
	VALUE(RTE_MBUF_TXOFLD_UNUSED_OFS);
	VALUE(RTE_MBUF_TXOFLD_UNUSED_BITS);
	VALUE(RTE_MBUF_DEFAULT_BUF_SIZE);
	VALUE(RTE_MBUF_F_TX_OFFLOAD_MASK);
	VALUE(RTE_MBUF_F_FIRST_FREE);
	VALUE(RTE_MBUF_F_LAST_FREE);
	VALUE(RTE_MBUF_F_EXTERNAL);
	VALUE(RTE_MBUF_F_INDIRECT);
	VALUE(RTE_PTYPE_L3_IPV6_EXT_UNKNOWN);
	VALUE(RTE_PTYPE_INNER_L4_NONFRAG);
}

/* The two fields of bits, seen through the words they share. */
static void
bit_fields(void)
{
	struct rte_mbuf m = {.packet_type = 0x07654321};

	printf("packet_type %x %x %x %x %x %x %x\n", m.l2_type, m.l3_type, m.l4_type, m.tun_type, m.inner_l2_type,
		m.inner_l3_type, m.inner_l4_type);
	m.tx_offload = 0x123456789abcdefULL;
	printf("tx_offload %x %x %x %x %x %x\n", (unsigned int)m.l2_len, (unsigned int)m.l3_len, (unsigned int)m.l4_len,
		(unsigned int)m.tso_segsz, (unsigned int)m.outer_l3_len, (unsigned int)m.outer_l2_len);
}

static void
headers(void)
{
	SIZE(rte_ether_addr);
	SIZE(rte_ether_hdr);
	SIZE(rte_vlan_hdr);
	AT(rte_ether_hdr, dst_addr);
	AT(rte_ether_hdr, src_addr);
	AT(rte_ether_hdr, ether_type);
	SIZE(rte_arp_hdr);
	AT(rte_arp_hdr, arp_opcode);
	AT(rte_arp_hdr, arp_data.arp_tip);
	SIZE(rte_ipv4_hdr);
	AT(rte_ipv4_hdr, fragment_offset);
	AT(rte_ipv4_hdr, time_to_live);
	AT(rte_ipv4_hdr, hdr_checksum);
	AT(rte_ipv4_hdr, dst_addr);
	SIZE(rte_ipv6_hdr);
	AT(rte_ipv6_hdr, payload_len);
	AT(rte_ipv6_hdr, hop_limits);
	AT(rte_ipv6_hdr, dst_addr);
	SIZE(rte_ipv6_fragment_ext);
	SIZE(rte_tcp_hdr);
	AT(rte_tcp_hdr, data_off);
	AT(rte_tcp_hdr, cksum);
	SIZE(rte_udp_hdr);
	AT(rte_udp_hdr, dgram_cksum);
	SIZE(rte_icmp_hdr);
	AT(rte_icmp_hdr, icmp_seq_nb);
	VALUE(RTE_ETHER_MTU);
	VALUE(RTE_ETHER_MAX_VLAN_FRAME_LEN);
	VALUE(RTE_IPV4(1, 2, 3, 4));
	VALUE(RTE_IPV4_HDR_OFFSET_MASK);
	VALUE(RTE_IPV4_VHL_DEF);
	VALUE(RTE_IPV6_HDR_FL_MASK);
}

int
main(void)
{
	rings();
	mempools();
	mbufs();
	bit_fields();
	headers();
	return 0;
}
