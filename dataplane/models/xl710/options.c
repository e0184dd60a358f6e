/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "wire.h"

const char xl710_fault_help[] =
	"  drop=N corrupt=N reorder=N   one frame in N at the wire; seed=N for another series of them\n"
	"  link-flap=MS                 the cable is out for a tenth of each so many milliseconds\n"
	"  stalled-tx=Q stalled-rx=Q    this queue does not move; off: all do\n"
	"  admin-error=N                one admin command in N is answered with an error\n"
	"  admin-timeout=N              one in N is never answered\n"
	"  slow-firmware=MS             each admin command takes so long\n"
	"  lost-interrupt=N             one interrupt in N is not raised\n";

static const char help_head[] =
	"wdpdk-xl710-model: an Ethernet card (Intel XL710, 40G) as a process. A driver maps its registers from a file.\n"
	"\n"
	"  --bar FILE            BAR0, 8 MiB, made here; FILE.config is its PCI configuration space. With several ports FILE.0, FILE.1, ...\n"
	"  --ports N             ports of the card, 1 to 4 (1)\n"
	"  --dma DIR             the driver's memory: DIR/map and DIR/memory.N, as wdpdk writes them; once, or once a port\n"
	"  --dma-hugetlbfs DIR   the driver's memory by physical address: every file of a hugetlbfs (Linux, as root); for one of several\n"
	"                        ports it stands where --dma would\n"
	"  --irq FIFO            gets four bytes an interrupt; once, or once a port\n"
	"  --wire SPEC           where the cable leads, once or once a port (loop):\n";
static const char help_tail[] =
	"  --cable-out           no cable is in until `cable PORT in` on stdin\n"
	"  --mac ADDRESS         of port 0; others count up\n"
	"  --device-id ID        for example 0x1583 (XL710, the default) or 0x1572 (X710)\n"
	"  --inject FAULT        repeatable:\n"
	"%s"
	"  --exact               control registers are trapped by the driver's side: each access has its effect at once\n"
	"  --seconds N           end after so long\n"
	"  --json                counters as the last line\n"
	"  --ignore-stdin        do not end when the pipe on stdin closes\n"
	"  --help, --version\n"
	"\n"
	"Lines on stdin: `cable PORT in|out`, `inject FAULT`, `stats` (answered by a line of JSON), `quit`.\n";

static int
wrong(const char *option, const char *value, const char *wants)
{
	fprintf(stderr, "wdpdk-xl710-model: %s %s: %s\n", option, value, wants);
	return -1;
}

bool
xl710_fault_parse(const char *text, struct xl710_frame_faults *frames, struct xl710_control_faults *control)
{
	const struct { const char *name; uint32_t *value, *queue; } faults[] = {
		{ "drop", &frames->drop, NULL }, { "corrupt", &frames->corrupt, NULL }, { "reorder", &frames->reorder, NULL },
		{ "link-flap", &control->link_flap_ms, NULL }, { "admin-error", &control->admin_error, NULL },
		{ "admin-timeout", &control->admin_silent, NULL }, { "slow-firmware", &control->slow_firmware_ms, NULL },
		{ "lost-interrupt", &control->lost_interrupt, NULL }, { "stalled-tx", NULL, &control->stalled_tx },
		{ "stalled-rx", NULL, &control->stalled_rx },
	};
	const char *equals = strchr(text, '=');
	unsigned long long number;
	char *end;

	if (equals == NULL)
		return false;
	if (strcmp(text, "stalled-tx=off") == 0 || strcmp(text, "stalled-rx=off") == 0) {
		*(text[8] == 't' ? &control->stalled_tx : &control->stalled_rx) = 0;
		return true;
	}
	if (equals[1] < '0' || equals[1] > '9')
		return false;
	number = strtoull(equals + 1, &end, 0);
	if (*end != '\0')
		return false;
	if (strncmp(text, "seed=", 5) == 0) {
		frames->seed = number;
		return true;
	}
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strlen(faults[i].name) != (size_t)(equals - text) || strncmp(text, faults[i].name, (size_t)(equals - text)) != 0)
			continue;
		if (number > (faults[i].queue != NULL ? XL710_QUEUES - 1 : UINT32_MAX))
			return false;
		if (faults[i].queue != NULL)
			*faults[i].queue = (uint32_t)number + 1;
		else
			*faults[i].value = (uint32_t)number;
		return true;
	}
	return false;
}

