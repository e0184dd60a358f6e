/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: basic regular expressions without groups and counts, since the C library has none; and no syslog.
 */
#include <string.h>

#include <rte_common.h>

#include "../common/eal_log_private.h"

/* The end of the one-character expression at e; NULL when it is none, or one of those that are not done here. */
static const char *
one_end(const char *e)
{
	if (*e == '\\')
		return e[1] != '\0' && strchr("(){}|+?123456789", e[1]) == NULL ? e + 2 : NULL;
	if (*e != '[')
		return e + 1;
	e++;
	if (*e == '^')
		e++;
	if (*e == ']')
		e++;
	while (*e != '\0' && *e != ']')
		e++;
	return *e == ']' ? e + 1 : NULL;
}

static bool
in_brackets(const char *e, const char *end, unsigned char c)
{
	bool negated = e[1] == '^', found = false;
	const char *at = e + 1 + negated;

	for (; at < end - 1; at++) {
		if (at[1] == '-' && at + 2 < end - 1) {
			found |= (unsigned char)at[0] <= c && c <= (unsigned char)at[2];
			at += 2;
		} else {
			found |= (unsigned char)*at == c;
		}
	}
	return found != negated;
}

static bool
one_matches(const char *e, const char *end, char c)
{
	if (c == '\0')
		return false;
	if (*e == '[')
		return in_brackets(e, end, (unsigned char)c);
	if (*e == '\\')
		return e[1] == c;
	return *e == '.' || *e == c;
}

static bool
matches_here(const char *e, const char *text)
{
	const char *end, *longest;

	if (*e == '\0')
		return true;
	if (*e == '$' && e[1] == '\0')
		return *text == '\0';
	end = one_end(e);
	if (*end != '*')
		return one_matches(e, end, *text) && matches_here(end, text + 1);
	for (longest = text; one_matches(e, end, *longest); longest++)
		;
	for (; longest >= text; longest--)
		if (matches_here(end + 1, longest))
			return true;
	return false;
}

static bool
is_valid(const char *e)
{
	while (*e != '\0') {
		e = one_end(e);
		if (e == NULL)
			return false;
		if (*e == '*')
			e++;
	}
	return true;
}

int
eal_os_regexp(const char *expression, const char *text)
{
	if (!is_valid(expression + (*expression == '^')))
		return -1;
	if (*expression == '^')
		return matches_here(expression + 1, text);
	for (; *text != '\0'; text++)
		if (matches_here(expression, text))
			return 1;
	return matches_here(expression, text);
}

int
eal_os_syslog_open(const char *facility)
{
	RTE_SET_USED(facility);
	return -1;
}

bool
eal_os_syslog_is_open(void)
{
	return false;
}

void
eal_os_syslog(uint32_t level, const char *format, va_list ap)
{
	RTE_SET_USED(level);
	RTE_SET_USED(format);
	RTE_SET_USED(ap);
}
