/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Traffic meters: which colour a packet gets by how many bytes came before it. Single rate and three colours (RFC 2697), two rates
 * and three colours (RFC 2698), and the latter with two rates that do not depend on each other (RFC 4115).
 *
 * A profile says how buckets fill, a meter how full they are for one flow; many meters may share a profile. Rates are in bytes a
 * second, sizes in bytes, times in cycles of rte_get_tsc_cycles(). A time before the last one counts as that one. A blind check
 * takes packets as they come, an aware one does not make them better than they are coloured already.
 *
 * Threads: one at a time for a meter; a profile may be read by any number.
 */
#ifndef RTE_METER_H
#define RTE_METER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rte_color {
	RTE_COLOR_GREEN = 0,
	RTE_COLOR_YELLOW,
	RTE_COLOR_RED,
	RTE_COLORS
};

/* RFC 2697: one rate, above 0; at least one of the sizes is above 0. What the first bucket has no room for goes to the second. */
struct rte_meter_srtcm_params {
	uint64_t cir; /* rate of the first */
	uint64_t cbs; /* size of the first: green */
	uint64_t ebs; /* size of the second: yellow */
};

/* RFC 2698: all above 0, pir not below cir. Green takes from both buckets, yellow from the second. */
struct rte_meter_trtcm_params {
	uint64_t cir, pir;
	uint64_t cbs, pbs;
};

/* RFC 4115: a size may be 0 where its rate is. Green takes from the first bucket, yellow from the second. */
struct rte_meter_trtcm_rfc4115_params {
	uint64_t cir, eir;
	uint64_t cbs, ebs;
};

/* A bucket gets bytes_per_period each period of cycles, up to its size. */
struct rte_meter_srtcm_profile {
	uint64_t cbs;
	uint64_t ebs;
	uint64_t cir_period;
	uint64_t cir_bytes_per_period;
};

struct rte_meter_trtcm_profile {
	uint64_t cbs;
	uint64_t pbs;
	uint64_t cir_period;
	uint64_t cir_bytes_per_period;
	uint64_t pir_period;
	uint64_t pir_bytes_per_period;
};

struct rte_meter_trtcm_rfc4115_profile {
	uint64_t cbs;
	uint64_t ebs;
	uint64_t cir_period;
	uint64_t cir_bytes_per_period;
	uint64_t eir_period;
	uint64_t eir_bytes_per_period;
};

/* Up to when buckets have been filled, and what is in them. */
struct rte_meter_srtcm {
	uint64_t time;
	uint64_t tc;
	uint64_t te;
};

struct rte_meter_trtcm {
	uint64_t time_tc;
	uint64_t time_tp;
	uint64_t tc;
	uint64_t tp;
};

struct rte_meter_trtcm_rfc4115 {
	uint64_t time_tc;
	uint64_t time_te;
	uint64_t tc;
	uint64_t te;
};

/* Makes a profile. 0, or -EINVAL (a NULL, parameters that are not as above). */
int rte_meter_srtcm_profile_config(struct rte_meter_srtcm_profile *p, struct rte_meter_srtcm_params *params);
int rte_meter_trtcm_profile_config(struct rte_meter_trtcm_profile *p, struct rte_meter_trtcm_params *params);
int rte_meter_trtcm_rfc4115_profile_config(struct rte_meter_trtcm_rfc4115_profile *p,
	struct rte_meter_trtcm_rfc4115_params *params);

/* Starts a meter with full buckets, now. 0, or -EINVAL (a NULL). */
int rte_meter_srtcm_config(struct rte_meter_srtcm *m, struct rte_meter_srtcm_profile *p);
int rte_meter_trtcm_config(struct rte_meter_trtcm *m, struct rte_meter_trtcm_profile *p);
int rte_meter_trtcm_rfc4115_config(struct rte_meter_trtcm_rfc4115 *m, struct rte_meter_trtcm_rfc4115_profile *p);

/* Internal: the bytes that have come since *last, which moves on by whole periods. */
static inline uint64_t
wdpdk_meter_bytes(uint64_t *last, uint64_t now, uint64_t period, uint64_t bytes_per_period)
{
	uint64_t elapsed = now - *last, periods;

	if ((int64_t)elapsed < 0)
		return 0;
	periods = elapsed / period;
	*last += periods * period;
	return periods * bytes_per_period;
}

