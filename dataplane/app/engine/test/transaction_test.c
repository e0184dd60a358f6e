/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Changes that wait for their confirmation, and writers that race, under traffic.
 */
#include <pthread.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "bed.h"

#include "check.h"

#define LONG_MS 60000u

static unsigned int undone_count;
static uint64_t undone_generation;
static uint32_t undone_author;

static void
was_undone(uint64_t generation, uint32_t author)
{
	__atomic_store_n(&undone_generation, generation, __ATOMIC_RELAXED);
	__atomic_store_n(&undone_author, author, __ATOMIC_RELAXED);
	__atomic_fetch_add(&undone_count, 1, __ATOMIC_RELEASE);
}

static unsigned int
times_undone(void)
{
	return __atomic_load_n(&undone_count, __ATOMIC_ACQUIRE);
}

static void
set(enum port_mode mode, uint8_t mac, uint32_t author, uint32_t confirm_ms)
{
	struct builder_change change = { .confirm_ms = confirm_ms, .author = author };
	struct forwarding_config config;

	bed_config(&config, mode, mac);
	builder_set_forwarding(&config, &change, bed_answered, NULL);
	bed_wait();
}

static void
confirm(uint64_t generation, uint32_t author)
{
	builder_confirm(generation, author, bed_answered, NULL);
	bed_wait();
}

static void
roll_back(uint64_t generation, uint32_t author)
{
	builder_rollback(generation, author, bed_answered, NULL);
	bed_wait();
}

/* The configuration in force: its mode and the mark in its route. */
static void
check_in_force(uint64_t generation, enum port_mode mode, uint8_t mac)
{
	struct forwarding_config config;
	uint64_t now;
	enum port_mode mode_now;
	uint8_t mac_now;

	CHECK_EQ(builder_get_forwarding(&config, &now), 0);
	mode_now = config.ports[0].mode;
	mac_now = config.routes[0].next_hop.addr_bytes[0];
	forwarding_config_free(&config);
	CHECK_EQ(now, generation);
	CHECK_EQ(now, builder_generation());
	CHECK_EQ(mode_now, mode);
	CHECK_EQ(mac_now, mac);
}

/* Frames go as the mode says: the port drops or it does not. */
static void
check_traffic(bool dropped)
{
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	/* What was counted late of the time before the change. */
	wait_for_frames(frames_received(), 2 * LCORE_BURST);
	port_counters(0, before);
	wait_for_frames(frames_received(), 10 * LCORE_BURST);
	port_counters(0, after);
	CHECK((after[PORT_COUNTER_DROP(WDPDK_DROP_MODE_DROP)] > before[PORT_COUNTER_DROP(WDPDK_DROP_MODE_DROP)]) == dropped);
	CHECK((after[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] > before[WDPDK_PORT_COUNTER_FORWARDED_PACKETS]) != dropped);
	CHECK(is_balanced());
}

static void
a_confirmed_change_stands(void)
{
	unsigned int undone = times_undone();
	uint64_t first;

	set(PORT_MODE_IO, 2, 7, 0);
	first = answer.generation;
	set(PORT_MODE_DROP, 4, 7, 200);
	CHECK(answer.code == NULL);
	CHECK_EQ(answer.previous, first);
	CHECK_EQ(answer.generation, first + 1);
	confirm(first + 1, 7);
	CHECK(answer.code == NULL);
	CHECK_EQ(answer.generation, first + 1);
	rte_delay_us_sleep(400000);
	check_in_force(first + 1, PORT_MODE_DROP, 4);
	CHECK_EQ(times_undone(), undone);
	confirm(first + 1, 7);
	CHECK_STR(answer.code, WDPDK_E_NOT_FOUND);
}

static void
an_unconfirmed_change_is_undone_in_time(void)
{
	uint64_t first, asked;
	unsigned int undone = times_undone();

	set(PORT_MODE_IO, 2, 7, 0);
	first = answer.generation;
	asked = rte_rdtsc();
	set(PORT_MODE_DROP, 4, 7, 300);
	check_in_force(first + 1, PORT_MODE_DROP, 4);
	check_traffic(true);
	while (times_undone() == undone)
		rte_delay_us_sleep(1000);
	CHECK(rte_rdtsc() - asked >= rte_get_tsc_hz() * 3 / 10);
	CHECK_EQ(undone_generation, first + 2);
	CHECK_EQ(undone_author, 7);
	check_in_force(first + 2, PORT_MODE_IO, 2);
	check_traffic(false);
	confirm(first + 1, 7);
	CHECK_STR(answer.code, WDPDK_E_NOT_FOUND);
	set(PORT_MODE_IO, 6, 8, 0);
	CHECK(answer.code == NULL);
}

static void
rollback_is_for_the_author(void)
{
	unsigned int undone = times_undone();
	uint64_t first;

	set(PORT_MODE_IO, 2, 7, 0);
	first = answer.generation;
	set(PORT_MODE_DROP, 4, 7, LONG_MS);
	roll_back(first + 1, 8);
	CHECK_STR(answer.code, WDPDK_E_NOT_FOUND);
	roll_back(first, 7);
	CHECK_STR(answer.code, WDPDK_E_NOT_FOUND);
	check_in_force(first + 1, PORT_MODE_DROP, 4);
	roll_back(first + 1, 7);
	CHECK(answer.code == NULL);
	CHECK_EQ(answer.generation, first + 2);
	CHECK_EQ(answer.previous, first + 1);
	CHECK_EQ(times_undone(), undone + 1);
	check_in_force(first + 2, PORT_MODE_IO, 2);
	check_traffic(false);
	roll_back(first + 1, 7);
	CHECK_STR(answer.code, WDPDK_E_NOT_FOUND);
}

