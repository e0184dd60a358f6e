/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Log types, levels and output.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_log.h>
#include <rte_per_lcore.h>

#include "eal_log_private.h"
#include "eal_private.h"

#define LOG_TYPES_MAX 1024
#define LOG_PATTERNS_MAX 64

static struct {
	const char *name; /* NULL: an unused number */
	uint32_t level;
} log_types[LOG_TYPES_MAX] = {
#define BUILT_IN(id, text) [RTE_LOGTYPE_ ## id] = { text, RTE_LOG_INFO }
	BUILT_IN(EAL, "lib.eal"), BUILT_IN(MALLOC, "lib.malloc"), BUILT_IN(RING, "lib.ring"),
	BUILT_IN(MEMPOOL, "lib.mempool"), BUILT_IN(TIMER, "lib.timer"), BUILT_IN(PMD, "pmd"), BUILT_IN(HASH, "lib.hash"),
	BUILT_IN(LPM, "lib.lpm"), BUILT_IN(KNI, "lib.kni"), BUILT_IN(ACL, "lib.acl"), BUILT_IN(POWER, "lib.power"),
	BUILT_IN(METER, "lib.meter"), BUILT_IN(SCHED, "lib.sched"), BUILT_IN(PORT, "lib.port"),
	BUILT_IN(TABLE, "lib.table"), BUILT_IN(PIPELINE, "lib.pipeline"), BUILT_IN(MBUF, "lib.mbuf"),
	BUILT_IN(CRYPTODEV, "lib.cryptodev"), BUILT_IN(EFD, "lib.efd"), BUILT_IN(EVENTDEV, "lib.eventdev"),
	BUILT_IN(GSO, "lib.gso"), BUILT_IN(USER1, "user1"), BUILT_IN(USER2, "user2"), BUILT_IN(USER3, "user3"),
	BUILT_IN(USER4, "user4"), BUILT_IN(USER5, "user5"), BUILT_IN(USER6, "user6"), BUILT_IN(USER7, "user7"),
	BUILT_IN(USER8, "user8"),
#undef BUILT_IN
};
/* Grows only; a type below it is complete. */
static uint32_t log_types_used = RTE_LOGTYPE_FIRST_EXT_ID;

/* Patterns set so far, for types registered later: the last match counts. */
static struct log_pattern {
	char *text;
	bool is_regexp;
	uint32_t level;
} log_patterns[LOG_PATTERNS_MAX];
static unsigned int log_patterns_used;

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t log_global_level = RTE_LOG_DEBUG;
static FILE *log_stream;

static WDPDK_TLS struct {
	uint32_t level, type;
} log_current;

