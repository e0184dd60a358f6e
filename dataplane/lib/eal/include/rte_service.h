/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Services: functions of libraries and drivers that have to be called again and again, and the lcores that do it.
 * A service runs on the service lcores it is mapped to while its application and its component both want it to run.
 * The application's side is here; rte_service_component.h is for those who offer a service. Services have ids from 0;
 * there are at most 64.
 *
 * All functions may be called from any thread, but registering and unregistering only by one at a time, and
 * unregistering only when rte_service_may_be_active() says 0.
 */
#ifndef _RTE_SERVICE_H_
#define _RTE_SERVICE_H_

#include <stdint.h>
#include <stdio.h>

#include <rte_compat.h>
#include <rte_config.h>
#include <rte_lcore.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_SERVICE_NAME_MAX 32

/* Capability: several lcores may be in the callback at once. Without it they take turns. */
#define RTE_SERVICE_CAP_MT_SAFE (1 << 0)

uint32_t rte_service_get_count(void);
/** 0 and the id; -EINVAL for name or service_id NULL; -ENODEV. */
int32_t rte_service_get_by_name(const char *name, uint32_t *service_id);
/** NULL when there is none of that id. */
const char *rte_service_get_name(uint32_t id);
/** 1 or 0; -EINVAL for an unknown id. */
int32_t rte_service_probe_capability(uint32_t id, uint32_t capability);

/** Lets a service lcore run the service, or not. 0; -EINVAL for an unknown id or what is no service lcore. */
int32_t rte_service_map_lcore_set(uint32_t service_id, uint32_t lcore, uint32_t enable);
/** 1 or 0; -EINVAL as above. */
int32_t rte_service_map_lcore_get(uint32_t service_id, uint32_t lcore);

/** The application's wish: 1 run, 0 stop. 0; -EINVAL for an unknown id. */
int32_t rte_service_runstate_set(uint32_t id, uint32_t runstate);
/** 1 when both sides want it to run and it is mapped to an lcore (or that check is off), else 0; -EINVAL. */
int32_t rte_service_runstate_get(uint32_t id);
/** 1 while some lcore may be in the callback; with 0 after a stop it is not called any more. -EINVAL. */
int32_t rte_service_may_be_active(uint32_t id);
/** Whether rte_service_runstate_get() asks for an lcore (it does at first). 0; -EINVAL. */
int32_t rte_service_set_runstate_mapped_check(uint32_t id, int32_t enable);

/**
 * Calls the service once on the calling thread. serialize_multithread_unsafe: take turns with others, if the service
 * needs it. @return 0; -ENOEXEC when it is not to run; -EBUSY when another thread is in it; -EINVAL.
 */
int32_t rte_service_run_iter_on_app_lcore(uint32_t id, uint32_t serialize_multithread_unsafe);

/** Makes a worker a service lcore (its role changes). 0; -EALREADY it is; -EINVAL no worker; */
int32_t rte_service_lcore_add(uint32_t lcore);
/** Makes it a worker again. 0; -EBUSY not stopped; -EINVAL no service lcore. */
int32_t rte_service_lcore_del(uint32_t lcore);
/** 0; -EINVAL no service lcore; -EALREADY; -EBUSY it still runs something. */
int32_t rte_service_lcore_start(uint32_t lcore_id);
/**
 * Does not wait (rte_eal_wait_lcore() does). 0; -EINVAL; -EALREADY; -EBUSY when it is the only lcore of a service that
 * is to run.
 */
int32_t rte_service_lcore_stop(uint32_t lcore_id);
/** 1 until a stopped service lcore has left its loop; -EINVAL for what is no service lcore. */
int32_t rte_service_lcore_may_be_active(uint32_t lcore_id);
int32_t rte_service_lcore_count(void);
/** Ids to array, of n places. How many; -EINVAL array NULL; -ENOMEM too few places. */
int32_t rte_service_lcore_list(uint32_t array[], uint32_t n);
/** Services mapped to it. -EINVAL no lcore; -ENOTSUP no service lcore. */
int32_t rte_service_lcore_count_services(uint32_t lcore);
/** Stops all service lcores, whatever runs there, unmaps all services and makes the lcores workers again. 0. */
int32_t rte_service_lcore_reset_all(void);

/** Counts calls and cycles of a service, or not (as at first). 0; -EINVAL. */
int32_t rte_service_set_stats_enable(uint32_t id, int32_t enable);

#define RTE_SERVICE_ATTR_CYCLES 0
#define RTE_SERVICE_ATTR_CALL_COUNT 1
/** 0 and the sum over all lcores since the last reset; -EINVAL. */
int32_t rte_service_attr_get(uint32_t id, uint32_t attr_id, uint64_t *attr_value);
int32_t rte_service_attr_reset_all(uint32_t id);

#define RTE_SERVICE_LCORE_ATTR_LOOPS 0
#define RTE_SERVICE_LCORE_ATTR_CYCLES 1
/** Rounds of a service lcore, and cycles it spent in services that are counted. 0; -EINVAL; -ENOTSUP as above. */
int32_t rte_service_lcore_attr_get(uint32_t lcore, uint32_t attr_id, uint64_t *attr_value);
int32_t rte_service_lcore_attr_reset_all(uint32_t lcore);

/** One service, or with UINT32_MAX all of them and the lcores. 0; -EINVAL. */
int32_t rte_service_dump(FILE *f, uint32_t id);

#ifdef __cplusplus
}
#endif

#endif
