/* SPDX-License-Identifier: BSD-3-Clause
 *
 * TAP interfaces through /dev/net/tun, without packet information and without virtio headers: the kernel computes checksums before
 * it hands a frame over, and cuts no segments for us. Each open descriptor is a queue.
 */
#include "tap_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define CLONE_DEVICE "/dev/net/tun"

/* One call serves both directions without converting. */
_Static_assert(sizeof(struct tap_os_part) == sizeof(struct iovec) &&
	offsetof(struct tap_os_part, base) == offsetof(struct iovec, iov_base) &&
	offsetof(struct tap_os_part, length) == offsetof(struct iovec, iov_len), "a part is an iovec");

struct tap_linux {
	struct tap_os os;
	unsigned int most_queues, queues;
	int queue[TAP_QUEUES];
};

static struct tap_linux *
linux_of(struct tap_os *tap)
{
	return (struct tap_linux *)tap;
}

/* ---- Bursts ---- */

static int
receive(struct tap_os *tap, unsigned int queue, const struct tap_os_part *parts, unsigned int count)
{
	ssize_t length = readv(linux_of(tap)->queue[queue], (const struct iovec *)parts, (int)count);

	if (length >= 0) {
		size_t room = 0;

		/* The kernel cuts what is longer and does not tell. */
		for (unsigned int i = 0; i < count && room <= (size_t)length; i++)
			room += parts[i].length;
		return (size_t)length == room ? -EMSGSIZE : (int)length;
	}
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	return errno == EBADFD ? -ENODEV : -errno;
}

static int
send_frame(struct tap_os *tap, unsigned int queue, const struct tap_os_part *parts, unsigned int count)
{
	if (writev(linux_of(tap)->queue[queue], (const struct iovec *)parts, (int)count) >= 0)
		return 0;
	switch (errno) {
	case EIO: /* the interface is down */
	case EAGAIN:
	case EINTR:
	case ENOMEM:
	case ENOBUFS:
		return -EAGAIN;
	case EBADFD:
		return -ENODEV;
	default:
		return -errno;
	}
}

/* ---- State ---- */

/* A queue may be written to while its interface is up, in whatever network namespace that is. */
static bool
is_up(struct tap_os *tap)
{
	struct pollfd queue = { .fd = linux_of(tap)->queue[0], .events = POLLOUT };

	return poll(&queue, 1, 0) == 1 && (queue.revents & (POLLOUT | POLLERR)) == POLLOUT;
}

static void
set_carrier(struct tap_os *tap, bool on)
{
	int state = on;

	/* Before Linux 5.0 there is none to set: the interface then looks plugged in as long as the port exists. */
	ioctl(linux_of(tap)->queue[0], TUNSETCARRIER, &state);
}

static int
explain(const struct tap_os *tap, int failed, const char *what, const char *command, char *error)
{
	if (failed == -EXDEV)
		snprintf(error, TAP_ERROR, "cannot %s interface '%s': it is in another network namespace, which this process may not enter; "
			"run as root, or do there: ip link set dev %s %s", what, tap->name, tap->name, command);
	else if (failed == -EPERM)
		snprintf(error, TAP_ERROR, "cannot %s interface '%s': not permitted; run as root or give the program CAP_NET_ADMIN", what,
			tap->name);
	else
		snprintf(error, TAP_ERROR, "cannot %s interface '%s': %s; see what 'ip link show dev %s' says", what, tap->name,
			strerror(-failed), tap->name);
	return failed;
}

static int
bring_up(struct tap_os *tap, char *error)
{
	struct ifreq request = { 0 };
	int failed;

	/* Whoever has moved it and brought it up there need not have given us a way in. */
	if (is_up(tap))
		return 0;
	failed = tap_netdev_ioctl(linux_of(tap)->queue[0], SIOCGIFFLAGS, &request);
	if (failed == 0) {
		request.ifr_flags |= IFF_UP;
		failed = tap_netdev_ioctl(linux_of(tap)->queue[0], SIOCSIFFLAGS, &request);
	}
	return failed == 0 ? 0 : explain(tap, failed, "bring up", "up", error);
}