bool
eal_log_glob(const char *pattern, const char *name)
{
	const char *star = NULL, *resume = NULL;

	while (*name != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			resume = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star != NULL) {
			/* Let the last star take one character more. */
			pattern = star + 1;
			name = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool
level_is_valid(uint32_t level)
{
	return level >= RTE_LOG_EMERG && level <= RTE_LOG_MAX;
}

int
rte_openlog_stream(FILE *f)
{
	__atomic_store_n(&log_stream, f, __ATOMIC_RELEASE);
	return 0;
}

FILE *
rte_log_get_stream(void)
{
	FILE *f = __atomic_load_n(&log_stream, __ATOMIC_ACQUIRE);

	return f != NULL ? f : stderr;
}

void
rte_log_set_global_level(uint32_t level)
{
	__atomic_store_n(&log_global_level, level, __ATOMIC_RELAXED);
}

uint32_t
rte_log_get_global_level(void)
{
	return __atomic_load_n(&log_global_level, __ATOMIC_RELAXED);
}

static bool
type_exists(uint32_t type)
{
	return type < __atomic_load_n(&log_types_used, __ATOMIC_ACQUIRE) && log_types[type].name != NULL;
}

int
rte_log_get_level(uint32_t type)
{
	return type_exists(type) ? (int)__atomic_load_n(&log_types[type].level, __ATOMIC_RELAXED) : -1;
}

bool
rte_log_can_log(uint32_t type, uint32_t level)
{
	int type_level = rte_log_get_level(type);

	return type_level >= 0 && level <= rte_log_get_global_level() && level <= (uint32_t)type_level;
}

int
rte_log_set_level(uint32_t type, uint32_t level)
{
	if (!type_exists(type) || !level_is_valid(level))
		return -1;
	__atomic_store_n(&log_types[type].level, level, __ATOMIC_RELAXED);
	return 0;
}

static bool
pattern_matches(const struct log_pattern *p, const char *name)
{
	return p->is_regexp ? eal_os_regexp(p->text, name) == 1 : eal_log_glob(p->text, name);
}

/* Remembers the pattern and applies it. One that was given before is moved to the end, with its new level. */
static int
set_by_pattern(const char *text, bool is_regexp, uint32_t level)
{
	struct log_pattern made = { .is_regexp = is_regexp, .level = level };
	unsigned int i;
	uint32_t type;

	if (text == NULL || !level_is_valid(level) || (is_regexp && eal_os_regexp(text, "") < 0))
		return -1;
	pthread_mutex_lock(&log_lock);
	for (i = 0; i < log_patterns_used; i++)
		if (log_patterns[i].is_regexp == is_regexp && strcmp(log_patterns[i].text, text) == 0)
			break;
	if (i < log_patterns_used) {
		made.text = log_patterns[i].text;
		log_patterns_used--;
		memmove(&log_patterns[i], &log_patterns[i + 1], (log_patterns_used - i) * sizeof(log_patterns[0]));
	} else if (log_patterns_used < LOG_PATTERNS_MAX) {
		made.text = strdup(text);
	}
	if (made.text != NULL) {
		log_patterns[log_patterns_used++] = made;
		for (type = 0; type < log_types_used; type++)
			if (log_types[type].name != NULL && pattern_matches(&made, log_types[type].name))
				__atomic_store_n(&log_types[type].level, level, __ATOMIC_RELAXED);
	}
	pthread_mutex_unlock(&log_lock);
	return made.text != NULL ? 0 : -1;
}

int
rte_log_set_level_pattern(const char *pattern, uint32_t level)
{
	return set_by_pattern(pattern, false, level);
}

int
rte_log_set_level_regexp(const char *regex, uint32_t level)
{
	return set_by_pattern(regex, true, level);
}

int
rte_log_cur_msg_loglevel(void)
{
	return (int)log_current.level;
}

int
rte_log_cur_msg_logtype(void)
{
	return (int)log_current.type;
}

int
rte_log_register_type_and_pick_level(const char *name, uint32_t level_def)
{
	uint32_t type, level = level_def;
	unsigned int i;
	char *copy;

	if (name == NULL || name[0] == '\0')
		return -EINVAL;
	if (!level_is_valid(level_def))
		return -EINVAL;
	pthread_mutex_lock(&log_lock);
	for (type = 0; type < log_types_used; type++)
		if (log_types[type].name != NULL && strcmp(log_types[type].name, name) == 0)
			break;
	if (type == log_types_used) {
		copy = type < LOG_TYPES_MAX ? strdup(name) : NULL;
		if (copy == NULL) {
			pthread_mutex_unlock(&log_lock);
			return -ENOMEM;
		}
		for (i = 0; i < log_patterns_used; i++)
			if (pattern_matches(&log_patterns[i], name))
				level = log_patterns[i].level;
		log_types[type].name = copy;
		log_types[type].level = level;
		__atomic_store_n(&log_types_used, type + 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&log_lock);
	return (int)type;
}

int
rte_log_register(const char *name)
{
	return rte_log_register_type_and_pick_level(name, RTE_LOG_INFO);
}

static const char *const level_names[] = {
	"disabled", "emergency", "alert", "critical", "error", "warning", "notice", "info", "debug",
};

int
eal_log_level_parse(const char *text)
{
	size_t len = strlen(text);
	unsigned long number;
	unsigned int i;
	char *end;

	if (strcmp(text, "max") == 0)
		return RTE_LOG_MAX;
	for (i = RTE_LOG_EMERG; len > 0 && i < RTE_DIM(level_names); i++)
		if (strncmp(level_names[i], text, len) == 0)
			return (int)i;
	number = strtoul(text, &end, 0);
	if (*text == '\0' || *end != '\0' || number < RTE_LOG_EMERG || number > RTE_LOG_MAX)
		return -1;
	return (int)number;
}

void
rte_log_list_types(FILE *out, const char *prefix)
{
	uint32_t type;

	for (type = 0; type < LOG_TYPES_MAX; type++)
		if (type_exists(type))
			fprintf(out, "%s%s\n", prefix, log_types[type].name);
}

void
rte_log_dump(FILE *f)
{
	uint32_t type, level;

	fprintf(f, "global log level is %s\n", level_names[RTE_MIN(rte_log_get_global_level(), RTE_LOG_MAX)]);
	for (type = 0; type < LOG_TYPES_MAX; type++)
		if (type_exists(type)) {
			level = __atomic_load_n(&log_types[type].level, __ATOMIC_RELAXED);
			fprintf(f, "id %u: %s, level is %s\n", type, log_types[type].name,
				level_names[RTE_MIN(level, RTE_LOG_MAX)]);
		}
}

int
rte_vlog(uint32_t level, uint32_t type, const char *format, va_list ap)
{
	FILE *f = rte_log_get_stream();
	int ret;

	if (!type_exists(type))
		return -1;
	if (!rte_log_can_log(type, level))
		return 0;
	log_current.level = level;
	log_current.type = type;
	if (eal_os_syslog_is_open()) {
		va_list copy;

		va_copy(copy, ap);
		eal_os_syslog(level, format, copy);
		va_end(copy);
	}
	ret = vfprintf(f, format, ap);
	fflush(f);
	return ret;
}

int
rte_log(uint32_t level, uint32_t type, const char *format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = rte_vlog(level, type, format, ap);
	va_end(ap);
	return ret;
}
