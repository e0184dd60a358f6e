/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The owner is killed, at each step. Whatever it had is gone, and what the bus saw says in which order: bus mastering off, then
 * reset, then mappings undone and memory freed, over all of its functions.
 */
#include "contract.h"

/* Steps of an owner; each does those before it, too. */
enum step {
	OPENED,
	ASKED,
	MAPPED,
	ALLOCATED,
	MASTERING,
	WAITING,
	BOTH_OPEN,
	BOTH_MASTERING,
	AMID_CALLS,
	STEPS
};

static const char *const step_names[STEPS] = {
	"opened", "asked for information", "registers mapped", "memory taken", "bus mastering on", "waiting for an event",
	"a second function open", "bus mastering on both", "amid calls"};

/* Not those that map: Wine waits for ever for a process that is killed while a section is mapped into it. */
static DWORD WINAPI
call_for_ever(void *handle)
{
	struct wdpdk_uio_bus_master_reply master;
	struct wdpdk_uio_config_data config;
	struct wdpdk_uio_info info;
	unsigned int n;

	for (n = 0;; n++) {
		get_info(handle, &info);
		config_read(handle, 0, 256, &config);
		bus_master(handle, n % 2 == 0, &master);
	}
	return 0;
}

int
child_of_ends(uint64_t argument)
{
	const struct wdpdk_uio_request request = plain_request();
	const enum step step = (enum step)argument;
	struct wdpdk_uio_bus_master_reply master;
	struct wdpdk_uio_mapping mapping;
	HANDLE handle = open_owner(0), second;
	struct wdpdk_uio_info info;
	struct wdpdk_uio_dma *dma;
	static struct later later;

	if (step >= ASKED)
		CHECK_EQ(get_info(handle, &info), 0);
	if (step >= MAPPED) {
		CHECK_EQ(map_bar(handle, 0, 8 << 20, &mapping), 0);
		CHECK_EQ(map_bar(handle, 4096, 4096, &mapping), 0);
	}
	if (step >= ALLOCATED) {
		CHECK_EQ(dma_alloc(handle, 2, &dma), 0);
		CHECK_EQ(dma_alloc(handle, 1, &dma), 0);
		memset((void *)(uintptr_t)dma->address, 1, WDPDK_UIO_CHUNK);
	}
	if (step >= MASTERING)
		CHECK_EQ(bus_master(handle, true, &master), 0);
	if (step >= WAITING)
		CHECK_EQ(call_later(handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &later), ERROR_IO_PENDING);
	if (step >= BOTH_OPEN) {
		second = open_owner(1);
		CHECK_EQ(map_bar(second, 0, 8 << 20, &mapping), 0);
		CHECK_EQ(dma_alloc(second, 1, &dma), 0);
	}
	if (step >= BOTH_MASTERING)
		CHECK_EQ(bus_master(second, true, &master), 0);
	if (step >= AMID_CALLS) {
		CreateThread(NULL, 0, call_for_ever, handle, 0, NULL);
		CreateThread(NULL, 0, call_for_ever, second, 0, NULL);
	}
	child_told();
	child_wait();
	return 0;
}

static void
out_of_order(const struct wdpdk_testbus_line *line, size_t lines, const char *what)
{
	log_print(line, lines);
	case_fail(__FILE__, __LINE__, "%s", what);
}

/* No function of the owner may still write when the first mapping or block goes. */
static void
check_order(const struct wdpdk_testbus_line *line, size_t lines, unsigned int devices, bool mastering, bool memory)
{
	size_t free = log_find(line, lines, 0, WDPDK_TESTBUS_OP_DMA_FREE, WDPDK_TESTBUS_ALL);
	size_t gone = log_find(line, lines, 0, WDPDK_TESTBUS_OP_DMA_UNMAP, WDPDK_TESTBUS_ALL);
	unsigned int i;

	if (memory && free == lines)
		out_of_order(line, lines, "the memory was not freed");
	if (gone > free)
		out_of_order(line, lines, "memory was freed before it was unmapped");
	for (i = 0; i < devices; i++) {
		size_t off = log_find(line, lines, 0, WDPDK_TESTBUS_OP_BUS_MASTER, i);
		size_t quiet = log_find(line, lines, 0, WDPDK_TESTBUS_OP_PENDING, i);
		size_t reset = log_find(line, lines, 0, WDPDK_TESTBUS_OP_RESET, i);
		size_t unmap = log_find(line, lines, 0, WDPDK_TESTBUS_OP_BAR_UNMAP, i);

		if (reset == lines)
			out_of_order(line, lines, "a function was not reset");
		if (mastering && (off == lines || line[off].value != 0))
			out_of_order(line, lines, "bus mastering was not switched off");
		if (mastering && off > reset)
			out_of_order(line, lines, "reset came before bus mastering was off");
		if (quiet > reset)
			out_of_order(line, lines, "nobody looked for pending transactions before the reset");
		if (reset > gone || reset > free)
			out_of_order(line, lines, "memory went before every function of the owner was reset");
		if (reset > unmap)
			out_of_order(line, lines, "registers were unmapped before the reset");
	}
}

