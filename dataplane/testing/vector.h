/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The golden vectors of shm-protocol/vectors: hexadecimal text that people wrote from the contract, and both sides' tests read.
 * WDPDK_VECTORS names their folder.
 */
#ifndef WDPDK_TESTING_VECTOR_H
#define WDPDK_TESTING_VECTOR_H

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t vector[8192];

/* Fills `vector` and returns its bytes; 0 when the file is not there or too long. Bytes as pairs of hexadecimal digits, "@" and an
 * offset, "#" and a comment. */
static size_t
load_vector(const char *name)
{
	char path[512], line[512];
	size_t at = 0, end = 0;
	FILE *file;

	memset(vector, 0, sizeof(vector));
	snprintf(path, sizeof(path), "%s/%s", WDPDK_VECTORS, name);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL) {
		char *c = line;

		while (*c != '\0' && *c != '#') {
			if (isspace((unsigned char)*c)) {
				c++;
			} else if (*c == '@') {
				at = strtoul(c + 1, &c, 16);
			} else {
				char digits[3] = { c[0], c[1], '\0' };

				if (at >= sizeof(vector)) {
					fclose(file);
					return 0;
				}
				vector[at++] = (uint8_t)strtoul(digits, NULL, 16);
				c += 2;
			}
			if (at > end)
				end = at;
		}
	}
	fclose(file);
	return end;
}

#endif
