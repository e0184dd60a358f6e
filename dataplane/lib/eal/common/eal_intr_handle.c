/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Interrupt handles: the fields.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_interrupts.h>
#include <rte_malloc.h>

#include "eal_private.h"

#define COUNTER_SIZE_MAX 16

struct rte_intr_handle {
	bool shared; /* from rte_malloc() */
	enum rte_intr_handle_type type;
	int fd;
	int dev_fd;
	void *windows_handle;
	int max_intr;
	int nb_efd;
	uint8_t efd_counter_size;
	int room;                      /* of the two arrays */
	int *efds;
	struct rte_epoll_event *elist;
	int vec_list_size;
	int *vec_list;
};

static void *
allocate(bool shared, size_t n, size_t size)
{
	return shared ? rte_calloc("interrupt", n, size, 0) : calloc(n, size);
}

static void
release(bool shared, void *ptr)
{
	if (shared)
		rte_free(ptr);
	else
		free(ptr);
}

static int
fail(int err)
{
	rte_errno = err;
	return -err;
}

/* 0, or -EINVAL after a message. */
static int
check(const struct rte_intr_handle *handle)
{
	if (handle != NULL)
		return 0;
	RTE_LOG(DEBUG, EAL, "interrupts: there is no handle\n");
	return fail(EINVAL);
}

static int
check_index(const struct rte_intr_handle *handle, int index, int limit)
{
	int ret = check(handle);

	if (ret == 0 && (index < 0 || index >= limit)) {
		RTE_LOG(DEBUG, EAL, "interrupts: index %d is not below %d\n", index, limit);
		ret = fail(ERANGE);
	}
	return ret;
}

