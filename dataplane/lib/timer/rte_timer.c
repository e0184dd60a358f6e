/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Timers: who may change one, and when it runs.
 *
 * The status word is the lock of a timer: who changes it to CONFIG or RUNNING owns all other fields until it stores
 * another state. A timer is linked in a list exactly while it is PENDING, or in CONFIG by a thread that took it
 * while it was PENDING and has not yet come to unlink it. The lock of a list is only over its links. The lcore that
 * finds such a claimed timer due drops it from the list; the claimer then finds nothing to unlink.
 *
 * Timers leave the list one by one as they run, so that one callback can still stop the next.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_pause.h>

#include "timer_list.h"

#define INSTANCES_MAX 64
#define DEFAULT_INSTANCE 0
#define TRIES_BEFORE_YIELD 32
/* The last moment there is. */
#define EXPIRE_MAX (TIMER_NEVER - 1)

struct instance {
	struct timer_list list[RTE_MAX_LCORE];
	unsigned int last_lcore; /* that LCORE_ID_ANY meant */
};

static struct instance *instances[INSTANCES_MAX];
static rte_spinlock_t instances_lock = RTE_SPINLOCK_INITIALIZER;

/* The callbacks this thread is in, the innermost first. tim is NULL when the callback has reset or stopped it. */
struct frame {
	struct rte_timer *tim;
	struct frame *outer;
};
static WDPDK_TLS struct frame *running;

static struct instance *
get_instance(uint32_t id)
{
	return id < INSTANCES_MAX ? __atomic_load_n(&instances[id], __ATOMIC_ACQUIRE) : NULL;
}

/* With instances_lock held. */
static int
make_instance(uint32_t id)
{
	struct instance *instance = rte_zmalloc("timer", sizeof(*instance), RTE_CACHE_LINE_SIZE);
	unsigned int i;

	if (instance == NULL)
		return -ENOMEM;
	for (i = 0; i < RTE_MAX_LCORE; i++)
		timer_list_init(&instance->list[i], UINT64_C(0x9e3779b97f4a7c15) * (i + 1));
	instance->last_lcore = LCORE_ID_ANY;
	__atomic_store_n(&instances[id], instance, __ATOMIC_RELEASE);
	return 0;
}

int
rte_timer_subsystem_init(void)
{
	int ret = -EALREADY;

	rte_spinlock_lock(&instances_lock);
	if (instances[DEFAULT_INSTANCE] == NULL)
		ret = make_instance(DEFAULT_INSTANCE);
	rte_spinlock_unlock(&instances_lock);
	return ret;
}

void
rte_timer_subsystem_finalize(void)
{
	uint32_t id;

	rte_spinlock_lock(&instances_lock);
	for (id = 0; id < INSTANCES_MAX; id++) {
		rte_free(instances[id]);
		__atomic_store_n(&instances[id], NULL, __ATOMIC_RELEASE);
	}
	rte_spinlock_unlock(&instances_lock);
}

int
rte_timer_data_alloc(uint32_t *id_ptr)
{
	uint32_t id = DEFAULT_INSTANCE;
	int ret = -ENOMEM;

	rte_spinlock_lock(&instances_lock);
	if (instances[DEFAULT_INSTANCE] != NULL) {
		while (id < INSTANCES_MAX && instances[id] != NULL)
			id++;
		ret = id < INSTANCES_MAX ? make_instance(id) : -ENOSPC;
	}
	rte_spinlock_unlock(&instances_lock);
	if (ret == 0 && id_ptr != NULL)
		*id_ptr = id;
	return ret;
}

int
rte_timer_data_dealloc(uint32_t id)
{
	struct instance *instance;

	rte_spinlock_lock(&instances_lock);
	instance = get_instance(id);
	if (instance != NULL)
		__atomic_store_n(&instances[id], NULL, __ATOMIC_RELEASE);
	rte_spinlock_unlock(&instances_lock);
	rte_free(instance);
	return instance != NULL ? 0 : -EINVAL;
}

static uint32_t
make_status(uint16_t state, unsigned int owner)
{
	union rte_timer_status status = { { .state = state, .owner = (int16_t)owner } };

	return status.u32;
}

static union rte_timer_status
load_status(const struct rte_timer *tim)
{
	union rte_timer_status status;

	status.u32 = __atomic_load_n(&tim->status.u32, __ATOMIC_RELAXED);
	return status;
}

/* Release: who takes the timer next sees its fields. */
static void
store_status(struct rte_timer *tim, uint32_t status)
{
	__atomic_store_n(&tim->status.u32, status, __ATOMIC_RELEASE);
}

