/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux's PCI devices, on a folder that looks as sysfs does: scan, who may be driven, mapping, configuration space,
 * interrupts out of a FIFO, and what each missing thing is called. Memory has invented "physical" addresses, so that the
 * test needs neither root nor huge pages.
 */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bus_driver.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_interrupts.h>
#include <rte_io.h>
#include <rte_memory.h>
#include <wdpdk_memory_source.h>

#include "../../../../../lib/eal/common/test_support.h"
#include "../../linux/pci_linux.h"
#include "../model_irq.h"
#include "../pci_bed.h"

#define ROOT "pci_sysfs_test.devices"
#define NODES "pci_sysfs_test.dev"
#define CARD "0000:65:00.0"
#define OTHER "0000:65:00.1"
#define EAL "test -l 0 -m 16 "
#define CHUNK ((size_t)2 << 20)

/* ---- the folder ---- */

static const char *
path_of(const char *address, const char *file)
{
	static char path[4][256];
	static unsigned int at;

	at = (at + 1) % 4;
	snprintf(path[at], sizeof(path[at]), ROOT "/%s/%s", address, file);
	return path[at];
}

static void
put(const char *address, const char *file, const char *text)
{
	FILE *f = fopen(path_of(address, file), "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
		printf("cannot write %s\n", path_of(address, file));
		exit(1);
	}
}

static void
bind_to(const char *address, const char *driver)
{
	char target[128];

	unlink(path_of(address, "driver"));
	snprintf(target, sizeof(target), "../../drivers/%s", driver);
	if (driver[0] != '\0' && symlink(target, path_of(address, "driver")) != 0)
		exit(1);
}

