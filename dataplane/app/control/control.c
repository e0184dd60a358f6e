/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control thread: starts, ticks, ends. It owns the server's state; everyone else asks it by a wake.
 */
#include <stdlib.h>
#include <string.h>

#include "doorbell.h"
#include "report.h"
#include "server.h"

#define TICK_MS 250
/* So often links are looked at. */
#define POLL_MS 100
/* An orderly end waits this long for the builder to detach every queue, and for clients to take their goodbyes. */
#define STOP_NS UINT64_C(3000000000)

struct server server = { .registry = PTHREAD_MUTEX_INITIALIZER };

static void
print_error(const struct os_error *error)
{
	fprintf(stderr, "wdpdk-dataplane: %s: %s.%s%s\n", error->object, error->cause, error->remedy[0] == '\0' ? "" : " ",
		error->remedy);
}

static void
woken(void *context)
{
	(void)context;
	jobs_finish();
	events_take_undone();
	queue_close_broken();
}

static void
stdin_ended(void *context)
{
	(void)context;
	if (server.options.request_stop != NULL)
		server.options.request_stop("stdin closed");
}

static void
attention(void *context)
{
	(void)context;
	os_transport_wake(server.transport);
}

static void
tick(uint64_t *last)
{
	uint64_t now = os_monotonic_ns();

	events_watch_links(now);
	queue_close_removed();
	if (now - *last < TICK_MS * UINT64_C(1000000))
		return;
	*last = now;
	peer_expire(now);
	client_watch_processes();
	queue_close_broken();
	queue_close_late();
	hold_release_late();
	stalls_watch(now);
}

static void
say_goodbye(void)
{
	struct arena *arena = arena_create(65536);
	struct value *map = value_new_map(arena);

	value_set_string(arena, map, "reason", "shutdown");
	for (struct client *client = server.clients; client != NULL; client = client->next) {
		struct queue *next;

		if (client->control != NULL)
			notify(client->control, "goodbye", arena, map);
		for (struct queue *queue = client->queues; queue != NULL; queue = next) {
			next = queue->next;
			queue_close(queue, WDPDK_CLOSE_SHUTDOWN);
		}
	}
	arena_destroy(arena);
}

/* Queues that the builder did not give back in time stay mapped: an lcore may still be in them. Those that are being opened are a
 * worker's, and nobody was told of them. */
static void
close_in_band(void)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
			if (queue->state != QUEUE_OPENING)
				shm_segment_close(queue->segment.base, WDPDK_CLOSE_SHUTDOWN);
}

static void *
run(void *unused)
{
	uint64_t last = os_monotonic_ns(), until;

	(void)unused;
	while (!__atomic_load_n(&server.stop, __ATOMIC_ACQUIRE)) {
		os_transport_poll(server.transport, server.waiting_peers > 0 ? 0 : POLL_MS);
		peers_continue();
		tick(&last);
		events_tell();
	}
	server.stopping = 1;
	os_transport_stop_listening(server.transport);
	say_goodbye();
	until = os_monotonic_ns() + STOP_NS;
	while (server.queue_count > 0 && os_monotonic_ns() < until) {
		os_transport_poll(server.transport, 20);
		jobs_finish();
	}
	close_in_band();
	for (struct peer *peer = server.peers; peer != NULL; peer = peer->next)
		os_connection_end(peer->connection);
	while (server.peers != NULL && os_monotonic_ns() < until)
		os_transport_poll(server.transport, 20);
	return NULL;
}

static uint32_t
first_index(void)
{
	/* For tests: where the rings' free-running indexes begin, so that they wrap early. */
	const char *text = getenv("WDPDK_FIRST_INDEX");

	return text == NULL ? 0 : (uint32_t)strtoul(text, NULL, 0);
}

static unsigned int
count_segments(void)
{
	return __atomic_load_n(&server.queue_count, __ATOMIC_RELAXED);
}

int
control_start(const struct control_options *options, char *endpoint, size_t endpoint_size)
{
	static const struct os_events events = { .opened = peer_opened, .received = peer_received, .closed = peer_closed,
		.woken = woken, .stdin_ended = stdin_ended };
	struct os_error error;
	struct os_transport *transport;

	server.options = *options;
	server.first_index = first_index();
	server.stop = server.stopping = 0;
	report_count_segments(count_segments);
	if (!os_instance_name_ok(options->instance, &error)) {
		print_error(&error);
		return -1;
	}
	snprintf(server.instance, sizeof(server.instance), "%s", options->instance);
	transport = os_transport_open(options->instance, &events, NULL, endpoint, endpoint_size, &error);
	if (transport == NULL) {
		print_error(&error);
		return -1;
	}
	pthread_mutex_lock(&server.registry);
	server.transport = transport;
	pthread_mutex_unlock(&server.registry);
	if (options->watch_stdin)
		os_transport_watch_stdin(transport);
	if (workers_start() == 0 && doorbell_start(attention, NULL) == 0) {
		server.thread = os_thread_start("wdpdk-control", run, NULL);
		if (server.thread != NULL)
			return 0;
		doorbell_stop();
	}
	workers_stop();
	os_error_set(&error, options->instance, "Raise the limit of threads or processes (ulimit -u), or free memory",
		"the control threads could not be started");
	print_error(&error);
	pthread_mutex_lock(&server.registry);
	server.transport = NULL;
	pthread_mutex_unlock(&server.registry);
	os_transport_close(transport);
	return -1;
}

void *
control_counters_area(unsigned int lcores)
{
	const char *wrong = shm_layout_counters(&server.counters_layout, lcores);
	struct os_error error;

	builder_watch_undone(events_undone);
	if (wrong != NULL) {
		os_error_set(&error, "counters", "Enable fewer lcores (-l)", "%s", wrong);
	} else if (os_random(&server.counters_layout.generation, sizeof(server.counters_layout.generation)) != 0) {
		os_error_set(&error, "counters", "Restart the machine", "the system gave no random bytes");
	} else if (os_segment_create(&server.counters, server.counters_layout.total, true, &error) == 0) {
		server.counters_layout.generation |= 1;
		shm_segment_write(server.counters.base, &server.counters_layout, 0);
		shm_segment_live(server.counters.base);
		return (uint8_t *)server.counters.base + server.counters_layout.areas[0].offset;
	}
	print_error(&error);
	return NULL;
}

void
control_stop(void)
{
	struct os_transport *transport = server.transport;

	if (server.thread == NULL)
		return;
	__atomic_store_n(&server.stop, 1, __ATOMIC_RELEASE);
	os_transport_wake(transport);
	os_thread_join(server.thread);
	server.thread = NULL;
	workers_stop();
	doorbell_stop();
	pthread_mutex_lock(&server.registry);
	server.transport = NULL;
	pthread_mutex_unlock(&server.registry);
	os_transport_close(transport);
	/* The counters stay: lcores may still count, and the final report reads them. What observers have mapped says that we ended. */
	if (server.counters.base != NULL)
		shm_segment_close(server.counters.base, WDPDK_CLOSE_SHUTDOWN);
}
