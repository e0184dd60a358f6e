/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: interrupts of devices that vfio-pci holds. The kernel is told the eventfds, all at once: the handle's own for what is no
 * queue's, then the queues'.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/vfio.h>
#include <rte_common.h>
#include <rte_epoll.h>
#include <rte_interrupts.h>

#include "../common/eal_events.h"

#define VECTORS_MAX (RTE_MAX_RXTX_INTR_VEC_ID + 1)

union request {
	struct vfio_irq_set set;
	char room[sizeof(struct vfio_irq_set) + VECTORS_MAX * sizeof(int)];
};

static uint32_t
index_of(const struct rte_intr_handle *handle)
{
	switch (rte_intr_type_get(handle)) {
	case RTE_INTR_HANDLE_VFIO_MSIX:
		return VFIO_PCI_MSIX_IRQ_INDEX;
	case RTE_INTR_HANDLE_VFIO_MSI:
		return VFIO_PCI_MSI_IRQ_INDEX;
	default:
		return VFIO_PCI_INTX_IRQ_INDEX;
	}
}

static int
tell(const struct rte_intr_handle *handle, union request *request, uint32_t flags, uint32_t count, size_t data)
{
	request->set.argsz = (uint32_t)(sizeof(request->set) + data);
	request->set.flags = flags;
	request->set.index = index_of(handle);
	request->set.start = 0;
	request->set.count = count;
	return ioctl(rte_intr_dev_fd_get(handle), VFIO_DEVICE_SET_IRQS, &request->set) == 0 ? 0 : -errno;
}

int
eal_os_vfio_switch(const struct rte_intr_handle *handle, bool on)
{
	union request request;
	int queues = rte_intr_type_get(handle) == RTE_INTR_HANDLE_VFIO_MSIX ? rte_intr_nb_efd_get(handle) : 0;
	uint32_t count = 1;
	int fd = rte_intr_fd_get(handle), ret;

	if (!on)
		return tell(handle, &request, VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER, 0, 0);
	memcpy(request.set.data, &fd, sizeof(fd));
	for (int i = 0; i < queues && count < VECTORS_MAX; i++, count++) {
		fd = rte_intr_efds_index_get(handle, i);
		memcpy(request.set.data + count * sizeof(fd), &fd, sizeof(fd));
	}
	ret = tell(handle, &request, VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER, count, count * sizeof(fd));
	/* A line may be masked since it fired last. */
	if (ret == 0 && rte_intr_type_get(handle) == RTE_INTR_HANDLE_VFIO_LEGACY)
		ret = eal_os_vfio_unmask(handle);
	return ret;
}

int
eal_os_vfio_unmask(const struct rte_intr_handle *handle)
{
	union request request;

	return tell(handle, &request, VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK, 1, 0);
}
