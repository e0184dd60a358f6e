/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: CPUs, clocks, random numbers, stack traces, error texts.
 */
#include <errno.h>
#include <execinfo.h>
#include <sched.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>

#include "../common/eal_private.h"

int
eal_os_available_cpus(rte_cpuset_t *set)
{
	CPU_ZERO(set);
	return sched_getaffinity(0, sizeof(*set), set) == 0 ? 0 : errno;
}

int
eal_os_lcore_id_init(void)
{
	return 0;
}

unsigned int
eal_os_cpu_socket(unsigned int cpu)
{
	char path[64];
	unsigned int node;

	for (node = 0; node < RTE_MAX_NUMA_NODES; node++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/node%u", cpu, node);
		if (access(path, F_OK) == 0)
			return node;
	}
	return 0;
}

uint64_t
eal_os_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void
eal_os_sleep_us(unsigned int us)
{
	struct timespec left = { .tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

int
eal_os_entropy(void *buf, size_t len)
{
	return getrandom(buf, len, 0) == (ssize_t)len ? 0 : -1;
}

void
eal_os_dump_stack(FILE *out)
{
	void *frames[64];
	int n = backtrace(frames, RTE_DIM(frames));

	fflush(out);
	/* Allocates nothing, so it works in a process that is out of order. */
	backtrace_symbols_fd(frames, n, fileno(out));
}

int
eal_os_thread_set_name(pthread_t thread, const char *name)
{
	char text[RTE_MAX_THREAD_NAME_LEN];

	snprintf(text, sizeof(text), "%s", name);
	return pthread_setname_np(thread, text);
}

int
rte_sys_gettid(void)
{
	return (int)syscall(SYS_gettid);
}

void
eal_os_strerror(int errnum, char *buf, size_t size)
{
	/* GNU's form: the text may be elsewhere than in buf. */
	const char *text = strerror_r(errnum, buf, size);

	if (text != buf)
		snprintf(buf, size, "%s", text);
}
