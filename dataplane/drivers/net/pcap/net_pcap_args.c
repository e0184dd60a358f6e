/* SPDX-License-Identifier: BSD-3-Clause */
#include "net_pcap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_kvargs.h>

struct parsing {
	struct net_pcap_args *args;
	char *error;
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %XX stands for one byte; a '%' without two hex digits after it for itself. False when it does not fit. */
static bool
decode_path(const char *encoded, char *path)
{
	size_t length = 0;

	for (; *encoded != '\0'; encoded++) {
		int high = *encoded == '%' ? hex_digit(encoded[1]) : -1;
		int low = high < 0 ? -1 : hex_digit(encoded[2]);

		if (length + 1 >= NET_PCAP_PATH)
			return false;
		path[length++] = low < 0 ? *encoded : (char)(high << 4 | low);
		if (low >= 0)
			encoded += 2;
	}
	path[length] = '\0';
	return strlen(path) == length && length > 0;
}

static int
take_path(const struct parsing *parsing, const char *key, const char *value, char paths[][NET_PCAP_PATH],
	unsigned int *files)
{
	if (*files == NET_PCAP_MAX_QUEUES) {
		snprintf(parsing->error, NET_PCAP_ERROR, "more than %d %s files; a port has at most %d queues each way",
			NET_PCAP_MAX_QUEUES, key, NET_PCAP_MAX_QUEUES);
		return -EINVAL;
	}
	if (value == NULL || !decode_path(value, paths[*files])) {
		snprintf(parsing->error, NET_PCAP_ERROR,
			"%s needs a path of 1 to %d bytes without zero bytes: %s=FILE (write %%2C for a "
			"comma, %%25 for a per cent sign)", key, NET_PCAP_PATH - 1, key);
		return -EINVAL;
	}
	(*files)++;
	return 0;
}

static int
take_rate(const struct parsing *parsing, const char *value)
{
	char *end = NULL;
	unsigned long long rate = value != NULL && value[0] >= '0' && value[0] <= '9' ? strtoull(value, &end, 10) : 0;

	if (end == NULL || *end != '\0' || rate == 0 || rate > 1000000000) {
		snprintf(parsing->error, NET_PCAP_ERROR, "rx_pps=%s; it takes 1 to 1000000000 frames a second",
			value == NULL ? "" : value);
		return -EINVAL;
	}
	parsing->args->rx_pps = rate;
	return 0;
}

static int
take_argument(const char *key, const char *value, void *opaque)
{
	const struct parsing *parsing = opaque;
	struct net_pcap_args *args = parsing->args;

	if (strcmp(key, "rx_pcap") == 0)
		return take_path(parsing, key, value, args->rx_path, &args->rx_files);
	if (strcmp(key, "tx_pcap") == 0)
		return take_path(parsing, key, value, args->tx_path, &args->tx_files);
	if (strcmp(key, "infinite_rx") == 0) {
		if (value != NULL && (strcmp(value, "0") == 0 || strcmp(value, "1") == 0)) {
			args->infinite_rx = value[0] == '1';
			return 0;
		}
		snprintf(parsing->error, NET_PCAP_ERROR,
			"infinite_rx=%s; it takes 0 (deliver the capture once) or 1 (over and over)",
			value == NULL ? "" : value);
		return -EINVAL;
	}
	if (strcmp(key, "rx_pps") == 0)
		return take_rate(parsing, value);
	if (strstr(key, "iface") != NULL) {
		snprintf(parsing->error, NET_PCAP_ERROR, "%s: this driver reads and writes capture files, not live interfaces; "
			"capture first (tcpdump -i IFACE -w FILE) and give rx_pcap=FILE", key);
		return -EINVAL;
	}
	snprintf(parsing->error, NET_PCAP_ERROR,
		"unknown argument '%s'; there are rx_pcap=FILE, tx_pcap=FILE, infinite_rx=0|1 and rx_pps=RATE",
		key);
	return -EINVAL;
}

int
net_pcap_parse_args(const char *arguments, struct net_pcap_args *args, char *error)
{
	struct parsing parsing = { .args = args, .error = error };
	struct rte_kvargs *pairs;
	int failed;

	memset(args, 0, sizeof(*args));
	pairs = rte_kvargs_parse(arguments == NULL ? "" : arguments, NULL);
	if (pairs == NULL) {
		snprintf(error, NET_PCAP_ERROR,
			"cannot take '%s' apart; write key=value,key=value (%%2C for a comma inside a path)",
			arguments);
		return -EINVAL;
	}
	error[0] = '\0';
	failed = rte_kvargs_process(pairs, NULL, take_argument, &parsing);
	rte_kvargs_free(pairs);
	if (failed != 0)
		return -EINVAL;
	if (args->rx_files + args->tx_files == 0) {
		snprintf(error, NET_PCAP_ERROR,
			"no file given; add rx_pcap=FILE to receive from, tx_pcap=FILE to send to, or both");
		return -EINVAL;
	}
	return 0;
}
