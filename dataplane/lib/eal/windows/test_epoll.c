/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: there is no epoll, and it says so.
 */
#include <errno.h>

#include <rte_interrupts.h>
#include <wdpdk_registry.h>

#include "../common/test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static void
nothing_pretends(void)
{
	struct rte_epoll_event event = { 0 };

	CHECK_EQ(rte_epoll_ctl(RTE_EPOLL_PER_THREAD, 1, 0, &event), -1);
	CHECK_EQ(rte_errno, ENOTSUP);
	CHECK_EQ(rte_epoll_wait(RTE_EPOLL_PER_THREAD, &event, 1, 0), -1);
	CHECK_EQ(rte_epoll_wait_interruptible(RTE_EPOLL_PER_THREAD, &event, 1, 0), -1);
	CHECK_EQ(rte_intr_tls_epfd(), -1);
	CHECK_EQ(rte_intr_efd_enable(NULL, 1), -ENOTSUP);
	CHECK_EQ(rte_intr_rx_ctl(NULL, 0, 0, 0, NULL), -ENOTSUP);
}

int
main(void)
{
	RUN(nothing_pretends);
	return check_summary();
}
