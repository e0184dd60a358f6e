/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: no user program learns physical addresses.
 */
#include <errno.h>

#include "../common/eal_memory_private.h"
#include "../common/eal_private.h"

int
eal_os_physical_open(const struct eal_options *options, const char **why)
{
	RTE_SET_USED(options);
	*why = "Windows tells no program its physical addresses: leave --iova-mode out; devices bring their own memory";
	return ENOTSUP;
}
