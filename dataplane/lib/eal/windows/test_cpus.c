/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: CPUs of machines that are not here. Each machine is a row; what is asked of the system is asked of the row.
 */
#include <rte_common.h>
#include <rte_config.h>
#include <rte_lcore.h>
#include <rte_thread.h>

#include "eal_os_cpus.h"

#include "check.h"

#define ALL UINT64_MAX

struct machine {
	const char *name;
	unsigned int groups;
	uint64_t active[4];
	unsigned int cpus_a_node; /* of a group: node = processors before it / this; 0: the system does not say */
	bool confined;
	unsigned int own_group;
	uint64_t own_mask;
	/* What has to come of it: */
	unsigned int count, left_out, available, highest_node;
};

static const struct machine machines[] = {
	{"a laptop", 1, {0xff}, 8, true, 0, 0xff, 8, 0, 8, 0},
	{"start /affinity f", 1, {0xff}, 8, true, 0, 0x0f, 8, 0, 4, 0},
	{"two nodes, one group", 1, {0xffffffff}, 16, true, 0, 0xffffffff, 32, 0, 32, 1},
	{"64 in a group", 1, {ALL}, 64, true, 0, ALL, 64, 0, 64, 0},
	{"two groups of 40, Windows 10", 2, {0xffffffffff, 0xffffffffff}, 40, true, 0, 0xffffffffff, 80, 0, 80, 1},
	{"two groups of 40, started in the second", 2, {0xffffffffff, 0xffffffffff}, 40, true, 1, 0xffffffffff, 80, 0, 80, 1},
	{"two groups of 40, Windows 11", 2, {0xffffffffff, 0xffffffffff}, 40, false, 0, 0, 80, 0, 80, 1},
	{"two groups, confined in the second", 2, {0xffffffffff, 0xffffffffff}, 40, true, 1, 0x30, 80, 0, 2, 1},
	{"128 in two groups", 2, {ALL, ALL}, 32, false, 0, 0, 128, 0, 128, 3},
	{"256 in four groups", 4, {ALL, ALL, ALL, ALL}, 64, false, 0, 0, 128, 128, 128, 1},
	{"holes", 2, {0x5, 0xf000000000000001}, 0, false, 0, 0, 7, 0, 7, 0},
	{"a group without processors", 3, {0x3, 0, 0x3}, 2, false, 0, 0, 4, 0, 4, 1},
	{"many nodes", 1, {ALL}, 1, true, 0, ALL, 64, 0, 64, RTE_MAX_NUMA_NODES - 1},
};

static const struct machine *machine;

static unsigned int
groups(void)
{
	return machine->groups;
}

static uint64_t
active(unsigned int group)
{
	return machine->active[group];
}

static int
node(unsigned int group, unsigned int number)
{
	unsigned int before = number, i;

	for (i = 0; i < group; i++)
		before += (unsigned int)__builtin_popcountll(machine->active[i]);
	return machine->cpus_a_node != 0 ? (int)(before / machine->cpus_a_node) : -1;
}

static bool
confined(unsigned int *group, uint64_t *mask)
{
	*group = machine->own_group;
	*mask = machine->own_mask;
	return machine->confined;
}

static const struct eal_cpu_system row = {groups, active, node, confined};

static void
every_machine(void)
{
	struct eal_cpus cpus;
	rte_cpuset_t set;
	unsigned int i, n, highest;

	for (i = 0; i < RTE_DIM(machines); i++) {
		machine = &machines[i];
		eal_cpus_learn(&cpus, &row);
		eal_cpus_available(&cpus, &row, &set);
		for (n = highest = 0; n < cpus.count; n++)
			highest = RTE_MAX(highest, (unsigned int)cpus.cpu[n].node);
		if (cpus.count != machine->count || cpus.left_out != machine->left_out ||
		    CPU_COUNT(&set) != (int)machine->available || highest != machine->highest_node) {
			printf("%s: %u CPUs, %u left out, %d available, nodes up to %u\n", machine->name, cpus.count, cpus.left_out,
				CPU_COUNT(&set), highest);
			CHECK(!"the machine is as its row says");
		}
	}
}

