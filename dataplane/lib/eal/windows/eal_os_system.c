/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: CPUs, clocks, random numbers, stack traces, error texts.
 */
#include <errno.h>
#include <string.h>
#include <windows.h>
#include <bcrypt.h>

#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_log.h>

#include "../common/eal_private.h"
#include "eal_os_cpus.h"

int
eal_os_available_cpus(rte_cpuset_t *set)
{
	const struct eal_cpus *cpus = eal_os_cpus();

	if (cpus->left_out != 0)
		RTE_LOG(NOTICE, EAL, "CPUs from %u on are not used: the machine has %u\n", cpus->count, cpus->count + cpus->left_out);
	eal_cpus_available(cpus, &eal_cpu_system, set);
	return CPU_COUNT(set) != 0 ? 0 : EIO;
}

/* Allocates slots until it has the one that programs are compiled for; a slot of the expansion block says that it is taken. */
static BOOL CALLBACK
take_lcore_id_slot(INIT_ONCE *once, void *arg, void **context)
{
	DWORD passed[WDPDK_LCORE_ID_SLOT + 1], slot;
	unsigned int count = 0;

	(void)once;
	(void)arg;
	(void)context;
	while ((slot = TlsAlloc()) < WDPDK_LCORE_ID_SLOT)
		passed[count++] = slot;
	if (slot != WDPDK_LCORE_ID_SLOT && slot != TLS_OUT_OF_INDEXES)
		TlsFree(slot);
	while (count > 0)
		TlsFree(passed[--count]);
	if (slot != WDPDK_LCORE_ID_SLOT)
		return FALSE;
	/* That the layout of the thread's block is the known one is seen, not believed. */
	TlsSetValue(slot, (void *)(uintptr_t)0x5a5a);
	if (wdpdk_lcore_id() == 0x5a5a - 1 && TlsSetValue(slot, NULL) && wdpdk_lcore_id() == LCORE_ID_ANY)
		return TRUE;
	TlsFree(slot);
	return FALSE;
}

int
eal_os_lcore_id_init(void)
{
	static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

	return InitOnceExecuteOnce(&once, take_lcore_id_slot, NULL, NULL) ? 0 : ENOSPC;
}

unsigned int
eal_os_cpu_socket(unsigned int cpu)
{
	const struct eal_cpus *cpus = eal_os_cpus();

	return cpu < cpus->count ? cpus->cpu[cpu].node : 0;
}

uint64_t
eal_os_clock_ns(void)
{
	LARGE_INTEGER now, rate;

	QueryPerformanceCounter(&now);
	QueryPerformanceFrequency(&rate);
	return (uint64_t)(now.QuadPart / rate.QuadPart) * 1000000000 +
		(uint64_t)(now.QuadPart % rate.QuadPart) * 1000000000 / (uint64_t)rate.QuadPart;
}

void
eal_os_sleep_us(unsigned int us)
{
	Sleep(us / 1000 + (us % 1000 != 0));
}

int
eal_os_entropy(void *buf, size_t len)
{
	return BCryptGenRandom(NULL, buf, (ULONG)len, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0 ? 0 : -1;
}

void
eal_os_dump_stack(FILE *out)
{
	void *frames[62];
	USHORT n = CaptureStackBackTrace(0, RTE_DIM(frames), frames, NULL), i;
	char path[MAX_PATH];
	const char *name;
	HMODULE module;

	for (i = 0; i < n; i++) {
		name = "?";
		module = NULL;
		if (GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
		    frames[i], &module) && GetModuleFileNameA(module, path, sizeof(path)) != 0) {
			name = strrchr(path, '\\');
			name = name != NULL ? name + 1 : path;
		}
		fprintf(out, "%u: %s+0x%llx [%p]\n", i, name, (unsigned long long)RTE_PTR_DIFF(frames[i], module), frames[i]);
	}
	fflush(out);
}

int
eal_os_thread_set_name(pthread_t thread, const char *name)
{
	return pthread_setname_np(thread, name);
}

int
rte_sys_gettid(void)
{
	return (int)GetCurrentThreadId();
}

void
eal_os_strerror(int errnum, char *buf, size_t size)
{
	/* errno.h has numbers that msvcrt has no texts for. */
	static const struct {
		int number;
		const char *text;
	} texts[] = {
		{ EADDRINUSE, "Address already in use" }, { EADDRNOTAVAIL, "Address not available" },
		{ EALREADY, "Operation already in progress" }, { ECANCELED, "Operation canceled" },
		{ ECONNABORTED, "Connection aborted" }, { ECONNREFUSED, "Connection refused" },
		{ ECONNRESET, "Connection reset" }, { EHOSTUNREACH, "Host unreachable" },
		{ EINPROGRESS, "Operation in progress" }, { EISCONN, "Already connected" },
		{ EMSGSIZE, "Message too large" }, { ENETDOWN, "Network is down" }, { ENETUNREACH, "Network unreachable" },
		{ ENOBUFS, "No buffer space available" }, { ENOPROTOOPT, "Protocol not available" },
		{ ENOTCONN, "Not connected" },
		{ ENOTSOCK, "Not a socket" }, { ENOTSUP, "Operation not supported" }, { EOPNOTSUPP, "Operation not supported" },
		{ EOVERFLOW, "Value too large" }, { EPROTO, "Protocol error" }, { ETIMEDOUT, "Timed out" },
		{ EWOULDBLOCK, "Operation would block" },
	};
	unsigned int i;

	for (i = 0; i < RTE_DIM(texts); i++)
		if (texts[i].number == errnum) {
			snprintf(buf, size, "%s", texts[i].text);
			return;
		}
	if (errnum >= 100 || strerror_s(buf, size, errnum) != 0)
		snprintf(buf, size, "%s", strerror(errnum));
}
