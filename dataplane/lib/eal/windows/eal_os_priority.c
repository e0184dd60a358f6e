/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: priorities and names of threads.
 */
#include <errno.h>
#include <windows.h>

#include <wdpdk_compiler.h>

#include "../common/eal_thread_private.h"

int
eal_os_priority_check(enum rte_thread_priority priority)
{
	return priority == RTE_THREAD_PRIORITY_NORMAL || priority == RTE_THREAD_PRIORITY_REALTIME_CRITICAL ? 0 : EINVAL;
}

/* A handle of our own, to be closed; NULL when there is no such thread. */
static HANDLE
open_thread(pthread_t thread, DWORD access)
{
	unsigned long id = wdpdk_thread_id(thread);

	return id == 0 ? NULL : OpenThread(access, FALSE, id);
}

int
eal_os_priority_set(pthread_t thread, enum rte_thread_priority priority)
{
	HANDLE handle = open_thread(thread, THREAD_SET_INFORMATION);
	BOOL done;

	if (handle == NULL)
		return ESRCH;
	done = SetThreadPriority(handle,
		priority == RTE_THREAD_PRIORITY_NORMAL ? THREAD_PRIORITY_NORMAL : THREAD_PRIORITY_TIME_CRITICAL);
	CloseHandle(handle);
	return done ? 0 : EINVAL;
}

int
eal_os_priority_get(pthread_t thread, enum rte_thread_priority *priority)
{
	HANDLE handle = open_thread(thread, THREAD_QUERY_INFORMATION);
	int value, err = 0;

	if (handle == NULL)
		return ESRCH;
	value = GetThreadPriority(handle);
	CloseHandle(handle);
	switch (value) {
	case THREAD_PRIORITY_NORMAL:
		*priority = RTE_THREAD_PRIORITY_NORMAL;
		break;
	case THREAD_PRIORITY_TIME_CRITICAL:
		*priority = RTE_THREAD_PRIORITY_REALTIME_CRITICAL;
		break;
	default:
		err = ENOTSUP;
	}
	return err;
}

int
eal_os_thread_get_name(pthread_t thread, char *name, size_t len)
{
	typedef HRESULT (WINAPI *get_description)(HANDLE thread, PWSTR *description);
	/* Windows 10 1607 and later; not in every import library. */
	get_description get =
		(get_description)(void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "GetThreadDescription");
	PWSTR wide = NULL;
	HANDLE handle;
	int err = 0;

	if (get == NULL)
		return ENOTSUP;
	handle = open_thread(thread, THREAD_QUERY_LIMITED_INFORMATION);
	if (handle == NULL)
		return ESRCH;
	if (FAILED(get(handle, &wide)))
		err = EINVAL;
	else if (WideCharToMultiByte(CP_UTF8, 0, wide, -1, name, (int)len, NULL, NULL) == 0)
		err = ERANGE;
	LocalFree(wide);
	CloseHandle(handle);
	return err;
}
