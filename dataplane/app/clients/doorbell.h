/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Waking clients that sleep. An lcore only sets a bit; one thread turns bits into bytes on the clients' doorbell connections, at
 * its own pace, so that no client can make an lcore do system calls by arming over and over: while a client's bit is set, further
 * requests cost one atomic instruction.
 */
#ifndef APP_DOORBELL_H
#define APP_DOORBELL_H

#include <stdbool.h>
#include <stdint.h>

#include "wdpdk_protocol.h"

struct os_connection;

/* Any thread, lcores above all. `client` < WDPDK_LIMIT_CLIENTS is the client's place in the doorbell table. */
void doorbell_request(unsigned int client);
/* Any thread: asks for the `attention` callback, which tells the control thread that a queue broke. */
void doorbell_attention(void);

/* ---- control thread ---- */

/* Starts the thread. `attention` is called on it and must only wake someone. 0 or -1. */
int doorbell_start(void (*attention)(void *context), void *context);
/* Ends the thread; afterwards requests are still harmless. */
void doorbell_stop(void);
/* From now on the client is woken through this connection. NULL: it has none; returns after the thread has let go of the old one. */
void doorbell_connect(unsigned int client, struct os_connection *connection);

#endif
