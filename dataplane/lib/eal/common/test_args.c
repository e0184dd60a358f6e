/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The command line: what it accepts, what it makes of it, and what it says when it refuses.
 */
#include <rte_vect.h>
#include <wdpdk_registry.h>

#include "eal_log_private.h"
#include "eal_private.h"
#include "eal_runtime_dir.h"
#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static struct eal_options o;
static rte_cpuset_t cpus; /* the process may run on 0-3 and 8 */

static int
parse(const char *line)
{
	int argc = eal_split(line);

	return eal_options_parse(&o, argc, eal_argv, &cpus);
}

static const char *
lcores(void)
{
	static char text[512];
	char set[128];
	size_t used = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < RTE_MAX_LCORE; i++)
		if (o.lcore_enabled[i]) {
			eal_cpuset_text(&o.lcore_cpus[i], set, sizeof(set));
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%u@%s ", i, set);
		}
	return text;
}

static void
every_available_cpu_is_an_lcore_by_default(void)
{
	CHECK_EQ(parse("prog"), 0);
	CHECK_STR(lcores(), "0@0 1@1 2@2 3@3 8@8 ");
	CHECK_EQ(o.main_lcore, 0);
	CHECK_EQ(o.consumed, 0);
	CHECK_EQ(o.memory, 0);
}

static void
lists_and_masks_name_lcores(void)
{
	CHECK_EQ(parse("prog -l 1-2,8"), 0);
	CHECK_STR(lcores(), "1@1 2@2 8@8 ");
	CHECK_EQ(o.main_lcore, 1);
	CHECK_EQ(parse("prog -l3-1"), 0);
	CHECK_STR(lcores(), "1@1 2@2 3@3 ");
	CHECK_EQ(parse("prog -c 0x10a"), 0);
	CHECK_STR(lcores(), "1@1 3@3 8@8 ");
	CHECK_EQ(parse("prog -c F"), 0);
	CHECK_STR(lcores(), "0@0 1@1 2@2 3@3 ");
}

static void
maps_put_several_lcores_on_a_cpu(void)
{
	CHECK_EQ(parse("prog --lcores (0-3)@(0-1)"), 0);
	CHECK_STR(lcores(), "0@0-1 1@0-1 2@0-1 3@0-1 ");
	CHECK_EQ(parse("prog --lcores=1,2@(1-3),(5,7)@8,(2)@0"), -1);
	CHECK(log_has("lcore 2 is named twice"));
	CHECK_EQ(parse("prog --lcores=1,2@(1-3),(5,7)@8"), 0);
	CHECK_STR(lcores(), "1@1 2@1-3 5@8 7@8 ");
	/* Without '@' a group shares its CPUs, a bare range does not. */
	CHECK_EQ(parse("prog --lcores (0,2),1"), 0);
	CHECK_STR(lcores(), "0@0,2 1@1 2@0,2 ");
	CHECK_EQ(parse("prog --lcores 2-3"), 0);
	CHECK_STR(lcores(), "2@2 3@3 ");
	CHECK_EQ(parse("prog --lcores 127@0"), 0);
	CHECK_STR(lcores(), "127@0 ");
}

static void
main_lcore_is_chosen(void)
{
	CHECK_EQ(parse("prog -l 0-2 --main-lcore 2"), 0);
	CHECK_EQ(o.main_lcore, 2);
	CHECK_EQ(parse("prog -l 0-2 --main-lcore 3"), -1);
	CHECK(log_has("--main-lcore 3: it is not among the lcores"));
	CHECK_EQ(parse("prog --main-lcore 128"), -1);
	CHECK(log_has("--main-lcore 128"));
}

