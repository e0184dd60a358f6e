/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What of an interrupt handle the event thread waits for.
 */
#ifndef EAL_INTERRUPTS_PRIVATE_H
#define EAL_INTERRUPTS_PRIVATE_H

#include <stdbool.h>

#include <rte_interrupts.h>

#include "eal_events.h"

/* In linux/ the descriptor, in windows/ the event object. */
bool eal_intr_has_source(const struct rte_intr_handle *handle);
eal_event_source eal_intr_source(const struct rte_intr_handle *handle);

#endif
