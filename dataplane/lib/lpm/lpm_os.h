/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Addresses that read as zeros and cost memory only where they are written.
 */
#ifndef WDPDK_LPM_OS_H
#define WDPDK_LPM_OS_H

#include <stddef.h>

/* NULL when there are none. */
void *lpm_os_map_zeros(size_t size);
void lpm_os_unmap(void *zeros, size_t size);

#endif
