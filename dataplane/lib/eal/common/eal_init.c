/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Start, end and emergency end.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include <rte_bus.h>
#include <rte_cpuflags.h>
#include <rte_cycles.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_memory.h>
#include <rte_service_component.h>
#include <rte_version.h>
#include <wdpdk_memory_source.h>
#include <wdpdk_registry.h>

#include "eal_events.h"
#include "eal_memory_private.h"
#include "eal_private.h"
#include "eal_runtime_dir.h"

static struct eal_options options;
static rte_usage_hook_t usage_hook;
static bool started;        /* an rte_eal_init() is under way or has succeeded */
static bool running;        /* between rte_eal_init() and rte_eal_cleanup() */
static bool registry_done;

enum rte_proc_type_t
rte_eal_process_type(void)
{
	return RTE_PROC_PRIMARY;
}

int
rte_eal_has_pci(void)
{
	return !options.no_pci;
}

const char *
rte_eal_mbuf_user_pool_ops(void)
{
	return options.mbuf_pool_ops;
}

unsigned int
rte_memory_get_nchannel(void)
{
	return options.nchannel;
}

unsigned int
rte_memory_get_nrank(void)
{
	return options.nrank;
}

rte_usage_hook_t
rte_set_application_usage_hook(rte_usage_hook_t usage_func)
{
	rte_usage_hook_t before = usage_hook;

	usage_hook = usage_func;
	return before;
}

static int
fail(int err)
{
	started = false;
	rte_errno = err;
	return -1;
}

static int
run_registry(void)
{
	const struct wdpdk_registry_row *row;
	int ret;

	if (registry_done)
		return 0;
	for (row = wdpdk_registry; row->name != NULL; row++) {
		ret = row->init();
		if (ret != 0) {
			RTE_LOG(ERR, EAL, "%s: cannot register: %s\n", row->name, rte_strerror(-ret));
			return -ret;
		}
	}
	registry_done = true;
	return 0;
}

static int
add_devices(void)
{
	static const char *const option[] = { "-a", "-b", "--vdev" };
	unsigned int i;
	int ret;

	for (i = 0; i < options.device_count; i++) {
		ret = rte_devargs_add(options.device[i].type, options.device[i].text);
		if (ret != 0) {
			RTE_LOG(ERR, EAL, "%s %s: %s\n", option[options.device[i].type], options.device[i].text,
				ret == -EFAULT ? "no such device or driver" : rte_strerror(-ret));
			return -ret;
		}
	}
	return 0;
}

/* The lcores that -s or -S named run all services that there are by now. */
static int
start_services(void)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < RTE_MAX_LCORE && ret == 0; i++)
		if (options.lcore_service[i])
			ret = rte_service_lcore_add(i);
	if (ret == 0)
		ret = rte_service_start_with_defaults();
	return ret == -ENOTSUP ? 0 : -ret;
}

/* Makes devices known, and what they want decides about memory. Nothing here may need memory of the EAL's. */
static int
find_devices(void)
{
	int err = run_registry();

	if (err == 0)
		err = add_devices();
	if (err == 0)
		err = -rte_bus_scan();
	if (err == 0)
		err = eal_iova_choose(&options);
	return err;
}

static int
start_memory(const rte_cpuset_t *available)
{
	const struct wdpdk_memory_source *source = wdpdk_memory_source_get();
	int err = eal_memory_init(&options, available);

	if (err != 0 && source != NULL)
		RTE_LOG(ERR, EAL, "cannot get memory from %s: %s; ask for less with -m, or make room there\n", source->name,
			rte_strerror(err));
	else if (err != 0)
		RTE_LOG(ERR, EAL, "cannot get memory: %s; ask for less with -m\n", rte_strerror(err));
	return err;
}

static int
start_devices(void)
{
	int err;

	rte_service_init();
	err = -rte_bus_probe();
	if (err == 0)
		err = start_services();
	if (err != 0) {
		rte_service_finalize();
		eal_bus_cleanup();
		eal_events_stop();
		eal_lcores_stop();
	}
	return err;
}

