/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Requests, one by one: what each does, and who and what is refused how.
 */
#include "check.h"
#include "stand.h"

static struct stand stand;

/* Each code with a request that is right, for tests that go over all of them. */
union any {
	struct wdpdk_uio_request plain;
	struct wdpdk_uio_map_bar map_bar;
	struct wdpdk_uio_id id;
	struct wdpdk_uio_dma_alloc dma_alloc;
	struct wdpdk_uio_config_read config_read;
	struct wdpdk_uio_config_write config_write;
	struct wdpdk_uio_bus_master bus_master;
	struct wdpdk_uio_head head;
	uint8_t bytes[128];
};

static const struct row {
	const char *name;
	uint32_t code;
	uint32_t in, out;
	union any right;
	int32_t result;              /* of the right request, when it comes in this order */
	bool observers;
} rows[] = {
	{ "INFO", WDPDK_UIO_INFO, 16, sizeof(struct wdpdk_uio_info), { .plain = { { 16, 1 }, 0 } }, WDPDK_UIO_OK, true },
	{ "STATUS", WDPDK_UIO_STATUS, 16, sizeof(struct wdpdk_uio_state), { .plain = { { 16, 1 }, 0 } }, WDPDK_UIO_OK, true },
	{ "MAP_BAR", WDPDK_UIO_MAP_BAR, 40, 40, { .map_bar = { { 40, 1 }, 0, 0, 4096, 8192, 0 } }, WDPDK_UIO_OK, false },
	{ "UNMAP_BAR", WDPDK_UIO_UNMAP_BAR, 24, 0, { .id = { { 24, 1 }, 99, 0 } }, WDPDK_UIO_E_NOT_FOUND, false },
	{ "DMA_ALLOC", WDPDK_UIO_DMA_ALLOC, 40, 56 + 16, { .dma_alloc = { { 40, 1 }, 4 << 20, -1, 0, { 0, 0 } } }, WDPDK_UIO_OK, false },
	{ "DMA_FREE", WDPDK_UIO_DMA_FREE, 24, 0, { .id = { { 24, 1 }, 99, 0 } }, WDPDK_UIO_E_NOT_FOUND, false },
	{ "CONFIG_READ", WDPDK_UIO_CONFIG_READ, 24, 272, { .config_read = { { 24, 1 }, 0, 64, 0 } }, WDPDK_UIO_OK, false },
	{ "CONFIG_WRITE", WDPDK_UIO_CONFIG_WRITE, 32, 0, { .config_write = { { 32, 1 }, FAKE_PCIE + 8, 2, 0x100, 0x100, 0 } }, WDPDK_UIO_OK,
		false },
	{ "BUS_MASTER", WDPDK_UIO_BUS_MASTER, 24, 24, { .bus_master = { { 24, 1 }, 1, 0, 0 } }, WDPDK_UIO_OK, false },
	{ "RESET", WDPDK_UIO_RESET, 16, 0, { .plain = { { 16, 1 }, 0 } }, WDPDK_UIO_OK, false },
	{ "WAIT_EVENT", WDPDK_UIO_WAIT_EVENT, 16, 24, { .plain = { { 16, 1 }, 0 } }, WDPDK_UIO_PENDING, false },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int32_t
send(struct uio_handle *handle, const struct row *row, const union any *request, uint32_t in, uint32_t out)
{
	uint8_t reply[1024];

	return stand_call(handle, row->code, request, in, reply, out);
}

static void
every_code_with_right_and_wrong_lengths(void)
{
	struct uio_handle *handle;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	for (const struct row *row = rows; row < rows + ROWS; row++) {
		union any request = row->right;

		for (uint32_t in = 0; in <= row->in + 8; in++)
			if (in != row->in)
				CHECK_EQ(send(handle, row, &request, in, row->out), WDPDK_UIO_E_LENGTH);
		for (uint32_t out = 0; out < row->out; out++)
			CHECK_EQ(send(handle, row, &request, row->in, out), WDPDK_UIO_E_TOO_SMALL);
		request.head.size = row->in + 1;
		CHECK_EQ(send(handle, row, &request, row->in, row->out), WDPDK_UIO_E_LENGTH);
		request.head.size = 0;
		CHECK_EQ(send(handle, row, &request, row->in, row->out), WDPDK_UIO_E_LENGTH);
		request = row->right;
		request.head.version = 2;
		if (row->code != WDPDK_UIO_INFO)
			CHECK_EQ(send(handle, row, &request, row->in, row->out), WDPDK_UIO_E_VERSION);
		/* Every request ends with a reserved field. */
		request = row->right;
		request.bytes[row->in - 1] = 1;
		CHECK_EQ(send(handle, row, &request, row->in, row->out), WDPDK_UIO_E_PARAMETER);
	}
	CHECK_EQ(stand.world.device[0].master, false);
	CHECK_EQ(stand_status(handle).mappings, 0);
	uio_cleanup(handle);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

static void
every_code_as_it_should_be(void)
{
	struct uio_handle *handle;
	struct posix_request waiting = { .handle = NULL };
	struct wdpdk_uio_event event = { .head = { 16, 1 } };
	uint32_t returned;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	for (const struct row *row = rows; row < rows + ROWS - 1; row++)
		CHECK_EQ(send(handle, row, &row->right, row->in, row->out), row->result);
	/* A longer output buffer is no error. */
	for (const struct row *row = rows; row < rows + ROWS - 1; row++)
		CHECK_EQ(send(handle, row, &row->right, row->in, row->out + 100), row->result);
	CHECK_EQ(posix_ioctl(handle, WDPDK_UIO_WAIT_EVENT, &event, 16, sizeof(event), &returned, &waiting), WDPDK_UIO_PENDING);
	CHECK_EQ(returned, 0);
	CHECK_EQ(stand_status(handle).waiting, 1);
	uio_cleanup(handle);
	CHECK_EQ(waiting.done, 1);
	CHECK_EQ(waiting.completions, 1);
	CHECK_EQ(waiting.length, sizeof(event));
	memcpy(&event, waiting.reply, sizeof(event));
	CHECK_EQ(event.event, WDPDK_UIO_EVENT_TEARDOWN);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

static void
unknown_and_reserved_codes(void)
{
	static const uint32_t reserved[] = { WDPDK_UIO_REGISTER_PAGES, WDPDK_UIO_MSIX_EVENT, WDPDK_UIO_POWER, WDPDK_UIO_WRITE_COMBINING };
	struct uio_handle *handle, *observer;
	uint8_t bytes[64] = { 0 };

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[0], true, &observer), WDPDK_UIO_OK);
	for (unsigned int i = 0; i < 4; i++) {
		CHECK_EQ(stand_call(handle, reserved[i], NULL, 0, NULL, 0), WDPDK_UIO_E_NOT_SUPPORTED);
		CHECK_EQ(stand_call(handle, reserved[i], bytes, 64, bytes, 64), WDPDK_UIO_E_NOT_SUPPORTED);
		CHECK_EQ(stand_call(observer, reserved[i], bytes, 64, bytes, 64), WDPDK_UIO_E_DENIED);
	}
	CHECK_EQ(stand_call(handle, 0, NULL, 0, NULL, 0), WDPDK_UIO_E_UNKNOWN);
	/* The right function with another method or other rights is another code. */
	for (unsigned int bit = 0; bit < 32; bit++) {
		uint32_t code = WDPDK_UIO_CONFIG_READ ^ 1u << bit;

		if (code != WDPDK_UIO_DMA_ALLOC && code != WDPDK_UIO_CONFIG_WRITE && code != WDPDK_UIO_MAP_BAR)
			CHECK_EQ(stand_call(handle, code, bytes, 24, bytes, 24), WDPDK_UIO_E_UNKNOWN);
	}
	CHECK_EQ(stand_status(handle).calls, stand_status(observer).refused);
	uio_close(observer);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

static void
an_observer_sees_and_changes_nothing(void)
{
	struct uio_handle *handle, *observer, *another;
	struct wdpdk_uio_info info;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], true, &observer), WDPDK_UIO_OK);
	CHECK_EQ(stand_status(observer).state, WDPDK_UIO_STATE_FREE);
	posix_become(stand.process[1]);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[0], true, &another), WDPDK_UIO_OK);
	posix_become(stand.process[0]);
	for (const struct row *row = rows; row < rows + ROWS; row++)
		CHECK_EQ(send(observer, row, &row->right, row->in, row->out), row->observers ? WDPDK_UIO_OK : WDPDK_UIO_E_DENIED);
	CHECK_EQ(stand_status(observer).state, WDPDK_UIO_STATE_OWNED);
	CHECK_EQ(stand_status(observer).owner, 101);
	CHECK_EQ(stand_plain(observer, WDPDK_UIO_INFO, &info, sizeof(info)), WDPDK_UIO_OK);
	uio_cleanup(observer);
	uio_close(observer);
	CHECK_EQ(stand_status(another).teardowns, 0);
	CHECK_EQ(stand_status(another).state, WDPDK_UIO_STATE_OWNED);
	posix_become(stand.process[1]);
	uio_close(handle);
	uio_close(another);
	CHECK(stand_down(&stand));
}

