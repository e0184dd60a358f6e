// SPDX-License-Identifier: BSD-3-Clause
// Defects of access control lists, RIBs, FIBs and reordering. See mutants.mjs.

export const tables = [
  {
    name: 'acl-range-settled-by-its-low-end',
    file: 'dataplane/lib/acl/acl_region.h',
    line: 'return value >= condition->low && (value | (bits & ~known)) - condition->low <= condition->span;',
    becomes: 'return bits != 0 && value >= condition->low;',
    killedBy: { ctest: 'acl_test' },
  },
  {
    name: 'acl-hides-rules-behind-another',
    file: 'dataplane/lib/acl/acl_tree.c',
    line: 'if (all_settled(b, ranks[i]))',
    becomes: 'if (all_settled(b, ranks[0]))',
    killedBy: { ctest: 'acl_test' },
  },
  {
    name: 'rib-walk-leaves-its-prefix',
    file: 'dataplane/lib/rib/rib_tree.c',
    line: 'return node->depth > depth && common_bits(node->address, address) >= depth;',
    becomes: 'return common_bits(node->address, address) >= depth;',
    killedBy: { ctest: 'rib_test' },
  },
  {
    name: 'fib-next-hop-freed-while-used',
    file: 'dataplane/lib/fib/fib_hops.c',
    line: 'if (--hops->hops[number - 1].users > 0)',
    becomes: 'if (--hops->hops[number - 1].users > 1)',
    killedBy: { ctest: 'fib_test' },
  },
  {
    name: 'reorder-window-too-wide',
    file: 'dataplane/lib/reorder/rte_reorder.c',
    line: 'if (ahead - b->size >= b->size) {',
    becomes: 'if (ahead - b->size > b->size) {',
    killedBy: { ctest: 'reorder_test' },
  },
];
