/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Devices that a model plays: the test is the model, and looks into the files as another process would.
 */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

#include <bus_driver.h>
#include <rte_cycles.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_interrupts.h>
#include <rte_io.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_memzone.h>

#include "../../../../lib/eal/common/test_support.h"
#include "../pci_os.h"
#include "model_irq.h"
#include "pci_bed.h"

#define BAR "pci_model_test.bar"
#define IRQ "pci_model_test.irq"
#define DMA "pci_model_test.dma"
#define EAL "test -l 0 --no-pci -m 16 --vdev pci_model0,"
#define CHUNK ((size_t)2 << 20)

/* ---- the folder, read as the contract has it ---- */

struct entry {
	uint64_t iova, length, offset;
	uint32_t file, state;
};

static uint32_t
entries(void)
{
	char magic[8];
	uint32_t head[2];

	CHECK(bed_read(DMA "/map", 0, magic, sizeof(magic)));
	CHECK_MEM(magic, "WDPDKDMA", 8);
	CHECK(bed_read(DMA "/map", 8, head, sizeof(head)));
	CHECK_EQ(head[0], 1);
	return head[1];
}

static struct entry
entry_at(uint32_t i)
{
	struct entry entry = {0};

	CHECK(bed_read(DMA "/map", 64 + 32 * (size_t)i, &entry, sizeof(entry)));
	return entry;
}

/* What a device finds at a bus address. */
static bool
device_reads(rte_iova_t iova, void *buf, size_t len)
{
	uint32_t i, n = entries();
	struct entry entry;
	char path[64];

	for (i = 0; i < n; i++) {
		entry = entry_at(i);
		if (entry.state != 1 || iova - entry.iova >= entry.length || entry.length - (iova - entry.iova) < len)
			continue;
		snprintf(path, sizeof(path), DMA "/memory.%u", entry.file);
		return bed_read(path, (size_t)(entry.offset + iova - entry.iova), buf, len);
	}
	return false;
}

/* ---- starts that fail ---- */

static void
refused(const char *arguments, const char *why)
{
	log_taken();
	CHECK_EQ(eal_start(arguments), -1);
	CHECK(log_has(why));
}

static void
each_error_names_object_and_remedy(void)
{
	refused(EAL "dma=" DMA, "pci_model0 lacks bar=");
	refused(EAL "bar=" BAR, "pci_model0 lacks dma=");
	refused(EAL "bar=none,dma=" DMA, "pci_model0: bar=none.config: there is no such file: start the model first");
	bed_config("pci_model_test.short.config", 255);
	refused(EAL "bar=pci_model_test.short,dma=" DMA, "pci_model_test.short.config: it is too short");
	bed_config("pci_model_test.short.config", 256);
	refused(EAL "bar=pci_model_test.short,dma=" DMA, "bar=pci_model_test.short: there is no such file");
	bed_file("pci_model_test.short", 100, 0);
	refused(EAL "bar=pci_model_test.short,dma=" DMA, "bar=pci_model_test.short: it is too short");
	bed_file("pci_model_test.short", 3 * 4096, 0);
	refused(EAL "bar=pci_model_test.short,dma=" DMA, "it has 12288 bytes, and a BAR has a power of two");
	bed_file("pci_model_test.short.config", 256, 0);
	refused(EAL "bar=pci_model_test.short,dma=" DMA, "short.config holds no device: wait until the model says that it is ready");
	bed_file("pci_model_test.short.config", 256, 0xff);
	refused(EAL "bar=pci_model_test.short,dma=" DMA, "holds no device");
	remove("pci_model_test.short");
	remove("pci_model_test.short.config");
	refused(EAL "bar=" BAR ",dma=none", "pci_model0: dma=none: there is no such folder");
	refused(EAL "bar=" BAR ",dma=" DMA " --vdev pci_model1,bar=" BAR ",dma=elsewhere",
		"pci_model1: dma=elsewhere, but memory comes from " DMA ": all models of a process share one folder");
	refused(EAL "bar=" BAR ",dma=" DMA " --iova-mode va", "--iova-mode va: memory comes from the files in " DMA);
	refused(EAL "bar=" BAR ",dma=" DMA ",irq=none", "pci_model0: irq=none: ");
	refused("test -l 0 --no-pci -m 16 --no-huge --vdev pci_modelx", "\"pci_modelx\"");
	refused("test -l 0 --no-pci -m 16 --no-huge --iova-mode pa",
		"--iova-mode pa: physical addresses are not available: they are those of huge pages");
	refused("test -l 0 --no-pci -m 8192 --vdev pci_model0,bar=" BAR ",dma=" DMA, "cannot get memory from the files in " DMA);
	CHECK(!bed_exists(DMA "/memory.0"));
}

