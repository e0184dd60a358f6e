/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The EAL's command line: DPDK's options, checked as they are read. Everything this build does not do is refused by
 * name.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>
#include <rte_vect.h>

#include "eal_log_private.h"
#include "eal_private.h"

enum option_id {
	OPT_CORELIST, OPT_COREMASK, OPT_LCORES, OPT_MAIN_LCORE, OPT_SERVICE_LIST, OPT_SERVICE_MASK, OPT_MEMORY,
	OPT_SOCKET_MEMORY, OPT_SOCKET_LIMIT, OPT_NO_HUGE, OPT_HUGE_DIR, OPT_HUGE_UNLINK, OPT_LEGACY_MEM, OPT_MATCH_ALLOCATIONS,
	OPT_SINGLE_FILE, OPT_BASE_VIRTADDR, OPT_FILE_PREFIX, OPT_PROC_TYPE, OPT_CHANNELS, OPT_RANKS, OPT_VDEV, OPT_NO_PCI,
	OPT_ALLOW, OPT_BLOCK, OPT_LOG_LEVEL, OPT_SYSLOG, OPT_IOVA_MODE, OPT_POOL_OPS, OPT_SIMD, OPT_VERSION, OPT_HELP,
	OPT_ALWAYS_SO, OPT_NOT_HERE,
};

/* A value that may be left out, and so can only be given with '='. */
#define OPTIONAL(text) "=" text

static const struct option_row {
	char letter;
	const char *name;
	enum option_id id;
	const char *value; /* how help names the value; NULL: there is none */
	const char *help;  /* NULL: not listed; of OPT_NOT_HERE: what to do instead */
} option_rows[] = {
	{ 'l', NULL, OPT_CORELIST, "LIST", "lcores by number, each on the CPU of that number: 0-3,5" },
	{ 'c', NULL, OPT_COREMASK, "MASK", "lcores as a hexadecimal mask" },
	{ 0, "lcores", OPT_LCORES, "MAP", "lcores on sets of CPUs: 1,2@(5-7),(0-3)@(0-1)" },
	{ 0, "main-lcore", OPT_MAIN_LCORE, "ID", "the lcore that runs main() (default: the first)" },
	{ 'S', NULL, OPT_SERVICE_LIST, "LIST", "which of the lcores run services: 2-3" },
	{ 's', NULL, OPT_SERVICE_MASK, "MASK", "the same as a hexadecimal mask" },
	{ 'm', NULL, OPT_MEMORY, "MB", "memory; huge pages are taken at start, without them it is the limit" },
	{ 0, "socket-mem", OPT_SOCKET_MEMORY, "MB,...", "the same for each NUMA node" },
	{ 0, "socket-limit", OPT_SOCKET_LIMIT, "MB,...", "the most memory of each NUMA node" },
	{ 0, "no-huge", OPT_NO_HUGE, NULL, "plain pages instead of huge ones" },
	{ 0, "in-memory", OPT_ALWAYS_SO, NULL, "no files outside memory: always so" },
	{ 0, "huge-dir", OPT_HUGE_DIR, "DIR", "with --iova-mode pa: names for huge pages, in this hugetlbfs directory" },
	{ 0, "huge-unlink", OPT_HUGE_UNLINK, OPTIONAL("existing|always"), "leave no files of huge pages: always so" },
	{ 0, "legacy-mem", OPT_LEGACY_MEM, NULL, "all memory at start, none later" },
	{ 0, "match-allocations", OPT_MATCH_ALLOCATIONS, NULL, "memory goes back in the pieces it was taken in" },
	{ 0, "single-file-segments", OPT_SINGLE_FILE, NULL, "one file for all memory of a kind" },
	{ 0, "base-virtaddr", OPT_BASE_VIRTADDR, "ADDRESS", "where memory should be mapped" },
	{ 0, "file-prefix", OPT_FILE_PREFIX, "NAME", "prefix of shared files, of which there are none" },
	{ 0, "proc-type", OPT_PROC_TYPE, "TYPE", "primary or auto" },
	{ 'n', NULL, OPT_CHANNELS, "N", "memory channels" },
	{ 'r', NULL, OPT_RANKS, "N", "memory ranks" },
	{ 0, "vdev", OPT_VDEV, "DRIVER[ID][,ARGS]", "add a virtual device" },
	{ 0, "no-pci", OPT_NO_PCI, NULL, "leave the PCI bus alone" },
	{ 'a', "allow", OPT_ALLOW, "[BUS:]DEVICE[,ARGS]", "use only these devices of a bus" },
	{ 'b', "block", OPT_BLOCK, "[BUS:]DEVICE", "do not use this device" },
	{ 0, "log-level", OPT_LOG_LEVEL, "LEVEL | TYPE:LEVEL", "global level, or that of types matching a pattern ('help')" },
	{ 0, "syslog", OPT_SYSLOG, "FACILITY", "log to the system's log, too" },
	{ 0, "iova-mode", OPT_IOVA_MODE, "va|pa", "what devices are given as addresses (default: what they need)" },
	{ 0, "no-shconf", OPT_ALWAYS_SO, NULL, "no shared configuration: always so" },
	{ 0, "no-telemetry", OPT_ALWAYS_SO, NULL, "no telemetry socket: always so" },
	{ 0, "no-hpet", OPT_ALWAYS_SO, NULL, NULL },
	{ 0, "vmware-tsc-map", OPT_ALWAYS_SO, NULL, NULL },
	{ 0, "mbuf-pool-ops-name", OPT_POOL_OPS, "NAME", "mempool handler of packet buffers" },
	{ 0, "force-max-simd-bitwidth", OPT_SIMD, "BITS", "widest vectors to use: 64, 128, 256, 512; 0: any" },
	{ 'v', "version", OPT_VERSION, NULL, "print the version" },
	{ 'h', "help", OPT_HELP, NULL, "print this and end" },
	/* What DPDK has and this build has not: better said than called unknown. */
	{ 0, "huge-worker-stack", OPT_NOT_HERE, OPTIONAL("KB"), "stacks are the system's: leave it out" },
	{ 0, "telemetry", OPT_NOT_HERE, NULL, "there is no telemetry socket: leave it out" },
	{ 0, "trace", OPT_NOT_HERE, "REGEXP", "there are no trace points: leave it out" },
	{ 0, "trace-dir", OPT_NOT_HERE, "DIR", "there are no trace points: leave it out" },
	{ 0, "trace-bufsz", OPT_NOT_HERE, "SIZE", "there are no trace points: leave it out" },
	{ 0, "trace-mode", OPT_NOT_HERE, "MODE", "there are no trace points: leave it out" },
	{ 0, "create-uio-dev", OPT_NOT_HERE, NULL, "the system makes /dev/uioN: leave it out" },
	{ 0, "vfio-intr", OPT_NOT_HERE, "MODE", "VFIO devices interrupt by MSI-X: leave it out" },
	{ 0, "vfio-vf-token", OPT_NOT_HERE, "UUID", "virtual functions are not shared by tokens: leave it out" },
	{ 'd', "driver-path", OPT_NOT_HERE, "PATH", "drivers are linked in: leave it out" },
};

