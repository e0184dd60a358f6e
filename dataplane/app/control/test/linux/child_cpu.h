/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a thread of a child has cost, where /proc tells.
 */
#ifndef CHILD_CPU_H
#define CHILD_CPU_H

#include "peer_os.h"

/* CPU time of the child's thread of this name, in ms; 0 when there is no such thread. */
uint64_t child_cpu_ms(struct child *child, const char *name);

#endif
