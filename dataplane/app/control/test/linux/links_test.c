/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A link that goes down and comes up is told to observers. The port is an interface of the kernel, in a network namespace that this
 * test shares with its dataplane.
 */
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bed.h"
#include "check.h"

#define SKIPPED 77
#define INTERFACE "wdpdklinks"

static struct bed bed;
static const char *program;
static int control;

static void
set_up(bool up)
{
	struct ifreq request = { .ifr_flags = (short)(up ? IFF_UP : 0) };

	snprintf(request.ifr_name, IFNAMSIZ, "%s", INTERFACE);
	CHECK_EQ(ioctl(control, SIOCSIFFLAGS, &request), 0);
}

static bool
link_told(struct peer *peer, bool wanted)
{
	const struct value *told = peer_notification(peer, "link", 10000), *up = value_get(told, "up");
	uint64_t port, mbps;

	return value_u64(value_get(told, "port"), &port) && port == 0 && value_u64(value_get(told, "speedMbps"), &mbps) &&
		value_is(up, VALUE_BOOL) && up->boolean == wanted;
}

static void
links_that_change_are_told(void)
{
	const char *options[] = { NULL };
	struct peer *watcher, *blind;
	uint64_t start;

	CHECK(bed_start_with(&bed, program, "links-test", "net_tap0,iface=" INTERFACE, "0", options));
	set_up(true);
	peer_sleep_ms(300);	/* until that is no news any more */
	watcher = peer_attach(bed.endpoint, NULL);
	blind = peer_attach(bed.endpoint, "{\"major\":1,\"minor\":1,\"want\":[\"receive\"]}");
	CHECK(watcher != NULL && blind != NULL);
	for (unsigned int round = 0; round < 5; round++) {
		start = peer_now_ms();
		set_up(round % 2 == 1);
		CHECK(link_told(watcher, round % 2 == 1));
		CHECK(peer_now_ms() - start < SOON_MS);
	}
	/* Nothing changed: nothing is told. */
	CHECK(peer_notification(watcher, "link", 300) == NULL);
	CHECK(peer_notification(blind, "link", 0) == NULL);
	peer_detach(watcher);
	peer_detach(blind);
	CHECK_EQ(bed_stop(&bed), 0);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: links_test EXECUTABLE\n");
		return 2;
	}
	program = argv[1];
	peer_directory();
	if (unshare(CLONE_NEWNET) != 0 || access("/dev/net/tun", R_OK | W_OK) != 0) {
		printf("skipped: no network namespace or no /dev/net/tun\n");
		return SKIPPED;
	}
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (control < 0)
		return 1;
	RUN(links_that_change_are_told);
	return check_summary();
}
