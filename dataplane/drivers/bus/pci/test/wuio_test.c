/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Cards that wdpdkuio.sys holds, from the program's side: the driver is the test's (wuio_fake.c).
 */
#include <errno.h>
#include <stdlib.h>

#include <bus_driver.h>
#include <rte_cycles.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_io.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "../../../../lib/eal/common/test_support.h"
#include "pci_bed.h"
#include "wuio_fake.h"

#define EAL "test -l 0 --no-pci -m 16 "
#define CARD0 "0000:65:00.0"
#define CARD1 "0000:65:00.1"
#define CARD2 "0000:66:00.0"

/* ---- the bus, on a system whose cards are the test's ---- */

static rte_bus_scan_t scan_before;
static rte_bus_cleanup_t cleanup_before;

static int
scan_cards(void)
{
	int ret = scan_before(), own = wuio_scan(&fake_os);

	return ret != 0 ? ret : own;
}

static int
close_cards(void)
{
	int ret = cleanup_before();

	wuio_close();
	return ret;
}

static void
refused(const char *arguments, const char *why)
{
	unsigned int i;

	log_taken();
	CHECK_EQ(eal_start(arguments), -1);
	CHECK(log_has(why));
	/* Nothing stays open, mapped or taken. */
	CHECK_EQ(fake.blocks, 0);
	for (i = 0; i < FAKE_CARDS; i++) {
		CHECK(!fake.card[i].owned && !fake.card[i].master && !fake.card[i].waiting);
		CHECK_EQ(fake.card[i].observers, 0);
		CHECK_EQ(fake.card[i].mappings, 0);
		CHECK(fake.card[i].guarded == NULL);
	}
	CHECK(wuio_functions == NULL);
	fake_reset();
}

/* ---- starts that fail ---- */

static void
a_card_that_cannot_be_had_says_why(void)
{
	fake.card[0].owner_elsewhere = 4711;
	refused(EAL "-a " CARD0, CARD0 " is in use by process 4711: end that");
	fake.late = true;
	fake.card[0].owner_elsewhere = 4712;
	refused(EAL "-a " CARD0, CARD0 " is in use by process 4712: end that");
	fake.card[0].open_status = WDPDK_UIO_E_DENIED;
	refused(EAL "-a " CARD0, CARD0 ": access denied: run as administrator, or let an administrator put you into the group");
	fake.card[0].open_status = WDPDK_UIO_E_NOT_READY;
	refused(EAL "-a " CARD0, CARD0 " could not be made quiet after its last use");
	fake.card[1].open_status = WDPDK_UIO_E_IO;
	refused(EAL "-a " CARD0 " -a " CARD1, CARD1 " cannot be opened: the card, or its mapping, failed");
}

static void
two_versions_are_both_named(void)
{
	fake.version = 9;
	CHECK_EQ(wuio_scan(&fake_os), 0);
	CHECK(log_has("card0: wdpdkuio.sys speaks version 9 of its contract, and this program version 1"));
	CHECK(wuio_functions == NULL);
	fake_reset();
	fake.fail_code = WDPDK_UIO_INFO;
	fake.fail_status = WDPDK_UIO_E_VERSION;
	CHECK_EQ(wuio_scan(&fake_os), 0);
	CHECK(log_has("card0: wdpdkuio.sys does not speak version 1 of its contract"));
	fake_reset();
	fake.card[0].info.bar[0].holes = 3;
	fake.card[1].info.chunk = 4096;
	fake.card[2].info.vendor = 0xffff;
	CHECK_EQ(wuio_scan(&fake_os), 0);
	CHECK(log_has("card0: what wdpdkuio.sys says of it cannot be"));
	CHECK(wuio_functions == NULL);
	fake_reset();
}

static void
what_the_driver_refuses_ends_the_start(void)
{
	fake.fail_code = WDPDK_UIO_MAP_BAR;
	fake.fail_status = WDPDK_UIO_E_NO_MEMORY;
	refused(EAL "-a " CARD0, CARD0 ": BAR 0: ");
	fake.fail_code = WDPDK_UIO_BUS_MASTER;
	fake.fail_status = WDPDK_UIO_E_IO;
	refused(EAL "-a " CARD0, CARD0 ": bus mastering cannot be switched on");
	fake.fail_code = WDPDK_UIO_DMA_ALLOC;
	fake.fail_status = WDPDK_UIO_E_NO_MEMORY;
	refused(EAL "-a " CARD0, "finds no 16 MB in contiguous pieces of 2 MB (node 0)");
	refused("test -l 0 --no-pci -m 64 -a " CARD0, "gives a process at most 48 MB, 0 of which this one has: 64 MB more are too many");
	fake.wrong_address = true;
	refused(EAL "-a " CARD0, CARD0 ": wdpdkuio.sys gave 16 MB of memory with addresses that cannot be");
	refused(EAL "-a " CARD0 " -a " CARD2, CARD2 " cannot use memory from wdpdkuio.sys: its bus addresses are not those of " CARD0);
	refused(EAL "-a " CARD0 " --iova-mode va", "--iova-mode va: memory comes from wdpdkuio.sys");
	bed.probe_result = -EIO;
	refused(EAL "-a " CARD0, CARD0 ": driver net_bed could not start it");
	bed.probe_result = 0;
}

