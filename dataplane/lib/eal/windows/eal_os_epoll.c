/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows has no epoll, nor devices whose queues interrupt.
 */
#include <errno.h>

#include <rte_errno.h>
#include <rte_interrupts.h>

static int
not_here(void)
{
	rte_errno = ENOTSUP;
	return -1;
}

int
rte_intr_tls_epfd(void)
{
	return not_here();
}

int
rte_epoll_wait(int epfd, struct rte_epoll_event *events, int maxevents, int timeout)
{
	RTE_SET_USED(epfd);
	RTE_SET_USED(events);
	RTE_SET_USED(maxevents);
	RTE_SET_USED(timeout);
	return not_here();
}

int
rte_epoll_wait_interruptible(int epfd, struct rte_epoll_event *events, int maxevents, int timeout)
{
	return rte_epoll_wait(epfd, events, maxevents, timeout);
}

int
rte_epoll_ctl(int epfd, int op, int fd, struct rte_epoll_event *event)
{
	RTE_SET_USED(epfd);
	RTE_SET_USED(op);
	RTE_SET_USED(fd);
	RTE_SET_USED(event);
	return not_here();
}

int
rte_intr_rx_ctl(struct rte_intr_handle *intr_handle, int epfd, int op, unsigned int vec, void *data)
{
	RTE_SET_USED(intr_handle);
	RTE_SET_USED(epfd);
	RTE_SET_USED(op);
	RTE_SET_USED(vec);
	RTE_SET_USED(data);
	not_here();
	return -ENOTSUP;
}

void
rte_intr_free_epoll_fd(struct rte_intr_handle *intr_handle)
{
	RTE_SET_USED(intr_handle);
}

int
rte_intr_efd_enable(struct rte_intr_handle *intr_handle, uint32_t nb_efd)
{
	RTE_SET_USED(intr_handle);
	RTE_SET_USED(nb_efd);
	not_here();
	return -ENOTSUP;
}

void
rte_intr_efd_disable(struct rte_intr_handle *intr_handle)
{
	rte_intr_nb_efd_set(intr_handle, 0);
	rte_intr_max_intr_set(intr_handle, 0);
}
