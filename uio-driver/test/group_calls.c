/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Each request as it should be and in all the ways in which it should not. A refused one changes nothing.
 */
#include "contract.h"

union any_request {
	struct wdpdk_uio_head head;
	struct wdpdk_uio_request plain;
	struct wdpdk_uio_map_bar map_bar;
	struct wdpdk_uio_id id;
	struct wdpdk_uio_dma_alloc dma_alloc;
	struct wdpdk_uio_config_read config_read;
	struct wdpdk_uio_config_write config_write;
	struct wdpdk_uio_bus_master bus_master;
	uint8_t bytes[64];
};

struct code {
	const char *name;
	DWORD code;
	uint32_t in, out;
	uint32_t reserved; /* offset of a byte that has to be 0 */
	bool observers;
	bool any_version;
	bool changes; /* once right is enough */
	union any_request request;
};

#define HEAD(type) {sizeof(struct type), WDPDK_UIO_VERSION}

static const struct code codes[] = {
	{.name = "INFO", .code = WDPDK_UIO_INFO, .in = 16, .out = sizeof(struct wdpdk_uio_info), .reserved = 8, .observers = true,
		.any_version = true, .request.plain = {HEAD(wdpdk_uio_request), 0}},
	{.name = "STATUS", .code = WDPDK_UIO_STATUS, .in = 16, .out = sizeof(struct wdpdk_uio_state), .reserved = 8, .observers = true,
		.request.plain = {HEAD(wdpdk_uio_request), 0}},
	{.name = "MAP_BAR", .code = WDPDK_UIO_MAP_BAR, .in = 40, .out = sizeof(struct wdpdk_uio_mapping), .reserved = 32, .changes = true,
		.request.map_bar = {.head = HEAD(wdpdk_uio_map_bar), .length = 4096}},
	{.name = "UNMAP_BAR", .code = WDPDK_UIO_UNMAP_BAR, .in = 24, .reserved = 16, .changes = true,
		.request.id = {.head = HEAD(wdpdk_uio_id)}},
	{.name = "DMA_ALLOC", .code = WDPDK_UIO_DMA_ALLOC, .in = 40, .out = (uint32_t)WDPDK_UIO_DMA_SIZE(1), .reserved = 24, .changes = true,
		.request.dma_alloc = {.head = HEAD(wdpdk_uio_dma_alloc), .length = WDPDK_UIO_CHUNK, .node = -1}},
	{.name = "DMA_FREE", .code = WDPDK_UIO_DMA_FREE, .in = 24, .reserved = 16, .changes = true,
		.request.id = {.head = HEAD(wdpdk_uio_id)}},
	{.name = "CONFIG_READ", .code = WDPDK_UIO_CONFIG_READ, .in = 24, .out = sizeof(struct wdpdk_uio_config_data), .reserved = 16,
		.request.config_read = {.head = HEAD(wdpdk_uio_config_read), .length = 64}},
	{.name = "CONFIG_WRITE", .code = WDPDK_UIO_CONFIG_WRITE, .in = 32, .reserved = 24,
		.request.config_write = {.head = HEAD(wdpdk_uio_config_write), .length = 2, .value = 0x100, .mask = 0x100}},
	{.name = "BUS_MASTER", .code = WDPDK_UIO_BUS_MASTER, .in = 24, .out = sizeof(struct wdpdk_uio_bus_master_reply), .reserved = 16,
		.request.bus_master = {.head = HEAD(wdpdk_uio_bus_master)}},
	{.name = "RESET", .code = WDPDK_UIO_RESET, .in = 16, .reserved = 8, .request.plain = {HEAD(wdpdk_uio_request), 0}},
	{.name = "WAIT_EVENT", .code = WDPDK_UIO_WAIT_EVENT, .in = 16, .out = sizeof(struct wdpdk_uio_event), .reserved = 8, .changes = true,
		.request.plain = {HEAD(wdpdk_uio_request), 0}},
};
#define CODES (sizeof(codes) / sizeof(codes[0]))

