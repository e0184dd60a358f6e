/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the two files of the TAP implementation know of each other.
 */
#ifndef WDPDK_TAP_LINUX_H
#define WDPDK_TAP_LINUX_H

#include "../tap_os.h"

struct ifreq;

/*
 * ioctl(request) by the interface's name on a socket of the network namespace the interface is in now, which need not
 * be this process's: it may have been moved. `queue` is any of the interface's queues. 0 or a negative errno: -EXDEV
 * when this process may not enter that namespace.
 */
int tap_netdev_ioctl(int queue, unsigned long request, struct ifreq *interface);

#endif
