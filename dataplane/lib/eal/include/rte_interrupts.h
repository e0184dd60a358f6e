/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Device interrupts: one thread waits for all of them and calls what was registered. What is waited for is a file
 * descriptor (Linux) or an event object (Windows: rte_intr_instance_windows_handle_set()).
 */
#ifndef _RTE_INTERRUPTS_H_
#define _RTE_INTERRUPTS_H_

#include <stdbool.h>

#include <rte_bitops.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_epoll.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_intr_handle;

/* For rte_intr_instance_alloc(): from the C library, or from rte_malloc(). */
#define RTE_INTR_INSTANCE_F_PRIVATE UINT32_C(0)
#define RTE_INTR_INSTANCE_F_SHARED RTE_BIT32(0)

#define RTE_MAX_RXTX_INTR_VEC_ID 512
#define RTE_INTR_VEC_ZERO_OFFSET 0
#define RTE_INTR_VEC_RXTX_OFFSET 1

/** What kind of source: says what is read when it fires, and what enabling it means. */
enum rte_intr_handle_type {
	RTE_INTR_HANDLE_UNKNOWN = 0,
	RTE_INTR_HANDLE_UIO,
	RTE_INTR_HANDLE_UIO_INTX,
	RTE_INTR_HANDLE_VFIO_LEGACY,
	RTE_INTR_HANDLE_VFIO_MSI,
	RTE_INTR_HANDLE_VFIO_MSIX,
	RTE_INTR_HANDLE_ALARM,
	RTE_INTR_HANDLE_EXT,
	RTE_INTR_HANDLE_VDEV,
	RTE_INTR_HANDLE_DEV_EVENT,
	RTE_INTR_HANDLE_VFIO_REQ,
	RTE_INTR_HANDLE_MAX
};

typedef void (*rte_intr_callback_fn)(void *cb_arg);
typedef void (*rte_intr_unregister_callback_fn)(struct rte_intr_handle *intr_handle, void *cb_arg);

/**
 * From now on the interrupt thread calls cb(cb_arg) when the source fires. Several callbacks may share a source.
 * @return 0; -EINVAL without a handle, source or function; -ENOMEM; or why the system cannot wait for the source.
 */
int rte_intr_callback_register(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb, void *cb_arg);
/**
 * cb_arg (void *)-1: any. @return how many were removed, none of which runs or will; -EAGAIN while callbacks of the
 * source run (and from them); -ENOENT for a source nobody waits for; -EINVAL.
 */
int rte_intr_callback_unregister(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb, void *cb_arg);
/**
 * For use in a callback of that source: removed when the callbacks that run have returned, then ucb_fn(intr_handle,
 * cb_arg) is called (may be NULL). @return how many will be; -EAGAIN when none runs; -ENOENT, -EINVAL.
 */
int rte_intr_callback_unregister_pending(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb_fn,
	void *cb_arg, rte_intr_unregister_callback_fn ucb_fn);
/** Waits for callbacks that run, however often they do. -EDEADLK in the interrupt thread, which cannot wait for itself. */
int rte_intr_callback_unregister_sync(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb,
	void *cb_arg);

/**
 * Lets the device interrupt, or not. For UIO descriptors (Linux) and, doing nothing, for VDEV. @return 0 or -1, with
 * rte_errno ENOTSUP for the types that need what is not here, EINVAL for no handle or source.
 */
int rte_intr_enable(const struct rte_intr_handle *intr_handle);
int rte_intr_disable(const struct rte_intr_handle *intr_handle);
/** To be called in the callback where the device waits for it. */
int rte_intr_ack(const struct rte_intr_handle *intr_handle);

/** 1 in the interrupt thread (interrupts' and alarms' callbacks), else 0. */
int rte_thread_is_intr(void);

/*
 * A handle's fields. Setters give 0 or a negative errno (EINVAL for no handle, ERANGE for an index out of range), which
 * is also in rte_errno. One thread at a time.
 */
