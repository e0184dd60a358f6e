/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Configuration space: what the driver reads of it at the start, and the few bits it writes. A function's capabilities are not trusted:
 * each is read once, the list is walked with a limit, and offsets stay inside the space.
 */
#include "internal.h"

#define VENDOR 0x00u
#define COMMAND 0x04u
#define COMMAND_MASTER 0x0004u
#define STATUS 0x06u
#define STATUS_LIST 0x0010u
#define CLASS_REVISION 0x08u
#define CACHE_LINE 0x0cu
#define BAR0 0x10u
#define SUBSYSTEM 0x2cu
#define ROM 0x30u
#define FIRST_CAPABILITY 0x34u
#define INTERRUPT_LINE 0x3cu

#define CAPABILITY_PCIE 0x10u
#define CAPABILITY_MSIX 0x11u

#define PCIE_DEVICE_CAPABILITIES 4u
#define DEVICE_CAN_RESET (1u << 28)
#define PCIE_DEVICE_CONTROL 8u
#define CONTROL_EXTENDED_TAG 0x0100u
#define CONTROL_RESET 0x8000u
#define PCIE_DEVICE_STATUS 10u
#define STATUS_PENDING_TRANSACTIONS 0x0020u
#define PCIE_LINK_CONTROL 16u
#define PCIE_DEVICE_CONTROL_2 40u

#define MSIX_CONTROL 2u
#define MSIX_TABLE 4u
#define MSIX_PENDING 8u

#define RESET_RETURN_MILLISECONDS 1000u /* a function may answer with ones so long after a reset */

static int32_t
read16(struct uio_device *device, uint32_t offset, uint16_t *value)
{
	return device->ops->config_read(device->hw, offset, value, sizeof(*value));
}

static int32_t
read32(struct uio_device *device, uint32_t offset, uint32_t *value)
{
	return device->ops->config_read(device->hw, offset, value, sizeof(*value));
}

static int32_t
write16(struct uio_device *device, uint32_t offset, uint16_t value)
{
	return device->ops->config_write(device->hw, offset, &value, sizeof(value));
}

static int32_t
write32(struct uio_device *device, uint32_t offset, uint32_t value)
{
	return device->ops->config_write(device->hw, offset, &value, sizeof(value));
}

bool
uio_config_answers(struct uio_device *device)
{
	uint16_t vendor;

	return read16(device, VENDOR, &vendor) == WDPDK_UIO_OK && vendor != 0xffff;
}

bool
uio_config_absent(struct uio_device *device)
{
	uint16_t vendor;

	return read16(device, VENDOR, &vendor) == WDPDK_UIO_OK && vendor == 0xffff;
}

/* Offsets of the two capabilities that matter, 0 when missing. A list that runs in circles ends after as many as could be in 256 bytes. */
static int32_t
find_capabilities(struct uio_device *device)
{
	uint16_t status, head;
	uint32_t at;
	int32_t result = read16(device, STATUS, &status);

	device->pcie = device->msix = 0;
	if (result != WDPDK_UIO_OK || (status & STATUS_LIST) == 0)
		return result;
	if ((result = read16(device, FIRST_CAPABILITY, &head)) != WDPDK_UIO_OK)
		return result;
	at = head & 0xfcu;
	for (unsigned int i = 0; i < 48 && at >= 0x40; i++) {
		if ((result = read16(device, at, &head)) != WDPDK_UIO_OK)
			return result;
		/* The whole of it is in the first 256 bytes. */
		if ((head & 0xff) == CAPABILITY_PCIE && device->pcie == 0 && at + PCIE_DEVICE_CONTROL_2 + 2 <= 256)
			device->pcie = at;
		if ((head & 0xff) == CAPABILITY_MSIX && device->msix == 0 && at + MSIX_PENDING + 4 <= 256)
			device->msix = at;
		at = (head >> 8) & 0xfcu;
	}
	return WDPDK_UIO_OK;
}

/* The pages of `bytes` at `where` (offset and BAR as MSI-X has them in one word) are nobody's to map. */
static void
add_hole(struct wdpdk_uio_info *info, uint32_t where, uint64_t bytes)
{
	uint64_t first = (where & ~7u) & ~(uint64_t)(UIO_PAGE - 1);
	uint64_t end = ((where & ~7u) + bytes + UIO_PAGE - 1) & ~(uint64_t)(UIO_PAGE - 1);
	struct wdpdk_uio_bar *bar;

	if ((where & 7u) >= WDPDK_UIO_BARS)
		return;
	bar = &info->bar[where & 7u];
	if (first >= bar->length)
		return;
	if (end > bar->length)
		end = bar->length;
	bar->hole[bar->holes].offset = first;
	bar->hole[bar->holes].length = end - first;
	bar->holes++;
}

