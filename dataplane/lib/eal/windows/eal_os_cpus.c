/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: processor groups and nodes.
 */
#include <stdlib.h>
#include <windows.h>

#include <rte_common.h>
#include <rte_config.h>

#include "eal_os_cpus.h"

/* ---- of any machine ---- */

void
eal_cpus_learn(struct eal_cpus *cpus, const struct eal_cpu_system *system)
{
	unsigned int groups = RTE_MIN(system->groups(), (unsigned int)EAL_CPU_GROUPS), group, number;
	uint64_t active;
	int node;

	cpus->count = cpus->left_out = 0;
	for (group = 0; group < groups; group++)
		for (active = system->active(group); active != 0; active &= active - 1) {
			if (cpus->count == CPU_SETSIZE) {
				cpus->left_out++;
				continue;
			}
			number = (unsigned int)__builtin_ctzll(active);
			node = system->node(group, number);
			cpus->cpu[cpus->count++] = (struct eal_cpu){
				.group = (uint16_t)group,
				.number = (uint8_t)number,
				.node = node >= 0 && node < RTE_MAX_NUMA_NODES ? (uint8_t)node : 0,
			};
		}
}

void
eal_cpus_from_group(const struct eal_cpus *cpus, const struct eal_cpu_group *group, rte_cpuset_t *set)
{
	unsigned int i;

	CPU_ZERO(set);
	for (i = 0; i < cpus->count; i++)
		if (cpus->cpu[i].group == group->group && (group->mask >> cpus->cpu[i].number & 1) != 0)
			CPU_SET(i, set);
}

void
eal_cpus_available(const struct eal_cpus *cpus, const struct eal_cpu_system *system, rte_cpuset_t *set)
{
	struct eal_cpu_group own = {0};
	unsigned int group, i;

	if (system->confined(&group, &own.mask)) {
		own.group = (uint16_t)group;
		/* All of its group is where Windows 10 puts every process; less was somebody's wish. */
		if (system->groups() <= 1 || (own.mask & system->active(group)) != system->active(group)) {
			eal_cpus_from_group(cpus, &own, set);
			return;
		}
	}
	CPU_ZERO(set);
	for (i = 0; i < cpus->count; i++)
		CPU_SET(i, set);
}

struct eal_cpu_group
eal_cpus_to_group(const struct eal_cpus *cpus, const rte_cpuset_t *set)
{
	struct eal_cpu_group best = {0}, one = {0};
	unsigned int i;

	/* CPUs of a group follow each other. */
	for (i = 0; i < cpus->count; i++) {
		if (cpus->cpu[i].group != one.group)
			one = (struct eal_cpu_group){.group = cpus->cpu[i].group};
		if (CPU_ISSET(i, set))
			one.mask |= UINT64_C(1) << cpus->cpu[i].number;
		if (__builtin_popcountll(one.mask) > __builtin_popcountll(best.mask))
			best = one;
	}
	return best;
}

/* ---- of this one ---- */

static unsigned int
this_groups(void)
{
	return GetActiveProcessorGroupCount();
}

static uint64_t
this_active(unsigned int group)
{
	SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *info = NULL;
	DWORD size = 0, count;
	uint64_t mask = 0;

	GetLogicalProcessorInformationEx(RelationGroup, NULL, &size);
	if (size != 0)
		info = malloc(size);
	if (info != NULL && GetLogicalProcessorInformationEx(RelationGroup, info, &size) && info->Relationship == RelationGroup &&
	    group < info->Group.ActiveGroupCount)
		mask = (uint64_t)info->Group.GroupInfo[group].ActiveProcessorMask;
	free(info);
	if (mask != 0)
		return mask;
	count = GetActiveProcessorCount((WORD)group);
	return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static int
this_node(unsigned int group, unsigned int number)
{
	PROCESSOR_NUMBER processor = {.Group = (WORD)group, .Number = (BYTE)number};
	USHORT node;

	return GetNumaProcessorNodeEx(&processor, &node) && node != UINT16_MAX ? node : -1;
}

static bool
this_confined(unsigned int *group, uint64_t *mask)
{
	DWORD_PTR process = 0, machine = 0;
	USHORT own[1] = {0}, count = 1;

	/* Of a process in several groups the mask says nothing. */
	if (GetActiveProcessorGroupCount() > 1 && (!GetProcessGroupAffinity(GetCurrentProcess(), &count, own) || count != 1))
		return false;
	if (!GetProcessAffinityMask(GetCurrentProcess(), &process, &machine) || process == 0)
		return false;
	*group = own[0];
	*mask = (uint64_t)process;
	return true;
}

static struct eal_cpus here;

static BOOL CALLBACK
learn_here(INIT_ONCE *once, void *arg, void **context)
{
	(void)once;
	(void)arg;
	(void)context;
	eal_cpus_learn(&here, &eal_cpu_system);
	return TRUE;
}

const struct eal_cpu_system eal_cpu_system = {
	.groups = this_groups,
	.active = this_active,
	.node = this_node,
	.confined = this_confined,
};

const struct eal_cpus *
eal_os_cpus(void)
{
	static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

	InitOnceExecuteOnce(&once, learn_here, NULL, NULL);
	return &here;
}
