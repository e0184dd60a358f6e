/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Device arguments: parsing and the list of all that were given.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bus_driver.h>
#include <rte_class.h>
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

static int
class_is_named(const struct rte_class *cls, const void *data)
{
	return strcmp(cls->name, data);
}

/* The value of a key in "key=value,key=[a,b],...", up to its comma. NULL when there is no such key. */
static const char *
layer_value(const char *layer, const char *key, size_t *len)
{
	size_t key_len = strlen(key);
	const char *at = layer, *end;
	int depth;

	for (;;) {
		for (end = at, depth = 0; *end != '\0' && (*end != ',' || depth > 0); end++)
			depth += (*end == '[') - (*end == ']');
		if ((size_t)(end - at) > key_len && strncmp(at, key, key_len) == 0 && at[key_len] == '=') {
			*len = (size_t)(end - at) - key_len - 1;
			return at + key_len + 1;
		}
		if (*end == '\0')
			return NULL;
		at = end + 1;
	}
}

/* The value of a layer's first key into a buffer. 0, or -EINVAL when it is too long or missing. */
static int
copy_value(const char *layer, const char *key, char *buffer, size_t size)
{
	const char *value;
	size_t len;

	value = layer_value(layer, key, &len);
	if (value == NULL || len == 0 || len >= size)
		return -EINVAL;
	rte_strlcpy(buffer, value, len + 1);
	return 0;
}

static bool
begins_layer(const char *text, const char *key)
{
	size_t len = strlen(key);

	return strncmp(text, key, len) == 0 && text[len] == '=';
}

/* Cuts "bus=.../class=.../driver=..." (in da->data) at the slashes before a layer's key: values may have slashes. */
static int
cut_layers(struct rte_devargs *da)
{
	char *at = da->data, *cut;

	da->args = strchr(at, '\0');
	while (at != NULL) {
		for (cut = strchr(at, '/'); cut != NULL; cut = strchr(cut + 1, '/'))
			if (begins_layer(cut + 1, RTE_DEVARGS_KEY_CLASS) || begins_layer(cut + 1, RTE_DEVARGS_KEY_DRIVER))
				break;
		if (cut != NULL)
			*cut++ = '\0';
		if (begins_layer(at, RTE_DEVARGS_KEY_BUS) && da->bus_str == NULL)
			da->bus_str = at;
		else if (begins_layer(at, RTE_DEVARGS_KEY_CLASS) && da->cls_str == NULL)
			da->cls_str = at;
		else if (begins_layer(at, RTE_DEVARGS_KEY_DRIVER) && *da->args == '\0')
			da->args = at;
		else
			return -EINVAL;
		at = cut;
	}
	return 0;
}

/* The long way to name a device, by layers. */
static int
parse_layers(struct rte_devargs *da, const char *dev)
{
	char name[RTE_DEV_NAME_MAX_LEN];
	int ret;

	da->name[0] = '\0';
	da->data = strdup(dev);
	if (da->data == NULL)
		return -ENOMEM;
	ret = cut_layers(da);
	if (ret == 0 && da->bus_str != NULL) {
		ret = copy_value(da->bus_str, RTE_DEVARGS_KEY_BUS, name, sizeof(name));
		if (ret == 0) {
			da->bus = rte_bus_find_by_name(name);
			ret = da->bus != NULL ? 0 : -EFAULT;
		}
		if (ret == 0 && da->bus->devargs_parse != NULL)
			ret = da->bus->devargs_parse(da);
		else if (ret == 0 && copy_value(da->bus_str, "name", name, sizeof(name)) == 0)
			rte_strlcpy(da->name, name, sizeof(da->name));
	}
	if (ret == 0 && da->cls_str != NULL) {
		ret = copy_value(da->cls_str, RTE_DEVARGS_KEY_CLASS, name, sizeof(name));
		if (ret == 0) {
			da->cls = rte_class_find(NULL, class_is_named, name);
			ret = da->cls != NULL ? 0 : -EFAULT;
		}
	}
	if (ret != 0) {
		RTE_LOG(ERR, EAL, "device '%s': %s\n", dev,
			ret == -EFAULT ? "there is no such bus or class" : "not of the form bus=NAME,.../class=NAME,.../driver=NAME,...");
		rte_devargs_reset(da);
	}
	return ret;
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
	da->bus = NULL;
	da->cls = NULL;
	da->bus_str = da->cls_str = NULL;
	da->args = NULL;
	da->data = NULL;
	if (begins_layer(dev, RTE_DEVARGS_KEY_BUS) || begins_layer(dev, RTE_DEVARGS_KEY_CLASS))
		return parse_layers(da, dev);
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
	da->bus_str = da->cls_str = NULL;
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

	if (da == NULL || *da == NULL || (*da)->bus == NULL || (*da)->name[0] == '\0')
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
		listed->bus_str = (*da)->bus_str;
		listed->cls_str = (*da)->cls_str;
		listed->cls = (*da)->cls;
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