static void
check_steps(const struct wdpdk_uio_state *state, bool last)
{
	uint8_t expected[] = {WDPDK_UIO_STEP_BLOCK, WDPDK_UIO_STEP_EVENT, WDPDK_UIO_STEP_MASTER_OFF, WDPDK_UIO_STEP_QUIET, WDPDK_UIO_STEP_RESET,
		WDPDK_UIO_STEP_UNMAP, WDPDK_UIO_STEP_MEMORY_UNMAP, WDPDK_UIO_STEP_FREE};
	unsigned int steps = 8;

	if (!last) {
		expected[6] = WDPDK_UIO_STEP_KEPT;
		steps = 7;
	}
	CHECK_EQ(state->last_steps, steps);
	CHECK(memcmp(state->last_step, expected, steps) == 0);
}

static void
killed_at(enum step step)
{
	const struct wdpdk_testbus_status held = bus_now();
	struct wdpdk_uio_state before = observed(0), after;
	const unsigned int devices = step >= BOTH_OPEN ? 2 : 1;
	const struct wdpdk_testbus_line *line;
	struct wdpdk_testbus_status had;
	struct child child;
	uint64_t mark;
	size_t lines;

	child_start(&child, "ends", step);
	child_ready(&child);
	had = bus_now();
	if (step >= ALLOCATED)
		CHECK_EQ(had.account[WDPDK_TESTBUS_DMA_BYTES] - held.account[WDPDK_TESTBUS_DMA_BYTES],
			(step >= BOTH_OPEN ? 4 : 3) * (int64_t)WDPDK_UIO_CHUNK);
	mark = had.sequence;
	child_kill(&child);
	wait_free(0);
	wait_free(1);
	wait_accounts(&held);
	after = observed(0);
	CHECK_EQ(after.teardowns, before.teardowns + 1);
	CHECK_EQ(after.mappings, 0);
	CHECK_EQ(after.waiting, 0);
	CHECK_EQ(after.driver_bytes, 0);
	CHECK_EQ(after.quarantined_bytes, before.quarantined_bytes);
	CHECK_EQ(after.flags, 0);
	if (step < AMID_CALLS) {
		line = log_after(mark, &lines);
		check_order(line, lines, devices, step >= MASTERING && step != BOTH_OPEN, step >= ALLOCATED);
	}
	if (step >= ALLOCATED && devices == 1)
		check_steps(&after, true);
	close_handle(open_owner(0));
	wait_free(0);
}

/* A case for each step, by name. */
static enum step step_now;

static void
killed(void)
{
	/* Amid calls each time is another. */
	const unsigned int times = step_now == AMID_CALLS ? 10 : 1;
	unsigned int i;

	for (i = 0; i < times; i++)
		killed_at(step_now);
}

/* An orderly end is the same teardown. */
static void
closed(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	struct wdpdk_uio_bus_master_reply master;
	struct wdpdk_uio_state before = observed(0), first, second;
	const struct wdpdk_testbus_line *line;
	HANDLE handle = open_owner(0), other = open_owner(1);
	struct wdpdk_uio_mapping mapping;
	struct wdpdk_uio_dma *dma;
	uint64_t address, mark;
	size_t lines;

	CHECK_EQ(map_bar(handle, 0, 4096, &mapping), 0);
	CHECK_EQ(dma_alloc(handle, 2, &dma), 0);
	address = dma->address;
	CHECK_EQ(bus_master(handle, true, &master), 0);
	CHECK_EQ(bus_master(other, true, &master), 0);
	mark = bus_now().sequence;
	close_handle(handle);
	wait_free(0);
	/* The other function may have been told these addresses, too. */
	CHECK(accessible(address));
	CHECK(!accessible(mapping.address));
	*(volatile uint32_t *)(uintptr_t)address = 1;
	first = observed(0);
	check_steps(&first, false);
	close_handle(other);
	wait_free(1);
	CHECK(!accessible(address));
	second = observed(1);
	check_steps(&second, true);
	line = log_after(mark, &lines);
	check_order(line, lines, 2, true, true);
	wait_accounts(&held);
	CHECK_EQ(observed(0).quarantined_bytes, before.quarantined_bytes);
}

void
group_ends(void)
{
	char name[64];

	CASE(closed);
	for (step_now = OPENED; step_now < STEPS; step_now++) {
		snprintf(name, sizeof(name), "killed: %s", step_names[step_now]);
		case_run(name, killed);
	}
}

/* Of those above what a driver with another order cannot pass, for such a driver. */
void
group_order(void)
{
	step_now = MAPPED;
	case_run("killed: registers mapped", killed);
	step_now = ALLOCATED;
	case_run("killed: memory taken", killed);
}
