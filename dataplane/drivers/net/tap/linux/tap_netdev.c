/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Requests about an interface go by its name within a network namespace, so they need a socket there.
 */
#include "tap_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct visit {
	int network;
	unsigned long request;
	struct ifreq *interface;
	int result;
};

static int
ask(unsigned long request, struct ifreq *interface)
{
	int result, handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (handle < 0)
		return -errno;
	result = ioctl(handle, request, interface) < 0 ? -errno : 0;
	close(handle);
	return result;
}

/* A thread of its own: entering a namespace holds for the thread, and it does not come back. */
static void *
ask_there(void *argument)
{
	struct visit *visit = argument;

	visit->result = setns(visit->network, CLONE_NEWNET) != 0 ? -EXDEV : ask(visit->request, visit->interface);
	return NULL;
}

static bool
is_own(int network)
{
	struct stat there, here;

	return fstat(network, &there) == 0 && stat("/proc/thread-self/ns/net", &here) == 0 && there.st_dev == here.st_dev &&
		there.st_ino == here.st_ino;
}

int
tap_netdev_ioctl(int queue, unsigned long request, struct ifreq *interface)
{
	struct visit visit = { .network = ioctl(queue, TUNGETDEVNETNS), .request = request, .interface = interface };
	struct ifreq now;
	pthread_t thread;

	/* It may have been renamed, too. */
	if (ioctl(queue, TUNGETIFF, &now) != 0) {
		int error = errno == EBADFD ? ENODEV : errno;

		if (visit.network >= 0)
			close(visit.network);
		return -error;
	}
	for (unsigned int i = 0; i < IFNAMSIZ; i++)
		interface->ifr_name[i] = now.ifr_name[i];
	/* Kernels that do not tell, or not to this process: then it is looked for here. */
	if (visit.network < 0)
		return ask(request, interface);
	if (is_own(visit.network))
		visit.result = ask(request, interface);
	else if (pthread_create(&thread, NULL, ask_there, &visit) == 0)
		pthread_join(thread, NULL);
	else
		visit.result = -EAGAIN;
	close(visit.network);
	return visit.result;
}
