/* SPDX-License-Identifier: BSD-3-Clause
 *
 * wdpdk-dataplane: from start to end. EAL, ports, first snapshot, control, forwarding; and all of it back.
 *
 * Threads: main forwards (with the worker lcores); the supervisor ends the run; the builder makes snapshots; control serves clients.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#include "address_text.h"
#include "builder_thread.h"
#include "config_file.h"
#include "control.h"
#include "engine_os.h"
#include "lcore.h"
#include "options.h"
#include "report.h"
#include "report_summary.h"

#define EXIT_FAILED 1
#define EXIT_USAGE 2
#define END_OF_CAPTURE_POLL_MS 5
#define WIRES_DRAIN_POLLS 200 /* a second */

static struct options options = { .instance = "default", .forward = -1, .rxq = 1 };
static struct engine_event *stop_event;
static const char *stop_reason;
static uint64_t started_tsc;

/* Any thread and signal handler; the first reason stands. */
static void
request_stop(const char *reason)
{
	const char *none = NULL;

	__atomic_compare_exchange_n(&stop_reason, &none, reason, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	engine_event_signal(stop_event);
}

static double
seconds_since_start(void)
{
	return (double)(rte_rdtsc() - started_tsc) / (double)rte_get_tsc_hz();
}

/* ---- the supervisor ---- */

static int
ms_to_wait(void)
{
	double left = options.seconds - seconds_since_start();

	if (options.stop_at_end)
		return END_OF_CAPTURE_POLL_MS;
	if (options.seconds <= 0)
		return -1;
	return left <= 0 ? 0 : left > 1000 ? 1000000 : (int)(left * 1000) + 1;
}

/*
 * The captures have ended, and so has what came of them: nothing waits in a wire, at two looks, since between leaving one
 * port and entering another frames are in an lcore's hands. Frames that go round in circles are not waited for.
 */
static bool
all_is_forwarded(void)
{
	static unsigned int looks, looks_without_frames;
	bool ended, waiting;

	if (!ports_have_finite_capture(&ended) || !ended)
		return false;
	if (!ports_hold_frames(&waiting) || ++looks > WIRES_DRAIN_POLLS)
		return true;
	looks_without_frames = waiting ? 0 : looks_without_frames + 1;
	return looks_without_frames == 2;
}

static void *
supervise(void *context)
{
	(void)context;
	while (!engine_event_wait(stop_event, ms_to_wait())) {
		if (options.seconds > 0 && seconds_since_start() >= options.seconds)
			break;
		if (options.stop_at_end && all_is_forwarded())
			break;
	}
	/* While lcores still forward: queues are detached in an orderly way, and clients hear why. */
	if (!options.no_control)
		control_stop();
	lcores_stop();
	return NULL;
}

/* ---- configuration ---- */

/* The other of the pair 0-1, 2-3, ..., else the port itself. */
static uint16_t
partner(uint16_t port, uint32_t mask)
{
	return mask >> (port ^ 1) & 1 ? port ^ 1 : port;
}

/* 0, or EXIT_USAGE after an error that names a prefix that is there twice. */
static int
check_routes(struct forwarding_config *config)
{
	struct config_issues issues = { 0 };
	int result = forwarding_config_finish(config, &issues) == 0 ? 0 : EXIT_USAGE;

	for (uint32_t i = 0; i < issues.count; i++)
		fprintf(stderr, "wdpdk-dataplane: --route: %s (counted from 0). Give each prefix once.\n", issues.list[i].message);
	config_issues_free(&issues);
	if (result != 0)
		forwarding_config_free(config);
	return result;
}

static int
config_from_options(uint32_t mask, struct forwarding_config *config)
{
	int mode = options.forward >= 0 ? options.forward : options.route_count > 0 ? PORT_MODE_L3FWD : PORT_MODE_IO;
	uint16_t last = (uint16_t)(31 - __builtin_clz(mask));

	memset(config, 0, sizeof(*config));
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++)
		if (mask >> port & 1) {
			port_config_defaults(&config->ports[port], (enum port_mode)mode, port);
			config->ports[port].to = partner(port, mask);
		}
	for (uint32_t i = 0; i < options.route_count; i++) {
		char text[CIDR_TEXT];

		if (mask >> options.routes[i].via & 1)
			continue;
		cidr_to_text(&options.routes[i], text);
		fprintf(stderr, "wdpdk-dataplane: --route %s=%u: port %u does not exist; the highest is %u.\n", text,
			options.routes[i].via, options.routes[i].via, last);
		return EXIT_USAGE;
	}
	if (mode == PORT_MODE_L3FWD && options.route_count == 0) {
		struct route_config defaults[] = { { .ipv6 = false, .via = last }, { .ipv6 = true, .via = last } };

		config->routes = calloc(RTE_DIM(defaults), sizeof(defaults[0]));
		for (size_t i = 0; config->routes != NULL && i < RTE_DIM(defaults); i++) {
			route_default_next_hop(&defaults[i]);
			config->routes[config->route_count++] = defaults[i];
		}
		fprintf(stderr, "wdpdk-dataplane: no --route: 0.0.0.0/0 and ::/0 lead to port %u.\n", last);
	} else if (options.route_count > 0) {
		config->routes = calloc(options.route_count, sizeof(config->routes[0]));
		if (config->routes != NULL)
			memcpy(config->routes, options.routes, options.route_count * sizeof(config->routes[0]));
		config->route_count = options.route_count;
	} else {
		return 0;
	}
	if (config->routes != NULL)
		return check_routes(config);
	fputs("wdpdk-dataplane: no memory for the routes.\n", stderr);
	return EXIT_FAILED;
}