static void
the_owner_is_a_process(void)
{
	struct uio_handle *handle, *second = NULL;
	struct wdpdk_uio_state state;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[0], false, &second), WDPDK_UIO_E_SHARING);
	posix_become(stand.process[1]);
	CHECK_EQ(uio_open(stand.device[0], false, &second), WDPDK_UIO_E_SHARING);
	/* A duplicated handle. */
	for (const struct row *row = rows; row < rows + ROWS; row++)
		CHECK_EQ(send(handle, row, &row->right, row->in, row->out), WDPDK_UIO_E_DENIED);
	posix_become(stand.process[0]);
	state = stand_status(handle);
	CHECK_EQ(state.opens, 1);
	CHECK_EQ(state.opens_refused, 2);
	CHECK_EQ(state.calls, ROWS - 1);
	CHECK_EQ(state.refused, ROWS - 1);
	/* The owner's process ends, the handle lives on in the other. */
	uio_process_exit(stand.driver, stand.process[0]);
	posix_become(stand.process[1]);
	CHECK_EQ(uio_open(stand.device[0], false, &second), WDPDK_UIO_OK);
	CHECK_EQ(send(handle, &rows[6], &rows[6].right, rows[6].in, rows[6].out), WDPDK_UIO_E_DENIED);
	posix_become(stand.process[0]);
	CHECK_EQ(send(handle, &rows[6], &rows[6].right, rows[6].in, rows[6].out), WDPDK_UIO_E_CLOSED);
	CHECK_EQ(stand_status(handle).owner, 101);
	uio_close(handle);
	posix_become(stand.process[1]);
	CHECK_EQ(stand_status(second).owner, 101);
	uio_close(second);
	CHECK(stand_down(&stand));
}

