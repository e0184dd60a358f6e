/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: regular expressions and syslog.
 */
#include <regex.h>
#include <string.h>
#include <syslog.h>

#include <rte_common.h>

#include "../common/eal_log_private.h"

static bool syslog_is_open;

int
eal_os_regexp(const char *expression, const char *text)
{
	regex_t compiled;
	int ret;

	if (regcomp(&compiled, expression, REG_NOSUB) != 0)
		return -1;
	ret = regexec(&compiled, text, 0, NULL, 0) == 0;
	regfree(&compiled);
	return ret;
}

int
eal_os_syslog_open(const char *facility)
{
	static const struct {
		const char *name;
		int value;
	} facilities[] = {
		{ "auth", LOG_AUTH }, { "cron", LOG_CRON }, { "daemon", LOG_DAEMON }, { "ftp", LOG_FTP }, { "kern", LOG_KERN },
		{ "lpr", LOG_LPR }, { "mail", LOG_MAIL }, { "news", LOG_NEWS }, { "syslog", LOG_SYSLOG }, { "user", LOG_USER },
		{ "uucp", LOG_UUCP }, { "local0", LOG_LOCAL0 }, { "local1", LOG_LOCAL1 }, { "local2", LOG_LOCAL2 },
		{ "local3", LOG_LOCAL3 }, { "local4", LOG_LOCAL4 }, { "local5", LOG_LOCAL5 }, { "local6", LOG_LOCAL6 },
		{ "local7", LOG_LOCAL7 },
	};
	unsigned int i;

	for (i = 0; i < RTE_DIM(facilities); i++)
		if (strcmp(facilities[i].name, facility) == 0) {
			openlog(NULL, LOG_NDELAY | LOG_PID, facilities[i].value);
			syslog_is_open = true;
			return 0;
		}
	return -1;
}

bool
eal_os_syslog_is_open(void)
{
	return syslog_is_open;
}

void
eal_os_syslog(uint32_t level, const char *format, va_list ap)
{
	/* Its levels begin with 0. */
	vsyslog((int)level - 1, format, ap);
}
