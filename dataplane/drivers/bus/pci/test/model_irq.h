/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MODEL_IRQ_H
#define MODEL_IRQ_H

#include <stdbool.h>

/** Makes the FIFO; false where there are none. */
bool model_irq_make(const char *path);
/** One interrupt; false when nobody listens. */
bool model_irq_raise(const char *path);

#endif
