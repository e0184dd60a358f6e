/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The driver as its contract has it.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal_paging.h>

#include "check.h"
#include "pci_bed.h"
#include "wuio_fake.h"

#define BLOCKS 64

struct wuio_handle {
	unsigned int card;
	bool owner;
	int32_t refused; /* all its requests */
};

struct fake_system fake;

static struct {
	void *mapping; /* NULL: free */
	size_t mapping_len;
	uint64_t id, length;
} blocks[BLOCKS];
static uint64_t next_id = 77;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static bool
fake_is_removed(const struct fake_card *card)
{
	return __atomic_load_n(&card->removed, __ATOMIC_ACQUIRE);
}

static void
note(const char *format, ...)
{
	size_t used = strlen(fake.log);
	va_list ap;

	va_start(ap, format);
	vsnprintf(fake.log + used, sizeof(fake.log) - used, format, ap);
	va_end(ap);
}

static struct wdpdk_uio_head
head_of(size_t size)
{
	return (struct wdpdk_uio_head){.size = (uint32_t)size, .version = fake.version};
}

void
fake_reset(void)
{
	unsigned int i;

	for (i = 0; i < FAKE_CARDS; i++)
		free(fake.card[i].bar);
	memset(&fake, 0, sizeof(fake));
	fake.installed = true;
	fake.version = WDPDK_UIO_VERSION;
	for (i = 0; i < FAKE_CARDS; i++) {
		struct fake_card *card = &fake.card[i];

		card->present = true;
		card->bar = calloc(1, FAKE_BAR_SIZE);
		card->info = (struct wdpdk_uio_info){
			.contract = fake.version, .flags = WDPDK_UIO_INFO_COMMON_BUFFER, .vendor = BED_VENDOR, .device = BED_DEVICE,
			.subsystem_vendor = 0x8086, .subsystem_device = 7, .class_revision = 0x02000001, .bus = i < 2 ? 0x65 : 0x66,
			.function = i % 2, .node = 0, .chunk = WDPDK_UIO_CHUNK, .page = 4096, .dma_quota = FAKE_QUOTA,
			.dma_domain = i < 2 ? 1 : 2,
			.bar[0] = {.length = FAKE_BAR_SIZE, .flags = WDPDK_UIO_BAR_MEMORY | WDPDK_UIO_BAR_64BIT, .holes = 1,
				.hole[0] = {.offset = FAKE_HOLE_AT, .length = 4096}},
			.bar[2] = {.length = 32},
			.bar[3] = {.length = 4096, .flags = WDPDK_UIO_BAR_MEMORY, .holes = 1, .hole[0] = {.length = 4096}},
		};
		if (i == 2)
			card->info.function = 0;
		memcpy(card->config, "\xd0\xbe\x83\x15\x02\x00\x10\x00", 8);
		card->config[RTE_PCI_CAPABILITY_LIST] = BED_EXPRESS_AT;
		card->config[BED_EXPRESS_AT] = RTE_PCI_CAP_ID_EXP;
	}
}

