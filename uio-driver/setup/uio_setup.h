/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The tests' way to put bus and driver into a Windows (a Wine prefix, a test machine) and out of it again, and to the bus's
 * control device. Everything returns 0 or a Win32 error; setup_said() has the words for it. One thread.
 */
#ifndef UIO_SETUP_H
#define UIO_SETUP_H

#include <stdbool.h>
#include <windows.h>

#include "wdpdk_testbus.h"

struct setup_options {
	const char *folder;                       /* of drivers and INFs; NULL: the program's own */
	const char *driver;                       /* the function driver's image in it; NULL: wdpdkuio-test.sys */
	const char *bar[WDPDK_TESTBUS_DEVICES];   /* files that are BAR0; NULL: none */
	const char *config[WDPDK_TESTBUS_DEVICES]; /* NULL: the bar's name with .config, when there is such a file */
	const char *dma;                          /* folder of DMA memory; NULL: none */
	int node[WDPDK_TESTBUS_DEVICES];          /* NUMA; -1: none */
	bool bus_only;                            /* no function driver: the devices stay without one */
};

/* What the last failure was, for people: what, of what, Windows' own words. */
const char *setup_said(void);
/* Sets the words and returns `error` (GetLastError() when that is 0 would be a lie: then ERROR_GEN_FAILURE). */
DWORD setup_fail(DWORD error, const char *what, const char *of);

/* Takes away what is there first. Returns when the bus runs; its devices are bound some time later (setup_wait). */
DWORD setup_install(const struct setup_options *options);
/* All of it: devices, services, INFs, files. What is not there is no error. */
DWORD setup_uninstall(void);
/* The paths and nodes alone; a device takes them when it is plugged in. */
DWORD setup_parameters(const struct setup_options *options);

/* The Windows services of bus and function driver: "wdpdkbus", "wdpdkuio". */
DWORD setup_service_start(const char *name);
DWORD setup_service_stop(const char *name);
DWORD setup_service_delete(const char *name);
/* A word for its state; "absent" when there is none. */
const char *setup_service_state(const char *name);

/* Path of the function driver's interface of device `index`; empty when there is none now. */
void setup_interface(unsigned int index, char *path, size_t size);
/* Until the interface is there (or gone). WAIT_TIMEOUT. */
DWORD setup_wait(unsigned int index, bool there, DWORD milliseconds);

/* The bus's control device. */
DWORD bus_status(struct wdpdk_testbus_status *status);
/* As many lines after sequence `after` as fit; *lines in: room. */
DWORD bus_log(uint64_t after, struct wdpdk_testbus_line *line, size_t *lines, uint64_t *lost);
DWORD bus_fault(uint32_t device, uint32_t fault, uint32_t value);
DWORD bus_plug(uint32_t device, bool in);
const char *bus_op_name(uint32_t op);
/* WDPDK_TESTBUS_FAULTS for a name that is none. */
uint32_t bus_fault_number(const char *name);
const char *bus_fault_name(uint32_t fault);

/* files.c: INF and drivers into a folder of their own, as an installation takes them. */
DWORD stage_files(const struct setup_options *options, char *stage, size_t size);
void stage_remove(const char *stage);
/* "Z:\x" and "/x" to "\??\Z:\x". */
void nt_path(const char *path, char *to, size_t size);

#endif