static int
take_number(const char *option, const char *text, double least, double most, double *number)
{
	char *end;

	*number = strtod(text, &end);
	if (end == text || *end != '\0' || !(*number >= least && *number <= most)) {
		fprintf(stderr, "wdpdk-xl710-model: %s %s: give a number from %g to %g.\n", option, text, least, most);
		return -1;
	}
	return 0;
}

static int
take_list(const char *option, const char *text, const char **list, unsigned int *count)
{
	if (*count == XL710_PORTS)
		return wrong(option, text, "given more than four times.");
	list[(*count)++] = text;
	return 0;
}

static int
take_mac(const char *text, uint8_t mac[6])
{
	unsigned int bytes[6];
	char more;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4], &bytes[5], &more) != 6 ||
	    (bytes[0] & 1))
		return wrong("--mac", text, "give a unicast address as 02:00:00:00:00:01.");
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)bytes[i];
	return 0;
}

static int
take_value(struct xl710_program_options *options, const char *option, const char *value)
{
	struct xl710_options *model = &options->model;
	double number;

	if (strcmp(option, "--bar") == 0) {
		model->bar = value;
		return strlen(value) < 4000 ? 0 : wrong(option, "", "too long a path.");
	}
	if (strcmp(option, "--dma") == 0)
		return take_list(option, value, model->dma, &model->dma_count);
	if (strcmp(option, "--irq") == 0)
		return take_list(option, value, model->irq, &model->irq_count);
	if (strcmp(option, "--wire") == 0)
		return take_list(option, value, model->wire, &model->wire_count);
	if (strcmp(option, "--dma-hugetlbfs") == 0) {
		model->dma_physical[model->dma_count % XL710_PORTS] = true;
		return take_list(option, value, model->dma, &model->dma_count);
	}
	if (strcmp(option, "--ports") == 0) {
		if (take_number(option, value, 1, XL710_PORTS, &number) != 0)
			return -1;
		model->ports = (unsigned int)number;
		return 0;
	}
	if (strcmp(option, "--seconds") == 0)
		return take_number(option, value, 0, 1e9, &options->seconds);
	if (strcmp(option, "--mac") == 0)
		return take_mac(value, model->mac);
	if (strcmp(option, "--device-id") == 0) {
		char *end;
		unsigned long id = strtoul(value, &end, 16);

		if (*end != '\0' || end == value || id == 0 || id > 0xFFFF)
			return wrong(option, value, "give four hexadecimal digits.");
		model->device_id = (uint16_t)id;
		return 0;
	}
	if (strcmp(option, "--inject") == 0) {
		if (!xl710_fault_parse(value, &model->frame_faults, &model->faults)) {
			fprintf(stderr, "wdpdk-xl710-model: --inject %s: there is no such fault. Faults are\n%s", value, xl710_fault_help);
			return -1;
		}
		return 0;
	}
	return 1;
}

int
xl710_options_parse(struct xl710_program_options *options, int argc, char **argv)
{
	memset(options, 0, sizeof(*options));
	for (int i = 1; i < argc; i++) {
		int result;

		if (strcmp(argv[i], "--help") == 0) {
			printf("%s%s", help_head, xl710_wire_help);
			printf(help_tail, xl710_fault_help);
			return 1;
		}
		if (strcmp(argv[i], "--version") == 0) {
			printf("wdpdk-xl710-model %s\n", WDPDK_VERSION);
			return 1;
		}
		if (strcmp(argv[i], "--json") == 0) {
			options->json = true;
			continue;
		}
		if (strcmp(argv[i], "--exact") == 0) {
			options->model.exact = true;
			continue;
		}
		if (strcmp(argv[i], "--cable-out") == 0) {
			options->model.cables_out = true;
			continue;
		}
		if (strcmp(argv[i], "--ignore-stdin") == 0) {
			options->ignore_stdin = true;
			continue;
		}
		if (i + 1 == argc)
			return wrong(argv[i], "", "no such option, or its value is missing; see --help.");
		result = take_value(options, argv[i], argv[i + 1]);
		if (result > 0)
			return wrong(argv[i], "", "no such option; see --help.");
		if (result < 0)
			return -1;
		i++;
	}
	if (options->model.bar == NULL)
		return wrong("--bar", "", "missing: give the file that is to be BAR0.");
	return 0;
}