/* ---- a start ---- */

static void
the_allowed_cards_are_opened_and_no_other(void)
{
	unsigned int i;
	uint64_t calls;

	fake.card[0].needs_reset = true;
	bed.probes = 0;
	log_taken();
	calls = wuio_calls();
	CHECK(eal_start(EAL "-a " CARD0 " -a " CARD1 " -a 0000:77:00.0") >= 0);
	CHECK(log_has("0000:77:00.0 is not bound to wdpdkuio.sys: npx wdpdk devices lists the cards there are"));
	CHECK_EQ(bed.probes, 2);
	CHECK(bed.was_mapped);
	CHECK(fake.card[0].owned && fake.card[1].owned && !fake.card[2].owned);
	CHECK(fake.card[0].master && fake.card[1].master);
	CHECK_STR(fake.log, "open0 open1 alloc map0.0 reset0 master0 map1.0 master1 ");
	CHECK_EQ(rte_eal_iova_mode(), RTE_IOVA_PA);
	for (i = 0; i < 2; i++)
		while (!__atomic_load_n(&fake.card[i].waiting, __ATOMIC_ACQUIRE))
			rte_delay_us_sleep(1000);
	CHECK_EQ(wuio_calls() - calls, __atomic_load_n(&fake.calls, __ATOMIC_RELAXED));
}

static struct rte_pci_device *
device(const char *name)
{
	struct rte_pci_addr addr;
	struct pci_device *dev;

	CHECK_EQ(rte_pci_addr_parse(name, &addr), 0);
	dev = pci_device_find(&addr);
	return dev != NULL ? &dev->public : NULL;
}

static void
a_card_is_what_the_driver_says(void)
{
	struct rte_pci_device *dev = device(CARD0);

	CHECK(dev != NULL && device(CARD2) != NULL);
	CHECK_EQ(dev->id.vendor_id, BED_VENDOR);
	CHECK_EQ(dev->id.device_id, BED_DEVICE);
	CHECK_EQ(dev->id.class_id, 0x020000);
	CHECK_EQ(dev->id.subsystem_device_id, 7);
	CHECK_EQ(dev->kdrv, RTE_PCI_KDRV_NET_UIO);
	CHECK_EQ(dev->device.numa_node, 0);
	/* As far as the interrupt vectors' page; a BAR that begins with it, and ports, not at all. */
	CHECK_EQ(dev->mem_resource[0].len, FAKE_HOLE_AT);
	CHECK(dev->mem_resource[0].addr == fake.card[0].bar);
	CHECK(fake.card[0].guarded == fake.card[0].bar);
	CHECK(dev->mem_resource[2].len == 0 && dev->mem_resource[3].addr == NULL);
}

static void
only_two_bits_of_configuration_space_are_written(void)
{
	struct rte_pci_device *dev = device(CARD0);
	uint8_t bytes[300];
	uint16_t control;

	CHECK_EQ(rte_pci_read_config(dev, bytes, sizeof(bytes), 0), 300);
	CHECK_MEM(bytes, "\xd0\xbe\x83\x15", 4);
	CHECK_EQ(bytes[299], 0xff);
	CHECK_EQ(rte_pci_find_capability(dev, RTE_PCI_CAP_ID_EXP), BED_EXPRESS_AT);
	CHECK_EQ(rte_pci_read_config(dev, &control, 2, BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL), 2);
	control |= 0x100;
	CHECK_EQ(rte_pci_write_config(dev, &control, 2, BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL), 2);
	CHECK_EQ(fake.card[0].config[BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL + 1], 1);
	control |= 0x200;
	CHECK_EQ(rte_pci_write_config(dev, &control, 2, BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL), -EACCES);
	/* The same again is no write; an odd byte is one of its register. */
	CHECK_EQ(rte_pci_write_config(dev, bytes, 4, 0), 4);
	bytes[0] = 2;
	CHECK_EQ(rte_pci_write_config(dev, bytes, 1, BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL + 1), -EACCES);
	bytes[0] = 0;
	CHECK_EQ(rte_pci_write_config(dev, bytes, 1, BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL + 1), 1);
	CHECK_EQ(fake.card[0].config[BED_EXPRESS_AT + RTE_PCI_EXP_DEVCTL + 1], 0);
	CHECK_EQ(rte_pci_set_bus_master(dev, false), 0);
	CHECK(!fake.card[0].master);
	CHECK_EQ(rte_pci_set_bus_master(dev, true), 0);
	CHECK(fake.card[0].master);
}

