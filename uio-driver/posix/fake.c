/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The fake functions and what they hold against the driver.
 *
 * What a function may know: all memory that its owner had while bus mastering was on, until a reset. Memory that a function may know
 * must not be freed while that function can still write: bus mastering on, or transactions pending. A function that may know memory
 * which was freed must not be switched on again.
 */
#include <stdlib.h>
#include <string.h>

#include "fake.h"

struct fake_memory {
	struct fake_memory *next;
	struct uio_process *user;    /* mapped there; NULL: not mapped */
	struct uio_process *owner;   /* who had it mapped */
	uint32_t known;              /* bit per function */
	bool quarantined;
	uint8_t *byte;               /* one, so that a sanitizer sees a use after free */
};

struct fake_mapping {
	struct uio_process *user;
};

static void
violation(struct fake_world *world, const char *what)
{
	if (world->violations++ == 0)
		world->first = what;
}

static void
note(struct fake *fake, enum fake_op op)
{
	struct fake_world *world = fake->world;

	if (world->scribble != NULL)
		memset(world->scribble, 0xff, world->scribbles);
	if (fake->released)
		violation(world, "an operation on hardware that was released");
	if (world->lines < FAKE_LOG) {
		world->log[world->lines].device = (uint8_t)fake->index;
		world->log[world->lines].op = (uint8_t)op;
	}
	world->lines++;
}

static uint32_t
faults(const struct fake *fake)
{
	return __atomic_load_n(&fake->faults, __ATOMIC_SEQ_CST);
}

void
fake_set_faults(struct fake *fake, uint32_t value)
{
	__atomic_store_n(&fake->faults, value, __ATOMIC_SEQ_CST);
}

static void
put16(struct fake *fake, uint32_t at, uint16_t value)
{
	memcpy(fake->config + at, &value, sizeof(value));
}

static void
fill_config(struct fake *fake)
{
	put16(fake, 0x00, 0x8086);
	put16(fake, 0x02, 0x1583);
	put16(fake, 0x04, 0x0002);
	put16(fake, 0x06, 0x0010);
	put16(fake, 0x08, 0x0002);
	put16(fake, 0x0a, 0x0200);
	put16(fake, 0x10, 0x000c);
	put16(fake, 0x12, 0xf000);
	put16(fake, 0x2c, 0x8086);
	put16(fake, 0x2e, (uint16_t)(1 + fake->index));
	fake->config[0x34] = FAKE_MSIX;
	put16(fake, FAKE_MSIX, 0x11 | FAKE_PCIE << 8);
	put16(fake, FAKE_MSIX + 2, 128);
	put16(fake, FAKE_MSIX + 4, 3);
	put16(fake, FAKE_MSIX + 8, 0x1003);
	put16(fake, FAKE_PCIE, 0x10);
	put16(fake, FAKE_PCIE + 6, 0x1000);
	put16(fake, FAKE_PCIE + 8, 0x2810);
}

void
fake_world_init(struct fake_world *world)
{
	memset(world, 0, sizeof(*world));
	pthread_mutex_init(&world->mutex, NULL);
	for (uint32_t i = 0; i < FAKE_DEVICES; i++) {
		world->device[i].world = world;
		world->device[i].index = i;
		fill_config(&world->device[i]);
	}
}

void
fake_world_end(struct fake_world *world)
{
	struct fake_memory *memory;

	while ((memory = world->memory) != NULL) {
		world->memory = memory->next;
		free(memory->byte);
		uio_os_free(memory);
	}
	pthread_mutex_destroy(&world->mutex);
}

struct uio_hw_info
fake_info(const struct fake *fake)
{
	struct uio_hw_info info = { .flags = WDPDK_UIO_INFO_TEST_HARDWARE, .bus = 3, .function = (uint8_t)fake->index, .node = -1,
		.dma_domain = 7 };

	info.bar[0].length = FAKE_BAR0;
	info.bar[0].flags = WDPDK_UIO_BAR_MEMORY | WDPDK_UIO_BAR_64BIT | WDPDK_UIO_BAR_PREFETCHABLE;
	info.bar[2].length = 32;
	info.bar[3].length = FAKE_BAR3;
	info.bar[3].flags = WDPDK_UIO_BAR_MEMORY;
	return info;
}

int
fake_find(const struct fake_world *world, unsigned int from, uint32_t device, enum fake_op op)
{
	for (unsigned int i = from; i < world->lines && i < FAKE_LOG; i++)
		if (world->log[i].device == device && world->log[i].op == op)
			return (int)i;
	return -1;
}

/* ---- configuration space ---- */

static bool
present(const struct fake *fake)
{
	return (faults(fake) & FAKE_ABSENT) == 0 && !(fake->hung && (faults(fake) & FAKE_RESET_FAILS) != 0);
}

