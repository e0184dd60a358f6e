/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_hash against a plain array, under every set of flags; readers without a lock; documented errors.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_fbk_hash.h>
#include <rte_hash.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_thash.h>

#include "check.h"

#define KEYS 3000
#define ENTRIES 2048

static uint64_t random_state = UINT64_C(0x2545f4914f6cdd1d);

static uint32_t
random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

struct key {
	uint32_t words[5];
	uint8_t tail; /* keys of 21 bytes */
} __attribute__((__packed__));

static struct key
key_of(uint32_t number)
{
	struct key key;

	memset(&key, 0x5a, sizeof(key));
	key.words[3] = number;
	key.tail = (uint8_t)(number * 7);
	return key;
}

/* Everything in 4 buckets: chains grow long. */
static uint32_t
poor_hash(const void *key, uint32_t key_len, uint32_t init_val)
{
	return rte_jhash(key, key_len, init_val) & 0x30003;
}

static struct rte_hash *
table_with(uint8_t flags, rte_hash_function function)
{
	struct rte_hash_parameters params = { .name = "test", .entries = ENTRIES, .key_len = sizeof(struct key),
		.hash_func = function, .hash_func_init_val = 7, .socket_id = SOCKET_ID_ANY, .extra_flag = flags };
	struct rte_hash *h = rte_hash_create(&params);

	CHECK(h != NULL);
	return h;
}

