/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which lcores there are, where they run, and the calling thread's own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_memory.h>

#include "eal_lcore_private.h"
#include "eal_private.h"

RTE_DEFINE_PER_LCORE(unsigned int, _lcore_id) = LCORE_ID_ANY;
RTE_DEFINE_PER_LCORE(int, _thread_id) = -1;

struct eal_lcore eal_lcores[RTE_MAX_LCORE] = {
	[0 ... RTE_MAX_LCORE - 1] = {
		.role = ROLE_OFF, .index = -1, .state = WAIT,
		.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER,
	},
};
unsigned int eal_main_lcore;
rte_cpuset_t eal_control_cpus;

static pthread_mutex_t roles_lock = PTHREAD_MUTEX_INITIALIZER;

static enum rte_lcore_role_t
role_of(unsigned int lcore_id)
{
	/* Roles of non-EAL threads change while others look. */
	return __atomic_load_n(&eal_lcores[lcore_id].role, __ATOMIC_ACQUIRE);
}

enum rte_lcore_role_t
rte_eal_lcore_role(unsigned int lcore_id)
{
	return lcore_id < RTE_MAX_LCORE ? role_of(lcore_id) : ROLE_OFF;
}

int
rte_lcore_has_role(unsigned int lcore_id, enum rte_lcore_role_t role)
{
	if (lcore_id >= RTE_MAX_LCORE)
		return -EINVAL;
	return role_of(lcore_id) == role;
}

int
rte_lcore_is_enabled(unsigned int lcore_id)
{
	return lcore_id < RTE_MAX_LCORE && role_of(lcore_id) == ROLE_RTE;
}

unsigned int
rte_get_main_lcore(void)
{
	return eal_main_lcore;
}

unsigned int
rte_lcore_count(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < RTE_MAX_LCORE; i++)
		n += role_of(i) != ROLE_OFF;
	return n;
}

static unsigned int
lcore_or_own(int lcore_id)
{
	return lcore_id < 0 ? rte_lcore_id() : (unsigned int)lcore_id;
}

int
rte_lcore_index(int lcore_id)
{
	unsigned int id = lcore_or_own(lcore_id);

	return id < RTE_MAX_LCORE ? eal_lcores[id].index : -1;
}

int
rte_lcore_to_cpu_id(int lcore_id)
{
	unsigned int id = lcore_or_own(lcore_id), cpu;

	for (cpu = 0; id < RTE_MAX_LCORE && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &eal_lcores[id].cpus))
			return (int)cpu;
	return -1;
}

unsigned int
rte_lcore_to_socket_id(unsigned int lcore_id)
{
	return lcore_id < RTE_MAX_LCORE ? eal_lcores[lcore_id].socket : 0;
}

rte_cpuset_t
rte_lcore_cpuset(unsigned int lcore_id)
{
	rte_cpuset_t none;

	CPU_ZERO(&none);
	return lcore_id < RTE_MAX_LCORE ? eal_lcores[lcore_id].cpus : none;
}

unsigned int
rte_socket_id(void)
{
	unsigned int id = rte_lcore_id();

	return id < RTE_MAX_LCORE ? eal_lcores[id].socket : (unsigned int)SOCKET_ID_ANY;
}

/* Bit n: some lcore is on node n; node 0 always exists. */
static uint32_t
sockets_in_use(void)
{
	uint32_t sockets = 0;
	unsigned int i;

	for (i = 0; i < RTE_MAX_LCORE; i++)
		if (role_of(i) == ROLE_RTE)
			sockets |= RTE_BIT32(eal_lcores[i].socket % RTE_MAX_NUMA_NODES);
	return sockets != 0 ? sockets : 1;
}

unsigned int
rte_socket_count(void)
{
	return (unsigned int)__builtin_popcount(sockets_in_use());
}

int
rte_socket_id_by_idx(unsigned int idx)
{
	uint32_t sockets = sockets_in_use();

	for (; sockets != 0; sockets &= sockets - 1)
		if (idx-- == 0)
			return (int)rte_bsf32(sockets);
	rte_errno = EINVAL;
	return -1;
}

unsigned int
rte_get_next_lcore(unsigned int i, int skip_main, int wrap)
{
	unsigned int looked;

	/* At most once round, so that wrapping ends when there is no lcore to give. */
	for (looked = 0; looked <= RTE_MAX_LCORE; looked++) {
		i++;
		if (i >= RTE_MAX_LCORE) {
			if (!wrap)
				return RTE_MAX_LCORE;
			i = 0;
		}
		if (role_of(i) == ROLE_RTE && !(skip_main && i == eal_main_lcore))
			return i;
	}
	return RTE_MAX_LCORE;
}

int
rte_lcore_iterate(rte_lcore_iterate_cb cb, void *arg)
{
	unsigned int i;
	int ret = 0;

	pthread_mutex_lock(&roles_lock);
	for (i = 0; i < RTE_MAX_LCORE && ret == 0; i++)
		if (role_of(i) != ROLE_OFF)
			ret = cb(i, arg);
	pthread_mutex_unlock(&roles_lock);
	return ret;
}

static int
dump_lcore(unsigned int lcore_id, void *arg)
{
	static const char *const names[] = { "RTE", "OFF", "SERVICE", "NON_EAL" };
	char cpus[EAL_ERROR_SIZE];

	eal_cpuset_text(&eal_lcores[lcore_id].cpus, cpus, sizeof(cpus));
	fprintf(arg, "lcore %u, socket %u, role %s, cpuset %s\n", lcore_id, eal_lcores[lcore_id].socket,
		names[role_of(lcore_id)], cpus);
	return 0;
}

