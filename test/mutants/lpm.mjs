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
    name: 'lpm-x4-forgets-groups',
    file: 'dataplane/lib/lpm/rte_lpm.h',
    line: 'c = c & WDPDK_LPM_GROUP ? wdpdk_lpm_find_in_group(blocks, c, (uint32_t)high) : c;',
    becomes: 'c &= ~WDPDK_LPM_GROUP;',
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
