/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: the machine's logical processors as CPUs of one row. Windows names a processor by group and number, at most 64 to
 * a group, and groups need not be full; a CPU here is a processor's place among all that are active, group by group, as in
 * DPDK: two groups of 40 are CPUs 0 to 79.
 */
#ifndef EAL_OS_CPUS_H
#define EAL_OS_CPUS_H

#include <stdbool.h>
#include <stdint.h>

#include <sched.h>

/* Of the system's groups that are looked at. */
#define EAL_CPU_GROUPS 64

struct eal_cpu {
	uint16_t group;
	uint8_t number;
	uint8_t node; /* below RTE_MAX_NUMA_NODES */
};

/** What is learnt once; read by any thread from then on. */
struct eal_cpus {
	unsigned int count;    /* at most CPU_SETSIZE */
	unsigned int left_out; /* processors beyond */
	struct eal_cpu cpu[CPU_SETSIZE];
};

/** What is asked of the system; tests have machines of their own. */
struct eal_cpu_system {
	/** Groups, numbered from 0. */
	unsigned int (*groups)(void);
	/** Active processors of a group, as bits. */
	uint64_t (*active)(unsigned int group);
	/** The node of a processor; -1: the system does not say. */
	int (*node)(unsigned int group, unsigned int number);
	/**
	 * The group of this process and its processors there, when it is confined to one group, else false. On a machine of several
	 * groups a process may be in one of them and its threads be put into any.
	 */
	bool (*confined)(unsigned int *group, uint64_t *mask);
};

/** A set of processors that a thread can be bound to. */
struct eal_cpu_group {
	uint16_t group;
	uint64_t mask; /* 0: none */
};

void eal_cpus_learn(struct eal_cpus *cpus, const struct eal_cpu_system *system);
/** Where this process may run: everywhere, unless it was given some processors of its group only. */
void eal_cpus_available(const struct eal_cpus *cpus, const struct eal_cpu_system *system, rte_cpuset_t *set);
/** The group that has most of the set's CPUs, the first of equals: a thread runs in one group at a time. */
struct eal_cpu_group eal_cpus_to_group(const struct eal_cpus *cpus, const rte_cpuset_t *set);
void eal_cpus_from_group(const struct eal_cpus *cpus, const struct eal_cpu_group *group, rte_cpuset_t *set);

/** This machine. */
extern const struct eal_cpu_system eal_cpu_system;
/** Its CPUs, learnt by the first who asks; any thread. */
const struct eal_cpus *eal_os_cpus(void);

#endif