static const struct machine *
named(const char *name)
{
	unsigned int i = 0;

	while (strcmp(machines[i].name, name) != 0)
		i++;
	return &machines[i];
}

/* Processors are counted through the groups, whether or not groups are full. */
static void
numbers(void)
{
	struct eal_cpus cpus;
	rte_cpuset_t set;

	machine = named("two groups of 40, Windows 11");
	eal_cpus_learn(&cpus, &row);
	CHECK_EQ(cpus.cpu[39].group, 0);
	CHECK_EQ(cpus.cpu[39].number, 39);
	CHECK_EQ(cpus.cpu[40].group, 1);
	CHECK_EQ(cpus.cpu[40].number, 0);
	CHECK_EQ(cpus.cpu[40].node, 1);
	machine = named("holes");
	eal_cpus_learn(&cpus, &row);
	CHECK_EQ(cpus.cpu[1].number, 2);
	CHECK_EQ(cpus.cpu[2].group, 1);
	CHECK_EQ(cpus.cpu[3].number, 60);
	machine = named("two groups, confined in the second");
	eal_cpus_learn(&cpus, &row);
	eal_cpus_available(&cpus, &row, &set);
	CHECK(CPU_ISSET(44, &set));
	CHECK(CPU_ISSET(45, &set));
	CHECK(!CPU_ISSET(4, &set));
}

/* A thread is in one group; the set says which. */
static void
binding(void)
{
	struct eal_cpu_group group;
	struct eal_cpus cpus;
	rte_cpuset_t set, back;
	unsigned int i;

	machine = named("two groups of 40, Windows 10");
	eal_cpus_learn(&cpus, &row);
	for (i = 0; i < cpus.count; i++) {
		CPU_ZERO(&set);
		CPU_SET(i, &set);
		group = eal_cpus_to_group(&cpus, &set);
		CHECK_EQ(group.group, i / 40);
		CHECK_EQ(group.mask, UINT64_C(1) << i % 40);
		eal_cpus_from_group(&cpus, &group, &back);
		CHECK(CPU_EQUAL(&set, &back));
	}
	/* Across groups: where most are, and of equals the first. */
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	CPU_SET(41, &set);
	CPU_SET(42, &set);
	group = eal_cpus_to_group(&cpus, &set);
	CHECK_EQ(group.group, 1);
	CHECK_EQ(group.mask, 6);
	CPU_SET(1, &set);
	group = eal_cpus_to_group(&cpus, &set);
	CHECK_EQ(group.group, 0);
	CHECK_EQ(group.mask, 3);
	/* None that there is. */
	CPU_ZERO(&set);
	CPU_SET(100, &set);
	CHECK_EQ(eal_cpus_to_group(&cpus, &set).mask, 0);
}

/* What this machine says holds together, and a thread can be bound to each CPU of its group. */
static void
here(void)
{
	const struct eal_cpus *cpus = eal_os_cpus();
	rte_cpuset_t before, available, set, now;
	unsigned int i;

	CHECK(cpus->count > 0);
	eal_cpus_available(cpus, &eal_cpu_system, &available);
	CHECK(CPU_COUNT(&available) > 0);
	rte_thread_get_affinity(&before);
	CHECK(CPU_COUNT(&before) > 0);
	for (i = 0; i < cpus->count; i++) {
		if (!CPU_ISSET(i, &available))
			continue;
		CPU_ZERO(&set);
		CPU_SET(i, &set);
		CHECK_EQ(rte_thread_set_affinity(&set), 0);
		rte_thread_get_affinity(&now);
		CHECK(CPU_EQUAL(&set, &now));
	}
	CPU_ZERO(&set);
	CHECK(rte_thread_set_affinity(&set) != 0);
	CHECK_EQ(rte_thread_set_affinity(&before), 0);
}

int
main(void)
{
	RUN(every_machine);
	RUN(numbers);
	RUN(binding);
	RUN(here);
	return check_summary();
}