static void
make_card(const char *address, const char *device, const char *driver, int uio)
{
	char name[32];

	mkdir(path_of(address, ""), 0700);
	put(address, "vendor", "0xbed0\n");
	put(address, "device", device);
	put(address, "subsystem_vendor", "0x8086\n");
	put(address, "subsystem_device", "0x0002\n");
	put(address, "class", "0x020000\n");
	put(address, "max_vfs", "8\n");
	put(address, "numa_node", "-1\n");
	put(address, "resource",
		"0x0000000090000000 0x000000009000ffff 0x000000000014220c\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x000000000000e000 0x000000000000e01f 0x0000000000040101\n"
		"0x0000000091000000 0x0000000091007fff 0x000000000014220c\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	bed_file(path_of(address, "resource0"), BED_BAR_SIZE, 0);
	bed_file(path_of(address, "resource3"), 32768, 0);
	bed_config(path_of(address, "config"), BED_CONFIG_SIZE);
	bind_to(address, driver);
	mkdir(path_of(address, "uio"), 0700);
	snprintf(name, sizeof(name), "uio/uio%d", uio);
	mkdir(path_of(address, name), 0700);
}

static int
drop_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void
make_folders(void)
{
	nftw(ROOT, drop_entry, 8, FTW_DEPTH | FTW_PHYS);
	nftw(NODES, drop_entry, 8, FTW_DEPTH | FTW_PHYS);
	mkdir(ROOT, 0700);
	mkdir(NODES, 0700);
	make_card(CARD, "0x1583\n", "igb_uio", 7);
	make_card(OTHER, "0x1572\n", "uio_pci_generic", 8);
	make_card("0000:01:00.0", "0x1234\n", "ahci", 9);
	mkdir(path_of("not-an-address", ""), 0700);
	model_irq_make(NODES "/uio7");
	model_irq_make(NODES "/uio8");
}

/* ---- memory with addresses ---- */

static int
take(void *arg, size_t len, int node, void **base, rte_iova_t *iova, int *fd)
{
	char *room = mmap(NULL, len + CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	(void)arg;
	(void)node;
	if (room == MAP_FAILED)
		return ENOMEM;
	*base = RTE_PTR_ALIGN_CEIL(room, CHUNK);
	for (i = 0; i < len / CHUNK; i++)
		iova[i] = ((rte_iova_t)1 << 40) - (i + 1) * CHUNK;
	*fd = -1;
	return 0;
}

static int given;

static void
give(void *arg, void *base, size_t len, int fd)
{
	(void)arg;
	(void)fd;
	munmap(base, len);
	given++;
}

static struct wdpdk_memory_source invented = {
	.name = "the test", .chunk = CHUNK, .contiguous = CHUNK, .physical = true, .take = take, .give = give,
};

/* ---- starts that fail ---- */

static void
refused(const char *arguments, const char *why)
{
	CHECK_EQ(wdpdk_memory_source_set(&invented), 0);
	log_taken();
	CHECK_EQ(eal_start(arguments), -1);
	CHECK(log_has(why));
}

static void
each_error_names_object_and_remedy(void)
{
	bed.probes = 0;
	unlink(path_of(CARD, "vendor"));
	refused(EAL "-a " CARD, ROOT "/" CARD "/vendor: there is no such file: is this folder a PCI device's?");
	put(CARD, "vendor", "intel\n");
	refused(EAL "-a " CARD, ROOT "/" CARD "/vendor: Invalid argument");
	put(CARD, "vendor", "0x18086\n");
	refused(EAL "-a " CARD, ROOT "/" CARD "/vendor: ");
	put(CARD, "vendor", "0xbed0\n");
	put(CARD, "resource", "0x0 0x0\n");
	refused(EAL "-a " CARD, ROOT "/" CARD "/resource: Invalid argument");
	make_card(CARD, "0x1583\n", "igb_uio", 7);
	unlink(path_of(CARD, "resource3"));
	refused(EAL "-a " CARD, ROOT "/" CARD "/resource3: there is no such file: the kernel shows no memory of this BAR");
	bed_file(path_of(CARD, "resource3"), 4096, 0);
	refused(EAL "-a " CARD, "/resource3 has 4096 bytes, and the BAR 32768");
	bed_file(path_of(CARD, "resource3"), 32768, 0);
	bind_to(CARD, "i40e");
	refused(EAL "-a " CARD, CARD " is held by the kernel's driver i40e: bind it to");
	bind_to(CARD, "");
	refused(EAL "-a " CARD, CARD " has no driver: bind it to");
	bind_to(CARD, "igb_uio");
	rmdir(path_of(CARD, "uio/uio7"));
	refused(EAL "-a " CARD, CARD "/uio: there is no uioN in it");
	mkdir(path_of(CARD, "uio/uio99"), 0700);
	refused(EAL "-a " CARD, CARD ": " NODES "/uio99: there is no such node");
	rmdir(path_of(CARD, "uio/uio99"));
	mkdir(path_of(CARD, "uio/uio7"), 0700);
	unlink(path_of(CARD, "config"));
	refused(EAL "-a " CARD, "/sys/class/uio/uio7/device/config: there is no such file");
	bed_config(path_of(CARD, "config"), BED_CONFIG_SIZE);
	if (geteuid() != 0) {
		chmod(path_of(CARD, "resource0"), 0);
		refused(EAL "-a " CARD, "/resource0: no permission: start as root");
		chmod(path_of(CARD, "resource0"), 0600);
	}
	setenv("SYSFS_PCI_DEVICES", "nowhere", 1);
	refused(EAL, "SYSFS_PCI_DEVICES=nowhere: No such file or directory: take the variable out");
	CHECK_EQ(bed.probes, 0);
}

static void
a_card_is_given_no_addresses_it_cannot_use(void)
{
	setenv("SYSFS_PCI_DEVICES", ROOT, 1);
	log_taken();
	CHECK_EQ(eal_start("test -l 0 --no-huge -m 16 -a " CARD), -1);
	CHECK(log_has(CARD " cannot use memory from the system, which has virtual addresses only: start as root, with huge pages"));
	invented.physical = false;
	refused(EAL "-a " CARD, CARD " cannot use memory from the test: it needs physical ones");
	invented.physical = true;
	bed_driver.drv_flags |= RTE_PCI_DRV_NEED_IOVA_AS_VA;
	refused(EAL "-a " CARD, CARD ": driver net_bed gives its device virtual addresses");
	bed_driver.drv_flags &= ~(uint32_t)RTE_PCI_DRV_NEED_IOVA_AS_VA;
	CHECK_EQ(bed.probes, 0);
}

/* ---- the start ---- */

static void
what_is_bound_is_driven(void)
{
	bed.probes = 0;
	given = 0;
	CHECK_EQ(wdpdk_memory_source_set(&invented), 0);
	/* Blocked by its short name; one that is no network card has no driver here, and that is nobody's fault. */
	CHECK(eal_start(EAL "-b 65:00.1") >= 0);
	CHECK_EQ(bed.probes, 1);
	CHECK_STR(bed.last->name, CARD);
	CHECK_EQ(rte_eal_iova_mode(), RTE_IOVA_PA);
	CHECK_STR(rte_pci_get_sysfs_path(), ROOT);
}

static int
is_named(const struct rte_device *dev, const void *name)
{
	return strcmp(dev->name, name);
}

static struct rte_pci_device *
device(const char *name)
{
	struct rte_device *dev = rte_bus_find_by_name("pci")->find_device(NULL, is_named, name);

	return dev != NULL ? RTE_DEV_TO_PCI(dev) : NULL;
}

static void
a_device_is_what_its_folder_says(void)
{
	struct rte_pci_device *dev = device(CARD);
	uint32_t seen;

	CHECK(dev != NULL && device(OTHER) == NULL && device("0000:01:00.0") != NULL);
	CHECK_EQ(dev->id.device_id, BED_DEVICE);
	CHECK_EQ(dev->id.subsystem_device_id, 2);
	CHECK_EQ(dev->id.class_id, 0x020000);
	CHECK_EQ(dev->max_vfs, 8);
	CHECK_EQ(dev->device.numa_node, SOCKET_ID_ANY);
	CHECK_EQ(dev->kdrv, RTE_PCI_KDRV_IGB_UIO);
	CHECK_EQ(device("0000:01:00.0")->kdrv, RTE_PCI_KDRV_UNKNOWN);
	CHECK_EQ(dev->mem_resource[0].phys_addr, 0x90000000);
	CHECK_EQ(dev->mem_resource[0].len, BED_BAR_SIZE);
	CHECK_EQ(dev->mem_resource[2].len, 0);
	CHECK_EQ(dev->mem_resource[3].len, 32768);
	CHECK(dev->mem_resource[0].addr != NULL && dev->mem_resource[2].addr == NULL && dev->mem_resource[3].addr != NULL);
	rte_write32(0xcafe, RTE_PTR_ADD(dev->mem_resource[3].addr, 32764));
	CHECK(bed_read(path_of(CARD, "resource3"), 32764, &seen, 4));
	CHECK_EQ(seen, 0xcafe);
	CHECK_EQ(rte_pci_find_capability(dev, RTE_PCI_CAP_ID_EXP), BED_EXPRESS_AT);
	CHECK_EQ(rte_pci_read_config(dev, &seen, 4, 256), 0);
}

static void
what_was_blocked_comes_when_asked_for(void)
{
	struct rte_pci_device *dev;
	uint16_t command;

	CHECK_EQ(rte_eal_hotplug_add("pci", OTHER, ""), 0);
	dev = device(OTHER);
	CHECK(dev != NULL && dev->kdrv == RTE_PCI_KDRV_UIO_GENERIC && rte_dev_is_probed(&dev->device));
	/* uio_pci_generic leaves it to us that the device may read memory. */
	CHECK(bed_read(path_of(OTHER, "config"), RTE_PCI_COMMAND, &command, 2));
	CHECK_EQ(command & RTE_PCI_COMMAND_MASTER, RTE_PCI_COMMAND_MASTER);
	CHECK_EQ(rte_eal_hotplug_remove("pci", OTHER), 0);
	CHECK(device(OTHER) == NULL);
	/* Bound elsewhere meanwhile: it is looked at again. */
	bind_to(OTHER, "i40e");
	CHECK_EQ(rte_eal_hotplug_add("pci", OTHER, ""), -ENODEV);
	bind_to(OTHER, "igb_uio");
	CHECK_EQ(rte_eal_hotplug_add("pci", OTHER, ""), 0);
	CHECK_EQ(device(OTHER)->kdrv, RTE_PCI_KDRV_IGB_UIO);
	CHECK_EQ(rte_eal_hotplug_remove("pci", OTHER), 0);
	CHECK_EQ(rte_pci_map_device(NULL), -EINVAL);
	CHECK_EQ(rte_eal_hotplug_add("pci", "0000:77:00.0", ""), -ENODEV);
}

static void
devices_are_iterated(void)
{
	struct rte_devargs devargs = {.type = RTE_DEVTYPE_ALLOWED};
	struct rte_dev_iterator it;
	struct rte_device *dev;
	unsigned int n = 0;

	CHECK_EQ(rte_devargs_parse(&devargs, "bus=pci"), 0);
	CHECK_STR(devargs.name, "");
	rte_devargs_reset(&devargs);
	CHECK_EQ(rte_devargs_parse(&devargs, "bus=pci,addr=1:2.3"), 0);
	CHECK_STR(devargs.name, "0000:01:02.3");
	rte_devargs_reset(&devargs);
	CHECK_EQ(rte_devargs_parse(&devargs, "bus=pci,addr=1:2"), -EINVAL);
	CHECK_EQ(rte_dev_probe("bus=pci"), -EINVAL);

	RTE_DEV_FOREACH(dev, "bus=pci", &it)
		n++;
	CHECK_EQ(n, 2);
	n = 0;
	RTE_DEV_FOREACH(dev, "bus=pci,addr=" CARD, &it)
		n += strcmp(dev->name, CARD) == 0;
	CHECK_EQ(n, 1);
	RTE_DEV_FOREACH(dev, "bus=pci,addr=nonsense", &it)
		CHECK(false);
}

static int interrupts;

static void
interrupted(void *arg)
{
	rte_intr_ack(arg);
	__atomic_add_fetch(&interrupts, 1, __ATOMIC_RELEASE);
}

static void
interrupts_come_out_of_the_node(void)
{
	struct rte_pci_device *dev = device(CARD);
	unsigned int i;

	CHECK_EQ(rte_intr_callback_register(dev->intr_handle, interrupted, dev->intr_handle), 0);
	CHECK_EQ(rte_intr_enable(dev->intr_handle), 0);
	CHECK(model_irq_raise(NODES "/uio7"));
	for (i = 0; i < 5000 && __atomic_load_n(&interrupts, __ATOMIC_ACQUIRE) == 0; i++)
		rte_delay_us_sleep(1000);
	/* Acknowledging it writes nothing that would come back. */
	rte_delay_us_sleep(20000);
	CHECK_EQ(__atomic_load_n(&interrupts, __ATOMIC_ACQUIRE), 1);
	/* Queues share the one there is. */
	CHECK_EQ(rte_intr_efd_enable(dev->intr_handle, 1), 0);
	CHECK_EQ(rte_intr_dp_is_en(dev->intr_handle), 1);
	rte_intr_efd_disable(dev->intr_handle);
	CHECK_EQ(rte_intr_callback_unregister_sync(dev->intr_handle, interrupted, (void *)-1), 1);
}

static void
the_end_unmaps_and_gives_back(void)
{
	bed.removes = 0;
	CHECK_EQ(rte_eal_cleanup(), 0);
	CHECK_EQ(bed.removes, 1);
	CHECK(given > 0);
	CHECK(wdpdk_memory_source_get() == NULL);
}

int
main(void)
{
	log_capture("pci_sysfs_test.log");
	setenv("SYSFS_PCI_DEVICES", ROOT, 1);
	pci_linux_dev = NODES;
	make_folders();
	rte_pci_register(&bed_driver);
	RUN(each_error_names_object_and_remedy);
	RUN(a_card_is_given_no_addresses_it_cannot_use);
	RUN(what_is_bound_is_driven);
	RUN(a_device_is_what_its_folder_says);
	RUN(what_was_blocked_comes_when_asked_for);
	RUN(devices_are_iterated);
	RUN(interrupts_come_out_of_the_node);
	RUN(the_end_unmaps_and_gives_back);
	rte_openlog_stream(NULL);
	fclose(log_file);
	return check_summary();
}
