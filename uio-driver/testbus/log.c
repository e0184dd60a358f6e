/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The order log and the faults: one sequence over both devices, config space and hardware operations.
 */
#include "bus.h"

uint64_t
log_line_locked(uint32_t op, uint32_t device, uint32_t offset, uint32_t length, uint64_t value)
{
	uint64_t sequence = ++bus.sequence;

	bus.log[(sequence - 1) % LOG_LINES] = (struct wdpdk_testbus_line){
		.sequence = sequence, .value = value, .op = op, .device = device, .offset = offset, .length = length};
	return sequence;
}

uint64_t
log_line(uint32_t op, uint32_t device, uint32_t offset, uint32_t length, uint64_t value)
{
	uint64_t sequence;
	KIRQL irql;

	KeAcquireSpinLock(&bus.lock, &irql);
	sequence = log_line_locked(op, device, offset, length, value);
	KeReleaseSpinLock(&bus.lock, irql);
	return sequence;
}

void
log_read(uint64_t after, struct wdpdk_testbus_log *log, ULONG room)
{
	uint64_t most = (room - sizeof(*log)) / sizeof(log->line[0]);
	uint64_t first;
	KIRQL irql;

	*log = (struct wdpdk_testbus_log){0};
	KeAcquireSpinLock(&bus.lock, &irql);
	if (after < bus.sequence) {
		first = bus.sequence > LOG_LINES ? bus.sequence - LOG_LINES : 0;
		if (after < first) {
			log->lost = first - after;
			after = first;
		}
		while (after < bus.sequence && log->lines < most)
			log->line[log->lines++] = bus.log[after++ % LOG_LINES];
	}
	KeReleaseSpinLock(&bus.lock, irql);
}

/* The faults that count occasions down and fire at the last. */
static BOOLEAN
is_nth(uint32_t fault)
{
	return fault == WDPDK_TESTBUS_FAULT_ALLOCATION;
}

uint32_t
fault_fires_locked(uint32_t slot, uint32_t fault)
{
	uint32_t *left = &bus.slot[slot].fault[fault];

	if (*left == 0)
		return 0;
	if (*left != UINT32_MAX)
		--*left;
	if (is_nth(fault) && *left != 0)
		return 0;
	bus.slot[slot].fired[fault]++;
	log_line_locked(WDPDK_TESTBUS_OP_FAULT, slot, fault, 0, 0);
	return 1;
}
