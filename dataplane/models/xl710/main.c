/* SPDX-License-Identifier: BSD-3-Clause
 *
 * wdpdk-xl710-model: a model, stepped until somebody stops it. One thread steps, another one reads lines from stdin.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "options.h"
#include "os.h"

#define EXIT_FAILED 1
#define EXIT_USAGE 2

/* Turns without work until the model sleeps, and how long: the driver may need the same core. */
#define YIELD_AFTER 16u
#define SLEEP_AFTER 200u
#define SLEEP_US 50u

static struct xl710_program_options options;
static int stopping; /* set by anybody, once; atomic */

/* The line that waits for the stepping thread; the reader waits until it is empty again. */
static pthread_mutex_t line_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t line_taken = PTHREAD_COND_INITIALIZER;
static char line[256];
static int line_waits; /* changed with the mutex, looked at atomically */

static void
stop(void)
{
	__atomic_store_n(&stopping, 1, __ATOMIC_RELAXED);
}

static void *
read_lines(void *context)
{
	char text[sizeof(line)];

	(void)context;
	while (fgets(text, sizeof(text), stdin) != NULL) {
		text[strcspn(text, "\r\n")] = '\0';
		pthread_mutex_lock(&line_mutex);
		while (line_waits)
			pthread_cond_wait(&line_taken, &line_mutex);
		memcpy(line, text, sizeof(line));
		__atomic_store_n(&line_waits, 1, __ATOMIC_RELAXED);
		pthread_mutex_unlock(&line_mutex);
	}
	/* What was asked for before the end is done first. */
	pthread_mutex_lock(&line_mutex);
	while (line_waits)
		pthread_cond_wait(&line_taken, &line_mutex);
	pthread_mutex_unlock(&line_mutex);
	if (!options.ignore_stdin && xl710_stdin_is_pipe())
		stop();
	return NULL;
}

static void
print_counters(const struct xl710_model *model, const char *event)
{
	printf("{\"event\":\"%s\",", event);
	xl710_model_json(model, stdout);
	puts("}");
	fflush(stdout);
}

static void
inject(struct xl710_model *model, const char *text)
{
	for (unsigned int i = 0; i < model->port_count; i++)
		if (!xl710_fault_parse(text, &model->ports[i].frame_faults, &model->ports[i].faults)) {
			fprintf(stderr, "wdpdk-xl710-model: inject %s: there is no such fault.\n", text);
			return;
		}
}

static void
obey(struct xl710_model *model, const char *text)
{
	unsigned int port;
	char way[8];

	if (strcmp(text, "stats") == 0)
		print_counters(model, "stats");
	else if (strcmp(text, "quit") == 0)
		stop();
	else if (strncmp(text, "inject ", 7) == 0)
		inject(model, text + 7);
	else if (sscanf(text, "cable %u %7s", &port, way) == 2 && port < model->port_count &&
		 (strcmp(way, "in") == 0 || strcmp(way, "out") == 0))
		xl710_model_cable(model, port, strcmp(way, "in") == 0);
	else if (*text != '\0')
		fprintf(stderr, "wdpdk-xl710-model: '%s' on stdin: no such command; see --help.\n", text);
}

static void
take_line(struct xl710_model *model)
{
	char text[sizeof(line)];

	pthread_mutex_lock(&line_mutex);
	memcpy(text, line, sizeof(text));
	pthread_mutex_unlock(&line_mutex);
	obey(model, text);
	pthread_mutex_lock(&line_mutex);
	__atomic_store_n(&line_waits, 0, __ATOMIC_RELAXED);
	pthread_cond_signal(&line_taken);
	pthread_mutex_unlock(&line_mutex);
}

static void
print_path(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
}

static void
announce(const struct xl710_model *model)
{
	printf("{\"event\":\"ready\",\"bars\":[");
	for (unsigned int i = 0; i < model->port_count; i++) {
		fputs(i == 0 ? "" : ",", stdout);
		print_path(options.model.bar);
		if (model->port_count > 1)
			printf(".%u", i);
		putchar('"');
	}
	puts("]}");
	fflush(stdout);
}

static void
run(struct xl710_model *model)
{
	uint64_t started = xl710_now_us(), end = started + (uint64_t)(options.seconds * 1e6);
	unsigned int idle = 0;

	for (uint32_t turns = 0; !__atomic_load_n(&stopping, __ATOMIC_RELAXED); turns++) {
		idle = xl710_model_step(model) > 0 ? 0 : idle + 1;
		if (__atomic_load_n(&line_waits, __ATOMIC_RELAXED))
			take_line(model);
		if (options.seconds > 0 && (idle > 0 || turns % 1024 == 0) && xl710_now_us() >= end)
			break;
		/* In exact mode the driver waits for each single access. */
		if (idle > SLEEP_AFTER && !options.model.exact)
			xl710_rest(SLEEP_US);
		else if (idle > YIELD_AFTER)
			xl710_rest(0);
	}
}

int
main(int argc, char **argv)
{
	int parsed = xl710_options_parse(&options, argc, argv);
	struct xl710_model *model;
	pthread_t reader;

	if (parsed != 0)
		return parsed > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	model = xl710_model_open(&options.model);
	if (model == NULL)
		return EXIT_FAILED;
	xl710_on_stop(stop);
	if (pthread_create(&reader, NULL, read_lines, NULL) == 0)
		pthread_detach(reader);
	announce(model);
	run(model);
	if (options.json)
		print_counters(model, "end");
	xl710_model_close(model);
	fflush(stdout);
	/* The reader may stand in a read that never ends: so no exit(), and what it would have done is done here. */
	_Exit(xl710_leaks() ? EXIT_FAILED : EXIT_SUCCESS);
}
