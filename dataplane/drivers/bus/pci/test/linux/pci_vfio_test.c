/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Cards that vfio-pci holds, on a folder that looks as sysfs does and a kernel that is the test's (vfio_fake.h).
 */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/vfio.h>

#include <bus_driver.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_interrupts.h>
#include <rte_io.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include "../../../../../lib/eal/common/test_support.h"
#include "../../linux/pci_linux.h"
#include "../pci_bed.h"
#include "vfio_fake.h"

#define ROOT "pci_vfio_test.devices"
#define NODES "pci_vfio_test.dev"
#define DEVICE ROOT "/registers"
#define CARD "0000:65:00.0"
#define OTHER "0000:65:00.1"
#define EAL "test -l 0 --no-huge -m 16 "
#define BAR3_SIZE 32768u
#define MSIX_AT 0x70
#define TABLE_AT 0x1800u

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

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		exit(1);
}

static void
point(const char *address, const char *file, const char *target)
{
	unlink(path_of(address, file));
	if (target[0] != '\0' && symlink(target, path_of(address, file)) != 0)
		exit(1);
}

static void
make_card(const char *address, const char *group)
{
	mkdir(path_of(address, ""), 0700);
	put(address, "vendor", "0xbed0\n");
	put(address, "device", "0x1583\n");
	put(address, "subsystem_vendor", "0x8086\n");
	put(address, "subsystem_device", "0x0002\n");
	put(address, "class", "0x020000\n");
	put(address, "resource",
		"0x0000000090000000 0x000000009000ffff 0x000000000014220c\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x0000000091000000 0x0000000091007fff 0x000000000014220c\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	point(address, "driver", "../../drivers/vfio-pci");
	point(address, "iommu_group", group);
}

/* Five vectors whose table is in the second page of BAR 3. */
static void
add_msix(void)
{
	const uint8_t capability[12] = {RTE_PCI_CAP_ID_MSIX, BED_PM_AT, 4, 0, (TABLE_AT & 0xff) | 3, TABLE_AT >> 8, 0, 0, 0x03, 0x20, 0, 0};
	const uint8_t first = MSIX_AT;
	int fd = open(DEVICE, O_RDWR);

	if (fd < 0 || pwrite(fd, capability, sizeof(capability), FAKE_CONFIG_AT + MSIX_AT) != sizeof(capability) ||
		pwrite(fd, &first, 1, FAKE_CONFIG_AT + RTE_PCI_CAPABILITY_LIST) != 1)
		exit(1);
	close(fd);
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
	uint8_t config[BED_CONFIG_SIZE];
	int fd;

	nftw(ROOT, drop_entry, 8, FTW_DEPTH | FTW_PHYS);
	nftw(NODES, drop_entry, 8, FTW_DEPTH | FTW_PHYS);
	mkdir(ROOT, 0700);
	mkdir(NODES, 0700);
	mkdir(NODES "/vfio", 0700);
	make_card(CARD, "../../kernel/iommu_groups/26");
	make_card(OTHER, "../../kernel/iommu_groups/26");
	bed_file(NODES "/vfio/vfio", 1, 0);
	bed_file(NODES "/vfio/26", 1, 0);
	bed_file(DEVICE, FAKE_CONFIG_AT + BED_CONFIG_SIZE, 0);
	bed_config(ROOT "/config", BED_CONFIG_SIZE);
	fd = open(DEVICE, O_RDWR);
	if (!bed_read(ROOT "/config", 0, config, sizeof(config)) || pwrite(fd, config, sizeof(config), FAKE_CONFIG_AT) != sizeof(config))
		exit(1);
	close(fd);
	add_msix();
}

static void
fresh_kernel(void)
{
	vfio_fake_reset();
	fake.device = DEVICE;
	fake.bar_size[0] = BED_BAR_SIZE;
	fake.bar_offset[0] = 0;
	fake.bar_size[3] = BAR3_SIZE;
	fake.bar_offset[3] = FAKE_BAR3_AT;
}

/* ---- starts that fail ---- */

static void
refused(const char *why)
{
	log_taken();
	CHECK_EQ(eal_start(EAL "-a " CARD), -1);
	CHECK(log_has(why));
	vfio_fake_forget();
}

static void
each_error_names_object_and_remedy(void)
{
	fresh_kernel();
	bed.probes = 0;
	point(CARD, "iommu_group", "");
	refused(ROOT "/" CARD "/iommu_group: the device is in no IOMMU group: switch the IOMMU on");
	point(CARD, "iommu_group", "../../kernel/iommu_groups/x");
	refused(ROOT "/" CARD "/iommu_group: Invalid argument");
	point(CARD, "iommu_group", "../../kernel/iommu_groups/27");
	refused(CARD ": " NODES "/vfio/27: there is no such node: bind the device to vfio-pci again");
	point(CARD, "iommu_group", "../../kernel/iommu_groups/26");
	rename(NODES "/vfio/vfio", NODES "/vfio/v");
	refused(CARD ": " NODES "/vfio/vfio: there is no such node: load the kernel's module vfio-pci");
	rename(NODES "/vfio/v", NODES "/vfio/vfio");
	fake.version = 7;
	refused("version 7 of VFIO is not the one this program knows");
	fake.version = 0;
	fake.viable = false;
	refused(CARD ": other devices of IOMMU group 26 are held by drivers of the kernel: bind all of them to vfio-pci");
	fake.viable = true;
	fake.has_type1 = false;
	refused(CARD ": vfio: no IOMMU of a kind this program knows: is it switched on");
	fake.has_type1 = true;
	fake.fail_dma_after = 3;
	refused("cannot be given to devices: more than the user may lock: raise \"max locked memory\"");
	fake.fail_dma_after = -1;
	fake.bar_size[0] = 4096;
	refused(CARD ": BAR 0 has 4096 bytes for VFIO and 65536 for sysfs");
	fake.bar_size[0] = BED_BAR_SIZE;
	CHECK_EQ(bed.probes, 0);
}

/* ---- the start ---- */

static struct rte_pci_device *
device(const char *name)
{
	struct rte_pci_addr addr;

	return rte_pci_addr_parse(name, &addr) == 0 && pci_device_find(&addr) != NULL ? &pci_device_find(&addr)->public : NULL;
}

static void
two_cards_of_a_group_share_it(void)
{
	fresh_kernel();
	log_taken();
	CHECK(eal_start(EAL) >= 0);
	CHECK_EQ(bed.probes, 2);
	CHECK_EQ(fake.containers, 1);
	CHECK_EQ(fake.groups, 1);
	CHECK_EQ(fake.devices, 2);
	CHECK_EQ(fake.resets, 2);
	CHECK_EQ(rte_eal_iova_mode(), RTE_IOVA_VA);
	CHECK_EQ(device(CARD)->kdrv, RTE_PCI_KDRV_VFIO);
}

static int
is_reached(const struct rte_memseg_list *list, const struct rte_memseg *page, void *arg)
{
	(void)list;
	if (!vfio_fake_reaches(page->iova, (uint64_t)(uintptr_t)page->addr))
		*(bool *)arg = false;
	return 0;
}

static void
devices_reach_all_memory_and_what_comes_later(void)
{
	bool all = true;
	uint64_t before;
	void *more;

	CHECK_EQ(rte_memseg_walk(is_reached, &all), 0);
	CHECK(all && fake.entries > 0);
	CHECK_EQ(fake.mapped, rte_eal_get_physmem_size());
	before = fake.mapped;
	/* The user's own memory, for as long as the user says. */
	more = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK_EQ(rte_extmem_register(more, 1 << 16, NULL, 0, 4096), 0);
	CHECK_EQ(fake.mapped, before);
	CHECK_EQ(rte_dev_dma_map(&device(CARD)->device, more, (uint64_t)(uintptr_t)more, 1 << 16), 0);
	CHECK(vfio_fake_reaches((uint64_t)(uintptr_t)more + 4096, (uint64_t)(uintptr_t)more + 4096));
	CHECK(rte_dev_dma_map(&device(CARD)->device, more, (uint64_t)(uintptr_t)more, 1 << 16) < 0);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK_EQ(rte_dev_dma_unmap(&device(CARD)->device, more, (uint64_t)(uintptr_t)more, 1 << 16), 0);
	CHECK(rte_dev_dma_unmap(&device(CARD)->device, more, (uint64_t)(uintptr_t)more, 1 << 16) < 0);
	CHECK_EQ(fake.mapped, before);
	CHECK_EQ(rte_extmem_unregister(more, 1 << 16), 0);
	munmap(more, 1 << 16);
}

static void
bars_are_mapped_around_the_interrupts_table(void)
{
	struct rte_pci_device *dev = device(CARD);
	char *bar = dev->mem_resource[3].addr;
	uint32_t seen;
	uint16_t command;
	int pipes[2];

	rte_write32(0xcafe, RTE_PTR_ADD(dev->mem_resource[0].addr, BED_BAR_SIZE - 4));
	CHECK(bed_read(DEVICE, BED_BAR_SIZE - 4, &seen, 4));
	CHECK_EQ(seen, 0xcafe);
	rte_write32(0xbeef, bar + 4092);
	rte_write32(0xf00d, bar + BAR3_SIZE - 4);
	CHECK(bed_read(DEVICE, FAKE_BAR3_AT + 4092, &seen, 4));
	CHECK_EQ(seen, 0xbeef);
	CHECK(bed_read(DEVICE, FAKE_BAR3_AT + BAR3_SIZE - 4, &seen, 4));
	CHECK_EQ(seen, 0xf00d);
	/* The page of the table is nobody's to write, but the addresses are taken. */
	CHECK_EQ(pipe(pipes), 0);
	CHECK_EQ(write(pipes[1], bar, 1), 1);
	CHECK_EQ(write(pipes[1], bar + 4096, 1), -1);
	CHECK_EQ(errno, EFAULT);
	close(pipes[0]);
	close(pipes[1]);
	CHECK_EQ(rte_pci_find_capability(dev, RTE_PCI_CAP_ID_MSIX), MSIX_AT);
	CHECK(bed_read(DEVICE, FAKE_CONFIG_AT + RTE_PCI_COMMAND, &command, 2));
	CHECK_EQ(command & RTE_PCI_COMMAND_MASTER, RTE_PCI_COMMAND_MASTER);
}

static int interrupts;

static void
interrupted(void *arg)
{
	rte_intr_ack(arg);
	__atomic_add_fetch(&interrupts, 1, __ATOMIC_RELEASE);
}

static void
interrupts_come_by_eventfds(void)
{
	struct rte_intr_handle *handle = device(CARD)->intr_handle;
	const uint64_t one = 1;

	CHECK_EQ(rte_intr_type_get(handle), RTE_INTR_HANDLE_VFIO_MSIX);
	CHECK_EQ(rte_intr_cap_multiple(handle), 1);
	CHECK_EQ(rte_intr_callback_register(handle, interrupted, handle), 0);
	CHECK_EQ(rte_intr_enable(handle), 0);
	CHECK_EQ(fake.trigger_index, VFIO_PCI_MSIX_IRQ_INDEX);
	CHECK_EQ(fake.trigger_count, 1);
	CHECK_EQ(write(fake.triggers[0], &one, sizeof(one)), sizeof(one));
	while (__atomic_load_n(&interrupts, __ATOMIC_ACQUIRE) == 0)
		rte_delay_us_sleep(1000);
	/* Queues have their own, beside that. */
	CHECK_EQ(rte_intr_efd_enable(handle, 3), 0);
	CHECK_EQ(rte_intr_enable(handle), 0);
	CHECK_EQ(fake.trigger_count, 4);
	CHECK_EQ(fake.triggers[0], rte_intr_fd_get(handle));
	CHECK_EQ(fake.triggers[3], rte_intr_efds_index_get(handle, 2));
	rte_intr_efd_disable(handle);
	/* More than the device has: the kernel says no. */
	CHECK_EQ(rte_intr_efd_enable(handle, 5), 0);
	CHECK_EQ(rte_intr_enable(handle), -1);
	CHECK_EQ(rte_errno, EINVAL);
	rte_intr_efd_disable(handle);
	CHECK_EQ(rte_intr_disable(handle), 0);
	CHECK_EQ(fake.trigger_count, 0);
	CHECK_EQ(rte_intr_callback_unregister_sync(handle, interrupted, (void *)-1), 1);
}

static void
a_device_with_a_line_only_is_unmasked(void)
{
	struct rte_pci_device *dev;

	CHECK_EQ(rte_eal_hotplug_remove("pci", OTHER), 0);
	CHECK_EQ(fake.groups, 1);
	fake.vectors = 0;
	CHECK_EQ(rte_eal_hotplug_add("pci", OTHER, ""), 0);
	dev = device(OTHER);
	CHECK_EQ(rte_intr_type_get(dev->intr_handle), RTE_INTR_HANDLE_VFIO_LEGACY);
	CHECK_EQ(rte_intr_enable(dev->intr_handle), 0);
	CHECK_EQ(fake.trigger_index, VFIO_PCI_INTX_IRQ_INDEX);
	CHECK_EQ(fake.unmasked, 1);
	CHECK_EQ(rte_intr_ack(dev->intr_handle), 0);
	CHECK_EQ(fake.unmasked, 2);
	CHECK_EQ(rte_eal_hotplug_remove("pci", OTHER), 0);
	fake.vectors = 5;
}

static void
the_end_stops_the_device_first(void)
{
	uint16_t command;

	bed.removes = 0;
	CHECK_EQ(rte_eal_cleanup(), 0);
	CHECK_EQ(bed.removes, 1);
	CHECK(bed_read(DEVICE, FAKE_CONFIG_AT + RTE_PCI_COMMAND, &command, 2));
	CHECK_EQ(command & RTE_PCI_COMMAND_MASTER, 0);
	vfio_fake_forget();
}

/* No IOMMU: addresses must be physical, and virtual ones are refused before the device gets any. */
static void
without_an_iommu_addresses_are_physical(void)
{
	rename(NODES "/vfio/26", NODES "/vfio/noiommu-26");
	log_taken();
	CHECK_EQ(eal_start(EAL "-a " CARD), -1);
	CHECK(log_has(CARD " cannot use memory from the system, which has virtual addresses only: start as root, with huge pages"));
}

int
main(void)
{
	log_capture("pci_vfio_test.log");
	setenv("SYSFS_PCI_DEVICES", ROOT, 1);
	pci_linux_dev = NODES;
	make_folders();
	rte_pci_register(&bed_driver);
	RUN(each_error_names_object_and_remedy);
	RUN(without_an_iommu_addresses_are_physical);
	rename(NODES "/vfio/noiommu-26", NODES "/vfio/26");
	RUN(two_cards_of_a_group_share_it);
	RUN(devices_reach_all_memory_and_what_comes_later);
	RUN(bars_are_mapped_around_the_interrupts_table);
	RUN(interrupts_come_by_eventfds);
	RUN(a_device_with_a_line_only_is_unmasked);
	RUN(the_end_stops_the_device_first);
	rte_openlog_stream(NULL);
	fclose(log_file);
	return check_summary();
}