struct rte_intr_handle *rte_intr_instance_alloc(uint32_t flags);
/** NULL is allowed. */
void rte_intr_instance_free(struct rte_intr_handle *intr_handle);
struct rte_intr_handle *rte_intr_instance_dup(const struct rte_intr_handle *src);
int rte_intr_fd_set(struct rte_intr_handle *intr_handle, int fd);
/** -1 when there is none. */
int rte_intr_fd_get(const struct rte_intr_handle *intr_handle);
int rte_intr_type_set(struct rte_intr_handle *intr_handle, enum rte_intr_handle_type type);
enum rte_intr_handle_type rte_intr_type_get(const struct rte_intr_handle *intr_handle);
int rte_intr_dev_fd_set(struct rte_intr_handle *intr_handle, int fd);
int rte_intr_dev_fd_get(const struct rte_intr_handle *intr_handle);
void *rte_intr_instance_windows_handle_get(struct rte_intr_handle *intr_handle);
int rte_intr_instance_windows_handle_set(struct rte_intr_handle *intr_handle, void *windows_handle);

/* Receive interrupts: for drivers. efds are one descriptor a queue. */
int rte_intr_max_intr_set(struct rte_intr_handle *intr_handle, int max_intr);
int rte_intr_max_intr_get(const struct rte_intr_handle *intr_handle);
int rte_intr_nb_efd_set(struct rte_intr_handle *intr_handle, int nb_efd);
int rte_intr_nb_efd_get(const struct rte_intr_handle *intr_handle);
/** Room for that many efds. */
int rte_intr_nb_intr_get(const struct rte_intr_handle *intr_handle);
/** Bytes to read from an efd of a VDEV when it fires, at most 16. */
int rte_intr_efd_counter_size_set(struct rte_intr_handle *intr_handle, uint8_t efd_counter_size);
int rte_intr_efd_counter_size_get(const struct rte_intr_handle *intr_handle);
int rte_intr_efds_index_set(struct rte_intr_handle *intr_handle, int index, int fd);
int rte_intr_efds_index_get(const struct rte_intr_handle *intr_handle, int index);
int rte_intr_elist_index_set(struct rte_intr_handle *intr_handle, int index, struct rte_epoll_event elist);
struct rte_epoll_event *rte_intr_elist_index_get(struct rte_intr_handle *intr_handle, int index);
/** Makes the vector list, of one number a queue; one that exists stays. */
int rte_intr_vec_list_alloc(struct rte_intr_handle *intr_handle, const char *name, int size);
int rte_intr_vec_list_index_set(struct rte_intr_handle *intr_handle, int index, int vec);
int rte_intr_vec_list_index_get(const struct rte_intr_handle *intr_handle, int index);
void rte_intr_vec_list_free(struct rte_intr_handle *intr_handle);
/** Makes room for size efds. */
int rte_intr_event_list_update(struct rte_intr_handle *intr_handle, int size);

/** The calling thread's own epoll descriptor, or -1. */
int rte_intr_tls_epfd(void);
/** Adds or deletes (op) a queue's descriptor; vec counts from RTE_INTR_VEC_RXTX_OFFSET. 0, -EPERM, -EEXIST. */
int rte_intr_rx_ctl(struct rte_intr_handle *intr_handle, int epfd, int op, unsigned int vec, void *data);
/** Deletes all of them from their epoll descriptors. */
void rte_intr_free_epoll_fd(struct rte_intr_handle *intr_handle);
/** Makes nb_efd descriptors (VFIO_MSIX), uses the driver's (VDEV) or shares the handle's own. 0 or a negative errno. */
int rte_intr_efd_enable(struct rte_intr_handle *intr_handle, uint32_t nb_efd);
void rte_intr_efd_disable(struct rte_intr_handle *intr_handle);
/** 1 when there are descriptors for queues. */
int rte_intr_dp_is_en(struct rte_intr_handle *intr_handle);
/** 1 when other interrupts than queues' are possible. */
int rte_intr_allow_others(struct rte_intr_handle *intr_handle);
/** 1 when each queue can have its own. */
int rte_intr_cap_multiple(struct rte_intr_handle *intr_handle);

#ifdef __cplusplus
}
#endif

#endif