static void
bad_lcores_are_named(void)
{
	CHECK_EQ(parse("prog -l 0,5"), -1);
	CHECK(log_has("-l: lcore 5 wants CPU 5, but this process may only run on CPUs 0-3,8"));
	CHECK_EQ(parse("prog --lcores 2@(0,9)"), -1);
	CHECK(log_has("lcore 2 wants CPU 9"));
	CHECK_EQ(parse("prog -l 128"), -1);
	CHECK(log_has("lcore 128 is out of range, the highest is 127"));
	CHECK_EQ(parse("prog -c 100000000000000000000000000000000"), -1);
	CHECK(log_has("lcore 128 is out of range"));
	CHECK_EQ(parse("prog -l 99999999999999999999999999"), -1);
	CHECK(log_has("out of range"));
	CHECK_EQ(parse("prog -l 1-"), -1);
	CHECK(log_has("a number is missing"));
	CHECK_EQ(parse("prog -l 1x"), -1);
	CHECK(log_has("unexpected text at 'x'"));
	CHECK_EQ(parse("prog -c 0"), -1);
	CHECK(log_has("names no lcore"));
	CHECK_EQ(parse("prog -c 1g"), -1);
	CHECK(log_has("no hexadecimal digit at 'g'"));
	CHECK_EQ(parse("prog --lcores (0-1"), -1);
	CHECK(log_has("a ')' is missing"));
	CHECK_EQ(parse("prog --lcores 1-3@(1,3)"), -1);
	CHECK(log_has("need parentheses"));
	CHECK_EQ(parse("prog --lcores (0,5)@(0-3),(6-8)@(2,3),8-0@1"), -1);
	CHECK_EQ(parse("prog --lcores 1-3-5"), -1);
	CHECK_EQ(parse("prog --lcores 0-1,,2"), -1);
	CHECK_EQ(parse("prog --lcores (-1,2)"), -1);
	CHECK_EQ(parse("prog --lcores 3@((1,3)"), -1);
	CHECK_EQ(parse("prog --lcores (2-3)=(1,3)"), -1);
	CHECK_EQ(parse("prog --lcores [2-3]@(1,3)"), -1);
	CHECK_EQ(parse("prog --lcores 3@1024"), -1);
	CHECK_EQ(parse("prog -l 0 -c 1"), -1);
	CHECK(log_has("-c after -l: give only one"));
}

static void
unknown_arguments_are_named_with_the_remedy(void)
{
	CHECK_EQ(parse("prog --no-such"), -1);
	CHECK(log_has("unknown argument '--no-such'; the program's own options go after '--', 'prog --help' lists"));
	CHECK_EQ(parse("prog -Z"), -1);
	CHECK(log_has("unknown argument '-Z'"));
	CHECK_EQ(parse("prog --no-huge=1"), -1);
	CHECK(log_has("unknown argument '--no-huge=1'"));
	CHECK_EQ(parse("prog --telemetry"), -1);
	CHECK(log_has("--telemetry: there is no telemetry socket"));
	CHECK_EQ(parse("prog --huge-worker-stack"), -1);
	CHECK_EQ(parse("prog --huge-worker-stack=512"), -1);
	CHECK(log_has("--huge-worker-stack: stacks are the system's"));
	CHECK_EQ(parse("prog --vfio-intr msi"), -1);
	CHECK_EQ(parse("prog -l"), -1);
	CHECK(log_has("argument '-l' lacks its value"));
}

static void
the_programs_own_arguments_are_left_alone(void)
{
	CHECK_EQ(parse("prog -l 0 -n 4 -- --no-such -l 77"), 0);
	CHECK_EQ(o.consumed, 5);
	CHECK_EQ(o.nchannel, 4);
	CHECK_EQ(parse("prog -l 0 --no-huge"), 0);
	CHECK_EQ(o.consumed, 3);
}

static void
words_are_moved_behind_the_options(void)
{
	CHECK_EQ(parse("prog one -l 0 two --no-huge three"), 0);
	CHECK_EQ(o.consumed, 3);
	CHECK_STR(eal_argv[1], "-l");
	CHECK_STR(eal_argv[3], "--no-huge");
	CHECK_STR(eal_argv[4], "one");
	CHECK_STR(eal_argv[5], "two");
	CHECK_STR(eal_argv[6], "three");
	CHECK_EQ(parse("prog one -l 0 - -- -x"), 0);
	CHECK_EQ(o.consumed, 3);
	CHECK_STR(eal_argv[3], "--");
	CHECK_STR(eal_argv[4], "one");
	CHECK_STR(eal_argv[5], "-");
	CHECK_STR(eal_argv[6], "-x");
	CHECK_EQ(parse("prog one"), 0);
	CHECK_EQ(o.consumed, 0);
	CHECK_STR(eal_argv[1], "one");
}

