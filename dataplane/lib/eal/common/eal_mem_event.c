/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who wants to hear of memory that comes and goes, and who may forbid that more of it comes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_string_fns.h>

#include "eal_memory_private.h"
#include "eal_private.h"

#define NAME_LEN 64
_Static_assert(NAME_LEN == RTE_MEM_EVENT_CALLBACK_NAME_LEN && NAME_LEN == RTE_MEM_ALLOC_VALIDATOR_NAME_LEN,
	"one length for both");

struct listener {
	TAILQ_ENTRY(listener) next;
	char name[NAME_LEN];
	rte_mem_event_callback_t event; /* or NULL: a validator */
	void *arg;
	rte_mem_alloc_validator_t validate;
	int socket;
	size_t limit;
};

static TAILQ_HEAD(, listener) listeners = TAILQ_HEAD_INITIALIZER(listeners);
static pthread_mutex_t listeners_lock = PTHREAD_MUTEX_INITIALIZER;

static int
fail(int err)
{
	rte_errno = err;
	return -1;
}

/* 0, or why it is no name. */
static int
check_name(const char *name)
{
	if (name == NULL || name[0] == '\0')
		return EINVAL;
	return strnlen(name, NAME_LEN) == NAME_LEN ? ENAMETOOLONG : 0;
}

static struct listener *
find(const struct listener *like)
{
	struct listener *l;

	TAILQ_FOREACH(l, &listeners, next)
		if ((l->event != NULL) == (like->event != NULL) && l->arg == like->arg && l->socket == like->socket &&
		    strcmp(l->name, like->name) == 0)
			return l;
	return NULL;
}

static int
add(const char *name, struct listener *like)
{
	struct listener *l;
	int err = check_name(name);

	if (err != 0)
		return fail(err);
	rte_strlcpy(like->name, name, sizeof(like->name));
	pthread_mutex_lock(&listeners_lock);
	if (find(like) != NULL) {
		err = EEXIST;
	} else {
		l = malloc(sizeof(*l));
		if (l == NULL) {
			err = ENOMEM;
		} else {
			*l = *like;
			TAILQ_INSERT_TAIL(&listeners, l, next);
		}
	}
	pthread_mutex_unlock(&listeners_lock);
	return err == 0 ? 0 : fail(err);
}

static int
take_out(const char *name, struct listener *like)
{
	struct listener *l;
	int err = check_name(name);

	if (err != 0)
		return fail(err);
	rte_strlcpy(like->name, name, sizeof(like->name));
	pthread_mutex_lock(&listeners_lock);
	l = find(like);
	if (l != NULL)
		TAILQ_REMOVE(&listeners, l, next);
	pthread_mutex_unlock(&listeners_lock);
	free(l);
	return l != NULL ? 0 : fail(ENOENT);
}

/* Only whether it is NULL matters to find(). */
static void
any_event(enum rte_mem_event event, const void *addr, size_t len, void *arg)
{
	RTE_SET_USED(event);
	RTE_SET_USED(addr);
	RTE_SET_USED(len);
	RTE_SET_USED(arg);
}

int
rte_mem_event_callback_register(const char *name, rte_mem_event_callback_t clb, void *arg)
{
	struct listener like = { .event = clb, .arg = arg };

	return clb == NULL ? fail(EINVAL) : add(name, &like);
}

int
rte_mem_event_callback_unregister(const char *name, void *arg)
{
	struct listener like = { .event = any_event, .arg = arg };

	return take_out(name, &like);
}

int
rte_mem_alloc_validator_register(const char *name, rte_mem_alloc_validator_t clb, int socket_id, size_t limit)
{
	struct listener like = { .validate = clb, .socket = socket_id, .limit = limit };

	return clb == NULL || socket_id < 0 ? fail(EINVAL) : add(name, &like);
}

int
rte_mem_alloc_validator_unregister(const char *name, int socket_id)
{
	struct listener like = { .socket = socket_id };

	return socket_id < 0 ? fail(EINVAL) : take_out(name, &like);
}

void
eal_mem_event(enum rte_mem_event event, const void *addr, size_t len)
{
	struct listener *l;

	pthread_mutex_lock(&listeners_lock);
	TAILQ_FOREACH(l, &listeners, next)
		if (l->event != NULL)
			l->event(event, addr, len, l->arg);
	pthread_mutex_unlock(&listeners_lock);
}

bool
eal_mem_growth_allowed(int socket, size_t new_len)
{
	struct listener *l;
	bool allowed = true;

	pthread_mutex_lock(&listeners_lock);
	TAILQ_FOREACH(l, &listeners, next)
		if (l->event == NULL && l->socket == socket && new_len > l->limit && l->validate(socket, l->limit, new_len) < 0)
			allowed = false;
	pthread_mutex_unlock(&listeners_lock);
	return allowed;
}

void
eal_mem_event_reset(void)
{
	struct listener *l;

	pthread_mutex_lock(&listeners_lock);
	while ((l = TAILQ_FIRST(&listeners)) != NULL) {
		TAILQ_REMOVE(&listeners, l, next);
		free(l);
	}
	pthread_mutex_unlock(&listeners_lock);
}