/* Of the device's configuration space: where its PCI Express device control register is. */
static uint32_t
device_control(HANDLE handle)
{
	struct wdpdk_uio_config_data config;
	uint32_t at, steps;

	CHECK_EQ(config_read(handle, 0, 256, &config), 0);
	at = config.data[0x34];
	for (steps = 0; steps < 48 && at >= 0x40 && config.data[at] != 0x10; steps++)
		at = config.data[at + 1];
	CHECK(at >= 0x40 && config.data[at] == 0x10);
	return at + 8;
}

static union any_request
prepared(const struct code *code, HANDLE handle)
{
	union any_request request = code->request;

	if (code->code == WDPDK_UIO_CONFIG_WRITE)
		request.config_write.offset = device_control(handle);
	return request;
}

struct standing {
	uint64_t calls, refused;
	uint32_t mappings, flags;
	uint64_t waiting, bytes; /* no padding: compared as memory */
};

static struct standing
standing(HANDLE handle)
{
	struct wdpdk_uio_state state;

	CHECK_EQ(get_status(handle, &state), 0);
	return (struct standing){state.calls, state.refused, state.mappings, state.flags, state.waiting, state.owner_bytes};
}

/* One call that has to be refused with that error, to be counted, to return nothing and to change nothing. */
static void
refused(const struct code *code, HANDLE handle, const void *in, DWORD in_size, void *out, DWORD out_size, DWORD expected, const char *how)
{
	struct standing before = standing(handle), after;
	DWORD returned = 0, error = call(handle, code->code, in, in_size, out, out_size, &returned);

	if (error != expected)
		case_fail(__FILE__, __LINE__, "%s, %s: error %lu, expected %lu", code->name, how, error, expected);
	if (returned != 0)
		case_fail(__FILE__, __LINE__, "%s, %s: %lu bytes of reply", code->name, how, returned);
	after = standing(handle);
	if (code->code != WDPDK_UIO_STATUS)
		before.calls++, before.refused++;
	if (memcmp(&before, &after, sizeof(before)) != 0)
		case_fail(__FILE__, __LINE__, "%s, %s: it was refused and not counted, or it changed something", code->name, how);
}

static void
wrong_lengths(void)
{
	HANDLE handle = open_owner(0);
	uint8_t in[128], out[1024];
	size_t i;

	for (i = 0; i < CODES; i++) {
		const struct code *code = &codes[i];
		union any_request request = prepared(code, handle);

		memset(in, 0, sizeof(in));
		memcpy(in, &request, code->in);
		refused(code, handle, in, code->in - 1, out, sizeof(out), ERROR_BAD_LENGTH, "short input");
		refused(code, handle, in, code->in + 1, out, sizeof(out), ERROR_BAD_LENGTH, "long input");
		refused(code, handle, in, sizeof(in), out, sizeof(out), ERROR_BAD_LENGTH, "input of 128 bytes");
		refused(code, handle, in, sizeof(struct wdpdk_uio_head), out, sizeof(out), ERROR_BAD_LENGTH, "nothing but the head");
		refused(code, handle, in, 4, out, sizeof(out), ERROR_BAD_LENGTH, "half a head");
		refused(code, handle, NULL, 0, out, sizeof(out), ERROR_BAD_LENGTH, "no input");
		refused(code, handle, NULL, 0, NULL, 0, ERROR_BAD_LENGTH, "no buffers");
		((struct wdpdk_uio_head *)in)->size++;
		refused(code, handle, in, code->in, out, sizeof(out), ERROR_BAD_LENGTH, "a size that is not the length");
		((struct wdpdk_uio_head *)in)->size--;
		if (code->out == 0)
			continue;
		refused(code, handle, in, code->in, out, code->out - 1, ERROR_INSUFFICIENT_BUFFER, "short output");
		refused(code, handle, in, code->in, NULL, 0, ERROR_INSUFFICIENT_BUFFER, "no output");
	}
}