static void
a_folder_has_one_user(void)
{
	struct pci_os_file map;

	CHECK_EQ(pci_os_map(DMA "/map", 65536, &map), 0);
	CHECK_EQ(pci_os_lock(&map), 0);
	refused(EAL "bar=" BAR ",dma=" DMA, "pci_model0: dma=" DMA ": another dataplane is using it");
	memset(map.addr, 'x', 8);
	pci_os_unmap(&map);
	refused(EAL "bar=" BAR ",dma=" DMA, "dma=" DMA ": its file 'map' is not ours");
	remove(DMA "/map");
}

static void
a_driver_that_fails_ends_the_start(void)
{
	bed.removes = 0;
	bed.probe_result = -EIO;
	refused(EAL "bar=" BAR ",dma=" DMA, "pci_model0: driver net_bed could not start it");
	bed.probe_result = 0;
	CHECK_EQ(bed.removes, 0);
}

/* ---- the start, in a folder that somebody died in ---- */

static void
devices_come_up_where_a_predecessor_was_killed(void)
{
	struct entry old[3] = {{1ull << 40, CHUNK, 0, 5, 1}, {2ull << 40, CHUNK, CHUNK, 5, 1}, {3ull << 40, CHUNK, 0, 7, 0}};
	uint32_t head[4], i, before;
	FILE *f;

	remove(DMA "/map");
	bed_file(DMA "/map", 65536, 0);
	f = fopen(DMA "/map", "r+b");
	memcpy(head, "WDPDKDMA", 8);
	head[2] = 1;
	head[3] = 3;
	fwrite(head, sizeof(head), 1, f);
	fseek(f, 64, SEEK_SET);
	fwrite(old, sizeof(old), 1, f);
	fclose(f);
	bed_file(DMA "/memory.5", 4096, 1);
	bed.probes = 0;
	CHECK(eal_start("test -l 0 --no-pci -m 16 --vdev pci_model0,bar=" BAR ",dma=" DMA ",speed=40 --vdev pci_model33,bar=" BAR
		"2,dma=" DMA) >= 0);
	CHECK_EQ(bed.probes, 2);
	CHECK(!bed_exists(DMA "/memory.5"));
	before = entries();
	CHECK(before >= 3 + 8);
	for (i = 0; i < before; i++) {
		CHECK_EQ(entry_at(i).state, i >= 3);
		CHECK(i < 3 || entry_at(i).file >= 8);
	}
	CHECK_EQ(rte_eal_iova_mode(), RTE_IOVA_PA);
}

static int
is_named(const struct rte_device *dev, const void *name)
{
	return strcmp(dev->name, name);
}

static struct rte_pci_device *
device(const char *name)
{
	struct rte_bus *bus = rte_bus_find_by_name("pci");
	struct rte_device *dev = bus->find_device(NULL, is_named, name);

	return dev != NULL ? RTE_DEV_TO_PCI(dev) : NULL;
}

