/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sizes and limits of the libraries, with DPDK 22.11's names and values. Forced into every compilation by
 * `-include rte_config.h` (pkg-config libdpdk gives that flag), so it holds macros only.
 */
#ifndef _RTE_CONFIG_H_
#define _RTE_CONFIG_H_

#include <rte_build_config.h>

/* The API this library is source-compatible with. */
#define RTE_VER_PREFIX "DPDK"
#define RTE_VER_YEAR 22
#define RTE_VER_MONTH 11
#define RTE_VER_MINOR 0
#define RTE_VER_SUFFIX ""
#define RTE_VER_RELEASE 99

/* CPU */
#define RTE_ARCH_64
#define RTE_ARCH_X86 1
#define RTE_ARCH_X86_64 1
#define RTE_CACHE_LINE_SIZE 64

/* EAL */
#define RTE_MAX_LCORE 128
#define RTE_MAX_NUMA_NODES 32
#define RTE_MAX_HEAPS 32
#define RTE_MAX_MEMSEG_LISTS 128
#define RTE_MAX_MEMZONE 2560
#define RTE_MAX_TAILQ 32
#define RTE_LOG_DP_LEVEL RTE_LOG_INFO
#define RTE_BACKTRACE

/* mempool and mbuf */
#define RTE_MEMPOOL_CACHE_MAX_SIZE 512
#define RTE_MBUF_DEFAULT_MEMPOOL_OPS "ring_mp_mc"
#define RTE_MBUF_REFCNT_ATOMIC
#define RTE_PKTMBUF_HEADROOM 128
#define RTE_IOVA_AS_PA 1 /* an mbuf has the address of its buffer for devices */

/* ethdev */
#define RTE_MAX_ETHPORTS 32
#define RTE_MAX_QUEUES_PER_PORT 1024
#define RTE_ETHDEV_QUEUE_STAT_CNTRS 16
#define RTE_ETHDEV_RXTX_CALLBACKS 1
#define RTE_MAX_MULTI_HOST_CTRLS 4

/* ip_frag */
#define RTE_LIBRTE_IP_FRAG_MAX_FRAG 8

/* eventdev */
#define RTE_EVENT_MAX_DEVS 16
#define RTE_EVENT_MAX_PORTS_PER_DEV 255
#define RTE_EVENT_MAX_QUEUES_PER_DEV 255
#define RTE_EVENT_ETH_TX_ADAPTER_MAX_INSTANCE 32

/* drivers */
#define RTE_PMD_PACKET_PREFETCH 1
#define RTE_PMD_RING_MAX_RX_RINGS 16
#define RTE_PMD_RING_MAX_TX_RINGS 16

/* What is built in. */
#define RTE_LIB_EAL 1
#define RTE_LIB_TIMER 1
#define RTE_LIB_RING 1
#define RTE_LIB_MEMPOOL 1
#define RTE_LIB_MBUF 1
#define RTE_LIB_NET 1
#define RTE_LIB_KVARGS 1
#define RTE_LIB_CMDLINE 1
#define RTE_LIB_ETHDEV 1
#define RTE_LIB_EVENTDEV 1
#define RTE_LIB_LPM 1
#define RTE_LIB_RIB 1
#define RTE_LIB_FIB 1
#define RTE_LIB_ACL 1
#define RTE_LIB_METER 1
#define RTE_LIB_REORDER 1
#define RTE_LIB_IP_FRAG 1
#define RTE_LIB_PCI 1
#define RTE_BUS_VDEV 1
#define RTE_BUS_PCI 1
#define RTE_MEMPOOL_RING 1
#define RTE_MEMPOOL_STACK 1
#define RTE_NET_I40E 1
#define RTE_NET_NULL 1
#define RTE_NET_PCAP 1
#define RTE_NET_RING 1
#define RTE_NET_TAP 1
#define RTE_EVENT_SW 1

#endif
