/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings: making, finding, ending, printing. Moving elements is inline, in wdpdk_ring_move.h.
 *
 * There is no list of rings beside the memzone table: a ring is found through the memzone that holds it.
 */
#include <inttypes.h>
#include <stddef.h>

#include <rte_errno.h>
#include <rte_log.h>
#include <rte_ring.h>

/* DPDK 22.11's layout on x86-64. */
_Static_assert(RTE_RING_NAMESIZE == 29, "rte_ring: name");
_Static_assert(offsetof(struct rte_ring, flags) == 32, "rte_ring: flags");
_Static_assert(offsetof(struct rte_ring, memzone) == 40, "rte_ring: memzone");
_Static_assert(offsetof(struct rte_ring, size) == 48, "rte_ring: size");
_Static_assert(offsetof(struct rte_ring, mask) == 52, "rte_ring: mask");
_Static_assert(offsetof(struct rte_ring, capacity) == 56, "rte_ring: capacity");
_Static_assert(offsetof(struct rte_ring, prod) == 128, "rte_ring: prod");
_Static_assert(offsetof(struct rte_ring, cons) == 256, "rte_ring: cons");
_Static_assert(sizeof(struct rte_ring) == 384, "rte_ring: slots");
_Static_assert(offsetof(struct rte_ring_headtail, tail) == 4, "rte_ring_headtail: tail");
_Static_assert(offsetof(struct rte_ring_headtail, sync_type) == 8, "rte_ring_headtail: sync_type");

_Static_assert(offsetof(struct rte_ring_rts_headtail, tail.val.pos) == 4, "rte_ring_rts_headtail: tail");
_Static_assert(offsetof(struct rte_ring_rts_headtail, sync_type) == 8, "rte_ring_rts_headtail: sync_type");
_Static_assert(offsetof(struct rte_ring_rts_headtail, htd_max) == 12, "rte_ring_rts_headtail: htd_max");
_Static_assert(offsetof(struct rte_ring_rts_headtail, head) == 16, "rte_ring_rts_headtail: head");
_Static_assert(offsetof(struct rte_ring_hts_headtail, ht.pos.tail) == 4, "rte_ring_hts_headtail: tail");
_Static_assert(offsetof(struct rte_ring_hts_headtail, sync_type) == 8, "rte_ring_hts_headtail: sync_type");
/* What is remembered lies behind every mode's words, in the same cache line. */
_Static_assert(offsetof(struct wdpdk_ring_single, at) >= sizeof(struct rte_ring_rts_headtail), "wdpdk_ring_single: at");
_Static_assert(sizeof(struct wdpdk_ring_single) <= RTE_CACHE_LINE_SIZE, "wdpdk_ring_single: one line");

#define RING_FLAGS_PROD (RING_F_SP_ENQ | RING_F_MP_RTS_ENQ | RING_F_MP_HTS_ENQ)
#define RING_FLAGS_CONS (RING_F_SC_DEQ | RING_F_MC_RTS_DEQ | RING_F_MC_HTS_DEQ)
#define RING_FLAGS_KNOWN (RING_FLAGS_PROD | RING_FLAGS_CONS | RING_F_EXACT_SZ)

/* An eighth of the ring may be claimed and not yet published before RTS lets nobody else in. */
#define RING_HTD_MAX_SHARE 8

/* Slots for `count` under `flags`, or a negative errno. */
static int64_t
ring_slots(unsigned int count, unsigned int flags)
{
	/* A side has one mode: none of its flags is MT. */
	if ((flags & ~(unsigned int)RING_FLAGS_KNOWN) != 0 || __builtin_popcount(flags & RING_FLAGS_PROD) > 1 ||
		__builtin_popcount(flags & RING_FLAGS_CONS) > 1)
		return -EINVAL;
	if (flags & RING_F_EXACT_SZ) {
		/* One slot more than asked for, since a full ring must differ from an empty one. */
		if (count == 0 || count >= (RTE_RING_SZ_MASK + 1) / 2)
			return -EINVAL;
		return rte_align32pow2(count + 1);
	}
	if (count > RTE_RING_SZ_MASK || !rte_is_power_of_2(count))
		return -EINVAL;
	return count;
}

static enum rte_ring_sync_type
ring_mode(unsigned int flags)
{
	if (flags & (RING_F_SP_ENQ | RING_F_SC_DEQ))
		return RTE_RING_SYNC_ST;
	if (flags & (RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ))
		return RTE_RING_SYNC_MT_RTS;
	if (flags & (RING_F_MP_HTS_ENQ | RING_F_MC_HTS_DEQ))
		return RTE_RING_SYNC_MT_HTS;
	return RTE_RING_SYNC_MT;
}