static void
all_memory_is_the_drivers(void)
{
	const struct rte_memzone *zone = rte_memzone_reserve_aligned("test", 1 << 20, SOCKET_ID_ANY, RTE_MEMZONE_IOVA_CONTIG, 4096);
	uint64_t before = fake.bytes, calls = wuio_calls();
	void *more;

	CHECK(zone != NULL);
	CHECK(zone->iova > UINT64_C(1) << 40 && zone->iova < UINT64_C(1) << 46);
	CHECK_EQ(rte_mem_virt2iova(RTE_PTR_ADD(zone->addr, 5000)), zone->iova + 5000);
	CHECK_EQ(wuio_calls(), calls);
	/* Beyond -m a heap grows, up to what the driver gives. */
	more = rte_malloc("more", 16 << 20, 0);
	CHECK(more != NULL);
	CHECK(fake.bytes > before);
	CHECK(wuio_calls() > calls);
	rte_free(more);
	log_taken();
	CHECK(rte_malloc("too much", 64 << 20, 0) == NULL);
	CHECK(log_has("wdpdkuio.sys gives a process at most 48 MB"));
	CHECK_EQ(rte_memzone_free(zone), 0);
}

static unsigned int told;
static char told_name[64];

static void
on_event(const char *name, enum rte_dev_event_type event, void *arg)
{
	(void)arg;
	snprintf(told_name, sizeof(told_name), "%s", name);
	if (event == RTE_DEV_EVENT_REMOVE)
		__atomic_store_n(&told, 1, __ATOMIC_RELEASE);
}

/* The listener hears of it; the card's memory, registers and end do no harm. */
static void
a_card_that_is_taken_out_is_told(void)
{
	struct rte_pci_device *dev = device(CARD1);
	unsigned int i;

	CHECK_EQ(rte_dev_event_callback_register(NULL, on_event, NULL), 0);
	fake_remove(1);
	for (i = 0; i < 10000 && __atomic_load_n(&told, __ATOMIC_ACQUIRE) == 0; i++)
		rte_delay_us_sleep(1000);
	CHECK_EQ(__atomic_load_n(&told, __ATOMIC_ACQUIRE), 1);
	CHECK_STR(told_name, CARD1);
	while (rte_dev_event_callback_unregister(NULL, on_event, NULL) == -EAGAIN)
		rte_delay_us_sleep(1000);
	CHECK_EQ(rte_pci_read_config(dev, &(uint32_t){0}, 4, 0), -ENODEV);
	fake.log[0] = '\0';
	CHECK_EQ(rte_dev_remove(&dev->device), 0);
	CHECK(device(CARD1) == NULL);
	/* Its handle stays, and it does not come back while the process is there. */
	CHECK_STR(fake.log, "");
	CHECK(fake.card[1].owned && fake.card[1].guarded == NULL);
	CHECK(rte_dev_probe(CARD1) != 0);
}

static void
cards_come_and_go(void)
{
	fake.log[0] = '\0';
	CHECK_EQ(rte_dev_remove(&device(CARD0)->device), 0);
	CHECK_STR(fake.log, "still0 unmap0 ");
	CHECK(fake.card[0].owned);
	CHECK_EQ(rte_dev_probe(CARD0), 0);
	CHECK_STR(fake.log, "still0 unmap0 map0.0 master0 ");
	log_taken();
	CHECK(rte_dev_probe(CARD2) != 0);
	CHECK(log_has(CARD2 " cannot use memory from wdpdkuio.sys"));
	CHECK_EQ(fake.card[2].mappings, 0);
}

/* No card is allowed to write when memory goes, and no handle goes before it. */
static void
the_end_is_in_order(void)
{
	const char *log = fake.log, *free_at, *close_at;
	unsigned int i;

	fake.log[0] = '\0';
	CHECK_EQ(rte_eal_cleanup(), 0);
	free_at = strstr(log, "free ");
	close_at = strstr(log, "close");
	CHECK(strncmp(log, "still0 unmap0 free ", 19) == 0);
	CHECK(close_at != NULL && strstr(close_at, "free") == NULL && strstr(free_at, "still") == NULL);
	CHECK_EQ(fake.blocks, 0);
	for (i = 0; i < FAKE_CARDS; i++)
		CHECK(!fake.card[i].owned && fake.card[i].observers == 0 && !fake.card[i].waiting);
	CHECK(wuio_functions == NULL);
}

int
main(void)
{
	fake_reset();
	log_capture("wuio_test.log");
	rte_pci_register(&bed_driver);
	scan_before = pci_bus.scan;
	cleanup_before = pci_bus.cleanup;
	pci_bus.scan = scan_cards;
	pci_bus.cleanup = close_cards;
	RUN(a_card_that_cannot_be_had_says_why);
	RUN(two_versions_are_both_named);
	RUN(what_the_driver_refuses_ends_the_start);
	RUN(the_allowed_cards_are_opened_and_no_other);
	RUN(a_card_is_what_the_driver_says);
	RUN(only_two_bits_of_configuration_space_are_written);
	RUN(all_memory_is_the_drivers);
	RUN(a_card_that_is_taken_out_is_told);
	RUN(cards_come_and_go);
	RUN(the_end_is_in_order);
	return check_summary();
}
