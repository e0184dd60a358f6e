/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Named lists of a library's objects ("RTE_RING", ...), so that lookups by name find them. rte_eal_memconfig.h has
 * their lock.
 */
#ifndef _RTE_TAILQ_H_
#define _RTE_TAILQ_H_

#include <stdio.h>

#include <rte_debug.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One object; allocated and freed by its library. */
struct rte_tailq_entry {
	RTE_TAILQ_ENTRY(rte_tailq_entry) next;
	void *data;
};
RTE_TAILQ_HEAD(rte_tailq_entry_head, rte_tailq_entry);

#define RTE_TAILQ_NAMESIZE 32

struct rte_tailq_head {
	struct rte_tailq_entry_head tailq_head;
	char name[RTE_TAILQ_NAMESIZE];
};

/** A library's handle: static in the library; head is set by rte_eal_tailq_register(). */
struct rte_tailq_elem {
	struct rte_tailq_head *head;
	RTE_TAILQ_ENTRY(rte_tailq_elem) next;
	const char name[RTE_TAILQ_NAMESIZE];
};

#define RTE_TAILQ_CAST(tailq_entry, struct_name) (struct struct_name *)&(tailq_entry)->tailq_head
#define RTE_TAILQ_LOOKUP(name, struct_name) __extension__ ({ \
	struct rte_tailq_head *wdpdk_head = rte_eal_tailq_lookup(name); \
	wdpdk_head == NULL ? NULL : RTE_TAILQ_CAST(wdpdk_head, struct_name); \
})

void rte_dump_tailq(FILE *f);
/** NULL when no list has that name. */
struct rte_tailq_head *rte_eal_tailq_lookup(const char *name);
/**
 * Makes or finds the list of t->name and sets t->head. Returns 0; -1 when the table is full or t is registered
 * already.
 */
int rte_eal_tailq_register(struct rte_tailq_elem *t);

/* By a constructor: for foreign code. Our libraries call rte_eal_tailq_register() before first use. */
#define EAL_REGISTER_TAILQ(t) \
RTE_INIT(tailqinitfn_ ##t) \
{ \
	if (rte_eal_tailq_register(&t) < 0) \
		rte_panic("Cannot initialize tailq: %s\n", t.name); \
}

#define RTE_TAILQ_FOREACH_SAFE(var, head, field, tvar) \
	for ((var) = RTE_TAILQ_FIRST((head)); (var) && ((tvar) = RTE_TAILQ_NEXT((var), field), 1); (var) = (tvar))

#ifdef __cplusplus
}
#endif

#endif