static int
get_mtu(struct tap_os *tap, char *error)
{
	struct ifreq request = { 0 };
	int failed = tap_netdev_ioctl(linux_of(tap)->queue[0], SIOCGIFMTU, &request);

	return failed == 0 ? request.ifr_mtu : explain(tap, failed, "read the MTU of", "mtu 1500", error);
}

static int
set_mtu(struct tap_os *tap, uint16_t mtu, char *error)
{
	struct ifreq request = { .ifr_mtu = mtu };
	int failed = tap_netdev_ioctl(linux_of(tap)->queue[0], SIOCSIFMTU, &request);
	char what[48], command[32];

	snprintf(what, sizeof(what), "set the MTU to %u of", mtu);
	snprintf(command, sizeof(command), "mtu %u", mtu);
	return failed == 0 ? 0 : explain(tap, failed, what, command, error);
}

static int
set_filter(struct tap_os *tap, bool promiscuous, bool all_multicast, const uint8_t address[6])
{
	const struct tun_filter head = { .flags = all_multicast ? TUN_FLT_ALLMULTI : 0, .count = promiscuous ? 0 : 2 };
	_Alignas(struct tun_filter) uint8_t filter[sizeof(head) + 2 * 6];

	/* Addresses follow the head at once. */
	memcpy(filter, &head, sizeof(head));
	memcpy(filter + sizeof(head), address, 6);
	memset(filter + sizeof(head) + 6, 0xff, 6);
	return ioctl(linux_of(tap)->queue[0], TUNSETTXFILTER, filter) < 0 ? -errno : 0;
}

/* ---- Opening ---- */

static int
open_clone(char *error)
{
	int handle = open(CLONE_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC), failed = errno;

	if (handle >= 0)
		return handle;
	if (failed == EACCES || failed == EPERM)
		snprintf(error, TAP_ERROR, "cannot open " CLONE_DEVICE ": %s; run as root, or let this user read and write it, and in a "
			"container allow the device", strerror(failed));
	else
		snprintf(error, TAP_ERROR, "cannot open " CLONE_DEVICE ": %s; load the kernel's module (modprobe tun), and in a container "
			"give it the device (docker: --device " CLONE_DEVICE ")", strerror(failed));
	return -failed;
}

static int
refuse_name(int failed, const char *name, unsigned int queues, char *error)
{
	switch (failed) {
	case EPERM:
		snprintf(error, TAP_ERROR, "cannot make interface '%s': not permitted; run as root, give the program CAP_NET_ADMIN "
			"(setcap cap_net_admin+ep), or make it before: ip tuntap add dev %s mode tap user $USER%s", name, name,
			queues > 1 ? " multi_queue" : "");
		break;
	case EBUSY:
		snprintf(error, TAP_ERROR, "interface '%s' is in use by another program or port; take another name, or end who holds it",
			name);
		break;
	case EINVAL:
		snprintf(error, TAP_ERROR, "there is an interface '%s' that cannot be used: it is no TAP, or one %s several queues; "
			"take another name, or delete it: ip link del dev %s", name, queues > 1 ? "without" : "for", name);
		break;
	default:
		snprintf(error, TAP_ERROR, "cannot make interface '%s': %s", name, strerror(failed));
	}
	return -failed;
}

static int
check_name(const char *name, char *error)
{
	const char *percent = strchr(name, '%');

	if (strlen(name) < IFNAMSIZ && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strpbrk(name, "/: \t\n") == NULL &&
			(percent == NULL || (percent[1] == 'd' && strchr(percent + 1, '%') == NULL)))
		return 0;
	snprintf(error, TAP_ERROR, "iface=%s is no name for an interface: it takes 1 to %d bytes without '/', ':' and blanks, and '%%' "
		"only once as '%%d'", name, IFNAMSIZ - 1);
	return -EINVAL;
}

