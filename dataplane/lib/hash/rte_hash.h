/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A hash of keys of one length, DPDK 22.11's API: cuckoo hashing in cache-line buckets of 8. A key has a position, 0 to
 * rte_hash_max_key_id(), that stays while it is in the table, and a pointer of the caller's.
 *
 * Threads: without flags one thread uses a table at a time, lookups among themselves apart. The flags below allow more.
 * Functions that a flag does not mention are the owner's alone: create, free, reset, set_cmp_func, rcu_qsbr_add.
 *
 * Errors: NULL or out-of-range arguments give -EINVAL.
 */
#ifndef RTE_HASH_H
#define RTE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <rte_compat.h>
#include <rte_rcu_qsbr.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_HASH_ENTRIES_MAX (1 << 30)
/* Longest name, its terminating zero included. */
#define RTE_HASH_NAMESIZE 32
/* Most keys of a bulk lookup. */
#define RTE_HASH_LOOKUP_BULK_MAX 64
#define RTE_HASH_LOOKUP_MULTI_MAX RTE_HASH_LOOKUP_BULK_MAX

/* Lock elision where the processor has it. A hint: the locks are plain ones here, and all works the same. */
#define RTE_HASH_EXTRA_FLAGS_TRANS_MEM_SUPPORT 0x01
/* Several threads may add and delete. */
#define RTE_HASH_EXTRA_FLAGS_MULTI_WRITER_ADD 0x02
/* Lookups may run beside changes, under a reader-writer lock; several threads may change. */
#define RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY 0x04
/* Keys that find no place go to extra buckets: the table takes all its `entries`, whatever they are. */
#define RTE_HASH_EXTRA_FLAGS_EXT_TABLE 0x08
/* A deleted key keeps its position until rte_hash_free_key_with_position(). */
#define RTE_HASH_EXTRA_FLAGS_NO_FREE_ON_DEL 0x10
/*
 * Lookups may run beside changes and take no lock. Implies NO_FREE_ON_DEL, unless a quiescent-state variable is attached:
 * then positions come back by themselves. Not together with RW_CONCURRENCY.
 */
#define RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF 0x20

typedef uint32_t hash_sig_t;
typedef uint32_t (*rte_hash_function)(const void *key, uint32_t key_len, uint32_t init_val);
/* 0: equal, as memcmp(). */
typedef int (*rte_hash_cmp_eq_t)(const void *key1, const void *key2, size_t key_len);
typedef void (*rte_hash_free_key_data)(void *p, void *key_data);

struct rte_hash_parameters {
	const char *name;
	uint32_t entries;            /* 8 to RTE_HASH_ENTRIES_MAX */
	uint32_t reserved;
	uint32_t key_len;            /* bytes, at least 1 */
	rte_hash_function hash_func; /* NULL: CRC-32C */
	uint32_t hash_func_init_val;
	int socket_id;
	uint8_t extra_flag;
};

enum rte_hash_qsbr_mode {
	RTE_HASH_QSBR_MODE_DQ = 0, /* positions wait in a defer queue */
	RTE_HASH_QSBR_MODE_SYNC    /* deleting waits for the readers */
};

struct rte_hash_rcu_config {
	struct rte_rcu_qsbr *v;
	enum rte_hash_qsbr_mode mode;
	uint32_t dq_size;               /* 0: as many as the table has positions */
	uint32_t trigger_reclaim_limit; /* see rte_rcu_qsbr_dq_parameters */
	uint32_t max_reclaim_size;      /* 0: 16 */
	void *key_data_ptr;             /* for free_key_data_func, which is called for the data of a key that is gone; or NULL */
	rte_hash_free_key_data free_key_data_func;
};

struct rte_hash;

/*
 * Makes an empty table, the caller's until rte_hash_free(). NULL with rte_errno: EINVAL (see the parameters and flags),
 * EEXIST (the name is taken), ENOMEM.
 */
