/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_errno and its texts.
 */
#include <rte_errno.h>

#include "eal_private.h"

RTE_DEFINE_PER_LCORE(int, _rte_errno);

const char *
rte_strerror(int errnum)
{
	static WDPDK_TLS char text[128];

	if (errnum == E_RTE_SECONDARY)
		return "Not possible in a secondary process";
	if (errnum == E_RTE_NO_CONFIG)
		return "The EAL is not initialised";
	/* A number that nobody knows has the C library's own words for that, too: programs compare them. */
	eal_os_strerror(errnum, text, sizeof(text));
	return text;
}
