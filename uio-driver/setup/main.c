/* SPDX-License-Identifier: BSD-3-Clause
 *
 * wdpdk-uio-setup: the tests' bus and the driver, into Windows and out again, and what the bus has seen. What it prints is
 * JSON, one object a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uio_setup.h"

static const char help[] =
	"wdpdk-uio-setup COMMAND [ARGUMENTS]: the PCI bus of wdpdk's tests and the UIO driver on it. For Wine and test machines.\n"
	"\n"
	"  install [OPTIONS]     driver package and bus; waits until both devices are bound\n"
	"      --folder DIR      where the .sys and .inf files are (this program's folder)\n"
	"      --driver FILE     image of the function driver, in that folder (wdpdkuio-test.sys)\n"
	"      --bar0 FILE, --bar1 FILE        BAR0 of each device, as wdpdk-xl710-model makes it\n"
	"      --config0 FILE, --config1 FILE  their configuration spaces (FILE.config of the bar)\n"
	"      --dma DIR         folder of DMA memory, as the model's --dma\n"
	"      --node0 N, --node1 N            NUMA nodes (none)\n"
	"      --bus-only        without the driver\n"
	"      --no-wait         return when the bus runs\n"
	"  hold [OPTIONS]        install, say {\"event\":\"ready\"}, stay until standard input ends, uninstall. One at a time in a\n"
	"                        Windows: others wait for it, at most --patience SECONDS (300). Windows unloads drivers when the last\n"
	"                        program of a Wine prefix ends; this one keeps it running\n"
	"  uninstall             all of it; also what a run that broke off has left\n"
	"  paths [OPTIONS]       other files; a device takes them when it is plugged in\n"
	"  start, stop           the bus's service\n"
	"  status                services, devices, faults, what the driver holds\n"
	"  log [--after N]       the order log: writes to configuration space, resets, mappings, memory, in their order\n"
	"  fault KIND N [--device D]   pending, map-raises, map-fails, reset: the next N times (always: 4294967295); allocation: the Nth\n"
	"                        from now; 0 switches off\n"
	"  unplug D, plug D      pull device D (0 or 1) out, as a card; put one in\n"
	"  wait D [--absent]     until the driver's interface of device D is there, or gone (30 seconds)\n"
	"\n"
	"Exit code 0; 1 with {\"event\":\"error\",...} when something failed; 64 for arguments that are none.\n";

static void
print_string(const char *text)
{
	putchar('"');
	for (; *text != 0; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		if ((unsigned char)*text < 0x20)
			printf("\\u%04x", *text);
		else
			putchar(*text);
	}
	putchar('"');
}

static int
failed(DWORD error)
{
	printf("{\"event\":\"error\",\"code\":%lu,\"message\":", error);
	print_string(setup_said());
	printf("}\n");
	return 1;
}

static int
print_status(void)
{
	static const char *const accounts[WDPDK_TESTBUS_ACCOUNTS] = {
		"poolBlocks", "poolBytes", "sections", "views", "processes", "dmaBytes", "requests"};
	struct wdpdk_testbus_status status;
	DWORD error = bus_status(&status);
	char path[MAX_PATH];
	unsigned int i, j;

	printf("{\"event\":\"status\",\"bus\":\"%s\",\"driver\":\"%s\",\"answers\":%s", setup_service_state("wdpdkbus"),
		setup_service_state("wdpdkuio"), error == 0 ? "true" : "false");
	if (error != 0) {
		printf("}\n");
		return 0;
	}
	printf(",\"sequence\":%llu,\"references\":%u", (unsigned long long)status.sequence, status.references);
	for (i = 0; i < WDPDK_TESTBUS_ACCOUNTS; i++)
		if (accounts[i] != NULL)
			printf(",\"%s\":%lld", accounts[i], (long long)status.account[i]);
	printf(",\"devices\":[");
	for (i = 0; i < WDPDK_TESTBUS_DEVICES; i++) {
		setup_interface(i, path, sizeof(path));
		printf("%s{\"present\":%s,\"plugs\":%u,\"interface\":", i > 0 ? "," : "", status.device[i].present ? "true" : "false",
			status.device[i].plugs);
		print_string(path);
		for (j = 0; j < WDPDK_TESTBUS_FAULTS; j++)
			if (bus_fault_name(j) != NULL)
				printf(",\"%s\":[%u,%u]", bus_fault_name(j), status.device[i].fault[j], status.device[i].fired[j]);
		printf(",\"config\":\"");
		for (j = 0; j < WDPDK_TESTBUS_CONFIG; j++)
			printf("%02x", status.device[i].config[j]);
		printf("\"}");
	}
	printf("]}\n");
	return 0;
}

static int
print_log(uint64_t after)
{
	static struct wdpdk_testbus_line line[512];
	size_t lines, i;
	uint64_t lost;
	DWORD error;

	do {
		lines = sizeof(line) / sizeof(line[0]);
		error = bus_log(after, line, &lines, &lost);
		if (error != 0)
			return failed(error);
		if (lost != 0)
			printf("{\"event\":\"lost\",\"lines\":%llu}\n", (unsigned long long)lost);
		for (i = 0; i < lines; i++)
			printf("{\"sequence\":%llu,\"device\":%u,\"op\":\"%s\",\"offset\":%u,\"length\":%u,\"value\":\"0x%llx\"}\n",
				(unsigned long long)line[i].sequence, line[i].device, bus_op_name(line[i].op), line[i].offset, line[i].length,
				(unsigned long long)line[i].value);
		if (lines > 0)
			after = line[lines - 1].sequence;
	} while (lines > 0);
	return 0;
}

struct arguments {
	struct setup_options setup;
	const char *plain[4];
	unsigned int plains;
	bool no_wait, absent, help;
	uint32_t device;
	uint64_t after;
	unsigned long patience;
};

static bool
parse(int argc, char **argv, struct arguments *arguments)
{
	struct {
		const char *name;
		const char **to;
	} texts[] = {
		{"--folder", &arguments->setup.folder}, {"--driver", &arguments->setup.driver}, {"--dma", &arguments->setup.dma},
		{"--bar0", &arguments->setup.bar[0]}, {"--bar1", &arguments->setup.bar[1]},
		{"--config0", &arguments->setup.config[0]}, {"--config1", &arguments->setup.config[1]},
	};
	size_t i;
	int n;

	for (n = 1; n < argc; n++) {
		for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && strcmp(argv[n], texts[i].name) != 0; i++)
			;
		if (strcmp(argv[n], "--help") == 0 || strcmp(argv[n], "-h") == 0)
			arguments->help = true;
		else if (strcmp(argv[n], "--bus-only") == 0)
			arguments->setup.bus_only = true;
		else if (strcmp(argv[n], "--no-wait") == 0)
			arguments->no_wait = true;
		else if (strcmp(argv[n], "--absent") == 0)
			arguments->absent = true;
		else if (argv[n][0] != '-' && arguments->plains < 4)
			arguments->plain[arguments->plains++] = argv[n];
		else if (n + 1 == argc)
			return false;
		else if (i < sizeof(texts) / sizeof(texts[0]))
			*texts[i].to = argv[++n];
		else if (strcmp(argv[n], "--node0") == 0 || strcmp(argv[n], "--node1") == 0)
			arguments->setup.node[argv[n][6] - '0'] = atoi(argv[n + 1]), n++;
		else if (strcmp(argv[n], "--device") == 0)
			arguments->device = (uint32_t)strtoul(argv[++n], NULL, 0);
		else if (strcmp(argv[n], "--after") == 0)
			arguments->after = strtoull(argv[++n], NULL, 0);
		else if (strcmp(argv[n], "--patience") == 0)
			arguments->patience = strtoul(argv[++n], NULL, 0);
		else
			return false;
	}
	return arguments->help || arguments->plains > 0;
}

static DWORD
install(const struct arguments *arguments)
{
	DWORD error = setup_install(&arguments->setup);
	unsigned int i;

	for (i = 0; i < WDPDK_TESTBUS_DEVICES && error == 0 && !arguments->no_wait && !arguments->setup.bus_only; i++)
		error = setup_wait(i, true, 60000);
	return error;
}

static int
hold(const struct arguments *arguments)
{
	HANDLE mutex = CreateMutexA(NULL, FALSE, "Global\\wdpdk-uio-setup");
	char line[256];
	DWORD error, also;

	if (mutex == NULL)
		return failed(setup_fail(GetLastError(), "cannot make the mutex", "wdpdk-uio-setup"));
	/* An abandoned mutex is ours, too: what its holder left is taken away by the installation. */
	if (WaitForSingleObject(mutex, arguments->patience * 1000) == WAIT_TIMEOUT)
		return failed(setup_fail(WAIT_TIMEOUT, "another program holds", "the bus"));
	error = install(arguments);
	if (error == 0) {
		printf("{\"event\":\"ready\"}\n");
		fflush(stdout);
		while (fgets(line, sizeof(line), stdin) != NULL)
			;
	} else {
		failed(error);
	}
	also = setup_uninstall();
	ReleaseMutex(mutex);
	if (error != 0)
		return 1;
	if (also != 0)
		return failed(also);
	printf("{\"event\":\"removed\"}\n");
	return 0;
}

