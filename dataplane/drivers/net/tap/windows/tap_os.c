/* SPDX-License-Identifier: BSD-3-Clause
 *
 * There is no TAP interface on Windows. The name is kept for a port over Wintun, which would implement tap_os.h here.
 */
#include "../tap_os.h"

#include <errno.h>
#include <stdio.h>

int
tap_os_open(struct tap_os **tap, const struct tap_os_settings *settings, char *error)
{
	(void)tap;
	snprintf(error, TAP_ERROR, "cannot make interface '%s': net_tap needs Linux; on Windows a port over Wintun is planned, and "
		"net_pcap (capture files) or net_ring (wires between ports) do today", settings->name);
	return -ENOTSUP;
}
