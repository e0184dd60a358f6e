/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Changes of forwarding as transactions, against the built executable: uploads, pages, checks, probation and how it ends, and those who
 * try to take part in what is not theirs. Port 0 reads a capture for ever; sent on to port 1 it is seen in that port's counters.
 */
#include "hostile_bed.h"

#define ALL_DROP "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}}}"
#define TO_PORT_1 "\"config\":{\"ports\":{\"0\":{\"mode\":\"io\",\"to\":1}}}"
#define CHUNK 16384u

static struct peer *watcher;

static uint64_t
sent_by_port_1(void)
{
	const struct value *ports = value_get(peer_call(honest, "stats", NULL), "ports");

	return ports == NULL || ports->count < 2 ? UINT64_MAX : number(value_get(ports->items[1], "tx"), "packets");
}

/* Frames are sent on now, by what every lcore does. */
static bool
traffic_flows(void)
{
	uint64_t before = sent_by_port_1(), until = peer_now_ms() + SOON_MS;

	while (sent_by_port_1() == before && peer_now_ms() < until)
		peer_sleep_ms(1);
	return sent_by_port_1() != before;
}

/* No frame is sent on any more. */
static bool
traffic_stands(void)
{
	uint64_t before = sent_by_port_1();

	peer_sleep_ms(30);
	return sent_by_port_1() == before;
}

static uint64_t
generation_now(void)
{
	return number(peer_call(honest, "stats", NULL), "generation");
}

static uint64_t
set(struct peer *author, const char *json)
{
	return number(peer_call(author, "forwarding.set", json), "generation");
}

static void
upload_routes(struct peer *author, uint64_t upload, uint32_t count)
{
	for (uint32_t first = 0; first < count; first += CHUNK) {
		uint32_t n = count - first < CHUNK ? count - first : CHUNK;

		peer_request_value(author, "forwarding.append", peer_routes(author, upload, first, n, 1));
		CHECK_EQ(number(peer_result(author), "routes"), first + n);
	}
}

/* Another client comes, greets, asks and goes: the greatest time that took, in ms, for `ms` milliseconds. */
static uint64_t
worst_greeting(unsigned int ms)
{
	uint64_t until = peer_now_ms() + ms, worst = 0;

	do {
		uint64_t start = peer_now_ms();
		struct peer *guest = peer_attach(bed.endpoint, NULL);

		CHECK(guest != NULL);
		CHECK(peer_call(guest, "ports", NULL) != NULL);
		peer_detach(guest);
		if (peer_now_ms() - start > worst)
			worst = peer_now_ms() - start;
	} while (peer_now_ms() < until);
	return worst;
}

