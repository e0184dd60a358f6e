// SPDX-License-Identifier: BSD-3-Clause
// One-line defects of locks, bitmaps, reciprocals and the command line; what the fields mean stands in mutants.mjs.

const headers = 'dataplane/lib/eal/include';
const cmdline = 'dataplane/lib/cmdline';

export const basics = [
  {
    name: 'ticketlock-tried-while-held',
    file: `${headers}/rte_ticketlock.h`,
    line: 'if (seen.s.current != seen.s.next)',
    becomes: 'if (seen.s.current > seen.s.next)',
    killedBy: { ctest: 'test_eal_queuelocks' },
  },
  {
    name: 'sequence-begun-during-a-write',
    file: `${headers}/rte_seqcount.h`,
    line: 'if (unlikely((begin_sn & 1) != 0))',
    becomes: 'if (unlikely(begin_sn == UINT32_MAX))',
    killedBy: { ctest: 'test_eal_queuelocks' },
  },
  {
    name: 'bitmap-summary-lost',
    file: `${headers}/rte_bitmap.h`,
    line: 'if (others == 0)',
    becomes: 'if ((others & 1) == 0)',
    killedBy: { ctest: 'test_eal_bits' },
  },
  {
    name: 'reciprocal-of-the-largest',
    file: 'dataplane/lib/eal/common/eal_reciprocal.c',
    line: 'scaled = (l < 64 ? (uint64_t)1 << l : 0) - d;',
    becomes: 'scaled = ((uint64_t)1 << (l & 63)) - d;',
    killedBy: { ctest: 'test_eal_bits' },
  },
  {
    name: 'command-ambiguous-unsaid',
    file: `${cmdline}/cmdline_parse.c`,
    line: 'if (found != NULL)',
    becomes: 'if (found != NULL && found->f == NULL)',
    killedBy: { ctest: 'cmdline_test' },
  },
  {
    name: 'history-forgets-what-was-typed',
    file: `${cmdline}/cmdline_rdline.c`,
    line: 'if (rdl->shown == -1) {',
    becomes: 'if (rdl->shown == -2) {',
    killedBy: { ctest: 'cmdline_test' },
  },
];