static void
service_lcores_are_among_the_lcores(void)
{
	CHECK_EQ(parse("prog -l 0-3 -S 0,2"), 0);
	CHECK(o.lcore_service[0] && !o.lcore_service[1] && o.lcore_service[2] && !o.lcore_service[3]);
	CHECK_EQ(o.main_lcore, 1);
	CHECK_EQ(parse("prog -l 0-3 -s 8"), 0);
	CHECK(o.lcore_service[3]);
	CHECK_EQ(o.main_lcore, 0);
	CHECK_EQ(parse("prog -l 0-1 -S 2"), -1);
	CHECK(log_has("-S: lcore 2 is not among the lcores"));
	CHECK_EQ(parse("prog -l 0-1 -s 3"), -1);
	CHECK(log_has("-s: the main lcore cannot run services"));
	CHECK_EQ(parse("prog -l 0-1 --main-lcore 1 -S 1"), -1);
	CHECK(log_has("the main lcore cannot run services"));
	CHECK_EQ(parse("prog -s 2 -S 1"), -1);
	CHECK(log_has("-S after -s: give only one"));
	CHECK_EQ(parse("prog -s x"), -1);
	CHECK_EQ(parse("prog -S 1-"), -1);
}

static void
memory_options_are_read(void)
{
	CHECK_EQ(parse("prog --socket-mem=64,32 --socket-limit 128 --legacy-mem --single-file-segments "
		"--base-virtaddr=0x12345678 --huge-unlink --huge-unlink=always"), 0);
	CHECK(o.socket_memory_given && o.legacy_mem && o.single_file_segments && !o.match_allocations);
	CHECK_EQ(o.socket_memory[0], (size_t)64 << 20);
	CHECK_EQ(o.socket_memory[1], (size_t)32 << 20);
	CHECK_EQ(o.socket_limit[0], (size_t)128 << 20);
	CHECK_EQ(o.base_virtaddr, 0x12345678);
	CHECK_EQ(parse("prog --match-allocations"), 0);
	CHECK(o.match_allocations);
	CHECK_EQ(parse("prog --huge-unlink=never"), -1);
	CHECK(log_has("only 'existing' and 'always'"));
	CHECK_EQ(parse("prog -m 8 --socket-mem 8"), -1);
	CHECK(log_has("-m and --socket-mem: give only one"));
	CHECK_EQ(parse("prog --no-huge --socket-mem 8"), -1);
	CHECK(log_has("--no-huge wants none"));
	CHECK_EQ(parse("prog --no-huge --match-allocations"), -1);
	CHECK_EQ(parse("prog --legacy-mem --match-allocations"), -1);
	CHECK(log_has("--legacy-mem never does"));
	CHECK_EQ(parse("prog --socket-mem="), -1);
	CHECK_EQ(parse("prog --socket-mem 1,,2"), -1);
	CHECK_EQ(parse("prog --socket-mem -1"), -1);
	CHECK_EQ(parse("prog --socket-limit 1x"), -1);
	CHECK_EQ(parse("prog --base-virtaddr x"), -1);
	CHECK_EQ(parse("prog --file-prefix ../x"), -1);
	CHECK_EQ(parse("prog --file-prefix="), -1);
}

static void
long_names_may_be_shortened(void)
{
	CHECK_EQ(parse("prog --no-hu --proc=auto --vd net_null0"), 0);
	CHECK(o.no_huge);
	CHECK_EQ(o.device_count, 1);
	CHECK_EQ(parse("prog --no"), -1);
	CHECK(log_has("unknown argument '--no'"));
	CHECK_EQ(parse("prog --=x"), -1);
}

static void
other_options_are_read(void)
{
	CHECK_EQ(parse("prog -m 2048 --no-huge --no-pci -r 2 --in-memory --file-prefix x --no-shconf --no-telemetry -v "
		"--proc-type auto --iova-mode=va --mbuf-pool-ops-name stack --force-max-simd-bitwidth 256"), 0);
	CHECK_EQ(o.memory, (size_t)2048 << 20);
	CHECK(o.no_huge && o.no_pci && o.show_version);
	CHECK_EQ(o.nrank, 2);
	CHECK_STR(o.mbuf_pool_ops, "stack");
	CHECK_EQ(o.max_simd, 256);
	CHECK_EQ(o.iova_mode, RTE_IOVA_VA);
	CHECK_EQ(parse("prog --iova-mode pa --huge-dir /mnt"), 0);
	CHECK_EQ(o.iova_mode, RTE_IOVA_PA);
	CHECK_STR(o.huge_dir, "/mnt");
	CHECK_EQ(parse("prog --vdev net_null0,size=64 -a 0000:01:00.0 -b 02:00.1"), 0);
	CHECK_EQ(o.device_count, 3);
	CHECK_EQ(o.device[0].type, RTE_DEVTYPE_VIRTUAL);
	CHECK_STR(o.device[0].text, "net_null0,size=64");
	CHECK_EQ(o.device[1].type, RTE_DEVTYPE_ALLOWED);
	CHECK_STR(o.device[1].text, "0000:01:00.0");
	CHECK_EQ(o.device[2].type, RTE_DEVTYPE_BLOCKED);
	CHECK_STR(o.device[2].text, "02:00.1");
	CHECK_EQ(parse("prog -h"), 0);
	CHECK(o.show_help);
}