void
rte_lcore_dump(FILE *f)
{
	rte_lcore_iterate(dump_lcore, f);
}

void
eal_thread_become(unsigned int lcore_id)
{
	wdpdk_lcore_id_set(lcore_id);
	RTE_PER_LCORE(_thread_id) = rte_sys_gettid();
}

/* What was registered, oldest first; under roles_lock. */
struct lcore_callback {
	TAILQ_ENTRY(lcore_callback) next;
	char *name;
	rte_lcore_init_cb init;
	rte_lcore_uninit_cb uninit;
	void *arg;
};
static TAILQ_HEAD(lcore_callbacks, lcore_callback) callbacks = TAILQ_HEAD_INITIALIZER(callbacks);

/* 0, or nonzero when it refuses the lcore. */
static int
call_init(const struct lcore_callback *c, unsigned int lcore_id)
{
	int ret = c->init != NULL ? c->init(lcore_id, c->arg) : 0;

	if (ret != 0)
		RTE_LOG(DEBUG, EAL, "lcore %u: callback %s refuses it\n", lcore_id, c->name);
	return ret;
}

static void
call_uninit(const struct lcore_callback *c, unsigned int lcore_id)
{
	if (c->uninit != NULL)
		c->uninit(lcore_id, c->arg);
}

static void
free_callback(struct lcore_callback *c)
{
	free(c->name);
	free(c);
}

void *
rte_lcore_callback_register(const char *name, rte_lcore_init_cb init, rte_lcore_uninit_cb uninit, void *arg)
{
	struct lcore_callback *c;
	unsigned int i;

	if (name == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	c = calloc(1, sizeof(*c));
	if (c == NULL || (c->name = strdup(name)) == NULL) {
		free(c);
		rte_errno = ENOMEM;
		return NULL;
	}
	c->init = init;
	c->uninit = uninit;
	c->arg = arg;
	pthread_mutex_lock(&roles_lock);
	for (i = 0; i < RTE_MAX_LCORE; i++)
		if (role_of(i) != ROLE_OFF && call_init(c, i) != 0)
			break;
	if (i < RTE_MAX_LCORE) {
		while (i-- > 0)
			if (role_of(i) != ROLE_OFF)
				call_uninit(c, i);
		free_callback(c);
		c = NULL;
		rte_errno = ECANCELED;
	} else {
		TAILQ_INSERT_TAIL(&callbacks, c, next);
	}
	pthread_mutex_unlock(&roles_lock);
	return c;
}

void
rte_lcore_callback_unregister(void *handle)
{
	struct lcore_callback *c = handle;
	unsigned int i;

	if (c == NULL)
		return;
	pthread_mutex_lock(&roles_lock);
	for (i = 0; i < RTE_MAX_LCORE; i++)
		if (role_of(i) != ROLE_OFF)
			call_uninit(c, i);
	TAILQ_REMOVE(&callbacks, c, next);
	pthread_mutex_unlock(&roles_lock);
	free_callback(c);
}

/* All callbacks agree to a new lcore, or those that did are told that it is not coming. */
static bool
callbacks_accept(unsigned int lcore_id)
{
	struct lcore_callback *c;

	TAILQ_FOREACH(c, &callbacks, next)
		if (call_init(c, lcore_id) != 0)
			break;
	if (c == NULL)
		return true;
	while ((c = TAILQ_PREV(c, lcore_callbacks, next)) != NULL)
		call_uninit(c, lcore_id);
	return false;
}

void
eal_lcore_set_role(unsigned int lcore_id, enum rte_lcore_role_t role)
{
	pthread_mutex_lock(&roles_lock);
	__atomic_store_n(&eal_lcores[lcore_id].role, role, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&roles_lock);
}

int
rte_thread_register(void)
{
	unsigned int i;
	rte_cpuset_t cpus;

	if (eal_os_lcore_id_init() != 0) {
		rte_errno = ENOMEM;
		return -1;
	}
	if (rte_lcore_id() != LCORE_ID_ANY) {
		rte_errno = EINVAL;
		return -1;
	}
	rte_thread_get_affinity(&cpus);
	pthread_mutex_lock(&roles_lock);
	for (i = 0; i < RTE_MAX_LCORE && role_of(i) != ROLE_OFF; i++)
		;
	if (i < RTE_MAX_LCORE) {
		eal_lcores[i].cpus = cpus;
		__atomic_store_n(&eal_lcores[i].role, ROLE_NON_EAL, __ATOMIC_RELEASE);
		if (!callbacks_accept(i)) {
			__atomic_store_n(&eal_lcores[i].role, ROLE_OFF, __ATOMIC_RELEASE);
			i = RTE_MAX_LCORE;
		}
	}
	pthread_mutex_unlock(&roles_lock);
	if (i == RTE_MAX_LCORE) {
		rte_errno = ENOMEM;
		return -1;
	}
	eal_thread_become(i);
	return 0;
}

void
rte_thread_unregister(void)
{
	unsigned int id = rte_lcore_id();
	struct lcore_callback *c;

	if (id >= RTE_MAX_LCORE || role_of(id) != ROLE_NON_EAL)
		return;
	pthread_mutex_lock(&roles_lock);
	TAILQ_FOREACH(c, &callbacks, next)
		call_uninit(c, id);
	__atomic_store_n(&eal_lcores[id].role, ROLE_OFF, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&roles_lock);
	wdpdk_lcore_id_set(LCORE_ID_ANY);
}