/* Transactions do not come back when bus mastering is off and the last one was seen to end. */
static void
poll(struct fake *fake)
{
	bool stuck = (faults(fake) & FAKE_STUCK) != 0;

	note(fake, FAKE_POLL);
	put16(fake, FAKE_PCIE + 10, stuck ? 0x0020 : 0);
	if (!stuck && !fake->master && (faults(fake) & FAKE_READ_FAILS) == 0)
		fake->settled = true;
}

static int32_t
config_read(void *hw, uint32_t offset, void *data, uint32_t length)
{
	struct fake *fake = hw;
	int32_t result = WDPDK_UIO_OK;

	pthread_mutex_lock(&fake->world->mutex);
	if (offset <= FAKE_PCIE + 10 && FAKE_PCIE + 10 < offset + length && length == 2)
		poll(fake);
	if (offset + length > 4096)
		violation(fake->world, "configuration space was read beyond its end");
	if ((faults(fake) & FAKE_READ_FAILS) != 0)
		result = WDPDK_UIO_E_IO;
	for (uint32_t i = 0; i < length; i++)
		((uint8_t *)data)[i] = present(fake) && offset + i < sizeof(fake->config) ? fake->config[offset + i] : 0xff;
	pthread_mutex_unlock(&fake->world->mutex);
	return result;
}

static void
set_master(struct fake *fake, bool on)
{
	struct fake_memory *memory;

	if (on == fake->master || (!on && (faults(fake) & FAKE_MASTER_STICKS) != 0))
		return;
	note(fake, on ? FAKE_MASTER_ON : FAKE_MASTER_OFF);
	if (on && fake->ghost)
		violation(fake->world, "bus mastering on for a function that may know freed memory");
	fake->master = on;
	if (!on)
		return;
	fake->settled = false;
	fake->user = uio_os_process();
	for (memory = fake->world->memory; memory != NULL; memory = memory->next)
		if (memory->user == fake->user)
			memory->known |= 1u << fake->index;
}

/* It forgets everything, also that its bus mastering could not be turned off. */
static void
reset(struct fake *fake)
{
	struct fake_memory *memory;

	if (fake->master && (faults(fake) & FAKE_MASTER_STICKS) == 0)
		violation(fake->world, "reset with bus mastering on");
	put16(fake, 0x10, 0x000c);
	put16(fake, 0x12, 0);
	if ((faults(fake) & FAKE_RESET_FAILS) != 0) {
		fake->hung = true;
		return;
	}
	note(fake, FAKE_RESET);
	fake->hung = fake->master = fake->ghost = false;
	put16(fake, 0x04, 0);
	for (memory = fake->world->memory; memory != NULL; memory = memory->next)
		memory->known &= ~(1u << fake->index);
}

static void
write_bits(struct fake *fake, uint32_t offset, uint16_t value)
{
	if (offset == 0x04) {
		set_master(fake, (value & 0x0004) != 0);
		put16(fake, 0x04, (uint16_t)((value & ~0x0004) | (fake->master ? 0x0004 : 0)));
	}
	if (offset == FAKE_PCIE + 8 && (value & 0x8000) != 0)
		reset(fake);
	else if (offset == FAKE_PCIE + 8)
		put16(fake, offset, value);
}

static int32_t
config_write(void *hw, uint32_t offset, const void *data, uint32_t length)
{
	struct fake *fake = hw;
	int32_t result = WDPDK_UIO_E_IO;
	uint16_t value = 0;

	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_CONFIG_WRITE);
	if (offset + length > sizeof(fake->config))
		violation(fake->world, "configuration space was written beyond its first 256 bytes");
	else if ((faults(fake) & FAKE_WRITE_FAILS) == 0) {
		memcpy(&value, data, length < 2 ? length : 2);
		if (present(fake) && length == 2)
			write_bits(fake, offset, value);
		else if (present(fake) && offset >= 0x10 && offset < 0x28)
			memcpy(fake->config + offset, data, length);
		result = WDPDK_UIO_OK;
	}
	pthread_mutex_unlock(&fake->world->mutex);
	return result;
}

/* ---- mappings ---- */

static int32_t
bar_map(void *hw, uint32_t bar, uint64_t offset, uint64_t length, void **mapping, uint64_t *address)
{
	struct fake *fake = hw;
	struct fake_mapping *made;
	uint64_t size = bar == 0 ? FAKE_BAR0 : FAKE_BAR3;

	if ((faults(fake) & FAKE_BAR_MAP_FAILS) != 0)
		return WDPDK_UIO_E_IO;
	/* Where a sanitizer sees what is not unmapped, and uio_os_alloc's faults what cannot be. */
	made = uio_os_alloc(sizeof(*made));
	if (made == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_BAR_MAP);
	if ((bar != 0 && bar != 3) || offset + length > size || (bar == 3 && offset < 0x2000))
		violation(fake->world, "a BAR mapping that should have been refused");
	made->user = uio_os_process();
	fake->world->mappings++;
	pthread_mutex_unlock(&fake->world->mutex);
	*mapping = made;
	*address = 0x700000000000ull + offset;
	return WDPDK_UIO_OK;
}

