/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What observers are told without asking, against the built executable: who comes and goes, changes of forwarding, clients that stopped
 * taking. And how long others wait while great segments are made.
 */
#include "hostile_bed.h"

#define NAME_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz-0123456789"
#define SETS 4000u

static struct peer *watcher;

static struct peer *
attach(const char *hello)
{
	struct peer *made = peer_attach(bed.endpoint, hello);

	CHECK(made != NULL);
	return made;
}

static void
who_comes_and_goes_is_told(void)
{
	struct peer *guest, *blind;
	const struct value *told;
	uint64_t id;

	watcher = attach(NULL);
	blind = attach("{\"major\":1,\"minor\":1,\"want\":[\"receive\"]}");
	told = peer_notification(watcher, "client.joined", 10000);
	CHECK_EQ(number(told, "client"), blind->client);
	for (unsigned int round = 0; round < 20; round++) {
		guest = attach("{\"major\":1,\"minor\":1,\"name\":\"guest\"}");
		id = guest->client;
		/* Those who were there before it came are no news, and neither is it to itself. */
		CHECK(peer_notification(guest, "client.joined", round == 0 ? 50 : 0) == NULL);
		told = peer_notification(watcher, "client.joined", 10000);
		CHECK_EQ(number(told, "client"), id);
		CHECK_STR(text(told, "name"), "guest");
		CHECK(number(told, "pid") > 0 && number(told, "pid") < UINT64_MAX);
		peer_detach(guest);
		told = peer_notification(watcher, "client.left", 10000);
		CHECK_EQ(number(told, "client"), id);
		CHECK_STR(text(told, "name"), "guest");
	}
	/* Who may not observe is told nothing. */
	CHECK(peer_notification(blind, "client.joined", 50) == NULL);
	CHECK(peer_notification(blind, "client.left", 0) == NULL);
	peer_detach(blind);
	peer_detach(watcher);
}

/* A watcher sleeps while far more happens than may wait for it. It is told of the last of it, and of nothing twice. */
static void
a_sleeping_watcher_gets_the_newest_only(void)
{
	static const char drop[] = "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}}}";
	uint64_t generation = 0, last = 0;
	unsigned int told = 0, ahead = 16;
	const struct value *news;

	watcher = attach(NULL);
	peer = attach("{\"major\":1,\"minor\":1,\"name\":\"" NAME_63 "\",\"want\":[\"configure\"]}");
	for (unsigned int i = 0; i < SETS + ahead; i++) {
		if (i < SETS)
			peer_request(peer, "forwarding.set", drop);
		if (i >= ahead) {
			struct value *result = peer_result(peer);

			/* More than may wait at a time is refused. */
			if (result != NULL)
				generation = number(result, "generation");
			else
				CHECK_STR(peer_code(), "WDPDK_E_LIMIT");
		}
		if (i == SETS / 2) {
			struct peer *guest = attach("{\"major\":1,\"minor\":1,\"name\":\"late\"}");

			peer_detach(guest);
		}
	}
	do {
		news = peer_notification(watcher, "config", 10000);
		CHECK(news != NULL);
		CHECK(number(news, "generation") > last);
		CHECK_STR(text(news, "by"), NAME_63);
		last = number(news, "generation");
		told++;
	} while (last < generation);
	printf("    %u changes, %u of them told to who slept\n", SETS, told);
	CHECK(told < SETS);
	CHECK(peer_notification(watcher, "config", 50) == NULL);
	peer_detach(peer);
	peer_detach(watcher);
	others_are_well();
}

/* ---- clients that stop taking ---- */

/* Whether the next that is told of this queue is that; the honest client's queue stalls in these tests, too. */
static bool
stall_told(uint64_t of, bool stalled, int timeout_ms)
{
	uint64_t until = peer_now_ms() + (uint64_t)timeout_ms;
	const struct value *told, *now;

	do {
		told = peer_notification(watcher, "stalled", (int)(until - peer_now_ms()));
		if (told == NULL)
			return false;
	} while (number(told, "queue") != of && peer_now_ms() < until);
	now = value_get(told, "stalled");
	return number(told, "client") == peer->client && value_is(now, VALUE_BOOL) && now->boolean == stalled;
}

static bool
reported_stalled(void)
{
	const struct value *clients = value_get(peer_call(honest, "stats", NULL), "clients");

	for (uint32_t i = 0; clients != NULL && i < clients->count; i++)
		if (number(clients->items[i], "id") == peer->client) {
			const struct value *flag = value_get(value_get(clients->items[i], "queues")->items[0], "stalled");

			return value_is(flag, VALUE_BOOL) && flag->boolean;
		}
	return false;
}

