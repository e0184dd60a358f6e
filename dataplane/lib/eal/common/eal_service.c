/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Services: registration, who wants them to run, one call, what was counted.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_cycles.h>

#include "eal_private.h"
#include "eal_service.h"

struct service eal_services[SERVICES_MAX];
struct service_lcore eal_service_lcores[RTE_MAX_LCORE + 1];

struct service *
eal_service_get(uint32_t id)
{
	return id < SERVICES_MAX && eal_services[id].registered ? &eal_services[id] : NULL;
}

uint32_t
rte_service_get_count(void)
{
	uint32_t id, n = 0;

	for (id = 0; id < SERVICES_MAX; id++)
		n += eal_services[id].registered;
	return n;
}

int32_t
rte_service_get_by_name(const char *name, uint32_t *service_id)
{
	uint32_t id;

	if (name == NULL || service_id == NULL)
		return -EINVAL;
	for (id = 0; id < SERVICES_MAX; id++)
		if (eal_services[id].registered && strcmp(eal_services[id].spec.name, name) == 0) {
			*service_id = id;
			return 0;
		}
	return -ENODEV;
}

const char *
rte_service_get_name(uint32_t id)
{
	const struct service *s = eal_service_get(id);

	return s != NULL ? s->spec.name : NULL;
}

int32_t
rte_service_probe_capability(uint32_t id, uint32_t capability)
{
	const struct service *s = eal_service_get(id);

	return s == NULL ? -EINVAL : (s->spec.capabilities & capability) != 0;
}

int32_t
rte_service_component_register(const struct rte_service_spec *spec, uint32_t *service_id)
{
	struct service *s;
	uint32_t id, i;

	if (spec == NULL || spec->callback == NULL || spec->name[0] == '\0' ||
	    memchr(spec->name, '\0', sizeof(spec->name)) == NULL)
		return -EINVAL;
	for (id = 0; id < SERVICES_MAX && eal_services[id].registered; id++)
		;
	if (id == SERVICES_MAX)
		return -ENOSPC;
	s = &eal_services[id];
	memset(s, 0, sizeof(*s));
	s->spec = *spec;
	rte_spinlock_init(&s->turn);
	s->mapped_check = true;
	for (i = 0; i <= RTE_MAX_LCORE; i++) {
		__atomic_store_n(&eal_service_lcores[i].service_calls[id], 0, __ATOMIC_RELAXED);
		__atomic_store_n(&eal_service_lcores[i].service_cycles[id], 0, __ATOMIC_RELAXED);
	}
	s->registered = true;
	if (service_id != NULL)
		*service_id = id;
	return 0;
}

int32_t
rte_service_component_unregister(uint32_t id)
{
	struct service *s = eal_service_get(id);
	unsigned int i;

	if (s == NULL)
		return -EINVAL;
	__atomic_store_n(&s->app_wants, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&s->component_wants, 0, __ATOMIC_SEQ_CST);
	for (i = 0; i <= RTE_MAX_LCORE; i++)
		__atomic_fetch_and(&eal_service_lcores[i].mapped, ~(UINT64_C(1) << id), __ATOMIC_RELAXED);
	s->registered = false;
	return 0;
}

/* Sequentially consistent with the active bits: see eal_service_call(). */
static int32_t
set_wish(uint32_t id, uint32_t *wish, uint32_t runstate)
{
	if (eal_service_get(id) == NULL)
		return -EINVAL;
	__atomic_store_n(wish, runstate != 0, __ATOMIC_SEQ_CST);
	return 0;
}

int32_t
rte_service_runstate_set(uint32_t id, uint32_t runstate)
{
	return set_wish(id, &eal_services[id % SERVICES_MAX].app_wants, runstate);
}

int32_t
rte_service_component_runstate_set(uint32_t id, uint32_t runstate)
{
	return set_wish(id, &eal_services[id % SERVICES_MAX].component_wants, runstate);
}

static bool
both_want(const struct service *s)
{
	return __atomic_load_n(&s->app_wants, __ATOMIC_SEQ_CST) && __atomic_load_n(&s->component_wants, __ATOMIC_SEQ_CST);
}

int32_t
rte_service_runstate_get(uint32_t id)
{
	const struct service *s = eal_service_get(id);

	if (s == NULL)
		return -EINVAL;
	return both_want(s) && (!s->mapped_check || eal_service_mapped_count(id) > 0);
}

int32_t
rte_service_set_runstate_mapped_check(uint32_t id, int32_t enable)
{
	struct service *s = eal_service_get(id);

	if (s == NULL)
		return -EINVAL;
	s->mapped_check = enable != 0;
	return 0;
}

int32_t
rte_service_may_be_active(uint32_t id)
{
	unsigned int i;

	if (eal_service_get(id) == NULL)
		return -EINVAL;
	for (i = 0; i <= RTE_MAX_LCORE; i++)
		if (__atomic_load_n(&eal_service_lcores[i].active, __ATOMIC_SEQ_CST) >> id & 1)
			return 1;
	return 0;
}

int32_t
rte_service_set_stats_enable(uint32_t id, int32_t enable)
{
	struct service *s = eal_service_get(id);

	if (s == NULL)
		return -EINVAL;
	__atomic_store_n(&s->counted, enable != 0, __ATOMIC_RELAXED);
	return 0;
}

