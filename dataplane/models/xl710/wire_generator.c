/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A wire that makes frames, numbered (probe.h) or out of a capture, and checks those that come back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "pace.h"
#include "port.h"
#include "probe.h"
#include "wire_internal.h"

#define AHEAD 128u       /* frames that wait for the port when there is no rate */
#define RUNT_MIN 18u     /* for tests of what is too short */
#define SIZE_MAX_ 9728u

/* Simple IMIX: 7 of 64, 4 of 594, 1 of 1518 bytes, FCS included. */
static const uint16_t imix[12] = { 64, 594, 64, 64, 594, 64, 1518, 64, 594, 64, 64, 594 };

struct generator {
	struct pace pace;
	struct probe_check check;
	struct capture capture;
	uint32_t *numbers;       /* by flow */
	uint8_t mac[6];
	bool mixed, own_mac;
	uint16_t vlan;           /* 4096: none */
	uint32_t size, flows, next_flow, next_size;
	uint64_t count, made, lost;
};

static bool
read_mac(const char *arguments, struct generator *generator)
{
	size_t length;
	const char *text = wire_argument(arguments, "mac", &length);
	unsigned int bytes[6];

	generator->own_mac = text == NULL;
	if (text == NULL)
		return true;
	if (length != 17 || sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4], &bytes[5]) != 6)
		return false;
	for (int i = 0; i < 6; i++)
		generator->mac[i] = (uint8_t)bytes[i];
	return true;
}

static bool
read_rate(const char *arguments, struct generator *generator)
{
	size_t length;
	const char *text = wire_argument(arguments, "pps", &length);

	if (text != NULL && length == 4 && memcmp(text, "line", 4) == 0) {
		generator->pace.rate = PACE_LINE;
		return true;
	}
	return wire_number(arguments, "pps", 0, &generator->pace.rate) && generator->pace.rate <= 1000000000;
}

static int
read_options(const char *arguments, struct generator *generator)
{
	size_t length;
	const char *path = wire_argument(arguments, "pcap", &length);
	uint64_t size, flows, vlan;
	char file[1024];
	int error;

	if (!wire_number(arguments, "size", 64, &size) || size < RUNT_MIN || size > SIZE_MAX_ ||
	    !wire_number(arguments, "flows", 1, &flows) || flows == 0 || flows > PROBE_FLOWS_MAX ||
	    !wire_number(arguments, "vlan", 4096, &vlan) || vlan > 4096 || !wire_number(arguments, "count", 0, &generator->count) ||
	    !read_mac(arguments, generator) || !read_rate(arguments, generator)) {
		fprintf(stderr, "xl710: a generator cannot be \"%s\": a number or address is none, or out of range (size 18-9728, flows "
			"1-65536, vlan 0-4095)\n", arguments);
		return -EINVAL;
	}
	generator->size = (uint32_t)size;
	generator->flows = (uint32_t)flows;
	generator->vlan = (uint16_t)vlan;
	generator->mixed = wire_argument(arguments, "imix", &length) != NULL;
	path = wire_argument(arguments, "pcap", &length);
	if (path == NULL)
		return 0;
	if (length >= sizeof(file))
		return -ENAMETOOLONG;
	memcpy(file, path, length);
	file[length] = '\0';
	error = capture_open(&generator->capture, file);
	if (error != 0)
		fprintf(stderr, "xl710: the generator's capture %s cannot be used: %s\n", file, strerror(-error));
	return error;
}

static void
generator_free(struct generator *generator)
{
	probe_check_destroy(&generator->check);
	capture_close(&generator->capture);
	free(generator->numbers);
	free(generator);
}

static int
generator_open(struct xl710_wire *wire, const char *arguments)
{
	static const char *const names[] = { "size", "imix", "pcap", "flows", "pps", "count", "vlan", "mac", NULL };
	struct generator *generator;
	int error;

	if (!wire_arguments_known(arguments, names))
		return -EINVAL;
	generator = calloc(1, sizeof(*generator));
	if (generator == NULL)
		return -ENOMEM;
	generator->numbers = calloc(PROBE_FLOWS_MAX, sizeof(*generator->numbers));
	error = generator->numbers == NULL || !probe_check_create(&generator->check) ? -ENOMEM : read_options(arguments, generator);
	if (error != 0) {
		generator_free(generator);
		return error;
	}
	wire->state = generator;
	return 0;
}

