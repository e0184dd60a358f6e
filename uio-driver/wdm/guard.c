/* SPDX-License-Identifier: BSD-3-Clause */
#include "guard.h"

/*
 * clang catches what is raised inside a called function, not a fault of the __try body's own instructions: the call is made through a
 * pointer, here, so that no optimiser makes it part of the body.
 */
__declspec(noinline) NTSTATUS
uio_guarded(uio_raising *call, void *argument)
{
	NTSTATUS status;

	__try {
		status = call(argument);
	} __except (EXCEPTION_EXECUTE_HANDLER) {
		status = (NTSTATUS)_exception_code();
		/* A caught error is none of the success codes, whatever was raised. */
		if (NT_SUCCESS(status))
			status = STATUS_UNSUCCESSFUL;
	}
	return status;
}
