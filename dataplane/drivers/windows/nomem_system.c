/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: threads, for nomem_test.c. The C library's functions are imported, and lld's --wrap leads imports into a
 * circle.
 */
#include <errno.h>
#include <pthread.h>

#include "../nomem.h"

/* What the shim's pthread_create() calls. */
WRAP(int, wdpdk_thread_create, (pthread_t *thread, void *(*start)(void *), void *arg), (thread, start, arg), EAGAIN,
	(void)0)

long
nomem_held(void)
{
	return 0;
}