static void
info_says_what_the_function_is(void)
{
	struct wdpdk_uio_request request = { { 16, 77 }, 0 };
	struct uio_handle *handle;
	struct wdpdk_uio_info info;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[1], false, &handle), WDPDK_UIO_OK);
	CHECK_EQ(stand_call(handle, WDPDK_UIO_INFO, &request, sizeof(request), &info, sizeof(info)), WDPDK_UIO_OK);
	CHECK_EQ(info.head.size, sizeof(info));
	CHECK_EQ(info.head.version, WDPDK_UIO_VERSION);
	CHECK_EQ(info.contract, WDPDK_UIO_VERSION);
	CHECK_EQ(info.flags, WDPDK_UIO_INFO_TEST_HARDWARE | WDPDK_UIO_INFO_FLR);
	CHECK_EQ(info.driver_version[3], 4);
	CHECK_EQ(info.vendor, 0x8086);
	CHECK_EQ(info.device, 0x1583);
	CHECK_EQ(info.subsystem_device, 2);
	CHECK_EQ(info.class_revision, 0x02000002);
	CHECK_EQ(info.bus, 3);
	CHECK_EQ(info.function, 1);
	CHECK_EQ(info.node, -1);
	CHECK_EQ(info.dma_quota, STAND_QUOTA);
	CHECK_EQ(info.dma_domain, 7);
	CHECK_EQ(info.bar[0].length, FAKE_BAR0);
	CHECK_EQ(info.bar[0].holes, 0);
	CHECK_EQ(info.bar[3].holes, 2);
	CHECK_EQ(info.bar[3].hole[0].offset, 0);
	CHECK_EQ(info.bar[3].hole[0].length, 4096);
	CHECK_EQ(info.bar[3].hole[1].offset, 4096);
	CHECK_EQ(info.bar[3].hole[1].length, 4096);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

