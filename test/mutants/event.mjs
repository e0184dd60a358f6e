// SPDX-License-Identifier: BSD-3-Clause
// One-line defects of event devices; what the fields mean stands in mutants.mjs.

export const event = [
  {
    name: 'event-flow-never-free',
    file: 'dataplane/drivers/event/sw/sw_scheduler.c',
    line: 'device->queues[s->queue].flows[s->flow].count--;',
    becomes: 'device->queues[s->queue].flows[s->flow].count -= 0;',
    killedBy: { ctest: 'sw_test' },
  },
  {
    name: 'event-order-not-kept',
    file: 'dataplane/drivers/event/sw/sw_scheduler.c',
    line: 's->order = SW_HANDED_OUT;',
    becomes: 's->order = SW_UNORDERED;',
    killedBy: { ctest: 'sw_test' },
  },
  {
    name: 'event-rx-adapter-leaves-its-buffer',
    file: 'dataplane/lib/eventdev/rte_event_eth_rx_adapter.c',
    line: 'rx_adapter_drop_events(&adapter->buffer);',
    becomes: 'rx_adapter_drop_events(&(struct rx_buffer){ 0 });',
    killedBy: { ctest: 'eventdev_adapters_test' },
  },
];
