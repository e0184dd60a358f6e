/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For the EAL's tests: starting it with a line of arguments, and reading what it logged.
 */
#ifndef EAL_TEST_SUPPORT_H
#define EAL_TEST_SUPPORT_H

#include <stdio.h>
#include <string.h>

#include <check.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>

static char log_text[65536];
static FILE *log_file;

/* Everything logged from now on goes to a file that log_taken() reads. name: unique to the test program. */
__attribute__((unused)) static void
log_capture(const char *name)
{
	log_file = fopen(name, "w+b");
	if (log_file != NULL)
		rte_openlog_stream(log_file);
}

/* What was logged since the last call. */
__attribute__((unused)) static const char *
log_taken(void)
{
	static long seen;
	size_t n;

	fflush(log_file);
	fseek(log_file, seen, SEEK_SET);
	n = fread(log_text, 1, sizeof(log_text) - 1, log_file);
	log_text[n] = '\0';
	seen += (long)n;
	fseek(log_file, 0, SEEK_END);
	return log_text;
}

__attribute__((unused)) static int
log_has(const char *text)
{
	const char *log = log_taken();

	if (strstr(log, text) != NULL)
		return 1;
	printf("    the log lacks \"%s\": \"%s\"\n", text, log);
	return 0;
}

/* rte_eal_init() on words separated by blanks. argv is left as the EAL leaves it. */
static char *eal_argv[64];
static char eal_words[1024];

__attribute__((unused)) static int
eal_split(const char *line)
{
	int argc = 0;
	char *word;

	snprintf(eal_words, sizeof(eal_words), "%s", line);
	for (word = strtok(eal_words, " "); word != NULL && argc < 63; word = strtok(NULL, " "))
		eal_argv[argc++] = word;
	eal_argv[argc] = NULL;
	return argc;
}

__attribute__((unused)) static int
eal_start(const char *line)
{
	int argc = eal_split(line);

	return rte_eal_init(argc, eal_argv);
}

#endif