static void
a_device_is_what_its_files_say(void)
{
	struct rte_pci_device *dev = device("pci_model0");
	struct rte_pci_addr addr;
	uint32_t seen;

	CHECK(dev != NULL && device("pci_model33") != NULL && device("pci_model1") == NULL);
	CHECK_EQ(dev->id.vendor_id, BED_VENDOR);
	CHECK_EQ(dev->id.device_id, BED_DEVICE);
	CHECK_EQ(dev->id.class_id, 0x020000);
	CHECK_EQ(dev->id.subsystem_vendor_id, 0x8086);
	CHECK_EQ(dev->id.subsystem_device_id, 2);
	CHECK_EQ(dev->mem_resource[0].len, BED_BAR_SIZE);
	CHECK_EQ(dev->mem_resource[0].phys_addr, 0x1280000000);
	CHECK_STR(dev->name, "f00d:00:00.0");
	CHECK_STR(dev->bus_info, "vendor_id=bed0, device_id=1583");
	CHECK_STR(dev->device.devargs->args, "bar=" BAR ",dma=" DMA ",speed=40");
	CHECK_EQ(rte_bus_find_by_name("pci")->parse("pci_model33", &addr), 0);
	CHECK(addr.domain == 0xf00d && addr.bus == 1 && addr.devid == 1 && addr.function == 0);
	CHECK(rte_dev_is_probed(&dev->device));
	CHECK(bed.was_mapped);
	rte_write32(0x12345678, RTE_PTR_ADD(dev->mem_resource[0].addr, 0x1000));
	CHECK(bed_read(BAR, 0x1000, &seen, sizeof(seen)));
	CHECK_EQ(seen, 0x12345678);
}

static void
configuration_space_is_read_and_written(void)
{
	struct rte_pci_device *dev = device("pci_model0");
	uint8_t bytes[300];
	uint16_t command;

	CHECK_EQ(rte_pci_read_config(dev, bytes, 4, 0), 4);
	CHECK_MEM(bytes, "\xd0\xbe\x83\x15", 4);
	CHECK_EQ(rte_pci_read_config(dev, bytes, sizeof(bytes), 0), 256);
	CHECK_EQ(rte_pci_read_config(dev, bytes, 4, 254), 2);
	CHECK_EQ(rte_pci_read_config(dev, bytes, 4, 256), 0);
	CHECK_EQ(rte_pci_read_config(dev, bytes, 4, 4096), -EINVAL);
	CHECK_EQ(rte_pci_read_config(dev, bytes, 4, -1), -EINVAL);
	CHECK_EQ(rte_pci_read_config(dev, NULL, 4, 0), -EINVAL);
	CHECK_EQ(rte_pci_read_config(NULL, bytes, 4, 0), -EINVAL);
	CHECK_EQ(rte_pci_write_config(dev, bytes, 4, 4096), -EINVAL);
	CHECK(rte_pci_has_capability_list(dev));
	CHECK_EQ(rte_pci_find_capability(dev, RTE_PCI_CAP_ID_EXP), BED_EXPRESS_AT);
	CHECK_EQ(rte_pci_find_capability(dev, RTE_PCI_CAP_ID_PM), BED_PM_AT);
	CHECK_EQ(rte_pci_find_capability(dev, RTE_PCI_CAP_ID_MSIX), 0);
	CHECK_EQ(rte_pci_find_ext_capability(dev, RTE_PCI_EXT_CAP_ID_DSN), 0);
	CHECK_EQ(rte_pci_set_bus_master(dev, true), 0);
	CHECK(bed_read(BAR ".config", RTE_PCI_COMMAND, &command, 2));
	CHECK_EQ(command, RTE_PCI_COMMAND_MASTER);
	CHECK_EQ(rte_pci_set_bus_master(dev, false), 0);
	CHECK(bed_read(BAR ".config", RTE_PCI_COMMAND, &command, 2));
	CHECK_EQ(command, 0);
	/* A list that goes round ends all the same. */
	bytes[0] = BED_PM_AT;
	CHECK_EQ(rte_pci_write_config(dev, bytes, 1, BED_EXPRESS_AT + 1), 1);
	CHECK_EQ(rte_pci_find_capability(dev, RTE_PCI_CAP_ID_MSIX), 0);
	bytes[0] = 0;
	CHECK_EQ(rte_pci_write_config(dev, bytes, 1, BED_EXPRESS_AT + 1), 1);
}

