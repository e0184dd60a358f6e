/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The process's table of dynamic fields and flags. There are 36 bytes and 18 bits, so a table of that many rows is
 * enough.
 */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>
#include <rte_spinlock.h>

#define FIELDS_START offsetof(struct rte_mbuf, dynfield1)
#define FIELDS_SIZE sizeof(((struct rte_mbuf *)0)->dynfield1)
#define FIRST_BIT 23u
#define LAST_BIT 40u
_Static_assert(RTE_MBUF_F_FIRST_FREE == 1ULL << FIRST_BIT && RTE_MBUF_F_LAST_FREE == 1ULL << LAST_BIT, "free flags");

static rte_spinlock_t lock = RTE_SPINLOCK_INITIALIZER;
static struct {
	struct rte_mbuf_dynfield params;
	size_t offset;
} fields[FIELDS_SIZE];
static unsigned int field_count;
static struct {
	struct rte_mbuf_dynflag params;
	unsigned int bit;
} flags[LAST_BIT - FIRST_BIT + 1];
static unsigned int flag_count;

static int
fail(int error)
{
	rte_errno = error;
	return -1;
}

static bool
is_free(size_t offset, size_t size)
{
	unsigned int i;

	if (offset < FIELDS_START || size > FIELDS_SIZE || offset - FIELDS_START > FIELDS_SIZE - size)
		return false;
	for (i = 0; i < field_count; i++) {
		if (offset < fields[i].offset + fields[i].params.size && fields[i].offset < offset + size)
			return false;
	}
	return true;
}

/*
 * Best fit: of the free places, the one in the smallest free block that is a power of two and aligned to itself, so
 * that large aligned places last. 0: none.
 */
static size_t
find_place(size_t size, size_t align)
{
	size_t best = 0, best_block = SIZE_MAX, offset;

	for (offset = RTE_ALIGN_CEIL(FIELDS_START, align); offset < FIELDS_START + FIELDS_SIZE; offset += align) {
		size_t block = 1;

		if (!is_free(offset, size))
			continue;
		while (is_free(offset & ~(block * 2 - 1), block * 2))
			block *= 2;
		if (block < best_block) {
			best_block = block;
			best = offset;
		}
	}
	return best;
}

static int
find_field(const char *name)
{
	unsigned int i;

	for (i = 0; name != NULL && i < field_count; i++) {
		if (strcmp(fields[i].params.name, name) == 0)
			return (int)i;
	}
	return -1;
}

static int
add_field(const struct rte_mbuf_dynfield *params, size_t wanted)
{
	int known = find_field(params->name);
	size_t offset = wanted;

	if (known >= 0) {
		if (fields[known].params.size != params->size || fields[known].params.align != params->align ||
			(wanted != SIZE_MAX && wanted != fields[known].offset))
			return fail(EEXIST);
		return (int)fields[known].offset;
	}
	if (wanted == SIZE_MAX) {
		offset = find_place(params->size, params->align);
		if (offset == 0)
			return fail(ENOENT);
	} else if (wanted % params->align != 0 || wanted < FIELDS_START ||
		wanted + params->size > sizeof(struct rte_mbuf)) {
		return fail(EINVAL);
	} else if (!is_free(wanted, params->size)) {
		return fail(EBUSY);
	}
	fields[field_count].params = *params;
	fields[field_count].offset = offset;
	field_count++;
	return (int)offset;
}

int
rte_mbuf_dynfield_register_offset(const struct rte_mbuf_dynfield *params, size_t offset)
{
	int result;

	if (params == NULL)
		return fail(EINVAL);
	if (memchr(params->name, '\0', sizeof(params->name)) == NULL)
		return fail(ENAMETOOLONG);
	if (params->size == 0 || params->size >= sizeof(struct rte_mbuf) || params->align == 0 ||
		params->align > sizeof(struct rte_mbuf) || (params->align & (params->align - 1)) != 0 || params->flags != 0 ||
		(offset != SIZE_MAX && offset >= sizeof(struct rte_mbuf)))
		return fail(EINVAL);
	rte_spinlock_lock(&lock);
	result = add_field(params, offset);
	rte_spinlock_unlock(&lock);
	return result;
}

int
rte_mbuf_dynfield_register(const struct rte_mbuf_dynfield *params)
{
	return rte_mbuf_dynfield_register_offset(params, SIZE_MAX);
}

int
rte_mbuf_dynfield_lookup(const char *name, struct rte_mbuf_dynfield *params)
{
	int known, result = -1;

	rte_spinlock_lock(&lock);
	known = find_field(name);
	if (known >= 0) {
		if (params != NULL)
			*params = fields[known].params;
		result = (int)fields[known].offset;
	}
	rte_spinlock_unlock(&lock);
	return result < 0 ? fail(ENOENT) : result;
}

