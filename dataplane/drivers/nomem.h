/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For nomem_test.c: requests for memory that the linker leads here (--wrap): the heap's and the system's pages on every
 * system, threads and what the C library gives in linux/ and windows/.
 */
#ifndef NOMEM_H
#define NOMEM_H

/** Counts a request; whether it is one that has to fail. */
int nomem_refused(void);
/** Pieces of the C library's that are not freed; 0 where that is not seen. */
long nomem_held(void);

/* Something that asks for memory. */
struct thing {
	const char *name;
	int (*make)(void); /* 0, or a positive errno */
	void (*unmake)(void);
	int also; /* another error that is right */
};

/* Tables and buffers of packets; the rest is in nomem_test.c. */
extern const struct thing nomem_tables[];
extern const unsigned int nomem_tables_count;

/* What stands in for a function; the linker calls the function itself __real_NAME. */
#define WRAP(type, name, parameters, arguments, failure, after) \
type __real_ ## name parameters; \
type __wrap_ ## name parameters; \
type \
__wrap_ ## name parameters \
{ \
	type got; \
\
	if (nomem_refused()) \
		return failure; \
	got = __real_ ## name arguments; \
	after; \
	return got; \
}

#endif
