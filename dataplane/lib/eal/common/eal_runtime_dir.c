/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The runtime directory: the EAL itself puts nothing there, so it is made when somebody asks for it.
 */
#include <errno.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "eal_private.h"
#include "eal_runtime_dir.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char path[EAL_RUNTIME_DIR_SIZE];
static const char *prefix = "rte";

void
eal_runtime_dir_prefix(const char *name)
{
	prefix = name;
}

const char *
rte_eal_get_runtime_dir(void)
{
	int err = 0;

	pthread_mutex_lock(&lock);
	if (path[0] == '\0') {
		err = eal_os_runtime_dir(path, sizeof(path), prefix);
		if (err != 0)
			path[0] = '\0';
	}
	pthread_mutex_unlock(&lock);
	if (err != 0) {
		RTE_LOG(ERR, EAL, "cannot make the runtime directory of '%s': %s\n", prefix, rte_strerror(err));
		rte_errno = err;
		return NULL;
	}
	return path;
}
