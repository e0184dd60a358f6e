/* SPDX-License-Identifier: BSD-3-Clause */
#include "net_ring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_kvargs.h>

struct parsing {
	struct net_ring_args *args;
	char *error;
};

static int
take_number(const struct parsing *parsing, const char *key, const char *value, unsigned int most, unsigned int *number)
{
	char *end = NULL;
	unsigned long long n = value != NULL && value[0] >= '0' && value[0] <= '9' ? strtoull(value, &end, 10) : 0;

	if (end == NULL || *end != '\0' || n == 0 || n > most) {
		snprintf(parsing->error, NET_RING_ERROR, "%s=%s; it takes a number from 1 to %u", key, value == NULL ? "" : value,
			most);
		return -EINVAL;
	}
	*number = (unsigned int)n;
	return 0;
}

static int
take_size(const struct parsing *parsing, const char *value)
{
	unsigned int size = 0;

	if (take_number(parsing, "size", value, NET_RING_MAX_SIZE, &size) != 0 || size < 2 || !rte_is_power_of_2(size)) {
		snprintf(parsing->error, NET_RING_ERROR, "size=%s; it takes a power of two from 2 to %u, of which one entry stays free",
			value == NULL ? "" : value, NET_RING_MAX_SIZE);
		return -EINVAL;
	}
	parsing->args->size = size;
	return 0;
}

static int
take_mac(const struct parsing *parsing, const char *value)
{
	struct net_ring_args *args = parsing->args;

	if (value == NULL || rte_ether_unformat_addr(value, &args->mac) != 0 || !rte_is_valid_assigned_ether_addr(&args->mac)) {
		snprintf(parsing->error, NET_RING_ERROR, "mac=%s; it takes a unicast address as 02:00:00:00:00:01",
			value == NULL ? "" : value);
		return -EINVAL;
	}
	args->has_mac = true;
	return 0;
}

static int
take_wire(const struct parsing *parsing, const char *value)
{
	if (value == NULL || value[0] == '\0' || strlen(value) >= NET_RING_NAME) {
		snprintf(parsing->error, NET_RING_ERROR, "wire=%s; a wire's name has 1 to %d bytes", value == NULL ? "" : value,
			NET_RING_NAME - 1);
		return -EINVAL;
	}
	snprintf(parsing->args->wire, NET_RING_NAME, "%s", value);
	return 0;
}

/* NAME:NODE:CREATE or NAME:NODE:ATTACH */
static int
take_action(const struct parsing *parsing, const char *value)
{
	struct net_ring_args *args = parsing->args;
	struct net_ring_node_action *action = &args->action[args->actions];
	const char *node = value == NULL ? NULL : strchr(value, ':');
	char *what = NULL;
	long number = 0;

	if (args->actions == RTE_DIM(args->action)) {
		snprintf(parsing->error, NET_RING_ERROR, "more than %u times nodeaction; make another device", args->actions);
		return -EINVAL;
	}
	errno = 0;
	if (node != NULL)
		number = strtol(node + 1, &what, 10);
	if (node == NULL || node == value || (size_t)(node - value) >= sizeof(action->name) || what == node + 1 || *what != ':' ||
			errno != 0 || number < SOCKET_ID_ANY || number >= RTE_MAX_NUMA_NODES ||
			(strcmp(what, ":CREATE") != 0 && strcmp(what, ":ATTACH") != 0)) {
		snprintf(parsing->error, NET_RING_ERROR,
			"nodeaction=%s; it takes NAME:NODE:CREATE or NAME:NODE:ATTACH, NODE the number of a NUMA node",
			value == NULL ? "" : value);
		return -EINVAL;
	}
	memcpy(action->name, value, (size_t)(node - value));
	action->name[node - value] = '\0';
	action->node = (int)number;
	action->create = strcmp(what, ":CREATE") == 0;
	args->actions++;
	return 0;
}

static int
take_argument(const char *key, const char *value, void *opaque)
{
	const struct parsing *parsing = opaque;

	if (strcmp(key, "wire") == 0)
		return take_wire(parsing, value);
	if (strcmp(key, "queues") == 0)
		return take_number(parsing, key, value, NET_RING_QUEUES, &parsing->args->queues);
	if (strcmp(key, "size") == 0)
		return take_size(parsing, value);
	if (strcmp(key, "mac") == 0)
		return take_mac(parsing, value);
	if (strcmp(key, "nodeaction") == 0)
		return take_action(parsing, value);
	snprintf(parsing->error, NET_RING_ERROR,
		"unknown argument '%s'; there are wire=NAME, queues=N, size=N, mac=ADDRESS and nodeaction=NAME:NODE:CREATE|ATTACH", key);
	return -EINVAL;
}

int
net_ring_parse_args(const char *arguments, struct net_ring_args *args, char *error)
{
	struct parsing parsing = { args, error };
	struct rte_kvargs *list = rte_kvargs_parse(arguments, NULL);
	int failed;

	memset(args, 0, sizeof(*args));
	if (list == NULL) {
		snprintf(error, NET_RING_ERROR, "the arguments '%s' are no list of key=value, or too long a one", arguments);
		return -EINVAL;
	}
	failed = rte_kvargs_process(list, NULL, take_argument, &parsing) == 0 ? 0 : -EINVAL;
	rte_kvargs_free(list);
	if (failed == 0 && args->actions > 0 && (args->wire[0] != '\0' || args->queues > 0 || args->size > 0 || args->has_mac)) {
		snprintf(error, NET_RING_ERROR, "nodeaction stands alone: it makes %d rings of %u entries by itself", NET_RING_QUEUES,
			NET_RING_DEFAULT_SIZE);
		failed = -EINVAL;
	}
	return failed;
}