static void
bars_are_read_in_pieces(void)
{
	struct rte_pci_device *dev = device("pci_model0");
	struct rte_pci_ioport port;
	uint8_t wrote[7] = {1, 2, 3, 4, 5, 6, 7}, got[8];

	CHECK_EQ(rte_pci_ioport_map(dev, 0, &port), 0);
	rte_pci_ioport_write(&port, wrote, 7, 0x2001);
	rte_pci_ioport_read(&port, got, 8, 0x2000);
	CHECK_MEM(got + 1, wrote, 7);
	rte_pci_ioport_read(&port, got, 4, BED_BAR_SIZE - 3);
	CHECK_MEM(got, "\xff\xff\xff\xff", 4);
	rte_pci_ioport_write(&port, wrote, 4, BED_BAR_SIZE - 3);
	rte_pci_ioport_read(&port, got, 3, BED_BAR_SIZE - 3);
	CHECK_MEM(got, "\0\0\0", 3);
	CHECK_EQ(rte_pci_ioport_unmap(&port), 0);
	CHECK_EQ(rte_pci_ioport_map(dev, 1, &port), -ENOTSUP);
	CHECK_EQ(rte_pci_ioport_map(dev, 6, &port), -EINVAL);
	CHECK_EQ(rte_pci_ioport_map(NULL, 0, &port), -EINVAL);
}

/* ---- memory ---- */

static void
addresses_are_scrambled(void)
{
	uint32_t i, j, n = entries();
	struct entry one, other;

	for (i = 3; i < n; i++) {
		one = entry_at(i);
		CHECK(one.iova % CHUNK == 0 && one.length == CHUNK && one.offset % CHUNK == 0);
		CHECK(one.iova >= 1ull << 32 && one.iova < 1ull << 46);
		CHECK(rte_mem_iova2virt(one.iova) != NULL);
		CHECK((uintptr_t)rte_mem_iova2virt(one.iova) != one.iova);
		for (j = 3; j < i; j++) {
			other = entry_at(j);
			CHECK(one.iova != other.iova && one.iova != other.iova + CHUNK && other.iova != one.iova + CHUNK);
		}
	}
}

static void
a_zone_is_where_its_address_says(void)
{
	const struct rte_memzone *zone = rte_memzone_reserve_aligned("ring", 131072, SOCKET_ID_ANY, RTE_MEMZONE_IOVA_CONTIG, 128);
	uint32_t seen;

	CHECK(zone != NULL);
	CHECK_EQ(zone->iova, rte_mem_virt2iova(zone->addr));
	CHECK_EQ(zone->hugepage_sz, CHUNK);
	CHECK_EQ(zone->iova / CHUNK, (zone->iova + zone->len - 1) / CHUNK);
	CHECK(rte_mem_iova2virt(zone->iova + 77) == RTE_PTR_ADD(zone->addr, 77));
	*(volatile uint32_t *)RTE_PTR_ADD(zone->addr, 65536) = 0xfeedface;
	CHECK(device_reads(zone->iova + 65536, &seen, sizeof(seen)));
	CHECK_EQ(seen, 0xfeedface);
	CHECK_EQ(rte_memzone_free(zone), 0);
}

