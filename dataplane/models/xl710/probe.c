/* SPDX-License-Identifier: BSD-3-Clause */
#include "probe.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "checksum.h"

#define MARK 0x77445072u
#define MARK_SIZE 12u /* mark, flow, zero, number */
#define PORT_FIRST 1024u

/* The pattern's byte at `at` of the payload. */
static uint8_t
pattern(uint16_t flow, uint32_t number, uint32_t at)
{
	return (uint8_t)(at * 7 + number * 13 + flow);
}

static void
write_headers(uint8_t *ip, uint32_t length, uint16_t flow)
{
	static const uint8_t start[20] = { 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, PROTOCOL_UDP, 0, 0, 198, 18, 0, 1, 198, 19, 0, 1 };
	uint8_t *udp = ip + 20;

	memcpy(ip, start, sizeof(start));
	store16be(ip + 2, (uint16_t)length);
	/* Flows differ in both addresses and in the source port. */
	store16be(ip + 14, (uint16_t)(flow + 1));
	store16be(ip + 18, (uint16_t)(flow * 7 + 1));
	checksum_insert_ipv4(ip, 20);
	store16be(udp, (uint16_t)(PORT_FIRST + flow % 60000));
	store16be(udp + 2, 4739);
	store16be(udp + 4, (uint16_t)(length - 20));
	store16be(udp + 6, 0);
}

void
probe_write(uint8_t *frame, uint32_t length, const uint8_t destination[6], uint16_t vlan, uint16_t flow, uint32_t number)
{
	uint32_t l2 = vlan < 4096 ? 18 : 14;
	uint8_t *ip = frame + l2, *payload = ip + 28;
	uint32_t size = length - l2 - 28;

	memcpy(frame, destination, 6);
	memcpy(frame + 6, "\x02wdpdk", 6);
	if (vlan < 4096) {
		store16be(frame + 12, 0x8100);
		store16be(frame + 14, vlan);
	}
	store16be(frame + l2 - 2, 0x0800);
	write_headers(ip, length - l2, flow);
	store32be(payload, MARK);
	store16be(payload + 4, flow);
	store16be(payload + 6, 0);
	store32be(payload + 8, number);
	for (uint32_t i = MARK_SIZE; i < size; i++)
		payload[i] = pattern(flow, number, i);
	checksum_insert_l4(ip + 20, length - l2 - 20, PROTOCOL_UDP, checksum_pseudo(ip, 4, PROTOCOL_UDP, length - l2 - 20));
}

bool
probe_check_create(struct probe_check *check)
{
	memset(check, 0, sizeof(*check));
	check->expected = calloc(PROBE_FLOWS_MAX, sizeof(*check->expected));
	return check->expected != NULL;
}

void
probe_check_destroy(struct probe_check *check)
{
	free(check->expected);
	check->expected = NULL;
}

void
probe_check_frame(struct probe_check *check, const uint8_t *frame, uint32_t length)
{
	uint32_t l2 = 14, at, size, number;
	const uint8_t *payload;
	uint16_t flow;

	check->frames++;
	check->bytes += length + 4;
	if (length >= 18 && load16be(frame + 12) == 0x8100)
		l2 = 18;
	if (length < l2 + 28 + MARK_SIZE || load16be(frame + l2 - 2) != 0x0800 || frame[l2] != 0x45)
		return;
	payload = frame + l2 + 28;
	if (load32be(payload) != MARK || load16be(payload + 6) != 0)
		return;
	check->probes++;
	flow = load16be(payload + 4);
	number = load32be(payload + 8);
	/* A tag that went leaves a frame that was padded again: the datagram's length counts. */
	size = load16be(frame + l2 + 2);
	if (size < 28 + MARK_SIZE || size > length - l2) {
		check->damaged++;
		return;
	}
	size -= 28;
	for (at = MARK_SIZE; at < size && payload[at] == pattern(flow, number, at); at++)
		;
	if (at < size) {
		check->damaged++;
		return;
	}
	if (number >= check->expected[flow]) {
		check->missing += number - check->expected[flow];
		check->expected[flow] = number + 1;
	} else {
		check->late++;
		if (check->missing != 0)
			check->missing--;
	}
}

void
probe_check_json(const struct probe_check *check, const char *prefix, FILE *out)
{
	fprintf(out, "\"%s\":{\"frames\":%llu,\"bytes\":%llu,\"probes\":%llu,\"missing\":%llu,\"late\":%llu,\"damaged\":%llu},", prefix,
		(unsigned long long)check->frames, (unsigned long long)check->bytes, (unsigned long long)check->probes,
		(unsigned long long)check->missing, (unsigned long long)check->late, (unsigned long long)check->damaged);
}
