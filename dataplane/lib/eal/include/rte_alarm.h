/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Alarms: functions called once, after a time, by the thread that also serves interrupts. For control work: a callback
 * that takes long delays all others. Any thread may set and cancel, callbacks too.
 */
#ifndef _RTE_ALARM_H_
#define _RTE_ALARM_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*rte_eal_alarm_callback)(void *arg);

/**
 * Calls cb(cb_arg) once, not before `us` microseconds have gone by. The same pair may be set several times.
 * @return 0; -EINVAL for cb NULL, us 0 or beyond UINT64_MAX - 1000000; -ENOMEM, or why the thread cannot start.
 */
int rte_eal_alarm_set(uint64_t us, rte_eal_alarm_callback cb, void *cb_arg);

/**
 * Takes back all alarms of that function and argument ((void *)-1: any argument). One that is running is waited for,
 * and if it set itself again that is taken back, too; only in its own callback it cannot be waited for.
 * @return how many were taken back; with 0, rte_errno is ENOENT (none was set) or EINPROGRESS (called from the
 * callback itself). -1 with rte_errno EINVAL for cb_fn NULL.
 */
int rte_eal_alarm_cancel(rte_eal_alarm_callback cb_fn, void *cb_arg);

#ifdef __cplusplus
}
#endif

#endif
