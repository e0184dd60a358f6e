/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: the event thread waits with epoll; a timerfd ends a wait to the microsecond, an eventfd at once.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "../common/eal_events.h"
#include "../common/eal_interrupts_private.h"
#include "../common/eal_private.h"

static int epoll_fd = -1, wake_fd = -1, timer_fd = -1;

int
eal_os_events_add(eal_event_source source)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLPRI | EPOLLRDHUP, .data = { .fd = (int)source } };

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, (int)source, &event) == 0 ? 0 : -errno;
}

void
eal_os_events_remove(eal_event_source source)
{
	/* It may be closed, and gone, already. */
	epoll_ctl(epoll_fd, EPOLL_CTL_DEL, (int)source, NULL);
}

void
eal_os_events_close(void)
{
	int *fds[] = { &wake_fd, &timer_fd, &epoll_fd };
	unsigned int i;

	for (i = 0; i < RTE_DIM(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

int
eal_os_events_open(void)
{
	int ret = 0;

	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd >= 0)
		wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (wake_fd >= 0)
		timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (timer_fd < 0)
		ret = -errno;
	if (ret == 0)
		ret = eal_os_events_add(wake_fd);
	if (ret == 0)
		ret = eal_os_events_add(timer_fd);
	if (ret != 0)
		eal_os_events_close();
	return ret;
}

void
eal_os_events_wake(void)
{
	uint64_t one = 1;

	/* It fails only when the counter is full: then the wait ends anyway. */
	if (write(wake_fd, &one, sizeof(one)) < 0)
		return;
}

unsigned int
eal_os_events_wait(uint64_t ns, eal_event_source *ready, unsigned int max)
{
	struct itimerspec when = { .it_value = { 0, 0 } };
	struct epoll_event events[16];
	unsigned int used = 0;
	uint64_t count;
	int i, n;

	if (ns == 0)
		ns = 1;
	if (ns != UINT64_MAX) {
		when.it_value.tv_sec = (time_t)RTE_MIN(ns / 1000000000, (uint64_t)INT32_MAX);
		when.it_value.tv_nsec = (long)(ns % 1000000000);
	}
	/* All zero: it never ends. */
	timerfd_settime(timer_fd, 0, &when, NULL);
	n = epoll_wait(epoll_fd, events, (int)RTE_MIN(max, RTE_DIM(events)), -1);
	for (i = 0; i < n; i++) {
		int fd = events[i].data.fd;

		if (fd == wake_fd || fd == timer_fd) {
			if (read(fd, &count, sizeof(count)) < 0)
				continue;
		} else {
			ready[used++] = fd;
		}
	}
	return used;
}

int
eal_os_events_consume(eal_event_source source, unsigned int len)
{
	char buffer[16];
	ssize_t n;

	if (len == 0)
		return 1;
	n = read((int)source, buffer, RTE_MIN(len, sizeof(buffer)));
	if (n > 0)
		return 1;
	return n < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : -1;
}

int
eal_os_uio_switch(int fd, int32_t on)
{
	ssize_t n = write(fd, &on, sizeof(on));

	if (n == (ssize_t)sizeof(on))
		return 0;
	return n < 0 ? -errno : -EIO;
}

#define PCI_COMMAND_OFFSET 4
#define PCI_COMMAND_INTX_OFF 0x400

int
eal_os_intx_switch(int config_fd, bool on)
{
	uint16_t before, after;

	if (pread(config_fd, &before, sizeof(before), PCI_COMMAND_OFFSET) != sizeof(before))
		return -EIO;
	after = on ? before & (uint16_t)~PCI_COMMAND_INTX_OFF : before | PCI_COMMAND_INTX_OFF;
	if (after != before && pwrite(config_fd, &after, sizeof(after), PCI_COMMAND_OFFSET) != sizeof(after))
		return -EIO;
	return 0;
}

bool
eal_intr_has_source(const struct rte_intr_handle *handle)
{
	return handle != NULL && rte_intr_fd_get(handle) >= 0;
}

eal_event_source
eal_intr_source(const struct rte_intr_handle *handle)
{
	return rte_intr_fd_get(handle);
}
