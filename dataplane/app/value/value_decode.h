/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the two readers share with value.c.
 */
#ifndef APP_VALUE_DECODE_H
#define APP_VALUE_DECODE_H

#include <rte_common.h>

#include "value.h"

/* A copy of length + 1 bytes, the last one NUL. NULL: no memory. */
char *value_copy_text(struct arena *arena, const void *text, size_t length);
/* As value_set, with a key that already lives in the arena. */
struct value *value_set_text_key(struct arena *arena, struct value *map, const char *key);
/* Turns a nil node into an array of `count` nil items. False: no memory. */
bool value_make_array(struct arena *arena, struct value *node, uint32_t count);
/* Turn a nil node into a number; false for NULL, and for NaN and infinities. */
bool value_fill_u64(struct value *node, uint64_t number);
bool value_fill_double(struct value *node, double number);
bool value_utf8_is_valid(const void *text, size_t length);

#endif
