/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Arguments of a device: "key=value,key=value". A value may be absent ("key"), and "[a,b]" in a value keeps its commas.
 * Source-compatible with DPDK 22.11. A list is used by one thread at a time.
 */
#ifndef WDPDK_RTE_KVARGS_H
#define WDPDK_RTE_KVARGS_H

#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_KVARGS_MAX 32
#define RTE_KVARGS_PAIRS_DELIM ","
#define RTE_KVARGS_KV_DELIM "="

/** One pair; both strings are the list's. value is NULL for a key without "=". */
struct rte_kvargs_pair {
	char *key;
	char *value;
};

/** A parsed list, owned by the caller of rte_kvargs_parse(). */
struct rte_kvargs {
	char *str; /**< Holds the strings. */
	unsigned count;
	struct rte_kvargs_pair pairs[RTE_KVARGS_MAX];
};

/** Handles a pair; a negative result ends rte_kvargs_process(). */
typedef int (*arg_handler_t)(const char *key, const char *value, void *opaque);

/**
 * Parses text. With valid_keys (ends with NULL) every key has to be among them; the log names the first that is not
 * and those that are. Returns NULL for such a key, for more than RTE_KVARGS_MAX pairs, or without memory. Free with
 * rte_kvargs_free().
 */
struct rte_kvargs *rte_kvargs_parse(const char *args, const char *const valid_keys[]);
/** The same up to the first of the characters valid_ends in text. */
struct rte_kvargs *rte_kvargs_parse_delim(const char *args, const char *const valid_keys[], const char *valid_ends);
/** Frees a list; NULL is fine. */
void rte_kvargs_free(struct rte_kvargs *kvlist);

/** The value of the first pair with that key; NULL when there is none or it has no value. */
const char *rte_kvargs_get(const struct rte_kvargs *kvlist, const char *key);
/** The value of the first pair that has that key (NULL: any) and that value (NULL: any). */
const char *rte_kvargs_get_with_value(const struct rte_kvargs *kvlist, const char *key, const char *value);
/** Calls the handler for each pair with that key (NULL: all), in order. Returns 0, or -1 when a handler refused. */
int rte_kvargs_process(const struct rte_kvargs *kvlist, const char *key_match, arg_handler_t handler, void *opaque_arg);
/** Pairs with that key (NULL: all). */
unsigned rte_kvargs_count(const struct rte_kvargs *kvlist, const char *key_match);

#ifdef __cplusplus
}
#endif

#endif
