/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERROR "wdpdk-dataplane: "

struct option {
	const char *name, *value, *help;
	size_t flag;				/* of options without a value: offset of the bool it sets */
	int (*take)(struct options *options, const char *text);	/* 0, or -1 after an error on stderr */
};

static int
take_instance(struct options *options, const char *text)
{
	options->instance = text;
	return 0;
}

static int
take_config(struct options *options, const char *text)
{
	options->config_file = text;
	return 0;
}

static int
take_forward(struct options *options, const char *text)
{
	char list[128];

	for (int mode = 0; mode < PORT_MODES; mode++) {
		if (strcmp(text, port_mode_names[mode]) == 0) {
			options->forward = mode;
			return 0;
		}
	}
	fprintf(stderr, ERROR "--forward %s: there is no such mode. Use %s.\n", text, port_mode_list(list, sizeof(list)));
	return -1;
}

static int
take_route(struct options *options, const char *text)
{
	struct route_config *more = realloc(options->routes, (options->route_count + 1) * sizeof(*more));
	char error[192];

	if (more == NULL || options->route_count >= WDPDK_LIMIT_ROUTES) {
		fprintf(stderr, ERROR "--route %s: no room for this many routes. Put them into a --config file.\n", text);
		options->routes = more == NULL ? options->routes : more;
		return -1;
	}
	options->routes = more;
	if (route_config_from_text(text, &more[options->route_count], error, sizeof(error)) != 0) {
		fprintf(stderr, ERROR "--route: %s.\n", error);
		return -1;
	}
	options->route_count++;
	return 0;
}

bool
idle_from_text(const char *text, enum idle_mode *out)
{
	if (strcmp(text, "poll") == 0)
		*out = IDLE_POLL;
	else if (strcmp(text, "adaptive") == 0)
		*out = IDLE_ADAPTIVE;
	else
		return false;
	return true;
}

static int
take_idle(struct options *options, const char *text)
{
	if (idle_from_text(text, &options->idle))
		return 0;
	fprintf(stderr, ERROR "--idle %s: there is no such way. Use poll (never sleep) or adaptive (sleep when idle).\n", text);
	return -1;
}

static int
take_rxq(struct options *options, const char *text)
{
	unsigned long queues;
	char *end;

	queues = strtoul(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && queues >= 1 && queues <= WDPDK_LIMIT_LANES) {
		options->rxq = (unsigned int)queues;
		return 0;
	}
	fprintf(stderr, ERROR "--rxq %s: that is no number of receive queues. Give one from 1 to %u.\n", text, WDPDK_LIMIT_LANES);
	return -1;
}

static int
take_seconds(struct options *options, const char *text)
{
	char *end;

	options->seconds = strtod(text, &end);
	if (end != text && *end == '\0' && isfinite(options->seconds) && options->seconds > 0 && options->seconds <= 1e9)
		return 0;
	fprintf(stderr, ERROR "--seconds %s: that is no duration. Give a number of seconds above 0, for example 10 or 0.5.\n", text);
	return -1;
}

#define FLAG(member) offsetof(struct options, member)

static const struct option table[] = {
	{ "instance", "NAME", "name that clients attach by (default: default)", 0, take_instance },
	{ "config", "FILE", "JSON: {\"forwarding\": {...}, \"idle\": \"poll\"}", 0, take_config },
	{ "forward", "MODE", "what all ports do (default: io, or l3fwd when routes are given)", 0, take_forward },
	{ "route", "CIDR=PORT", "a route of l3fwd; may be repeated", 0, take_route },
	{ "idle", "WAY", "poll: never sleep (default); adaptive: sleep when there is nothing to do", 0, take_idle },
	{ "rxq", "N", "receive queues of each port, shared among lcores by flow (default: 1)", 0, take_rxq },
	{ "seconds", "N", "end after N seconds", 0, take_seconds },
	{ "stop-at-end", NULL, "end when all captures that are read have been forwarded", FLAG(stop_at_end), NULL },
	{ "hold", NULL, "leave all frames where they are until a client releases them", FLAG(hold), NULL },
	{ "json", NULL, "the last line on stdout is a summary as one JSON object", FLAG(json), NULL },
	{ "json-ready", NULL, "print a line of JSON when clients can attach", FLAG(json_ready), NULL },
	{ "ignore-stdin", NULL, "do not end when the pipe on stdin closes", FLAG(ignore_stdin), NULL },
	{ "no-control", NULL, "no clients: open no endpoint", FLAG(no_control), NULL },
	{ "help", NULL, "show this and end", FLAG(help), NULL },
	{ "version", NULL, "show the version and end", FLAG(version), NULL },
};

