/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The closing words of a run, for main.
 */
#ifndef APP_REPORT_SUMMARY_H
#define APP_REPORT_SUMMARY_H

#include "value.h"

/* Adds `ports`, `lcores`, `totals` and `memory`. True when every frame is accounted for. */
bool report_counted(struct arena *arena, struct value *report);

/* One line on stdout: the object that summary.schema.json describes, or (plain) a table for people. `clients` (may be NULL) adds
 * the clients' part. 0 or -1. */
int summary_print(const char *instance, double seconds, bool json, void (*clients)(struct arena *arena, struct value *report));

#endif
