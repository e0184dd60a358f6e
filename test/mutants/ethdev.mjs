// SPDX-License-Identifier: BSD-3-Clause
//
// Defects of ports and of what frames are checked by. The first is one that upstream's own tests do not notice.
export const ethdev = [
  {
    name: 'rx-queue-setup-does-nothing',
    file: 'dataplane/lib/ethdev/ethdev_queue.c',
    line: 'error = dev->dev_ops->rx_queue_setup(dev, rx_queue_id, nb_rx_desc, socket_id, &conf, mb_pool);',
    becomes: 'error = (int)(socket_id & 0);',
    killedBy: { ctest: 'ethdev_test' },
  },
  {
    name: 'burst-callback-is-not-removed',
    file: 'dataplane/lib/ethdev/ethdev_callback.c',
    line: '__atomic_store_n(head, link->next, __ATOMIC_RELAXED);',
    becomes: '__atomic_store_n(head, *head, __ATOMIC_RELAXED);',
    killedBy: { ctest: 'ethdev_control_test' },
  },
  {
    name: 'vlan-offload-kept-though-refused',
    file: 'dataplane/lib/ethdev/ethdev_vlan.c',
    line: 'dev->data->dev_conf.rxmode.offloads = before;',
    becomes: 'dev->data->dev_conf.rxmode.offloads = after;',
    killedBy: { ctest: 'ethdev_control_test' },
  },
  {
    name: 'redirection-to-any-queue',
    file: 'dataplane/lib/ethdev/ethdev_rss.c',
    line: 'if ((group->mask & RTE_BIT64(place)) == 0 || group->reta[place] < dev->data->nb_rx_queues)',
    becomes: 'if ((group->mask & RTE_BIT64(place)) == 0 || group->reta[place] <= dev->data->nb_rx_queues)',
    killedBy: { ctest: 'ethdev_errors_test' },
  },
  {
    name: 'walk-passes-over-addresses',
    file: 'dataplane/lib/ethdev/ethdev_iterator.c',
    line: 'if (rte_is_same_ether_addr(&address, &data->mac_addrs[i]))',
    becomes: 'if (data->mac_addrs != NULL)',
    killedBy: { ctest: 'ethdev_control_test' },
  },
  {
    name: 'link-events-of-net-null-are-lost',
    file: 'dataplane/drivers/net/null/null.c',
    line: 'if (rte_eth_linkstatus_set(dev, &link) == 0 && dev->data->dev_conf.intr_conf.lsc)',
    becomes: 'if (rte_eth_linkstatus_set(dev, &link) > 0 && dev->data->dev_conf.intr_conf.lsc)',
    killedBy: { ctest: 'null_test' },
  },
  {
    name: 'fold-one-power-off',
    file: 'dataplane/lib/net/rte_net_crc.c',
    line: 'return (struct fold){power(bits + 64 - 1, reflected, width), power(bits - 1, reflected, width)};',
    becomes: 'return (struct fold){power(bits + 64 - 1, reflected, width), power(bits, reflected, width)};',
    killedBy: { ctest: 'test_net_crc' },
  },
];