/* Everything after the arguments. On failure all that was started is stopped again. */
static int
start(const rte_cpuset_t *available)
{
	int err = find_devices();

	if (err == 0)
		err = start_memory(available);
	if (err == 0)
		err = eal_lcores_start(&options, available);
	if (err == 0) {
		err = start_devices();
	} else {
		eal_bus_cleanup();
		eal_events_stop();
	}
	if (err != 0) {
		eal_devargs_reset_all();
		eal_memzone_reset();
		eal_tailq_reset();
		eal_memory_cleanup();
	}
	return err;
}

int
rte_eal_init(int argc, char **argv)
{
	rte_cpuset_t available;
	int err;

	if (__atomic_exchange_n(&started, true, __ATOMIC_ACQ_REL)) {
		RTE_LOG(ERR, EAL, "rte_eal_init() was called before in this process\n");
		rte_errno = EALREADY;
		return -1;
	}
	if (!rte_cpu_is_supported())
		return fail(ENOTSUP);
	err = eal_os_lcore_id_init();
	if (err != 0) {
		RTE_LOG(ERR, EAL, "no place for lcore ids: another part of this process has the thread-local slot for them\n");
		return fail(err);
	}
	err = eal_os_available_cpus(&available);
	if (err != 0) {
		RTE_LOG(ERR, EAL, "cannot learn the CPUs of this process: %s\n", rte_strerror(err));
		return fail(err);
	}
	err = eal_options_parse(&options, argc, argv, &available);
	if (options.show_help) {
		eal_usage(stdout, argv[0]);
		if (usage_hook != NULL)
			usage_hook(argv[0]);
		exit(EXIT_SUCCESS);
	}
	if (err < 0)
		return fail(err == -ENOMEM ? ENOMEM : EINVAL);
	eal_runtime_dir_prefix(options.file_prefix);
	if (options.show_version)
		RTE_LOG(INFO, EAL, "RTE Version: '%s'\n", rte_version());
	if (options.max_simd != 0)
		eal_simd_set(options.max_simd);
	rte_get_tsc_hz();
	eal_random_init();
	err = start(&available);
	if (err != 0)
		return fail(err);
	running = true;
	if (argc > 0)
		argv[options.consumed] = argv[0];
	return options.consumed;
}

int
rte_eal_cleanup(void)
{
	int ret;

	if (!running)
		return 0;
	rte_service_finalize();
	ret = eal_lcores_stop();
	if (ret < 0)
		return ret;
	running = false;
	ret = eal_bus_cleanup();
	eal_events_stop();
	eal_devargs_reset_all();
	eal_memzone_reset();
	eal_tailq_reset();
	eal_memory_cleanup();
	return ret;
}

void
rte_exit(int exit_code, const char *format, ...)
{
	va_list ap;

	if (exit_code != 0)
		RTE_LOG(CRIT, EAL, "Error - exiting with code: %d\n", exit_code);
	va_start(ap, format);
	rte_vlog(exit_code == 0 ? RTE_LOG_NOTICE : RTE_LOG_CRIT, RTE_LOGTYPE_EAL, format, ap);
	va_end(ap);
	/* Workers that still run need the memory; then the system takes it. */
	if (rte_eal_cleanup() < 0)
		RTE_LOG(DEBUG, EAL, "could not release all resources\n");
	exit(exit_code);
}

void
rte_dump_stack(void)
{
	eal_os_dump_stack(rte_log_get_stream());
}

void
__rte_panic(const char *funcname, const char *format, ...)
{
	va_list ap;

	rte_log(RTE_LOG_CRIT, RTE_LOGTYPE_EAL, "PANIC in %s():\n", funcname);
	va_start(ap, format);
	rte_vlog(RTE_LOG_CRIT, RTE_LOGTYPE_EAL, format, ap);
	va_end(ap);
	rte_dump_stack();
	abort();
}
