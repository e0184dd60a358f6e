/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The EAL's command line: DPDK's options, checked as they are read. Everything this build does not do is refused by
 * name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>
#include <rte_vect.h>

#include "eal_log_private.h"
#include "eal_private.h"

enum option_id {
	OPT_CORELIST, OPT_COREMASK, OPT_LCORES, OPT_MAIN_LCORE, OPT_MEMORY, OPT_NO_HUGE, OPT_IN_MEMORY, OPT_FILE_PREFIX,
	OPT_PROC_TYPE, OPT_CHANNELS, OPT_RANKS, OPT_VDEV, OPT_NO_PCI, OPT_ALLOW, OPT_BLOCK, OPT_LOG_LEVEL, OPT_IOVA_MODE,
	OPT_NO_SHCONF, OPT_NO_TELEMETRY, OPT_NO_HPET, OPT_POOL_OPS, OPT_SIMD, OPT_VERSION, OPT_HELP,
};

static const struct option_row {
	char letter;
	const char *name;
	enum option_id id;
	const char *value; /* how help names the value; NULL: there is none */
	const char *help;  /* NULL: not listed */
} option_rows[] = {
	{ 'l', NULL, OPT_CORELIST, "LIST", "lcores by number, each on the CPU of that number: 0-3,5" },
	{ 'c', NULL, OPT_COREMASK, "MASK", "lcores as a hexadecimal mask" },
	{ 0, "lcores", OPT_LCORES, "MAP", "lcores on sets of CPUs: 1,2@(5-7),(0-3)@(0-1)" },
	{ 0, "main-lcore", OPT_MAIN_LCORE, "ID", "the lcore that runs main() (default: the first)" },
	{ 'm', NULL, OPT_MEMORY, "MB", "memory; huge pages are taken at start, without them it is the limit" },
	{ 0, "no-huge", OPT_NO_HUGE, NULL, "plain pages instead of huge ones" },
	{ 0, "in-memory", OPT_IN_MEMORY, NULL, "no files outside memory: always so" },
	{ 0, "file-prefix", OPT_FILE_PREFIX, "NAME", "prefix of shared files, of which there are none" },
	{ 0, "proc-type", OPT_PROC_TYPE, "TYPE", "primary or auto" },
	{ 'n', NULL, OPT_CHANNELS, "N", "memory channels" },
	{ 'r', NULL, OPT_RANKS, "N", "memory ranks" },
	{ 0, "vdev", OPT_VDEV, "DRIVER[ID][,ARGS]", "add a virtual device" },
	{ 0, "no-pci", OPT_NO_PCI, NULL, "leave the PCI bus alone" },
	{ 'a', "allow", OPT_ALLOW, "[BUS:]DEVICE[,ARGS]", "use only these devices of a bus" },
	{ 'b', "block", OPT_BLOCK, "[BUS:]DEVICE", "do not use this device" },
	{ 0, "log-level", OPT_LOG_LEVEL, "LEVEL | TYPE:LEVEL", "global level, or that of types matching a pattern" },
	{ 0, "iova-mode", OPT_IOVA_MODE, "va", "what devices are given as addresses" },
	{ 0, "no-shconf", OPT_NO_SHCONF, NULL, "no shared configuration: always so" },
	{ 0, "no-telemetry", OPT_NO_TELEMETRY, NULL, "no telemetry socket: always so" },
	{ 0, "no-hpet", OPT_NO_HPET, NULL, NULL },
	{ 0, "mbuf-pool-ops-name", OPT_POOL_OPS, "NAME", "mempool handler of packet buffers" },
	{ 0, "force-max-simd-bitwidth", OPT_SIMD, "BITS", "widest vectors to use: 64, 128, 256, 512; 0: any" },
	{ 'v', NULL, OPT_VERSION, NULL, "print the version" },
	{ 'h', "help", OPT_HELP, NULL, "print this and end" },
};

void
eal_usage(FILE *out, const char *program)
{
	char left[80];
	unsigned int i;

	fprintf(out, "usage: %s [EAL options] [-- program's options]\n\nEAL options:\n", program);
	for (i = 0; i < RTE_DIM(option_rows); i++) {
		const struct option_row *row = &option_rows[i];

		if (row->help == NULL)
			continue;
		snprintf(left, sizeof(left), "%s%c%s%s%s%s%s", row->letter ? "-" : "", row->letter ? row->letter : ' ',
			row->letter && row->name ? ", " : "", row->name ? "--" : "", row->name ? row->name : "",
			row->value ? " " : "", row->value ? row->value : "");
		fprintf(out, "  %-36s %s\n", left[0] == ' ' ? left + 1 : left, row->help);
	}
}

static const struct option_row *
find_long(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(option_rows); i++)
		if (option_rows[i].name != NULL && strlen(option_rows[i].name) == len &&
		    strncmp(option_rows[i].name, name, len) == 0)
			return &option_rows[i];
	return NULL;
}

