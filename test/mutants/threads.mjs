// SPDX-License-Identifier: BSD-3-Clause
// One-line defects of timers, alarms, interrupts, services and lcores; what the fields mean stands in mutants.mjs.

const timer = 'dataplane/lib/timer';
const eal = 'dataplane/lib/eal/common';

export const threads = [
  {
    name: 'timer-stop-does-nothing',
    file: `${timer}/rte_timer.c`,
    line: 'return rte_timer_alt_stop(DEFAULT_INSTANCE, tim);',
    becomes: 'return tim == NULL ? -EINVAL : 0;',
    killedBy: { ctest: 'test_timer' },
  },
  {
    name: 'timer-taken-from-who-changes-it',
    file: `${timer}/rte_timer.c`,
    line: 'if (before->state == RTE_TIMER_CONFIG)',
    becomes: 'if (before->state > RTE_TIMER_CONFIG)',
    killedBy: { ctest: 'test_timer' },
  },
  {
    name: 'timer-touched-after-its-callback-gave-it-away',
    file: `${timer}/rte_timer.c`,
    line: 'if (frame.tim == NULL)',
    becomes: 'if (frame.tim != NULL && frame.tim != tim)',
    killedBy: { ctest: 'test_timer' },
  },
  {
    name: 'timers-of-one-time-confused',
    file: `${timer}/timer_list.c`,
    line: 'return a->expire < b->expire || (a->expire == b->expire && (uintptr_t)a < (uintptr_t)b);',
    becomes: 'return a->expire < b->expire;',
    killedBy: { ctest: 'test_timer_list' },
  },
  {
    name: 'late-timer-runs-again-in-its-pass',
    file: `${timer}/rte_timer.c`,
    line: 'if (tim->expire <= now)',
    becomes: 'if (tim->expire <= now && lcore == LCORE_ID_ANY)',
    killedBy: { ctest: 'test_timer' },
  },
  {
    name: 'alarm-cancelled-while-it-runs',
    file: `${eal}/eal_alarm.c`,
    line: 'while (running != NULL && matches(running, cb_fn, cb_arg)) {',
    becomes: 'while (running != NULL && cb_fn == NULL) {',
    killedBy: { ctest: 'test_eal_alarm' },
  },
  {
    name: 'interrupt-callback-removed-while-it-runs',
    file: `${eal}/eal_interrupts.c`,
    line: 'ret = s->active ? -EAGAIN : remove_now(s, cb, cb_arg);',
    becomes: 'ret = remove_now(s, cb, cb_arg);',
    killedBy: { ctest: 'test_eal_interrupts' },
  },
  {
    name: 'service-not-seen-active',
    file: `${eal}/eal_service.c`,
    line: '__atomic_fetch_or(&on->active, bit, __ATOMIC_SEQ_CST);',
    becomes: '__atomic_fetch_or(&on->active, UINT64_C(0), __ATOMIC_SEQ_CST);',
    killedBy: { ctest: 'test_eal_service' },
  },
  {
    name: 'refused-lcore-not-taken-back',
    file: `${eal}/eal_lcore.c`,
    line: 'while ((c = TAILQ_PREV(c, lcore_callbacks, next)) != NULL)',
    becomes: 'while ((c = TAILQ_PREV(c, lcore_callbacks, next)) != NULL && lcore_id == LCORE_ID_ANY)',
    killedBy: { ctest: 'test_eal_threads' },
  },
];
