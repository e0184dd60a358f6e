/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Classes of devices ("eth"): what a device is, whatever bus it is on. A class can walk over its devices.
 */
#ifndef _RTE_CLASS_H_
#define _RTE_CLASS_H_

#include <rte_common.h>
#include <rte_dev.h>
#include <rte_tailq.h>

#ifdef __cplusplus
extern "C" {
#endif

RTE_TAILQ_HEAD(rte_class_list, rte_class);

/** Static in the library that has it. */
struct rte_class {
	RTE_TAILQ_ENTRY(rte_class) next;
	const char *name;
	rte_dev_iterate_t dev_iterate;
};

/** 0 when cls matches data. */
typedef int (*rte_class_cmp_t)(const struct rte_class *cls, const void *data);

/** The first match after start (NULL: from the beginning), or NULL. */
struct rte_class *rte_class_find(const struct rte_class *start, rte_class_cmp_t cmp, const void *data);
struct rte_class *rte_class_find_by_name(const char *name);
/** Adds a class; one that is known already stays where it is. */
void rte_class_register(struct rte_class *cls);
void rte_class_unregister(struct rte_class *cls);

/* By a constructor: for foreign code. */
#define RTE_REGISTER_CLASS(nm, cls) \
RTE_INIT_PRIO(classinitfn_ ##nm, CLASS) \
{ \
	(cls).name = RTE_STR(nm); \
	rte_class_register(&cls); \
}

#define RTE_UNREGISTER_CLASS(nm, cls) \
RTE_FINI_PRIO(classfinifn_ ##nm, CLASS) \
{ \
	rte_class_unregister(&cls); \
}

#ifdef __cplusplus
}
#endif

#endif
