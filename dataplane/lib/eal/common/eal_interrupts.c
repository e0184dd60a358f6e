/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Callbacks of interrupts. While callbacks of a source run, it is `active`: its list of callbacks may grow, and entries
 * may be marked, but only the event thread takes any out, when they have returned.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_errno.h>
#include <rte_interrupts.h>

#include "eal_events.h"
#include "eal_interrupts_private.h"
#include "eal_private.h"

struct callback {
	TAILQ_ENTRY(callback) next;
	rte_intr_callback_fn function;
	void *arg;
	bool leaving; /* to be removed when the source is not active any more */
	rte_intr_unregister_callback_fn farewell;
	struct rte_intr_handle *farewell_handle;
	unsigned int *waiting; /* somebody waits for this to become 0 */
};

struct source {
	TAILQ_ENTRY(source) next;
	eal_event_source source;
	enum rte_intr_handle_type type;
	bool active;
	TAILQ_HEAD(, callback) callbacks;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t removed = PTHREAD_COND_INITIALIZER;
static TAILQ_HEAD(, source) sources = TAILQ_HEAD_INITIALIZER(sources);

static struct source *
find_source(eal_event_source wanted)
{
	struct source *s;

	TAILQ_FOREACH(s, &sources, next)
		if (s->source == wanted)
			return s;
	return NULL;
}

/* A source of a handle, with the lock held. NULL and *err when the system cannot. */
static struct source *
get_source(const struct rte_intr_handle *handle, int *err)
{
	eal_event_source wanted = eal_intr_source(handle);
	struct source *s = find_source(wanted);

	*err = 0;
	if (s != NULL)
		return s;
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		*err = -ENOMEM;
		return NULL;
	}
	s->source = wanted;
	s->type = rte_intr_type_get(handle);
	TAILQ_INIT(&s->callbacks);
	*err = eal_os_events_add(wanted);
	if (*err != 0) {
		free(s);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&sources, s, next);
	return s;
}

int
rte_intr_callback_register(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb, void *cb_arg)
{
	struct callback *callback;
	struct source *s;
	int ret;

	if (!eal_intr_has_source(intr_handle) || cb == NULL)
		return -EINVAL;
	callback = calloc(1, sizeof(*callback));
	if (callback == NULL)
		return -ENOMEM;
	callback->function = cb;
	callback->arg = cb_arg;
	ret = eal_events_start();
	if (ret == 0) {
		pthread_mutex_lock(&lock);
		s = get_source(intr_handle, &ret);
		if (s != NULL)
			TAILQ_INSERT_TAIL(&s->callbacks, callback, next);
		pthread_mutex_unlock(&lock);
	}
	if (ret != 0)
		free(callback);
	return ret;
}

static bool
matches(const struct callback *c, rte_intr_callback_fn function, const void *arg)
{
	return !c->leaving && c->function == function && (arg == (void *)-1 || c->arg == arg);
}

static void
drop_if_unused(struct source *s)
{
	if (!TAILQ_EMPTY(&s->callbacks))
		return;
	eal_os_events_remove(s->source);
	TAILQ_REMOVE(&sources, s, next);
	free(s);
}

/* Removes what matches, now. With the lock held, source not active. */
static int
remove_now(struct source *s, rte_intr_callback_fn function, const void *arg)
{
	struct callback *c, *following;
	int n = 0;

	for (c = TAILQ_FIRST(&s->callbacks); c != NULL; c = following) {
		following = TAILQ_NEXT(c, next);
		if (!matches(c, function, arg))
			continue;
		TAILQ_REMOVE(&s->callbacks, c, next);
		free(c);
		n++;
	}
	drop_if_unused(s);
	return n;
}

int
rte_intr_callback_unregister(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb, void *cb_arg)
{
	struct source *s;
	int ret;

	if (!eal_intr_has_source(intr_handle) || cb == NULL)
		return -EINVAL;
	pthread_mutex_lock(&lock);
	s = find_source(eal_intr_source(intr_handle));
	if (s == NULL)
		ret = -ENOENT;
	else
		ret = s->active ? -EAGAIN : remove_now(s, cb, cb_arg);
	pthread_mutex_unlock(&lock);
	return ret;
}

