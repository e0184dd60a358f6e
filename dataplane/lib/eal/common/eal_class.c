/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Classes of devices. Registered before any thread but the main one runs.
 */
#include <string.h>

#include <rte_class.h>

static struct rte_class_list classes = TAILQ_HEAD_INITIALIZER(classes);

void
rte_class_register(struct rte_class *cls)
{
	struct rte_class *other;

	TAILQ_FOREACH(other, &classes, next)
		if (other == cls)
			return;
	TAILQ_INSERT_TAIL(&classes, cls, next);
}

void
rte_class_unregister(struct rte_class *cls)
{
	TAILQ_REMOVE(&classes, cls, next);
}

struct rte_class *
rte_class_find(const struct rte_class *start, rte_class_cmp_t cmp, const void *data)
{
	struct rte_class *cls = start != NULL ? TAILQ_NEXT(start, next) : TAILQ_FIRST(&classes);

	for (; cls != NULL; cls = TAILQ_NEXT(cls, next))
		if (cmp(cls, data) == 0)
			return cls;
	return NULL;
}

static int
name_differs(const struct rte_class *cls, const void *name)
{
	return strcmp(cls->name, name);
}

struct rte_class *
rte_class_find_by_name(const char *name)
{
	return name == NULL ? NULL : rte_class_find(NULL, name_differs, name);
}
