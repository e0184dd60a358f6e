/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Files of one number.
 */
#include <stdio.h>

#include <eal_filesystem.h>
#include <rte_log.h>

#include "eal_private.h"

int
eal_parse_sysfs_value(const char *filename, unsigned long *val)
{
	FILE *f = filename != NULL && val != NULL ? fopen(filename, "r") : NULL;
	unsigned long value;
	char line[64], *end;
	bool read;

	if (f == NULL) {
		RTE_LOG(ERR, EAL, "%s: cannot be opened\n", filename != NULL ? filename : "no file name");
		return -1;
	}
	read = fgets(line, sizeof(line), f) != NULL;
	fclose(f);
	value = read ? strtoul(line, &end, 0) : 0;
	if (!read || end == line || *end != '\n') {
		RTE_LOG(ERR, EAL, "%s: no number in the first line\n", filename);
		return -1;
	}
	*val = value;
	return 0;
}