static const struct option_row *
find_short(char letter)
{
	unsigned int i;

	for (i = 0; letter != '\0' && i < RTE_DIM(option_rows); i++)
		if (option_rows[i].letter == letter)
			return &option_rows[i];
	return NULL;
}

static int
parse_unsigned(const char *text, unsigned long low, unsigned long high, unsigned long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*value = strtoul(text, &end, 0);
	return errno != 0 || *end != '\0' || *value < low || *value > high ? -1 : 0;
}

/* "7", "debug", "lib.eal:debug", "pmd*:8". */
static int
set_log_level(const char *text)
{
	const char *colon = strrchr(text, ':');
	char pattern[64];
	int level = eal_log_level_parse(colon != NULL ? colon + 1 : text);

	if (level < 0) {
		RTE_LOG(ERR, EAL,
			"--log-level %s: the level is no number from 1 to 8 and no name; use e.g. 'debug' or 'lib.eal:info'\n", text);
		return -1;
	}
	if (colon == NULL) {
		rte_log_set_global_level((uint32_t)level);
		return 0;
	}
	if (colon == text || (size_t)(colon - text) >= sizeof(pattern)) {
		RTE_LOG(ERR, EAL, "--log-level %s: the type pattern before ':' must have 1 to %zu characters\n", text,
			sizeof(pattern) - 1);
		return -1;
	}
	rte_strlcpy(pattern, text, (size_t)(colon - text) + 1);
	if (rte_log_set_level_pattern(pattern, (uint32_t)level) < 0) {
		RTE_LOG(ERR, EAL, "--log-level %s: too many patterns\n", text);
		return -1;
	}
	return 0;
}

/* State only parsing needs. */
struct parse {
	struct eal_options *options;
	const char *lcores_by; /* the option that named lcores */
	bool main_given;
};

static int
set_lcores(struct parse *p, const char *option, const char *text,
	int (*parse)(struct eal_options *options, const char *text, char *error))
{
	char error[EAL_ERROR_SIZE];

	if (p->lcores_by != NULL) {
		RTE_LOG(ERR, EAL, "%s after %s: give only one of -l, -c and --lcores, once\n", option, p->lcores_by);
		return -1;
	}
	p->lcores_by = option;
	if (parse(p->options, text, error) < 0) {
		RTE_LOG(ERR, EAL, "%s %s: %s\n", option, text, error);
		return -1;
	}
	return 0;
}

static int
add_device(struct eal_options *o, enum rte_devtype type, const char *text)
{
	if (o->device_count == EAL_MAX_DEVICE_OPTIONS) {
		RTE_LOG(ERR, EAL, "more than %d --vdev, -a and -b options\n", EAL_MAX_DEVICE_OPTIONS);
		return -1;
	}
	o->device[o->device_count].type = type;
	o->device[o->device_count].text = text;
	o->device_count++;
	return 0;
}

static int
apply(struct parse *p, const struct option_row *row, const char *value)
{
	struct eal_options *o = p->options;
	unsigned long n;

	switch (row->id) {
	case OPT_CORELIST:
		return set_lcores(p, "-l", value, eal_parse_corelist);
	case OPT_COREMASK:
		return set_lcores(p, "-c", value, eal_parse_coremask);
	case OPT_LCORES:
		return set_lcores(p, "--lcores", value, eal_parse_lcores);
	case OPT_MAIN_LCORE:
		if (parse_unsigned(value, 0, RTE_MAX_LCORE - 1, &n) < 0) {
			RTE_LOG(ERR, EAL, "--main-lcore %s: not an lcore number from 0 to %d\n", value, RTE_MAX_LCORE - 1);
			return -1;
		}
		o->main_lcore = (unsigned int)n;
		p->main_given = true;
		return 0;
	case OPT_MEMORY:
		if (parse_unsigned(value, 1, 1024 * 1024, &n) < 0) {
			RTE_LOG(ERR, EAL, "-m %s: not a number of megabytes from 1 to 1048576\n", value);
			return -1;
		}
		o->memory = (size_t)n << 20;
		return 0;
	case OPT_NO_HUGE:
		o->no_huge = true;
		return 0;
	case OPT_PROC_TYPE:
		if (strcmp(value, "primary") == 0 || strcmp(value, "auto") == 0)
			return 0;
		RTE_LOG(ERR, EAL, "--proc-type %s: only 'primary' and 'auto' exist; other processes attach as clients instead\n",
			value);
		return -1;
	case OPT_CHANNELS:
	case OPT_RANKS:
		if (parse_unsigned(value, 1, 32, &n) < 0) {
			RTE_LOG(ERR, EAL, "-%c %s: not a number from 1 to 32\n", row->letter, value);
			return -1;
		}
		if (row->id == OPT_CHANNELS)
			o->nchannel = (unsigned int)n;
		else
			o->nrank = (unsigned int)n;
		return 0;
	case OPT_VDEV:
		return add_device(o, RTE_DEVTYPE_VIRTUAL, value);
	case OPT_ALLOW:
		return add_device(o, RTE_DEVTYPE_ALLOWED, value);
	case OPT_BLOCK:
		return add_device(o, RTE_DEVTYPE_BLOCKED, value);
	case OPT_NO_PCI:
		o->no_pci = true;
		return 0;
	case OPT_LOG_LEVEL:
		return set_log_level(value);
	case OPT_IOVA_MODE:
		if (strcmp(value, "va") == 0)
			return 0;
		RTE_LOG(ERR, EAL, "--iova-mode %s: only 'va' is supported; physical addresses are not available\n", value);
		return -1;
	case OPT_POOL_OPS:
		o->mbuf_pool_ops = value;
		return 0;
	case OPT_SIMD:
		if (parse_unsigned(value, 0, RTE_VECT_SIMD_MAX, &n) < 0 ||
		    (n != 0 && (n < 64 || !rte_is_power_of_2((uint32_t)n)))) {
			RTE_LOG(ERR, EAL, "--force-max-simd-bitwidth %s: use 64, 128, 256, 512, or 0 for any\n", value);
			return -1;
		}
		o->max_simd = n == 0 ? RTE_VECT_SIMD_MAX : (unsigned int)n;
		return 0;
	case OPT_VERSION:
		o->show_version = true;
		return 0;
	case OPT_HELP:
		o->show_help = true;
		return 0;
	case OPT_IN_MEMORY:
	case OPT_FILE_PREFIX:
	case OPT_NO_SHCONF:
	case OPT_NO_TELEMETRY:
	case OPT_NO_HPET:
		/* True of every process: memory is anonymous, nothing is shared by name, time is the TSC. */
		return 0;
	}
	return -1;
}