static int32_t
find_holes(struct uio_device *device)
{
	uint16_t control;
	uint32_t table, pending;
	uint64_t vectors;
	int32_t result;

	if (device->msix == 0)
		return WDPDK_UIO_OK;
	if ((result = read16(device, device->msix + MSIX_CONTROL, &control)) != WDPDK_UIO_OK ||
	    (result = read32(device, device->msix + MSIX_TABLE, &table)) != WDPDK_UIO_OK ||
	    (result = read32(device, device->msix + MSIX_PENDING, &pending)) != WDPDK_UIO_OK)
		return result;
	vectors = (control & 0x7ffu) + 1;
	add_hole(&device->info, table, vectors * 16);
	add_hole(&device->info, pending, (vectors + 63) / 64 * 8);
	return WDPDK_UIO_OK;
}

int32_t
uio_config_extended_tag(struct uio_device *device, const struct wdpdk_uio_config_write *request)
{
	uint16_t control;
	int32_t result;

	if (request->offset != device->pcie + PCIE_DEVICE_CONTROL || (request->mask & ~CONTROL_EXTENDED_TAG) != 0)
		return WDPDK_UIO_E_DENIED;
	if (!uio_config_answers(device))
		return WDPDK_UIO_E_IO;
	if ((result = read16(device, request->offset, &control)) != WDPDK_UIO_OK)
		return result;
	/* Reads as 0 where the function resets when it is written as 1: said again for functions that say otherwise. */
	control = (uint16_t)((control & ~(request->mask | CONTROL_RESET)) | request->value);
	return write16(device, request->offset, control);
}

static int32_t
set_master(struct uio_device *device, bool on)
{
	uint16_t command, now;
	int32_t result = read16(device, COMMAND, &command);

	if (result != WDPDK_UIO_OK)
		return result;
	command = (uint16_t)(on ? command | COMMAND_MASTER : command & ~COMMAND_MASTER);
	if ((result = write16(device, COMMAND, command)) != WDPDK_UIO_OK || (result = read16(device, COMMAND, &now)) != WDPDK_UIO_OK)
		return result;
	return ((now & COMMAND_MASTER) != 0) == on ? WDPDK_UIO_OK : WDPDK_UIO_E_IO;
}

int32_t
uio_master_on(struct uio_device *device)
{
	return set_master(device, true);
}

int32_t
uio_master_off(struct uio_device *device)
{
	return set_master(device, false);
}

bool
uio_wait_quiet(struct uio_device *device)
{
	uint64_t start = uio_os_microseconds();
	uint16_t status;

	for (;;) {
		/* Read before the clock: a thread that was stopped for long still looks once more before it gives up. */
		bool late = uio_os_microseconds() - start >= WDPDK_UIO_QUIET_MILLISECONDS * 1000u;

		if (read16(device, device->pcie + PCIE_DEVICE_STATUS, &status) != WDPDK_UIO_OK)
			return false;
		if ((status & STATUS_PENDING_TRANSACTIONS) == 0)
			return true;
		if (late)
			return false;
		uio_os_sleep(1);
	}
}

static int32_t
save(struct uio_device *device)
{
	struct uio_config_saved saved = { .msix = 0 };
	int32_t result;

	for (uint32_t i = 0; i < WDPDK_UIO_BARS; i++)
		if ((result = read32(device, BAR0 + 4 * i, &saved.bar[i])) != WDPDK_UIO_OK)
			return result;
	if ((result = read16(device, COMMAND, &saved.command)) != WDPDK_UIO_OK ||
	    (result = read16(device, CACHE_LINE, &saved.cache_line)) != WDPDK_UIO_OK ||
	    (result = read16(device, INTERRUPT_LINE, &saved.interrupt_line)) != WDPDK_UIO_OK ||
	    (result = read32(device, ROM, &saved.rom)) != WDPDK_UIO_OK ||
	    (result = read16(device, device->pcie + PCIE_DEVICE_CONTROL, &saved.control)) != WDPDK_UIO_OK ||
	    (result = read16(device, device->pcie + PCIE_LINK_CONTROL, &saved.link_control)) != WDPDK_UIO_OK ||
	    (result = read16(device, device->pcie + PCIE_DEVICE_CONTROL_2, &saved.control_2)) != WDPDK_UIO_OK)
		return result;
	if (device->msix != 0 && (result = read16(device, device->msix + MSIX_CONTROL, &saved.msix)) != WDPDK_UIO_OK)
		return result;
	/* Ones that came while it was read are no configuration. */
	if (!uio_config_answers(device))
		return WDPDK_UIO_E_IO;
	device->saved = saved;
	device->saved_now = true;
	return WDPDK_UIO_OK;
}