static void
bad_arguments(void)
{
	struct rte_hash_parameters good = { .name = "bad", .entries = 64, .key_len = 4, .socket_id = SOCKET_ID_ANY }, bad;
	struct rte_hash_rcu_config rcu = { .mode = RTE_HASH_QSBR_MODE_DQ };
	struct rte_hash *h = rte_hash_create(&good);
	const void *keys[1] = { "key" }, *key;
	void *data[1];
	int32_t positions[1];
	uint64_t hits;
	uint32_t next = 0;
	void *found;

	CHECK(h != NULL);
	CHECK(rte_hash_create(&good) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK(rte_hash_find_existing("bad") == h);
	CHECK(rte_hash_find_existing("none") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK(rte_hash_find_existing(NULL) == NULL);
	CHECK(rte_hash_create(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
#define REFUSED(field, value) do { \
	bad = good; \
	bad.field = (value); \
	rte_errno = 0; \
	CHECK(rte_hash_create(&bad) == NULL); \
	CHECK_EQ(rte_errno, EINVAL); \
} while (0)
	REFUSED(name, NULL);
	REFUSED(name, "a name that is longer than thirty-one bytes");
	REFUSED(entries, 7);
	REFUSED(entries, RTE_HASH_ENTRIES_MAX + 1);
	REFUSED(key_len, 0);
	REFUSED(extra_flag, 0x40);
	REFUSED(extra_flag, RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY | RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF);
	CHECK_EQ(rte_hash_add_key(NULL, keys[0]), -EINVAL);
	CHECK_EQ(rte_hash_add_key(h, NULL), -EINVAL);
	CHECK_EQ(rte_hash_add_key_with_hash(h, NULL, 1), -EINVAL);
	CHECK_EQ(rte_hash_add_key_data(NULL, keys[0], NULL), -EINVAL);
	CHECK_EQ(rte_hash_add_key_with_hash_data(h, NULL, 1, NULL), -EINVAL);
	CHECK_EQ(rte_hash_del_key(NULL, keys[0]), -EINVAL);
	CHECK_EQ(rte_hash_del_key_with_hash(h, NULL, 1), -EINVAL);
	CHECK_EQ(rte_hash_lookup(NULL, keys[0]), -EINVAL);
	CHECK_EQ(rte_hash_lookup_with_hash(h, NULL, 1), -EINVAL);
	CHECK_EQ(rte_hash_lookup_data(h, keys[0], NULL), -EINVAL);
	CHECK_EQ(rte_hash_lookup_with_hash_data(NULL, keys[0], 1, data), -EINVAL);
	CHECK_EQ(rte_hash_lookup_bulk(h, keys, 0, positions), -EINVAL);
	CHECK_EQ(rte_hash_lookup_bulk(h, keys, RTE_HASH_LOOKUP_BULK_MAX + 1, positions), -EINVAL);
	CHECK_EQ(rte_hash_lookup_with_hash_bulk(h, keys, NULL, 1, positions), -EINVAL);
	CHECK_EQ(rte_hash_lookup_bulk_data(h, keys, 1, NULL, data), -EINVAL);
	CHECK_EQ(rte_hash_lookup_with_hash_bulk_data(h, keys, NULL, 1, &hits, data), -EINVAL);
	CHECK_EQ(rte_hash_iterate(h, NULL, data, &next), -EINVAL);
	CHECK_EQ(rte_hash_iterate(h, &key, data, &next), -ENOENT);
	CHECK_EQ(rte_hash_count(NULL), -EINVAL);
	CHECK_EQ(rte_hash_max_key_id(NULL), -EINVAL);
	CHECK_EQ(rte_hash_get_key_with_position(h, -1, &found), -EINVAL);
	CHECK_EQ(rte_hash_get_key_with_position(h, 64, &found), -EINVAL);
	CHECK_EQ(rte_hash_get_key_with_position(h, 3, &found), -ENOENT);
	CHECK_EQ(rte_hash_free_key_with_position(h, -1), -EINVAL);
	CHECK_EQ(rte_hash_free_key_with_position(h, 64), -EINVAL);
	CHECK_EQ(rte_hash_free_key_with_position(h, 3), -EINVAL);
	CHECK_EQ(rte_hash_rcu_qsbr_add(h, NULL), 1);
	CHECK_EQ(rte_hash_rcu_qsbr_add(h, &rcu), 1);
	CHECK_EQ(rte_errno, EINVAL);
	rte_hash_free(h);
	rte_hash_free(NULL);
	rte_hash_reset(NULL);
	rte_hash_set_cmp_func(NULL, NULL);
	CHECK(rte_fbk_hash_create(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_fbk_hash_find_existing(NULL) == NULL);
	rte_fbk_hash_free(NULL);
}

static int32_t model[KEYS]; /* the position, or -1 */

static void
check_all(struct rte_hash *h)
{
	for (uint32_t first = 0; first + 50 <= KEYS; first += 50) {
		struct key keys[50];
		const void *pointers[50];
		int32_t positions[50];
		void *data[50];
		uint64_t hits;

		for (uint32_t i = 0; i < 50; i++) {
			keys[i] = key_of(first + i);
			pointers[i] = &keys[i];
		}
		CHECK_EQ(rte_hash_lookup_bulk(h, pointers, 50, positions), 0);
		CHECK(rte_hash_lookup_bulk_data(h, pointers, 50, &hits, data) >= 0);
		for (uint32_t i = 0; i < 50; i++) {
			int32_t expected = model[first + i];
			void *one = NULL, *at;

			CHECK_EQ(positions[i], expected < 0 ? -ENOENT : expected);
			CHECK_EQ(hits >> i & 1, expected >= 0);
			CHECK_EQ(rte_hash_lookup_data(h, &keys[i], &one), expected < 0 ? -ENOENT : expected);
			if (expected < 0)
				continue;
			CHECK(one == (void *)(uintptr_t)(first + i) && data[i] == one);
			CHECK_EQ(rte_hash_get_key_with_position(h, expected, &at), 0);
			CHECK_MEM(at, &keys[i], sizeof(keys[i]));
		}
	}
}

static void
agrees_with_a_model(uint8_t flags, rte_hash_function function, uint32_t keys)
{
	struct rte_hash *h = table_with(flags, function);
	bool kept = (flags & (RTE_HASH_EXTRA_FLAGS_NO_FREE_ON_DEL | RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF)) != 0;
	uint32_t count = 0, next = 0, seen = 0;
	const void *key;
	void *data;

	memset(model, -1, sizeof(model));
	for (uint32_t step = 0; step < 30000; step++) {
		uint32_t number = random_u32() % keys;
		struct key one = key_of(number);

		if (random_u32() % 8 < (step / 6000 % 2 == 0 ? 6u : 2u)) {
			int error = rte_hash_add_key_data(h, &one, (void *)(uintptr_t)number);

			if (model[number] < 0 && count >= ENTRIES) {
				CHECK_EQ(error, -ENOSPC);
				continue;
			}
			CHECK_EQ(error, 0);
			count += model[number] < 0;
			model[number] = rte_hash_lookup(h, &one);
			CHECK(model[number] >= 0 && model[number] < ENTRIES);
		} else {
			CHECK_EQ(rte_hash_del_key(h, &one), model[number] < 0 ? -ENOENT : model[number]);
			if (model[number] >= 0) {
				count--;
				CHECK_EQ(rte_hash_free_key_with_position(h, model[number]), kept ? 0 : -EINVAL);
				CHECK_EQ(rte_hash_free_key_with_position(h, model[number]), -EINVAL);
			}
			model[number] = -1;
		}
		CHECK_EQ(rte_hash_count(h), count);
		if (step % 5000 == 4999)
			check_all(h);
	}
	while (rte_hash_iterate(h, &key, &data, &next) >= 0) {
		struct key expected = key_of((uint32_t)(uintptr_t)data);

		CHECK_MEM(key, &expected, sizeof(expected));
		CHECK(model[(uintptr_t)data] >= 0);
		seen++;
	}
	CHECK_EQ(seen, count);
	rte_hash_reset(h);
	CHECK_EQ(rte_hash_count(h), 0);
	memset(model, -1, sizeof(model));
	check_all(h);
	rte_hash_free(h);
}

static void
every_kind_of_table_agrees_with_a_model(void)
{
	/* A table with a good hash takes nine tenths of its entries at least; one with extra buckets all, and with any hash. */
	agrees_with_a_model(0, NULL, ENTRIES * 9 / 10);
	agrees_with_a_model(RTE_HASH_EXTRA_FLAGS_EXT_TABLE, NULL, KEYS);
	agrees_with_a_model(RTE_HASH_EXTRA_FLAGS_EXT_TABLE, poor_hash, KEYS);
	agrees_with_a_model(RTE_HASH_EXTRA_FLAGS_EXT_TABLE | RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF, poor_hash, KEYS);
	agrees_with_a_model(RTE_HASH_EXTRA_FLAGS_EXT_TABLE | RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY, rte_jhash, KEYS);
	agrees_with_a_model(RTE_HASH_EXTRA_FLAGS_EXT_TABLE | RTE_HASH_EXTRA_FLAGS_NO_FREE_ON_DEL |
		RTE_HASH_EXTRA_FLAGS_MULTI_WRITER_ADD, rte_jhash, KEYS);
}

/* Keys 0..STAYING are always there, while others around them come, go and push them about. */
#define STAYING 600

struct shared {
	struct rte_hash *h;
	struct rte_rcu_qsbr *v;
	bool done;
	uint32_t lost, lookups;
};

static void *
look_for_those_that_stay(void *arg)
{
	struct shared *shared = arg;

	rte_rcu_qsbr_thread_register(shared->v, 0);
	rte_rcu_qsbr_thread_online(shared->v, 0);
	for (uint32_t i = 0; !__atomic_load_n(&shared->done, __ATOMIC_ACQUIRE); i = (i + 1) % (STAYING - 8)) {
		struct key keys[8];
		const void *pointers[8];
		void *data[8], *one;
		uint64_t hits;

		for (uint32_t j = 0; j < 8; j++) {
			keys[j] = key_of(i + j);
			pointers[j] = &keys[j];
		}
		if (rte_hash_lookup_data(shared->h, &keys[0], &one) < 0 || one != (void *)(uintptr_t)i ||
		    rte_hash_lookup_bulk_data(shared->h, pointers, 8, &hits, data) != 8 || data[7] != (void *)(uintptr_t)(i + 7))
			__atomic_fetch_add(&shared->lost, 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&shared->lookups, 1, __ATOMIC_RELAXED);
		rte_rcu_qsbr_quiescent(shared->v, 0);
	}
	rte_rcu_qsbr_thread_offline(shared->v, 0);
	rte_rcu_qsbr_thread_unregister(shared->v, 0);
	return NULL;
}

static void
keys_that_stay_are_always_found(uint8_t flags, rte_hash_function function, bool rcu)
{
	struct shared shared = { .h = table_with(flags, function) };
	struct rte_hash_rcu_config attached = { .mode = RTE_HASH_QSBR_MODE_DQ };
	uint32_t added = 0;
	pthread_t reader;

	shared.v = rte_zmalloc(NULL, rte_rcu_qsbr_get_memsize(1), RTE_CACHE_LINE_SIZE);
	CHECK_EQ(rte_rcu_qsbr_init(shared.v, 1), 0);
	attached.v = shared.v;
	if (rcu)
		CHECK_EQ(rte_hash_rcu_qsbr_add(shared.h, &attached), 0);
	for (uint32_t i = 0; i < STAYING; i++) {
		struct key key = key_of(i);

		CHECK_EQ(rte_hash_add_key_data(shared.h, &key, (void *)(uintptr_t)i), 0);
	}
	CHECK_EQ(pthread_create(&reader, NULL, look_for_those_that_stay, &shared), 0);
	/* A reader that does not run holds back positions: then a round adds few keys or none. */
	for (uint32_t round = 0; round < 30 || __atomic_load_n(&shared.lookups, __ATOMIC_RELAXED) < 500; round++) {

		for (uint32_t i = STAYING; i < KEYS; i++) {
			struct key key = key_of(i);

			added += rte_hash_add_key_data(shared.h, &key, (void *)(uintptr_t)i) == 0;
		}
		for (uint32_t i = STAYING; i < KEYS; i++) {
			struct key key = key_of(i);

			rte_hash_del_key(shared.h, &key);
		}
	}
	__atomic_store_n(&shared.done, true, __ATOMIC_RELEASE);
	pthread_join(reader, NULL);
	CHECK_EQ(shared.lost, 0);
	CHECK(added > 0);
	rte_hash_free(shared.h);
	rte_free(shared.v);
}

static void
lookups_beside_changes(void)
{
	keys_that_stay_are_always_found(RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY, NULL, false);
	keys_that_stay_are_always_found(RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF, NULL, true);
	keys_that_stay_are_always_found(RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF | RTE_HASH_EXTRA_FLAGS_EXT_TABLE, poor_hash, true);
}

/* RFC 3720 B.4: CRC-32C of 32 zero bytes, of 32 ones, and the check string; ours leaves out the final inversion. */
static void
crc_is_crc32c_either_way(void)
{
	const uint8_t algorithms[] = { CRC32_SSE42_x64, CRC32_SSE42, CRC32_SW };
	uint8_t bytes[32];

	for (unsigned int i = 0; i < RTE_DIM(algorithms); i++) {
		rte_hash_crc_set_alg(algorithms[i]);
		memset(bytes, 0, sizeof(bytes));
		CHECK_EQ(~rte_hash_crc(bytes, 32, UINT32_MAX) & UINT32_MAX, 0x8a9136aa);
		memset(bytes, 0xff, sizeof(bytes));
		CHECK_EQ(~rte_hash_crc(bytes, 32, UINT32_MAX) & UINT32_MAX, 0x62a8ab43);
		CHECK_EQ(~rte_hash_crc("123456789", 9, UINT32_MAX) & UINT32_MAX, 0xe3069283);
	}
	rte_hash_crc_set_alg(CRC32_SSE42_x64);
}

/* lookup3's own examples: the empty key, and Four score and seven years ago. */
static void
jhash_is_lookup3(void)
{
	static const char text[] = "Four score and seven years ago";
	uint32_t words[3] = { 1, 2, 3 };

	CHECK_EQ(rte_jhash("", 0, 0), 0xdeadbeef);
	CHECK_EQ(rte_jhash("", 0, 0xdeadbeef), 0xbd5b7dde);
	CHECK_EQ(rte_jhash(text, 30, 0), 0x17770551);
	CHECK_EQ(rte_jhash(text, 30, 1), 0xcd628161);
	for (uint32_t n = 1; n <= 3; n++)
		CHECK_EQ(rte_jhash(words, n * 4, 9), rte_jhash_32b(words, n, 9));
	CHECK_EQ(rte_jhash_3words(1, 2, 3, 9), rte_jhash_32b(words, 3, 9));
	CHECK_EQ(rte_jhash_2words(1, 2, 9), rte_jhash_32b(words, 2, 9));
	CHECK_EQ(rte_jhash_1word(1, 9), rte_jhash_32b(words, 1, 9));
}

/* The verification suite of Microsoft's RSS: 66.9.149.187:2794 to 161.142.100.80:1766. */
static void
softrss_is_the_toeplitz_hash(void)
{
	static const uint8_t key[40] = {
		0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
		0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
	};
	union rte_thash_tuple tuple = { .v4 = { .src_addr = RTE_IPV4(66, 9, 149, 187), .dst_addr = RTE_IPV4(161, 142, 100, 80),
		.sport = 2794, .dport = 1766 } };
	uint32_t words[3], converted[10], original[10];

	memcpy(words, &tuple.v4, sizeof(words));
	memcpy(original, key, sizeof(key));
	rte_convert_rss_key(original, converted, sizeof(key));
	CHECK_EQ(rte_softrss(words, RTE_THASH_V4_L3_LEN, key), 0x323e8fc2);
	CHECK_EQ(rte_softrss(words, RTE_THASH_V4_L4_LEN, key), 0x51ccc178);
	CHECK_EQ(rte_softrss_be(words, RTE_THASH_V4_L4_LEN, (const uint8_t *)converted), 0x51ccc178);
}

static uint64_t
heap_in_use(void)
{
	struct rte_malloc_socket_stats stats;

	CHECK_EQ(rte_malloc_get_socket_stats((int)rte_socket_id(), &stats), 0);
	return stats.heap_allocsz_bytes;
}

/* Each of the allocations of a table in turn finds nothing: an error and no leak. */
static void
out_of_memory_leaves_nothing(void)
{
	struct rte_hash_parameters params = { .name = "hungry", .entries = 100000, .key_len = 8, .socket_id = SOCKET_ID_ANY,
		.extra_flag = RTE_HASH_EXTRA_FLAGS_EXT_TABLE };
	static void *hoard[4096];
	uint64_t before = heap_in_use(), hoarded;
	uint32_t held = 0, failed = 0;
	struct rte_hash *h;

	for (size_t size = 1 << 20; size >= 1 << 16; size /= 2)
		while (held < RTE_DIM(hoard) && (hoard[held] = rte_malloc(NULL, size, 0)) != NULL)
			held++;
	hoarded = heap_in_use();
	while ((h = rte_hash_create(&params)) == NULL) {
		CHECK_EQ(rte_errno, ENOMEM);
		CHECK_EQ(heap_in_use(), hoarded);
		CHECK(held > 0);
		rte_free(hoard[--held]);
		hoarded = heap_in_use();
		failed++;
	}
	CHECK(failed > 3);
	rte_hash_free(h);
	while (held > 0)
		rte_free(hoard[--held]);
	CHECK_EQ(heap_in_use(), before);
}

int
main(void)
{
	char *arguments[] = { (char *)"hash_test", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(bad_arguments);
	RUN(crc_is_crc32c_either_way);
	RUN(jhash_is_lookup3);
	RUN(softrss_is_the_toeplitz_hash);
	RUN(every_kind_of_table_agrees_with_a_model);
	RUN(lookups_beside_changes);
	RUN(out_of_memory_leaves_nothing);
	rte_eal_cleanup();
	return check_summary();
}
