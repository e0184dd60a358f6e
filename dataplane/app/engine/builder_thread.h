/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The life of the builder, for main. What everybody else asks of it is in builder.h.
 */
#ifndef APP_BUILDER_THREAD_H
#define APP_BUILDER_THREAD_H

#include "forwarding_config.h"

/* Publishes the first snapshot (generation 1; held: see builder_hold) and starts the thread; ports and lcores must be set up. Takes the
 * config's routes over (and out of `config`) when it succeeds. 0 or a negative errno. */
int builder_start(struct forwarding_config *config, bool held);
/* Does the jobs that wait, then ends the thread. After the lcores have left. */
void builder_stop(void);

#endif
