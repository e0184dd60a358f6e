/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which cards wdpdkuio.sys has, and which of them are ours to drive. Looking disturbs nobody: a card is opened as an observer, and
 * only the ones that the user's options leave to a driver of this process are then opened as their owner.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_dev.h>
#include <rte_devargs.h>
#include <rte_errno.h>
#include <rte_memory.h>

#include "wuio.h"

const struct wuio_os *wuio_os;
struct wuio_function *wuio_functions;

/* Whom the driver's descriptor admits: its INF says why that group. */
static void
say_denied(const char *name)
{
	PCI_LOG(ERR, "%s: access denied: run as administrator, or let an administrator put you into the group 'Device Owners' and log on "
		"again\n", name);
}

int
wuio_refuse_open(const struct wuio_function *function)
{
	const char *name = function->dev->public.device.name;

	switch (function->status) {
	case WDPDK_UIO_E_SHARING:
		if (function->owner != 0)
			PCI_LOG(ERR, "%s is in use by process %llu: end that, or drive another card\n", name,
				(unsigned long long)function->owner);
		else
			PCI_LOG(ERR, "%s is in use by another process: end that, or drive another card\n", name);
		break;
	case WDPDK_UIO_E_DENIED:
		say_denied(name);
		break;
	case WDPDK_UIO_E_NOT_READY:
		PCI_LOG(ERR, "%s could not be made quiet after its last use, so that it may still write to memory: disable and enable it in the "
			"device manager, or restart Windows\n", name);
		break;
	default:
		PCI_LOG(ERR, "%s cannot be opened: %s; npx wdpdk doctor looks further\n", name, wuio_text(function->status));
	}
	return wuio_errno(function->status);
}

/* Whether -a, -b and the drivers that there are make it ours. */
static bool
is_wanted(const struct pci_device *dev)
{
	const struct rte_pci_driver *driver;

	if (pci_is_ignored(&dev->public.addr))
		return false;
	TAILQ_FOREACH(driver, &pci_drivers, next)
		if (pci_matches(driver, &dev->public.id))
			return true;
	return false;
}

static void
note_owner(struct wuio_function *function)
{
	struct wuio_handle *handle;
	struct wdpdk_uio_state state;

	if (wuio_os->open(function->path, false, &handle) != WDPDK_UIO_OK)
		return;
	if (wuio_ask(handle, WDPDK_UIO_STATUS, &state, sizeof(state)) == WDPDK_UIO_OK)
		function->owner = state.owner;
	wuio_os->close(handle);
}

/* Whatever comes of it, the probe tells it, and only of a card that somebody asked for. */
static void
open_own(struct wuio_function *function)
{
	struct wdpdk_uio_info info;
	int ret;

	function->status = wuio_os->open(function->path, true, &function->handle);
	/* Not every system (Wine) refuses an open that the driver refused; the first request then says why. */
	if (function->status == WDPDK_UIO_OK) {
		function->status = wuio_ask(function->handle, WDPDK_UIO_INFO, &info, sizeof(info));
		if (function->status != WDPDK_UIO_OK)
			wuio_os->close(function->handle);
	}
	if (function->status == WDPDK_UIO_E_SHARING)
		note_owner(function);
	if (function->status != WDPDK_UIO_OK) {
		function->handle = NULL;
		return;
	}
	PCI_LOG(INFO, "%s: opened (driver %u.%u.%u%s)\n", function->dev->public.device.name, info.driver_version[0], info.driver_version[1],
		info.driver_version[2], (info.flags & WDPDK_UIO_INFO_TEST_HARDWARE) != 0 ? ", test hardware" : "");
	ret = wuio_memory_use(function);
	if (ret == -EBUSY)
		PCI_LOG(ERR, "%s: memory has been taken from elsewhere: name the card with -a when the dataplane is started\n",
			function->dev->public.device.name);
}

/* ---- what the driver says it is ---- */

static bool
is_right(const struct wdpdk_uio_info *info)
{
	unsigned int i;

	if (info->chunk != WDPDK_UIO_CHUNK || info->page < 4096 || !rte_is_power_of_2(info->page) || info->slot > 31 || info->function > 7 ||
	    info->vendor == 0 || info->vendor == RTE_PCI_ANY_ID)
		return false;
	for (i = 0; i < WDPDK_UIO_BARS; i++)
		if (info->bar[i].holes > WDPDK_UIO_HOLES || (info->bar[i].flags != 0 && info->bar[i].length % info->page != 0 &&
		    (info->bar[i].flags & WDPDK_UIO_BAR_MEMORY) != 0))
			return false;
	return true;
}

static int
refuse_info(const char *path, int32_t status, const struct wdpdk_uio_info *info)
{
	if (status == WDPDK_UIO_E_VERSION && info->head.version != 0)
		PCI_LOG(ERR, "%s: wdpdkuio.sys speaks version %u of its contract, and this program version %u: install both from one "
			"release\n", path, info->head.version, WDPDK_UIO_VERSION);
	else if (status == WDPDK_UIO_E_VERSION)
		PCI_LOG(ERR, "%s: wdpdkuio.sys does not speak version %u of its contract, as this program does: install both from one "
			"release\n", path, WDPDK_UIO_VERSION);
	else if (status == WDPDK_UIO_OK)
		PCI_LOG(ERR, "%s: what wdpdkuio.sys says of it cannot be: install driver and program from one release\n", path);
	else
		PCI_LOG(ERR, "%s: the driver does not say what it is: %s; npx wdpdk doctor looks further\n", path, wuio_text(status));
	return status == WDPDK_UIO_OK ? -EPROTO : wuio_errno(status);
}

