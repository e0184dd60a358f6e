/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The driver's life from random bytes: opens, requests with any code, lengths and fields, closes, exits, cancels, removal, faults of the
 * hardware and of memory, in any order. Whatever it is, the fake functions see nothing that a card could still write to freed, each request
 * that waits is answered once, and at the end nothing is left.
 */
#include "stand.h"

#define HANDLES 6u
#define WAITS 4u
#define IDS 4u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fuzz {
	const uint8_t *at, *end;
	struct stand stand;
	unsigned int fresh;                  /* the next function that was never plugged in */
	unsigned int function[2];            /* which of the fake's a device is */
	struct {
		struct uio_handle *handle;
		unsigned int process;
		struct fake *owned;          /* NULL: an observer's */
	} open[HANDLES];
	struct {
		struct posix_request request;
		uint8_t *buffer;             /* NULL: not in use */
		struct uio_handle *handle;
	} wait[WAITS];
	uint64_t id[IDS];
	unsigned int next_id;
} fuzz;

static void
must(bool good)
{
	if (!good)
		abort();
}

static uint8_t
byte(void)
{
	return fuzz.at < fuzz.end ? *fuzz.at++ : 0;
}

static unsigned int
pick(unsigned int count)
{
	return byte() % count;
}

/* Requests that are right, to be spoilt. */
static const struct {
	uint32_t code, in, out;
	uint64_t word[4];                    /* behind the head */
} requests[] = {
	{ WDPDK_UIO_INFO, 16, sizeof(struct wdpdk_uio_info), { 0 } },
	{ WDPDK_UIO_STATUS, 16, sizeof(struct wdpdk_uio_state), { 0 } },
	{ WDPDK_UIO_MAP_BAR, 40, 40, { 0, 0, FAKE_BAR0, 0 } },
	{ WDPDK_UIO_MAP_BAR, 40, 40, { 3, 0x2000, 0x1000, 0 } },
	{ WDPDK_UIO_UNMAP_BAR, 24, 0, { 0 } },
	{ WDPDK_UIO_DMA_ALLOC, 40, 56 + 8, { WDPDK_UIO_CHUNK, 0xffffffff, 0, 0 } },
	{ WDPDK_UIO_DMA_ALLOC, 40, 56 + 24, { 3 * WDPDK_UIO_CHUNK, 1ull << 32, 0, 0 } },
	{ WDPDK_UIO_DMA_FREE, 24, 0, { 0 } },
	{ WDPDK_UIO_CONFIG_READ, 24, 272, { 64ull << 32 | FAKE_PCIE } },
	{ WDPDK_UIO_CONFIG_WRITE, 32, 0, { 2ull << 32 | (FAKE_PCIE + 8), 0x100ull << 32 | 0x100 } },
	{ WDPDK_UIO_BUS_MASTER, 24, 24, { 1 } },
	{ WDPDK_UIO_BUS_MASTER, 24, 24, { 0 } },
	{ WDPDK_UIO_RESET, 16, 0, { 0 } },
	{ WDPDK_UIO_WAIT_EVENT, 16, 24, { 0 } },
	{ WDPDK_UIO_POWER, 16, 24, { 0 } },
};

struct shape {
	uint32_t code, in, out;
	uint8_t bytes[64];
};

static void
shape_request(struct shape *shape)
{
	unsigned int i = pick(sizeof(requests) / sizeof(requests[0])), spoil = byte();
	struct wdpdk_uio_head head = { requests[i].in, WDPDK_UIO_VERSION };

	memset(shape, 0, sizeof(*shape));
	shape->code = requests[i].code;
	shape->in = requests[i].in;
	shape->out = requests[i].out;
	memcpy(shape->bytes, &head, sizeof(head));
	memcpy(shape->bytes + sizeof(head), requests[i].word, sizeof(requests[i].word));
	if (shape->code == WDPDK_UIO_UNMAP_BAR || shape->code == WDPDK_UIO_DMA_FREE)
		memcpy(shape->bytes + sizeof(head), &fuzz.id[pick(IDS)], sizeof(uint64_t));
	if (spoil < 160)
		return;
	if (spoil & 1)
		shape->bytes[pick(sizeof(shape->bytes))] = byte();
	if (spoil & 2)
		shape->bytes[8 + pick(16)] ^= (uint8_t)(1u << pick(8));
	if (spoil & 4)
		shape->in = pick(sizeof(shape->bytes) + 1);
	if (spoil & 8)
		shape->out = byte();
	if (spoil & 16)
		shape->code ^= 1u << pick(32);
}