static int
find_flag(const char *name)
{
	unsigned int i;

	for (i = 0; name != NULL && i < flag_count; i++) {
		if (strcmp(flags[i].params.name, name) == 0)
			return (int)i;
	}
	return -1;
}

static int
add_flag(const struct rte_mbuf_dynflag *params, unsigned int wanted)
{
	unsigned int i, bit = wanted;
	uint64_t taken = 0;
	int known = find_flag(params->name);

	if (known >= 0)
		return wanted == UINT_MAX || wanted == flags[known].bit ? (int)flags[known].bit : fail(EEXIST);
	for (i = 0; i < flag_count; i++)
		taken |= 1ULL << flags[i].bit;
	if (wanted == UINT_MAX) {
		for (bit = FIRST_BIT; bit <= LAST_BIT && (taken & (1ULL << bit)); bit++)
			;
		if (bit > LAST_BIT)
			return fail(ENOENT);
	} else if (bit < FIRST_BIT || bit > LAST_BIT || (taken & (1ULL << bit))) {
		return fail(EBUSY);
	}
	flags[flag_count].params = *params;
	flags[flag_count].bit = bit;
	flag_count++;
	return (int)bit;
}

int
rte_mbuf_dynflag_register_bitnum(const struct rte_mbuf_dynflag *params, unsigned int bitnum)
{
	int result;

	if (params == NULL)
		return fail(EINVAL);
	if (memchr(params->name, '\0', sizeof(params->name)) == NULL)
		return fail(ENAMETOOLONG);
	if (params->flags != 0 || (bitnum != UINT_MAX && bitnum >= 64))
		return fail(EINVAL);
	rte_spinlock_lock(&lock);
	result = add_flag(params, bitnum);
	rte_spinlock_unlock(&lock);
	return result;
}

int
rte_mbuf_dynflag_register(const struct rte_mbuf_dynflag *params)
{
	return rte_mbuf_dynflag_register_bitnum(params, UINT_MAX);
}

int
rte_mbuf_dynflag_lookup(const char *name, struct rte_mbuf_dynflag *params)
{
	int known, result = -1;

	rte_spinlock_lock(&lock);
	known = find_flag(name);
	if (known >= 0) {
		if (params != NULL)
			*params = flags[known].params;
		result = (int)flags[known].bit;
	}
	rte_spinlock_unlock(&lock);
	return result < 0 ? fail(ENOENT) : result;
}

void
rte_mbuf_dyn_dump(FILE *out)
{
	unsigned int i;

	rte_spinlock_lock(&lock);
	fprintf(out, "mbuf dynamic fields:\n");
	for (i = 0; i < field_count; i++)
		fprintf(out, "  name=%s offset=%zu size=%zu align=%zu flags=%x\n", fields[i].params.name, fields[i].offset,
			fields[i].params.size, fields[i].params.align, fields[i].params.flags);
	fprintf(out, "mbuf dynamic flags:\n");
	for (i = 0; i < flag_count; i++)
		fprintf(out, "  name=%s bitnum=%u flags=%x\n", flags[i].params.name, flags[i].bit, flags[i].params.flags);
	rte_spinlock_unlock(&lock);
}

static int
register_timestamp(const char *flag_name, int *field_offset, uint64_t *flag)
{
	static const struct rte_mbuf_dynfield field = {
		.name = RTE_MBUF_DYNFIELD_TIMESTAMP_NAME,
		.size = sizeof(rte_mbuf_timestamp_t),
		.align = __alignof__(rte_mbuf_timestamp_t),
	};
	struct rte_mbuf_dynflag params = {.flags = 0};
	int offset = rte_mbuf_dynfield_register(&field), bit;

	if (offset < 0)
		return -1;
	memcpy(params.name, flag_name, strlen(flag_name) + 1);
	bit = rte_mbuf_dynflag_register(&params);
	if (bit < 0)
		return -1;
	if (field_offset != NULL)
		*field_offset = offset;
	if (flag != NULL)
		*flag = 1ULL << bit;
	return 0;
}

int
rte_mbuf_dyn_rx_timestamp_register(int *field_offset, uint64_t *rx_flag)
{
	return register_timestamp(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, field_offset, rx_flag);
}

int
rte_mbuf_dyn_tx_timestamp_register(int *field_offset, uint64_t *tx_flag)
{
	return register_timestamp(RTE_MBUF_DYNFLAG_TX_TIMESTAMP_NAME, field_offset, tx_flag);
}