static void
wrong_fields(void)
{
	HANDLE handle = open_owner(0);
	uint8_t in[64], out[1024];
	size_t i;

	for (i = 0; i < CODES; i++) {
		const struct code *code = &codes[i];
		union any_request request = prepared(code, handle);

		memcpy(in, &request, code->in);
		in[code->reserved] = 1;
		refused(code, handle, in, code->in, out, sizeof(out), ERROR_INVALID_PARAMETER, "a reserved field");
		in[code->reserved] = 0;
		((struct wdpdk_uio_head *)in)->version++;
		if (!code->any_version)
			refused(code, handle, in, code->in, out, sizeof(out), ERROR_REVISION_MISMATCH, "the next version");
		((struct wdpdk_uio_head *)in)->version = 0;
		if (!code->any_version)
			refused(code, handle, in, code->in, out, sizeof(out), ERROR_REVISION_MISMATCH, "version 0");
	}
}

static void
observers_see_and_touch_nothing(void)
{
	HANDLE owner = open_owner(0), observer = open_observer(0);
	uint8_t out[1024];
	size_t i;

	for (i = 0; i < CODES; i++) {
		const struct code *code = &codes[i];
		union any_request request = prepared(code, owner);
		DWORD returned = 0, error;

		error = call(observer, code->code, &request, code->in, out, sizeof(out), &returned);
		if (error != (code->observers ? 0 : ERROR_ACCESS_DENIED))
			case_fail(__FILE__, __LINE__, "%s by an observer: error %lu", code->name, error);
		CHECK_EQ(returned, code->observers ? code->out : 0);
	}
}

static void
reserved_codes_and_unknown_ones(void)
{
	static const DWORD reserved[] = {WDPDK_UIO_REGISTER_PAGES, WDPDK_UIO_MSIX_EVENT, WDPDK_UIO_POWER, WDPDK_UIO_WRITE_COMBINING};
	static const DWORD unknown[] = {WDPDK_UIO_CODE(0x8ffu, 3u), WDPDK_UIO_CODE(0x90bu, 3u), WDPDK_UIO_CODE(0x944u, 0u), 0,
		WDPDK_UIO_INFO | 1, WDPDK_UIO_INFO | 2, WDPDK_UIO_INFO | 3, WDPDK_UIO_MAP_BAR & ~0xC000u, WDPDK_UIO_INFO ^ 0x00010000u, 0xFFFFFFFC};
	const struct wdpdk_uio_request request = plain_request();
	HANDLE handle = open_owner(0);
	uint8_t out[512];
	size_t i;

	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		CHECK_EQ(call(handle, reserved[i], &request, sizeof(request), out, sizeof(out), NULL), ERROR_NOT_SUPPORTED);
		CHECK_EQ(call(handle, reserved[i], NULL, 0, NULL, 0, NULL), ERROR_NOT_SUPPORTED);
	}
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		CHECK_EQ(call(handle, unknown[i], &request, sizeof(request), out, sizeof(out), NULL), ERROR_INVALID_FUNCTION);
	/* Other devices know none of ours. */
	handle = CreateFileA("\\\\.\\" WDPDK_TESTBUS_CONTROL_NAME, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING,
		FILE_FLAG_OVERLAPPED, NULL);
	CHECK(handle != INVALID_HANDLE_VALUE);
	CHECK_EQ(call(handle, WDPDK_UIO_INFO, &request, sizeof(request), out, sizeof(out), NULL), ERROR_INVALID_FUNCTION);
	CloseHandle(handle);
	CHECK_EQ(call(handle, WDPDK_UIO_INFO, &request, sizeof(request), out, sizeof(out), NULL), ERROR_INVALID_HANDLE);
}

