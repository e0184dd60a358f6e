/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The negative control: core/order.c the wrong way round. A driver that is linked with it must fail every test of a teardown's order.
 */
#include "internal.h"

const uio_teardown_step uio_teardown_order[UIO_TEARDOWN_STEPS] = {
	uio_end_memory,
	uio_end_mappings,
	uio_end_mastering,
	uio_end_requests,
};
