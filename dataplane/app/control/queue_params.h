/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What queue.open asks for, decoded and checked as far as that goes without the server.
 */
#ifndef APP_QUEUE_PARAMS_H
#define APP_QUEUE_PARAMS_H

#include "builder.h"
#include "params.h"

struct queue_params {
	struct attachment wanted;	/* without id and lanes */
	uint32_t slots, slot_size, snaplen;
	uint64_t features;		/* WDPDK_FEATURE_* */
	bool checksums;
};

/* `ports` says which ids there are. False with the failure filled. */
bool queue_params_from_value(const struct value *params, uint32_t ports, struct queue_params *out, struct failure *failure);

#endif