static void
info_says_what_it_is(void)
{
	struct wdpdk_uio_info info[BOTH_DEVICES];
	unsigned int i;

	for (i = 0; i < BOTH_DEVICES; i++) {
		HANDLE handle = open_observer(i);

		CHECK_EQ(get_info(handle, &info[i]), 0);
		CHECK_EQ(info[i].head.size, sizeof(info[i]));
		CHECK_EQ(info[i].contract, WDPDK_UIO_VERSION);
		CHECK_EQ(info[i].vendor, 0x8086);
		CHECK_EQ(info[i].device, 0x1583);
		CHECK_EQ(info[i].class_revision >> 8, 0x020000);
		CHECK_EQ(info[i].function, i);
		CHECK(info[i].flags & WDPDK_UIO_INFO_TEST_HARDWARE);
		CHECK(info[i].flags & WDPDK_UIO_INFO_FLR);
		CHECK_EQ(info[i].chunk, WDPDK_UIO_CHUNK);
		CHECK(info[i].dma_quota >= WDPDK_UIO_CHUNK);
		CHECK_EQ(info[i].bar[0].length, 8 << 20);
		CHECK(info[i].bar[0].flags & WDPDK_UIO_BAR_MEMORY);
		CHECK_EQ(info[i].bar[0].holes, 0);
		CHECK_EQ(info[i].bar[1].length, 0);
		/* Where the card keeps its interrupt vectors: in BAR3. */
		CHECK(info[i].bar[3].length >= 0x2000);
		CHECK(info[i].bar[3].holes >= 1);
	}
	CHECK_EQ(info[0].dma_domain, info[1].dma_domain);
	CHECK_EQ(info[0].bus, info[1].bus);
}

static void
bars_are_mapped_where_they_may_be(void)
{
	static const struct {
		uint32_t bar;
		uint64_t offset, length;
		DWORD error;
	} maps[] = {
		{0, 0, 0, ERROR_INVALID_PARAMETER}, {0, 1, 4096, ERROR_INVALID_PARAMETER}, {0, 0, 4095, ERROR_INVALID_PARAMETER},
		{0, 8 << 20, 4096, ERROR_INVALID_PARAMETER}, {0, 4096, 8 << 20, ERROR_INVALID_PARAMETER},
		{0, UINT64_MAX - 4095, 8192, ERROR_INVALID_PARAMETER}, {0, 4096, UINT64_MAX - 4095, ERROR_INVALID_PARAMETER},
		{1, 0, 4096, ERROR_INVALID_PARAMETER}, {2, 0, 4096, ERROR_INVALID_PARAMETER}, {6, 0, 4096, ERROR_INVALID_PARAMETER},
		{UINT32_MAX, 0, 4096, ERROR_INVALID_PARAMETER},
		{3, 0, 4096, ERROR_ACCESS_DENIED}, {3, 4096, 4096, ERROR_ACCESS_DENIED}, {3, 0, 32768, ERROR_ACCESS_DENIED},
		{0, 0, 8 << 20, 0}, {0, 4096, 4096, 0}, {0, (8 << 20) - 4096, 4096, 0},
	};
	struct wdpdk_uio_mapping mapping[WDPDK_UIO_MAPPINGS + 1];
	HANDLE handle = open_owner(0);
	struct wdpdk_uio_id id;
	size_t i;

	for (i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		const struct wdpdk_uio_map_bar request = map_request(maps[i].bar, maps[i].offset, maps[i].length);
		DWORD error = call(handle, WDPDK_UIO_MAP_BAR, &request, sizeof(request), mapping, sizeof(*mapping), NULL);

		if (error != maps[i].error)
			case_fail(__FILE__, __LINE__, "map %zu: error %lu, expected %lu", i, error, maps[i].error);
		if (error != 0)
			continue;
		CHECK_EQ(mapping->length, maps[i].length);
		CHECK(accessible(mapping->address) && accessible(mapping->address + maps[i].length - 1));
		id = id_request(mapping->id);
		CHECK_EQ(call(handle, WDPDK_UIO_UNMAP_BAR, &id, sizeof(id), NULL, 0, NULL), 0);
		CHECK(!accessible(mapping->address));
		CHECK_EQ(call(handle, WDPDK_UIO_UNMAP_BAR, &id, sizeof(id), NULL, 0, NULL), ERROR_NOT_FOUND);
	}
	for (i = 0; i < WDPDK_UIO_MAPPINGS; i++)
		CHECK_EQ(map_bar(handle, i * 4096, 4096, &mapping[i]), 0);
	CHECK_EQ(map_bar(handle, 0, 4096, &mapping[i]), ERROR_BUSY);
	/* All are the same registers. */
	*(volatile uint32_t *)(uintptr_t)(mapping[2].address + 8) = 0x12345678;
	id = id_request(mapping[0].id);
	CHECK_EQ(call(handle, WDPDK_UIO_UNMAP_BAR, &id, sizeof(id), NULL, 0, NULL), 0);
	CHECK_EQ(map_bar(handle, 0, 16384, &mapping[0]), 0);
	CHECK_EQ(*(volatile uint32_t *)(uintptr_t)(mapping[0].address + 2 * 4096 + 8), 0x12345678);
}

