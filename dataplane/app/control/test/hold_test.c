/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Holds of several clients, against the built executable.
 */
#include "hostile_bed.h"

static bool
flows(void)
{
	/* What came before the hold was asked for has been taken first. */
	receive_for(&honest_queue, 20);
	return receive_for(&honest_queue, 100) > 0 || receive_for(&honest_queue, 2000) > 0;
}

static bool
stands_still(void)
{
	receive_for(&honest_queue, 20);
	return receive_for(&honest_queue, 200) == 0;
}

/* Until the dataplane has seen that a client left. */
static void
leave(struct peer *who)
{
	uint64_t id = who->client;
	struct value *left;

	peer_detach(who);
	left = peer_notification(honest, "client.left", 10000);
	CHECK_EQ(number(left, "client"), id);
}

static void
a_hold_ends_with_its_own_client(void)
{
	struct peer *first = peer_attach(bed.endpoint, NULL), *second = peer_attach(bed.endpoint, NULL);

	CHECK(peer_call(first, "hold", NULL) != NULL);
	CHECK(peer_call(second, "hold", NULL) != NULL);
	CHECK(stands_still());
	leave(second);
	CHECK(stands_still());
	leave(first);
	CHECK(flows());
	others_are_well();
}

static void
a_release_ends_all_holds(void)
{
	struct peer *first = peer_attach(bed.endpoint, NULL), *second = peer_attach(bed.endpoint, NULL);

	CHECK(peer_call(first, "hold", NULL) != NULL);
	CHECK(stands_still());
	CHECK(peer_call(second, "release", NULL) != NULL);
	CHECK(flows());
	CHECK(peer_call(second, "hold", NULL) != NULL);
	/* Its own was released: with it nothing ends. */
	leave(first);
	CHECK(stands_still());
	leave(second);
	CHECK(flows());
	others_are_well();
}

static void
cases(void)
{
	RUN(a_hold_ends_with_its_own_client);
	RUN(a_release_ends_all_holds);
}

int
main(int argc, char **argv)
{
	return hostile_run(argc, argv, "hold", cases);
}