/* Internal: a bucket of its own. */
static inline uint64_t
wdpdk_meter_fill(uint64_t *last, uint64_t now, uint64_t period, uint64_t bytes_per_period, uint64_t present, uint64_t size)
{
	uint64_t filled = present + wdpdk_meter_bytes(last, now, period, bytes_per_period);

	return filled < size ? filled : size;
}

static inline enum rte_color
rte_meter_srtcm_color_aware_check(struct rte_meter_srtcm *m, struct rte_meter_srtcm_profile *p, uint64_t time,
	uint32_t pkt_len, enum rte_color pkt_color)
{
	uint64_t tc = m->tc + wdpdk_meter_bytes(&m->time, time, p->cir_period, p->cir_bytes_per_period), te = m->te;
	enum rte_color color = RTE_COLOR_RED;

	if (tc > p->cbs) {
		te += tc - p->cbs;
		te = te < p->ebs ? te : p->ebs;
		tc = p->cbs;
	}
	if (pkt_color == RTE_COLOR_GREEN && tc >= pkt_len) {
		tc -= pkt_len;
		color = RTE_COLOR_GREEN;
	} else if (pkt_color != RTE_COLOR_RED && te >= pkt_len) {
		te -= pkt_len;
		color = RTE_COLOR_YELLOW;
	}
	m->tc = tc;
	m->te = te;
	return color;
}

static inline enum rte_color
rte_meter_srtcm_color_blind_check(struct rte_meter_srtcm *m, struct rte_meter_srtcm_profile *p, uint64_t time,
	uint32_t pkt_len)
{
	return rte_meter_srtcm_color_aware_check(m, p, time, pkt_len, RTE_COLOR_GREEN);
}

static inline enum rte_color
rte_meter_trtcm_color_aware_check(struct rte_meter_trtcm *m, struct rte_meter_trtcm_profile *p, uint64_t time,
	uint32_t pkt_len, enum rte_color pkt_color)
{
	uint64_t tc = wdpdk_meter_fill(&m->time_tc, time, p->cir_period, p->cir_bytes_per_period, m->tc, p->cbs);
	uint64_t tp = wdpdk_meter_fill(&m->time_tp, time, p->pir_period, p->pir_bytes_per_period, m->tp, p->pbs);
	enum rte_color color = RTE_COLOR_RED;

	if (pkt_color != RTE_COLOR_RED && tp >= pkt_len) {
		tp -= pkt_len;
		color = RTE_COLOR_YELLOW;
		if (pkt_color == RTE_COLOR_GREEN && tc >= pkt_len) {
			tc -= pkt_len;
			color = RTE_COLOR_GREEN;
		}
	}
	m->tc = tc;
	m->tp = tp;
	return color;
}

static inline enum rte_color
rte_meter_trtcm_color_blind_check(struct rte_meter_trtcm *m, struct rte_meter_trtcm_profile *p, uint64_t time,
	uint32_t pkt_len)
{
	return rte_meter_trtcm_color_aware_check(m, p, time, pkt_len, RTE_COLOR_GREEN);
}

static inline enum rte_color
rte_meter_trtcm_rfc4115_color_aware_check(struct rte_meter_trtcm_rfc4115 *m, struct rte_meter_trtcm_rfc4115_profile *p,
	uint64_t time, uint32_t pkt_len, enum rte_color pkt_color)
{
	uint64_t tc = wdpdk_meter_fill(&m->time_tc, time, p->cir_period, p->cir_bytes_per_period, m->tc, p->cbs);
	uint64_t te = wdpdk_meter_fill(&m->time_te, time, p->eir_period, p->eir_bytes_per_period, m->te, p->ebs);
	enum rte_color color = RTE_COLOR_RED;

	if (pkt_color == RTE_COLOR_GREEN && tc >= pkt_len) {
		tc -= pkt_len;
		color = RTE_COLOR_GREEN;
	} else if (pkt_color != RTE_COLOR_RED && te >= pkt_len) {
		te -= pkt_len;
		color = RTE_COLOR_YELLOW;
	}
	m->tc = tc;
	m->te = te;
	return color;
}

static inline enum rte_color
rte_meter_trtcm_rfc4115_color_blind_check(struct rte_meter_trtcm_rfc4115 *m, struct rte_meter_trtcm_rfc4115_profile *p,
	uint64_t time, uint32_t pkt_len)
{
	return rte_meter_trtcm_rfc4115_color_aware_check(m, p, time, pkt_len, RTE_COLOR_GREEN);
}

#ifdef __cplusplus
}
#endif

#endif