/* The option that `argument` names with or without =VALUE; NULL: none. */
static const struct option *
find_option(const char *argument, const char **value)
{
	size_t length;

	if (strncmp(argument, "--", 2) != 0)
		return NULL;
	argument += 2;
	length = strcspn(argument, "=");
	*value = argument[length] == '=' ? argument + length + 1 : NULL;
	for (size_t i = 0; i < RTE_DIM(table); i++)
		if (strlen(table[i].name) == length && memcmp(table[i].name, argument, length) == 0)
			return &table[i];
	return NULL;
}

int
options_parse(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *value = NULL;
		const struct option *option = find_option(argv[i], &value);

		if (option == NULL) {
			fprintf(stderr, ERROR "%s: there is no such option. --help lists those there are.\n", argv[i]);
			return -1;
		}
		if (option->value == NULL && value != NULL) {
			fprintf(stderr, ERROR "--%s takes no value; leave \"=%s\" out.\n", option->name, value);
			return -1;
		}
		if (option->value == NULL) {
			*(bool *)(void *)((char *)options + option->flag) = true;
			continue;
		}
		if (value == NULL && i + 1 < argc)
			value = argv[++i];
		if (value == NULL || value[0] == '\0') {
			fprintf(stderr, ERROR "--%s needs a value: --%s %s\n", option->name, option->name, option->value);
			return -1;
		}
		if (option->take(options, value) != 0)
			return -1;
	}
	if (options->config_file != NULL && (options->forward >= 0 || options->route_count > 0)) {
		fprintf(stderr, ERROR "--config %s says how to forward; leave --forward and --route out, or the file.\n", options->config_file);
		return -1;
	}
	return 0;
}

void
options_free(struct options *options)
{
	free(options->routes);
	options->routes = NULL;
	options->route_count = 0;
}

int
options_check_eal_part(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *value;
		const struct option *option = find_option(argv[i], &value);

		if (strcmp(argv[i], "-h") == 0 || (option != NULL && strcmp(option->name, "help") == 0)) {
			options->help = true;
		} else if (strcmp(argv[i], "-v") == 0 || (option != NULL && strcmp(option->name, "version") == 0)) {
			options->version = true;
		} else if (option != NULL) {
			fprintf(stderr, ERROR "--%s is the dataplane's own option: write it behind \"--\", as in\n"
				"  wdpdk-dataplane [EAL options] -- --%s%s%s\n", option->name, option->name,
				option->value == NULL ? "" : " ", option->value == NULL ? "" : option->value);
			return -1;
		}
	}
	return 0;
}

void
options_print_help(void)
{
	char list[128];

	puts("wdpdk-dataplane [EAL options] -- [options]\n\nForwards packets between ports and hands them to clients.\n\nOptions:");
	for (size_t i = 0; i < RTE_DIM(table); i++) {
		char name[40];

		snprintf(name, sizeof(name), "--%s%s%s", table[i].name, table[i].value == NULL ? "" : " ",
			table[i].value == NULL ? "" : table[i].value);
		printf("  %-20s %s\n", name, table[i].help);
	}
	printf("\nModes of --forward: %s.\n"
		"  io, macswap and l2fwd send to the port beside (0 and 1, 2 and 3, ...); pktgen has its defaults.\n"
		"  A --config file says it port by port, with all fields.\n", port_mode_list(list, sizeof(list)));
	puts("\nEAL options that matter most:\n"
		"  -l CPUS              which CPUs forward, as 0 or 0,2-3\n"
		"  --vdev DEVICE        a port, may be repeated: net_pcap0,rx_pcap=FILE,tx_pcap=FILE for captures, net_null0 for none,\n"
		"                       net_ring0,wire=NAME twice for a wire, net_tap0,iface=NAME for the kernel (Linux),\n"
		"                       pci_model0,bar=FILE,dma=DIR for a card that a program plays\n"
		"  -a ADDRESS           a network card that igb_uio or uio_pci_generic holds, as 0000:65:00.0 (Linux, as root, huge pages)\n"
		"  --no-huge -m MB      plain memory instead of huge pages, and how much\n"
		"\nExamples:\n"
		"  Route a capture into another one and show what became of its frames:\n"
		"    wdpdk-dataplane -l 0 --no-huge --vdev net_pcap0,rx_pcap=in.pcap --vdev net_pcap1,tx_pcap=out.pcap \\\n"
		"      -- --route 0.0.0.0/0=1 --route ::/0=1 --stop-at-end --json\n"
		"  Loop a capture between two ports until Ctrl-C, for clients to attach to:\n"
		"    wdpdk-dataplane -l 0 --no-huge --vdev net_pcap0,rx_pcap=in.pcap,infinite_rx=1 --vdev net_null1 -- --idle adaptive\n"
		"\nThe exit code is 0 after an orderly end, 1 when something failed, 2 for wrong arguments.");
}
