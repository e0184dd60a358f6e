/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Things that fail: the nth allocation, for every n, and each operation of the hardware. What had been asked for is not done, all else is
 * as it was, and nothing is left at the end. And a thousand lives of an owner leave nothing.
 */
#include "check.h"
#include "stand.h"

static struct stand stand;

/*
 * A driver's whole life, each step as far as it gets. True: nothing failed. Every failure must be one that the contract knows for want
 * of memory.
 */
static bool
a_life(void)
{
	struct uio_settings settings = { STAND_QUOTA, { 0, 0, 0, 0 } };
	struct uio_hw_info info;
	struct uio_driver *driver;
	struct uio_device *device[2] = { NULL, NULL };
	struct uio_handle *handle[2] = { NULL, NULL }, *observer = NULL;
	uint64_t id;
	int32_t result;
	bool whole = true;

#define STEP(call) ((result = (call)) == WDPDK_UIO_OK ? true : (whole = false, result == WDPDK_UIO_E_NO_MEMORY ? false : (abort(), false)))
	driver = uio_driver_init(&settings);
	if (driver == NULL)
		return false;
	for (unsigned int i = 0; i < 2; i++) {
		if (!STEP(uio_device_create(driver, &fake_ops, &stand.world.device[i], &device[i])))
			continue;
		info = fake_info(&stand.world.device[i]);
		if (!STEP(uio_device_start(device[i], &info)) || !STEP(uio_open(device[i], false, &handle[i])))
			continue;
		for (unsigned int n = 0; n < 2; n++) {
			STEP(stand_map(handle[i], 0, 0, FAKE_BAR0, &id));
			if (STEP(stand_alloc(handle[i], 2, &id)) && n == 0)
				STEP(stand_id(handle[i], WDPDK_UIO_DMA_FREE, id));
		}
		STEP(stand_plain(handle[i], WDPDK_UIO_RESET, NULL, 0));
	}
	for (unsigned int i = 0; i < 2; i++)
		if (handle[i] != NULL)
			STEP(stand_master(handle[i], 1));
	if (device[0] != NULL && STEP(uio_open(device[0], true, &observer)))
		uio_close(observer);
	for (unsigned int i = 0; i < 2; i++)
		if (handle[i] != NULL)
			uio_close(handle[i]);
	for (unsigned int i = 0; i < 2; i++)
		if (device[i] != NULL)
			uio_device_remove(device[i]);
	if (!uio_driver_end(driver))
		abort();
	return whole;
}

static void
the_nth_allocation_fails(void)
{
	long allocations = posix_allocations();
	struct uio_process *process = posix_process(1);
	unsigned int n = 0;
	bool whole;

	posix_become(process);
	do {
		fake_world_init(&stand.world);
		posix_fail_allocation(++n);
		whole = a_life();
		posix_fail_allocation(0);
		if (stand.world.violations != 0)
			printf("    the fake says: %s\n", stand.world.first);
		CHECK_EQ(stand.world.violations, 0);
		CHECK_EQ(stand.world.blocks, 0);
		CHECK_EQ(stand.world.mappings, 0);
		fake_world_end(&stand.world);
		CHECK_EQ(posix_allocations(), allocations);
		CHECK(n < 1000);
	} while (!whole);
	/* Driver, 2 x (device, handle, owner, 2 mappings, 2 blocks and their memory), an observer: none has been left out. */
	CHECK(n > 18);
	posix_become(NULL);
	uio_os_process_release(process);
}

