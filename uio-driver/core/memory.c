/* SPDX-License-Identifier: BSD-3-Clause
 *
 * DMA memory of owners. A block's bytes are counted before it is made, so that no number of calls at once gets past the quota; a block
 * is on its owner's list exactly when it is whole, and taken off before it is undone: two calls never undo the same one.
 */
#include "internal.h"

/* Counts bytes to an owner, if it may have them. */
static bool
take_quota(struct uio_driver *driver, struct uio_owner *owner, uint64_t bytes, uint64_t *id)
{
	bool fits;

	uio_mutex_lock(&driver->mutex);
	fits = bytes <= driver->quota && owner->bytes <= driver->quota - bytes;
	if (fits) {
		owner->bytes += bytes;
		*id = ++driver->last_id;
	}
	uio_mutex_unlock(&driver->mutex);
	return fits;
}

static void
return_quota(struct uio_driver *driver, struct uio_owner *owner, uint64_t bytes)
{
	uio_mutex_lock(&driver->mutex);
	owner->bytes -= bytes;
	uio_mutex_unlock(&driver->mutex);
}

static bool
addresses_right(const struct uio_block *block, uint32_t flags)
{
	for (uint64_t i = 0; i < block->chunks; i++) {
		if (block->bus[i] % WDPDK_UIO_CHUNK != 0)
			return false;
		if ((flags & WDPDK_UIO_DMA_BELOW_4G) != 0 && block->bus[i] > (1ull << 32) - WDPDK_UIO_CHUNK)
			return false;
	}
	return true;
}

