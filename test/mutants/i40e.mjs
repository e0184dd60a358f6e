// SPDX-License-Identifier: BSD-3-Clause
// One-line defects of the XL710 driver; what the fields mean stands in mutants.mjs.

const driver = 'dataplane/drivers/net/i40e';

export const i40e = [
  {
    name: 'i40e-unused-descriptor-freed',
    file: `${driver}/i40e_tx_simple.h`,
    line: 'for (uint32_t i = 0; q->free < RTE_MAX(q->free_thresh, n) && q->count - 1 - q->free >= q->rs_thresh && i < 2; i++)',
    becomes: 'for (uint32_t i = 0; q->free < RTE_MAX(q->free_thresh, n) && i < 2; i++)',
    killedBy: { ctest: 'i40e_tx_burst_test' },
  },
  {
    name: 'i40e-tail-believed',
    file: `${driver}/i40e_rx_refill.h`,
    line: 'return RTE_MIN(n, (uint16_t)(q->count - 1 - q->holes));',
    becomes: 'return RTE_MIN(n, q->count);',
    killedBy: { ctest: 'i40e_rx_burst_test' },
  },
  {
    name: 'i40e-rings-kept-after-silence',
    file: `${driver}/i40e_aq.c`,
    line: 'else if (hw->aq_broken)',
    becomes: 'else if (hw->aq_broken && !hw->aq_ready)',
    killedBy: { ctest: 'i40e_hw_test' },
  },
  {
    name: 'i40e-counter-wrap-lost',
    file: `${driver}/i40e_stats.c`,
    line: 'counter->sum += (now - counter->last) & ((1ULL << bits) - 1);',
    becomes: 'counter->sum += bits == 0 ? 0 : now - counter->last;',
    killedBy: { ctest: 'i40e_tx_burst_test' },
  },
  {
    name: 'i40e-length-with-a-headers',
    file: `${driver}/i40e_rx_avx2.c`,
    line: 'const __m256i desc = _mm256_and_si256(whole, known);',
    becomes: 'const __m256i desc = _mm256_or_si256(whole, _mm256_and_si256(whole, known));',
    killedBy: { ctest: 'i40e_rx_burst_test' },
  },
  {
    name: 'i40e-counter-begins-where-another-ended',
    file: `${driver}/i40e_fdir.c`,
    line: 'rule->counted = i40e_read(&port->hw, I40E_GLQF_PCNT(rule->counter));',
    becomes: 'rule->counted = 0;',
    killedBy: { ctest: 'i40e_flow_test', also: ['wdpdk-xl710-model'] },
  },
  {
    name: 'vfio-hole-forgotten',
    file: 'dataplane/drivers/bus/pci/linux/pci_vfio.c',
    line: 'find_hole(dev, bar, info->size, &hole, &hole_length);',
    becomes: 'find_hole(dev, bar == 3 ? 0 : bar, info->size, &hole, &hole_length);',
    killedBy: { ctest: 'pci_vfio_test' },
  },
  {
    name: 'i40e-deaf-card-waited-for-again',
    file: `${driver}/i40e_hw_queue.c`,
    line: 'uint32_t tries = hw->deaf ? 0 : SWITCH_TRIES;',
    becomes: 'uint32_t tries = SWITCH_TRIES;',
    killedBy: { ctest: 'i40e_hw_test' },
  },
  {
    name: 'i40e-outer-checksum-left',
    file: `${driver}/i40e_tx.c`,
    line: 'rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, m->outer_l2_len)->hdr_checksum = 0;',
    becomes: 'rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, m->outer_l2_len)->hdr_checksum = 1;',
    killedBy: { ctest: 'i40e_tx_burst_test' },
  },
];
