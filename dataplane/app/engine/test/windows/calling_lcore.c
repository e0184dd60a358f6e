/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What must not be: a dataplane whose lcores ask the kernel's driver something for each burst that they send. It is linked in front of
 * the real one (--wrap), so that the test that watches the driver's counter of requests is seen to find that.
 */
#include "../../../../drivers/bus/pci/wdpdkuio/wuio.h"

#include "lcore.h"

unsigned int __real_lcore_send(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n);
unsigned int __wrap_lcore_send(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n);
unsigned int __real_lcore_send_sized(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n,
	uint64_t bytes, uint32_t longest);
unsigned int __wrap_lcore_send_sized(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n,
	uint64_t bytes, uint32_t longest);

static void
ask(void)
{
	struct wdpdk_uio_info info;

	if (wuio_functions != NULL && wuio_functions->handle != NULL)
		(void)wuio_ask(wuio_functions->handle, WDPDK_UIO_INFO, &info, sizeof(info));
}

unsigned int
__wrap_lcore_send(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n)
{
	ask();
	return __real_lcore_send(lcore, in, out, pkts, n);
}

unsigned int
__wrap_lcore_send_sized(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n, uint64_t bytes,
	uint32_t longest)
{
	ask();
	return __real_lcore_send_sized(lcore, in, out, pkts, n, bytes, longest);
}