ssize_t
rte_ring_get_memsize_elem(unsigned int esize, unsigned int count)
{
	if (esize == 0 || esize % 4 != 0) {
		RTE_LOG(ERR, RING, "element size %u is not a multiple of 4\n", esize);
		return -EINVAL;
	}
	if (count > RTE_RING_SZ_MASK || !rte_is_power_of_2(count)) {
		RTE_LOG(ERR, RING, "%u elements: not a power of two up to %u\n", count, RTE_RING_SZ_MASK);
		return -EINVAL;
	}
	return RTE_ALIGN_CEIL((ssize_t)sizeof(struct rte_ring) + (ssize_t)count * esize, RTE_CACHE_LINE_SIZE);
}

ssize_t
rte_ring_get_memsize(unsigned int count)
{
	return rte_ring_get_memsize_elem(sizeof(void *), count);
}

static void
ring_side_reset(struct wdpdk_ring_single *side)
{
	struct rte_ring_rts_headtail *rts = (struct rte_ring_rts_headtail *)(void *)side;

	side->at = 0;
	side->limit = 0;
	if (side->index.sync_type == RTE_RING_SYNC_MT_RTS)
		__atomic_store_n(&rts->head.raw, 0, __ATOMIC_RELAXED);
	__atomic_store_n(wdpdk_ring_both(side), 0, __ATOMIC_RELEASE);
}

void
rte_ring_reset(struct rte_ring *r)
{
	ring_side_reset(&r->wdpdk_prod);
	ring_side_reset(&r->wdpdk_cons);
}

int
rte_ring_init(struct rte_ring *r, const char *name, unsigned int count, unsigned int flags)
{
	int64_t slots = ring_slots(count, flags);

	if (r == NULL || name == NULL)
		return -EINVAL;
	if (slots < 0) {
		RTE_LOG(ERR, RING, "%s: count %u with flags 0x%x is refused\n", name, count, flags);
		return (int)slots;
	}
	if (strlen(name) >= RTE_RING_NAMESIZE)
		return -ENAMETOOLONG;
	memset(r, 0, sizeof(*r));
	memcpy(r->name, name, strlen(name) + 1);
	r->flags = (int)flags;
	r->size = (uint32_t)slots;
	r->mask = r->size - 1;
	r->capacity = flags & RING_F_EXACT_SZ ? count : r->mask;
	r->prod.sync_type = ring_mode(flags & RING_FLAGS_PROD);
	r->cons.sync_type = ring_mode(flags & RING_FLAGS_CONS);
	if (r->prod.sync_type == RTE_RING_SYNC_MT_RTS)
		r->rts_prod.htd_max = r->capacity / RING_HTD_MAX_SHARE;
	if (r->cons.sync_type == RTE_RING_SYNC_MT_RTS)
		r->rts_cons.htd_max = r->capacity / RING_HTD_MAX_SHARE;
	return 0;
}