/* The command register last, and never with bus mastering. */
static int32_t
restore(struct uio_device *device)
{
	const struct uio_config_saved *saved = &device->saved;
	int32_t result;

	for (uint32_t i = 0; i < WDPDK_UIO_BARS; i++)
		if ((result = write32(device, BAR0 + 4 * i, saved->bar[i])) != WDPDK_UIO_OK)
			return result;
	if ((result = write32(device, ROM, saved->rom)) != WDPDK_UIO_OK ||
	    (result = write16(device, CACHE_LINE, saved->cache_line)) != WDPDK_UIO_OK ||
	    (result = write16(device, INTERRUPT_LINE, saved->interrupt_line)) != WDPDK_UIO_OK ||
	    (result = write16(device, device->pcie + PCIE_DEVICE_CONTROL, saved->control & 0x7fff)) != WDPDK_UIO_OK ||
	    (result = write16(device, device->pcie + PCIE_LINK_CONTROL, saved->link_control)) != WDPDK_UIO_OK ||
	    (result = write16(device, device->pcie + PCIE_DEVICE_CONTROL_2, saved->control_2)) != WDPDK_UIO_OK)
		return result;
	if (device->msix != 0 && (result = write16(device, device->msix + MSIX_CONTROL, saved->msix)) != WDPDK_UIO_OK)
		return result;
	return write16(device, COMMAND, saved->command & (uint16_t)~COMMAND_MASTER);
}

static int32_t
reset_by_config(struct uio_device *device)
{
	uint64_t start;
	uint16_t control;
	int32_t result;

	if ((device->info.flags & WDPDK_UIO_INFO_FLR) == 0)
		return WDPDK_UIO_E_NOT_SUPPORTED;
	/* Who does not answer is not written to. Who came back late from a reset has lost what the last save knows. */
	if (!uio_config_answers(device))
		return WDPDK_UIO_E_IO;
	if (device->saved_now && (result = save(device)) != WDPDK_UIO_OK)
		return result;
	if ((result = read16(device, device->pcie + PCIE_DEVICE_CONTROL, &control)) != WDPDK_UIO_OK)
		return result;
	device->saved_now = false;
	if ((result = write16(device, device->pcie + PCIE_DEVICE_CONTROL, control | CONTROL_RESET)) != WDPDK_UIO_OK)
		return result;
	uio_os_sleep(device->reset_milliseconds);
	for (start = uio_os_microseconds(); !uio_config_answers(device); uio_os_sleep(1))
		if (uio_os_microseconds() - start >= RESET_RETURN_MILLISECONDS * 1000u)
			return WDPDK_UIO_E_IO;
	result = restore(device);
	device->saved_now = result == WDPDK_UIO_OK;
	return result;
}

int32_t
uio_reset(struct uio_device *device)
{
	uint16_t command;
	int32_t result = device->ops->reset != NULL ? device->ops->reset(device->hw) : reset_by_config(device);

	if (result != WDPDK_UIO_OK || (result = read16(device, COMMAND, &command)) != WDPDK_UIO_OK)
		return result;
	/* All ones, too, are no function that was reset. */
	return (command & COMMAND_MASTER) == 0 ? WDPDK_UIO_OK : WDPDK_UIO_E_IO;
}

int32_t
uio_config_start(struct uio_device *device)
{
	struct wdpdk_uio_info *info = &device->info;
	uint32_t ids, subsystem, capabilities;
	int32_t result;

	if (!uio_config_answers(device))
		return WDPDK_UIO_E_IO;
	if ((result = read32(device, VENDOR, &ids)) != WDPDK_UIO_OK ||
	    (result = read32(device, SUBSYSTEM, &subsystem)) != WDPDK_UIO_OK ||
	    (result = read32(device, CLASS_REVISION, &info->class_revision)) != WDPDK_UIO_OK ||
	    (result = find_capabilities(device)) != WDPDK_UIO_OK || (result = find_holes(device)) != WDPDK_UIO_OK)
		return result;
	info->vendor = (uint16_t)ids;
	info->device = (uint16_t)(ids >> 16);
	info->subsystem_vendor = (uint16_t)subsystem;
	info->subsystem_device = (uint16_t)(subsystem >> 16);
	/* A function that cannot be made quiet for certain is not driven at all. */
	if (device->pcie == 0)
		return WDPDK_UIO_E_NOT_SUPPORTED;
	if ((result = read32(device, device->pcie + PCIE_DEVICE_CAPABILITIES, &capabilities)) != WDPDK_UIO_OK)
		return result;
	if ((capabilities & DEVICE_CAN_RESET) != 0)
		info->flags |= WDPDK_UIO_INFO_FLR;
	else if (device->ops->reset == NULL)
		return WDPDK_UIO_E_NOT_SUPPORTED;
	/* As PnP has just made it. */
	return save(device);
}
