/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Device arguments: parsing and the list of all that were given.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bus_driver.h>
#include <rte_devargs.h>
#include <rte_string_fns.h>

#include "eal_private.h"

static RTE_TAILQ_HEAD(, rte_devargs) list = TAILQ_HEAD_INITIALIZER(list);

static int
bus_knows_name(const struct rte_bus *bus, const void *data)
{
	return bus->parse != NULL && bus->parse(data, NULL) == 0 ? 0 : 1;
}

/* "bus:name,args": the bus when text starts with one's name and a colon; what follows to *rest. */
static struct rte_bus *
named_bus(const char *text, const char **rest)
{
	const char *colon = strchr(text, ':');
	char name[RTE_DEV_NAME_MAX_LEN];
	struct rte_bus *bus;

	*rest = text;
	if (colon == NULL || (size_t)(colon - text) >= sizeof(name))
		return NULL;
	rte_strlcpy(name, text, (size_t)(colon - text) + 1);
	bus = rte_bus_find_by_name(name);
	if (bus != NULL)
		*rest = colon + 1;
	return bus;
}

/* fallback: the bus of a name that none knows, or NULL to refuse it here. */
static int
parse(struct rte_devargs *da, const char *dev, struct rte_bus *fallback)
{
	const char *text, *comma;
	size_t len;

	if (da == NULL || dev == NULL)
		return -EINVAL;
	/* type and policy are the caller's; list links too. */
	da->cls = NULL;
	da->bus_str = da->cls_str = NULL;
	da->args = NULL;
	da->data = NULL;
	da->bus = named_bus(dev, &text);
	comma = strchr(text, ',');
	len = comma != NULL ? (size_t)(comma - text) : strlen(text);
	if (len == 0 || len >= sizeof(da->name)) {
		RTE_LOG(ERR, EAL, "device '%s': its name must have 1 to %zu characters\n", dev, sizeof(da->name) - 1);
		return -EINVAL;
	}
	rte_strlcpy(da->name, text, len + 1);
	if (da->bus == NULL)
		da->bus = rte_bus_find(NULL, bus_knows_name, da->name);
	else if (bus_knows_name(da->bus, da->name) != 0)
		da->bus = NULL;
	if (da->bus == NULL)
		da->bus = fallback;
	if (da->bus == NULL) {
		RTE_LOG(ERR, EAL, "device '%s': no bus or driver knows this name; check its spelling\n", da->name);
		return -EFAULT;
	}
	da->data = strdup(comma != NULL ? comma + 1 : "");
	if (da->data == NULL)
		return -ENOMEM;
	da->args = da->data;
	return 0;
}

int
rte_devargs_parse(struct rte_devargs *da, const char *dev)
{
	return parse(da, dev, NULL);
}

int
rte_devargs_parsef(struct rte_devargs *da, const char *format, ...)
{
	va_list ap;
	char *text;
	int len, ret;

	if (da == NULL)
		return -EINVAL;
	va_start(ap, format);
	len = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (len < 0)
		return -EINVAL;
	text = malloc((size_t)len + 1);
	if (text == NULL)
		return -ENOMEM;
	va_start(ap, format);
	vsnprintf(text, (size_t)len + 1, format, ap);
	va_end(ap);
	ret = rte_devargs_parse(da, text);
	free(text);
	return ret;
}

void
rte_devargs_reset(struct rte_devargs *da)
{
	if (da == NULL)
		return;
	free(da->data);
	da->data = NULL;
	da->args = NULL;
}

static struct rte_devargs *
find_listed(const struct rte_devargs *like)
{
	struct rte_devargs *da;

	TAILQ_FOREACH(da, &list, next)
		if (da->bus == like->bus && strcmp(da->name, like->name) == 0)
			return da;
	return NULL;
}

int
rte_devargs_insert(struct rte_devargs **da)
{
	struct rte_devargs *listed;

	if (da == NULL || *da == NULL || (*da)->bus == NULL)
		return -EINVAL;
	listed = find_listed(*da);
	if (listed == NULL) {
		TAILQ_INSERT_TAIL(&list, *da, next);
		return 0;
	}
	if (listed != *da) {
		/* A device may hold a pointer to the listed one, so that one stays and takes the new contents. */
		rte_devargs_reset(listed);
		listed->type = (*da)->type;
		listed->policy = (*da)->policy;
		listed->data = (*da)->data;
		listed->args = (*da)->args;
		free(*da);
		*da = listed;
	}
	return 0;
}

int
rte_devargs_add(enum rte_devtype devtype, const char *devargs_str)
{
	struct rte_devargs *da = calloc(1, sizeof(*da));
	int ret;

	if (da == NULL)
		return -ENOMEM;
	/* --vdev says what it is: its bus refuses an unknown driver better, by naming those there are. */
	ret = parse(da, devargs_str, devtype == RTE_DEVTYPE_VIRTUAL ? rte_bus_find_by_name("vdev") : NULL);
	da->type = devtype;
	da->policy = devtype == RTE_DEVTYPE_BLOCKED ? RTE_DEV_BLOCKED : RTE_DEV_ALLOWED;
	if (ret == 0)
		ret = rte_devargs_insert(&da);
	if (ret != 0) {
		rte_devargs_reset(da);
		free(da);
		return ret;
	}
	eal_bus_note_policy(da);
	return 0;
}

int
rte_devargs_remove(struct rte_devargs *devargs)
{
	struct rte_devargs *listed;

	if (devargs == NULL)
		return -1;
	listed = find_listed(devargs);
	if (listed == NULL)
		return 1;
	TAILQ_REMOVE(&list, listed, next);
	rte_devargs_reset(listed);
	free(listed);
	return 0;
}

unsigned int
rte_devargs_type_count(enum rte_devtype devtype)
{
	struct rte_devargs *da;
	unsigned int n = 0;

	TAILQ_FOREACH(da, &list, next)
		n += da->type == devtype;
	return n;
}

void
rte_devargs_dump(FILE *f)
{
	static const char *const types[] = { "allow", "block", "vdev" };
	struct rte_devargs *da;

	fprintf(f, "User device list:\n");
	TAILQ_FOREACH(da, &list, next)
		fprintf(f, "  [%s %s]: %s %s\n", types[da->type], rte_bus_name(da->bus), da->name, da->args);
}

struct rte_devargs *
rte_devargs_next(const char *busname, const struct rte_devargs *start)
{
	struct rte_devargs *da = start != NULL ? TAILQ_NEXT(start, next) : TAILQ_FIRST(&list);

	while (da != NULL && busname != NULL && strcmp(rte_bus_name(da->bus), busname) != 0)
		da = TAILQ_NEXT(da, next);
	return da;
}

void
eal_devargs_reset_all(void)
{
	struct rte_devargs *da;

	while ((da = TAILQ_FIRST(&list)) != NULL) {
		TAILQ_REMOVE(&list, da, next);
		rte_devargs_reset(da);
		free(da);
	}
}
