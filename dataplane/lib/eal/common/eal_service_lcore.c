/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Service lcores: which they are, what they may run, and their loop.
 */
#include <errno.h>
#include <sched.h>

#include <rte_launch.h>
#include <rte_pause.h>

#include "eal_lcore_private.h"
#include "eal_private.h"
#include "eal_service.h"

/* Rounds without work before other threads of the CPU have a chance. */
#define IDLE_ROUNDS 1024

static bool initialised;

bool
eal_service_is_lcore(uint32_t lcore)
{
	return lcore < RTE_MAX_LCORE && __atomic_load_n(&eal_service_lcores[lcore].is_service, __ATOMIC_ACQUIRE);
}

unsigned int
eal_service_mapped_count(uint32_t id)
{
	unsigned int i, n = 0;

	for (i = 0; i < RTE_MAX_LCORE; i++)
		n += __atomic_load_n(&eal_service_lcores[i].mapped, __ATOMIC_RELAXED) >> id & 1;
	return n;
}

int32_t
rte_service_map_lcore_set(uint32_t service_id, uint32_t lcore, uint32_t enable)
{
	if (eal_service_get(service_id) == NULL || !eal_service_is_lcore(lcore))
		return -EINVAL;
	if (enable)
		__atomic_fetch_or(&eal_service_lcores[lcore].mapped, UINT64_C(1) << service_id, __ATOMIC_SEQ_CST);
	else
		__atomic_fetch_and(&eal_service_lcores[lcore].mapped, ~(UINT64_C(1) << service_id), __ATOMIC_SEQ_CST);
	return 0;
}

int32_t
rte_service_map_lcore_get(uint32_t service_id, uint32_t lcore)
{
	if (eal_service_get(service_id) == NULL || !eal_service_is_lcore(lcore))
		return -EINVAL;
	return __atomic_load_n(&eal_service_lcores[lcore].mapped, __ATOMIC_RELAXED) >> service_id & 1;
}

static int
run_services(void *arg)
{
	struct service_lcore *own = arg;
	unsigned int idle = 0;
	uint64_t mapped, left;
	bool worked;

	while (__atomic_load_n(&own->wanted, __ATOMIC_ACQUIRE)) {
		worked = false;
		mapped = __atomic_load_n(&own->mapped, __ATOMIC_RELAXED);
		/* What is not mapped any more is not active here any more. */
		if ((__atomic_load_n(&own->active, __ATOMIC_RELAXED) & ~mapped) != 0)
			__atomic_fetch_and(&own->active, mapped, __ATOMIC_SEQ_CST);
		for (left = mapped; left != 0; left &= left - 1)
			worked |= eal_service_call((uint32_t)__builtin_ctzll(left), own, true) == 0;
		__atomic_store_n(&own->loops, own->loops + 1, __ATOMIC_RELAXED);
		if (worked) {
			idle = 0;
			continue;
		}
		rte_pause();
		if (++idle % IDLE_ROUNDS == 0)
			sched_yield();
	}
	__atomic_store_n(&own->active, 0, __ATOMIC_SEQ_CST);
	/* Release: who sees it left sees all its services' work. */
	__atomic_store_n(&own->looping, 0, __ATOMIC_RELEASE);
	return 0;
}

int32_t
rte_service_lcore_add(uint32_t lcore)
{
	struct service_lcore *l;

	if (eal_service_is_lcore(lcore))
		return -EALREADY;
	if (lcore >= RTE_MAX_LCORE || !rte_lcore_is_enabled(lcore) || lcore == rte_get_main_lcore())
		return -EINVAL;
	l = &eal_service_lcores[lcore];
	__atomic_store_n(&l->mapped, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&l->wanted, 0, __ATOMIC_RELAXED);
	eal_lcore_set_role(lcore, ROLE_SERVICE);
	__atomic_store_n(&l->is_service, 1, __ATOMIC_RELEASE);
	return 0;
}

static void
make_worker(uint32_t lcore)
{
	struct service_lcore *l = &eal_service_lcores[lcore];

	__atomic_store_n(&l->wanted, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&l->mapped, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&l->is_service, 0, __ATOMIC_RELEASE);
	eal_lcore_set_role(lcore, ROLE_RTE);
}

int32_t
rte_service_lcore_del(uint32_t lcore)
{
	if (!eal_service_is_lcore(lcore))
		return -EINVAL;
	if (__atomic_load_n(&eal_service_lcores[lcore].wanted, __ATOMIC_RELAXED))
		return -EBUSY;
	make_worker(lcore);
	return 0;
}

int32_t
rte_service_lcore_start(uint32_t lcore_id)
{
	struct service_lcore *l = &eal_service_lcores[lcore_id % RTE_MAX_LCORE];
	int ret;

	if (!eal_service_is_lcore(lcore_id))
		return -EINVAL;
	if (__atomic_load_n(&l->wanted, __ATOMIC_RELAXED))
		return -EALREADY;
	/* Not before the last loop has ended: it would go on, and end its own flags. */
	if (rte_eal_get_lcore_state(lcore_id) != WAIT)
		return -EBUSY;
	__atomic_store_n(&l->looping, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&l->wanted, 1, __ATOMIC_RELEASE);
	ret = rte_eal_remote_launch(run_services, l, lcore_id);
	if (ret != 0) {
		__atomic_store_n(&l->wanted, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&l->looping, 0, __ATOMIC_RELAXED);
	}
	return ret;
}