static int
make_config(uint32_t mask, struct forwarding_config *config)
{
	struct config_file file;

	if (options.config_file == NULL)
		return config_from_options(mask, config);
	if (config_file_read(options.config_file, mask, &file) != 0)
		return EXIT_USAGE;
	if (options.idle == IDLE_UNSET && file.idle[0] != '\0')
		idle_from_text(file.idle, &options.idle);
	if (!file.has_forwarding)
		return config_from_options(mask, config);
	*config = file.forwarding;
	return 0;
}

/* ---- the run ---- */

static void
print_ready(const char *endpoint)
{
	struct arena *arena = arena_create(1 << 16);
	struct value *ready = value_new_map(arena);

	value_set_string(arena, ready, "event", "ready");
	value_set_string(arena, ready, "instance", options.instance);
	value_set_u64(arena, ready, "pid", engine_os_pid());
	if (endpoint == NULL)
		value_set(arena, ready, "endpoint");
	else
		value_set_string(arena, ready, "endpoint", endpoint);
	value_set_string(arena, ready, "version", WDPDK_VERSION);
	value_write_json(ready, stdout);
	putchar('\n');
	fflush(stdout);
	arena_destroy(arena);
}

static int
start_control(void)
{
	struct control_options control = {
		.instance = options.instance, .watch_stdin = !options.ignore_stdin, .request_stop = request_stop,
	};
	char endpoint[512] = "";

	if (!options.no_control && control_start(&control, endpoint, sizeof(endpoint)) != 0)
		return -1;
	if (options.json_ready)
		print_ready(options.no_control ? NULL : endpoint);
	return 0;
}

static int
forward(void)
{
	pthread_t supervisor;

	if (start_control() != 0)
		return EXIT_FAILED;
	engine_os_watch_stop(request_stop);
	started_tsc = rte_rdtsc();
	if (rte_ctrl_thread_create(&supervisor, "wdpdk-supervise", NULL, supervise, NULL) != 0) {
		fputs("wdpdk-dataplane: cannot start a thread: the system has no room for more.\n", stderr);
		if (!options.no_control)
			control_stop();
		return EXIT_FAILED;
	}
	lcores_run();
	pthread_join(supervisor, NULL);
	return 0;
}

/* With all ports started. Takes the config's routes over when it succeeds. */
static int
run_ports(struct forwarding_config *config, double *seconds)
{
	bool ended;
	int result;

	if (options.stop_at_end && !ports_have_finite_capture(&ended)) {
		fputs("wdpdk-dataplane: --stop-at-end: no port reads a capture that ends. Name one: --vdev net_pcap0,rx_pcap=FILE "
			"(without infinite_rx).\n", stderr);
		return EXIT_USAGE;
	}
	if (!options.no_control) {
		void *area = control_counters_area(lcore_count);

		if (area == NULL)
			return EXIT_FAILED;
		report_use_counters(area, lcore_count);
	}
	if (!counters_prepare(lcore_count) || builder_start(config, options.hold) != 0) {
		fputs("wdpdk-dataplane: no memory for the configuration. Allow more with the EAL option -m MEGABYTES.\n", stderr);
		return EXIT_FAILED;
	}
	result = forward();
	*seconds = seconds_since_start();
	builder_stop();
	return result;
}

static int
run(void)
{
	struct forwarding_config config;
	double seconds = 0;
	uint32_t mask;
	bool whole;
	int result;

	if (ports_find(&mask) != 0)
		return EXIT_FAILED;
	result = make_config(mask, &config);
	if (result != 0)
		return result;
	lcores_assign(mask, options.rxq, options.idle == IDLE_ADAPTIVE);
	result = ports_start(lcore_count) != 0 || lcores_prepare() != 0 ? EXIT_FAILED : run_ports(&config, &seconds);
	lcores_free();
	whole = ports_stop();
	forwarding_config_free(&config);
	if (result == 0 && stop_reason != NULL)
		fprintf(stderr, "wdpdk-dataplane: ended: %s\n", stop_reason);
	if (result == 0 && summary_print(options.instance, seconds, options.json,
		options.no_control ? NULL : control_report_clients) != 0)
		result = EXIT_FAILED;
	return result == 0 && !whole ? EXIT_FAILED : result;
}

int
main(int argc, char **argv)
{
	int used, taken, result;

	if (options_check_eal_part(&options, argc, argv) != 0)
		return EXIT_USAGE;
	for (used = 1; used < argc && strcmp(argv[used], "--") != 0; used++)
		;
	if (used < argc && options_parse(&options, argc - used, argv + used) != 0)
		return EXIT_USAGE;
	if (options.help || options.version) {
		options.help ? options_print_help() : (void)printf("wdpdk-dataplane %s\n", WDPDK_VERSION);
		return 0;
	}
	stop_event = engine_event_create();
	if (stop_event == NULL)
		return EXIT_FAILED;
	taken = rte_eal_init(argc, argv);
	if (taken < 0) {
		fprintf(stderr, "wdpdk-dataplane: the EAL did not start: %s. See the messages above, and --help.\n", rte_strerror(rte_errno));
		return rte_errno == EINVAL ? EXIT_USAGE : EXIT_FAILED;
	}
	/* Words that are no options are left over by the EAL, behind its own and any "--". */
	if (taken < RTE_MIN(used, argc - 1)) {
		fprintf(stderr, "wdpdk-dataplane: unknown argument '%s'; options of its own go after '--', see --help\n", argv[taken + 1]);
		rte_eal_cleanup();
		return EXIT_USAGE;
	}
	result = run();
	rte_eal_cleanup();
	options_free(&options);
	return result;
}
