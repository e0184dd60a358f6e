/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The dataplane's own command line: what stands behind "--".
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>

#include "forwarding_config.h"

enum idle_mode { IDLE_UNSET, IDLE_POLL, IDLE_ADAPTIVE };

struct options {
	const char *instance;
	const char *config_file;
	int forward;			/* enum port_mode, or -1: not asked for */
	struct route_config *routes;
	uint32_t route_count;
	enum idle_mode idle;
	unsigned int rxq;		/* receive queues a port, 1 to WDPDK_LIMIT_LANES */
	double seconds;			/* 0: until stopped */
	bool stop_at_end, json, json_ready, ignore_stdin, no_control, hold;
	bool help, version;
};

/* 0, or -1 after an error on stderr that names option, value and remedy. argv[0] is skipped. */
int options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);
/* Looks among the arguments before "--" for --help and --version, which need no EAL, and for options of ours that belong behind it.
 * 0, or -1 after an error on stderr. */
int options_check_eal_part(struct options *options, int argc, char **argv);
void options_print_help(void);

/* Which way idle is named, for --idle and the config file. False: no such word. */
bool idle_from_text(const char *text, enum idle_mode *out);

#endif