static void
bars_are_mapped_but_for_their_holes(void)
{
	static const struct {
		uint32_t bar, flags;
		uint64_t offset, length;
		int32_t result;
	} cases[] = {
		{ 0, 0, 0, FAKE_BAR0, WDPDK_UIO_OK },
		{ 0, 0, FAKE_BAR0 - 4096, 4096, WDPDK_UIO_OK },
		{ 0, 0, 0, FAKE_BAR0 + 4096, WDPDK_UIO_E_PARAMETER },
		{ 0, 0, FAKE_BAR0, 4096, WDPDK_UIO_E_PARAMETER },
		{ 0, 0, 4096, UINT64_MAX & ~4095ull, WDPDK_UIO_E_PARAMETER },
		{ 0, 0, UINT64_MAX & ~4095ull, 8192, WDPDK_UIO_E_PARAMETER },
		{ 0, 0, 0, 0, WDPDK_UIO_E_PARAMETER },
		{ 0, 0, 1, 4096, WDPDK_UIO_E_PARAMETER },
		{ 0, 0, 0, 4095, WDPDK_UIO_E_PARAMETER },
		{ 0, 1, 0, 4096, WDPDK_UIO_E_PARAMETER },
		{ 1, 0, 0, 4096, WDPDK_UIO_E_PARAMETER },
		{ 2, 0, 0, 4096, WDPDK_UIO_E_PARAMETER },
		{ 6, 0, 0, 4096, WDPDK_UIO_E_PARAMETER },
		{ UINT32_MAX, 0, 0, 4096, WDPDK_UIO_E_PARAMETER },
		{ 3, 0, 0, 4096, WDPDK_UIO_E_DENIED },
		{ 3, 0, 4096, 4096, WDPDK_UIO_E_DENIED },
		{ 3, 0, 0, FAKE_BAR3, WDPDK_UIO_E_DENIED },
		{ 3, 0, 4096, 8192, WDPDK_UIO_E_DENIED },
		{ 3, 0, 8192, FAKE_BAR3 - 8192, WDPDK_UIO_OK },
	};
	struct wdpdk_uio_mapping reply;
	struct uio_handle *handle;
	uint64_t id, ids[WDPDK_UIO_MAPPINGS];

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wdpdk_uio_map_bar request = { { 40, 1 }, cases[i].bar, cases[i].flags, cases[i].offset, cases[i].length, 0 };

		CHECK_EQ(stand_call(handle, WDPDK_UIO_MAP_BAR, &request, sizeof(request), &reply, sizeof(reply)), cases[i].result);
		if (cases[i].result != WDPDK_UIO_OK)
			continue;
		CHECK_EQ(reply.address, 0x700000000000ull + cases[i].offset);
		CHECK_EQ(reply.length, cases[i].length);
		CHECK_EQ(stand_id(handle, WDPDK_UIO_UNMAP_BAR, reply.id), WDPDK_UIO_OK);
		CHECK_EQ(stand_id(handle, WDPDK_UIO_UNMAP_BAR, reply.id), WDPDK_UIO_E_NOT_FOUND);
	}
	CHECK_EQ(stand_id(handle, WDPDK_UIO_UNMAP_BAR, 0), WDPDK_UIO_E_NOT_FOUND);
	for (unsigned int i = 0; i < WDPDK_UIO_MAPPINGS; i++)
		CHECK_EQ(stand_map(handle, 0, 0, 4096, &ids[i]), WDPDK_UIO_OK);
	CHECK_EQ(stand_map(handle, 0, 0, 4096, &id), WDPDK_UIO_E_BUSY);
	CHECK_EQ(stand_id(handle, WDPDK_UIO_UNMAP_BAR, ids[3]), WDPDK_UIO_OK);
	CHECK_EQ(stand_map(handle, 0, 0, 4096, &id), WDPDK_UIO_OK);
	CHECK(id != ids[3]);
	CHECK_EQ(stand_status(handle).mappings, WDPDK_UIO_MAPPINGS);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