static int
fault(const struct arguments *arguments)
{
	uint32_t number = arguments->plains == 3 ? bus_fault_number(arguments->plain[1]) : WDPDK_TESTBUS_FAULTS;

	if (number == WDPDK_TESTBUS_FAULTS)
		return 64;
	return (int)bus_fault(arguments->device, number, (uint32_t)strtoul(arguments->plain[2], NULL, 0));
}

/* -1: no such command. */
static long
command(const struct arguments *arguments)
{
	const char *name = arguments->plain[0];
	const uint32_t device = arguments->plains > 1 ? (uint32_t)strtoul(arguments->plain[1], NULL, 0) : WDPDK_TESTBUS_ALL;

	if (strcmp(name, "install") == 0)
		return (long)install(arguments);
	if (strcmp(name, "uninstall") == 0)
		return (long)setup_uninstall();
	if (strcmp(name, "paths") == 0)
		return (long)setup_parameters(&arguments->setup);
	if (strcmp(name, "start") == 0)
		return (long)setup_service_start("wdpdkbus");
	if (strcmp(name, "stop") == 0)
		return (long)setup_service_stop("wdpdkbus");
	if (strcmp(name, "plug") == 0 || strcmp(name, "unplug") == 0)
		return (long)bus_plug(device, strcmp(name, "plug") == 0);
	if (strcmp(name, "wait") == 0)
		return (long)setup_wait(device, !arguments->absent, 30000);
	return -1;
}

int
main(int argc, char **argv)
{
	struct arguments arguments = {.setup.node = {-1, -1}, .device = WDPDK_TESTBUS_ALL, .patience = 300};
	long result;

	if (!parse(argc, argv, &arguments)) {
		fputs(help, stderr);
		return 64;
	}
	if (arguments.help) {
		fputs(help, stdout);
		return 0;
	}
	if (strcmp(arguments.plain[0], "status") == 0)
		return print_status();
	if (strcmp(arguments.plain[0], "log") == 0)
		return print_log(arguments.after);
	if (strcmp(arguments.plain[0], "hold") == 0)
		return hold(&arguments);
	result = strcmp(arguments.plain[0], "fault") == 0 ? fault(&arguments) : command(&arguments);
	if (result == -1 || (result == 64 && strcmp(arguments.plain[0], "fault") == 0)) {
		fprintf(stderr, "wdpdk-uio-setup: these arguments are none; --help lists them\n");
		return 64;
	}
	if (result != 0)
		return failed((DWORD)result);
	printf("{\"event\":\"done\"}\n");
	return 0;
}
