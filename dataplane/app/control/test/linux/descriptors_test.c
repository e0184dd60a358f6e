/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A dataplane that may have few files open, and more who want to attach: it says so once, waits without turning in circles, and takes
 * them in when others have left.
 */
#include <sys/resource.h>

#include "bed.h"
#include "check.h"
#include "child_cpu.h"

#define FILES 64u
#define CROWD 100u

static struct bed bed;
static const char *program;

static void
nobody_turns_in_circles(void)
{
	struct link *crowd[CROWD];
	struct rlimit all, few;
	struct peer *peer;
	uint64_t before, used;

	/* The child inherits the limit; this process needs more afterwards. */
	CHECK(getrlimit(RLIMIT_NOFILE, &all) == 0);
	few = all;
	few.rlim_cur = FILES;
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	CHECK(bed_start(&bed, program, "descriptors-test", false));
	CHECK(setrlimit(RLIMIT_NOFILE, &all) == 0);
	for (unsigned int i = 0; i < CROWD; i++)
		crowd[i] = link_open(bed.endpoint);
	for (uint64_t until = peer_now_ms() + 10000; !bed_said(&bed, "nobody can attach") && peer_now_ms() < until;)
		peer_sleep_ms(5);
	CHECK(bed_said(&bed, "ulimit -n"));
	before = child_cpu_ms(bed.child, "wdpdk-control");
	peer_sleep_ms(1000);
	used = child_cpu_ms(bed.child, "wdpdk-control") - before;
	printf("    control thread: %u ms of CPU in a second\n", (unsigned int)used);
	CHECK(used <= 200);
	CHECK_EQ(bed_said(&bed, "nobody can attach"), 1);
	for (unsigned int i = 0; i < CROWD; i++)
		link_close(crowd[i]);
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	CHECK(peer_call(peer, "ports", NULL) != NULL);
	peer_detach(peer);
	CHECK_EQ(bed_stop(&bed), 0);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: descriptors_test EXECUTABLE\n");
		return 2;
	}
	program = argv[1];
	peer_directory();
	RUN(nobody_turns_in_circles);
	return check_summary();
}
