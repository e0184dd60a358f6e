/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_epoll_* and receive interrupts over it.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <rte_interrupts.h>
#include <wdpdk_registry.h>

#include "../common/test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static int called_with;

static void
take(int fd, void *arg)
{
	char byte;

	called_with = fd;
	if (read(fd, &byte, 1) == 1)
		++*(int *)arg;
}

static void
events_arrive(void)
{
	struct rte_epoll_event wanted = { 0 }, got[2];
	int fds[2], taken = 0;

	CHECK_EQ(pipe(fds), 0);
	wanted.epdata.event = EPOLLIN;
	wanted.epdata.data = &taken;
	wanted.epdata.cb_fun = take;
	wanted.epdata.cb_arg = &taken;
	CHECK_EQ(rte_epoll_ctl(RTE_EPOLL_PER_THREAD, EPOLL_CTL_ADD, fds[0], &wanted), 0);
	CHECK_EQ(rte_epoll_wait(RTE_EPOLL_PER_THREAD, got, 2, 0), 0);
	CHECK_EQ(write(fds[1], "x", 1), 1);
	CHECK_EQ(rte_epoll_wait(RTE_EPOLL_PER_THREAD, got, 2, -1), 1);
	CHECK_EQ(got[0].fd, fds[0]);
	CHECK_EQ(got[0].epfd, rte_intr_tls_epfd());
	CHECK_EQ(got[0].epdata.event, EPOLLIN);
	CHECK(got[0].epdata.data == &taken);
	CHECK_EQ(taken, 1);
	CHECK_EQ(called_with, fds[0]);
	CHECK_EQ(rte_epoll_wait_interruptible(RTE_EPOLL_PER_THREAD, got, 2, 0), 0);
	CHECK_EQ(rte_epoll_ctl(RTE_EPOLL_PER_THREAD, EPOLL_CTL_ADD, fds[0], &wanted), -1);
	wanted.status = RTE_EPOLL_VALID;
	CHECK_EQ(rte_epoll_ctl(RTE_EPOLL_PER_THREAD, EPOLL_CTL_DEL, fds[0], &wanted), 0);
	CHECK_EQ(wanted.status, RTE_EPOLL_INVALID);
	CHECK_EQ(rte_epoll_ctl(RTE_EPOLL_PER_THREAD, EPOLL_CTL_DEL, fds[0], &wanted), -1);
	CHECK_EQ(rte_epoll_ctl(RTE_EPOLL_PER_THREAD, EPOLL_CTL_ADD, fds[0], NULL), -1);
	CHECK_EQ(rte_epoll_wait(RTE_EPOLL_PER_THREAD, NULL, 2, 0), -1);
	CHECK_EQ(rte_epoll_wait(RTE_EPOLL_PER_THREAD, got, 0, 0), -1);
	CHECK_EQ(rte_epoll_wait(99, got, 1, 0), -1);
	close(fds[0]);
	close(fds[1]);
}

static void
queues_interrupt(void)
{
	struct rte_intr_handle *h = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_PRIVATE);
	struct rte_epoll_event got[4];
	uint64_t one = 1;
	int mark;

	CHECK_EQ(rte_intr_efd_enable(h, 0), -EINVAL);
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_ADD, 1, NULL), -EPERM);
	rte_intr_type_set(h, RTE_INTR_HANDLE_VFIO_MSIX);
	CHECK_EQ(rte_intr_efd_enable(h, 2), 0);
	CHECK_EQ(rte_intr_nb_efd_get(h), 2);
	CHECK(rte_intr_allow_others(h));
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_ADD, 2, &mark), 0);
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_ADD, 2, &mark), -EEXIST);
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_ADD, 3, &mark), -EPERM);
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, 7, 2, &mark), -EPERM);
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_DEL, 1, &mark), -EPERM);
	CHECK_EQ(write(rte_intr_efds_index_get(h, 1), &one, sizeof(one)), sizeof(one));
	CHECK_EQ(rte_epoll_wait(RTE_EPOLL_PER_THREAD, got, 4, -1), 1);
	CHECK(got[0].epdata.data == &mark);
	CHECK_EQ(rte_epoll_wait(RTE_EPOLL_PER_THREAD, got, 4, 0), 0);
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_DEL, 2, &mark), 0);
	CHECK_EQ(rte_intr_rx_ctl(h, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_ADD, 1, &mark), 0);
	rte_intr_efd_disable(h);
	CHECK_EQ(rte_intr_nb_efd_get(h), 0);
	rte_intr_instance_free(h);
}

int
main(void)
{
	log_capture("test_eal_epoll.log");
	RUN(events_arrive);
	RUN(queues_interrupt);
	return check_summary();
}
