/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_malloc() and its family over the heaps.
 */
#include <errno.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "eal_memory_private.h"
#include "eal_private.h"

static void *
allocate(size_t size, unsigned int align, int socket, bool zeroed)
{
	struct eal_request request = {
		.size = size,
		.align = align,
		.socket = socket,
		.zero = zeroed,
	};
	void *ptr;

	if (size == 0 || (align != 0 && !rte_is_power_of_2(align)) || (socket < 0 && socket != SOCKET_ID_ANY)) {
		rte_errno = EINVAL;
		return NULL;
	}
	ptr = eal_heap_alloc(&request);
	if (ptr == NULL)
		rte_errno = ENOMEM;
	return ptr;
}

void *
rte_malloc_socket(const char *type, size_t size, unsigned int align, int socket)
{
	RTE_SET_USED(type);
	return allocate(size, align, socket, false);
}

void *
rte_zmalloc_socket(const char *type, size_t size, unsigned int align, int socket)
{
	RTE_SET_USED(type);
	return allocate(size, align, socket, true);
}

void *
rte_calloc_socket(const char *type, size_t num, size_t size, unsigned int align, int socket)
{
	size_t total;

	RTE_SET_USED(type);
	if (__builtin_mul_overflow(num, size, &total)) {
		rte_errno = ENOMEM;
		return NULL;
	}
	return allocate(total, align, socket, true);
}

void *
rte_realloc_socket(void *ptr, size_t size, unsigned int align, int socket)
{
	size_t old_size;
	int old_socket;
	void *copy;

	if (ptr == NULL)
		return allocate(size, align, socket, false);
	if (size == 0) {
		rte_free(ptr);
		return NULL;
	}
	if ((align != 0 && !rte_is_power_of_2(align)) || (socket < 0 && socket != SOCKET_ID_ANY) ||
	    eal_heap_check(ptr, &old_size, &old_socket) < 0) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (!rte_eal_has_hugepages() && socket < EAL_EXTERNAL_SOCKET_FIRST && old_socket < EAL_EXTERNAL_SOCKET_FIRST)
		socket = SOCKET_ID_ANY; /* no reason to move it */
	if (rte_is_aligned(ptr, align != 0 ? align : 1) && (socket == SOCKET_ID_ANY || socket == old_socket) &&
	    eal_heap_resize(ptr, size) == 0)
		return ptr;
	copy = allocate(size, align, socket, false);
	if (copy == NULL)
		return NULL;
	memcpy(copy, ptr, RTE_MIN(old_size, size));
	rte_free(ptr);
	return copy;
}

void *
rte_malloc(const char *type, size_t size, unsigned int align)
{
	return rte_malloc_socket(type, size, align, SOCKET_ID_ANY);
}

void *
rte_zmalloc(const char *type, size_t size, unsigned int align)
{
	return rte_zmalloc_socket(type, size, align, SOCKET_ID_ANY);
}

void *
rte_calloc(const char *type, size_t num, size_t size, unsigned int align)
{
	return rte_calloc_socket(type, num, size, align, SOCKET_ID_ANY);
}

void *
rte_realloc(void *ptr, size_t size, unsigned int align)
{
	return rte_realloc_socket(ptr, size, align, SOCKET_ID_ANY);
}

void
rte_free(void *ptr)
{
	if (ptr != NULL && eal_heap_free(ptr) < 0)
		RTE_LOG(ERR, MALLOC,
			"rte_free(%p): no live allocation starts there (freed twice, or its header was overwritten)\n", ptr);
}

int
rte_malloc_validate(const void *ptr, size_t *size)
{
	size_t usable;
	int socket;

	if (ptr == NULL || eal_heap_check(ptr, &usable, &socket) < 0)
		return -1;
	if (size != NULL)
		*size = usable;
	return 0;
}