static int
read_info(struct wuio_function *function)
{
	struct wuio_handle *handle = NULL;
	int32_t status = wuio_os->open(function->path, false, &handle);

	if (status == WDPDK_UIO_OK) {
		status = wuio_ask(handle, WDPDK_UIO_INFO, &function->info, sizeof(function->info));
		wuio_os->close(handle);
	} else if (status == WDPDK_UIO_E_DENIED) {
		say_denied(function->path);
		return -EACCES;
	} else if (status == WDPDK_UIO_E_REMOVED) {
		return -ENODEV; /* between listing and opening */
	}
	if (status != WDPDK_UIO_OK || !is_right(&function->info))
		return refuse_info(function->path, status, &function->info);
	return 0;
}

static void
describe(struct pci_device *dev, const struct wdpdk_uio_info *info)
{
	unsigned int i;

	dev->public.id = (struct rte_pci_id){
		.class_id = info->class_revision >> 8,
		.vendor_id = info->vendor,
		.device_id = info->device,
		.subsystem_vendor_id = info->subsystem_vendor,
		.subsystem_device_id = info->subsystem_device,
	};
	dev->public.kdrv = RTE_PCI_KDRV_NET_UIO;
	dev->public.device.numa_node = info->node >= 0 && info->node < RTE_MAX_NUMA_NODES ? info->node : SOCKET_ID_ANY;
	for (i = 0; i < RTE_MIN(WDPDK_UIO_BARS, (unsigned int)PCI_MAX_RESOURCE); i++)
		if ((info->bar[i].flags & WDPDK_UIO_BAR_MEMORY) != 0)
			dev->public.mem_resource[i].len = info->bar[i].length;
}

/* ---- the scan ---- */

static struct wuio_function *
known(const char *path)
{
	struct wuio_function *function = wuio_functions;

	while (function != NULL && strcmp(function->path, path) != 0)
		function = function->next;
	return function;
}

static struct rte_pci_addr
address_of(const struct wdpdk_uio_info *info)
{
	return (struct rte_pci_addr){
		.domain = info->segment, .bus = info->bus, .devid = info->slot, .function = info->function,
	};
}

/* Makes it a device of the bus's list; ours when the options say so. */
static int
show(struct wuio_function *function)
{
	struct rte_pci_addr addr = address_of(&function->info);
	struct pci_device *dev;
	int ret;

	if (pci_device_find(&addr) != NULL)
		return 0;
	dev = pci_device_new(&wuio_backend, &addr);
	if (dev == NULL)
		return -ENOMEM;
	dev->data = function;
	function->dev = dev;
	describe(dev, &function->info);
	ret = pci_device_add(dev);
	if (ret == 0 && function->handle == NULL && is_wanted(dev))
		open_own(function);
	return ret;
}

struct scan {
	unsigned int seen;
	int error;
};

static void
found(const char *path, void *arg)
{
	struct wuio_function *function = known(path);
	struct scan *scan = arg;
	int ret = 0;

	if (function == NULL && strlen(path) < WUIO_PATH_SIZE) {
		function = calloc(1, sizeof(*function));
		if (function != NULL) {
			snprintf(function->path, sizeof(function->path), "%s", path);
			ret = read_info(function);
		}
		scan->seen += ret != -ENODEV;
		if (function == NULL || ret != 0) {
			free(function);
			/* Somebody else's card may be broken; one that is missed is named by tell_missing(). */
			return;
		}
		function->status = WDPDK_UIO_E_CLOSED;
		function->next = wuio_functions;
		wuio_functions = function;
	}
	if (function == NULL || wuio_is_gone(function))
		return;
	scan->seen++;
	if (function->dev == NULL)
		ret = show(function);
	else if (function->handle == NULL && is_wanted(function->dev))
		open_own(function); /* asked for since */
	if (ret != 0 && scan->error == 0)
		scan->error = ret;
}

/* Of a card that was asked for by its address, why it is not there. */
static void
explain_missing(const struct scan *scan)
{
	const struct rte_devargs *devargs;
	struct rte_pci_addr addr;

	RTE_EAL_DEVARGS_FOREACH("pci", devargs) {
		if (devargs->policy != RTE_DEV_ALLOWED || rte_pci_addr_parse(devargs->name, &addr) != 0 || pci_device_find(&addr) != NULL)
			continue;
		if (scan->seen == 0 && !wuio_os->installed())
			PCI_LOG(ERR, "%s: the driver wdpdkuio.sys is not installed: npx wdpdk bind %s installs it for that card\n", devargs->name,
				devargs->name);
		else
			PCI_LOG(ERR, "%s is not bound to wdpdkuio.sys: npx wdpdk devices lists the cards there are, npx wdpdk bind %s binds it\n",
				devargs->name, devargs->name);
	}
}

int
wuio_scan(const struct wuio_os *os)
{
	struct scan scan = {0};
	int ret;

	/* Threads that watch over cards read it, also while a later scan is under way. */
	if (wuio_os != os)
		wuio_os = os;
	ret = os->list(found, &scan);
	if (ret != 0)
		PCI_LOG(ERR, "the system does not list the cards of wdpdkuio.sys: %s\n", rte_strerror(-ret));
	else
		explain_missing(&scan);
	return scan.error;
}

void
wuio_close(void)
{
	struct wuio_function *function;

	if (wdpdk_memory_source_get() == &wuio_memory)
		return;
	while ((function = wuio_functions) != NULL) {
		wuio_functions = function->next;
		if (function->handle != NULL)
			wuio_os->close(function->handle);
		free(function);
	}
}
