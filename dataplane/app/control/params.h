/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Parameters of a call, and what is told of a call that fails. Knows nothing of the server, so that fuzzers reach all of it.
 */
#ifndef APP_PARAMS_H
#define APP_PARAMS_H

#include "forwarding_config.h"

struct failure {
	const char *code;		/* WDPDK_E_*; NULL: none */
	char message[256], object[128], remedy[224];
	struct config_issues issues;
};

/* A remedy is never empty: whoever reads it must know what to do next. */
void failure_set(struct failure *failure, const char *code, const char *object, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* No memory for `what`. */
void failure_no_memory(struct failure *failure, const char *object, const char *what);
/* WDPDK_E_CONFIG or another code for what failure->issues names: how many fields, and the first of them. */
void failure_from_issues(struct failure *failure, const char *code, const char *object);

/* True for an absent key and for nil. */
bool params_absent(const struct value *params, const char *key);
/* Refuses keys that the method does not know. This one and the others: false with the failure filled. */
bool params_known(const struct value *params, const char *const *keys, struct failure *failure);
/* A whole number from `low` to `high`; `fallback` when it is absent. */
bool params_u32(const struct value *params, const char *key, uint32_t low, uint32_t high, uint32_t fallback, uint32_t *out,
	struct failure *failure);
/* As params_u32, for numbers that no range bounds from above. */
bool params_u64(const struct value *params, const char *key, uint64_t low, uint64_t fallback, uint64_t *out, struct failure *failure);
/* false when it is absent. */
bool params_flag(const struct value *params, const char *key, bool *out, struct failure *failure);

#endif
