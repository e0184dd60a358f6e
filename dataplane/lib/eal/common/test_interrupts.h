/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Something that interrupts: a pipe, or an event object. In linux/ and windows/ of the tests.
 */
#ifndef EAL_TEST_INTERRUPTS_H
#define EAL_TEST_INTERRUPTS_H

#include <rte_interrupts.h>

/** A handle of a fresh source, or NULL. own_reading: the callback has to take what fires. */
struct rte_intr_handle *test_source_make(int own_reading);
void test_source_fire(struct rte_intr_handle *handle);
/** Takes one firing of an own_reading source. */
void test_source_take(struct rte_intr_handle *handle);
void test_source_free(struct rte_intr_handle *handle);

#endif
