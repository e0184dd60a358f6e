/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What net_tap needs of a system: an interface of the system's own network stack whose other side are queues of Ethernet
 * frames. linux/ implements it with TAP; a Wintun port would give and take its packets here, with Ethernet headers it makes up.
 */
#ifndef WDPDK_TAP_OS_H
#define WDPDK_TAP_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAP_NAME 64
#define TAP_ERROR 512
#define TAP_QUEUES 16

/* One piece of a frame in memory. */
struct tap_os_part {
	void *base;
	size_t length;
};

struct tap_os_settings {
	char name[TAP_NAME]; /* of the interface; "%d" in it stands for the first free number */
	unsigned int queues; /* that set_queues() may ask for, 1 to TAP_QUEUES */
	bool persist;	     /* the interface outlives this process */
};

struct tap_os;

/*
 * Operations on an open interface. Errors are negative errno values; where there is an `error`, TAP_ERROR bytes, it says what
 * failed on which object, why, and what to do. receive() and send() are for one thread a queue, the others for one control
 * thread, which may run beside them; set_queues() and close() only while no queue is used.
 */
struct tap_os_ops {
	void (*close)(struct tap_os *tap);
	/* Opens or closes queues so that there are `count`, numbered from 0. The system spreads frames over all of them. */
	int (*set_queues)(struct tap_os *tap, unsigned int count, char *error);
	/*
	 * One frame into the parts, in order. Its length; 0 when there is none; -EMSGSIZE for one that filled them to the last
	 * byte and may have been cut (it is gone); -ENODEV when the interface is gone; or another error.
	 */
	int (*receive)(struct tap_os *tap, unsigned int queue, const struct tap_os_part *parts, unsigned int count);
	/*
	 * Sends one frame. 0; -EAGAIN when the system does not take it now (the interface is down, out of memory); -ENODEV when the
	 * interface is gone; -EINVAL for a frame it never takes. May be called for the same queue by several threads.
	 */
	int (*send)(struct tap_os *tap, unsigned int queue, const struct tap_os_part *parts, unsigned int count);
	/* Whether the system's side is up; false when it is gone. */
	bool (*is_up)(struct tap_os *tap);
	/* Brings the system's side up. */
	int (*bring_up)(struct tap_os *tap, char *error);
	/* Plugs and unplugs the cable as the system sees it. */
	void (*set_carrier)(struct tap_os *tap, bool on);
	int (*get_mtu)(struct tap_os *tap, char *error);
	int (*set_mtu)(struct tap_os *tap, uint16_t mtu, char *error);
	/* Which frames are received: all, or those to this address, to broadcast, and with all_multicast to any group. */
	int (*set_filter)(struct tap_os *tap, bool promiscuous, bool all_multicast, const uint8_t address[6]);
};

/* Implementations put it first in their own structure. */
struct tap_os {
	const struct tap_os_ops *ops;
	char name[TAP_NAME]; /* as the system has it */
};

/* Makes the interface, or takes the one of that name that nobody uses, with one queue. 0, or a negative errno and `error`. */
int tap_os_open(struct tap_os **tap, const struct tap_os_settings *settings, char *error);

#endif