static void
memory_and_its_quota(void)
{
	struct wdpdk_uio_dma_alloc request = { { 40, 1 }, 2 << 20, -1, 0, { 0, 0 } };
	union {
		struct wdpdk_uio_dma dma;
		uint8_t bytes[WDPDK_UIO_DMA_SIZE(32)];
	} reply;
	struct uio_handle *first, *second;
	uint64_t id, other;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &first), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[1], false, &second), WDPDK_UIO_OK);
#define TRY(field, value, status) do { \
	struct wdpdk_uio_dma_alloc wrong = request; \
	wrong.field = (value); \
	CHECK_EQ(stand_call(first, WDPDK_UIO_DMA_ALLOC, &wrong, sizeof(wrong), &reply, sizeof(reply)), status); \
} while (0)
	TRY(length, 0, WDPDK_UIO_E_PARAMETER);
	TRY(length, 1, WDPDK_UIO_E_PARAMETER);
	TRY(length, (2 << 20) + 4096, WDPDK_UIO_E_PARAMETER);
	TRY(node, -2, WDPDK_UIO_E_PARAMETER);
	TRY(node, 64, WDPDK_UIO_E_PARAMETER);
	TRY(flags, 2, WDPDK_UIO_E_PARAMETER);
	TRY(reserved[0], 1, WDPDK_UIO_E_PARAMETER);
	TRY(length, STAND_QUOTA + WDPDK_UIO_CHUNK, WDPDK_UIO_E_QUOTA);
	TRY(length, UINT64_MAX - UINT64_MAX % WDPDK_UIO_CHUNK, WDPDK_UIO_E_QUOTA);
	TRY(length, 1ull << 63, WDPDK_UIO_E_QUOTA);
	CHECK_EQ(stand.world.blocks, 0);
	request.flags = WDPDK_UIO_DMA_BELOW_4G;
	request.length = 3 * WDPDK_UIO_CHUNK;
	CHECK_EQ(stand_call(first, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), &reply, sizeof(reply)), WDPDK_UIO_OK);
	CHECK_EQ(reply.dma.head.size, 56 + 24);
	CHECK_EQ(reply.dma.chunks, 3);
	CHECK_EQ(reply.dma.length, 3 * WDPDK_UIO_CHUNK);
	CHECK_EQ(reply.dma.dma_domain, 7);
	for (unsigned int i = 0; i < 3; i++)
		CHECK_EQ(reply.dma.bus[i] % WDPDK_UIO_CHUNK, 0);
	CHECK(reply.dma.bus[0] != reply.dma.bus[1]);
	id = reply.dma.id;
	/* The quota is the owner's, over both of its functions. */
	CHECK_EQ(stand_alloc(second, 29, &other), WDPDK_UIO_OK);
	CHECK_EQ(stand_status(first).owner_bytes, STAND_QUOTA);
	CHECK_EQ(stand_alloc(first, 1, &other), WDPDK_UIO_E_QUOTA);
	CHECK_EQ(stand_alloc(second, 1, &other), WDPDK_UIO_E_QUOTA);
	CHECK_EQ(stand_id(second, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(second, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_E_NOT_FOUND);
	CHECK_EQ(stand_alloc(first, 4, &other), WDPDK_UIO_E_QUOTA);
	CHECK_EQ(stand_alloc(first, 3, &other), WDPDK_UIO_OK);
	CHECK_EQ(stand_status(first).driver_blocks, 2);
	uio_close(first);
	uio_close(second);
	CHECK(stand_down(&stand));
}

static void
memory_is_the_owners_alone(void)
{
	struct uio_handle *mine, *other;
	uint64_t id;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &mine), WDPDK_UIO_OK);
	CHECK_EQ(stand_alloc(mine, 1, &id), WDPDK_UIO_OK);
	posix_become(stand.process[1]);
	CHECK_EQ(uio_open(stand.device[1], false, &other), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(other, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_E_NOT_FOUND);
	CHECK_EQ(stand_status(other).owner_bytes, 0);
	uio_close(other);
	posix_become(stand.process[0]);
	CHECK_EQ(stand_status(mine).owner_bytes, WDPDK_UIO_CHUNK);
	uio_close(mine);
	CHECK(stand_down(&stand));
}

