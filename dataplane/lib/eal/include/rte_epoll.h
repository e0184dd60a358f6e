/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Waiting for file descriptors, as epoll does it. On Windows, which has no such thing, all of it fails with rte_errno
 * ENOTSUP.
 */
#ifndef __RTE_EPOLL_H__
#define __RTE_EPOLL_H__

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Operations of rte_intr_rx_ctl() and rte_eth_dev_rx_intr_ctl(). */
#define RTE_INTR_EVENT_ADD 1UL
#define RTE_INTR_EVENT_DEL 2UL

typedef void (*rte_intr_event_cb_t)(int fd, void *arg);

struct rte_epoll_data {
	uint32_t event; /* EPOLLIN ... */
	void *data;     /* the caller's */
	rte_intr_event_cb_t cb_fun; /* called in rte_epoll_wait() unless NULL */
	void *cb_arg;
};

enum {
	RTE_EPOLL_INVALID = 0, /* not waited for */
	RTE_EPOLL_VALID,
	RTE_EPOLL_EXEC, /* its callback runs */
};

/** For rte_epoll_ctl() the caller's memory, which stays until it is deleted; for rte_epoll_wait() what happened. */
struct rte_epoll_event {
	uint32_t status;
	int fd;
	int epfd;
	struct rte_epoll_data epdata;
};

/* As epfd: an epoll descriptor of the calling thread's own. */
#define RTE_EPOLL_PER_THREAD -1

/** Waits timeout ms (-1: for ever). @return events written, 0 after the time, -1. Signals do not end it. */
int rte_epoll_wait(int epfd, struct rte_epoll_event *events, int maxevents, int timeout);
/** As rte_epoll_wait(), but a signal ends it with -1 and errno EINTR. */
int rte_epoll_wait_interruptible(int epfd, struct rte_epoll_event *events, int maxevents, int timeout);

/** op: EPOLL_CTL_ADD, _MOD or _DEL; deleting waits for the event's callback. @return 0 or -1. */
int rte_epoll_ctl(int epfd, int op, int fd, struct rte_epoll_event *event);

#ifdef __cplusplus
}
#endif

#endif
