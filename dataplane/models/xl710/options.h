/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef XL710_OPTIONS_H
#define XL710_OPTIONS_H

#include <stdbool.h>

#include "model.h"

struct xl710_program_options {
	struct xl710_options model;
	double seconds;         /* 0: until somebody stops it */
	bool json;
	bool ignore_stdin;
};

/* 0; 1 after --help or --version; -1 after an error on stderr. Texts stay argv's. */
int xl710_options_parse(struct xl710_program_options *options, int argc, char **argv);

/* One fault, NAME=NUMBER, into the two structures; false when there is none such. For --inject and for commands on stdin. */
bool xl710_fault_parse(const char *text, struct xl710_frame_faults *frames, struct xl710_control_faults *control);
extern const char xl710_fault_help[];

#endif
