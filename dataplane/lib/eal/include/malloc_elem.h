/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What an allocation costs beyond its size, for programs that calculate with the figures of
 * rte_malloc_get_socket_stats(): a memzone of length 0 gets greatest_free_size - MALLOC_ELEM_OVERHEAD bytes.
 */
#ifndef MALLOC_ELEM_H_
#define MALLOC_ELEM_H_

#include <rte_config.h>

/** One cache line in front of each piece; nothing behind it (the next piece's line guards the border). */
#define MALLOC_ELEM_HEADER_LEN RTE_CACHE_LINE_SIZE
#define MALLOC_ELEM_TRAILER_LEN 0
#define MALLOC_ELEM_OVERHEAD (MALLOC_ELEM_HEADER_LEN + MALLOC_ELEM_TRAILER_LEN)

#endif
