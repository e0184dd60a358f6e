/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The contract test of wdpdkuio.sys: what its groups share. The bus is installed by whoever starts the program; a case leaves
 * nothing behind, and what a failed case left open bed_clean() closes.
 */
#ifndef UIO_CONTRACT_H
#define UIO_CONTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include <windows.h>

#include "case.h"
#include "uio_setup.h"
#include "wdpdk_testbus.h"
#include "wdpdk_uio.h"

#define BOTH_DEVICES WDPDK_TESTBUS_DEVICES
/* Nothing is expected to take long; a busy machine is. */
#define PATIENCE 60000u
#define LOG_ROOM 4096u

/* Both devices bound and free; no faults, nothing held. Ends the program when that cannot be had. */
void bed_start(void);
void bed_clean(void);

/* Handles made here are closed by bed_clean() at the latest. Win32 errors, 0 for none. */
DWORD try_open(unsigned int index, DWORD access, DWORD share, HANDLE *handle);
HANDLE open_owner(unsigned int index);
HANDLE open_observer(unsigned int index);
void close_handle(HANDLE handle);

/* One request, waited for. `returned` may be NULL. */
DWORD call(HANDLE handle, DWORD code, const void *in, DWORD in_size, void *out, DWORD out_size, DWORD *returned);
/* One whose end is waited for later: event and overlapped in one. */
struct later {
	OVERLAPPED overlapped;
	union {
		struct wdpdk_uio_event event;
		uint8_t bytes[512];
	} reply;
};
/* ERROR_IO_PENDING while it waits. */
DWORD call_later(HANDLE handle, DWORD code, const void *in, DWORD in_size, struct later *later);
/* WAIT_TIMEOUT when it does not end. */
DWORD call_wait(HANDLE handle, struct later *later, DWORD milliseconds, DWORD *returned);
void call_forget(struct later *later);

/* Requests as they should be. */
struct wdpdk_uio_request plain_request(void);
struct wdpdk_uio_map_bar map_request(uint32_t bar, uint64_t offset, uint64_t length);
struct wdpdk_uio_dma_alloc dma_request(uint64_t chunks);
struct wdpdk_uio_id id_request(uint64_t id);
DWORD get_status(HANDLE handle, struct wdpdk_uio_state *state);
DWORD get_info(HANDLE handle, struct wdpdk_uio_info *info);
DWORD map_bar(HANDLE handle, uint64_t offset, uint64_t length, struct wdpdk_uio_mapping *mapping);
DWORD dma_alloc(HANDLE handle, uint64_t chunks, struct wdpdk_uio_dma **dma); /* freed by the next call */
DWORD dma_free(HANDLE handle, uint64_t id);
DWORD bus_master(HANDLE handle, bool on, struct wdpdk_uio_bus_master_reply *reply);
DWORD config_read(HANDLE handle, uint32_t offset, uint32_t length, struct wdpdk_uio_config_data *data);

/* Status of a device as an observer sees it. */
struct wdpdk_uio_state observed(unsigned int index);
/* Until nobody owns it. */
void wait_free(unsigned int index);
bool accessible(uint64_t address);

/* What the driver holds, by the bus's accounts. */
struct wdpdk_testbus_status bus_now(void);
/* Until it holds what it held then: an end may be under way. */
void wait_accounts(const struct wdpdk_testbus_status *then);
/* The order log after a sequence, at most LOG_ROOM lines, in memory that the next call takes again. */
const struct wdpdk_testbus_line *log_after(uint64_t sequence, size_t *lines);
/* Index of the first line of that kind at or after `from`; `lines` when there is none. A device of ALL: any. */
size_t log_find(const struct wdpdk_testbus_line *line, size_t lines, size_t from, uint32_t op, uint32_t device);
void log_print(const struct wdpdk_testbus_line *line, size_t lines);

/* This program again, as another process: `--child WHAT ARGUMENT`. Ended by bed_clean() at the latest. */
struct child {
	HANDLE process;
	HANDLE told;    /* the child sets it when it is where it should be */
	HANDLE tell;    /* the child waits for it */
};
void child_start(struct child *child, const char *what, uint64_t argument);
/* Until it says so; a child that ended instead fails the case. */
void child_ready(const struct child *child);
DWORD child_end(const struct child *child);
void child_kill(const struct child *child);
/* In the child. */
int child_main(const char *what, uint64_t argument);
void child_told(void);
void child_wait(void);
int child_of_ends(uint64_t argument);
int child_of_removal(uint64_t argument);

/* The groups. */
void group_calls(void);
void group_owners(void);
void group_ends(void);
void group_order(void);
void group_faults(void);
void group_removal(void);
void group_cycles(void);

#endif
