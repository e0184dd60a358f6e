/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stacks: making, finding, ending. Pushing and popping are inline, in rte_stack_std.h and rte_stack_lf.h.
 *
 * There is no list of stacks beside the memzone table: a stack is found through the memzone that holds it.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <rte_log.h>
#include <rte_stack.h>

_Static_assert(sizeof(struct rte_stack_lf_list) == sizeof(rte_int128_t), "a list is changed as one word");
_Static_assert(offsetof(struct rte_stack, stack_lf) % RTE_CACHE_LINE_SIZE == 0, "lists have cache lines of their own");

/* Two lines more than needed: the neighbour's memory is not fetched along with the last elements. */
#define STACK_PADDING (2 * RTE_CACHE_LINE_SIZE)

static void __rte_format_printf(1, 2)
stack_log(const char *format, ...)
{
	int type = rte_log_register_type_and_pick_level("lib.stack", RTE_LOG_NOTICE);
	va_list arguments;

	va_start(arguments, format);
	rte_vlog(RTE_LOG_ERR, type < 0 ? RTE_LOGTYPE_EAL : (uint32_t)type, format, arguments);
	va_end(arguments);
}

static struct rte_stack *
refuse(int error, const char *name)
{
	stack_log("STACK: %s is not made: %s\n", name == NULL ? "a stack without a name" : name, rte_strerror(error));
	rte_errno = error;
	return NULL;
}

static size_t
stack_bytes(unsigned int count, uint32_t flags)
{
	size_t each = flags & RTE_STACK_F_LF ? sizeof(struct rte_stack_lf_elem) : sizeof(void *);

	return sizeof(struct rte_stack) + RTE_ALIGN_CEIL((size_t)count * each, (size_t)RTE_CACHE_LINE_SIZE) + STACK_PADDING;
}

static void
lf_init(struct rte_stack_lf *stack, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		stack->elems[i].next = i + 1 < count ? i + 1 : WDPDK_STACK_NONE;
	stack->used.top_length = WDPDK_STACK_NONE;
	stack->free.top_length = (uint64_t)count << 32 | (count == 0 ? WDPDK_STACK_NONE : 0);
}

struct rte_stack *
rte_stack_create(const char *name, unsigned int count, int socket_id, uint32_t flags)
{
	char zone_name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	struct rte_stack *s;

	/* The largest number is no element's index. */
	if (name == NULL || count == WDPDK_STACK_NONE || (flags & ~(uint32_t)RTE_STACK_F_LF) != 0)
		return refuse(EINVAL, name);
	if (strlen(name) >= RTE_STACK_NAMESIZE)
		return refuse(ENAMETOOLONG, name);
	snprintf(zone_name, sizeof(zone_name), "%s%s", RTE_STACK_MZ_PREFIX, name);
	zone = rte_memzone_reserve_aligned(zone_name, stack_bytes(count, flags), socket_id, 0, __alignof__(*s));
	if (zone == NULL)
		return refuse(rte_errno, name);
	s = (struct rte_stack *)zone->addr;
	memset(s, 0, sizeof(*s));
	memcpy(s->name, name, strlen(name) + 1);
	s->capacity = count;
	s->flags = flags;
	if (flags & RTE_STACK_F_LF)
		lf_init(&s->stack_lf, count);
	else
		rte_spinlock_init(&s->stack_std.lock);
	/* Last: a lookup takes the stack for ready when it names its zone. */
	__atomic_store_n(&s->memzone, zone, __ATOMIC_RELEASE);
	return s;
}

void
rte_stack_free(struct rte_stack *s)
{
	const struct rte_memzone *zone;

	if (s == NULL || s->memzone == NULL)
		return;
	zone = s->memzone;
	__atomic_store_n(&s->memzone, NULL, __ATOMIC_RELEASE);
	if (rte_memzone_free(zone) != 0)
		stack_log("STACK: cannot free the memzone of %s\n", s->name);
}

struct rte_stack *
rte_stack_lookup(const char *name)
{
	char zone_name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	struct rte_stack *s;

	if (name == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (strlen(name) < RTE_STACK_NAMESIZE) {
		snprintf(zone_name, sizeof(zone_name), "%s%s", RTE_STACK_MZ_PREFIX, name);
		zone = rte_memzone_lookup(zone_name);
		s = zone == NULL ? NULL : (struct rte_stack *)zone->addr;
		if (s != NULL && __atomic_load_n(&s->memzone, __ATOMIC_ACQUIRE) == zone)
			return s;
	}
	rte_errno = ENOENT;
	return NULL;
}
