/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A wire between two capture files.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "os.h"
#include "pace.h"
#include "wire_internal.h"

#define AHEAD 128u
#define PADDED 60u

struct pcap_wire {
	struct pace pace;
	struct capture in;
	FILE *out;
	bool again, ended;
	uint64_t played, recorded;
};

static void
pcap_free(struct pcap_wire *pcap)
{
	capture_close(&pcap->in);
	if (pcap->out != NULL)
		fclose(pcap->out);
	free(pcap);
}

/* The file that is `length` bytes of `text`, in `path`; false when there is none. */
static bool
file_name(const char *text, size_t length, char path[1024])
{
	if (length == 0 || length >= 1024)
		return false;
	memcpy(path, text, length);
	path[length] = '\0';
	return true;
}

static int
open_files(struct pcap_wire *pcap, const char *arguments)
{
	static const char *const names[] = { "loop", "pps", NULL };
	size_t in = strcspn(arguments, ","), out = 0, length;
	const char *rest = arguments + in + (arguments[in] == ','), *options = rest;
	char path[1024];
	int error;

	/* The second name is not one of the options'. */
	if (*rest != '\0' && wire_argument(rest, "loop", &length) != rest + 4 && strncmp(rest, "pps=", 4) != 0) {
		out = strcspn(rest, ",");
		options = rest + out + (rest[out] == ',');
	}
	if (!wire_arguments_known(options, names))
		return -EINVAL;
	if (!wire_number(options, "pps", 0, &pcap->pace.rate)) {
		fprintf(stderr, "xl710: pps of a pcap wire is a number, not in \"%s\"\n", options);
		return -EINVAL;
	}
	pcap->again = wire_argument(options, "loop", &length) != NULL;
	if (file_name(arguments, in, path)) {
		error = capture_open(&pcap->in, path);
		if (error != 0) {
			fprintf(stderr, "xl710: %s cannot be played: %s\n", path, strerror(-error));
			return error;
		}
	}
	if (file_name(rest, out, path)) {
		pcap->out = capture_create(path);
		if (pcap->out == NULL) {
			error = errno != 0 ? -errno : -EIO;
			fprintf(stderr, "xl710: %s cannot be written: %s\n", path, strerror(-error));
			return error;
		}
	}
	return 0;
}

static int
pcap_open(struct xl710_wire *wire, const char *arguments)
{
	struct pcap_wire *pcap = calloc(1, sizeof(*pcap));
	int error;

	if (pcap == NULL)
		return -ENOMEM;
	error = open_files(pcap, arguments);
	if (error != 0) {
		pcap_free(pcap);
		return error;
	}
	wire->state = pcap;
	return 0;
}

static void
pcap_close(struct xl710_wire *wire)
{
	pcap_free(wire->state);
}

static void
pcap_fill(struct xl710_wire *wire, unsigned int budget)
{
	struct pcap_wire *pcap = wire->state;

	if (pcap->in.bytes == NULL || pcap->ended)
		return;
	pace_advance(&pcap->pace);
	for (unsigned int i = 0; i < budget && wire->inbound.count < AHEAD; i++) {
		size_t offset = pcap->in.offset;
		const uint8_t *frame;
		uint32_t length;
		uint8_t *room;

		if (!capture_next(&pcap->in, &frame, &length)) {
			capture_rewind(&pcap->in);
			pcap->ended = !pcap->again || !capture_next(&pcap->in, &frame, &length);
			if (pcap->ended)
				return;
		}
		room = pace_take(&pcap->pace, length) ? frame_queue_reserve(&wire->inbound, length < PADDED ? PADDED : length) : NULL;
		if (room == NULL) {
			pcap->in.offset = offset;
			return;
		}
		memcpy(room, frame, length);
		if (length < PADDED)
			memset(room + length, 0, PADDED - length);
		frame_queue_commit(&wire->inbound, 0, length < PADDED ? PADDED : length, UINT16_MAX);
		pcap->played++;
	}
}

static void
pcap_drain(struct xl710_wire *wire)
{
	struct pcap_wire *pcap = wire->state;
	uint64_t now = xl710_now_us();

	while (wire->outbound.count != 0) {
		const struct frame_slot *slot = frame_queue_at(&wire->outbound, 0);

		if (pcap->out != NULL)
			capture_write(pcap->out, frame_queue_bytes(&wire->outbound, slot), slot->length, now);
		pcap->recorded++;
		frame_queue_pop(&wire->outbound);
	}
	wire->outbound.pressed = false;
	/* Whoever looks into the file while we run sees whole frames. */
	if (pcap->out != NULL)
		fflush(pcap->out);
}

static void
pcap_json(const struct xl710_wire *wire, FILE *out)
{
	const struct pcap_wire *pcap = wire->state;

	fprintf(out, "\"played\":%llu,\"recorded\":%llu,", (unsigned long long)pcap->played, (unsigned long long)pcap->recorded);
}

const struct wire_kind wire_pcap = {
	.name = "pcap", .open = pcap_open, .close = pcap_close, .fill = pcap_fill, .drain = pcap_drain, .json = pcap_json,
};