/* A block with memory behind it, mapped into the caller; or nothing. */
static int32_t
make(struct uio_device *device, const struct uio_dma_spec *spec, struct uio_block **made)
{
	struct uio_block *block = uio_os_alloc(sizeof(*block) + spec->chunks * sizeof(block->bus[0]));
	int32_t result;

	if (block == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	block->chunks = spec->chunks;
	result = device->ops->dma_alloc(device->hw, spec, &block->memory, block->bus);
	if (result != WDPDK_UIO_OK) {
		uio_os_free(block);
		return result;
	}
	result = addresses_right(block, spec->flags) ? device->ops->dma_map(device->hw, block->memory, &block->address) : WDPDK_UIO_E_IO;
	if (result == WDPDK_UIO_OK && block->address % WDPDK_UIO_CHUNK != 0) {
		device->ops->dma_unmap(device->hw, block->memory);
		result = WDPDK_UIO_E_IO;
	}
	if (result != WDPDK_UIO_OK) {
		/* Nobody has been told of it: no function can know it. */
		device->ops->dma_free(device->hw, block->memory);
		uio_os_free(block);
		return result;
	}
	uio_device_reference(device);
	block->device = device;
	*made = block;
	return WDPDK_UIO_OK;
}

int32_t
uio_memory_alloc(struct uio_device *device, const struct wdpdk_uio_dma_alloc *request, struct uio_block **made)
{
	struct uio_driver *driver = device->driver;
	struct uio_owner *owner = device->owner;
	struct uio_dma_spec spec = { request->length / WDPDK_UIO_CHUNK, request->node, request->flags };
	struct uio_block *block;
	uint64_t id;
	int32_t result;

	if (spec.node < 0)
		spec.node = device->info.node;
	if (!take_quota(driver, owner, request->length, &id))
		return WDPDK_UIO_E_QUOTA;
	result = make(device, &spec, &block);
	if (result != WDPDK_UIO_OK) {
		return_quota(driver, owner, request->length);
		return result;
	}
	block->id = id;
	*made = block;
	return WDPDK_UIO_OK;
}

void
uio_memory_keep(struct uio_device *device, struct uio_block *block)
{
	struct uio_driver *driver = device->driver;

	uio_mutex_lock(&driver->mutex);
	block->next = device->owner->blocks;
	device->owner->blocks = block;
	driver->blocks++;
	driver->bytes += block->chunks * WDPDK_UIO_CHUNK;
	uio_mutex_unlock(&driver->mutex);
}

/* Takes a block off the list, if the owner's functions are all quiet. Those that have been mastering may know its addresses. */
static int32_t
take_block(struct uio_driver *driver, struct uio_owner *owner, uint64_t id, struct uio_block **taken)
{
	struct uio_block **link = &owner->blocks;
	struct uio_device *device;
	uint64_t bytes;

	while (*link != NULL && (*link)->id != id)
		link = &(*link)->next;
	if (*link == NULL)
		return WDPDK_UIO_E_NOT_FOUND;
	if (owner->unquiet)
		return WDPDK_UIO_E_BUSY;
	for (device = driver->devices; device != NULL; device = device->next)
		if (device->owner == owner && device->unquiet)
			return WDPDK_UIO_E_BUSY;
	for (device = driver->devices; device != NULL; device = device->next)
		if (device->owner == owner && device->mastered)
			device->needs_reset = true;
	*taken = *link;
	*link = (*taken)->next;
	bytes = (*taken)->chunks * WDPDK_UIO_CHUNK;
	owner->bytes -= bytes;
	driver->bytes -= bytes;
	driver->blocks--;
	owner->freeing++;
	return WDPDK_UIO_OK;
}

static void
free_block(struct uio_block *block)
{
	block->device->ops->dma_free(block->device->hw, block->memory);
	uio_device_release(block->device);
	uio_os_free(block);
}

int32_t
uio_memory_free(struct uio_device *device, uint64_t id)
{
	struct uio_block *block;
	int32_t result;

	uio_mutex_lock(&device->driver->mutex);
	result = take_block(device->driver, device->owner, id, &block);
	uio_mutex_unlock(&device->driver->mutex);
	if (result != WDPDK_UIO_OK)
		return result;
	block->device->ops->dma_unmap(block->device->hw, block->memory);
	free_block(block);
	uio_mutex_lock(&device->driver->mutex);
	device->owner->freeing--;
	uio_mutex_unlock(&device->driver->mutex);
	return WDPDK_UIO_OK;
}

/* The block keeps its reference to the device, and so the hardware's adapter or file, for good. */
static void
quarantine_block(struct uio_driver *driver, struct uio_block *block)
{
	if (block->device->ops->dma_quarantine != NULL)
		block->device->ops->dma_quarantine(block->device->hw, block->memory);
	uio_mutex_lock(&driver->mutex);
	block->next = driver->quarantine;
	driver->quarantine = block;
	driver->quarantined_blocks++;
	driver->quarantined_bytes += block->chunks * WDPDK_UIO_CHUNK;
	uio_mutex_unlock(&driver->mutex);
}

void
uio_memory_end(struct uio_driver *driver, struct uio_owner *owner, struct uio_device *device, uio_step step)
{
	struct uio_block *block, *next;
	struct uio_attach attach;

	if (owner->blocks == NULL)
		return;
	uio_os_attach(owner->process, &attach);
	for (block = owner->blocks; block != NULL; block = block->next)
		block->device->ops->dma_unmap(block->device->hw, block->memory);
	uio_os_detach(&attach);
	step(device, WDPDK_UIO_STEP_MEMORY_UNMAP);

	uio_mutex_lock(&driver->mutex);
	for (block = owner->blocks; block != NULL; block = block->next) {
		driver->blocks--;
		driver->bytes -= block->chunks * WDPDK_UIO_CHUNK;
	}
	uio_mutex_unlock(&driver->mutex);
	if (owner->unquiet) {
		uio_os_log("%llu bytes of DMA memory are quarantined\n", (unsigned long long)owner->bytes);
		uio_os_stay();
	}
	for (block = owner->blocks; block != NULL; block = next) {
		next = block->next;
		if (owner->unquiet)
			quarantine_block(driver, block);
		else
			free_block(block);
	}
	owner->blocks = NULL;
	step(device, owner->unquiet ? WDPDK_UIO_STEP_QUARANTINE : WDPDK_UIO_STEP_FREE);
}