static void
bad_values_are_refused(void)
{
	static const char *const lines[] = { "prog -m 0", "prog -m x", "prog -m -1", "prog -m 1048577",
		"prog -n 0", "prog -n 33", "prog -r 0", "prog -r 17", "prog --force-max-simd-bitwidth 100", "prog --log-level 9",
		"prog --log-level x:0", "prog --log-level :7" };
	unsigned int i;

	for (i = 0; i < RTE_DIM(lines); i++) {
		printf("    %s\n", lines[i]);
		CHECK_EQ(parse(lines[i]), -1);
		CHECK(strlen(log_taken()) > 10);
	}
	CHECK_EQ(parse("prog --proc-type secondary"), -1);
	CHECK(log_has("only 'primary' and 'auto' exist"));
	CHECK_EQ(parse("prog --iova-mode dc"), -1);
	CHECK(log_has("'va' gives devices virtual addresses, 'pa' physical ones"));
}

static void
log_levels_are_set(void)
{
	int type = rte_log_register("test.args");

	CHECK(type >= RTE_LOGTYPE_FIRST_EXT_ID);
	CHECK_EQ(parse("prog --log-level test.*:debug --log-level=later.*:3"), 0);
	CHECK_EQ(rte_log_get_level((uint32_t)type), RTE_LOG_DEBUG);
	CHECK_EQ(rte_log_get_level((uint32_t)rte_log_register("later.one")), 3);
	CHECK_EQ(parse("prog --log-level test\\.a[a-s],err"), 0);
	CHECK_EQ(rte_log_get_level((uint32_t)type), RTE_LOG_ERR);
	CHECK_EQ(parse("prog --log-level [,err"), -1);
	CHECK(log_has("no regular expression"));
	CHECK_EQ(parse("prog --log-level 7"), 0);
	CHECK_EQ(rte_log_get_global_level(), 7);
	rte_log_set_global_level(RTE_LOG_DEBUG);
}

static void
the_runtime_directory_is_made(void)
{
	const char *path;
	FILE *f;
	char name[600];

	CHECK_EQ(parse("prog --file-prefix wdpdk-test"), 0);
	CHECK_STR(o.file_prefix, "wdpdk-test");
	eal_runtime_dir_prefix("wdpdk-test");
	path = rte_eal_get_runtime_dir();
	CHECK(path != NULL && strcmp(path + strlen(path) - 10, "wdpdk-test") == 0);
	snprintf(name, sizeof(name), "%s/file", path);
	f = fopen(name, "w");
	CHECK(f != NULL);
	fclose(f);
	remove(name);
}

int
main(void)
{
	unsigned int cpu;

	CPU_ZERO(&cpus);
	for (cpu = 0; cpu < 4; cpu++)
		CPU_SET(cpu, &cpus);
	CPU_SET(8, &cpus);
	log_capture("test_eal_args.log");
	RUN(every_available_cpu_is_an_lcore_by_default);
	RUN(lists_and_masks_name_lcores);
	RUN(maps_put_several_lcores_on_a_cpu);
	RUN(main_lcore_is_chosen);
	RUN(bad_lcores_are_named);
	RUN(unknown_arguments_are_named_with_the_remedy);
	RUN(the_programs_own_arguments_are_left_alone);
	RUN(words_are_moved_behind_the_options);
	RUN(service_lcores_are_among_the_lcores);
	RUN(memory_options_are_read);
	RUN(long_names_may_be_shortened);
	RUN(other_options_are_read);
	RUN(bad_values_are_refused);
	RUN(log_levels_are_set);
	RUN(the_runtime_directory_is_made);
	return check_summary();
}