int
rte_intr_callback_unregister_pending(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb_fn,
	void *cb_arg, rte_intr_unregister_callback_fn ucb_fn)
{
	struct callback *c;
	struct source *s;
	int ret = 0;

	if (!eal_intr_has_source(intr_handle) || cb_fn == NULL)
		return -EINVAL;
	pthread_mutex_lock(&lock);
	s = find_source(eal_intr_source(intr_handle));
	if (s == NULL) {
		ret = -ENOENT;
	} else if (!s->active) {
		ret = -EAGAIN;
	} else {
		TAILQ_FOREACH(c, &s->callbacks, next)
			if (matches(c, cb_fn, cb_arg)) {
				c->leaving = true;
				c->farewell = ucb_fn;
				c->farewell_handle = (struct rte_intr_handle *)(uintptr_t)intr_handle;
				ret++;
			}
	}
	pthread_mutex_unlock(&lock);
	return ret;
}

int
rte_intr_callback_unregister_sync(const struct rte_intr_handle *intr_handle, rte_intr_callback_fn cb, void *cb_arg)
{
	unsigned int waiting = 0;
	struct callback *c;
	struct source *s;
	int ret = 0;

	if (!eal_intr_has_source(intr_handle) || cb == NULL)
		return -EINVAL;
	if (eal_events_is_own_thread())
		return -EDEADLK;
	pthread_mutex_lock(&lock);
	s = find_source(eal_intr_source(intr_handle));
	if (s == NULL) {
		ret = -ENOENT;
	} else if (!s->active) {
		ret = remove_now(s, cb, cb_arg);
	} else {
		/* Marked, so that a source which fires all the time cannot keep them. */
		TAILQ_FOREACH(c, &s->callbacks, next)
			if (matches(c, cb, cb_arg)) {
				c->leaving = true;
				c->waiting = &waiting;
				waiting++;
				ret++;
			}
		while (waiting != 0)
			pthread_cond_wait(&removed, &lock);
	}
	pthread_mutex_unlock(&lock);
	return ret;
}

/* What a source gives when it fires. */
static unsigned int
bytes_to_consume(enum rte_intr_handle_type type)
{
	switch (type) {
	case RTE_INTR_HANDLE_UIO:
	case RTE_INTR_HANDLE_UIO_INTX:
		return sizeof(uint32_t);
	case RTE_INTR_HANDLE_VFIO_LEGACY:
	case RTE_INTR_HANDLE_VFIO_MSI:
	case RTE_INTR_HANDLE_VFIO_MSIX:
	case RTE_INTR_HANDLE_VFIO_REQ:
	case RTE_INTR_HANDLE_ALARM:
		return sizeof(uint64_t);
	case RTE_INTR_HANDLE_EXT:
	case RTE_INTR_HANDLE_VDEV:
	case RTE_INTR_HANDLE_DEV_EVENT:
		return 0; /* the callback reads */
	default:
		return 1;
	}
}

/* Those that asked to leave while their source was active. */
static void
say_farewell(struct source *s)
{
	struct callback *c, *following;

	for (c = TAILQ_FIRST(&s->callbacks); c != NULL; c = following) {
		following = TAILQ_NEXT(c, next);
		if (!c->leaving)
			continue;
		TAILQ_REMOVE(&s->callbacks, c, next);
		if (c->farewell != NULL) {
			pthread_mutex_unlock(&lock);
			c->farewell(c->farewell_handle, c->arg);
			pthread_mutex_lock(&lock);
			/* Others may have joined or been marked meanwhile. */
			following = TAILQ_FIRST(&s->callbacks);
		}
		if (c->waiting != NULL) {
			--*c->waiting;
			pthread_cond_broadcast(&removed);
		}
		free(c);
	}
}

void
eal_interrupt_fired(eal_event_source source)
{
	struct callback *c;
	struct source *s;
	int fired;

	pthread_mutex_lock(&lock);
	s = find_source(source);
	if (s == NULL) {
		pthread_mutex_unlock(&lock);
		return;
	}
	s->active = true;
	fired = eal_os_events_consume(source, bytes_to_consume(s->type));
	if (fired < 0) {
		RTE_LOG(ERR, EAL, "interrupts: source %lld cannot be read any more; it is not waited for\n", (long long)source);
		eal_os_events_remove(source);
	}
	for (c = TAILQ_FIRST(&s->callbacks); fired > 0 && c != NULL; c = TAILQ_NEXT(c, next)) {
		if (c->leaving)
			continue;
		pthread_mutex_unlock(&lock);
		c->function(c->arg);
		pthread_mutex_lock(&lock);
	}
	say_farewell(s);
	s->active = false;
	drop_if_unused(s);
	pthread_mutex_unlock(&lock);
}

