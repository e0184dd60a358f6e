/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: the C library's memory and its threads, for nomem_test.c.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "../nomem.h"

static long held;

static void *
out_of_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

static void
hold(const void *p)
{
	if (p != NULL)
		__atomic_add_fetch(&held, 1, __ATOMIC_SEQ_CST);
}

WRAP(void *, malloc, (size_t size), (size), out_of_memory(), hold(got))
WRAP(void *, calloc, (size_t n, size_t size), (n, size), out_of_memory(), hold(got))
WRAP(void *, realloc, (void *p, size_t size), (p, size), out_of_memory(), hold(p == NULL ? got : NULL))
WRAP(char *, strdup, (const char *text), (text), out_of_memory(), hold(got))
WRAP(int, pthread_create, (pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg),
	(thread, attr, start, arg), EAGAIN, (void)0)

void __real_free(void *p);
void __wrap_free(void *p);

void
__wrap_free(void *p)
{
	if (p != NULL)
		__atomic_sub_fetch(&held, 1, __ATOMIC_SEQ_CST);
	__real_free(p);
}

long
nomem_held(void)
{
	return __atomic_load_n(&held, __ATOMIC_SEQ_CST);
}