int32_t
rte_service_lcore_stop(uint32_t lcore_id)
{
	struct service_lcore *l = &eal_service_lcores[lcore_id % RTE_MAX_LCORE];
	uint64_t left;
	uint32_t id;

	if (!eal_service_is_lcore(lcore_id))
		return -EINVAL;
	if (!__atomic_load_n(&l->wanted, __ATOMIC_RELAXED))
		return -EALREADY;
	for (left = __atomic_load_n(&l->mapped, __ATOMIC_RELAXED); left != 0; left &= left - 1) {
		id = (uint32_t)__builtin_ctzll(left);
		if (rte_service_runstate_get(id) == 1 && eal_service_mapped_count(id) == 1)
			return -EBUSY;
	}
	__atomic_store_n(&l->wanted, 0, __ATOMIC_RELEASE);
	return 0;
}

int32_t
rte_service_lcore_may_be_active(uint32_t lcore_id)
{
	if (!eal_service_is_lcore(lcore_id))
		return -EINVAL;
	return (int32_t)__atomic_load_n(&eal_service_lcores[lcore_id].looping, __ATOMIC_ACQUIRE);
}

int32_t
rte_service_lcore_count(void)
{
	uint32_t i;
	int32_t n = 0;

	for (i = 0; i < RTE_MAX_LCORE; i++)
		n += eal_service_is_lcore(i);
	return n;
}

int32_t
rte_service_lcore_list(uint32_t array[], uint32_t n)
{
	uint32_t i, used = 0;

	if (array == NULL)
		return -EINVAL;
	if ((uint32_t)rte_service_lcore_count() > n)
		return -ENOMEM;
	for (i = 0; i < RTE_MAX_LCORE && used < n; i++)
		if (eal_service_is_lcore(i))
			array[used++] = i;
	return (int32_t)used;
}

/* 0; -EINVAL, -ENOTSUP. */
static int32_t
check_lcore(uint32_t lcore)
{
	if (lcore >= RTE_MAX_LCORE)
		return -EINVAL;
	return eal_service_is_lcore(lcore) ? 0 : -ENOTSUP;
}

int32_t
rte_service_lcore_count_services(uint32_t lcore)
{
	int32_t ret = check_lcore(lcore);

	return ret != 0 ? ret : __builtin_popcountll(__atomic_load_n(&eal_service_lcores[lcore].mapped, __ATOMIC_RELAXED));
}

int32_t
rte_service_lcore_attr_get(uint32_t lcore, uint32_t attr_id, uint64_t *attr_value)
{
	const struct service_lcore *l;
	int32_t ret = check_lcore(lcore);

	if (ret != 0 && ret != -ENOTSUP)
		return ret;
	if (attr_value == NULL)
		return -EINVAL;
	if (ret != 0)
		return ret;
	l = &eal_service_lcores[lcore];
	switch (attr_id) {
	case RTE_SERVICE_LCORE_ATTR_LOOPS:
		*attr_value = __atomic_load_n(&l->loops, __ATOMIC_RELAXED) - l->loops_base;
		return 0;
	case RTE_SERVICE_LCORE_ATTR_CYCLES:
		*attr_value = __atomic_load_n(&l->cycles, __ATOMIC_RELAXED) - l->cycles_base;
		return 0;
	}
	return -EINVAL;
}

int32_t
rte_service_lcore_attr_reset_all(uint32_t lcore)
{
	struct service_lcore *l;
	int32_t ret = check_lcore(lcore);

	if (ret != 0)
		return ret;
	l = &eal_service_lcores[lcore];
	l->loops_base = __atomic_load_n(&l->loops, __ATOMIC_RELAXED);
	l->cycles_base = __atomic_load_n(&l->cycles, __ATOMIC_RELAXED);
	return 0;
}

int32_t
rte_service_lcore_reset_all(void)
{
	uint32_t i;

	for (i = 0; i < RTE_MAX_LCORE; i++)
		if (eal_service_is_lcore(i))
			make_worker(i);
	return 0;
}

int32_t
rte_service_start_with_defaults(void)
{
	uint32_t lcores[RTE_MAX_LCORE], id, i, next = 0;
	int32_t n = rte_service_lcore_list(lcores, RTE_MAX_LCORE), ret;

	if (n <= 0)
		return -ENOTSUP;
	for (i = 0; i < (uint32_t)n; i++) {
		ret = rte_service_lcore_start(lcores[i]);
		if (ret != 0 && ret != -EALREADY)
			return ret;
	}
	for (id = 0; id < SERVICES_MAX; id++) {
		if (eal_service_get(id) == NULL)
			continue;
		ret = rte_service_map_lcore_set(id, lcores[next++ % (uint32_t)n], 1);
		if (ret == 0)
			ret = rte_service_runstate_set(id, 1);
		if (ret != 0)
			return ret;
	}
	return 0;
}

int32_t
rte_service_init(void)
{
	if (initialised)
		return -EALREADY;
	initialised = true;
	return 0;
}

void
rte_service_finalize(void)
{
	uint32_t lcores[RTE_MAX_LCORE], i;
	int32_t n;

	if (!initialised)
		return;
	n = rte_service_lcore_list(lcores, RTE_MAX_LCORE);
	rte_service_lcore_reset_all();
	for (i = 0; (int32_t)i < n; i++)
		rte_eal_wait_lcore(lcores[i]);
	for (i = 0; i < SERVICES_MAX; i++)
		rte_service_component_unregister(i);
	initialised = false;
}
