/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where an instance's socket and lock lie: $XDG_RUNTIME_DIR/wdpdk, or /tmp/wdpdk-<uid> without that variable.
 */
#ifndef APP_ENDPOINT_LINUX_H
#define APP_ENDPOINT_LINUX_H

#include <sys/un.h>

#include "os_error.h"

struct endpoint {
	struct sockaddr_un address;
	char lock_path[256];
	int lock, listener;	/* descriptors; -1: none */
};

/* Makes the directory, takes the lock, removes what a dead instance left and listens. 0, or -1 with `error` filled. */
int endpoint_open(struct endpoint *endpoint, const char *instance, struct os_error *error);
void endpoint_stop_listening(struct endpoint *endpoint);
/* Removes the socket, then frees the lock. */
void endpoint_close(struct endpoint *endpoint);

#endif