static void
a_waiting_change_keeps_others_out(void)
{
	struct client_queue *queue = new_queue(32);
	uint64_t first;

	set(PORT_MODE_IO, 2, 7, 0);
	first = answer.generation;
	set(PORT_MODE_MACSWAP, 4, 7, LONG_MS);
	set(PORT_MODE_DROP, 6, 8, 0);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	CHECK(strstr(answer.message, "client 7") != NULL);
	set(PORT_MODE_DROP, 6, 7, LONG_MS);	/* not even the author */
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	check_in_force(first + 1, PORT_MODE_MACSWAP, 4);
	/* Queues and holds are not forwarding. */
	attach(queue, 1, 0, false, 0);
	CHECK(answer.code == NULL);
	detach(queue);
	builder_hold(true, bed_answered, NULL);
	bed_wait();
	builder_hold(false, bed_answered, NULL);
	bed_wait();
	confirm(first + 1, 7);
	CHECK(answer.code == NULL);
	set(PORT_MODE_DROP, 6, 8, 0);
	CHECK(answer.code == NULL);
	CHECK_EQ(answer.generation, first + 2);
}

static void
the_change_of_an_author_who_leaves_is_undone(void)
{
	unsigned int undone = times_undone();
	uint64_t first;

	set(PORT_MODE_IO, 2, 7, 0);
	first = answer.generation;
	set(PORT_MODE_DROP, 4, 7, LONG_MS);
	builder_author_left(8);
	confirm(first, 8);	/* an answer: what was asked before is done */
	CHECK_EQ(times_undone(), undone);
	builder_author_left(7);
	confirm(first, 8);
	CHECK_EQ(times_undone(), undone + 1);
	check_in_force(first + 2, PORT_MODE_IO, 2);
	check_traffic(false);
	builder_author_left(7);
	confirm(first, 8);
	check_in_force(first + 2, PORT_MODE_IO, 2);
}

static void
a_queue_that_came_meanwhile_stays(void)
{
	struct client_queue *queue = new_queue(32);

	set(PORT_MODE_IO, 2, 7, 0);
	set(PORT_MODE_DROP, 4, 7, LONG_MS);
	attach(queue, 1, 0, false, 0);
	roll_back(answer.generation, 7);
	CHECK(answer.code == NULL);
	wait_for_frames(&queue->frames, 1000);
	detach(queue);
	check_traffic(false);
}

/* ---- writers that race ---- */

#define WRITERS 3u
#define ROUNDS 200u

static struct writer {
	unsigned int won, refused, other;
	uint32_t author;
	uint32_t answered;
	struct builder_result result;
} writers[WRITERS];

static void
writer_answered(void *context, struct builder_result *result)
{
	struct writer *writer = context;

	writer->result = *result;
	__atomic_store_n(&writer->answered, 1, __ATOMIC_RELEASE);
}

/* Each writer changes what it has seen, and starts again when somebody was faster. */
static void *
write_on(void *context)
{
	struct writer *writer = context;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct builder_change change = { .if_generation = builder_generation(), .author = writer->author };
		struct forwarding_config config;

		bed_config(&config, PORT_MODE_IO, (uint8_t)(writer->author * 2));
		builder_set_forwarding(&config, &change, writer_answered, writer);
		while (!__atomic_exchange_n(&writer->answered, 0, __ATOMIC_ACQUIRE))
			rte_delay_us_sleep(20);
		if (writer->result.code == NULL && writer->result.previous == change.if_generation &&
			writer->result.generation == change.if_generation + 1)
			writer->won++;
		else if (writer->result.code != NULL && strcmp(writer->result.code, WDPDK_E_CONFLICT) == 0)
			writer->refused++;
		else
			writer->other++;
	}
	return NULL;
}

static void
of_racing_writers_one_wins(void)
{
	uint64_t first = builder_generation(), won = 0;
	pthread_t threads[WRITERS];

	for (unsigned int i = 0; i < WRITERS; i++) {
		writers[i].author = i + 1;
		CHECK_EQ(pthread_create(&threads[i], NULL, write_on, &writers[i]), 0);
	}
	for (unsigned int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	for (unsigned int i = 0; i < WRITERS; i++) {
		CHECK_EQ(writers[i].other, 0);
		CHECK_EQ(writers[i].won + writers[i].refused, ROUNDS);
		won += writers[i].won;
	}
	CHECK(won > 0);
	CHECK_EQ(builder_generation(), first + won);
	CHECK(is_balanced());
}

/* The dataplane ends while a change waits: nothing is left behind (the address sanitizer looks). */
static void
one_waits_at_the_end(void)
{
	set(PORT_MODE_IO, 2, 7, 0);
	set(PORT_MODE_DROP, 4, 7, LONG_MS);
	CHECK(answer.code == NULL);
}

static void
run_cases(void)
{
	RUN(a_confirmed_change_stands);
	RUN(an_unconfirmed_change_is_undone_in_time);
	RUN(rollback_is_for_the_author);
	RUN(a_waiting_change_keeps_others_out);
	RUN(the_change_of_an_author_who_leaves_is_undone);
	RUN(a_queue_that_came_meanwhile_stays);
	RUN(of_racing_writers_one_wins);
	RUN(one_waits_at_the_end);
}

int
main(int argc, char **argv)
{
	builder_watch_undone(was_undone);
	return bed_run(argc, argv, run_cases) ? check_summary() : 1;
}