static void
memory_is_freed_only_when_all_is_quiet(void)
{
	struct uio_handle *first, *second;
	uint64_t id, other;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &first), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[1], false, &second), WDPDK_UIO_OK);
	CHECK_EQ(stand_alloc(first, 1, &id), WDPDK_UIO_OK);
	CHECK_EQ(stand_alloc(first, 1, &other), WDPDK_UIO_OK);
	CHECK_EQ(stand_master(second, 1), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(first, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_E_BUSY);
	CHECK_EQ(stand_master(second, 0), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(first, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_OK);
	/* The second may still know it. The first was never on. */
	CHECK_EQ(stand_status(second).flags, WDPDK_UIO_FLAG_NEEDS_RESET);
	CHECK_EQ(stand_master(second, 1), WDPDK_UIO_E_NOT_READY);
	CHECK_EQ(stand_master(first, 1), WDPDK_UIO_OK);
	CHECK_EQ(stand_plain(second, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_OK);
	CHECK_EQ(stand_master(second, 1), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(first, WDPDK_UIO_DMA_FREE, other), WDPDK_UIO_E_BUSY);
	uio_close(first);
	CHECK_EQ(stand_id(second, WDPDK_UIO_DMA_FREE, other), WDPDK_UIO_E_BUSY);
	CHECK_EQ(stand_plain(second, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(second, WDPDK_UIO_DMA_FREE, other), WDPDK_UIO_OK);
	uio_close(second);
	CHECK(stand_down(&stand));
}

static void
configuration_space(void)
{
	struct wdpdk_uio_config_read read = { { 24, 1 }, 0, 256, 0 };
	struct wdpdk_uio_config_write write = { { 32, 1 }, FAKE_PCIE + 8, 2, 0x100, 0x100, 0 };
	struct wdpdk_uio_config_data data;
	struct uio_handle *handle;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
#define READ(at, bytes) (read.offset = (at), read.length = (bytes), \
	stand_call(handle, WDPDK_UIO_CONFIG_READ, &read, sizeof(read), &data, sizeof(data)))
	CHECK_EQ(READ(0, 256), WDPDK_UIO_OK);
	CHECK_EQ(data.data[0], 0x86);
	CHECK_EQ(READ(2, 2), WDPDK_UIO_OK);
	CHECK_EQ(data.offset, 2);
	CHECK_EQ(data.length, 2);
	CHECK_EQ(data.data[0], 0x83);
	CHECK_EQ(data.data[2], 0);
	CHECK_EQ(READ(4095, 1), WDPDK_UIO_OK);
	CHECK_EQ(data.data[0], 0xff);
	CHECK_EQ(READ(4095, 2), WDPDK_UIO_E_PARAMETER);
	CHECK_EQ(READ(0, 0), WDPDK_UIO_E_PARAMETER);
	CHECK_EQ(READ(0, 257), WDPDK_UIO_E_PARAMETER);
	CHECK_EQ(READ(UINT32_MAX, 1), WDPDK_UIO_E_PARAMETER);
	CHECK_EQ(READ(4, UINT32_MAX), WDPDK_UIO_E_PARAMETER);
#define WRITE(at, bytes, set, bits) (write.offset = (at), write.length = (bytes), write.value = (set), write.mask = (bits), \
	stand_call(handle, WDPDK_UIO_CONFIG_WRITE, &write, sizeof(write), NULL, 0))
	CHECK_EQ(WRITE(FAKE_PCIE + 8, 2, 0x100, 0x100), WDPDK_UIO_OK);
	CHECK_EQ(stand.world.device[0].config[FAKE_PCIE + 9], 0x29);
	CHECK_EQ(WRITE(FAKE_PCIE + 8, 2, 0, 0x100), WDPDK_UIO_OK);
	CHECK_EQ(stand.world.device[0].config[FAKE_PCIE + 9], 0x28);
	CHECK_EQ(stand.world.device[0].config[FAKE_PCIE + 8], 0x10);
	CHECK_EQ(WRITE(FAKE_PCIE + 8, 2, 0x8000, 0x8000), WDPDK_UIO_E_DENIED);
	CHECK_EQ(WRITE(FAKE_PCIE + 8, 2, 0x8100, 0x8100), WDPDK_UIO_E_DENIED);
	CHECK_EQ(WRITE(FAKE_PCIE + 8, 2, 0x8100, 0x100), WDPDK_UIO_E_PARAMETER);
	CHECK_EQ(WRITE(FAKE_PCIE + 8, 4, 0x100, 0x100), WDPDK_UIO_E_PARAMETER);
	CHECK_EQ(WRITE(FAKE_PCIE + 8, 2, 0, 0), WDPDK_UIO_E_PARAMETER);
	for (uint32_t offset = 0; offset < 4096; offset++)
		if (offset != FAKE_PCIE + 8)
			CHECK_EQ(WRITE(offset, 2, 0x100, 0x100), WDPDK_UIO_E_DENIED);
	CHECK_EQ(WRITE(4, 2, 4, 4), WDPDK_UIO_E_DENIED);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

static void
events_one_at_a_time_and_cancelled(void)
{
	struct wdpdk_uio_request in = { { 16, 1 }, 0 };
	struct posix_request first, second;
	struct uio_handle *handle;
	uint8_t buffer[2][24];
	uint32_t returned;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	for (unsigned int i = 0; i < 3; i++) {
		memset(&first, 0, sizeof(first));
		memset(&second, 0, sizeof(second));
		memcpy(buffer[0], &in, sizeof(in));
		memcpy(buffer[1], &in, sizeof(in));
		CHECK_EQ(posix_ioctl(handle, WDPDK_UIO_WAIT_EVENT, buffer[0], 16, 24, &returned, &first), WDPDK_UIO_PENDING);
		CHECK_EQ(posix_ioctl(handle, WDPDK_UIO_WAIT_EVENT, buffer[1], 16, 24, &returned, &second), WDPDK_UIO_E_BUSY);
		posix_cancel(&second);
		CHECK_EQ(first.done, 0);
		posix_cancel(&first);
		posix_cancel(&first);
		CHECK_EQ(first.completions, 1);
		CHECK_EQ(first.status, WDPDK_UIO_E_CANCELLED);
		CHECK_EQ(stand_status(handle).waiting, 0);
		/* Cancelled before it came. */
		memset(&first, 0, sizeof(first));
		posix_cancel(&first);
		memcpy(buffer[0], &in, sizeof(in));
		CHECK_EQ(posix_ioctl(handle, WDPDK_UIO_WAIT_EVENT, buffer[0], 16, 24, &returned, &first), WDPDK_UIO_E_CANCELLED);
		CHECK_EQ(stand_status(handle).waiting, 0);
	}
	uio_close(handle);
	CHECK(stand_down(&stand));
}

/* The request and its reply share a buffer: what a reply says must come from the copy. */
static void
the_buffer_is_read_once(void)
{
	union {
		struct wdpdk_uio_config_read read;
		struct wdpdk_uio_config_data data;
	} buffer = { .read = { { 24, 1 }, 0x2c, 4, 0 } };
	struct posix_request request = { .handle = NULL };
	struct uio_handle *handle;
	uint32_t returned;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	CHECK_EQ(posix_ioctl(handle, WDPDK_UIO_CONFIG_READ, &buffer, sizeof(buffer.read), sizeof(buffer.data), &returned, &request),
		WDPDK_UIO_OK);
	CHECK_EQ(returned, sizeof(buffer.data));
	CHECK_EQ(buffer.data.head.size, sizeof(buffer.data));
	CHECK_EQ(buffer.data.offset, 0x2c);
	CHECK_EQ(buffer.data.length, 4);
	CHECK_EQ(buffer.data.data[2], 1);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

/* METHOD_BUFFERED keeps it from the caller's other threads, but nothing here relies on that. */
static void
a_buffer_that_changes_changes_nothing(void)
{
	union {
		struct wdpdk_uio_head head;
		struct wdpdk_uio_dma_alloc alloc;
		struct wdpdk_uio_map_bar map;
		struct wdpdk_uio_bus_master master;
		struct wdpdk_uio_config_read read;
		struct wdpdk_uio_dma dma;
		struct wdpdk_uio_mapping mapping;
		struct wdpdk_uio_bus_master_reply mastered;
		struct wdpdk_uio_config_data data;
	} buffer;
	struct posix_request request;
	struct uio_handle *handle;
	uint32_t returned;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	stand.world.scribble = &buffer;
	stand.world.scribbles = sizeof(buffer);
#define SEND(code, member, out) do { \
	memset(&request, 0, sizeof(request)); \
	CHECK_EQ(posix_ioctl(handle, code, &buffer, sizeof(buffer.member), out, &returned, &request), WDPDK_UIO_OK); \
	CHECK_EQ(buffer.head.size, returned); \
} while (0)
	buffer.alloc = (struct wdpdk_uio_dma_alloc){ { 40, 1 }, 4 << 20, -1, 0, { 0, 0 } };
	SEND(WDPDK_UIO_DMA_ALLOC, alloc, sizeof(buffer));
	CHECK_EQ(buffer.dma.length, 4 << 20);
	CHECK_EQ(buffer.dma.chunks, 2);
	buffer.map = (struct wdpdk_uio_map_bar){ { 40, 1 }, 0, 0, 4096, 8192, 0 };
	SEND(WDPDK_UIO_MAP_BAR, map, sizeof(buffer));
	CHECK_EQ(buffer.mapping.length, 8192);
	buffer.master = (struct wdpdk_uio_bus_master){ { 24, 1 }, 0, 0, 0 };
	SEND(WDPDK_UIO_BUS_MASTER, master, sizeof(buffer));
	CHECK_EQ(buffer.mastered.enabled, 0);
	CHECK_EQ(buffer.mastered.pending, 0);
	/* What is given back when it fails is what was taken. */
	fake_set_faults(&stand.world.device[0], FAKE_DMA_MAP_FAILS);
	buffer.alloc = (struct wdpdk_uio_dma_alloc){ { 40, 1 }, 4 << 20, -1, 0, { 0, 0 } };
	memset(&request, 0, sizeof(request));
	CHECK_EQ(posix_ioctl(handle, WDPDK_UIO_DMA_ALLOC, &buffer, 40, sizeof(buffer), &returned, &request), WDPDK_UIO_E_IO);
	stand.world.scribble = NULL;
	CHECK_EQ(stand.world.device[0].master, false);
	CHECK_EQ(stand_status(handle).driver_bytes, 4 << 20);
	CHECK_EQ(stand_status(handle).owner_bytes, 4 << 20);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

int
main(void)
{
	posix_virtual_time(true);
	RUN(every_code_with_right_and_wrong_lengths);
	RUN(every_code_as_it_should_be);
	RUN(unknown_and_reserved_codes);
	RUN(an_observer_sees_and_changes_nothing);
	RUN(the_owner_is_a_process);
	RUN(info_says_what_the_function_is);
	RUN(bars_are_mapped_but_for_their_holes);
	RUN(memory_and_its_quota);
	RUN(memory_is_the_owners_alone);
	RUN(memory_is_freed_only_when_all_is_quiet);
	RUN(configuration_space);
	RUN(events_one_at_a_time_and_cancelled);
	RUN(the_buffer_is_read_once);
	RUN(a_buffer_that_changes_changes_nothing);
	return check_summary();
}