static void
contiguous_requests_find_place_between_gaps(void)
{
	const struct rte_memzone *zones[16];
	char name[32];
	unsigned int i;
	uint64_t before;

	/* Each takes most of a chunk, so a place that is right is never the top of what is free. */
	for (i = 0; i < RTE_DIM(zones); i++) {
		snprintf(name, sizeof(name), "big%u", i);
		zones[i] = rte_memzone_reserve(name, CHUNK - 4096, SOCKET_ID_ANY, RTE_MEMZONE_IOVA_CONTIG);
		CHECK(zones[i] != NULL);
		CHECK_EQ(zones[i]->iova / CHUNK, (zones[i]->iova + zones[i]->len - 1) / CHUNK);
	}
	for (i = 0; i < RTE_DIM(zones); i++)
		CHECK_EQ(rte_memzone_free(zones[i]), 0);
	/* More than a chunk is never contiguous, and takes no memory on the way to that answer. */
	before = rte_eal_get_physmem_size();
	CHECK(rte_memzone_reserve("too_big", CHUNK + 64, SOCKET_ID_ANY, RTE_MEMZONE_IOVA_CONTIG) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK_EQ(rte_eal_get_physmem_size(), before);
	/* A whole chunk is. */
	zones[0] = rte_memzone_reserve_aligned("whole", CHUNK, SOCKET_ID_ANY, RTE_MEMZONE_IOVA_CONTIG, 64);
	CHECK(zones[0] != NULL);
	CHECK_EQ(zones[0]->iova % CHUNK, 0);
	CHECK_EQ(rte_memzone_free(zones[0]), 0);
}

static void
packets_do_not_cross_chunks(void)
{
	struct rte_mempool *pool = rte_pktmbuf_pool_create("packets", 4095, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	static struct rte_mbuf *all[4095];
	uint64_t chunks = 0, last = 0;
	unsigned int i;
	char seen[16];

	CHECK(pool != NULL);
	CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, all, 4095), 0);
	for (i = 0; i < 4095; i++) {
		rte_iova_t iova = rte_mbuf_data_iova(all[i]);

		CHECK_EQ(iova, rte_mem_virt2iova(rte_pktmbuf_mtod(all[i], void *)));
		CHECK_EQ(rte_mempool_virt2iova(all[i]), rte_mem_virt2iova(all[i]));
		CHECK_EQ(rte_mempool_virt2iova(all[i]) / CHUNK, (all[i]->buf_iova + all[i]->buf_len - 1) / CHUNK);
		chunks += i == 0 || iova / CHUNK != last;
		last = iova / CHUNK;
		if (i % 256 == 0) {
			memset(rte_pktmbuf_mtod(all[i], void *), 0x40 + (int)(i / 256), 16);
			CHECK(device_reads(iova, seen, sizeof(seen)));
			CHECK_MEM(seen, rte_pktmbuf_mtod(all[i], void *), 16);
		}
	}
	CHECK(chunks > 4);
	rte_pktmbuf_free_bulk(all, 4095);
	rte_mempool_free(pool);
}

static void
other_memory_has_no_address(void)
{
	int here = 0;
	void *large = rte_malloc("large", 5 * CHUNK, 0);

	CHECK_EQ(rte_mem_virt2iova(&here), RTE_BAD_IOVA);
	CHECK_EQ(rte_mem_virt2iova(NULL), RTE_BAD_IOVA);
	CHECK(rte_mem_iova2virt((uintptr_t)&here) == NULL);
	CHECK_EQ(rte_eal_using_phys_addrs(), 1);
	/* What needs no contiguous addresses may be as large as it likes. */
	CHECK(large != NULL);
	memset(large, 1, 5 * CHUNK);
	CHECK_EQ(rte_malloc_virt2iova(RTE_PTR_ADD(large, 3 * CHUNK)), rte_mem_virt2iova(RTE_PTR_ADD(large, 3 * CHUNK)));
	CHECK((rte_iova_t)(uintptr_t)large != rte_malloc_virt2iova(large));
	rte_free(large);
}

static int
take_mapping(struct rte_pci_device *dev, void *addr, uint64_t iova, size_t len)
{
	(void)addr;
	(void)iova;
	bed.last = dev;
	bed.maps += (int)len;
	return 0;
}

