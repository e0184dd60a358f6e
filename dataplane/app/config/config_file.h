/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The --config file: {"forwarding": {...}, "idle": "poll" or "adaptive"}; shm-protocol/dataplane-config.schema.json has every field.
 */
#ifndef APP_CONFIG_FILE_H
#define APP_CONFIG_FILE_H

#include "forwarding_config.h"

struct config_file {
	struct forwarding_config forwarding;
	bool has_forwarding;
	char idle[16];			/* empty: not said */
};

/* Reads and checks the file. 0, or -1 after errors on stderr: file, place, each wrong field. */
int config_file_read(const char *path, uint32_t ports, struct config_file *out);

#endif
