/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which addresses devices are given: the process's own (VA), or those of a memory source (PA).
 */
#include <errno.h>

#include <rte_bus.h>
#include <rte_eal.h>
#include <rte_eal_memconfig.h>
#include <rte_memory.h>
#include <wdpdk_memory_source.h>

#include "eal_memory_private.h"
#include "eal_private.h"

static const struct wdpdk_memory_source *source;

int
wdpdk_memory_source_set(const struct wdpdk_memory_source *wanted)
{
	if (wanted == NULL && !eal_memory_is_open()) {
		source = NULL;
		return 0;
	}
	if (wanted == NULL || wanted->take == NULL || wanted->give == NULL || wanted->chunk < RTE_PGSIZE_2M ||
	    !rte_is_power_of_2((uint32_t)(wanted->chunk >> 21)) || wanted->chunk % RTE_PGSIZE_2M != 0 ||
	    wanted->contiguous < wanted->chunk)
		return -EINVAL;
	if (eal_memory_is_open())
		return -EBUSY;
	if (source != NULL && source != wanted)
		return -EEXIST;
	source = wanted;
	return 0;
}

const struct wdpdk_memory_source *
wdpdk_memory_source_get(void)
{
	return source;
}

void
eal_memory_source_close(void)
{
	const struct wdpdk_memory_source *last = source;

	source = NULL;
	if (last != NULL && last->close != NULL)
		last->close(last->arg);
}

/* Physical addresses, when something needs them. */
static int
choose_physical(const struct eal_options *options, bool asked)
{
	const char *why = NULL;

	if (options->no_huge)
		why = "they are those of huge pages: leave --no-huge out";
	else if (eal_os_physical_open(options, &why) == 0)
		return 0;
	/* Who asked cannot go on; a device that needs them says so itself and is left out. */
	RTE_LOG(ERR, EAL, "%s: physical addresses are not available: %s\n", asked ? "--iova-mode pa" : "a device was found that needs them",
		why);
	return asked ? ENOTSUP : 0;
}

int
eal_iova_choose(const struct eal_options *options)
{
	if (source != NULL) {
		if (options->iova_mode != RTE_IOVA_VA)
			return 0;
		RTE_LOG(ERR, EAL, "--iova-mode va: memory comes from %s and has its addresses: leave the option out\n", source->name);
		return EINVAL;
	}
	if (options->iova_mode == RTE_IOVA_PA)
		return choose_physical(options, true);
	if (options->iova_mode == RTE_IOVA_DC && rte_bus_get_iommu_class() == RTE_IOVA_PA)
		return choose_physical(options, false);
	return 0;
}

enum rte_iova_mode
rte_eal_iova_mode(void)
{
	return source != NULL ? RTE_IOVA_PA : RTE_IOVA_VA;
}

int
rte_eal_using_phys_addrs(void)
{
	return source != NULL;
}

rte_iova_t
rte_mem_virt2iova(const void *virt)
{
	const struct eal_area *area;
	const struct rte_memseg *ms;

	if (virt == NULL)
		return RTE_BAD_IOVA;
	if (source == NULL)
		return (rte_iova_t)(uintptr_t)virt;
	area = eal_area_of(virt);
	ms = area != NULL ? rte_mem_virt2memseg(virt, &area->msl) : NULL;
	if (ms != NULL && ms->iova != RTE_BAD_IOVA)
		return ms->iova + RTE_PTR_DIFF(virt, ms->addr);
	return source->foreign != NULL ? source->foreign(source->arg, virt) : RTE_BAD_IOVA;
}

phys_addr_t
rte_mem_virt2phy(const void *virt)
{
	return virt == NULL ? RTE_BAD_IOVA : eal_os_virt2phy(virt);
}

struct iova_search {
	rte_iova_t iova;
	void *virt;
};

static int
match_iova(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg)
{
	struct iova_search *search = arg;

	RTE_SET_USED(msl);
	if (ms->iova == RTE_BAD_IOVA || search->iova - ms->iova >= ms->len)
		return 0;
	search->virt = RTE_PTR_ADD(ms->addr, search->iova - ms->iova);
	return 1;
}

void *
rte_mem_iova2virt(rte_iova_t iova)
{
	struct iova_search search = { iova, NULL };
	const struct rte_memseg_list *msl = NULL;
	const struct rte_memseg *ms = NULL;

	if (iova == RTE_BAD_IOVA)
		return NULL;
	rte_mcfg_mem_read_lock();
	/* Of the system's memory an IOVA is the address: no need to search. */
	if (source == NULL)
		msl = rte_mem_virt2memseg_list((void *)(uintptr_t)iova);
	if (msl != NULL && !msl->external)
		ms = rte_mem_virt2memseg((void *)(uintptr_t)iova, msl);
	if (ms != NULL)
		search.virt = (void *)(uintptr_t)iova;
	else
		rte_memseg_walk_thread_unsafe(match_iova, &search);
	rte_mcfg_mem_read_unlock();
	return search.virt;
}