static void
further_memory_is_the_drivers_affair(void)
{
	struct rte_pci_device *dev = device("pci_model0");
	static char mine[4096];

	CHECK_EQ(rte_dev_dma_map(&dev->device, mine, 0x1000, sizeof(mine)), -1);
	CHECK_EQ(rte_errno, ENOTSUP);
	bed_driver.dma_map = take_mapping;
	CHECK_EQ(rte_dev_dma_map(&dev->device, mine, 0x1000, sizeof(mine)), 0);
	CHECK_EQ(bed.maps, 4096);
	bed_driver.dma_map = NULL;
}

/* ---- coming and going ---- */

static void
devices_come_and_go(void)
{
	bed.probes = bed.removes = 0;
	bed.remove_result = -EBUSY;
	CHECK_EQ(rte_eal_hotplug_remove("pci", "pci_model33"), -EBUSY);
	CHECK(device("pci_model33") != NULL && rte_dev_is_probed(&device("pci_model33")->device));
	bed.remove_result = 0;
	CHECK_EQ(rte_eal_hotplug_remove("pci", "pci_model33"), 0);
	CHECK(device("pci_model33") == NULL);
	CHECK_EQ(rte_eal_hotplug_remove("pci", "pci_model33"), -ENODEV);
	/* Paths come escaped. */
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model33", "bar=pci%5fmodel%5Ftest.bar2,dma=" DMA), 0);
	CHECK(bed.was_mapped);
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model33", "bar=" BAR "2,dma=" DMA), -EEXIST);
	CHECK_EQ(bed.probes, 1);
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model2", "bar=none,dma=" DMA), -ENOENT);
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model2", "bar=" BAR ",dma=elsewhere"), -EINVAL);
	CHECK(device("pci_model2") == NULL);
	/* A probe that fails leaves the BAR unmapped, and can be tried again. */
	bed.probe_result = -EIO;
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model2", "bar=" BAR ",dma=" DMA), -EIO);
	CHECK(device("pci_model2") != NULL && device("pci_model2")->mem_resource[0].addr == NULL);
	CHECK(device("pci_model2")->driver == NULL);
	bed.probe_result = 0;
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model2", "bar=" BAR ",dma=" DMA), 0);
	CHECK_EQ(rte_dev_remove(&device("pci_model2")->device), 0);
	/* A bar that shrank since is not mapped. */
	bed.probe_result = 1;
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model2", "bar=" BAR ",dma=" DMA), -ENOTSUP);
	bed.probe_result = 0;
	CHECK_EQ(rte_dev_probe("pci:pci_model2,bar=" BAR ",dma=" DMA), 0);
	CHECK_EQ(rte_eal_hotplug_remove("pci", "pci_model2"), 0);
}

static int interrupts;

static void
interrupted(void *arg)
{
	rte_intr_ack(arg);
	__atomic_add_fetch(&interrupts, 1, __ATOMIC_RELEASE);
}

static bool
interrupts_reach(int n)
{
	unsigned int i;

	for (i = 0; i < 5000 && __atomic_load_n(&interrupts, __ATOMIC_ACQUIRE) < n; i++)
		rte_delay_us_sleep(1000);
	return __atomic_load_n(&interrupts, __ATOMIC_ACQUIRE) >= n;
}

