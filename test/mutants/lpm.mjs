// SPDX-License-Identifier: BSD-3-Clause
// Defects of longest-prefix match, of what its readers rely on, and of hashes. See mutants.mjs.

export const lpm = [
  {
    name: 'lpm-longer-route-overwritten',
    file: 'dataplane/lib/lpm/lpm_change.c',
    line: 'return change->removing ? depth == change->depth : depth <= change->depth;',
    becomes: 'return change->removing ? depth == change->depth : true;',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-no-cover-after-delete',
    file: 'dataplane/lib/lpm/rte_lpm.c',
    line: 'change.answer = lpm_answer(lpm4_depth(cover), lpm4_next_hop(cover));',
    becomes: 'change.answer = 0;',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-refills-under-readers',
    file: 'dataplane/lib/lpm/lpm_blocks.c',
    line: 'return queue->count > 0 && rte_rcu_qsbr_check(blocks->rcu, queue->slots[queue->first].token, false) != 0;',
    becomes: 'return queue->count > 0;',
    killedBy: { ctest: 'lpm_threads_test' },
  },
  {
    name: 'lpm-x4-forgets-wide-answers',
    file: 'dataplane/lib/lpm/rte_lpm.h',
    line: 'wide &= wide - 1;',
    becomes: 'wide = 0;',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-wide-answer-without-room',
    file: 'dataplane/lib/lpm/lpm_change.c',
    line: 'if (wide && count_widened(blocks, *top, change) != 0)',
    becomes: 'if (wide && count_widened(blocks, *top, change) > 64)',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-bulk-ahead-forgets-the-rest',
    file: 'dataplane/lib/lpm/rte_lpm.h',
    line: 'for (unsigned int done = 0; done < n; done += WDPDK_LPM_AHEAD) {',
    becomes: 'for (unsigned int done = 0; done + WDPDK_LPM_AHEAD <= n; done += WDPDK_LPM_AHEAD) {',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-shortcut-by-one-quarter',
    file: 'dataplane/lib/lpm/lpm_change.c',
    line: 'if (top[i] != top[changed & 3] && shortcut_of(blocks, top[i]) != shortcut)',
    becomes: 'if (false)',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-single-lookup-takes-no-route-for-a-place',
    file: 'dataplane/lib/lpm/rte_lpm.h',
    line: 'result = answer == 0 ? 0 : wdpdk_lpm_find_wide(block, answer, blocks, ip);',
    becomes: 'result = wdpdk_lpm_find_wide(block, answer, blocks, ip);',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-block-smaller-than-its-runs',
    file: 'dataplane/lib/lpm/lpm_blocks.c',
    line: '{ 7, 24, 0 }, { 8, 28, 0 }, { 8, 20, 4 }, { 8, 12, 8 }, { 10, 36, 0 }, { 12, 44, 0 }, { 12, 28, 8 }, { 16, 28, 16 },',
    becomes:
      '{ 7, 28, 0 }, { 8, 32, 0 }, { 8, 20, 4 }, { 8, 12, 8 }, { 10, 36, 0 }, { 12, 44, 0 }, { 12, 28, 8 }, { 16, 28, 16 },',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'lpm-retired-lie-for-ever',
    file: 'dataplane/lib/lpm/lpm_blocks.c',
    line: 'return queue->count > WDPDK_LPM_QUARANTINE;',
    becomes: 'return false;',
    killedBy: { ctest: 'lpm_test' },
  },
  {
    name: 'rcu-grace-period-too-short',
    file: 'dataplane/lib/rcu/rte_rcu_qsbr.h',
    line: 'if (unlikely(reached != 0 && reached < token)) {',
    becomes: 'if (unlikely(reached != 0 && reached + 1 < token)) {',
    killedBy: { ctest: 'rcu_test' },
  },
  {
    name: 'hash-other-bucket-one-way',
    file: 'dataplane/lib/hash/hash_private.h',
    line: 'return (bucket ^ signature) & h->mask;',
    becomes: 'return (bucket + signature) & h->mask;',
    killedBy: { ctest: 'hash_test' },
  },
];
