// SPDX-License-Identifier: BSD-3-Clause
//
// One-line defects of rings and stacks (mutants.mjs says how an entry reads).

/** What a ring or stack must not do. */
export const ring = [
  {
    name: 'ring-remembers-for-ever',
    file: 'dataplane/lib/ring/wdpdk_ring_move.h',
    line: 'if (!room_wanted && likely(own->at == at) && likely(own->limit - at >= n)) {',
    becomes: 'if (!room_wanted && likely(own->limit - at >= n)) {',
    killedBy: { ctest: 'test_ring_modes' },
  },
  {
    name: 'ring-published-out-of-turn',
    file: 'dataplane/lib/ring/wdpdk_ring_move.h',
    line: 'while (unlikely(__atomic_load_n(&own->index.tail, __ATOMIC_ACQUIRE) != from))',
    becomes: 'while (unlikely(from == to))',
    killedBy: { ctest: 'test_ring_threads' },
  },
  {
    name: 'ring-published-without-release',
    file: 'dataplane/lib/ring/wdpdk_ring_move.h',
    line: '__atomic_store_n(wdpdk_ring_both(own), (uint64_t)to << 32 | to, __ATOMIC_RELEASE);',
    becomes: '__atomic_store_n(wdpdk_ring_both(own), (uint64_t)to << 32 | to, __ATOMIC_RELAXED);',
    killedBy: { ctest: 'test_ring_threads', preset: 'linux-tsan' },
  },
  {
    name: 'ring-rts-first-publishes-for-all',
    file: 'dataplane/lib/ring/wdpdk_ring_move.h',
    line: 'if (next.val.cnt == head.val.cnt)',
    becomes: 'if (next.val.cnt != 0)',
    killedBy: { ctest: 'test_ring_modes' },
  },
  {
    name: 'ring-rts-distance',
    file: 'dataplane/lib/ring/wdpdk_ring_move.h',
    line: 'while (unlikely(at.val.pos - __atomic_load_n(&own->tail.val.pos, __ATOMIC_ACQUIRE) > distance)) {',
    becomes: 'while (unlikely(at.val.pos - __atomic_load_n(&own->tail.val.pos, __ATOMIC_ACQUIRE) > distance + 1)) {',
    killedBy: { ctest: 'test_ring_threads' },
  },
  {
    name: 'ring-hts-two-at-a-time',
    file: 'dataplane/lib/ring/wdpdk_ring_move.h',
    line: 'while (unlikely(at.pos.head != at.pos.tail)) {',
    becomes: 'while (unlikely(at.pos.head < at.pos.tail)) {',
    killedBy: { ctest: 'test_ring_threads' },
  },
  {
    name: 'ring-over-the-end',
    file: 'dataplane/lib/ring/wdpdk_ring_copy.h',
    line: 'return likely((index & r->mask) + (n - 1) <= r->mask) && (!__builtin_constant_p(wished) || likely(n == wished));',
    becomes:
      'return likely((index & r->mask) + n <= r->mask + 2) && (!__builtin_constant_p(wished) || likely(n == wished));',
    killedBy: { ctest: 'test_ring_modes' },
  },
  {
    name: 'ring-more-than-was-claimed',
    file: 'dataplane/lib/ring/wdpdk_ring_split.h',
    line: 'return wdpdk_ring_can_split(own) && n <= head - *tail ? n : 0;',
    becomes: 'return wdpdk_ring_can_split(own) && head != *tail ? n : 0;',
    killedBy: { ctest: 'test_ring_modes' },
  },
  {
    name: 'stack-same-top-same-list',
    file: 'dataplane/lib/stack/rte_stack_lf.h',
    line: 'next.val[0] = seen->version + 1;',
    becomes: 'next.val[0] = seen->version;',
    killedBy: { ctest: 'test_stack_threads' },
  },
];
