/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the user said about a device: "[bus:]name[,key=value...]", from --vdev, -a, -b or hotplug; or by layers, any of the
 * first two of which may be left out: "bus=NAME,key=value.../class=NAME,key=value.../driver=NAME,key=value...".
 */
#ifndef _RTE_DEVARGS_H_
#define _RTE_DEVARGS_H_

#include <stdio.h>

#include <rte_compat.h>
#include <rte_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_DEVARGS_KEY_BUS "bus"
#define RTE_DEVARGS_KEY_CLASS "class"
#define RTE_DEVARGS_KEY_DRIVER "driver"

enum rte_devtype {
	RTE_DEVTYPE_ALLOWED,
	RTE_DEVTYPE_BLOCKED,
	RTE_DEVTYPE_VIRTUAL,
};

struct rte_devargs {
	RTE_TAILQ_ENTRY(rte_devargs) next;
	enum rte_devtype type;
	enum rte_dev_policy policy;
	char name[RTE_DEV_NAME_MAX_LEN];
	union {
		const char *args; /* what follows the name, "" when nothing does; points into data */
		const char *drv_str;
	};
	struct rte_bus *bus;
	struct rte_class *cls;
	const char *bus_str; /* the layers, from their "bus=" and "class=" on; NULL otherwise */
	const char *cls_str;
	char *data; /* owned; rte_devargs_reset() frees it */
};

/**
 * Fills da from dev; da->data is allocated. A name without a bus belongs to the first bus that can parse it.
 * @return 0; -EINVAL bad text or name too long, -EFAULT no bus knows it or no such bus or class, -ENOMEM. By layers the bus
 * may be NULL and the name empty.
 */
int rte_devargs_parse(struct rte_devargs *da, const char *dev);
int rte_devargs_parsef(struct rte_devargs *da, const char *format, ...) __rte_format_printf(2, 3);
/** Frees what parsing allocated; da itself is the caller's. */
void rte_devargs_reset(struct rte_devargs *da);
/**
 * Puts *da (from malloc, owned by the list from then on) in the list. When the device is in it already, that entry
 * takes the new arguments, *da is freed and becomes that entry. @return 0 or a negative errno.
 */
int rte_devargs_insert(struct rte_devargs **da);
/** Parses and inserts. @return 0 or a negative errno. */
int rte_devargs_add(enum rte_devtype devtype, const char *devargs_str);
/** Removes and frees the entry of the same bus and name. 0, 1 when there is none, -1 for NULL. */
int rte_devargs_remove(struct rte_devargs *devargs);
unsigned int rte_devargs_type_count(enum rte_devtype devtype);
void rte_devargs_dump(FILE *f);
/** The entry after start (NULL: the first) of that bus (NULL: of any). */
struct rte_devargs *rte_devargs_next(const char *busname, const struct rte_devargs *start);

#define RTE_EAL_DEVARGS_FOREACH(busname, da) \
	for (da = rte_devargs_next(busname, NULL); da != NULL; da = rte_devargs_next(busname, da))

#ifdef __cplusplus
}
#endif

#endif
