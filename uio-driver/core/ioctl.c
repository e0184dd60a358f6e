/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Requests: each is checked once, on a private copy, before anything is done. The order of the checks is the contract's: code, rights,
 * version, lengths, fields, state.
 */
#include "internal.h"

union request {
	struct wdpdk_uio_head head;
	struct wdpdk_uio_request plain;
	struct wdpdk_uio_map_bar map_bar;
	struct wdpdk_uio_id id;
	struct wdpdk_uio_dma_alloc dma_alloc;
	struct wdpdk_uio_config_read config_read;
	struct wdpdk_uio_config_write config_write;
	struct wdpdk_uio_bus_master bus_master;
};

struct call {
	struct uio_device *device;
	union request request;
	void *buffer;                /* where the reply goes: the request that stood there has been copied */
	uint32_t out;
	uint32_t returned;
	void *pending;               /* the shell's request */
};

/* Reply with a head, as long as it is. */
#define ANSWER(call, reply) do { \
	(reply).head.size = sizeof(reply); \
	(reply).head.version = WDPDK_UIO_VERSION; \
	memcpy((call)->buffer, &(reply), sizeof(reply)); \
	(call)->returned = sizeof(reply); \
} while (0)

static int32_t
do_info(struct call *call)
{
	if (call->request.plain.reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	ANSWER(call, call->device->info);
	return WDPDK_UIO_OK;
}

static void
count_memory(struct uio_device *device, struct wdpdk_uio_state *state)
{
	struct uio_driver *driver = device->driver;

	uio_mutex_lock(&driver->mutex);
	state->owner_bytes = device->owner == NULL ? 0 : device->owner->bytes;
	state->quarantined_bytes = driver->quarantined_bytes;
	state->quarantined_blocks = driver->quarantined_blocks;
	state->driver_bytes = driver->bytes;
	state->driver_blocks = driver->blocks;
	state->flags |= device->unquiet ? WDPDK_UIO_FLAG_UNQUIET : 0;
	state->flags |= device->needs_reset ? WDPDK_UIO_FLAG_NEEDS_RESET : 0;
	uio_mutex_unlock(&driver->mutex);
}

static int32_t
do_status(struct call *call)
{
	struct uio_device *device = call->device;
	struct wdpdk_uio_state state = { .head.size = 0 };
	uint8_t level;

	if (call->request.plain.reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	state.state = device->gone ? WDPDK_UIO_STATE_REMOVED : !device->started ? WDPDK_UIO_STATE_STOPPED :
		device->session != 0 ? WDPDK_UIO_STATE_OWNED : WDPDK_UIO_STATE_FREE;
	state.flags = device->master ? WDPDK_UIO_FLAG_BUS_MASTER : 0;
	count_memory(device, &state);
	state.owner = device->owner == NULL ? 0 : uio_os_process_id(device->owner->process);
	state.calls = __atomic_load_n(&device->calls, __ATOMIC_RELAXED);
	state.refused = __atomic_load_n(&device->refused, __ATOMIC_RELAXED);
	state.opens = device->opens;
	state.opens_refused = device->opens_refused;
	state.teardowns = device->teardowns;
	for (unsigned int i = 0; i < WDPDK_UIO_MAPPINGS; i++)
		state.mappings += device->mapping[i].id != 0;
	level = uio_spin_lock(&device->waiting);
	state.waiting = device->waiter != NULL;
	uio_spin_unlock(&device->waiting, level);
	state.last_cause = device->last_cause;
	state.last_steps = device->last_steps;
	memcpy(state.last_step, device->last_step, sizeof(state.last_step));
	state.last_microseconds = device->last_microseconds;
	ANSWER(call, state);
	return WDPDK_UIO_OK;
}

static int32_t
mappable(const struct wdpdk_uio_info *info, const struct wdpdk_uio_map_bar *request)
{
	const struct wdpdk_uio_bar *bar;

	if (request->bar >= WDPDK_UIO_BARS || request->flags != 0 || request->reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	bar = &info->bar[request->bar];
	if ((bar->flags & WDPDK_UIO_BAR_MEMORY) == 0 || request->offset % UIO_PAGE != 0 || request->length % UIO_PAGE != 0 ||
	    request->length == 0 || request->offset > bar->length || request->length > bar->length - request->offset)
		return WDPDK_UIO_E_PARAMETER;
	for (unsigned int i = 0; i < bar->holes; i++)
		if (request->offset < bar->hole[i].offset + bar->hole[i].length && bar->hole[i].offset < request->offset + request->length)
			return WDPDK_UIO_E_DENIED;
	return WDPDK_UIO_OK;
}

static struct uio_mapping *
find_mapping(struct uio_device *device, uint64_t id)
{
	for (unsigned int i = 0; i < WDPDK_UIO_MAPPINGS; i++)
		if (device->mapping[i].id == id)
			return &device->mapping[i];
	return NULL;
}

static int32_t
do_map_bar(struct call *call)
{
	const struct wdpdk_uio_map_bar *request = &call->request.map_bar;
	struct wdpdk_uio_mapping reply = { .length = request->length };
	struct uio_device *device = call->device;
	struct uio_mapping *mapping = find_mapping(device, 0);
	int32_t result = mappable(&device->info, request);

	if (result != WDPDK_UIO_OK)
		return result;
	if (mapping == NULL)
		return WDPDK_UIO_E_BUSY;
	result = device->ops->bar_map(device->hw, request->bar, request->offset, request->length, &mapping->mapping, &reply.address);
	if (result != WDPDK_UIO_OK)
		return result;
	uio_mutex_lock(&device->driver->mutex);
	mapping->id = reply.id = ++device->driver->last_id;
	uio_mutex_unlock(&device->driver->mutex);
	ANSWER(call, reply);
	return WDPDK_UIO_OK;
}

static int32_t
do_unmap_bar(struct call *call)
{
	const struct wdpdk_uio_id *request = &call->request.id;
	struct uio_mapping *mapping;

	if (request->reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	mapping = request->id == 0 ? NULL : find_mapping(call->device, request->id);
	if (mapping == NULL)
		return WDPDK_UIO_E_NOT_FOUND;
	call->device->ops->bar_unmap(call->device->hw, mapping->mapping);
	mapping->id = 0;
	return WDPDK_UIO_OK;
}

static int32_t
do_dma_alloc(struct call *call)
{
	const struct wdpdk_uio_dma_alloc *request = &call->request.dma_alloc;
	struct wdpdk_uio_dma reply = { .length = request->length, .chunks = request->length / WDPDK_UIO_CHUNK };
	struct uio_block *block;
	int32_t result;

	if (request->length == 0 || request->length % WDPDK_UIO_CHUNK != 0 || request->node < -1 || request->node >= 64 ||
	    (request->flags & ~WDPDK_UIO_DMA_BELOW_4G) != 0 || request->reserved[0] != 0 || request->reserved[1] != 0)
		return WDPDK_UIO_E_PARAMETER;
	/* First, so that the length of the reply is no longer than 32 bits. */
	if (request->length > call->device->driver->quota)
		return WDPDK_UIO_E_QUOTA;
	if (call->out < sizeof(reply) || (call->out - sizeof(reply)) / sizeof(block->bus[0]) < reply.chunks)
		return WDPDK_UIO_E_TOO_SMALL;
	result = uio_memory_alloc(call->device, request, &block);
	if (result != WDPDK_UIO_OK)
		return result;
	reply.head.size = (uint32_t)WDPDK_UIO_DMA_SIZE(reply.chunks);
	reply.head.version = WDPDK_UIO_VERSION;
	reply.id = block->id;
	reply.address = block->address;
	reply.dma_domain = call->device->info.dma_domain;
	memcpy(call->buffer, &reply, sizeof(reply));
	memcpy((uint8_t *)call->buffer + sizeof(reply), block->bus, reply.chunks * sizeof(block->bus[0]));
	call->returned = reply.head.size;
	uio_memory_keep(call->device, block);
	return WDPDK_UIO_OK;
}

static int32_t
do_dma_free(struct call *call)
{
	return call->request.id.reserved != 0 ? WDPDK_UIO_E_PARAMETER : uio_memory_free(call->device, call->request.id.id);
}

static int32_t
do_config_read(struct call *call)
{
	const struct wdpdk_uio_config_read *request = &call->request.config_read;
	struct wdpdk_uio_config_data reply = { .offset = request->offset, .length = request->length };
	int32_t result;

	if (request->length == 0 || request->length > WDPDK_UIO_CONFIG_BYTES || request->offset > 4096 - request->length ||
	    request->reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	result = call->device->ops->config_read(call->device->hw, request->offset, reply.data, request->length);
	if (result == WDPDK_UIO_OK)
		ANSWER(call, reply);
	return result;
}

static int32_t
do_config_write(struct call *call)
{
	const struct wdpdk_uio_config_write *request = &call->request.config_write;

	if (request->length != 2 || request->mask == 0 || (request->value & ~request->mask) != 0 || request->reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	return uio_config_extended_tag(call->device, request);
}

/* From the moment that it is on, the function may know any address, whatever the write says. */
static int32_t
switch_on(struct uio_device *device)
{
	int32_t result;

	uio_mutex_lock(&device->driver->mutex);
	result = device->needs_reset ? WDPDK_UIO_E_NOT_READY : device->owner->freeing != 0 ? WDPDK_UIO_E_BUSY : WDPDK_UIO_OK;
	if (result == WDPDK_UIO_OK)
		device->unquiet = device->mastered = true;
	uio_mutex_unlock(&device->driver->mutex);
	if (result != WDPDK_UIO_OK)
		return result;
	result = uio_master_on(device);
	device->master = result == WDPDK_UIO_OK;
	return result;
}

static int32_t
do_bus_master(struct call *call)
{
	const struct wdpdk_uio_bus_master *request = &call->request.bus_master;
	struct wdpdk_uio_bus_master_reply reply = { .enabled = request->enable };
	int32_t result = WDPDK_UIO_OK;

	if (request->enable > 1 || request->reserved0 != 0 || request->reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	if (request->enable)
		result = switch_on(call->device);
	else if (!uio_silence_master(call->device, NULL))
		result = call->device->master ? WDPDK_UIO_E_IO : WDPDK_UIO_OK;
	if (result != WDPDK_UIO_OK)
		return result;
	reply.pending = !request->enable && call->device->unquiet;
	ANSWER(call, reply);
	return WDPDK_UIO_OK;
}

static int32_t
do_reset(struct call *call)
{
	if (call->request.plain.reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	return uio_silence(call->device, NULL) ? WDPDK_UIO_OK : WDPDK_UIO_E_IO;
}

static int32_t
do_wait_event(struct call *call)
{
	struct uio_device *device = call->device;
	struct wdpdk_uio_event reply = { .event = WDPDK_UIO_EVENT_REMOVAL };
	int32_t result = WDPDK_UIO_E_BUSY;
	uint8_t level;

	if (call->request.plain.reserved != 0)
		return WDPDK_UIO_E_PARAMETER;
	if (device->gone || device->torn) {
		ANSWER(call, reply);
		return WDPDK_UIO_OK;
	}
	level = uio_spin_lock(&device->waiting);
	if (device->waiter == NULL && (result = uio_os_pend(call->pending)) == WDPDK_UIO_OK) {
		/* Its cancel routine may be waiting for the lock already. */
		device->waiter = call->pending;
		result = WDPDK_UIO_PENDING;
	}
	uio_spin_unlock(&device->waiting, level);
	return result;
}

static int32_t
do_nothing(struct call *call)
{
	(void)call;
	return WDPDK_UIO_E_NOT_SUPPORTED;
}

/* When a request may be answered. */
enum moment {
	ALWAYS,      /* while the handle is open */
	IN_SESSION,  /* before its teardown */
	PRESENT,     /* ... and while the function is there */
	RESERVED,    /* a code without a request */
};

static const struct entry {
	uint32_t code;
	uint32_t in, out;
	enum moment moment;
	bool observers;
	int32_t (*run)(struct call *call);
} entries[] = {
	{ WDPDK_UIO_INFO, sizeof(struct wdpdk_uio_request), sizeof(struct wdpdk_uio_info), ALWAYS, true, do_info },
	{ WDPDK_UIO_STATUS, sizeof(struct wdpdk_uio_request), sizeof(struct wdpdk_uio_state), ALWAYS, true, do_status },
	{ WDPDK_UIO_MAP_BAR, sizeof(struct wdpdk_uio_map_bar), sizeof(struct wdpdk_uio_mapping), PRESENT, false, do_map_bar },
	{ WDPDK_UIO_UNMAP_BAR, sizeof(struct wdpdk_uio_id), 0, PRESENT, false, do_unmap_bar },
	{ WDPDK_UIO_DMA_ALLOC, sizeof(struct wdpdk_uio_dma_alloc), 0, PRESENT, false, do_dma_alloc },
	{ WDPDK_UIO_DMA_FREE, sizeof(struct wdpdk_uio_id), 0, PRESENT, false, do_dma_free },
	{ WDPDK_UIO_CONFIG_READ, sizeof(struct wdpdk_uio_config_read), sizeof(struct wdpdk_uio_config_data), PRESENT, false, do_config_read },
	{ WDPDK_UIO_CONFIG_WRITE, sizeof(struct wdpdk_uio_config_write), 0, PRESENT, false, do_config_write },
	{ WDPDK_UIO_BUS_MASTER, sizeof(struct wdpdk_uio_bus_master), sizeof(struct wdpdk_uio_bus_master_reply), PRESENT, false, do_bus_master },
	{ WDPDK_UIO_RESET, sizeof(struct wdpdk_uio_request), 0, PRESENT, false, do_reset },
	{ WDPDK_UIO_WAIT_EVENT, sizeof(struct wdpdk_uio_request), sizeof(struct wdpdk_uio_event), IN_SESSION, false, do_wait_event },
	{ WDPDK_UIO_REGISTER_PAGES, 0, 0, RESERVED, false, do_nothing },
	{ WDPDK_UIO_MSIX_EVENT, 0, 0, RESERVED, false, do_nothing },
	{ WDPDK_UIO_POWER, 0, 0, RESERVED, false, do_nothing },
	{ WDPDK_UIO_WRITE_COMBINING, 0, 0, RESERVED, false, do_nothing },
};

static const struct entry *
find_entry(uint32_t code)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (entries[i].code == code)
			return &entries[i];
	return NULL;
}

/* Copies the request and checks what all requests have. */
static int32_t
take_request(const struct entry *entry, struct call *call, uint32_t in)
{
	if (in < sizeof(struct wdpdk_uio_head) || call->buffer == NULL)
		return WDPDK_UIO_E_LENGTH;
	memcpy(&call->request, call->buffer, in < sizeof(call->request) ? in : sizeof(call->request));
	/* INFO is how the two find out. */
	if (call->request.head.version != WDPDK_UIO_VERSION && entry->code != WDPDK_UIO_INFO)
		return WDPDK_UIO_E_VERSION;
	if (in != entry->in || call->request.head.size != entry->in)
		return WDPDK_UIO_E_LENGTH;
	return call->out < entry->out ? WDPDK_UIO_E_TOO_SMALL : WDPDK_UIO_OK;
}

static int32_t
moment_is_right(const struct entry *entry, const struct uio_handle *handle)
{
	const struct uio_device *device = handle->device;

	if (entry->moment == ALWAYS)
		return WDPDK_UIO_OK;
	if (handle->session != device->session)
		return WDPDK_UIO_E_CLOSED;
	if (entry->moment == IN_SESSION)
		return WDPDK_UIO_OK;
	if (device->gone || device->torn || !device->started)
		return WDPDK_UIO_E_REMOVED;
	return WDPDK_UIO_OK;
}

static int32_t
run(struct uio_handle *handle, uint32_t code, uint32_t in, struct call *call)
{
	const struct entry *entry = find_entry(code);
	int32_t result;

	if (entry == NULL)
		return WDPDK_UIO_E_UNKNOWN;
	if (handle->session == 0 ? !entry->observers : handle->process != uio_os_process())
		return WDPDK_UIO_E_DENIED;
	if (entry->moment == RESERVED)
		return entry->run(call);
	result = take_request(entry, call, in);
	if (result != WDPDK_UIO_OK)
		return result;
	uio_mutex_lock(&call->device->mutex);
	result = moment_is_right(entry, handle);
	if (result == WDPDK_UIO_OK)
		result = entry->run(call);
	uio_mutex_unlock(&call->device->mutex);
	return result;
}

int32_t
uio_ioctl(struct uio_handle *handle, uint32_t code, void *buffer, uint32_t in, uint32_t out, uint32_t *returned, void *request)
{
	struct uio_device *device = handle->device;
	struct call call = { .device = device, .buffer = buffer, .out = out, .pending = request };
	int32_t result = run(handle, code, in, &call);

	*returned = call.returned;
	if (code != WDPDK_UIO_STATUS) {
		__atomic_fetch_add(&device->calls, 1, __ATOMIC_RELAXED);
		if (result != WDPDK_UIO_OK && result != WDPDK_UIO_PENDING)
			__atomic_fetch_add(&device->refused, 1, __ATOMIC_RELAXED);
	}
	return result;
}

void
uio_cancel(struct uio_handle *handle, void *request)
{
	struct uio_device *device = handle->device;
	uint8_t level = uio_spin_lock(&device->waiting);

	if (device->waiter == request)
		device->waiter = NULL;
	uio_spin_unlock(&device->waiting, level);
}