static void
memory_is_whole_and_counted(void)
{
	HANDLE handle = open_owner(0);
	struct wdpdk_uio_bus_master_reply master;
	struct wdpdk_uio_dma_alloc request;
	struct wdpdk_uio_dma *dma;
	struct wdpdk_uio_info info;
	uint8_t out[1024];
	uint64_t first, address, i, j;

	CHECK_EQ(get_info(handle, &info), 0);
	CHECK_EQ(dma_alloc(handle, 3, &dma), 0);
	CHECK_EQ(dma->head.size, WDPDK_UIO_DMA_SIZE(3));
	CHECK_EQ(dma->chunks, 3);
	CHECK_EQ(dma->dma_domain, info.dma_domain);
	CHECK_EQ(dma->address % WDPDK_UIO_CHUNK, 0);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(dma->bus[i] % WDPDK_UIO_CHUNK, 0);
		CHECK(dma->bus[i] != 0 && dma->bus[i] != dma->address + i * WDPDK_UIO_CHUNK);
		for (j = 0; j < i; j++)
			CHECK(dma->bus[i] != dma->bus[j]);
	}
	address = dma->address;
	first = dma->id;
	for (i = 0; i < 3 * WDPDK_UIO_CHUNK; i += 4096)
		CHECK_EQ(*(volatile uint64_t *)(uintptr_t)(address + i), 0);
	memset((void *)(uintptr_t)address, 0xA5, 3 * WDPDK_UIO_CHUNK);
	CHECK_EQ(standing(handle).bytes, 3 * WDPDK_UIO_CHUNK);
	request = dma_request(1);
	request.flags = WDPDK_UIO_DMA_BELOW_4G;
	CHECK_EQ(call(handle, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), out, sizeof(out), NULL), 0);
	CHECK(((struct wdpdk_uio_dma *)out)->bus[0] + WDPDK_UIO_CHUNK <= UINT64_C(1) << 32);
	CHECK(((struct wdpdk_uio_dma *)out)->id != first);
	CHECK_EQ(standing(handle).bytes, 4 * WDPDK_UIO_CHUNK);
	/* Not while the function may write to it. */
	CHECK_EQ(bus_master(handle, true, &master), 0);
	CHECK_EQ(dma_free(handle, first), ERROR_BUSY);
	CHECK_EQ(bus_master(handle, false, &master), 0);
	CHECK_EQ(master.pending, 0);
	CHECK_EQ(dma_free(handle, first), 0);
	CHECK(!accessible(address));
	CHECK_EQ(dma_free(handle, first), ERROR_NOT_FOUND);
	/* It may still know the addresses. */
	CHECK_EQ(bus_master(handle, true, &master), ERROR_NOT_READY);
	CHECK_EQ(call(handle, WDPDK_UIO_RESET, &codes[9].request, codes[9].in, NULL, 0, NULL), 0);
	CHECK_EQ(bus_master(handle, true, &master), 0);
	CHECK_EQ(standing(handle).bytes, WDPDK_UIO_CHUNK);
}