static void
count(uint64_t *counter, uint64_t n, bool shared)
{
	if (shared)
		__atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
	else
		__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static void
call(uint32_t id, struct service *s, struct service_lcore *on)
{
	bool shared = on == &eal_service_lcores[RTE_MAX_LCORE];
	uint64_t cycles;

	if (!__atomic_load_n(&s->counted, __ATOMIC_RELAXED)) {
		s->spec.callback(s->spec.callback_userdata);
		return;
	}
	cycles = rte_rdtsc();
	s->spec.callback(s->spec.callback_userdata);
	cycles = rte_rdtsc() - cycles;
	count(&on->service_calls[id], 1, shared);
	count(&on->service_cycles[id], cycles, shared);
	count(&on->cycles, cycles, shared);
}

int
eal_service_call(uint32_t id, struct service_lcore *on, bool take_turns)
{
	struct service *s = &eal_services[id];
	uint64_t bit = UINT64_C(1) << id;
	int ret = 0;

	/*
	 * Either this lcore sees that the service was stopped, or who stopped it sees this bit. The bit then stays until
	 * the lcore has looked again: to an observer a service that runs is active without gaps.
	 */
	if ((__atomic_load_n(&on->active, __ATOMIC_RELAXED) & bit) == 0)
		__atomic_fetch_or(&on->active, bit, __ATOMIC_SEQ_CST);
	if (!both_want(s)) {
		__atomic_fetch_and(&on->active, ~bit, __ATOMIC_SEQ_CST);
		return -ENOEXEC;
	}
	if (!take_turns || (s->spec.capabilities & RTE_SERVICE_CAP_MT_SAFE) != 0) {
		call(id, s, on);
	} else if (rte_spinlock_trylock(&s->turn)) {
		call(id, s, on);
		rte_spinlock_unlock(&s->turn);
	} else {
		ret = -EBUSY;
	}
	return ret;
}

int32_t
rte_service_run_iter_on_app_lcore(uint32_t id, uint32_t serialize_multithread_unsafe)
{
	struct service_lcore *on = &eal_service_lcores[RTE_MIN(rte_lcore_id(), (unsigned int)RTE_MAX_LCORE)];
	int ret;

	if (eal_service_get(id) == NULL)
		return -EINVAL;
	ret = eal_service_call(id, on, serialize_multithread_unsafe != 0);
	/* Nobody will look again for this thread. */
	__atomic_fetch_and(&on->active, ~(UINT64_C(1) << id), __ATOMIC_SEQ_CST);
	return ret;
}

static void
sum(uint32_t id, uint64_t *calls, uint64_t *cycles)
{
	unsigned int i;

	*calls = *cycles = 0;
	for (i = 0; i <= RTE_MAX_LCORE; i++) {
		*calls += __atomic_load_n(&eal_service_lcores[i].service_calls[id], __ATOMIC_RELAXED);
		*cycles += __atomic_load_n(&eal_service_lcores[i].service_cycles[id], __ATOMIC_RELAXED);
	}
}

int32_t
rte_service_attr_get(uint32_t id, uint32_t attr_id, uint64_t *attr_value)
{
	const struct service *s = eal_service_get(id);
	uint64_t calls, cycles;

	if (s == NULL || attr_value == NULL || attr_id > RTE_SERVICE_ATTR_CALL_COUNT)
		return -EINVAL;
	sum(id, &calls, &cycles);
	*attr_value = attr_id == RTE_SERVICE_ATTR_CYCLES ? cycles - s->cycles_base : calls - s->calls_base;
	return 0;
}

int32_t
rte_service_attr_reset_all(uint32_t id)
{
	struct service *s = eal_service_get(id);

	if (s == NULL)
		return -EINVAL;
	sum(id, &s->calls_base, &s->cycles_base);
	return 0;
}

static void
dump_service(FILE *f, uint32_t id)
{
	const struct service *s = &eal_services[id];
	uint64_t calls, cycles;

	sum(id, &calls, &cycles);
	calls -= s->calls_base;
	cycles -= s->cycles_base;
	fprintf(f, "  service %u '%s': %s, %u lcores, stats %s, calls %" PRIu64 ", cycles %" PRIu64 ", average %" PRIu64 "\n", id,
		s->spec.name, both_want(s) ? "to run" : "stopped", eal_service_mapped_count(id),
		__atomic_load_n(&s->counted, __ATOMIC_RELAXED) ? "on" : "off", calls, cycles, calls != 0 ? cycles / calls : 0);
}

int32_t
rte_service_dump(FILE *f, uint32_t id)
{
	const struct service_lcore *l;
	uint32_t i;

	if (f == NULL || (id != UINT32_MAX && eal_service_get(id) == NULL))
		return -EINVAL;
	if (id != UINT32_MAX) {
		dump_service(f, id);
		return 0;
	}
	fprintf(f, "Services:\n");
	for (i = 0; i < SERVICES_MAX; i++)
		if (eal_services[i].registered)
			dump_service(f, i);
	fprintf(f, "Service lcores:\n");
	for (i = 0; i < RTE_MAX_LCORE; i++) {
		l = &eal_service_lcores[i];
		if (eal_service_is_lcore(i))
			fprintf(f, "  lcore %u: %s, mapped 0x%" PRIx64 ", loops %" PRIu64 "\n", i,
				__atomic_load_n(&l->wanted, __ATOMIC_RELAXED) ? "started" : "stopped",
				__atomic_load_n(&l->mapped, __ATOMIC_RELAXED), __atomic_load_n(&l->loops, __ATOMIC_RELAXED));
	}
	return 0;
}