static int
attach(int handle, const char *name, unsigned int most_queues, int flags, struct ifreq *request)
{
	memset(request, 0, sizeof(*request));
	snprintf(request->ifr_name, IFNAMSIZ, "%.*s", IFNAMSIZ - 1, name);
	request->ifr_flags = (short)(IFF_TAP | IFF_NO_PI | (most_queues > 1 ? IFF_MULTI_QUEUE : 0) | flags);
	return ioctl(handle, TUNSETIFF, request) == 0 ? 0 : errno;
}

/*
 * An interface for several queues lets further programs in, queue by queue. One that does not persist exists because
 * somebody has it; of one that does, the kernel tells no more.
 */
static bool
is_held_by_others(int handle)
{
	struct ifreq request;

	return ioctl(handle, TUNGETIFF, &request) == 0 && (request.ifr_flags & IFF_PERSIST) == 0;
}

static int
take_interface(struct tap_linux *tap, const struct tap_os_settings *settings, char *error)
{
	struct ifreq request;
	/* First as a new one: only when there is one of that name, that one. */
	int failed = attach(tap->queue[0], settings->name, tap->most_queues, IFF_TUN_EXCL, &request);

	if (failed == EBUSY) {
		failed = attach(tap->queue[0], settings->name, tap->most_queues, 0, &request);
		if (failed == 0 && is_held_by_others(tap->queue[0]))
			failed = EBUSY;
	}
	if (failed == 0 && settings->persist && ioctl(tap->queue[0], TUNSETPERSIST, 1) != 0)
		failed = errno;
	if (failed != 0)
		return refuse_name(failed, settings->name, tap->most_queues, error);
	snprintf(tap->os.name, TAP_NAME, "%.*s", IFNAMSIZ, request.ifr_name);
	return 0;
}

static int
set_queues(struct tap_os *os, unsigned int count, char *error)
{
	struct tap_linux *tap = linux_of(os);

	while (tap->queues > count)
		close(tap->queue[--tap->queues]);
	while (tap->queues < count) {
		struct ifreq request;
		int failed, handle = open_clone(error);

		if (handle < 0)
			return handle;
		failed = attach(handle, os->name, tap->most_queues, 0, &request);
		if (failed != 0) {
			close(handle);
			snprintf(error, TAP_ERROR, "cannot open queue %u of interface '%s': %s; if it was moved to another network namespace, "
				"configure the port before", tap->queues, os->name, strerror(failed));
			return -failed;
		}
		tap->queue[tap->queues++] = handle;
	}
	return 0;
}

static void
close_interface(struct tap_os *os)
{
	struct tap_linux *tap = linux_of(os);

	while (tap->queues > 0)
		close(tap->queue[--tap->queues]);
	free(tap);
}

static const struct tap_os_ops operations = {
	.close = close_interface,
	.set_queues = set_queues,
	.receive = receive,
	.send = send_frame,
	.is_up = is_up,
	.bring_up = bring_up,
	.set_carrier = set_carrier,
	.get_mtu = get_mtu,
	.set_mtu = set_mtu,
	.set_filter = set_filter,
};

int
tap_os_open(struct tap_os **opened, const struct tap_os_settings *settings, char *error)
{
	struct tap_linux *tap;
	int failed = check_name(settings->name, error);

	if (failed != 0)
		return failed;
	tap = calloc(1, sizeof(*tap));
	if (tap == NULL) {
		snprintf(error, TAP_ERROR, "no memory for interface '%s'", settings->name);
		return -ENOMEM;
	}
	tap->os.ops = &operations;
	tap->most_queues = settings->queues;
	tap->queue[0] = open_clone(error);
	if (tap->queue[0] < 0) {
		failed = tap->queue[0];
		free(tap);
		return failed;
	}
	tap->queues = 1;
	failed = take_interface(tap, settings, error);
	if (failed != 0) {
		close_interface(&tap->os);
		return failed;
	}
	*opened = &tap->os;
	return 0;
}
