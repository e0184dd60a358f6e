/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A client's whole life, with the first, the second, the third ... allocation of the dataplane failing while it happens. Whatever
 * fails is told or ends that client's connection; the dataplane, its other client and every buffer stay.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile_bed.h"

static uint32_t *words;

static uint32_t
failures(void)
{
	return __atomic_load_n(&words[1], __ATOMIC_RELAXED);
}

/* False: the connection is gone. Anything else was answered, one way or the other. */
static bool
call(const char *method, const char *json)
{
	peer_call(peer, method, json);
	return strcmp(peer_code(), "closed") != 0;
}

/* Routes come in pieces, are checked, set on probation, and the one or the other comes of it. */
static void
change_by_upload(bool keep)
{
	const struct value *result;
	uint64_t upload;
	char json[160];

	result = peer_call(peer, "forwarding.begin", NULL);
	if (result == NULL)
		return;
	upload = number(result, "upload");
	snprintf(json, sizeof(json), "{\"upload\":%" PRIu64 ",\"routes\":["
		"{\"to\":\"10.2.0.0/16\",\"via\":1},{\"to\":\"fd01::/16\",\"via\":0}]}",
		upload);
	if (!call("forwarding.append", json))
		return;
	snprintf(json, sizeof(json), "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}},\"upload\":%" PRIu64 "}", upload);
	if (!call("forwarding.check", json))
		return;
	snprintf(json, sizeof(json), "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}},\"upload\":%" PRIu64 ",\"confirmWithinMs\":60000}",
		upload);
	result = peer_call(peer, "forwarding.set", json);
	if (result == NULL)
		return;
	snprintf(json, sizeof(json), "{\"generation\":%" PRIu64 "}", number(result, "generation"));
	call(keep ? "forwarding.confirm" : "forwarding.rollback", json);
}

/* Frames that lie in the queue already do not count. */
static bool
frames_flow(void)
{
	uint64_t until = peer_now_ms() + 2000;
	unsigned int came = 0;

	receive_for(&honest_queue, 1);
	while (came == 0 && peer_now_ms() < until)
		came = receive_for(&honest_queue, 1);
	return came > 0;
}

static void
live_a_life(void)
{
	char json[48];

	peer = peer_attach(bed.endpoint, NULL);
	if (peer == NULL)
		return;
	if (peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rxtx\",\"port\":0,\"slots\":64,\"match\":{\"vlan\":4005}}", &queue)) {
		snprintf(json, sizeof(json), "{\"queue\":%" PRIu64 "}", queue.id);
		if (call("forwarding.set", "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}},\"routes\":["
				"{\"to\":\"10.0.0.0/8\",\"via\":1},{\"to\":\"fd00::/16\",\"via\":1},{\"to\":\"10.1.1.1/32\",\"via\":0}]}}") &&
				call("forwarding.get", NULL) && call("stats", NULL) && call("queue.close", json))
			change_by_upload(true);
		change_by_upload(false);
		call("forwarding.set", "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}}}");
		peer_unmap_queue(&queue);
	}
	/* What it holds, it leaves behind. */
	call("hold", NULL);
	peer_detach(peer);
	peer_sleep_ms(10);
}

static void
each_allocation_of_a_clients_life_fails_once(void)
{
	uint32_t n = 0, before;
	uint64_t start, segments = 0;

	live_a_life();
	do {
		before = failures();
		start = peer_now_ms();
		__atomic_store_n(&words[0], ++n, __ATOMIC_RELAXED);
		live_a_life();
		__atomic_store_n(&words[0], 0, __ATOMIC_RELAXED);
		CHECK(peer_now_ms() - start < 5000);	/* nothing was left without an answer */
		if (peer_call(honest, "ports", NULL) == NULL) {
			/* The failure met the honest client's own words: it comes again. */
			peer_unmap_queue(&honest_queue);
			peer_detach(honest);
			honest = peer_attach(bed.endpoint, NULL);
			CHECK(honest != NULL);
			CHECK(peer_open_queue(honest, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":1024}", &honest_queue));
			give_all_slots(&honest_queue);
		}
		/* Not before that: of a queue that ended with its client's connection only what lay in it already would come. */
		CHECK(frames_flow());
	} while (failures() != before);
	/* Whatever failed, nothing waits for a confirmation any more. */
	for (uint64_t until = peer_now_ms() + 2000; peer_now_ms() < until; peer_sleep_ms(5))
		if (peer_call(honest, "forwarding.set", "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}}}") != NULL)
			break;
	CHECK_STR(peer_code(), "");
	printf("    %u allocations failed\n", failures());
	CHECK(failures() > 30);
	for (uint64_t until = peer_now_ms() + 2000; segments != 1 && peer_now_ms() < until; peer_sleep_ms(5))
		segments = number(value_get(peer_call(honest, "stats", NULL), "memory"), "segments");
	CHECK_EQ(segments, 1);
	others_are_well();
}

static void
cases(void)
{
	unsetenv("LD_PRELOAD");
	RUN(each_allocation_of_a_clients_life_fails_once);
}

int
main(int argc, char **argv)
{
	char path[128];
	int file;

	if (argc != 3) {
		fprintf(stderr, "usage: nth_allocation_test EXECUTABLE PRELOADED\n");
		return 2;
	}
	snprintf(path, sizeof(path), "%s/allocations", peer_directory());
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0 || ftruncate(file, 8) != 0)
		return 1;
	words = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (words == MAP_FAILED)
		return 1;
	setenv("WDPDK_TEST_ALLOCATIONS", path, 1);
	setenv("LD_PRELOAD", argv[2], 1);
	return hostile_run(2, argv, "nth-allocation", cases);
}
