/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the EAL's own files share, and the operating system's part of it (functions named eal_os_*, in linux/ and
 * windows/).
 */
#ifndef EAL_PRIVATE_H
#define EAL_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_common.h>
#include <rte_bus.h>
#include <rte_devargs.h>
#include <rte_lcore.h>
#include <rte_log.h>

#define EAL_MAX_DEVICE_OPTIONS 256

/** The command line, parsed and checked; strings point into argv. */
struct eal_options {
	bool lcore_enabled[RTE_MAX_LCORE];
	rte_cpuset_t lcore_cpus[RTE_MAX_LCORE];
	bool lcore_service[RTE_MAX_LCORE]; /* to be a service lcore */
	unsigned int main_lcore;
	size_t memory; /* -m in bytes; 0: not given */
	bool socket_memory_given;
	size_t socket_memory[RTE_MAX_NUMA_NODES]; /* --socket-mem in bytes */
	size_t socket_limit[RTE_MAX_NUMA_NODES];  /* --socket-limit in bytes; 0: none */
	uintptr_t base_virtaddr;                  /* --base-virtaddr; 0: the system chooses */
	enum rte_iova_mode iova_mode;             /* --iova-mode; RTE_IOVA_DC: not given */
	const char *huge_dir;                     /* --huge-dir; NULL: huge pages have no names */
	bool no_huge;
	bool legacy_mem;           /* all memory at start, none later, none given back */
	bool match_allocations;    /* memory goes back to the system in the pieces it was taken in */
	bool single_file_segments;
	bool no_pci;
	bool show_version;
	bool show_help;
	unsigned int nchannel;
	unsigned int nrank;
	const char *mbuf_pool_ops;
	const char *file_prefix;
	unsigned int max_simd; /* 0: not given */
	unsigned int device_count;
	struct {
		enum rte_devtype type;
		const char *text;
	} device[EAL_MAX_DEVICE_OPTIONS];
	int consumed; /* index of the last argument that is the EAL's */
};

/**
 * Parses argv, and moves words that are no options behind those that are. available: the CPUs this process may use.
 * 0; -1 after an error message; -ENOMEM. Applies --log-level and --syslog at once.
 */
int eal_options_parse(struct eal_options *options, int argc, char **argv, const rte_cpuset_t *available);
void eal_usage(FILE *out, const char *program);

/*
 * CPU lists of the command line. Each returns 0; on failure -1 with a reason in error[].
 */
#define EAL_ERROR_SIZE 256
/** "0-3,5" (-l): lcore n on CPU n. */
int eal_parse_corelist(struct eal_options *options, const char *text, char *error);
/** "f", "0xf" (-c). */
int eal_parse_coremask(struct eal_options *options, const char *text, char *error);
/** "1,2@(5-7),(3-5)@(0,2)" (--lcores). */
int eal_parse_lcores(struct eal_options *options, const char *text, char *error);
/** "0-1,4" of a set, for messages. */
void eal_cpuset_text(const rte_cpuset_t *set, char *text, size_t size);

/** An lcore and its worker thread. */
struct eal_lcore {
	enum rte_lcore_role_t role;
	rte_cpuset_t cpus;
	unsigned int socket;
	int index; /* among the enabled lcores, or -1 */
	bool started; /* thread is valid */
	pthread_t thread;
	pthread_mutex_t lock; /* over what follows */
	pthread_cond_t changed;
	enum rte_lcore_state_t state; /* also read without the lock */
	bool quit;
	lcore_function_t *function;
	void *arg;
	int result;
};
extern struct eal_lcore eal_lcores[RTE_MAX_LCORE];
extern unsigned int eal_main_lcore;
/* CPUs for control threads; empty before rte_eal_init(). */
extern rte_cpuset_t eal_control_cpus;

/** Takes lcores from the options and starts the workers. 0 or a positive errno. */
int eal_lcores_start(const struct eal_options *options, const rte_cpuset_t *available);
/** 0; -EBUSY when a worker runs a function. */
int eal_lcores_stop(void);
/** Makes the calling thread the given lcore's. */
void eal_thread_become(unsigned int lcore_id);

/** Chooses page kind and limits, makes the nodes' heaps and takes what -m asks for. 0 or a positive errno. */
int eal_memory_init(const struct eal_options *options, const rte_cpuset_t *available);
/** Gives all memory back, heaps included. */
void eal_memory_cleanup(void);
void eal_memzone_reset(void);
void eal_tailq_reset(void);
void eal_devargs_reset_all(void);

/** Stops all buses. 0 or the first negative errno. */
int eal_bus_cleanup(void);
/** Sets the scan mode of a device's bus as -a or -b asks. */
void eal_bus_note_policy(const struct rte_devargs *da);
/** Seeds the random sequences from the system. */
void eal_random_init(void);
void eal_simd_set(unsigned int bitwidth);

/* ---- the operating system ---- */

/** CPUs this process may run on, below CPU_SETSIZE. 0 or a positive errno. */
int eal_os_available_cpus(rte_cpuset_t *set);
/** Makes a place in every thread for its lcore's number, once; any thread may ask. 0 or a positive errno. */
int eal_os_lcore_id_init(void);
/** NUMA node of a CPU; 0 when there are none. */
unsigned int eal_os_cpu_socket(unsigned int cpu);

/** Nanoseconds of a clock that only goes forward, not adjusted. */
uint64_t eal_os_clock_ns(void);
void eal_os_sleep_us(unsigned int us);
/** Bytes nobody can foresee. 0 or -1. */
int eal_os_entropy(void *buf, size_t len);
void eal_os_dump_stack(FILE *out);
/** 0 or a positive errno. */
int eal_os_thread_set_name(pthread_t thread, const char *name);
/** Text of an errno number into buf. */
void eal_os_strerror(int errnum, char *buf, size_t size);

#endif