static void
generator_close(struct xl710_wire *wire)
{
	generator_free(wire->state);
}

/* The next frame's length without FCS, and its bytes if they are a capture's. */
static uint32_t
next_frame(struct generator *generator, const uint8_t **bytes)
{
	uint32_t length;

	*bytes = NULL;
	if (generator->capture.bytes == NULL)
		return (generator->mixed ? imix[generator->next_size] : generator->size) - 4;
	if (!capture_next(&generator->capture, bytes, &length)) {
		capture_rewind(&generator->capture);
		if (!capture_next(&generator->capture, bytes, &length))
			return 0;
	}
	return length;
}

static void
put_frame(struct xl710_wire *wire, struct generator *generator, uint8_t *room, const uint8_t *bytes, uint32_t length)
{
	if (bytes != NULL) {
		memcpy(room, bytes, length);
		if (length < PROBE_MIN)
			memset(room + length, 0, PROBE_MIN - length);
		frame_queue_commit(&wire->inbound, 0, length < PROBE_MIN ? PROBE_MIN : length, UINT16_MAX);
		return;
	}
	/* A frame that is too short is cut off one that is not. */
	probe_write(room, length < PROBE_MIN ? PROBE_MIN : length, generator->own_mac ? wire->port->mac : generator->mac,
		generator->vlan, (uint16_t)generator->next_flow, generator->numbers[generator->next_flow]++);
	frame_queue_commit(&wire->inbound, 0, length, UINT16_MAX);
}

static void
generator_fill(struct xl710_wire *wire, unsigned int budget)
{
	struct generator *generator = wire->state;

	pace_advance(&generator->pace);
	for (unsigned int i = 0; i < budget; i++) {
		const uint8_t *bytes;
		size_t offset = generator->capture.offset;
		uint32_t length;
		uint8_t *room;

		if (generator->count != 0 && generator->made == generator->count)
			return;
		/* Without a rate the port takes what it can; with one the wire does not wait for it. */
		if (generator->pace.rate == 0 && wire->inbound.count >= AHEAD)
			return;
		length = next_frame(generator, &bytes);
		if (length == 0)
			return;
		if (!pace_take(&generator->pace, length)) {
			generator->capture.offset = offset;
			return;
		}
		room = frame_queue_reserve(&wire->inbound, length < PROBE_MIN ? PROBE_MIN + 4 : length + 4);
		if (room == NULL) {
			generator->lost++;
			wire->port->stats.rx_discards++;
			wire->port->stats.dirty = true;
			if (bytes == NULL)
				generator->numbers[generator->next_flow]++;
		} else {
			put_frame(wire, generator, room, bytes, length);
		}
		generator->made++;
		if (++generator->next_flow == generator->flows)
			generator->next_flow = 0;
		if (++generator->next_size == sizeof(imix) / sizeof(imix[0]))
			generator->next_size = 0;
	}
}

static void
generator_drain(struct xl710_wire *wire)
{
	struct generator *generator = wire->state;

	while (wire->outbound.count != 0) {
		const struct frame_slot *slot = frame_queue_at(&wire->outbound, 0);

		probe_check_frame(&generator->check, frame_queue_bytes(&wire->outbound, slot), slot->length);
		frame_queue_pop(&wire->outbound);
	}
	wire->outbound.pressed = false;
}

static void
generator_json(const struct xl710_wire *wire, FILE *out)
{
	const struct generator *generator = wire->state;

	fprintf(out, "\"generated\":%llu,\"generatorLost\":%llu,", (unsigned long long)generator->made,
		(unsigned long long)generator->lost);
	probe_check_json(&generator->check, "returned", out);
}

const struct wire_kind wire_generator = {
	.name = "generator", .open = generator_open, .close = generator_close, .fill = generator_fill, .drain = generator_drain,
	.json = generator_json,
};
