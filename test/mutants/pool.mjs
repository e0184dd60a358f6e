// SPDX-License-Identifier: BSD-3-Clause

/** Memory pools and packet buffers. */
export const pool = [
  {
    name: 'mbuf-freed-while-referenced',
    file: 'dataplane/lib/mbuf/rte_mbuf.h',
    line: 'if (rte_mbuf_refcnt_update(m, -1) != 0)',
    becomes: 'if (rte_mbuf_refcnt_update(m, -1) > 1)',
    killedBy: { ctest: 'test_mbuf_model' },
  },
  {
    name: 'external-buffer-ends-early',
    file: 'dataplane/lib/mbuf/rte_mbuf.c',
    line: 'if (rte_mbuf_ext_refcnt_update(m->shinfo, -1) == 0)',
    becomes: 'if (rte_mbuf_ext_refcnt_update(m->shinfo, -1) <= 1)',
    killedBy: { ctest: 'test_mbuf_model' },
  },
  {
    name: 'pinned-buffer-back-while-shared',
    file: 'dataplane/lib/mbuf/rte_mbuf.c',
    line: 'if (rte_mbuf_ext_refcnt_read(m->shinfo) != 1 && rte_mbuf_ext_refcnt_update(m->shinfo, -1) != 0)',
    becomes: 'if (rte_mbuf_ext_refcnt_read(m->shinfo) == 0)',
    killedBy: { ctest: 'test_mbuf_model' },
  },
  {
    name: 'bulk-free-keeps-borrowed-buffers',
    file: 'dataplane/lib/mbuf/rte_mbuf.c',
    line: 'return likely((rearm & REFCNT_AND_SEGS) == ONE_AND_ONE) && likely(RTE_MBUF_DIRECT(m)) && likely(m->next == NULL);',
    becomes: 'return likely((rearm & REFCNT_AND_SEGS) == ONE_AND_ONE) && likely(m->next == NULL);',
    killedBy: { ctest: 'test_mbuf_model' },
  },
  {
    name: 'cache-flush-loses-one',
    file: 'dataplane/lib/mempool/rte_mempool.h',
    line: 'rte_mempool_ops_enqueue_bulk(mp, cache->objs, cache->len);',
    becomes: 'rte_mempool_ops_enqueue_bulk(mp, cache->objs, cache->len - 1);',
    killedBy: { ctest: 'test_mempool_model' },
  },
  {
    name: 'cache-over-its-threshold',
    file: 'dataplane/lib/mempool/rte_mempool.c',
    line: 'if (cache != NULL && n <= cache->flushthresh) {',
    becomes: 'if (cache != NULL && n <= cache->flushthresh + 1) {',
    killedBy: { ctest: 'test_mempool_model' },
  },
  {
    name: 'rts-store-without-slack',
    file: 'dataplane/drivers/mempool/ring/mempool_ring.c',
    line: 'int error = make_ring(mp, 2 * (uint64_t)mp->size + distance, RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ);',
    becomes: 'int error = make_ring(mp, mp->size, RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ);',
    killedBy: { ctest: 'test_mempool_threads' },
  },
  {
    name: 'event-for-who-came-during-it',
    file: 'dataplane/lib/mempool/mempool_events.c',
    line: 'if (one == NULL || one->number > end)',
    becomes: 'if (one == NULL || end == 0)',
    killedBy: { ctest: 'test_mempool_memory' },
  },
];
