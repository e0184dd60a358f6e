/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: where the calling thread's next huge pages come from.
 */
#ifndef EAL_OS_NODE_H
#define EAL_OS_NODE_H

/** From this node only; -1: from anywhere again. Without permission they come from anywhere. */
void eal_os_bind_node(int node);

#endif