static void
keep_id(const struct shape *shape, const uint8_t *reply)
{
	if (shape->code == WDPDK_UIO_MAP_BAR || shape->code == WDPDK_UIO_DMA_ALLOC)
		memcpy(&fuzz.id[fuzz.next_id++ % IDS], reply + sizeof(struct wdpdk_uio_head), sizeof(uint64_t));
}

static void
reap_waits(void)
{
	for (unsigned int i = 0; i < WAITS; i++) {
		if (fuzz.wait[i].buffer == NULL || !fuzz.wait[i].request.done)
			continue;
		must(fuzz.wait[i].request.completions == 1);
		free(fuzz.wait[i].buffer);
		fuzz.wait[i].buffer = NULL;
	}
}

static void
send(void)
{
	unsigned int i = pick(HANDLES), who = pick(8), slot = 0;
	struct posix_request *request;
	struct shape shape;
	uint32_t returned, size;
	uint8_t *buffer;
	int32_t result;

	shape_request(&shape);
	while (slot < WAITS && fuzz.wait[slot].buffer != NULL)
		slot++;
	if (fuzz.open[i].handle == NULL || slot == WAITS)
		return;
	/* Mostly the process that opened it. */
	posix_become(fuzz.stand.process[who == 0 ? 1 - fuzz.open[i].process : fuzz.open[i].process]);
	size = shape.in > shape.out ? shape.in : shape.out;
	buffer = size == 0 ? NULL : malloc(size);
	if (buffer != NULL) {
		memset(buffer, 0x5a, size);
		memcpy(buffer, shape.bytes, shape.in);
	}
	request = &fuzz.wait[slot].request;
	memset(request, 0, sizeof(*request));
	result = posix_ioctl(fuzz.open[i].handle, shape.code, buffer, shape.in, shape.out, &returned, request);
	must(returned <= shape.out && (result == WDPDK_UIO_OK || returned == 0));
	if (result == WDPDK_UIO_PENDING) {
		fuzz.wait[slot].buffer = buffer;
		fuzz.wait[slot].handle = fuzz.open[i].handle;
		return;
	}
	must(request->completions == 1);
	if (result == WDPDK_UIO_OK)
		keep_id(&shape, buffer);
	free(buffer);
}

static void
open_one(void)
{
	unsigned int i = pick(HANDLES), how = byte(), device = how & 1, process = how >> 1 & 1;

	if (fuzz.open[i].handle != NULL || fuzz.stand.device[device] == NULL)
		return;
	posix_become(fuzz.stand.process[process]);
	fuzz.open[i].process = process;
	fuzz.open[i].owned = (how & 0x0c) == 0x0c ? NULL : &fuzz.stand.world.device[fuzz.function[device]];
	if (uio_open(fuzz.stand.device[device], fuzz.open[i].owned == NULL, &fuzz.open[i].handle) != WDPDK_UIO_OK)
		fuzz.open[i].handle = NULL;
}

/* Nobody tells a function new addresses from here on, also when it could not be stopped. */
static void
forget(struct uio_process *process, struct fake *fake)
{
	if (fake != NULL && fake->user == process)
		fake->user = NULL;
}

static void
close_one(unsigned int i, bool cleanup)
{
	struct uio_handle *handle = fuzz.open[i].handle;

	if (handle == NULL)
		return;
	/* An I/O manager sends CLOSE when no request of the handle waits any more: CLEANUP, or a cancel, has seen to it. */
	for (unsigned int w = 0; w < WAITS && !cleanup; w++)
		if (fuzz.wait[w].buffer != NULL && fuzz.wait[w].handle == handle)
			posix_cancel(&fuzz.wait[w].request);
	if (cleanup)
		uio_cleanup(handle);
	for (unsigned int w = 0; w < WAITS; w++)
		must(fuzz.wait[w].buffer == NULL || fuzz.wait[w].handle != handle || fuzz.wait[w].request.done);
	uio_close(handle);
	forget(fuzz.stand.process[fuzz.open[i].process], fuzz.open[i].owned);
	fuzz.open[i].handle = NULL;
}