void
eal_usage(FILE *out, const char *program)
{
	char left[80];
	unsigned int i;

	fprintf(out, "usage: %s [EAL options] [-- program's options]\n\nEAL options:\n", program);
	for (i = 0; i < RTE_DIM(option_rows); i++) {
		const struct option_row *row = &option_rows[i];

		if (row->help == NULL || row->id == OPT_NOT_HERE)
			continue;
		snprintf(left, sizeof(left), "%s%c%s%s%s%s%s", row->letter ? "-" : "", row->letter ? row->letter : ' ',
			row->letter && row->name ? ", " : "", row->name ? "--" : "", row->name ? row->name : "",
			row->value && row->value[0] != '=' ? " " : "", row->value ? row->value : "");
		fprintf(out, "  %-36s %s\n", left[0] == ' ' ? left + 1 : left, row->help);
	}
}

/* By its name, or by so much of it that only one can be meant. */
static const struct option_row *
find_long(const char *name, size_t len)
{
	const struct option_row *found = NULL;
	unsigned int i, n = 0;

	for (i = 0; len > 0 && i < RTE_DIM(option_rows); i++) {
		if (option_rows[i].name == NULL || strncmp(option_rows[i].name, name, len) != 0)
			continue;
		if (option_rows[i].name[len] == '\0')
			return &option_rows[i];
		found = &option_rows[i];
		n++;
	}
	return n == 1 ? found : NULL;
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

/* State only parsing needs. */
struct parse {
	struct eal_options *options;
	const char *lcores_by; /* the option that named lcores */
	const char *services_by;
	bool main_given;
	bool memory_given;
	struct eal_options *services; /* only its lcores: those named by -s or -S */
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

/* -s and -S name lcores as -c and -l do. */
static int
set_services(struct parse *p, const char *option, const char *text,
	int (*parse)(struct eal_options *options, const char *text, char *error))
{
	char error[EAL_ERROR_SIZE];

	if (p->services_by != NULL) {
		RTE_LOG(ERR, EAL, "%s after %s: give only one of -s and -S, once\n", option, p->services_by);
		return -1;
	}
	p->services_by = option;
	if (parse(p->services, text, error) < 0) {
		RTE_LOG(ERR, EAL, "%s %s: %s\n", option, text, error);
		return -1;
	}
	return 0;
}

/* "1024,0,512": megabytes of each NUMA node. */
static int
set_per_socket(const char *option, const char *text, size_t *bytes)
{
	unsigned int socket = 0;
	unsigned long long mb;
	const char *at = text;
	char *end;

	for (;;) {
		if (*at < '0' || *at > '9' || socket == RTE_MAX_NUMA_NODES)
			break;
		mb = strtoull(at, &end, 10);
		if (mb > 1024 * 1024)
			break;
		bytes[socket++] = (size_t)mb << 20;
		if (*end == '\0')
			return 0;
		if (*end != ',')
			break;
		at = end + 1;
	}
	RTE_LOG(ERR, EAL, "%s %s: not megabytes of at most %d NUMA nodes, as 1024,512\n", option, text, RTE_MAX_NUMA_NODES);
	return -1;
}

#define FILE_PREFIX_MAX 64

static int
set_base_virtaddr(struct eal_options *o, const char *value)
{
	unsigned long long address;
	char *end;

	errno = 0;
	address = strtoull(value, &end, 16);
	if (!isxdigit((unsigned char)*value) || *end != '\0' || errno != 0 || address > UINTPTR_MAX) {
		RTE_LOG(ERR, EAL, "--base-virtaddr %s: not a hexadecimal address\n", value);
		return -1;
	}
	o->base_virtaddr = (uintptr_t)address;
	return 0;
}

static int
check_unlink(const char *value)
{
	if (value == NULL || strcmp(value, "existing") == 0 || strcmp(value, "always") == 0)
		return 0;
	RTE_LOG(ERR, EAL, "--huge-unlink=%s: only 'existing' and 'always' hold, since no files are made\n", value);
	return -1;
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
	unsigned long n, limit;

	switch (row->id) {
	case OPT_CORELIST:
		return set_lcores(p, "-l", value, eal_parse_corelist);
	case OPT_COREMASK:
		return set_lcores(p, "-c", value, eal_parse_coremask);
	case OPT_LCORES:
		return set_lcores(p, "--lcores", value, eal_parse_lcores);
	case OPT_SERVICE_LIST:
		return set_services(p, "-S", value, eal_parse_corelist);
	case OPT_SERVICE_MASK:
		return set_services(p, "-s", value, eal_parse_coremask);
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
		p->memory_given = true;
		return 0;
	case OPT_SOCKET_MEMORY:
		o->socket_memory_given = true;
		return set_per_socket("--socket-mem", value, o->socket_memory);
	case OPT_SOCKET_LIMIT:
		return set_per_socket("--socket-limit", value, o->socket_limit);
	case OPT_HUGE_DIR:
		o->huge_dir = value;
		return 0;
	case OPT_HUGE_UNLINK:
		return check_unlink(value);
	case OPT_LEGACY_MEM:
		o->legacy_mem = true;
		return 0;
	case OPT_MATCH_ALLOCATIONS:
		o->match_allocations = true;
		return 0;
	case OPT_SINGLE_FILE:
		o->single_file_segments = true;
		return 0;
	case OPT_BASE_VIRTADDR:
		return set_base_virtaddr(o, value);
	case OPT_FILE_PREFIX:
		if (*value == '\0' || strpbrk(value, "/\\") != NULL || strlen(value) > FILE_PREFIX_MAX) {
			RTE_LOG(ERR, EAL, "--file-prefix '%s': not a name of 1 to %d characters without slashes\n", value,
				FILE_PREFIX_MAX);
			return -1;
		}
		o->file_prefix = value;
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
		limit = row->id == OPT_CHANNELS ? 32 : 16;
		if (parse_unsigned(value, 1, limit, &n) < 0) {
			RTE_LOG(ERR, EAL, "-%c %s: not a number from 1 to %lu\n", row->letter, value, limit);
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
		return eal_log_option(value);
	case OPT_SYSLOG:
		return eal_syslog_option(value);
	case OPT_IOVA_MODE:
		o->iova_mode = strcmp(value, "pa") == 0 ? RTE_IOVA_PA : RTE_IOVA_VA;
		if (o->iova_mode == RTE_IOVA_PA || strcmp(value, "va") == 0)
			return 0;
		RTE_LOG(ERR, EAL, "--iova-mode %s: 'va' gives devices virtual addresses, 'pa' physical ones\n", value);
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
	case OPT_ALWAYS_SO:
		/* True of every process: memory is anonymous, nothing is shared by name, time is the calibrated TSC. */
		return 0;
	case OPT_NOT_HERE:
		RTE_LOG(ERR, EAL, "--%s: %s\n", row->name, row->help);
		return -1;
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
	for (i = 0; i < RTE_MAX_LCORE; i++) {
		o->lcore_service[i] = p->services->lcore_enabled[i];
		if (o->lcore_service[i] && !o->lcore_enabled[i]) {
			RTE_LOG(ERR, EAL, "%s: lcore %u is not among the lcores; name it with -l, too\n", p->services_by, i);
			return -1;
		}
	}
	while (first < RTE_MAX_LCORE && (!o->lcore_enabled[first] || o->lcore_service[first]))
		first++;
	if (first == RTE_MAX_LCORE || (p->main_given && o->lcore_service[o->main_lcore])) {
		RTE_LOG(ERR, EAL, "%s: the main lcore cannot run services; leave it out\n", p->services_by);
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

/* What does not go together. */
static int
check_memory(const struct parse *p)
{
	const struct eal_options *o = p->options;
	const char *why = NULL;

	if (o->socket_memory_given && p->memory_given)
		why = "-m and --socket-mem: give only one";
	else if (o->socket_memory_given && o->no_huge)
		why = "--socket-mem takes huge pages, and --no-huge wants none: give -m instead";
	else if (o->match_allocations && o->no_huge)
		why = "--match-allocations is about huge pages, and --no-huge wants none";
	else if (o->match_allocations && o->legacy_mem)
		why = "--match-allocations gives memory back, and --legacy-mem never does";
	if (why != NULL)
		RTE_LOG(ERR, EAL, "%s\n", why);
	return why == NULL ? 0 : -1;
}

/* One option at argv[*i], with its value, to which *i then points. */
static int
parse_option(struct parse *p, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *value, *equals;
	const struct option_row *row;
	bool optional;

	if (arg[1] == '-') {
		equals = strchr(arg, '=');
		row = find_long(arg + 2, equals != NULL ? (size_t)(equals - arg) - 2 : strlen(arg + 2));
		value = equals != NULL ? equals + 1 : NULL;
	} else {
		row = find_short(arg[1]);
		value = arg[2] != '\0' ? arg + 2 : NULL;
	}
	if (row == NULL || (row->value == NULL && value != NULL))
		return unknown(arg, argv[0]);
	optional = row->value != NULL && row->value[0] == '=';
	if (row->value != NULL && value == NULL && !optional) {
		if (*i + 1 == argc) {
			RTE_LOG(ERR, EAL, "argument '%s' lacks its value %s\n", arg, row->value);
			return -1;
		}
		value = argv[++*i];
	}
	return apply(p, row, value);
}

/*
 * Puts the words that are no options behind the options (and a "--"), as DPDK's programs expect: they are the
 * program's.
 */
static void
move_words_back(char **argv, int end, char **words, int n)
{
	int from, to = 1, word = 0;

	for (from = 1; from < end; from++) {
		if (word < n && argv[from] == words[word])
			word++;
		else
			argv[to++] = argv[from];
	}
	memcpy(&argv[to], words, (size_t)n * sizeof(*words));
}

int
eal_options_parse(struct eal_options *options, int argc, char **argv, const rte_cpuset_t *available)
{
	static struct eal_options services;
	struct parse p = { .options = options, .services = &services };
	int i, ret = 0, end, n = 0;
	char **words;

	memset(options, 0, sizeof(*options));
	memset(&services, 0, sizeof(services));
	options->file_prefix = "rte";
	if (argc <= 0)
		return check_lcores(&p, available);
	words = calloc((size_t)argc, sizeof(*words));
	if (words == NULL)
		return -ENOMEM;
	for (i = 1; i < argc && ret == 0 && strcmp(argv[i], "--") != 0; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0')
			words[n++] = argv[i];
		else
			ret = parse_option(&p, argc, argv, &i);
	}
	end = RTE_MIN(i + 1, argc); /* behind a "--" */
	if (ret == 0)
		ret = check_memory(&p);
	if (ret == 0)
		ret = check_lcores(&p, available);
	if (ret == 0) {
		move_words_back(argv, end, words, n);
		options->consumed = end - 1 - n;
	}
	free(words);
	return ret;
}
