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

#define RING_FLAGS_REFUSED (RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ | RING_F_MP_HTS_ENQ | RING_F_MC_HTS_DEQ)
#define RING_FLAGS_KNOWN (RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ)

/* Slots for `count` under `flags`, or a negative errno. */
static int64_t
ring_slots(unsigned int count, unsigned int flags)
{
	if (flags & RING_FLAGS_REFUSED)
		return -ENOTSUP;
	if (flags & ~(unsigned int)RING_FLAGS_KNOWN)
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

void
rte_ring_reset(struct rte_ring *r)
{
	__atomic_store_n(&r->prod.head, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&r->cons.head, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&r->prod.tail, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&r->cons.tail, 0, __ATOMIC_RELEASE);
}

int
rte_ring_init(struct rte_ring *r, const char *name, unsigned int count, unsigned int flags)
{
	int64_t slots = ring_slots(count, flags);

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
	r->prod.sync_type = flags & RING_F_SP_ENQ ? RTE_RING_SYNC_ST : RTE_RING_SYNC_MT;
	r->cons.sync_type = flags & RING_F_SC_DEQ ? RTE_RING_SYNC_ST : RTE_RING_SYNC_MT;
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

	if (strlen(name) < RTE_RING_NAMESIZE) {
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
rte_ring_dump(FILE *f, const struct rte_ring *r)
{
	fprintf(f, "ring <%s>@%p\n", r->name, (const void *)r);
	fprintf(f, "  flags=%x\n", (unsigned int)r->flags);
	fprintf(f, "  size=%" PRIu32 "\n", r->size);
	fprintf(f, "  capacity=%" PRIu32 "\n", r->capacity);
	fprintf(f, "  ct=%" PRIu32 "\n", r->cons.tail);
	fprintf(f, "  ch=%" PRIu32 "\n", r->cons.head);
	fprintf(f, "  pt=%" PRIu32 "\n", r->prod.tail);
	fprintf(f, "  ph=%" PRIu32 "\n", r->prod.head);
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
