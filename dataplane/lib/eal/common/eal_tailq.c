/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The libraries' lists of objects and the locks over what libraries share.
 */
#include <string.h>

#include <rte_eal_memconfig.h>
#include <rte_rwlock.h>
#include <rte_spinlock.h>
#include <rte_string_fns.h>
#include <rte_tailq.h>

#include "eal_private.h"

static struct rte_tailq_head heads[RTE_MAX_TAILQ];
static unsigned int head_count;
static RTE_TAILQ_HEAD(, rte_tailq_elem) elements = TAILQ_HEAD_INITIALIZER(elements);

struct rte_tailq_head *
rte_eal_tailq_lookup(const char *name)
{
	unsigned int i;

	if (name == NULL)
		return NULL;
	for (i = 0; i < head_count; i++)
		if (strncmp(heads[i].name, name, RTE_TAILQ_NAMESIZE) == 0)
			return &heads[i];
	return NULL;
}

int
rte_eal_tailq_register(struct rte_tailq_elem *t)
{
	struct rte_tailq_elem *other;

	TAILQ_FOREACH(other, &elements, next)
		if (strncmp(other->name, t->name, RTE_TAILQ_NAMESIZE) == 0)
			return -1;
	if (head_count == RTE_MAX_TAILQ) {
		RTE_LOG(ERR, EAL, "tailq %s: all %d are in use\n", t->name, RTE_MAX_TAILQ);
		return -1;
	}
	t->head = &heads[head_count];
	rte_strlcpy(t->head->name, t->name, sizeof(t->head->name));
	TAILQ_INIT(&t->head->tailq_head);
	head_count++;
	TAILQ_INSERT_TAIL(&elements, t, next);
	return 0;
}

void
rte_dump_tailq(FILE *f)
{
	struct rte_tailq_entry *entry;
	unsigned int i, n;

	rte_mcfg_tailq_read_lock();
	for (i = 0; i < head_count; i++) {
		n = 0;
		RTE_TAILQ_FOREACH(entry, &heads[i].tailq_head, next)
			n++;
		fprintf(f, "tailq %u: %s, %u entries\n", i, heads[i].name, n);
	}
	rte_mcfg_tailq_read_unlock();
}

/* The entries lived in memory that is gone. */
void
eal_tailq_reset(void)
{
	unsigned int i;

	for (i = 0; i < head_count; i++)
		TAILQ_INIT(&heads[i].tailq_head);
}

#define SHARED_RWLOCK(name) \
static rte_rwlock_t name ## _lock = RTE_RWLOCK_INITIALIZER; \
void \
rte_mcfg_ ## name ## _read_lock(void) \
{ \
	rte_rwlock_read_lock(&name ## _lock); \
} \
void \
rte_mcfg_ ## name ## _read_unlock(void) \
{ \
	rte_rwlock_read_unlock(&name ## _lock); \
} \
void \
rte_mcfg_ ## name ## _write_lock(void) \
{ \
	rte_rwlock_write_lock(&name ## _lock); \
} \
void \
rte_mcfg_ ## name ## _write_unlock(void) \
{ \
	rte_rwlock_write_unlock(&name ## _lock); \
}

SHARED_RWLOCK(mem)
SHARED_RWLOCK(tailq)
SHARED_RWLOCK(mempool)

static rte_spinlock_t timer_lock = RTE_SPINLOCK_INITIALIZER;

void
rte_mcfg_timer_lock(void)
{
	rte_spinlock_lock(&timer_lock);
}

void
rte_mcfg_timer_unlock(void)
{
	rte_spinlock_unlock(&timer_lock);
}