static int
unknown(const char *text, const char *program)
{
	RTE_LOG(ERR, EAL, "unknown argument '%s'; the program's own options go after '--', '%s --help' lists the EAL's\n",
		text, program);
	return -1;
}

/* The lcores' CPUs must be this process's; without an option every CPU is an lcore. */
static int
check_lcores(struct parse *p, const rte_cpuset_t *available)
{
	struct eal_options *o = p->options;
	unsigned int i, cpu, first = RTE_MAX_LCORE;
	char cpus[EAL_ERROR_SIZE];

	eal_cpuset_text(available, cpus, sizeof(cpus));
	for (i = 0; i < RTE_MAX_LCORE; i++) {
		if (p->lcores_by == NULL && i < CPU_SETSIZE && CPU_ISSET(i, available)) {
			o->lcore_enabled[i] = true;
			CPU_ZERO(&o->lcore_cpus[i]);
			CPU_SET(i, &o->lcore_cpus[i]);
		}
		if (!o->lcore_enabled[i])
			continue;
		if (first == RTE_MAX_LCORE)
			first = i;
		for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &o->lcore_cpus[i]) && !CPU_ISSET(cpu, available)) {
				RTE_LOG(ERR, EAL, "%s: lcore %u wants CPU %u, but this process may only run on CPUs %s\n",
					p->lcores_by, i, cpu, cpus);
				return -1;
			}
	}
	if (first == RTE_MAX_LCORE) {
		RTE_LOG(ERR, EAL, "none of this process's CPUs (%s) is below %d; name some with --lcores LCORE@CPU\n", cpus,
			RTE_MAX_LCORE);
		return -1;
	}
	if (!p->main_given) {
		o->main_lcore = first;
	} else if (!o->lcore_enabled[o->main_lcore]) {
		RTE_LOG(ERR, EAL, "--main-lcore %u: it is not among the lcores\n", o->main_lcore);
		return -1;
	}
	return 0;
}

int
eal_options_parse(struct eal_options *options, int argc, char **argv, const rte_cpuset_t *available)
{
	struct parse p = { .options = options };
	const char *program = argc > 0 ? argv[0] : "program";
	int i;

	memset(options, 0, sizeof(*options));
	for (i = 1; i < argc; i++) {
		const char *arg = argv[i], *value = NULL;
		const struct option_row *row;

		if (strcmp(arg, "--") == 0) {
			options->consumed = i;
			return check_lcores(&p, available);
		}
		if (arg[0] != '-' || arg[1] == '\0')
			return unknown(arg, program);
		if (arg[1] == '-') {
			const char *equals = strchr(arg, '=');

			row = find_long(arg + 2, equals != NULL ? (size_t)(equals - arg) - 2 : strlen(arg + 2));
			value = equals != NULL ? equals + 1 : NULL;
		} else {
			row = find_short(arg[1]);
			value = arg[2] != '\0' ? arg + 2 : NULL;
		}
		if (row == NULL)
			return unknown(arg, program);
		if (row->value == NULL && value != NULL)
			return unknown(arg, program);
		if (row->value != NULL && value == NULL) {
			if (i + 1 == argc) {
				RTE_LOG(ERR, EAL, "argument '%s' lacks its value %s\n", arg, row->value);
				return -1;
			}
			value = argv[++i];
		}
		if (apply(&p, row, value) < 0)
			return -1;
	}
	options->consumed = argc > 0 ? argc - 1 : 0;
	return check_lcores(&p, available);
}