/* Pulled out or only said to be, and perhaps another in its place. */
static void
remove_one(void)
{
	unsigned int how = byte(), i = how & 1;
	struct fake *fake = &fuzz.stand.world.device[fuzz.function[i]];

	if (fuzz.stand.device[i] == NULL)
		return;
	if (how & 2)
		fake_set_faults(fake, fake->faults | FAKE_ABSENT);
	if (how & 4)
		uio_device_surprise(fuzz.stand.device[i]);
	if (how & 8) {
		uio_device_remove(fuzz.stand.device[i]);
		fuzz.stand.device[i] = NULL;
	}
	if ((how & 24) != 24 || fuzz.fresh == FAKE_DEVICES)
		return;
	fuzz.function[i] = fuzz.fresh++;
	fake = &fuzz.stand.world.device[fuzz.function[i]];
	if (uio_device_create(fuzz.stand.driver, &fake_ops, fake, &fuzz.stand.device[i]) != WDPDK_UIO_OK) {
		fuzz.stand.device[i] = NULL;
		return;
	}
	stand_start(&fuzz.stand, i);
}

static void
power_and_pnp(void)
{
	unsigned int how = byte(), i = how & 1;
	struct uio_device *device = fuzz.stand.device[i];

	if (device == NULL)
		return;
	switch (how >> 1 & 3) {
	case 0:
		if (uio_device_query_remove(device) == WDPDK_UIO_OK && (how & 8) != 0)
			uio_device_stop(device);
		break;
	case 1:
		uio_device_cancel_remove(device);
		break;
	case 2:
		uio_device_stop(device);
		break;
	default:
		stand_start(&fuzz.stand, i);
	}
}

/* A function that is gone does not come back. */
static void
change_faults(void)
{
	unsigned int i = pick(2), faults = byte() | (unsigned int)byte() << 8;
	struct fake *fake = &fuzz.stand.world.device[fuzz.function[i]];

	faults &= FAKE_ODD_ADDRESS * 2 - 1;
	if ((faults & FAKE_ABSENT) == 0)
		faults &= byte();
	fake_set_faults(fake, (faults & ~FAKE_ABSENT) | (fake->faults & FAKE_ABSENT));
}

static void
one_step(void)
{
	switch (pick(16)) {
	case 0:
	case 1:
		open_one();
		break;
	case 2:
		close_one(pick(HANDLES), byte() & 1);
		break;
	case 3: {
		struct uio_process *process = fuzz.stand.process[pick(2)];

		uio_process_exit(fuzz.stand.driver, process);
		for (unsigned int i = 0; i < FAKE_DEVICES; i++)
			forget(process, &fuzz.stand.world.device[i]);
		break;
	}
	case 4:
		remove_one();
		break;
	case 5:
		power_and_pnp();
		break;
	case 6:
		change_faults();
		break;
	case 7:
		posix_fail_allocation(pick(8));
		break;
	case 8: {
		unsigned int i = pick(WAITS);

		if (fuzz.wait[i].buffer != NULL)
			posix_cancel(&fuzz.wait[i].request);
		break;
	}
	default:
		send();
	}
	reap_waits();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	posix_virtual_time(true);
	posix_fail_allocation(0);
	memset(&fuzz, 0, sizeof(fuzz));
	fuzz.at = data;
	fuzz.end = data + size;
	stand_up(&fuzz.stand);
	fuzz.function[1] = 1;
	fuzz.fresh = 2;
	while (fuzz.at < fuzz.end)
		one_step();
	posix_fail_allocation(0);
	for (unsigned int i = 0; i < HANDLES; i++)
		close_one(i, i % 2 == 0);
	reap_waits();
	for (unsigned int i = 0; i < WAITS; i++)
		must(fuzz.wait[i].buffer == NULL);
	must(stand_down(&fuzz.stand));
	return 0;
}