static void
a_client_that_stops_taking_is_told_of(void)
{
	uint64_t start;

	watcher = attach(NULL);
	open_hostile("{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"snaplen\":64}");
	give_all_slots(&queue);
	CHECK(receive_for(&queue, 1300) > 0);
	CHECK(!stall_told(queue.id, true, 20));
	CHECK(!reported_stalled());
	start = peer_now_ms();
	CHECK(stall_told(queue.id, true, 10000));
	CHECK(peer_now_ms() - start >= 700);
	CHECK(reported_stalled());
	CHECK(!stall_told(queue.id, true, 600));
	CHECK(receive_for(&queue, 10) > 0);
	CHECK(stall_told(queue.id, false, 10000));
	CHECK(!reported_stalled());
	close_hostile();
	peer_detach(watcher);
}

/* One slot and no more: frames find no room. With nothing to take, a client that does nothing is fine. */
static void
a_client_that_gives_no_slots_is_told_of(void)
{
	struct peer_queue quiet;

	watcher = attach(NULL);
	open_hostile("{\"kind\":\"rx\",\"port\":0,\"slots\":64}");
	give_slots(&queue, 1);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"match\":{\"vlan\":4002}}", &quiet));
	CHECK(stall_told(queue.id, true, 10000));
	CHECK(!stall_told(quiet.id, true, 1500));
	peer_unmap_queue(&quiet);
	close_hostile();
	peer_detach(watcher);
	others_are_well();
}

/* ---- great segments ---- */

static void
others_are_greeted_while_a_gibibyte_is_made(void)
{
	uint64_t worst = 0, total = 0, start = peer_now_ms();
	unsigned int greeted = 0;
	struct value *result;

	peer = attach(NULL);
	peer_request(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":65536,\"slotSize\":8192,\"match\":{\"vlan\":4001}}");
	peer_request(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":60000,\"slotSize\":8192,\"match\":{\"vlan\":4001}}");
	do {
		uint64_t before = peer_now_ms();
		struct peer *guest = attach(NULL);

		CHECK(peer_call(guest, "ports", NULL) != NULL);
		peer_detach(guest);
		if (peer_now_ms() - before > worst)
			worst = peer_now_ms() - before;
		greeted++;
	} while (peer_now_ms() - start < 500);
	for (unsigned int i = 0; i < 2; i++) {
		result = peer_result(peer);
		if (result != NULL)
			total += number(value_get(result, "segment"), "size");
		else
			CHECK_STR(peer_code(), "WDPDK_E_NO_MEMORY");	/* on a machine that has no such memory */
	}
	printf("    %" PRIu64 " MiB made in %" PRIu64 " ms at most; meanwhile %u greeted, the slowest in %" PRIu64 " ms\n",
		total >> 20, peer_now_ms() - start, greeted, worst);
	CHECK(worst < SOON_MS / 4);
	peer_detach(peer);
	/* Given back in the same manner. */
	start = peer_now_ms();
	peer = attach(NULL);
	CHECK(peer_call(peer, "ports", NULL) != NULL);
	CHECK(peer_now_ms() - start < SOON_MS / 4);
	/* One that leaves while its memory is being made. */
	peer_request(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":65536,\"slotSize\":4096,\"match\":{\"vlan\":4001}}");
	/* Whichever of the two is answered first, the queue is being made by then: otherwise there would be one segment still, not again. */
	peer_request(peer, "ports", NULL);
	CHECK(peer_answer(peer) != NULL);
	peer_detach(peer);
	start = peer_now_ms();
	while (number(value_get(peer_call(honest, "stats", NULL), "memory"), "segments") != 1 && peer_now_ms() - start < 10000)
		peer_sleep_ms(20);
	CHECK_EQ(number(value_get(peer_call(honest, "stats", NULL), "memory"), "segments"), 1);
	others_are_well();
}

static void
cases(void)
{
	RUN(who_comes_and_goes_is_told);
	RUN(a_sleeping_watcher_gets_the_newest_only);
	RUN(a_client_that_stops_taking_is_told_of);
	RUN(a_client_that_gives_no_slots_is_told_of);
	RUN(others_are_greeted_while_a_gibibyte_is_made);
}

int
main(int argc, char **argv)
{
	return hostile_run(argc, argv, "events-test", cases);
}