static bool
change_status(struct rte_timer *tim, uint32_t *from, uint32_t to)
{
	return __atomic_compare_exchange_n(&tim->status.u32, from, to, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void
rte_timer_init(struct rte_timer *tim)
{
	store_status(tim, make_status(RTE_TIMER_STOP, (unsigned int)RTE_TIMER_NO_OWNER));
}

int
rte_timer_pending(struct rte_timer *tim)
{
	return load_status(tim).state == RTE_TIMER_PENDING;
}

/* The callback of tim that the calling thread is in, or NULL. */
static struct frame *
own_frame(const struct rte_timer *tim)
{
	struct frame *frame = running;

	while (frame != NULL && frame->tim != tim)
		frame = frame->outer;
	return frame;
}

/* Takes a timer for changing. What it was goes to *before. 0, or -1 when it is somebody else's. */
static int
claim(struct rte_timer *tim, union rte_timer_status *before)
{
	uint32_t mine = make_status(RTE_TIMER_CONFIG, rte_lcore_id());
	struct frame *frame = NULL;

	*before = load_status(tim);
	do {
		if (before->state == RTE_TIMER_CONFIG)
			return -1;
		if (before->state == RTE_TIMER_RUNNING) {
			frame = own_frame(tim);
			if (frame == NULL)
				return -1;
		}
	} while (!change_status(tim, &before->u32, mine));
	if (before->state == RTE_TIMER_RUNNING)
		frame->tim = NULL;
	return 0;
}

static unsigned int
next_in_turn(struct instance *instance)
{
	unsigned int lcore = rte_get_next_lcore(__atomic_load_n(&instance->last_lcore, __ATOMIC_RELAXED), 0, 1);

	__atomic_store_n(&instance->last_lcore, lcore, __ATOMIC_RELAXED);
	return lcore;
}

static int
reset(struct instance *instance, struct rte_timer *tim, uint64_t ticks, enum rte_timer_type type, unsigned int lcore,
	rte_timer_cb_t fct, void *arg)
{
	union rte_timer_status before;
	struct timer_list *list, *old = NULL;
	uint64_t now;

	if (instance == NULL || tim == NULL || (type != SINGLE && type != PERIODICAL))
		return -EINVAL;
	if (lcore == LCORE_ID_ANY)
		lcore = next_in_turn(instance);
	if (lcore >= RTE_MAX_LCORE)
		return -EINVAL;
	if (claim(tim, &before) < 0)
		return -1;
	list = &instance->list[lcore];
	if (before.state == RTE_TIMER_PENDING)
		old = &instance->list[before.owner];
	if (old != NULL && old != list) {
		timer_list_lock(old);
		timer_list_remove(old, tim);
		timer_list_unlock(old);
		old = NULL;
	}
	timer_list_lock(list);
	if (old != NULL)
		timer_list_remove(list, tim);
	now = rte_get_timer_cycles();
	tim->expire = ticks < EXPIRE_MAX - now ? now + ticks : EXPIRE_MAX;
	tim->period = type == PERIODICAL ? ticks : 0;
	tim->f = fct;
	tim->arg = arg;
	timer_list_insert(list, tim);
	list->started++;
	store_status(tim, make_status(RTE_TIMER_PENDING, lcore));
	timer_list_unlock(list);
	return 0;
}

int
rte_timer_alt_reset(uint32_t timer_data_id, struct rte_timer *tim, uint64_t ticks, enum rte_timer_type type,
	unsigned int tim_lcore, rte_timer_cb_t fct, void *arg)
{
	return reset(get_instance(timer_data_id), tim, ticks, type, tim_lcore, fct, arg);
}

int
rte_timer_reset(struct rte_timer *tim, uint64_t ticks, enum rte_timer_type type, unsigned int tim_lcore,
	rte_timer_cb_t fct, void *arg)
{
	return fct == NULL ? -EINVAL : reset(get_instance(DEFAULT_INSTANCE), tim, ticks, type, tim_lcore, fct, arg);
}

/* The other side of a busy timer may need this very CPU. */
static void
wait_a_little(unsigned int *tries)
{
	rte_pause();
	if (++*tries % TRIES_BEFORE_YIELD == 0)
		sched_yield();
}

void
rte_timer_reset_sync(struct rte_timer *tim, uint64_t ticks, enum rte_timer_type type, unsigned int tim_lcore,
	rte_timer_cb_t fct, void *arg)
{
	unsigned int tries = 0;

	while (rte_timer_reset(tim, ticks, type, tim_lcore, fct, arg) == -1)
		wait_a_little(&tries);
}

int
rte_timer_alt_stop(uint32_t timer_data_id, struct rte_timer *tim)
{
	struct instance *instance = get_instance(timer_data_id);
	union rte_timer_status before;
	struct timer_list *list;

	if (instance == NULL || tim == NULL)
		return -EINVAL;
	if (claim(tim, &before) < 0)
		return -1;
	if (before.state == RTE_TIMER_PENDING) {
		list = &instance->list[before.owner];
		timer_list_lock(list);
		timer_list_remove(list, tim);
		list->stopped++;
		timer_list_unlock(list);
	}
	store_status(tim, make_status(RTE_TIMER_STOP, (unsigned int)RTE_TIMER_NO_OWNER));
	return 0;
}

int
rte_timer_stop(struct rte_timer *tim)
{
	return rte_timer_alt_stop(DEFAULT_INSTANCE, tim);
}

void
rte_timer_stop_sync(struct rte_timer *tim)
{
	unsigned int tries = 0;

	while (rte_timer_stop(tim) == -1)
		wait_a_little(&tries);
}

/*
 * Takes the first timer out of the list if it is due and nobody else has claimed it; it is then RUNNING. lcore:
 * the list's.
 */
static struct rte_timer *
take_due(struct timer_list *list, unsigned int lcore, uint64_t now)
{
	uint32_t mine = make_status(RTE_TIMER_RUNNING, rte_lcore_id()), pending;
	struct rte_timer *tim = NULL;
	bool taken = false;

	timer_list_lock(list);
	while (!taken && list->next_expire <= now) {
		tim = list->head[0];
		pending = make_status(RTE_TIMER_PENDING, lcore);
		taken = change_status(tim, &pending, mine);
		timer_list_pop(list);
	}
	list->fired += taken;
	timer_list_unlock(list);
	return taken ? tim : NULL;
}

/* Runs one timer. instead: called in place of the timer's own function unless NULL. */
static void
run(struct timer_list *list, unsigned int lcore, struct rte_timer *tim, uint64_t now, rte_timer_alt_manage_cb_t instead)
{
	struct frame frame = { .tim = tim, .outer = running };

	running = &frame;
	if (instead != NULL)
		instead(tim);
	else if (tim->f != NULL)
		tim->f(tim, tim->arg);
	running = frame.outer;
	/* Reset or stopped by its callback, it is not ours any more: it may run elsewhere or be freed by now. */
	if (frame.tim == NULL)
		return;
	if (tim->period == 0) {
		store_status(tim, make_status(RTE_TIMER_STOP, (unsigned int)RTE_TIMER_NO_OWNER));
		return;
	}
	timer_list_lock(list);
	tim->expire = tim->period < EXPIRE_MAX - tim->expire ? tim->expire + tim->period : EXPIRE_MAX;
	if (tim->expire <= now)
		timer_list_insert_late(list, tim);
	else
		timer_list_insert(list, tim);
	store_status(tim, make_status(RTE_TIMER_PENDING, lcore));
	timer_list_unlock(list);
}

/* The end of a pass, unless it was made from a callback: then the pass around it would run those timers again. */
static void
end_pass(struct timer_list *list)
{
	if (running != NULL)
		return;
	timer_list_lock(list);
	timer_list_merge_late(list);
	timer_list_unlock(list);
}

int
rte_timer_manage(void)
{
	struct instance *instance = get_instance(DEFAULT_INSTANCE);
	unsigned int lcore = rte_lcore_id();
	struct timer_list *list;
	struct rte_timer *tim;
	uint64_t now, next;

	if (instance == NULL || lcore >= RTE_MAX_LCORE)
		return -EINVAL;
	list = &instance->list[lcore];
	next = __atomic_load_n(&list->next_expire, __ATOMIC_RELAXED);
	if (next == TIMER_NEVER)
		return 0;
	now = rte_get_timer_cycles();
	if (next > now)
		return 0;
	while ((tim = take_due(list, lcore, now)) != NULL)
		run(list, lcore, tim, now, NULL);
	end_pass(list);
	return 0;
}

static bool
lcores_are_valid(const unsigned int *lcores, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (lcores[i] >= RTE_MAX_LCORE)
			return false;
	return true;
}

int
rte_timer_alt_manage(uint32_t timer_data_id, unsigned int *poll_lcores, int n_poll_lcores, rte_timer_alt_manage_cb_t f)
{
	struct instance *instance = get_instance(timer_data_id);
	unsigned int own = rte_lcore_id(), first = 0;
	uint64_t now = rte_get_timer_cycles(), next, least;
	struct rte_timer *tim;
	int i;

	if (instance == NULL || f == NULL || own >= RTE_MAX_LCORE)
		return -EINVAL;
	if (poll_lcores == NULL) {
		poll_lcores = &own;
		n_poll_lcores = 1;
	}
	if (!lcores_are_valid(poll_lcores, n_poll_lcores))
		return -EINVAL;
	for (;;) {
		least = TIMER_NEVER;
		for (i = 0; i < n_poll_lcores; i++) {
			next = __atomic_load_n(&instance->list[poll_lcores[i]].next_expire, __ATOMIC_RELAXED);
			if (next < least) {
				least = next;
				first = poll_lcores[i];
			}
		}
		if (least > now)
			break;
		/* Others may run this list, too, and have been faster. */
		tim = take_due(&instance->list[first], first, now);
		if (tim != NULL)
			run(&instance->list[first], first, tim, now, f);
	}
	for (i = 0; i < n_poll_lcores; i++)
		end_pass(&instance->list[poll_lcores[i]]);
	return 0;
}

/* Takes all pending timers out and gives them as a chain by sl_next[0], in CONFIG. */
static struct rte_timer *
take_all(struct timer_list *list, unsigned int lcore)
{
	uint32_t mine = make_status(RTE_TIMER_CONFIG, rte_lcore_id()), pending;
	struct rte_timer *chain = NULL, **end = &chain, *tim;

	timer_list_lock(list);
	timer_list_merge_late(list);
	while ((tim = list->head[0]) != NULL) {
		timer_list_pop(list);
		pending = make_status(RTE_TIMER_PENDING, lcore);
		if (!change_status(tim, &pending, mine))
			continue;
		*end = tim;
		end = &tim->sl_next[0];
		list->stopped++;
	}
	timer_list_unlock(list);
	*end = NULL;
	return chain;
}

int
rte_timer_stop_all(uint32_t timer_data_id, unsigned int *walk_lcores, int nb_walk_lcores, rte_timer_stop_all_cb_t f,
	void *f_arg)
{
	struct instance *instance = get_instance(timer_data_id);
	struct rte_timer *tim, *next;
	int i;

	if (instance == NULL || (walk_lcores == NULL && nb_walk_lcores > 0) ||
	    !lcores_are_valid(walk_lcores, nb_walk_lcores))
		return -EINVAL;
	for (i = 0; i < nb_walk_lcores; i++)
		for (tim = take_all(&instance->list[walk_lcores[i]], walk_lcores[i]); tim != NULL; tim = next) {
			next = tim->sl_next[0];
			store_status(tim, make_status(RTE_TIMER_STOP, (unsigned int)RTE_TIMER_NO_OWNER));
			if (f != NULL)
				f(tim, f_arg);
		}
	return 0;
}

int64_t
rte_timer_next_ticks(void)
{
	struct instance *instance = get_instance(DEFAULT_INSTANCE);
	unsigned int lcore = rte_lcore_id();
	struct timer_list *list;
	uint64_t next, now;

	if (instance == NULL || lcore >= RTE_MAX_LCORE)
		return -EINVAL;
	list = &instance->list[lcore];
	timer_list_lock(list);
	next = list->late != NULL ? 0 : list->next_expire;
	timer_list_unlock(list);
	if (next == TIMER_NEVER)
		return -ENOENT;
	now = rte_get_timer_cycles();
	return next <= now ? 0 : (int64_t)RTE_MIN(next - now, (uint64_t)INT64_MAX);
}

int
rte_timer_alt_dump_stats(uint32_t timer_data_id, FILE *f)
{
	struct instance *instance = get_instance(timer_data_id);
	struct timer_list *list, seen;
	unsigned int i;

	if (instance == NULL || f == NULL)
		return -EINVAL;
	fprintf(f, "Timer statistics:\n");
	for (i = 0; i < RTE_MAX_LCORE; i++) {
		list = &instance->list[i];
		timer_list_lock(list);
		seen = *list;
		timer_list_unlock(list);
		if (seen.started != 0)
			fprintf(f, "  lcore %u: started %llu, stopped %llu, ran %llu, pending %llu\n", i,
				(unsigned long long)seen.started, (unsigned long long)seen.stopped,
				(unsigned long long)seen.fired, (unsigned long long)seen.pending);
	}
	return 0;
}

int
rte_timer_dump_stats(FILE *f)
{
	return rte_timer_alt_dump_stats(DEFAULT_INSTANCE, f);
}