struct rte_hash *rte_hash_create(const struct rte_hash_parameters *params);
/* The table of that name, or NULL with rte_errno ENOENT. */
struct rte_hash *rte_hash_find_existing(const char *name);
/* Releases the table; NULL is allowed. */
void rte_hash_free(struct rte_hash *h);
/* Compares keys by func from now on (NULL: bytewise). */
void rte_hash_set_cmp_func(struct rte_hash *h, rte_hash_cmp_eq_t func);
/* Takes all keys out, at once: nobody may look up meanwhile. */
void rte_hash_reset(struct rte_hash *h);

/* Keys in the table. */
int32_t rte_hash_count(const struct rte_hash *h);
/* The largest position there can be. */
int32_t rte_hash_max_key_id(const struct rte_hash *h);
/* The hash that the functions with `sig` take. */
hash_sig_t rte_hash_hash(const struct rte_hash *h, const void *key);

/* Adds the key, or finds it there and gives it the new data. The position (the _data forms: 0), or -ENOSPC. */
int32_t rte_hash_add_key(const struct rte_hash *h, const void *key);
int32_t rte_hash_add_key_with_hash(const struct rte_hash *h, const void *key, hash_sig_t sig);
int rte_hash_add_key_data(const struct rte_hash *h, const void *key, void *data);
int32_t rte_hash_add_key_with_hash_data(const struct rte_hash *h, const void *key, hash_sig_t sig, void *data);

/* Takes the key out. The position it had, or -ENOENT. */
int32_t rte_hash_del_key(const struct rte_hash *h, const void *key);
int32_t rte_hash_del_key_with_hash(const struct rte_hash *h, const void *key, hash_sig_t sig);

/* The key at a position, in the table's memory. 0, or -ENOENT: none. */
int rte_hash_get_key_with_position(const struct rte_hash *h, const int32_t position, void **key);
/* Gives back the position of a deleted key (NO_FREE_ON_DEL) that no reader uses any more. 0, or -EINVAL: it is not one. */
int rte_hash_free_key_with_position(const struct rte_hash *h, const int32_t position);

/* The key's position, or -ENOENT. The _data forms store its pointer too. */
int32_t rte_hash_lookup(const struct rte_hash *h, const void *key);
int32_t rte_hash_lookup_with_hash(const struct rte_hash *h, const void *key, hash_sig_t sig);
int rte_hash_lookup_data(const struct rte_hash *h, const void *key, void **data);
int rte_hash_lookup_with_hash_data(const struct rte_hash *h, const void *key, hash_sig_t sig, void **data);

/* Up to RTE_HASH_LOOKUP_BULK_MAX keys: each one's position or -ENOENT. 0. */
int rte_hash_lookup_bulk(const struct rte_hash *h, const void **keys, uint32_t num_keys, int32_t *positions);
int rte_hash_lookup_with_hash_bulk(const struct rte_hash *h, const void **keys, hash_sig_t *sig, uint32_t num_keys,
	int32_t *positions);
/* Up to RTE_HASH_LOOKUP_BULK_MAX keys: the pointers of those found, whose bits are set in *hit_mask. How many were. */
int rte_hash_lookup_bulk_data(const struct rte_hash *h, const void **keys, uint32_t num_keys, uint64_t *hit_mask,
	void *data[]);
int rte_hash_lookup_with_hash_bulk_data(const struct rte_hash *h, const void **keys, hash_sig_t *sig, uint32_t num_keys,
	uint64_t *hit_mask, void *data[]);

/*
 * One key after the other: start with *next 0. The position, or -ENOENT at the end. A table that changes meanwhile may show
 * a key twice or not at all.
 */
int32_t rte_hash_iterate(const struct rte_hash *h, const void **key, void **data, uint32_t *next);

/*
 * Positions of deleted keys come back when the readers of cfg->v are through (RW_CONCURRENCY_LF). 0, or 1 with rte_errno
 * EINVAL (NULL, unknown mode, a table without NO_FREE_ON_DEL), EEXIST (there is one already), ENOMEM.
 */
__rte_experimental
int rte_hash_rcu_qsbr_add(struct rte_hash *h, struct rte_hash_rcu_config *cfg);

#ifdef __cplusplus
}
#endif

#endif
