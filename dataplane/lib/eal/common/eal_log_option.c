/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The command line's part of the log: --log-level and --syslog.
 */
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>

#include "eal_log_private.h"
#include "eal_private.h"

static void
explain(void)
{
	printf("--log-level LEVEL          the highest level that is logged at all\n"
		"--log-level PATTERN:LEVEL  the same for types that match a pattern of * and ?: lib.*:debug\n"
		"--log-level REGEXP,LEVEL   the same for types that match a basic regular expression: lib\\.[a-e],debug\n\n"
		"Levels: emergency, alert, critical, error, warning, notice, info, debug (any beginning of one), or 1 to 8.\n\n"
		"Types:\n");
	rte_log_list_types(stdout, "  ");
}

int
eal_log_option(const char *text)
{
	const char *split = strrchr(text, ':') != NULL ? strrchr(text, ':') : strrchr(text, ',');
	int level = eal_log_level_parse(split != NULL ? split + 1 : text), ret;
	char pattern[128];

	if (strcmp(text, "help") == 0) {
		explain();
		exit(EXIT_SUCCESS);
	}
	if (level < 0) {
		RTE_LOG(ERR, EAL,
			"--log-level %s: the level is no number from 1 to 8 and no name; use e.g. 'debug' or 'lib.eal:info'\n", text);
		return -1;
	}
	if (split == NULL) {
		rte_log_set_global_level((uint32_t)level);
		return 0;
	}
	if (split == text || (size_t)(split - text) >= sizeof(pattern)) {
		RTE_LOG(ERR, EAL, "--log-level %s: the type pattern before '%c' must have 1 to %zu characters\n", text, *split,
			sizeof(pattern) - 1);
		return -1;
	}
	rte_strlcpy(pattern, text, (size_t)(split - text) + 1);
	ret = *split == ':' ? rte_log_set_level_pattern(pattern, (uint32_t)level) :
		rte_log_set_level_regexp(pattern, (uint32_t)level);
	if (ret < 0)
		RTE_LOG(ERR, EAL, "--log-level %s: %s\n", text,
			*split == ':' ? "too many patterns" : "no regular expression, or too many");
	return ret;
}

int
eal_syslog_option(const char *facility)
{
	if (eal_os_syslog_open(facility) == 0)
		return 0;
	RTE_LOG(ERR, EAL, "--syslog %s: this system's log has no such facility\n", facility);
	return -1;
}