struct rte_intr_handle *
rte_intr_instance_alloc(uint32_t flags)
{
	bool shared = (flags & RTE_INTR_INSTANCE_F_SHARED) != 0;
	struct rte_intr_handle *handle;

	if ((flags & ~RTE_INTR_INSTANCE_F_SHARED) != 0) {
		RTE_LOG(DEBUG, EAL, "interrupts: unknown flags 0x%x\n", flags);
		rte_errno = EINVAL;
		return NULL;
	}
	handle = allocate(shared, 1, sizeof(*handle));
	if (handle == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	handle->shared = shared;
	if (rte_intr_event_list_update(handle, RTE_MAX_RXTX_INTR_VEC_ID) != 0) {
		rte_intr_instance_free(handle);
		rte_errno = ENOMEM;
		return NULL;
	}
	return handle;
}

void
rte_intr_instance_free(struct rte_intr_handle *intr_handle)
{
	if (intr_handle == NULL)
		return;
	release(intr_handle->shared, intr_handle->efds);
	release(intr_handle->shared, intr_handle->elist);
	rte_intr_vec_list_free(intr_handle);
	release(intr_handle->shared, intr_handle);
}

struct rte_intr_handle *
rte_intr_instance_dup(const struct rte_intr_handle *src)
{
	struct rte_intr_handle *copy;

	if (check(src) != 0)
		return NULL;
	copy = rte_intr_instance_alloc(src->shared ? RTE_INTR_INSTANCE_F_SHARED : RTE_INTR_INSTANCE_F_PRIVATE);
	if (copy == NULL)
		return NULL;
	if (copy->room != src->room && rte_intr_event_list_update(copy, src->room) != 0) {
		rte_intr_instance_free(copy);
		return NULL;
	}
	copy->type = src->type;
	copy->fd = src->fd;
	copy->dev_fd = src->dev_fd;
	copy->windows_handle = src->windows_handle;
	copy->max_intr = src->max_intr;
	copy->nb_efd = src->nb_efd;
	copy->efd_counter_size = src->efd_counter_size;
	memcpy(copy->efds, src->efds, (size_t)src->room * sizeof(*src->efds));
	memcpy(copy->elist, src->elist, (size_t)src->room * sizeof(*src->elist));
	return copy;
}

int
rte_intr_event_list_update(struct rte_intr_handle *intr_handle, int size)
{
	struct rte_epoll_event *elist;
	int *efds, kept, ret = check(intr_handle);

	if (ret != 0)
		return ret;
	if (size <= 0)
		return fail(EINVAL);
	efds = allocate(intr_handle->shared, (size_t)size, sizeof(*efds));
	elist = allocate(intr_handle->shared, (size_t)size, sizeof(*elist));
	if (efds == NULL || elist == NULL) {
		release(intr_handle->shared, efds);
		release(intr_handle->shared, elist);
		return fail(ENOMEM);
	}
	kept = RTE_MIN(size, intr_handle->room);
	if (kept > 0) {
		memcpy(efds, intr_handle->efds, (size_t)kept * sizeof(*efds));
		memcpy(elist, intr_handle->elist, (size_t)kept * sizeof(*elist));
	}
	release(intr_handle->shared, intr_handle->efds);
	release(intr_handle->shared, intr_handle->elist);
	intr_handle->efds = efds;
	intr_handle->elist = elist;
	intr_handle->room = size;
	intr_handle->nb_efd = RTE_MIN(intr_handle->nb_efd, size);
	return 0;
}

/* The simple fields: get gives `none` without a handle. */
#define FIELD(name, field, none) \
int \
rte_intr_ ## name ## _set(struct rte_intr_handle *intr_handle, int value) \
{ \
	int ret = check(intr_handle); \
\
	if (ret == 0) \
		intr_handle->field = value; \
	return ret; \
} \
\
int \
rte_intr_ ## name ## _get(const struct rte_intr_handle *intr_handle) \
{ \
	return check(intr_handle) == 0 ? intr_handle->field : (none); \
}

FIELD(fd, fd, -1)
FIELD(dev_fd, dev_fd, -1)

int
rte_intr_type_set(struct rte_intr_handle *intr_handle, enum rte_intr_handle_type type)
{
	int ret = check(intr_handle);

	if (ret == 0)
		intr_handle->type = type;
	return ret;
}

enum rte_intr_handle_type
rte_intr_type_get(const struct rte_intr_handle *intr_handle)
{
	return check(intr_handle) == 0 ? intr_handle->type : RTE_INTR_HANDLE_UNKNOWN;
}

void *
rte_intr_instance_windows_handle_get(struct rte_intr_handle *intr_handle)
{
	return check(intr_handle) == 0 ? intr_handle->windows_handle : NULL;
}

int
rte_intr_instance_windows_handle_set(struct rte_intr_handle *intr_handle, void *windows_handle)
{
	int ret = check(intr_handle);

	if (ret == 0)
		intr_handle->windows_handle = windows_handle;
	return ret;
}

int
rte_intr_max_intr_set(struct rte_intr_handle *intr_handle, int max_intr)
{
	int ret = check_index(intr_handle, max_intr, intr_handle != NULL ? intr_handle->room + 1 : 0);

	if (ret == 0)
		intr_handle->max_intr = max_intr;
	return ret;
}

int
rte_intr_max_intr_get(const struct rte_intr_handle *intr_handle)
{
	int ret = check(intr_handle);

	return ret == 0 ? intr_handle->max_intr : ret;
}

int
rte_intr_nb_efd_set(struct rte_intr_handle *intr_handle, int nb_efd)
{
	int ret = check_index(intr_handle, nb_efd, intr_handle != NULL ? intr_handle->room + 1 : 0);

	if (ret == 0)
		intr_handle->nb_efd = nb_efd;
	return ret;
}

int
rte_intr_nb_efd_get(const struct rte_intr_handle *intr_handle)
{
	int ret = check(intr_handle);

	return ret == 0 ? intr_handle->nb_efd : ret;
}

int
rte_intr_nb_intr_get(const struct rte_intr_handle *intr_handle)
{
	int ret = check(intr_handle);

	return ret == 0 ? intr_handle->room : ret;
}

int
rte_intr_efd_counter_size_set(struct rte_intr_handle *intr_handle, uint8_t efd_counter_size)
{
	int ret = check_index(intr_handle, efd_counter_size, COUNTER_SIZE_MAX + 1);

	if (ret == 0)
		intr_handle->efd_counter_size = efd_counter_size;
	return ret;
}

int
rte_intr_efd_counter_size_get(const struct rte_intr_handle *intr_handle)
{
	int ret = check(intr_handle);

	return ret == 0 ? intr_handle->efd_counter_size : ret;
}

int
rte_intr_efds_index_set(struct rte_intr_handle *intr_handle, int index, int fd)
{
	int ret = check_index(intr_handle, index, intr_handle != NULL ? intr_handle->room : 0);

	if (ret == 0)
		intr_handle->efds[index] = fd;
	return ret;
}

int
rte_intr_efds_index_get(const struct rte_intr_handle *intr_handle, int index)
{
	int ret = check_index(intr_handle, index, intr_handle != NULL ? intr_handle->room : 0);

	return ret == 0 ? intr_handle->efds[index] : ret;
}

int
rte_intr_elist_index_set(struct rte_intr_handle *intr_handle, int index, struct rte_epoll_event elist)
{
	int ret = check_index(intr_handle, index, intr_handle != NULL ? intr_handle->room : 0);

	if (ret == 0)
		intr_handle->elist[index] = elist;
	return ret;
}

struct rte_epoll_event *
rte_intr_elist_index_get(struct rte_intr_handle *intr_handle, int index)
{
	int ret = check_index(intr_handle, index, intr_handle != NULL ? intr_handle->room : 0);

	return ret == 0 ? &intr_handle->elist[index] : NULL;
}

int
rte_intr_vec_list_alloc(struct rte_intr_handle *intr_handle, const char *name, int size)
{
	int ret = check_index(intr_handle, size - 1, intr_handle != NULL ? intr_handle->room : 0);

	RTE_SET_USED(name);
	if (ret != 0 || intr_handle->vec_list != NULL)
		return ret;
	intr_handle->vec_list = allocate(intr_handle->shared, (size_t)size, sizeof(*intr_handle->vec_list));
	if (intr_handle->vec_list == NULL)
		return fail(ENOMEM);
	intr_handle->vec_list_size = size;
	return 0;
}

int
rte_intr_vec_list_index_set(struct rte_intr_handle *intr_handle, int index, int vec)
{
	int ret = check_index(intr_handle, index, intr_handle != NULL ? intr_handle->vec_list_size : 0);

	if (ret == 0)
		intr_handle->vec_list[index] = vec;
	return ret;
}

int
rte_intr_vec_list_index_get(const struct rte_intr_handle *intr_handle, int index)
{
	int ret = check_index(intr_handle, index, intr_handle != NULL ? intr_handle->vec_list_size : 0);

	return ret == 0 ? intr_handle->vec_list[index] : ret;
}

void
rte_intr_vec_list_free(struct rte_intr_handle *intr_handle)
{
	if (intr_handle == NULL)
		return;
	release(intr_handle->shared, intr_handle->vec_list);
	intr_handle->vec_list = NULL;
	intr_handle->vec_list_size = 0;
}

int
rte_intr_dp_is_en(struct rte_intr_handle *intr_handle)
{
	return rte_intr_nb_efd_get(intr_handle) > 0;
}

int
rte_intr_allow_others(struct rte_intr_handle *intr_handle)
{
	return !rte_intr_dp_is_en(intr_handle) ||
		rte_intr_max_intr_get(intr_handle) != rte_intr_nb_efd_get(intr_handle);
}

int
rte_intr_cap_multiple(struct rte_intr_handle *intr_handle)
{
	enum rte_intr_handle_type type = rte_intr_type_get(intr_handle);

	return type == RTE_INTR_HANDLE_VFIO_MSIX || type == RTE_INTR_HANDLE_VDEV;
}
