/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_meter.h"

#include <errno.h>
#include <stddef.h>

#include <rte_cycles.h>

/* Buckets are filled no oftener than this many cycles: so a period's length, a whole number, is within a hundredth. */
#define SHORTEST_PERIOD 100

__extension__ typedef unsigned __int128 wide;

static void
period_of(uint64_t rate, uint64_t *period, uint64_t *bytes)
{
	const uint64_t hz = rte_get_tsc_hz();

	*bytes = rate == 0 ? 0 : 1;
	*period = rate == 0 ? SHORTEST_PERIOD : hz / rate;
	if (*period >= SHORTEST_PERIOD)
		return;
	/* As many bytes as make the period long enough, rounded up. */
	*bytes = (uint64_t)(((wide)rate * SHORTEST_PERIOD + hz - 1) / hz);
	*period = (uint64_t)((wide)hz * *bytes / rate);
}

int
rte_meter_srtcm_profile_config(struct rte_meter_srtcm_profile *p, struct rte_meter_srtcm_params *params)
{
	if (p == NULL || params == NULL || params->cir == 0 || (params->cbs == 0 && params->ebs == 0))
		return -EINVAL;
	p->cbs = params->cbs;
	p->ebs = params->ebs;
	period_of(params->cir, &p->cir_period, &p->cir_bytes_per_period);
	return 0;
}

int
rte_meter_srtcm_config(struct rte_meter_srtcm *m, struct rte_meter_srtcm_profile *p)
{
	if (m == NULL || p == NULL)
		return -EINVAL;
	*m = (struct rte_meter_srtcm){ .time = rte_get_tsc_cycles(), .tc = p->cbs, .te = p->ebs };
	return 0;
}

int
rte_meter_trtcm_profile_config(struct rte_meter_trtcm_profile *p, struct rte_meter_trtcm_params *params)
{
	if (p == NULL || params == NULL || params->cir == 0 || params->pir < params->cir || params->cbs == 0 ||
	    params->pbs == 0)
		return -EINVAL;
	p->cbs = params->cbs;
	p->pbs = params->pbs;
	period_of(params->cir, &p->cir_period, &p->cir_bytes_per_period);
	period_of(params->pir, &p->pir_period, &p->pir_bytes_per_period);
	return 0;
}

int
rte_meter_trtcm_config(struct rte_meter_trtcm *m, struct rte_meter_trtcm_profile *p)
{
	if (m == NULL || p == NULL)
		return -EINVAL;
	*m = (struct rte_meter_trtcm){ .time_tc = rte_get_tsc_cycles(), .tc = p->cbs, .tp = p->pbs };
	m->time_tp = m->time_tc;
	return 0;
}

int
rte_meter_trtcm_rfc4115_profile_config(struct rte_meter_trtcm_rfc4115_profile *p,
	struct rte_meter_trtcm_rfc4115_params *params)
{
	if (p == NULL || params == NULL || (params->cir != 0 && params->cbs == 0) || (params->eir != 0 && params->ebs == 0))
		return -EINVAL;
	p->cbs = params->cbs;
	p->ebs = params->ebs;
	period_of(params->cir, &p->cir_period, &p->cir_bytes_per_period);
	period_of(params->eir, &p->eir_period, &p->eir_bytes_per_period);
	return 0;
}

int
rte_meter_trtcm_rfc4115_config(struct rte_meter_trtcm_rfc4115 *m, struct rte_meter_trtcm_rfc4115_profile *p)
{
	if (m == NULL || p == NULL)
		return -EINVAL;
	*m = (struct rte_meter_trtcm_rfc4115){ .time_tc = rte_get_tsc_cycles(), .tc = p->cbs, .te = p->ebs };
	m->time_te = m->time_tc;
	return 0;
}