void
eal_interrupts_forget(void)
{
	struct callback *c;
	struct source *s;

	pthread_mutex_lock(&lock);
	while ((s = TAILQ_FIRST(&sources)) != NULL) {
		while ((c = TAILQ_FIRST(&s->callbacks)) != NULL) {
			TAILQ_REMOVE(&s->callbacks, c, next);
			free(c);
		}
		drop_if_unused(s);
	}
	pthread_mutex_unlock(&lock);
}

static bool
is_vfio(enum rte_intr_handle_type type)
{
	return type == RTE_INTR_HANDLE_VFIO_MSIX || type == RTE_INTR_HANDLE_VFIO_MSI || type == RTE_INTR_HANDLE_VFIO_LEGACY;
}

/* 0 when type and source allow the switch to be written; 1 when there is nothing to do; -1 with rte_errno. */
static int
check_switch(const struct rte_intr_handle *handle, const char *what)
{
	enum rte_intr_handle_type type;

	if (handle == NULL) {
		rte_errno = EINVAL;
		return -1;
	}
	type = rte_intr_type_get(handle);
	if (type == RTE_INTR_HANDLE_VDEV)
		return 1;
	if (rte_intr_fd_get(handle) < 0 || ((type == RTE_INTR_HANDLE_UIO_INTX || is_vfio(type)) && rte_intr_dev_fd_get(handle) < 0)) {
		rte_errno = EINVAL;
		return -1;
	}
	if (type != RTE_INTR_HANDLE_UIO && type != RTE_INTR_HANDLE_UIO_INTX && !is_vfio(type)) {
		RTE_LOG(ERR, EAL, "interrupts: cannot %s those of type %d, only of UIO, VFIO and virtual devices\n", what, (int)type);
		rte_errno = ENOTSUP;
		return -1;
	}
	return 0;
}

/* uio_pci_generic has no switch of its own: the line is switched in the device, whose configuration space is dev_fd. */
static int
switch_source(const struct rte_intr_handle *handle, bool on)
{
	const enum rte_intr_handle_type type = rte_intr_type_get(handle);

	if (is_vfio(type))
		return eal_os_vfio_switch(handle, on);
	return type == RTE_INTR_HANDLE_UIO ? eal_os_uio_switch(rte_intr_fd_get(handle), on) :
		eal_os_intx_switch(rte_intr_dev_fd_get(handle), on);
}

static int
write_switch(const struct rte_intr_handle *handle, int (*change)(const struct rte_intr_handle *handle, bool on), bool on,
	const char *what)
{
	int ret = check_switch(handle, what);

	if (ret == 0) {
		ret = change(handle, on);
		if (ret != 0) {
			RTE_LOG(ERR, EAL, "interrupts: cannot %s descriptor %d: %s\n", what, rte_intr_fd_get(handle),
				rte_strerror(-ret));
			rte_errno = -ret;
			return -1;
		}
	}
	return ret < 0 ? -1 : 0;
}

int
rte_intr_enable(const struct rte_intr_handle *intr_handle)
{
	return write_switch(intr_handle, switch_source, true, "enable");
}

int
rte_intr_disable(const struct rte_intr_handle *intr_handle)
{
	return write_switch(intr_handle, switch_source, false, "disable");
}

/* The kernel masks a line that fired; for UIO acknowledging is enabling. */
static int
acknowledge(const struct rte_intr_handle *handle, bool on)
{
	return rte_intr_type_get(handle) == RTE_INTR_HANDLE_VFIO_LEGACY ? eal_os_vfio_unmask(handle) : switch_source(handle, on);
}

int
rte_intr_ack(const struct rte_intr_handle *intr_handle)
{
	/* Message-signalled interrupts need none. */
	if (intr_handle != NULL && rte_intr_fd_get(intr_handle) >= 0 &&
	    (rte_intr_type_get(intr_handle) == RTE_INTR_HANDLE_VFIO_MSI ||
	     rte_intr_type_get(intr_handle) == RTE_INTR_HANDLE_VFIO_MSIX))
		return 0;
	return write_switch(intr_handle, acknowledge, true, "acknowledge");
}