static void
interrupts_arrive(void)
{
	struct rte_pci_device *dev = device("pci_model33");
	uint16_t command;

	/* Without irq= there is no source, which a driver can tell. */
	CHECK(dev->intr_handle != NULL);
	CHECK_EQ(rte_intr_callback_register(dev->intr_handle, interrupted, NULL), -EINVAL);
	if (!model_irq_make(IRQ)) {
		bed_file(IRQ, 1, 0);
		CHECK(rte_eal_hotplug_add("pci", "pci_model4", "bar=" BAR ",dma=" DMA ",irq=" IRQ) < 0);
		CHECK(log_has("irq=" IRQ ": this system has no such interrupts: leave it out"));
		return;
	}
	CHECK_EQ(rte_eal_hotplug_add("pci", "pci_model4", "bar=" BAR ",dma=" DMA ",irq=" IRQ), 0);
	dev = device("pci_model4");
	CHECK_EQ(rte_intr_callback_register(dev->intr_handle, interrupted, dev->intr_handle), 0);
	CHECK_EQ(rte_intr_disable(dev->intr_handle), 0);
	CHECK(bed_read(BAR ".config", RTE_PCI_COMMAND, &command, 2));
	CHECK_EQ(command & RTE_PCI_COMMAND_INTX_DISABLE, RTE_PCI_COMMAND_INTX_DISABLE);
	CHECK_EQ(rte_intr_enable(dev->intr_handle), 0);
	CHECK(bed_read(BAR ".config", RTE_PCI_COMMAND, &command, 2));
	CHECK_EQ(command & RTE_PCI_COMMAND_INTX_DISABLE, 0);
	/* Each time the model's end is closed, which must not be the last time. */
	CHECK(model_irq_raise(IRQ) && interrupts_reach(1));
	CHECK(model_irq_raise(IRQ) && interrupts_reach(2));
	CHECK_EQ(rte_intr_callback_unregister_sync(dev->intr_handle, interrupted, (void *)-1), 1);
	CHECK_EQ(rte_eal_hotplug_remove("pci", "pci_model4"), 0);
}

static void
a_dump_shows_them(void)
{
	FILE *f = tmpfile();
	char text[2048] = "";

	CHECK(f != NULL);
	rte_pci_dump(f);
	rewind(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	CHECK(strstr(text, "f00d:00:00.0 (pci_model0): vendor bed0, device 1583, class 020000") != NULL);
	CHECK(strstr(text, "by model, driver net_bed") != NULL);
	CHECK(strstr(text, "BAR 0: 0x1280000000, 65536 bytes, mapped") != NULL);
}

static void
nothing_is_left_behind(void)
{
	uint32_t i, n = entries();
	char path[64];

	for (i = 0; i < n; i++) {
		CHECK_EQ(entry_at(i).state, 0);
		snprintf(path, sizeof(path), DMA "/memory.%u", entry_at(i).file);
		CHECK(!bed_exists(path));
	}
	CHECK_EQ(bed.removes, 2);
}

/* A run that crashed left these; the map that knew them may be gone. */
static void
clean(void)
{
	char path[64];
	int i;

	remove(DMA "/map");
	for (i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), DMA "/memory.%d", i);
		remove(path);
	}
}

int
main(void)
{
	log_capture("pci_model_test.log");
	clean();
	bed_file(BAR, BED_BAR_SIZE, 0);
	bed_file(BAR "2", BED_BAR_SIZE, 0);
	bed_config(BAR ".config", BED_CONFIG_SIZE);
	bed_config(BAR "2.config", BED_CONFIG_SIZE);
	rte_pci_register(&bed_driver);
	RUN(each_error_names_object_and_remedy);
	RUN(a_folder_has_one_user);
	RUN(a_driver_that_fails_ends_the_start);
	RUN(devices_come_up_where_a_predecessor_was_killed);
	RUN(a_device_is_what_its_files_say);
	RUN(configuration_space_is_read_and_written);
	RUN(bars_are_read_in_pieces);
	RUN(addresses_are_scrambled);
	RUN(a_zone_is_where_its_address_says);
	RUN(contiguous_requests_find_place_between_gaps);
	RUN(packets_do_not_cross_chunks);
	RUN(other_memory_has_no_address);
	RUN(further_memory_is_the_drivers_affair);
	RUN(devices_come_and_go);
	RUN(interrupts_arrive);
	RUN(a_dump_shows_them);
	bed.removes = 0;
	rte_eal_cleanup();
	RUN(nothing_is_left_behind);
	rte_openlog_stream(NULL);
	fclose(log_file);
	return check_summary();
}