static void
memory_that_there_is_not(void)
{
	HANDLE handle = open_owner(0);
	struct wdpdk_uio_dma_alloc request;
	struct wdpdk_uio_info info;
	uint8_t out[128];
	size_t i;

	CHECK_EQ(get_info(handle, &info), 0);
	const struct {
		uint64_t length;
		int32_t node;
		uint32_t flags;
		DWORD error;
	} wrong[] = {
		{0, -1, 0, ERROR_INVALID_PARAMETER}, {WDPDK_UIO_CHUNK - 1, -1, 0, ERROR_INVALID_PARAMETER},
		{WDPDK_UIO_CHUNK + 4096, -1, 0, ERROR_INVALID_PARAMETER}, {WDPDK_UIO_CHUNK, -2, 0, ERROR_INVALID_PARAMETER},
		{WDPDK_UIO_CHUNK, 64, 0, ERROR_INVALID_PARAMETER}, {WDPDK_UIO_CHUNK, -1, 2, ERROR_INVALID_PARAMETER},
		{info.dma_quota + WDPDK_UIO_CHUNK, -1, 0, ERROR_NOT_ENOUGH_QUOTA},
		{UINT64_MAX - WDPDK_UIO_CHUNK + 1, -1, 0, ERROR_NOT_ENOUGH_QUOTA},
		{32 * WDPDK_UIO_CHUNK, -1, 0, ERROR_INSUFFICIENT_BUFFER},
	};
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		DWORD error;

		request = dma_request(1);
		request.length = wrong[i].length;
		request.node = wrong[i].node;
		request.flags = wrong[i].flags;
		error = call(handle, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), out, sizeof(out), NULL);
		if (error != wrong[i].error)
			case_fail(__FILE__, __LINE__, "allocation %zu: error %lu, expected %lu", i, error, wrong[i].error);
	}
	CHECK_EQ(standing(handle).bytes, 0);
}

/* The bits that a program may not have: all of configuration space but one. */
static void
config_space_is_read_only_but_for_one_bit(void)
{
	HANDLE handle = open_owner(0);
	uint32_t control = device_control(handle), i;
	struct wdpdk_uio_config_write request = codes[7].request.config_write;
	struct wdpdk_uio_config_data before, after;
	const uint64_t mark = bus_now().sequence;
	const struct wdpdk_testbus_line *line;
	size_t lines;
	static const struct {
		uint32_t offset, length, value, mask;
		DWORD error;
	} wrong[] = {
		{0x04, 2, 4, 4, ERROR_ACCESS_DENIED}, {0x04, 2, 0, 2, ERROR_ACCESS_DENIED}, {0x10, 2, 0, 0xFFFF, ERROR_ACCESS_DENIED},
		{0, 2, 0x8000, 0x8000, ERROR_ACCESS_DENIED}, {0, 2, 0x0100, 0x0300, ERROR_ACCESS_DENIED},
		{0, 1, 0, 1, ERROR_INVALID_PARAMETER}, {0, 4, 0x100, 0x100, ERROR_INVALID_PARAMETER},
		{0, 2, 0, 0, ERROR_INVALID_PARAMETER}, {0, 2, 0x300, 0x100, ERROR_INVALID_PARAMETER},
		{UINT32_MAX, 2, 0x100, 0x100, ERROR_ACCESS_DENIED}, {4096, 2, 0x100, 0x100, ERROR_ACCESS_DENIED},
	};

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		DWORD error;

		/* 0 is for the register that has the bit. */
		request.offset = wrong[i].offset != 0 ? wrong[i].offset : control;
		request.length = wrong[i].length;
		request.value = wrong[i].value;
		request.mask = wrong[i].mask;
		error = call(handle, WDPDK_UIO_CONFIG_WRITE, &request, sizeof(request), NULL, 0, NULL);
		if (error != wrong[i].error)
			case_fail(__FILE__, __LINE__, "write %u: error %lu, expected %lu", i, error, wrong[i].error);
	}
	line = log_after(mark, &lines);
	CHECK_EQ(log_find(line, lines, 0, WDPDK_TESTBUS_OP_CONFIG_WRITE, WDPDK_TESTBUS_ALL), lines);
	request = codes[7].request.config_write;
	request.offset = control;
	for (i = 0; i < 2; i++) {
		CHECK_EQ(config_read(handle, control, 2, &before), 0);
		request.value = i == 0 ? 0 : 0x100;
		CHECK_EQ(call(handle, WDPDK_UIO_CONFIG_WRITE, &request, sizeof(request), NULL, 0, NULL), 0);
		CHECK_EQ(config_read(handle, control, 2, &after), 0);
		CHECK_EQ(after.data[1] & 1, i);
		CHECK_EQ(after.data[0], before.data[0]);
		CHECK_EQ(after.data[1] & ~1, before.data[1] & ~1);
	}
	CHECK_EQ(config_read(handle, 4095, 1, &after), 0);
	CHECK_EQ(config_read(handle, 4095, 2, &after), ERROR_INVALID_PARAMETER);
	CHECK_EQ(config_read(handle, 0, 0, &after), ERROR_INVALID_PARAMETER);
	CHECK_EQ(config_read(handle, 0, 257, &after), ERROR_INVALID_PARAMETER);
	CHECK_EQ(config_read(handle, UINT32_MAX, 2, &after), ERROR_INVALID_PARAMETER);
	CHECK_EQ(config_read(handle, 0, 4, &after), 0);
	CHECK_EQ(after.data[0] | after.data[1] << 8, 0x8086);
	CHECK_EQ(after.data[4], 0);
}

