/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Dynamic fields and flags: space in the mbuf that libraries, drivers and users ask for by name.
 *
 * Registering a name again with the same parameters gives the same place. Places are never given back. Any thread may
 * call; a place is good for the rest of the process. All functions but the dump return -1 with rte_errno on error.
 */
#ifndef _RTE_MBUF_DYN_H_
#define _RTE_MBUF_DYN_H_

#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Room for a name with its final NUL. */
#define RTE_MBUF_DYN_NAMESIZE 64

struct rte_mbuf_dynfield {
	char name[RTE_MBUF_DYN_NAMESIZE];
	size_t size;        /**< bytes, 1 or more */
	size_t align;       /**< a power of two */
	unsigned int flags; /**< 0 */
};

struct rte_mbuf_dynflag {
	char name[RTE_MBUF_DYN_NAMESIZE];
	unsigned int flags; /**< 0 */
};

/**
 * The offset of a field in struct rte_mbuf. EINVAL, ENAMETOOLONG, EEXIST (the name has other parameters), ENOENT (no
 * room).
 */
int rte_mbuf_dynfield_register(const struct rte_mbuf_dynfield *params);
/** The same at a given offset; SIZE_MAX: anywhere. Also EBUSY. */
int rte_mbuf_dynfield_register_offset(const struct rte_mbuf_dynfield *params, size_t offset);
/** The offset of a registered field, its parameters in *params (may be NULL). ENOENT. */
int rte_mbuf_dynfield_lookup(const char *name, struct rte_mbuf_dynfield *params);

/** The bit number of a flag in ol_flags. Errors as for fields. */
int rte_mbuf_dynflag_register(const struct rte_mbuf_dynflag *params);
/** The same at a given bit; UINT_MAX: any. Also EBUSY. */
int rte_mbuf_dynflag_register_bitnum(const struct rte_mbuf_dynflag *params, unsigned int bitnum);
/** The bit number of a registered flag. ENOENT. */
int rte_mbuf_dynflag_lookup(const char *name, struct rte_mbuf_dynflag *params);

/** The field at `offset` of m, as a pointer type. */
#define RTE_MBUF_DYNFIELD(m, offset, type) ((type)((uintptr_t)(m) + (offset)))

/** Prints names and places. */
void rte_mbuf_dyn_dump(FILE *out);

/* Names that several libraries know. */
#define RTE_MBUF_DYNFIELD_METADATA_NAME "rte_flow_dynfield_metadata"
#define RTE_MBUF_DYNFLAG_METADATA_NAME "rte_flow_dynflag_metadata"
#define RTE_MBUF_DYNFIELD_TIMESTAMP_NAME "rte_dynfield_timestamp"
#define RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME "rte_dynflag_rx_timestamp"
#define RTE_MBUF_DYNFLAG_TX_TIMESTAMP_NAME "rte_dynflag_tx_timestamp"
#define RTE_MBUF_DYNFIELD_IP_REASSEMBLY_NAME "rte_dynfield_ip_reassembly"
#define RTE_MBUF_DYNFLAG_IP_REASSEMBLY_INCOMPLETE_NAME "rte_dynflag_ip_reassembly_incomplete"

/** Time of arrival or departure; the unit is the port's. */
typedef uint64_t rte_mbuf_timestamp_t;

/** Registers the timestamp field and the flag that says it is set on received packets. 0 or -1. Outputs may be NULL. */
int rte_mbuf_dyn_rx_timestamp_register(int *field_offset, uint64_t *rx_flag);
/** The same for packets to send at a time. */
int rte_mbuf_dyn_tx_timestamp_register(int *field_offset, uint64_t *tx_flag);

#ifdef __cplusplus
}
#endif

#endif