static void
bar_unmap(void *hw, void *mapping)
{
	struct fake *fake = hw;
	struct fake_mapping *made = mapping;

	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_BAR_UNMAP);
	if (made->user != uio_os_process())
		violation(fake->world, "a BAR unmapped in another process");
	fake->world->mappings--;
	pthread_mutex_unlock(&fake->world->mutex);
	uio_os_free(made);
}

/* ---- DMA memory ---- */

static int32_t
dma_alloc(void *hw, const struct uio_dma_spec *spec, void **memory, uint64_t *bus)
{
	static uint64_t next = 1;    /* under world->mutex */
	struct fake *fake = hw;
	struct fake_memory *made;

	if ((faults(fake) & FAKE_DMA_ALLOC_FAILS) != 0)
		return WDPDK_UIO_E_NO_MEMORY;
	made = uio_os_alloc(sizeof(*made));
	if (made == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	made->byte = malloc(1);
	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_ALLOC);
	for (uint64_t i = 0; i < spec->chunks; i++)
		bus[i] = (next = next % 1500 + 7) * WDPDK_UIO_CHUNK;
	if ((faults(fake) & FAKE_ODD_ADDRESS) != 0)
		bus[spec->chunks - 1] += (spec->flags & WDPDK_UIO_DMA_BELOW_4G) != 0 ? 1ull << 32 : 4096;
	made->next = fake->world->memory;
	fake->world->memory = made;
	fake->world->blocks++;
	pthread_mutex_unlock(&fake->world->mutex);
	*memory = made;
	return WDPDK_UIO_OK;
}

static int32_t
dma_map(void *hw, void *memory, uint64_t *address)
{
	struct fake *fake = hw;
	struct fake_memory *made = memory;

	if ((faults(fake) & FAKE_DMA_MAP_FAILS) != 0)
		return WDPDK_UIO_E_IO;
	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_MAP);
	made->user = made->owner = uio_os_process();
	for (uint32_t i = 0; i < FAKE_DEVICES; i++)
		if (fake->world->device[i].master && fake->world->device[i].user == made->user)
			made->known |= 1u << i;
	fake->world->mappings++;
	pthread_mutex_unlock(&fake->world->mutex);
	*address = 0x100000000000ull;
	return WDPDK_UIO_OK;
}

static void
dma_unmap(void *hw, void *memory)
{
	struct fake *fake = hw;
	struct fake_memory *made = memory;

	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_UNMAP);
	if (made->user == NULL || made->user != uio_os_process())
		violation(fake->world, "DMA memory unmapped twice, or in another process");
	made->user = NULL;
	fake->world->mappings--;
	pthread_mutex_unlock(&fake->world->mutex);
}

static bool
may_write(const struct fake *fake)
{
	return (faults(fake) & FAKE_ABSENT) == 0 && (fake->master || ((faults(fake) & FAKE_STUCK) != 0 && !fake->settled));
}

static void
dma_free(void *hw, void *memory)
{
	struct fake *fake = hw;
	struct fake_world *world = fake->world;
	struct fake_memory *made = memory, **link;

	pthread_mutex_lock(&world->mutex);
	note(fake, FAKE_FREE);
	if (made->user != NULL || made->quarantined)
		violation(world, "DMA memory freed that is mapped or quarantined");
	for (uint32_t i = 0; i < FAKE_DEVICES; i++) {
		if ((made->known & 1u << i) == 0 || (faults(&world->device[i]) & FAKE_ABSENT) != 0)
			continue;
		if (may_write(&world->device[i]))
			violation(world, "DMA memory freed that a function may write to");
		world->device[i].ghost = true;
	}
	for (link = &world->memory; *link != made; link = &(*link)->next)
		;
	*link = made->next;
	world->blocks--;
	pthread_mutex_unlock(&world->mutex);
	free(made->byte);
	uio_os_free(made);
}

static void
dma_quarantine(void *hw, void *memory)
{
	struct fake *fake = hw;
	struct fake_memory *made = memory;

	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_QUARANTINE);
	if (made->user != NULL || made->quarantined)
		violation(fake->world, "DMA memory quarantined that is mapped, or twice");
	made->quarantined = true;
	fake->world->blocks--;
	fake->world->quarantined++;
	pthread_mutex_unlock(&fake->world->mutex);
}

static void
release(void *hw)
{
	struct fake *fake = hw;

	pthread_mutex_lock(&fake->world->mutex);
	note(fake, FAKE_RELEASE);
	fake->released = true;
	fake->world->released++;
	pthread_mutex_unlock(&fake->world->mutex);
}

const struct uio_hw_ops fake_ops = {
	.config_read = config_read,
	.config_write = config_write,
	.bar_map = bar_map,
	.bar_unmap = bar_unmap,
	.dma_alloc = dma_alloc,
	.dma_map = dma_map,
	.dma_unmap = dma_unmap,
	.dma_free = dma_free,
	.dma_quarantine = dma_quarantine,
	.release = release,
};
