/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A wire that ends in the kernel: a TAP interface of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../wire_internal.h"

#define PADDED 60u

struct tap_wire {
	int file;
	uint64_t read, written, lost;
};

static int
tap_open(struct xl710_wire *wire, const char *arguments)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	struct tap_wire *tap;
	int error;

	if (*arguments == '\0' || strlen(arguments) >= IFNAMSIZ) {
		fprintf(stderr, "xl710: tap wants the name of an interface (up to 15 characters): tap:NAME\n");
		return -EINVAL;
	}
	tap = calloc(1, sizeof(*tap));
	if (tap == NULL)
		return -ENOMEM;
	memcpy(request.ifr_name, arguments, strlen(arguments) + 1);
	tap->file = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tap->file < 0 || ioctl(tap->file, TUNSETIFF, &request) != 0) {
		error = -errno;
		fprintf(stderr, "xl710: no TAP interface %s: %s (it needs CAP_NET_ADMIN and /dev/net/tun)\n", arguments, strerror(errno));
		if (tap->file >= 0)
			close(tap->file);
		free(tap);
		return error;
	}
	wire->state = tap;
	return 0;
}

static void
tap_close(struct xl710_wire *wire)
{
	struct tap_wire *tap = wire->state;

	close(tap->file);
	free(tap);
}

static void
tap_fill(struct xl710_wire *wire, unsigned int budget)
{
	struct tap_wire *tap = wire->state;

	for (unsigned int i = 0; i < budget; i++) {
		uint8_t *room = frame_queue_reserve(&wire->inbound, FRAME_MAX);
		ssize_t length;

		if (room == NULL)
			return; /* the kernel keeps it, or drops */
		length = read(tap->file, room, FRAME_MAX);
		if (length < 14)
			return;
		if ((size_t)length < PADDED) {
			memset(room + length, 0, PADDED - (size_t)length);
			length = PADDED;
		}
		frame_queue_commit(&wire->inbound, 0, (uint32_t)length, UINT16_MAX);
		tap->read++;
	}
}

static void
tap_drain(struct xl710_wire *wire)
{
	struct tap_wire *tap = wire->state;

	while (wire->outbound.count != 0) {
		const struct frame_slot *slot = frame_queue_at(&wire->outbound, 0);

		if (write(tap->file, frame_queue_bytes(&wire->outbound, slot), slot->length) == slot->length)
			tap->written++;
		else
			tap->lost++;
		frame_queue_pop(&wire->outbound);
	}
	wire->outbound.pressed = false;
}

static void
tap_json(const struct xl710_wire *wire, FILE *out)
{
	const struct tap_wire *tap = wire->state;

	fprintf(out, "\"tapRead\":%llu,\"tapWritten\":%llu,\"tapLost\":%llu,", (unsigned long long)tap->read,
		(unsigned long long)tap->written, (unsigned long long)tap->lost);
}

const struct wire_kind wire_tap = {
	.name = "tap", .open = tap_open, .close = tap_close, .fill = tap_fill, .drain = tap_drain, .json = tap_json,
};
