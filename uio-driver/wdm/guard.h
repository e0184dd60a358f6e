/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Kernel calls that raise, MmMapLockedPagesSpecifyCache for user mode above all.
 */
#ifndef WDPDK_UIO_WDM_GUARD_H
#define WDPDK_UIO_WDM_GUARD_H

#include <ntifs.h>

/* A function that makes one such call and nothing else: what it had begun when the call raised would be left as it is. */
typedef NTSTATUS uio_raising(void *argument);

/* What `call` returns, or the code it raised. */
NTSTATUS uio_guarded(uio_raising *call, void *argument);

#endif
