/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: rte_epoll_* over epoll, and receive interrupts over both.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_interrupts.h>
#include <rte_pause.h>

#include "../common/eal_private.h"

#define EVENTS_AT_ONCE 64
/* Interrupts that are not a queue's: link state and the like share one. */
#define OTHER_INTERRUPTS 1

static pthread_key_t own_key;
static pthread_once_t own_once = PTHREAD_ONCE_INIT;
static bool own_key_made;

static void
close_own(void *value)
{
	close((int)(intptr_t)value - 1);
}

static void
make_own_key(void)
{
	own_key_made = pthread_key_create(&own_key, close_own) == 0;
}

int
rte_intr_tls_epfd(void)
{
	intptr_t value;
	int fd;

	pthread_once(&own_once, make_own_key);
	if (!own_key_made)
		return -1;
	/* Plus one, since 0 means none. */
	value = (intptr_t)pthread_getspecific(own_key);
	if (value != 0)
		return (int)value - 1;
	fd = epoll_create1(EPOLL_CLOEXEC);
	if (fd < 0 || pthread_setspecific(own_key, (void *)((intptr_t)fd + 1)) != 0) {
		RTE_LOG(ERR, EAL, "epoll: cannot make a thread's descriptor\n");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static int
own_or(int epfd)
{
	return epfd == RTE_EPOLL_PER_THREAD ? rte_intr_tls_epfd() : epfd;
}

/* One event to the caller, through its callback. False when it is being deleted. */
static bool
deliver(const struct epoll_event *from, struct rte_epoll_event *to)
{
	struct rte_epoll_event *event = from->data.ptr;
	uint32_t valid = RTE_EPOLL_VALID;

	/* EXEC keeps the event from being deleted under the callback. */
	if (event == NULL || !__atomic_compare_exchange_n(&event->status, &valid, RTE_EPOLL_EXEC, false, __ATOMIC_ACQUIRE,
	    __ATOMIC_RELAXED))
		return false;
	to->status = RTE_EPOLL_VALID;
	to->fd = event->fd;
	to->epfd = event->epfd;
	to->epdata = event->epdata;
	to->epdata.event = from->events;
	if (event->epdata.cb_fun != NULL)
		event->epdata.cb_fun(event->fd, event->epdata.cb_arg);
	__atomic_store_n(&event->status, RTE_EPOLL_VALID, __ATOMIC_RELEASE);
	return true;
}

static int
wait_for_events(int epfd, struct rte_epoll_event *events, int maxevents, int timeout, bool interruptible)
{
	struct epoll_event got[EVENTS_AT_ONCE];
	int n, i, used = 0;

	if (events == NULL || maxevents <= 0) {
		RTE_LOG(ERR, EAL, "epoll: there is no room for events\n");
		rte_errno = EINVAL;
		return -1;
	}
	do {
		n = epoll_wait(own_or(epfd), got, RTE_MIN(maxevents, EVENTS_AT_ONCE), timeout);
	} while (n < 0 && errno == EINTR && !interruptible);
	if (n < 0) {
		rte_errno = errno;
		return -1;
	}
	for (i = 0; i < n; i++)
		used += deliver(&got[i], &events[used]);
	return used;
}

int
rte_epoll_wait(int epfd, struct rte_epoll_event *events, int maxevents, int timeout)
{
	return wait_for_events(epfd, events, maxevents, timeout, false);
}

int
rte_epoll_wait_interruptible(int epfd, struct rte_epoll_event *events, int maxevents, int timeout)
{
	return wait_for_events(epfd, events, maxevents, timeout, true);
}

/* Waits for the event's callback. */
static void
invalidate(struct rte_epoll_event *event)
{
	uint32_t valid = RTE_EPOLL_VALID;

	while (!__atomic_compare_exchange_n(&event->status, &valid, RTE_EPOLL_INVALID, false, __ATOMIC_ACQUIRE,
	    __ATOMIC_RELAXED)) {
		if (valid == RTE_EPOLL_INVALID)
			return;
		valid = RTE_EPOLL_VALID;
		sched_yield();
	}
}

int
rte_epoll_ctl(int epfd, int op, int fd, struct rte_epoll_event *event)
{
	struct epoll_event wanted = { .data = { .ptr = event } };

	if (event == NULL) {
		RTE_LOG(ERR, EAL, "epoll: there is no event\n");
		rte_errno = EINVAL;
		return -1;
	}
	epfd = own_or(epfd);
	if (op == EPOLL_CTL_ADD) {
		event->fd = fd;
		event->epfd = epfd;
		__atomic_store_n(&event->status, RTE_EPOLL_VALID, __ATOMIC_RELEASE);
	}
	wanted.events = event->epdata.event;
	if (epoll_ctl(epfd, op, fd, &wanted) < 0) {
		rte_errno = errno;
		RTE_LOG(ERR, EAL, "epoll: operation %d on descriptor %d: %s\n", op, fd, rte_strerror(rte_errno));
		if (op == EPOLL_CTL_ADD)
			__atomic_store_n(&event->status, RTE_EPOLL_INVALID, __ATOMIC_RELAXED);
		return -1;
	}
	if (op == EPOLL_CTL_DEL)
		invalidate(event);
	return 0;
}

/* Takes a queue's counter, so that it fires anew. */
static void
drain(int fd, void *arg)
{
	struct rte_intr_handle *handle = arg;
	char buffer[16];
	size_t len = sizeof(uint32_t);
	ssize_t n;

	switch (rte_intr_type_get(handle)) {
	case RTE_INTR_HANDLE_VFIO_LEGACY:
	case RTE_INTR_HANDLE_VFIO_MSI:
	case RTE_INTR_HANDLE_VFIO_MSIX:
		len = sizeof(uint64_t);
		break;
	case RTE_INTR_HANDLE_VDEV:
		len = (size_t)rte_intr_efd_counter_size_get(handle);
		break;
	case RTE_INTR_HANDLE_EXT:
		return;
	default:
		break;
	}
	if (len == 0 || len > sizeof(buffer))
		return;
	do {
		n = read(fd, buffer, len);
	} while (n < 0 && errno == EINTR);
}

int
rte_intr_rx_ctl(struct rte_intr_handle *intr_handle, int epfd, int op, unsigned int vec, void *data)
{
	unsigned int queue = vec >= RTE_INTR_VEC_RXTX_OFFSET ? vec - RTE_INTR_VEC_RXTX_OFFSET : vec;
	struct rte_epoll_event *event;

	if (intr_handle == NULL || (int)queue >= rte_intr_nb_efd_get(intr_handle)) {
		RTE_LOG(ERR, EAL, "interrupts: there is no vector %u\n", vec);
		return -EPERM;
	}
	event = rte_intr_elist_index_get(intr_handle, (int)queue);
	if (op == (int)RTE_INTR_EVENT_ADD) {
		if (__atomic_load_n(&event->status, __ATOMIC_RELAXED) != RTE_EPOLL_INVALID)
			return -EEXIST;
		event->epdata.event = EPOLLIN | EPOLLPRI | EPOLLET;
		event->epdata.data = data;
		event->epdata.cb_fun = drain;
		event->epdata.cb_arg = intr_handle;
		return rte_epoll_ctl(epfd, EPOLL_CTL_ADD, rte_intr_efds_index_get(intr_handle, (int)queue), event) == 0 ?
			0 : -EPERM;
	}
	if (op == (int)RTE_INTR_EVENT_DEL && __atomic_load_n(&event->status, __ATOMIC_RELAXED) != RTE_EPOLL_INVALID)
		return rte_epoll_ctl(event->epfd, EPOLL_CTL_DEL, event->fd, event) == 0 ? 0 : -EPERM;
	RTE_LOG(ERR, EAL, "interrupts: vector %u: operation %d is not possible\n", vec, op);
	return -EPERM;
}

void
rte_intr_free_epoll_fd(struct rte_intr_handle *intr_handle)
{
	struct rte_epoll_event *event;
	int i;

	for (i = 0; i < rte_intr_nb_efd_get(intr_handle); i++) {
		event = rte_intr_elist_index_get(intr_handle, i);
		if (__atomic_load_n(&event->status, __ATOMIC_RELAXED) != RTE_EPOLL_INVALID &&
		    rte_epoll_ctl(event->epfd, EPOLL_CTL_DEL, event->fd, event) < 0)
			invalidate(event);
	}
}

static int
make_efds(struct rte_intr_handle *handle, int n)
{
	int i, fd, err;

	for (i = 0; i < n; i++) {
		fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (fd < 0) {
			err = errno;
			while (i-- > 0)
				close(rte_intr_efds_index_get(handle, i));
			RTE_LOG(ERR, EAL, "interrupts: cannot make %d eventfds: %s\n", n, rte_strerror(err));
			return -err;
		}
		rte_intr_efds_index_set(handle, i, fd);
	}
	rte_intr_nb_efd_set(handle, n);
	return rte_intr_max_intr_set(handle, OTHER_INTERRUPTS + n);
}

int
rte_intr_efd_enable(struct rte_intr_handle *intr_handle, uint32_t nb_efd)
{
	int room = rte_intr_nb_intr_get(intr_handle);

	if (room < 0 || nb_efd == 0)
		return -EINVAL;
	switch (rte_intr_type_get(intr_handle)) {
	case RTE_INTR_HANDLE_VFIO_MSIX:
		/* One is left for the others. */
		return make_efds(intr_handle, (int)RTE_MIN(nb_efd, (uint32_t)room - OTHER_INTERRUPTS));
	case RTE_INTR_HANDLE_VDEV:
		return 0;
	default:
		rte_intr_efds_index_set(intr_handle, 0, rte_intr_fd_get(intr_handle));
		rte_intr_nb_efd_set(intr_handle, 1);
		return rte_intr_max_intr_set(intr_handle, OTHER_INTERRUPTS);
	}
}

void
rte_intr_efd_disable(struct rte_intr_handle *intr_handle)
{
	int i;

	rte_intr_free_epoll_fd(intr_handle);
	/* More interrupts than queues: the descriptors are of rte_intr_efd_enable()'s making. */
	if (rte_intr_max_intr_get(intr_handle) > rte_intr_nb_efd_get(intr_handle))
		for (i = 0; i < rte_intr_nb_efd_get(intr_handle); i++)
			close(rte_intr_efds_index_get(intr_handle, i));
	rte_intr_nb_efd_set(intr_handle, 0);
	rte_intr_max_intr_set(intr_handle, 0);
}