/* Registers that a reset forgets are as before it, and bus mastering is off. */
static void
reset_restores_configuration_space(void)
{
	HANDLE handle = open_owner(0);
	struct wdpdk_uio_bus_master_reply master;
	const struct wdpdk_uio_request request = plain_request();
	struct wdpdk_uio_config_data before, after;
	const struct wdpdk_testbus_line *line;
	size_t lines, off, reset;
	uint64_t mark;

	CHECK_EQ(config_read(handle, 0, 256, &before), 0);
	CHECK_EQ(bus_master(handle, true, &master), 0);
	mark = bus_now().sequence;
	CHECK_EQ(call(handle, WDPDK_UIO_RESET, &request, sizeof(request), NULL, 0, NULL), 0);
	line = log_after(mark, &lines);
	off = log_find(line, lines, 0, WDPDK_TESTBUS_OP_BUS_MASTER, 0);
	reset = log_find(line, lines, 0, WDPDK_TESTBUS_OP_RESET, 0);
	CHECK(off < reset && reset < lines);
	CHECK_EQ(line[off].value, 0);
	CHECK_EQ(config_read(handle, 0, 256, &after), 0);
	before.data[4] &= (uint8_t)~4;
	CHECK(memcmp(before.data, after.data, sizeof(after.data)) == 0);
	CHECK_EQ(standing(handle).flags & WDPDK_UIO_FLAG_BUS_MASTER, 0);
}

/* The control program's own buffers may lie anywhere: an address that is none is an error of the call, and nobody's fall. */
static void
buffers_that_are_nowhere(void)
{
	HANDLE handle = open_owner(0);
	const struct wdpdk_uio_request request = plain_request();
	struct wdpdk_uio_info info;
	DWORD error;

	error = call(handle, WDPDK_UIO_INFO, (const void *)(uintptr_t)0x10000, sizeof(request), &info, sizeof(info), NULL);
	CHECK(error == ERROR_NOACCESS || error == ERROR_BAD_LENGTH || error == ERROR_INVALID_USER_BUFFER);
	CHECK_EQ(get_info(handle, &info), 0);
}

void
group_calls(void)
{
	CASE(info_says_what_it_is);
	CASE(wrong_lengths);
	CASE(wrong_fields);
	CASE(observers_see_and_touch_nothing);
	CASE(reserved_codes_and_unknown_ones);
	CASE(bars_are_mapped_where_they_may_be);
	CASE(memory_is_whole_and_counted);
	CASE(memory_that_there_is_not);
	CASE(config_space_is_read_only_but_for_one_bit);
	CASE(reset_restores_configuration_space);
	CASE(buffers_that_are_nowhere);
}
