/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Services, for libraries and drivers that offer one.
 */
#ifndef _SERVICE_PRIVATE_H_
#define _SERVICE_PRIVATE_H_

#include <rte_service.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t (*rte_service_func)(void *args);

/** What a service is; copied. */
struct rte_service_spec {
	char name[RTE_SERVICE_NAME_MAX];
	rte_service_func callback; /* one round of work; its value is ignored */
	void *callback_userdata;
	uint32_t capabilities;
	int socket_id; /* where it would like to run */
};

/** 0 and the id to *service_id (may be NULL); -EINVAL no name or no callback; -ENOSPC. It runs when both sides want. */
int32_t rte_service_component_register(const struct rte_service_spec *spec, uint32_t *service_id);
/** 0; -EINVAL. It is unmapped from all lcores. */
int32_t rte_service_component_unregister(uint32_t id);
/** The component's wish: 1 run, 0 stop (as at first). 0; -EINVAL. */
int32_t rte_service_component_runstate_set(uint32_t id, uint32_t runstate);

/** Deals all services out to the service lcores in turn, starts both. 0; -ENOTSUP no service lcores; or an errno. */
int32_t rte_service_start_with_defaults(void);

/** rte_eal_init() and rte_eal_cleanup() call these. 0; -EALREADY. */
int32_t rte_service_init(void);
/** Ends all service lcores and forgets all services. */
void rte_service_finalize(void);

#ifdef __cplusplus
}
#endif

#endif