struct rte_ring *
rte_ring_create_elem(const char *name, unsigned int esize, unsigned int count, int socket_id, unsigned int flags)
{
	char zone_name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	struct rte_ring *r;
	int64_t slots = ring_slots(count, flags);
	ssize_t bytes = slots < 0 ? (ssize_t)slots : rte_ring_get_memsize_elem(esize, (unsigned int)slots);
	int error;

	if (bytes < 0) {
		rte_errno = (int)-bytes;
		return NULL;
	}
	if (name == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (strlen(name) >= RTE_RING_NAMESIZE) {
		rte_errno = ENAMETOOLONG;
		return NULL;
	}
	snprintf(zone_name, sizeof(zone_name), "%s%s", RTE_RING_MZ_PREFIX, name);
	zone = rte_memzone_reserve_aligned(zone_name, (size_t)bytes, socket_id, 0, __alignof__(struct rte_ring));
	if (zone == NULL) {
		RTE_LOG(ERR, RING, "ring %s: cannot reserve %zd bytes: %s\n", name, bytes, rte_strerror(rte_errno));
		return NULL;
	}
	r = (struct rte_ring *)zone->addr;
	error = rte_ring_init(r, name, count, flags);
	if (error != 0) {
		rte_memzone_free(zone);
		rte_errno = -error;
		return NULL;
	}
	/* Last: a lookup takes the ring for ready when it names its zone. */
	__atomic_store_n(&r->memzone, zone, __ATOMIC_RELEASE);
	return r;
}

struct rte_ring *
rte_ring_create(const char *name, unsigned int count, int socket_id, unsigned int flags)
{
	return rte_ring_create_elem(name, sizeof(void *), count, socket_id, flags);
}

void
rte_ring_free(struct rte_ring *r)
{
	const struct rte_memzone *zone;

	if (r == NULL)
		return;
	zone = r->memzone;
	if (zone == NULL) {
		RTE_LOG(ERR, RING, "ring %s was not made by rte_ring_create: its memory is its maker's to free\n", r->name);
		return;
	}
	__atomic_store_n(&r->memzone, NULL, __ATOMIC_RELEASE);
	if (rte_memzone_free(zone) != 0)
		RTE_LOG(ERR, RING, "ring %s: cannot free its memzone\n", r->name);
}

struct rte_ring *
rte_ring_lookup(const char *name)
{
	char zone_name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	struct rte_ring *r;

	if (name != NULL && strlen(name) < RTE_RING_NAMESIZE) {
		snprintf(zone_name, sizeof(zone_name), "%s%s", RTE_RING_MZ_PREFIX, name);
		zone = rte_memzone_lookup(zone_name);
		r = zone == NULL ? NULL : (struct rte_ring *)zone->addr;
		if (r != NULL && __atomic_load_n(&r->memzone, __ATOMIC_ACQUIRE) == zone)
			return r;
	}
	rte_errno = ENOENT;
	return NULL;
}

void
wdpdk_ring_put_around(struct rte_ring *r, uint32_t index, const void *table, unsigned int esize, unsigned int n)
{
	char *slots = (char *)(r + 1);
	uint32_t at = index & r->mask, straight = RTE_MIN(n, r->size - at);

	wdpdk_ring_copy(slots + (size_t)at * esize, table, (size_t)straight * esize);
	wdpdk_ring_copy(slots, (const char *)table + (size_t)straight * esize, (size_t)(n - straight) * esize);
}

void
wdpdk_ring_get_around(const struct rte_ring *r, uint32_t index, void *table, unsigned int esize, unsigned int n)
{
	const char *slots = (const char *)(r + 1);
	uint32_t at = index & r->mask, straight = RTE_MIN(n, r->size - at);

	wdpdk_ring_copy(table, slots + (size_t)at * esize, (size_t)straight * esize);
	wdpdk_ring_copy((char *)table + (size_t)straight * esize, slots, (size_t)(n - straight) * esize);
}

/* Where a side has claimed up to: RTS keeps it in another word. */
static uint32_t
ring_side_head(const struct wdpdk_ring_single *side)
{
	const struct rte_ring_rts_headtail *rts = (const struct rte_ring_rts_headtail *)(const void *)side;

	return side->index.sync_type == RTE_RING_SYNC_MT_RTS ? rts->head.val.pos : side->index.head;
}

void
rte_ring_dump(FILE *f, const struct rte_ring *r)
{
	if (f == NULL || r == NULL)
		return;
	fprintf(f, "ring <%s>@%p\n", r->name, (const void *)r);
	fprintf(f, "  flags=%x\n", (unsigned int)r->flags);
	fprintf(f, "  size=%" PRIu32 "\n", r->size);
	fprintf(f, "  capacity=%" PRIu32 "\n", r->capacity);
	fprintf(f, "  ct=%" PRIu32 "\n", r->cons.tail);
	fprintf(f, "  ch=%" PRIu32 "\n", ring_side_head(&r->wdpdk_cons));
	fprintf(f, "  pt=%" PRIu32 "\n", r->prod.tail);
	fprintf(f, "  ph=%" PRIu32 "\n", ring_side_head(&r->wdpdk_prod));
	fprintf(f, "  used=%u\n", rte_ring_count(r));
	fprintf(f, "  avail=%u\n", rte_ring_free_count(r));
}

static void
dump_if_ring(const struct rte_memzone *zone, void *file)
{
	const struct rte_ring *r = (const struct rte_ring *)zone->addr;

	if (strncmp(zone->name, RTE_RING_MZ_PREFIX, sizeof(RTE_RING_MZ_PREFIX) - 1) == 0 && zone->len >= sizeof(*r) &&
		__atomic_load_n(&r->memzone, __ATOMIC_ACQUIRE) == zone)
		rte_ring_dump((FILE *)file, r);
}

void
rte_ring_list_dump(FILE *f)
{
	rte_memzone_walk(dump_if_ring, f);
}
