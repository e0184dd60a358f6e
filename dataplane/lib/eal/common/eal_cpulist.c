/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The three ways to name lcores on the command line: -l, -c and --lcores.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "eal_private.h"

#define CPU_LIMIT RTE_MIN((unsigned int)CPU_SETSIZE, 1024u)

struct cursor {
	const char *at;
	char *error;
};

static int
fail(struct cursor *c, const char *what)
{
	snprintf(c->error, EAL_ERROR_SIZE, "%s at '%.40s'", what, c->at);
	return -1;
}

static void
skip_blanks(struct cursor *c)
{
	while (isblank((unsigned char)*c->at))
		c->at++;
}

static bool
take(struct cursor *c, char wanted)
{
	skip_blanks(c);
	if (*c->at != wanted)
		return false;
	c->at++;
	return true;
}

static int
parse_number(struct cursor *c, unsigned int limit, const char *kind, unsigned int *number)
{
	unsigned long value;
	char *end;

	skip_blanks(c);
	if (!isdigit((unsigned char)*c->at))
		return fail(c, "a number is missing");
	value = strtoul(c->at, &end, 10);
	if (value >= limit) {
		snprintf(c->error, EAL_ERROR_SIZE, "%s %lu is out of range, the highest is %u", kind, value, limit - 1);
		return -1;
	}
	c->at = end;
	*number = (unsigned int)value;
	return 0;
}

/* "3" or "0-3" (also "3-0"). */
static int
parse_range(struct cursor *c, unsigned int limit, const char *kind, unsigned int *low, unsigned int *high)
{
	if (parse_number(c, limit, kind, low) < 0)
		return -1;
	*high = *low;
	if (take(c, '-') && parse_number(c, limit, kind, high) < 0)
		return -1;
	if (*high < *low)
		RTE_SWAP(*low, *high);
	return 0;
}

/* One range, or "(range,range...)"; grouped says which. single: one number. */
static int
parse_set(struct cursor *c, unsigned int limit, const char *kind, bool *set, bool *grouped, bool *single)
{
	unsigned int low, high;

	memset(set, 0, CPU_LIMIT * sizeof(*set));
	*grouped = take(c, '(');
	do {
		if (parse_range(c, limit, kind, &low, &high) < 0)
			return -1;
		*single = low == high;
		for (; low <= high; low++)
			set[low] = true;
	} while (*grouped && take(c, ','));
	if (*grouped && !take(c, ')'))
		return fail(c, "a ')' is missing");
	return 0;
}

int
eal_parse_lcores(struct eal_options *options, const char *text, char *error)
{
	struct cursor c = { text, error };
	bool lcores[1024], cpus[1024], grouped, cpus_grouped, single, cpus_single, assigned;
	unsigned int i, cpu;

	do {
		if (parse_set(&c, RTE_MAX_LCORE, "lcore", lcores, &grouped, &single) < 0)
			return -1;
		assigned = take(&c, '@');
		/* As DPDK has it: 1-3@(1,3) might mean each on its own, or all on both. */
		if (assigned && !grouped && !single)
			return fail(&c, "lcores before '@' need parentheses, unless it is one");
		if (assigned && parse_set(&c, CPU_LIMIT, "CPU", cpus, &cpus_grouped, &cpus_single) < 0)
			return -1;
		for (i = 0; i < RTE_MAX_LCORE; i++) {
			if (!lcores[i])
				continue;
			if (options->lcore_enabled[i]) {
				snprintf(error, EAL_ERROR_SIZE, "lcore %u is named twice", i);
				return -1;
			}
			options->lcore_enabled[i] = true;
			CPU_ZERO(&options->lcore_cpus[i]);
			/* Without '@' a group shares its CPUs; a bare lcore has its own. */
			for (cpu = 0; cpu < CPU_LIMIT; cpu++)
				if (assigned ? cpus[cpu] : grouped ? lcores[cpu] : cpu == i)
					CPU_SET(cpu, &options->lcore_cpus[i]);
		}
	} while (take(&c, ','));
	skip_blanks(&c);
	return *c.at == '\0' ? 0 : fail(&c, "unexpected text");
}

static void
enable_own_cpu(struct eal_options *options, unsigned int lcore)
{
	options->lcore_enabled[lcore] = true;
	CPU_ZERO(&options->lcore_cpus[lcore]);
	CPU_SET(lcore, &options->lcore_cpus[lcore]);
}

int
eal_parse_corelist(struct eal_options *options, const char *text, char *error)
{
	struct cursor c = { text, error };
	unsigned int low, high;

	do {
		if (parse_range(&c, RTE_MAX_LCORE, "lcore", &low, &high) < 0)
			return -1;
		for (; low <= high; low++)
			enable_own_cpu(options, low);
	} while (take(&c, ','));
	skip_blanks(&c);
	return *c.at == '\0' ? 0 : fail(&c, "unexpected text");
}

int
eal_parse_coremask(struct eal_options *options, const char *text, char *error)
{
	struct cursor c = { text, error };
	const char *end;
	unsigned int lcore, bit, digit;
	bool any = false;

	skip_blanks(&c);
	if (c.at[0] == '0' && (c.at[1] == 'x' || c.at[1] == 'X'))
		c.at += 2;
	end = c.at + strlen(c.at);
	while (end > c.at && isblank((unsigned char)end[-1]))
		end--;
	if (end == c.at)
		return fail(&c, "a hexadecimal mask is missing");
	for (lcore = 0; end > c.at; lcore += 4) {
		end--;
		if (!isxdigit((unsigned char)*end)) {
			c.at = end;
			return fail(&c, "this is no hexadecimal digit");
		}
		digit = (unsigned int)(isdigit((unsigned char)*end) ? *end - '0' : tolower((unsigned char)*end) - 'a' + 10);
		for (bit = 0; bit < 4; bit++) {
			if ((digit >> bit & 1) == 0)
				continue;
			if (lcore + bit >= RTE_MAX_LCORE) {
				snprintf(error, EAL_ERROR_SIZE, "lcore %u is out of range, the highest is %u", lcore + bit,
					RTE_MAX_LCORE - 1);
				return -1;
			}
			enable_own_cpu(options, lcore + bit);
			any = true;
		}
	}
	return any ? 0 : fail(&c, "the mask names no lcore");
}

void
eal_cpuset_text(const rte_cpuset_t *set, char *text, size_t size)
{
	unsigned int cpu, last;
	size_t used = 0;
	int n;

	text[0] = '\0';
	for (cpu = 0; cpu < CPU_LIMIT && used < size; cpu = last + 1) {
		last = cpu;
		if (!CPU_ISSET(cpu, set))
			continue;
		while (last + 1 < CPU_LIMIT && CPU_ISSET(last + 1, set))
			last++;
		n = snprintf(text + used, size - used, last > cpu ? "%s%u-%u" : "%s%u", used == 0 ? "" : ",", cpu, last);
		used += (size_t)n;
	}
}
