/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Times are made up, so nothing here waits or depends on the machine.
 */
#include <errno.h>

#include <rte_cycles.h>
#include <rte_meter.h>

#include "check.h"

static void
profiles_are_checked(void)
{
	struct rte_meter_srtcm_profile sp;
	struct rte_meter_trtcm_profile tp;
	struct rte_meter_trtcm_rfc4115_profile rp;
	struct rte_meter_srtcm_params s = { 1, 1, 0 };
	struct rte_meter_trtcm_params t = { 1, 1, 1, 1 };
	struct rte_meter_trtcm_rfc4115_params r = { 0, 0, 0, 0 };
	struct rte_meter_srtcm sm;
	struct rte_meter_trtcm tm;
	struct rte_meter_trtcm_rfc4115 rm;

	CHECK_EQ(rte_meter_srtcm_profile_config(NULL, &s), -EINVAL);
	CHECK_EQ(rte_meter_srtcm_profile_config(&sp, NULL), -EINVAL);
	CHECK_EQ(rte_meter_srtcm_profile_config(&sp, &s), 0);
	s.cbs = 0;
	CHECK_EQ(rte_meter_srtcm_profile_config(&sp, &s), -EINVAL);
	s.ebs = 1;
	CHECK_EQ(rte_meter_srtcm_profile_config(&sp, &s), 0);
	s.cir = 0;
	CHECK_EQ(rte_meter_srtcm_profile_config(&sp, &s), -EINVAL);

	CHECK_EQ(rte_meter_trtcm_profile_config(NULL, &t), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_profile_config(&tp, NULL), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_profile_config(&tp, &t), 0);
	t.cir = 2;
	CHECK_EQ(rte_meter_trtcm_profile_config(&tp, &t), -EINVAL);
	t = (struct rte_meter_trtcm_params){ 0, 1, 1, 1 };
	CHECK_EQ(rte_meter_trtcm_profile_config(&tp, &t), -EINVAL);
	t = (struct rte_meter_trtcm_params){ 1, 1, 0, 1 };
	CHECK_EQ(rte_meter_trtcm_profile_config(&tp, &t), -EINVAL);
	t = (struct rte_meter_trtcm_params){ 1, 1, 1, 0 };
	CHECK_EQ(rte_meter_trtcm_profile_config(&tp, &t), -EINVAL);

	CHECK_EQ(rte_meter_trtcm_rfc4115_profile_config(NULL, &r), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_rfc4115_profile_config(&rp, NULL), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_rfc4115_profile_config(&rp, &r), 0);
	r.cir = 1;
	CHECK_EQ(rte_meter_trtcm_rfc4115_profile_config(&rp, &r), -EINVAL);
	r = (struct rte_meter_trtcm_rfc4115_params){ 0, 1, 0, 0 };
	CHECK_EQ(rte_meter_trtcm_rfc4115_profile_config(&rp, &r), -EINVAL);

	CHECK_EQ(rte_meter_srtcm_config(NULL, &sp), -EINVAL);
	CHECK_EQ(rte_meter_srtcm_config(&sm, NULL), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_config(NULL, &tp), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_config(&tm, NULL), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_rfc4115_config(NULL, &rp), -EINVAL);
	CHECK_EQ(rte_meter_trtcm_rfc4115_config(&rm, NULL), -EINVAL);
}

/* A second's bytes are the rate's, to within a hundredth, however great or small it is. */
static void
rates_are_kept(void)
{
	const uint64_t hz = rte_get_tsc_hz();

	for (uint64_t rate = 1; rate < UINT64_MAX / 10; rate *= 10) {
		struct rte_meter_srtcm_params params = { rate, UINT64_MAX / 2, 1 };
		struct rte_meter_srtcm_profile p;
		double a_second;

		CHECK_EQ(rte_meter_srtcm_profile_config(&p, &params), 0);
		CHECK(p.cir_period >= 100 || p.cir_period >= hz / rate);
		a_second = (double)hz / (double)p.cir_period * (double)p.cir_bytes_per_period;
		CHECK(a_second >= (double)rate * 0.99 && a_second <= (double)rate * 1.02);
	}
}

