/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The order of a teardown. A file of its own, since the negative control of the tests is a driver with another one.
 */
#include "internal.h"

const uio_teardown_step uio_teardown_order[UIO_TEARDOWN_STEPS] = {
	uio_end_requests,
	uio_end_mastering,
	uio_end_mappings,
	uio_end_memory,
};
