/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows has no FIFOs.
 */
#include "../model_irq.h"

bool
model_irq_make(const char *path)
{
	(void)path;
	return false;
}

bool
model_irq_raise(const char *path)
{
	(void)path;
	return false;
}