void
fake_remove(unsigned int card)
{
	pthread_mutex_lock(&lock);
	__atomic_store_n(&fake.card[card].removed, true, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

/* ---- finding and opening ---- */

static int
list(void (*found)(const char *path, void *arg), void *arg)
{
	char path[16];
	unsigned int i;

	for (i = 0; i < FAKE_CARDS && fake.list_result == 0; i++) {
		snprintf(path, sizeof(path), "card%u", i);
		if (fake.card[i].present)
			found(path, arg);
	}
	return fake.list_result;
}

static bool
installed(void)
{
	return fake.installed;
}

static int32_t
open_card(const char *path, bool owner, struct wuio_handle **opened)
{
	unsigned int number = (unsigned int)(path[4] - '0');
	struct fake_card *card = &fake.card[number];
	struct wuio_handle *handle;

	int32_t refused = WDPDK_UIO_OK;

	if (owner && (card->owned || card->owner_elsewhere != 0))
		refused = WDPDK_UIO_E_SHARING;
	else if (owner)
		refused = card->open_status;
	if (refused != WDPDK_UIO_OK && !fake.late)
		return refused;
	handle = calloc(1, sizeof(*handle));
	handle->card = number;
	handle->owner = owner && refused == WDPDK_UIO_OK;
	handle->refused = refused;
	if (handle->owner) {
		card->owned = true;
		note("open%u ", number);
	} else if (refused == WDPDK_UIO_OK) {
		card->observers++;
	}
	*opened = handle;
	return WDPDK_UIO_OK;
}

static void
close_card(struct wuio_handle *handle)
{
	struct fake_card *card = &fake.card[handle->card];

	if (handle->owner) {
		card->owned = false;
		pthread_mutex_lock(&lock);
		card->cancelled = false;
		pthread_mutex_unlock(&lock);
		note("close%u ", handle->card);
	} else if (handle->refused == WDPDK_UIO_OK) {
		card->observers--;
	}
	free(handle);
}

/* ---- requests ---- */

static int32_t
do_map(struct fake_card *card, unsigned int number, const struct wdpdk_uio_map_bar *in, struct wdpdk_uio_mapping *out)
{
	if (in->bar != 0 || in->length == 0 || in->offset + in->length > FAKE_BAR_SIZE || in->length % 4096 != 0)
		return WDPDK_UIO_E_PARAMETER;
	if (in->offset + in->length > FAKE_HOLE_AT)
		return WDPDK_UIO_E_DENIED;
	card->mappings++;
	note("map%u.%u ", number, in->bar);
	*out = (struct wdpdk_uio_mapping){.id = 40 + number, .address = (uintptr_t)card->bar, .length = in->length};
	return WDPDK_UIO_OK;
}

static int32_t
do_unmap(struct fake_card *card, unsigned int number, const struct wdpdk_uio_id *in)
{
	if (card->mappings == 0 || in->id != 40 + number)
		return WDPDK_UIO_E_NOT_FOUND;
	card->mappings--;
	note("unmap%u ", number);
	return WDPDK_UIO_OK;
}

static int32_t
do_alloc(const struct fake_card *card, const struct wdpdk_uio_dma_alloc *in, struct wdpdk_uio_dma *out, size_t out_size)
{
	uint64_t chunks = in->length / WDPDK_UIO_CHUNK, i;
	unsigned int free_one = 0;

	if (in->length == 0 || in->length % WDPDK_UIO_CHUNK != 0 || in->node < -1 || in->node > 63)
		return WDPDK_UIO_E_PARAMETER;
	if (out_size < WDPDK_UIO_DMA_SIZE(chunks))
		return WDPDK_UIO_E_TOO_SMALL;
	if (fake.bytes + in->length > FAKE_QUOTA)
		return WDPDK_UIO_E_QUOTA;
	while (free_one < BLOCKS && blocks[free_one].mapping != NULL)
		free_one++;
	CHECK(free_one < BLOCKS);
	blocks[free_one].mapping_len = in->length + WDPDK_UIO_CHUNK;
	blocks[free_one].mapping = rte_mem_map(NULL, blocks[free_one].mapping_len, RTE_PROT_READ | RTE_PROT_WRITE,
		RTE_MAP_ANONYMOUS | RTE_MAP_PRIVATE, -1, 0);
	CHECK(blocks[free_one].mapping != NULL);
	blocks[free_one].id = next_id++;
	blocks[free_one].length = in->length;
	fake.bytes += in->length;
	fake.blocks++;
	*out = (struct wdpdk_uio_dma){
		.head = head_of(WDPDK_UIO_DMA_SIZE(chunks)), .id = blocks[free_one].id, .length = in->length, .chunks = chunks,
		.address = RTE_ALIGN_CEIL((uintptr_t)blocks[free_one].mapping, WDPDK_UIO_CHUNK), .dma_domain = card->info.dma_domain,
	};
	/* Downwards, so that nobody goes on from one chunk to the next. */
	for (i = 0; i < chunks; i++)
		out->bus[i] = (UINT64_C(1) << 40) + (blocks[free_one].id * 64 - i) * 2 * WDPDK_UIO_CHUNK + (fake.wrong_address ? 64 : 0);
	note("alloc ");
	return WDPDK_UIO_OK;
}

static int32_t
do_free(const struct wdpdk_uio_id *in)
{
	unsigned int i;

	for (i = 0; i < FAKE_CARDS; i++)
		if (fake.card[i].master && !fake_is_removed(&fake.card[i]))
			return WDPDK_UIO_E_BUSY;
	for (i = 0; i < BLOCKS; i++)
		if (blocks[i].mapping != NULL && blocks[i].id == in->id) {
			rte_mem_unmap(blocks[i].mapping, blocks[i].mapping_len);
			blocks[i].mapping = NULL;
			fake.bytes -= blocks[i].length;
			fake.blocks--;
			note("free ");
			return WDPDK_UIO_OK;
		}
	return WDPDK_UIO_E_NOT_FOUND;
}

static int32_t
do_read(const struct fake_card *card, const struct wdpdk_uio_config_read *in, struct wdpdk_uio_config_data *out)
{
	uint32_t i;

	if (in->length == 0 || in->length > WDPDK_UIO_CONFIG_BYTES || in->offset + in->length > 4096)
		return WDPDK_UIO_E_PARAMETER;
	*out = (struct wdpdk_uio_config_data){.offset = in->offset, .length = in->length};
	for (i = 0; i < in->length; i++)
		out->data[i] = in->offset + i < sizeof(card->config) ? card->config[in->offset + i] : 0xff;
	return WDPDK_UIO_OK;
}

static int32_t
do_write(struct fake_card *card, const struct wdpdk_uio_config_write *in)
{
	uint16_t value;

	if (in->length != 2 || in->mask == 0 || (in->value & ~in->mask) != 0)
		return WDPDK_UIO_E_PARAMETER;
	if (in->offset != BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL || in->mask != 0x100)
		return WDPDK_UIO_E_DENIED;
	memcpy(&value, card->config + in->offset, 2);
	value = (uint16_t)((value & ~in->mask) | in->value);
	memcpy(card->config + in->offset, &value, 2);
	return WDPDK_UIO_OK;
}

static int32_t
do_master(struct fake_card *card, unsigned int number, const struct wdpdk_uio_bus_master *in, struct wdpdk_uio_bus_master_reply *out)
{
	if (in->enable != 0 && card->needs_reset)
		return WDPDK_UIO_E_NOT_READY;
	card->master = in->enable != 0;
	card->config[RTE_PCI_COMMAND] = (uint8_t)(2 | in->enable << 2);
	note("%s%u ", card->master ? "master" : "still", number);
	*out = (struct wdpdk_uio_bus_master_reply){.enabled = in->enable};
	return WDPDK_UIO_OK;
}

static int32_t
do_reset(struct fake_card *card, unsigned int number)
{
	card->needs_reset = card->master = false;
	note("reset%u ", number);
	return WDPDK_UIO_OK;
}

static int32_t
dispatch(struct wuio_handle *handle, uint32_t code, const void *in, void *out, size_t out_size)
{
	struct fake_card *card = &fake.card[handle->card];

	if (handle->refused != WDPDK_UIO_OK)
		return handle->refused;
	if (!handle->owner && code != WDPDK_UIO_INFO && code != WDPDK_UIO_STATUS)
		return WDPDK_UIO_E_DENIED;
	if (fake_is_removed(card))
		return WDPDK_UIO_E_REMOVED;
	switch (code) {
	case WDPDK_UIO_INFO:
		memcpy(out, &card->info, sizeof(card->info));
		return WDPDK_UIO_OK;
	case WDPDK_UIO_STATUS:
		*(struct wdpdk_uio_state *)out = (struct wdpdk_uio_state){.owner = card->owner_elsewhere};
		return WDPDK_UIO_OK;
	case WDPDK_UIO_MAP_BAR:
		return do_map(card, handle->card, in, out);
	case WDPDK_UIO_UNMAP_BAR:
		return do_unmap(card, handle->card, in);
	case WDPDK_UIO_DMA_ALLOC:
		return do_alloc(card, in, out, out_size);
	case WDPDK_UIO_DMA_FREE:
		return do_free(in);
	case WDPDK_UIO_CONFIG_READ:
		return do_read(card, in, out);
	case WDPDK_UIO_CONFIG_WRITE:
		return do_write(card, in);
	case WDPDK_UIO_BUS_MASTER:
		return do_master(card, handle->card, in, out);
	case WDPDK_UIO_RESET:
		return do_reset(card, handle->card);
	default:
		return WDPDK_UIO_E_UNKNOWN;
	}
}

static int32_t
call(struct wuio_handle *handle, uint32_t code, const void *in, size_t in_size, void *out, size_t out_size, size_t *got)
{
	struct wdpdk_uio_head head;
	int32_t status;

	memcpy(&head, in, sizeof(head));
	__atomic_fetch_add(&fake.calls, code != WDPDK_UIO_STATUS, __ATOMIC_RELAXED);
	*got = 0;
	if (head.size != in_size)
		return WDPDK_UIO_E_LENGTH;
	if (head.version != fake.version && code != WDPDK_UIO_INFO)
		return WDPDK_UIO_E_VERSION;
	if (code == fake.fail_code)
		return fake.fail_status;
	status = dispatch(handle, code, in, out, out_size);
	if (status != WDPDK_UIO_OK || out_size == 0)
		return status;
	if (code != WDPDK_UIO_DMA_ALLOC) {
		head = head_of(out_size);
		memcpy(out, &head, sizeof(head));
	}
	*got = out_size;
	return status;
}

static int32_t
wait_event(struct wuio_handle *handle, struct wdpdk_uio_event *event)
{
	struct fake_card *card = &fake.card[handle->card];
	bool removed;

	pthread_mutex_lock(&lock);
	__atomic_fetch_add(&fake.calls, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&card->waiting, true, __ATOMIC_RELEASE);
	while (!fake_is_removed(card) && !card->cancelled)
		pthread_cond_wait(&changed, &lock);
	__atomic_store_n(&card->waiting, false, __ATOMIC_RELEASE);
	removed = fake_is_removed(card);
	pthread_mutex_unlock(&lock);
	*event = (struct wdpdk_uio_event){.head = head_of(sizeof(*event)), .event = WDPDK_UIO_EVENT_REMOVAL};
	return removed ? WDPDK_UIO_OK : WDPDK_UIO_E_CANCELLED;
}

static void
cancel(struct wuio_handle *handle)
{
	pthread_mutex_lock(&lock);
	fake.card[handle->card].cancelled = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static int
guard(void *addr, size_t len, bool *gone)
{
	unsigned int i;

	for (i = 0; i < FAKE_CARDS; i++)
		if (fake.card[i].bar == addr) {
			fake.card[i].guarded = len != 0 ? addr : NULL;
			fake.card[i].gone = gone;
		}
	return 0;
}

const struct wuio_os fake_os = {
	.list = list,
	.installed = installed,
	.open = open_card,
	.close = close_card,
	.call = call,
	.wait = wait_event,
	.cancel = cancel,
	.guard = guard,
};
