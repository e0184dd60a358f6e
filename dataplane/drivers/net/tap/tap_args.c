/* SPDX-License-Identifier: BSD-3-Clause */
#include "tap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_kvargs.h>

struct parsing {
	struct tap_args *args;
	char *error;
};

static int
take_iface(const struct parsing *parsing, const char *value)
{
	if (value == NULL || value[0] == '\0' || strlen(value) >= TAP_NAME) {
		snprintf(parsing->error, TAP_ERROR, "iface=%.*s; it takes the name of an interface", TAP_NAME, value == NULL ? "" : value);
		return -EINVAL;
	}
	snprintf(parsing->args->os.name, TAP_NAME, "%s", value);
	return 0;
}

static int
take_mac(const struct parsing *parsing, const char *value)
{
	struct tap_args *args = parsing->args;

	if (value == NULL || rte_ether_unformat_addr(value, &args->mac) != 0 || !rte_is_valid_assigned_ether_addr(&args->mac)) {
		snprintf(parsing->error, TAP_ERROR, "mac=%.*s; it takes a unicast address as 02:00:00:00:00:01", TAP_NAME,
			value == NULL ? "" : value);
		return -EINVAL;
	}
	args->has_mac = true;
	return 0;
}

static int
take_queues(const struct parsing *parsing, const char *value)
{
	char *end = NULL;
	unsigned long queues = value != NULL && value[0] >= '0' && value[0] <= '9' ? strtoul(value, &end, 10) : 0;

	if (end == NULL || *end != '\0' || queues == 0 || queues > TAP_QUEUES) {
		snprintf(parsing->error, TAP_ERROR, "queues=%.*s; it takes a number from 1 to %d", TAP_NAME, value == NULL ? "" : value,
			TAP_QUEUES);
		return -EINVAL;
	}
	parsing->args->os.queues = (unsigned int)queues;
	return 0;
}

static int
take_persist(const struct parsing *parsing, const char *value)
{
	if (value != NULL && strcmp(value, "0") != 0 && strcmp(value, "1") != 0) {
		snprintf(parsing->error, TAP_ERROR, "persist=%.*s; it takes 0, 1 or no value", TAP_NAME, value);
		return -EINVAL;
	}
	parsing->args->os.persist = value == NULL || value[0] == '1';
	return 0;
}

static int
take_argument(const char *key, const char *value, void *opaque)
{
	const struct parsing *parsing = opaque;

	if (strcmp(key, "iface") == 0)
		return take_iface(parsing, value);
	if (strcmp(key, "mac") == 0)
		return take_mac(parsing, value);
	if (strcmp(key, "queues") == 0)
		return take_queues(parsing, value);
	if (strcmp(key, "persist") == 0)
		return take_persist(parsing, value);
	snprintf(parsing->error, TAP_ERROR, "unknown argument '%.*s'; there are iface=NAME, mac=ADDRESS, queues=N and persist", TAP_NAME,
		key);
	return -EINVAL;
}

int
tap_parse_args(const char *arguments, struct tap_args *args, char *error)
{
	struct parsing parsing = { args, error };
	struct rte_kvargs *list = rte_kvargs_parse(arguments, NULL);
	int failed;

	memset(args, 0, sizeof(*args));
	snprintf(args->os.name, TAP_NAME, "dtap%%d");
	args->os.queues = 1;
	if (list == NULL) {
		snprintf(error, TAP_ERROR, "the arguments are no list of key=value, or too long a one");
		return -EINVAL;
	}
	failed = rte_kvargs_process(list, NULL, take_argument, &parsing) == 0 ? 0 : -EINVAL;
	rte_kvargs_free(list);
	return failed;
}