static void
set_of_all_routes(void)
{
	static const uint32_t count = WDPDK_LIMIT_ROUTES;
	uint64_t upload, generation, start, worst;
	struct value *result;
	uint32_t next = 0;
	char json[200];

	peer = peer_attach(bed.endpoint, NULL);
	upload = number(peer_call(peer, "forwarding.begin", NULL), "upload");
	start = peer_now_ms();
	upload_routes(peer, upload, count);
	printf("    %u routes uploaded in %" PRIu64 " ms\n", count, peer_now_ms() - start);
	snprintf(json, sizeof(json), "{\"config\":{\"ports\":{\"0\":{\"mode\":\"l3fwd\"}}},\"upload\":%" PRIu64 "}", upload);
	start = peer_now_ms();
	result = peer_call(peer, "forwarding.check", json);
	CHECK(result != NULL);
	CHECK_EQ(value_get(result, "changes")->count, 1000);
	CHECK_EQ(number(result, "truncated"), count + 1 - 1000);
	printf("    checked in %" PRIu64 " ms\n", peer_now_ms() - start);
	generation = generation_now();
	peer_request(peer, "forwarding.set", json);
	start = peer_now_ms();
	worst = worst_greeting(200);
	result = peer_result(peer);
	CHECK_EQ(number(result, "generation"), generation + 1);
	CHECK_EQ(number(result, "previous"), generation);
	printf("    set in %" PRIu64 " ms at most; meanwhile the slowest greeting took %" PRIu64 " ms\n", peer_now_ms() - start, worst);
	CHECK(worst < SOON_MS / 4);
	others_are_well();
	/* Page by page they are the same, in the same order. */
	do {
		const struct value *routes;

		snprintf(json, sizeof(json), "{\"from\":%u,\"generation\":%" PRIu64 "}", next, generation + 1);
		result = peer_call(peer, "forwarding.get", json);
		CHECK_EQ(number(result, "routes"), count);
		routes = value_get(value_get(result, "config"), "routes");
		CHECK(routes != NULL && routes->count > 0);
		for (uint32_t i = 0; i < routes->count; i++, next++) {
			char to[24];

			snprintf(to, sizeof(to), "10.%u.%u.%u/32", next >> 16, next >> 8 & 255, next & 255);
			CHECK_STR(text(routes->items[i], "to"), to);
		}
		CHECK_EQ(number(result, "next"), next < count ? next : UINT64_MAX);
	} while (next < count);
	/* The set has used it up. */
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":[]}", upload);
	CHECK(peer_call(peer, "forwarding.append", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	CHECK_EQ(set(peer, ALL_DROP), generation + 2);
	snprintf(json, sizeof(json), "{\"from\":5,\"generation\":%" PRIu64 "}", generation + 1);
	CHECK(peer_call(peer, "forwarding.get", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_CONFLICT");
	peer_detach(peer);
	others_are_well();
}

static void
a_check_tells_and_changes_nothing(void)
{
	uint64_t generation = generation_now();
	const struct value *changes;
	struct value *result;

	peer = peer_attach(bed.endpoint, NULL);
	result = peer_call(peer, "forwarding.check", "{" TO_PORT_1 "}");
	changes = value_get(result, "changes");
	CHECK_EQ(number(result, "generation"), generation);
	CHECK_EQ(number(result, "truncated"), 0);
	CHECK(changes != NULL && changes->count == 1);
	CHECK_STR(text(changes->items[0], "path"), "ports.0");
	CHECK_EQ(value_get(peer_call(peer, "forwarding.check", ALL_DROP), "changes")->count, 0);
	CHECK(peer_call(peer, "forwarding.check", "{\"config\":{\"ports\":{\"7\":{\"mode\":\"fly\"}}}}") == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_CONFIG");
	CHECK_EQ(generation_now(), generation);
	peer_detach(peer);
}

static void
what_is_wrong_in_an_upload_is_named_by_its_number(void)
{
	uint64_t upload;
	struct value *message;
	const struct value *issues;
	char json[200];

	peer = peer_attach(bed.endpoint, NULL);
	upload = number(peer_call(peer, "forwarding.begin", NULL), "upload");
	upload_routes(peer, upload, 100);
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":[{\"to\":\"10.9.0.0/16\",\"via\":1},{\"to\":\"nowhere\",\"via\":1}]}",
		upload);
	peer_request(peer, "forwarding.append", json);
	message = peer_answer(peer);
	CHECK(message != NULL);
	CHECK_STR(text(message->items[2], "code"), "WDPDK_E_CONFIG");
	issues = value_get(message->items[2], "issues");
	CHECK(issues != NULL && issues->count == 1);
	CHECK_STR(text(issues->items[0], "path"), "routes[101].to");
	/* Nothing of that chunk was taken. One that repeats an earlier route is found out at the end, and the upload stays. */
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":[{\"to\":\"10.0.0.7/32\",\"via\":1}]}", upload);
	CHECK_EQ(number(peer_call(peer, "forwarding.append", json), "routes"), 101);
	snprintf(json, sizeof(json), "{\"config\":{},\"upload\":%" PRIu64 "}", upload);
	for (unsigned int i = 0; i < 2; i++) {
		peer_request(peer, i == 0 ? "forwarding.check" : "forwarding.set", json);
		message = peer_answer(peer);
		CHECK(message != NULL);
		CHECK_STR(text(message->items[2], "code"), "WDPDK_E_CONFIG");
		issues = value_get(message->items[2], "issues");
		CHECK(issues != NULL && issues->count == 1);
		CHECK_STR(text(issues->items[0], "path"), "routes[100].to");
	}
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":[]}", upload);
	CHECK_EQ(number(peer_call(peer, "forwarding.append", json), "routes"), 101);
	peer_detach(peer);
}

/* ---- probation ---- */

static void
expect_news(uint64_t generation, const char *by, bool rolled_back)
{
	const struct value *news = peer_notification(watcher, "config", 10000), *undone = value_get(news, "rolledBack");

	CHECK_EQ(number(news, "generation"), generation);
	CHECK_STR(text(news, "by"), by);
	CHECK(value_is(undone, VALUE_BOOL) && undone->boolean == rolled_back);
}

static struct peer *
author(void)
{
	struct peer *made = peer_attach(bed.endpoint,
		"{\"major\":1,\"minor\":1,\"name\":\"author\",\"want\":[\"observe\",\"configure\"]}");

	CHECK(made != NULL);
	return made;
}

static void
a_confirmed_change_stands(void)
{
	uint64_t generation;
	char json[64];

	peer = author();
	watcher = peer_attach(bed.endpoint, NULL);
	generation = set(peer, "{" TO_PORT_1 ",\"confirmWithinMs\":300}");
	expect_news(generation, "author", false);
	snprintf(json, sizeof(json), "{\"generation\":%" PRIu64 "}", generation);
	CHECK(peer_call(peer, "forwarding.confirm", json) != NULL);
	peer_sleep_ms(400);
	CHECK_EQ(generation_now(), generation);
	CHECK(traffic_flows());
	CHECK(peer_call(peer, "forwarding.confirm", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	CHECK(peer_call(peer, "forwarding.rollback", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	CHECK_EQ(set(peer, ALL_DROP), generation + 1);
	expect_news(generation + 1, "author", false);
	peer_detach(peer);
	peer_detach(watcher);
}

static void
an_unconfirmed_change_is_undone(void)
{
	uint64_t generation;

	peer = author();
	watcher = peer_attach(bed.endpoint, NULL);
	generation = set(peer, "{" TO_PORT_1 ",\"confirmWithinMs\":200}");
	expect_news(generation, "author", false);
	CHECK(traffic_flows());
	/* Until it is decided everybody else's are refused, in words that name who is waited for. */
	CHECK(peer_call(honest, "forwarding.set", ALL_DROP) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_CONFLICT");
	expect_news(generation + 1, "author", true);
	CHECK_EQ(generation_now(), generation + 1);
	CHECK(traffic_stands());
	peer_detach(peer);
	peer_detach(watcher);
}

static void
a_change_is_rolled_back_on_request(void)
{
	uint64_t generation;
	char json[64];

	peer = author();
	watcher = peer_attach(bed.endpoint, NULL);
	generation = set(peer, "{" TO_PORT_1 ",\"confirmWithinMs\":60000}");
	expect_news(generation, "author", false);
	CHECK(traffic_flows());
	snprintf(json, sizeof(json), "{\"generation\":%" PRIu64 "}", generation);
	/* Not by anybody else, and no other generation. */
	CHECK(peer_call(honest, "forwarding.confirm", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	CHECK(peer_call(honest, "forwarding.rollback", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	CHECK(peer_call(peer, "forwarding.rollback", "{\"generation\":1}") == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	CHECK_EQ(number(peer_call(peer, "forwarding.rollback", json), "generation"), generation + 1);
	expect_news(generation + 1, "author", true);
	CHECK(traffic_stands());
	peer_detach(peer);
	peer_detach(watcher);
}

static void
the_death_of_its_author_undoes_a_change(void)
{
	uint64_t generation;

	watcher = peer_attach(bed.endpoint, NULL);
	for (unsigned int round = 0; round < 20; round++) {
		peer = author();
		generation = generation_now();
		peer_request(peer, "forwarding.set", "{" TO_PORT_1 ",\"confirmWithinMs\":3600000}");
		/* Every other time it goes before it hears that its change was made. */
		if (round % 2 == 0)
			CHECK_EQ(number(peer_result(peer), "generation"), generation + 1);
		peer_detach(peer);
		if (round % 2 == 0) {
			expect_news(generation + 1, "author", false);
			expect_news(generation + 2, "author", true);
		} else {
			/* The request may have died with its author; if not, it was undone. */
			for (uint64_t until = peer_now_ms() + 300; generation_now() == generation && peer_now_ms() < until;)
				peer_sleep_ms(1);
			for (uint64_t until = peer_now_ms() + 10000; generation_now() == generation + 1 && peer_now_ms() < until;)
				peer_sleep_ms(1);
			CHECK(generation_now() == generation || generation_now() == generation + 2);
			while (peer_notification(watcher, "config", 20) != NULL)
				continue;
		}
		CHECK(traffic_stands());
	}
	peer_detach(watcher);
	/* The way is free again. */
	CHECK(peer_call(honest, "forwarding.set", ALL_DROP) != NULL);
}

static void
of_two_writers_one_is_told(void)
{
	struct peer *other = author();
	char json[160];

	peer = author();
	for (unsigned int round = 0; round < 50; round++) {
		uint64_t generation = generation_now();
		unsigned int made = 0, told = 0;
		struct peer *writers[] = { peer, other };

		snprintf(json, sizeof(json), "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}},\"ifGeneration\":%" PRIu64 "}", generation);
		peer_request(peer, "forwarding.set", json);
		peer_request(other, "forwarding.set", json);
		for (unsigned int i = 0; i < 2; i++) {
			if (peer_result(writers[i]) != NULL)
				made++;
			else if (strcmp(peer_code(), "WDPDK_E_CONFLICT") == 0)
				told++;
		}
		CHECK_EQ(made, 1);
		CHECK_EQ(told, 1);
		CHECK_EQ(generation_now(), generation + 1);
	}
	peer_detach(other);
	peer_detach(peer);
}

/* ---- those who should not ---- */

static void
uploads_are_their_clients_alone(void)
{
	struct peer *other = author();
	uint64_t first, second;
	char json[200];

	peer = author();
	first = number(peer_call(peer, "forwarding.begin", NULL), "upload");
	upload_routes(peer, first, 10);
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":[]}", first);
	CHECK(peer_call(other, "forwarding.append", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	snprintf(json, sizeof(json), "{\"config\":{},\"upload\":%" PRIu64 "}", first);
	CHECK(peer_call(other, "forwarding.set", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	CHECK(peer_call(other, "forwarding.check", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	/* A new one takes the place of the first. */
	second = number(peer_call(peer, "forwarding.begin", NULL), "upload");
	CHECK(second != first);
	CHECK(peer_call(peer, "forwarding.set", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":[]}", second);
	CHECK_EQ(number(peer_call(peer, "forwarding.append", json), "routes"), 0);
	peer_detach(peer);
	peer_detach(other);
}

static void
an_upload_has_a_bound(void)
{
	uint64_t upload;

	peer = author();
	upload = number(peer_call(peer, "forwarding.begin", NULL), "upload");
	upload_routes(peer, upload, WDPDK_LIMIT_ROUTES);
	peer_request_value(peer, "forwarding.append", peer_routes(peer, upload, WDPDK_LIMIT_ROUTES, 1, 1));
	CHECK(peer_result(peer) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_CONFIG");
	for (unsigned int i = 0; i < 1000; i++)
		peer_request(peer, "forwarding.begin", "{}");
	for (unsigned int i = 0; i < 1000; i++)
		CHECK(peer_result(peer) != NULL);
	peer_detach(peer);
	others_are_well();
}

static void
adding_to_an_upload_that_is_read_waits(void)
{
	uint64_t upload;
	unsigned int added = 0, refused = 0;
	char json[200];

	peer = author();
	upload = number(peer_call(peer, "forwarding.begin", NULL), "upload");
	upload_routes(peer, upload, 100000);
	snprintf(json, sizeof(json), "{\"config\":{},\"upload\":%" PRIu64 "}", upload);
	for (unsigned int i = 0; i < 10; i++)
		peer_request(peer, "forwarding.check", json);
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":[]}", upload);
	for (unsigned int i = 0; i < 10; i++)
		peer_request(peer, "forwarding.append", json);
	/* It forgets the upload while it is being read, and then leaves. */
	peer_request(peer, "forwarding.begin", "{}");
	for (unsigned int i = 0; i < 15; i++) {
		struct value *result = peer_result(peer);

		if (value_get(result, "routes") != NULL)
			added++;
		else if (result == NULL && strcmp(peer_code(), "WDPDK_E_IN_USE") == 0)
			refused++;
	}
	CHECK(added + refused >= 4);
	peer_detach(peer);
	others_are_well();
}

static void
wrong_parameters_have_a_way_out(void)
{
	static const struct { const char *method, *json, *code, *object; } cases[] = {
		{ "forwarding.get", "{\"from\":-1}", "WDPDK_E_ARGUMENT", "from" },
		{ "forwarding.get", "{\"from\":131073}", "WDPDK_E_ARGUMENT", "from" },
		{ "forwarding.get", "{\"from\":\"0\"}", "WDPDK_E_ARGUMENT", "from" },
		{ "forwarding.get", "{\"from\":100}", "WDPDK_E_ARGUMENT", "from" },
		{ "forwarding.get", "{\"generation\":0}", "WDPDK_E_ARGUMENT", "generation" },
		{ "forwarding.get", "{\"generation\":99999999}", "WDPDK_E_CONFLICT", "forwarding" },
		{ "forwarding.get", "{\"all\":true}", "WDPDK_E_ARGUMENT", "all" },
		{ "forwarding.begin", "{\"routes\":[]}", "WDPDK_E_ARGUMENT", "routes" },
		{ "forwarding.append", "{}", "WDPDK_E_ARGUMENT", "upload" },
		{ "forwarding.append", "{\"upload\":0}", "WDPDK_E_ARGUMENT", "upload" },
		{ "forwarding.append", "{\"upload\":1e300}", "WDPDK_E_ARGUMENT", "upload" },
		{ "forwarding.append", "{\"upload\":18446744073709551615,\"routes\":[]}", "WDPDK_E_NOT_FOUND", "upload 18446744073709551615" },
		{ "forwarding.append", "{\"upload\":[1],\"routes\":[]}", "WDPDK_E_ARGUMENT", "upload" },
		{ "forwarding.check", "{}", "WDPDK_E_ARGUMENT", "config" },
		{ "forwarding.check", "{\"config\":[]}", "WDPDK_E_ARGUMENT", "config" },
		{ "forwarding.check", "{\"config\":{},\"ifGeneration\":1}", "WDPDK_E_ARGUMENT", "ifGeneration" },
		{ "forwarding.set", "{\"config\":{},\"confirmWithinMs\":99}", "WDPDK_E_ARGUMENT", "confirmWithinMs" },
		{ "forwarding.set", "{\"config\":{},\"confirmWithinMs\":3600001}", "WDPDK_E_ARGUMENT", "confirmWithinMs" },
		{ "forwarding.set", "{\"config\":{},\"confirmWithinMs\":1.5}", "WDPDK_E_ARGUMENT", "confirmWithinMs" },
		{ "forwarding.set", "{\"config\":{},\"ifGeneration\":0}", "WDPDK_E_ARGUMENT", "ifGeneration" },
		{ "forwarding.set", "{\"config\":{},\"upload\":\"1\"}", "WDPDK_E_ARGUMENT", "upload" },
		{ "forwarding.set", "{\"config\":{},\"upload\":4711}", "WDPDK_E_NOT_FOUND", "upload 4711" },
		{ "forwarding.confirm", "{}", "WDPDK_E_ARGUMENT", "generation" },
		{ "forwarding.confirm", "{\"generation\":\"now\"}", "WDPDK_E_ARGUMENT", "generation" },
		{ "forwarding.confirm", "{\"generation\":5000}", "WDPDK_E_NOT_FOUND", NULL },
		{ "forwarding.rollback", "{\"generation\":0}", "WDPDK_E_ARGUMENT", "generation" },
		{ "forwarding.rollback", "{\"generation\":18446744073709551615}", "WDPDK_E_NOT_FOUND", NULL },
	};

	peer = author();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct value *message;

		peer_request(peer, cases[i].method, cases[i].json);
		message = peer_answer(peer);
		CHECK(message != NULL);
		if (strcmp(text(message->items[2], "code"), cases[i].code) != 0)
			printf("    %s %s\n", cases[i].method, cases[i].json);
		CHECK_STR(text(message->items[2], "code"), cases[i].code);
		if (cases[i].object != NULL)
			CHECK_STR(text(message->items[2], "object"), cases[i].object);
		CHECK(strlen(text(message->items[2], "remedy")) > 5);
	}
	peer_detach(peer);
	/* Who may only look, may only look. */
	peer = peer_attach(bed.endpoint, "{\"major\":1,\"minor\":1}");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(cases[i].method, "forwarding.get") == 0 || strcmp(cases[i].method, "forwarding.check") == 0)
			continue;
		CHECK(peer_call(peer, cases[i].method, cases[i].json) == NULL);
		CHECK_STR(peer_code(), "WDPDK_E_DENIED");
	}
	peer_detach(peer);
	others_are_well();
}

static void
cases(void)
{
	RUN(set_of_all_routes);
	RUN(a_check_tells_and_changes_nothing);
	RUN(what_is_wrong_in_an_upload_is_named_by_its_number);
	RUN(a_confirmed_change_stands);
	RUN(an_unconfirmed_change_is_undone);
	RUN(a_change_is_rolled_back_on_request);
	RUN(the_death_of_its_author_undoes_a_change);
	RUN(of_two_writers_one_is_told);
	RUN(uploads_are_their_clients_alone);
	RUN(an_upload_has_a_bound);
	RUN(adding_to_an_upload_that_is_read_waits);
	RUN(wrong_parameters_have_a_way_out);
}

int
main(int argc, char **argv)
{
	return hostile_run(argc, argv, "change-test", cases);
}
