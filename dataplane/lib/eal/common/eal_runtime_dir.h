/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the runtime directory is made of.
 */
#ifndef EAL_RUNTIME_DIR_H
#define EAL_RUNTIME_DIR_H

#include <stddef.h>

#define EAL_RUNTIME_DIR_SIZE 512

/** --file-prefix; the string stays. */
void eal_runtime_dir_prefix(const char *name);
/** Makes it, for this user alone, and writes its path. 0 or a positive errno. */
int eal_os_runtime_dir(char *path, size_t size, const char *prefix);

#endif