static void
single_rate(void)
{
	struct rte_meter_srtcm_profile p = { .cbs = 100, .ebs = 50, .cir_period = 10, .cir_bytes_per_period = 2 };
	struct rte_meter_srtcm m = { .time = 1000, .tc = 100, .te = 50 };

	CHECK_EQ(rte_meter_srtcm_color_blind_check(&m, &p, 1000, 100), RTE_COLOR_GREEN);
	CHECK_EQ(rte_meter_srtcm_color_blind_check(&m, &p, 1009, 1), RTE_COLOR_YELLOW);
	CHECK_EQ(rte_meter_srtcm_color_blind_check(&m, &p, 1009, 50), RTE_COLOR_RED);
	/* Periods count whole, and what is left of one is not lost. */
	CHECK_EQ(rte_meter_srtcm_color_blind_check(&m, &p, 1019, 2), RTE_COLOR_GREEN);
	CHECK_EQ(rte_meter_srtcm_color_blind_check(&m, &p, 1020, 2), RTE_COLOR_GREEN);
	/* A clock that runs back brings nothing and takes nothing. */
	CHECK_EQ(rte_meter_srtcm_color_blind_check(&m, &p, 500, 50), RTE_COLOR_RED);
	CHECK_EQ(m.time, 1020);
	CHECK_EQ(m.te, 49);
	/* What the first bucket has no room for goes to the second, up to its size. */
	CHECK_EQ(rte_meter_srtcm_color_blind_check(&m, &p, 2020, 0), RTE_COLOR_GREEN);
	CHECK_EQ(m.tc, 100);
	CHECK_EQ(m.te, 50);
	CHECK_EQ(rte_meter_srtcm_color_aware_check(&m, &p, 2020, 10, RTE_COLOR_RED), RTE_COLOR_RED);
	CHECK_EQ(rte_meter_srtcm_color_aware_check(&m, &p, 2020, 10, RTE_COLOR_YELLOW), RTE_COLOR_YELLOW);
	CHECK_EQ(rte_meter_srtcm_color_aware_check(&m, &p, 2020, 10, RTE_COLOR_GREEN), RTE_COLOR_GREEN);
	CHECK_EQ(m.tc, 90);
	CHECK_EQ(m.te, 40);
}

static void
two_rates(void)
{
	struct rte_meter_trtcm_profile p = { .cbs = 100, .pbs = 150, .cir_period = 10, .cir_bytes_per_period = 1,
		.pir_period = 10, .pir_bytes_per_period = 3 };
	struct rte_meter_trtcm m = { .time_tc = 0, .time_tp = 0, .tc = 100, .tp = 150 };

	CHECK_EQ(rte_meter_trtcm_color_blind_check(&m, &p, 0, 100), RTE_COLOR_GREEN);
	CHECK_EQ(m.tp, 50);
	CHECK_EQ(rte_meter_trtcm_color_blind_check(&m, &p, 0, 50), RTE_COLOR_YELLOW);
	CHECK_EQ(rte_meter_trtcm_color_blind_check(&m, &p, 9, 1), RTE_COLOR_RED);
	CHECK_EQ(rte_meter_trtcm_color_blind_check(&m, &p, 10, 1), RTE_COLOR_GREEN);
	CHECK_EQ(rte_meter_trtcm_color_aware_check(&m, &p, 1000, 1, RTE_COLOR_RED), RTE_COLOR_RED);
	CHECK_EQ(rte_meter_trtcm_color_aware_check(&m, &p, 1000, 1, RTE_COLOR_YELLOW), RTE_COLOR_YELLOW);
	CHECK_EQ(m.tc, 99);
	CHECK_EQ(m.tp, 149);
	CHECK_EQ(rte_meter_trtcm_color_aware_check(&m, &p, 1000, 1, RTE_COLOR_GREEN), RTE_COLOR_GREEN);
}

static void
two_independent_rates(void)
{
	struct rte_meter_trtcm_rfc4115_profile p = { .cbs = 100, .ebs = 50, .cir_period = 10, .cir_bytes_per_period = 1,
		.eir_period = 20, .eir_bytes_per_period = 1 };
	struct rte_meter_trtcm_rfc4115 m = { .time_tc = 0, .time_te = 0, .tc = 100, .te = 50 };

	CHECK_EQ(rte_meter_trtcm_rfc4115_color_blind_check(&m, &p, 0, 100), RTE_COLOR_GREEN);
	CHECK_EQ(m.te, 50);
	CHECK_EQ(rte_meter_trtcm_rfc4115_color_blind_check(&m, &p, 0, 50), RTE_COLOR_YELLOW);
	CHECK_EQ(rte_meter_trtcm_rfc4115_color_blind_check(&m, &p, 9, 1), RTE_COLOR_RED);
	CHECK_EQ(rte_meter_trtcm_rfc4115_color_blind_check(&m, &p, 20, 2), RTE_COLOR_GREEN);
	CHECK_EQ(rte_meter_trtcm_rfc4115_color_blind_check(&m, &p, 20, 1), RTE_COLOR_YELLOW);
	CHECK_EQ(rte_meter_trtcm_rfc4115_color_aware_check(&m, &p, 10000, 1, RTE_COLOR_RED), RTE_COLOR_RED);
	CHECK_EQ(rte_meter_trtcm_rfc4115_color_aware_check(&m, &p, 10000, 1, RTE_COLOR_YELLOW), RTE_COLOR_YELLOW);
	CHECK_EQ(m.tc, 100);
	CHECK_EQ(m.te, 49);
}

int
main(void)
{
	RUN(profiles_are_checked);
	RUN(rates_are_kept);
	RUN(single_rate);
	RUN(two_rates);
	RUN(two_independent_rates);
	return check_summary();
}
