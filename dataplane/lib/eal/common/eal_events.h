/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The event thread: the one control thread that alarms and interrupts run in. It starts when it is first needed, so a
 * program without either has no such thread.
 */
#ifndef EAL_EVENTS_H
#define EAL_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

struct rte_intr_handle;

/* What the system can wait for: a descriptor, or a HANDLE. */
typedef intptr_t eal_event_source;

/** Starts the thread unless it runs. 0 or a negative errno. */
int eal_events_start(void);
/** Ends it and forgets alarms and interrupts. In the thread itself it does nothing: the process is ending. */
void eal_events_stop(void);
bool eal_events_is_own_thread(void);

/** Runs what is due; gives the nanoseconds to the next alarm, or UINT64_MAX. */
uint64_t eal_alarms_run(void);
void eal_alarms_forget(void);
/** A source has fired. */
void eal_interrupt_fired(eal_event_source source);
void eal_interrupts_forget(void);

/* ---- the operating system; functions give 0 or a negative errno ---- */

int eal_os_events_open(void);
void eal_os_events_close(void);
int eal_os_events_add(eal_event_source source);
void eal_os_events_remove(eal_event_source source);
/** Ends a wait, at once or the next one. */
void eal_os_events_wake(void);
/** Waits at most ns (UINT64_MAX: for ever). How many sources are ready, at most max. */
unsigned int eal_os_events_wait(uint64_t ns, eal_event_source *ready, unsigned int max);
/**
 * Takes len bytes (0: nothing) from a ready source, so that it is not ready again. 1; 0 when there was nothing after
 * all; -1 when the source will never fire again.
 */
int eal_os_events_consume(eal_event_source source, unsigned int len);
/** Writes a UIO device's 4-byte switch. */
int eal_os_uio_switch(int fd, int32_t on);
/** Has a VFIO device (descriptor dev_fd) interrupt by the handle's eventfds, or not; or raise its line again. */
int eal_os_vfio_switch(const struct rte_intr_handle *handle, bool on);
int eal_os_vfio_unmask(const struct rte_intr_handle *handle);
/** Lets a PCI device raise its interrupt line, or not, in its configuration space. */
int eal_os_intx_switch(int config_fd, bool on);

#endif