static void
each_operation_fails(void)
{
	static const struct {
		uint32_t fault;
		int32_t alloc, map, reset, master, read;
	} cases[] = {
		{ FAKE_BAR_MAP_FAILS, WDPDK_UIO_OK, WDPDK_UIO_E_IO, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_OK },
		{ FAKE_DMA_MAP_FAILS, WDPDK_UIO_E_IO, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_OK },
		{ FAKE_DMA_ALLOC_FAILS, WDPDK_UIO_E_NO_MEMORY, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_OK },
		{ FAKE_ODD_ADDRESS, WDPDK_UIO_E_IO, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_OK },
		{ FAKE_RESET_FAILS, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_E_IO, WDPDK_UIO_E_NOT_READY, WDPDK_UIO_OK },
		{ FAKE_READ_FAILS, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_E_IO, WDPDK_UIO_E_NOT_READY, WDPDK_UIO_E_IO },
		{ FAKE_WRITE_FAILS, WDPDK_UIO_OK, WDPDK_UIO_OK, WDPDK_UIO_E_IO, WDPDK_UIO_E_NOT_READY, WDPDK_UIO_OK },
	};

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wdpdk_uio_config_read read = { STAND_HEAD(wdpdk_uio_config_read), 0, 4, 0 };
		struct wdpdk_uio_config_data data;
		struct uio_handle *handle;
		uint64_t id;

		stand_up(&stand);
		CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
		fake_set_faults(&stand.world.device[0], cases[i].fault);
		CHECK_EQ(stand_alloc(handle, 2, &id), cases[i].alloc);
		CHECK_EQ(stand_status(handle).owner_bytes, cases[i].alloc == WDPDK_UIO_OK ? 2 * WDPDK_UIO_CHUNK : 0);
		CHECK_EQ(stand_map(handle, 0, 0, 4096, &id), cases[i].map);
		CHECK_EQ(stand_status(handle).mappings, cases[i].map == WDPDK_UIO_OK);
		CHECK_EQ(stand_call(handle, WDPDK_UIO_CONFIG_READ, &read, sizeof(read), &data, sizeof(data)), cases[i].read);
		CHECK_EQ(stand_plain(handle, WDPDK_UIO_RESET, NULL, 0), cases[i].reset);
		CHECK_EQ(stand_master(handle, 1), cases[i].master);
		/* And back to work. */
		fake_set_faults(&stand.world.device[0], 0);
		CHECK_EQ(stand_plain(handle, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_OK);
		CHECK_EQ(stand_alloc(handle, 2, &id), WDPDK_UIO_OK);
		CHECK_EQ(stand_map(handle, 0, 0, 4096, &id), WDPDK_UIO_OK);
		CHECK_EQ(stand_master(handle, 1), WDPDK_UIO_OK);
		uio_close(handle);
		CHECK(stand_down(&stand));
	}
}

static void
below_four_gigabytes_is_checked(void)
{
	struct wdpdk_uio_dma_alloc request = { { 40, 1 }, 2 << 20, 3, WDPDK_UIO_DMA_BELOW_4G, { 0, 0 } };
	uint8_t reply[64];
	struct uio_handle *handle;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	fake_set_faults(&stand.world.device[0], FAKE_ODD_ADDRESS);
	CHECK_EQ(stand_call(handle, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), reply, sizeof(reply)), WDPDK_UIO_E_IO);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

static void
a_thousand_owners_leave_nothing(void)
{
	struct uio_handle *handle;
	long allocations = 0;
	uint64_t id;

	stand_up(&stand);
	for (unsigned int i = 0; i < 1000; i++) {
		posix_become(stand.process[i % 2]);
		CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
		CHECK_EQ(stand_map(handle, 0, 0, FAKE_BAR0, &id), WDPDK_UIO_OK);
		CHECK_EQ(stand_alloc(handle, 1 + i % 32, &id), WDPDK_UIO_OK);
		CHECK_EQ(stand_master(handle, 1), WDPDK_UIO_OK);
		if (i % 3 == 0)
			uio_process_exit(stand.driver, stand.process[i % 2]);
		if (i % 3 == 1)
			uio_cleanup(handle);
		uio_close(handle);
		CHECK_EQ(stand.world.blocks, 0);
		CHECK_EQ(stand.world.mappings, 0);
		if (i == 0)
			allocations = posix_allocations();
		CHECK_EQ(posix_allocations(), allocations);
	}
	CHECK(stand_down(&stand));
}

int
main(void)
{
	posix_virtual_time(true);
	RUN(the_nth_allocation_fails);
	RUN(each_operation_fails);
	RUN(below_four_gigabytes_is_checked);
	RUN(a_thousand_owners_leave_nothing);
	return check_summary();
}
