/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The dataplane ends while memory for queues is still being made, longer than it waits for its builder.
 */
#include <stdlib.h>

#include "bed.h"
#include "check.h"

static struct bed bed;
static const char *program;

static void
an_end_does_not_stumble_over_queues_that_are_being_made(void)
{
	struct peer *peer;
	uint64_t start;

	CHECK(bed_start(&bed, program, "late-segment", false));
	unsetenv("LD_PRELOAD");
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	for (unsigned int i = 0; i < 4; i++)
		peer_request(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":16384,\"slotSize\":2048}");
	CHECK(peer_call(peer, "ports", NULL) != NULL);	/* by now all four were asked for */
	start = peer_now_ms();
	CHECK_EQ(bed_stop(&bed), 0);
	/* One was under way; nobody waits for the others. */
	CHECK(peer_now_ms() - start < 12000);
	peer_detach(peer);
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: late_segment_test EXECUTABLE PRELOADED\n");
		return 2;
	}
	program = argv[1];
	peer_directory();
	setenv("LD_PRELOAD", argv[2], 1);
	RUN(an_end_does_not_stumble_over_queues_that_are_being_made);
	return check_summary();
}
