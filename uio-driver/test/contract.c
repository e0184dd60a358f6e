/* SPDX-License-Identifier: BSD-3-Clause
 *
 * wdpdk-uio-contract [GROUP...]: holds wdpdkuio.sys to its contract, on a bus that is installed (wdpdk-uio-setup). Exit code 0 when
 * all was as it should be.
 */
#include <stdlib.h>

#include "contract.h"

static const struct {
	const char *name;
	void (*run)(void);
} groups[] = {
	{"calls", group_calls},
	{"owners", group_owners},
	{"ends", group_ends},
	{"order", group_order},
	{"faults", group_faults},
	{"removal", group_removal},
	{"cycles", group_cycles},
};
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static bool
wanted(int argc, char **argv, const char *name)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc == 1;
}

static bool
is_group(const char *name)
{
	size_t i;

	for (i = 0; i < GROUPS; i++)
		if (strcmp(groups[i].name, name) == 0)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	size_t i;
	int n;

	if (argc == 4 && strcmp(argv[1], "--child") == 0)
		return child_main(argv[2], strtoull(argv[3], NULL, 0));
	for (n = 1; n < argc; n++) {
		if (!is_group(argv[n])) {
			fprintf(stderr, "wdpdk-uio-contract [calls] [owners] [ends] [order] [faults] [removal] [cycles]\n");
			return 64;
		}
	}
	bed_start();
	for (i = 0; i < GROUPS; i++)
		if (wanted(argc, argv, groups[i].name))
			groups[i].run();
	return case_summary();
}
