/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Marks for functions of which a shared library keeps several versions. This library is static: the newest version
 * gets the plain name, and the others are not there.
 */
#ifndef _RTE_FUNCTION_VERSIONING_H_
#define _RTE_FUNCTION_VERSIONING_H_

#include <rte_common.h>

#define VERSION_SYMBOL(b, e, n)
#define VERSION_SYMBOL_EXPERIMENTAL(b, e)
#define BIND_DEFAULT_SYMBOL(b, e, n)
#define __vsym
/* Declares f, a prototype, as another name of the function p. */
#define MAP_STATIC_SYMBOL(f, p) f __attribute__((alias(RTE_STR(p))))

#endif
