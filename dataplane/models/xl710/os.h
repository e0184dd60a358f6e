/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the model wants of a system: files mapped shared, time, an interrupt line that never waits.
 */
#ifndef XL710_OS_H
#define XL710_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xl710_file;

/*
 * A file mapped shared, whole. With `create` it is made (0600, or made so) and gets `length` bytes, else its own length is taken, which is
 * at least `length`. NULL after errno.
 */
struct xl710_file *xl710_file_map(const char *path, size_t length, bool create);
/* A file that is there, to map parts of it later. NULL after errno. */
struct xl710_file *xl710_file_open(const char *path);
/* Another part of a file: `offset` a multiple of 64 KiB. NULL when it has no such bytes, or after errno. */
void *xl710_file_part(struct xl710_file *file, uint64_t offset, size_t length);
void xl710_file_part_unmap(void *part, size_t length);
void *xl710_file_bytes(struct xl710_file *file);
size_t xl710_file_length(const struct xl710_file *file);
void xl710_file_close(struct xl710_file *file);

/*
 * Mapped files may be cut short by who else has them. From now on bytes that are not there any more read as zero instead of ending the
 * program. Where the system has no such thing as cutting a mapped file (Windows) it does nothing.
 */
void xl710_survive_truncation(void);

/* Microseconds since some time. */
uint64_t xl710_now_us(void);
/* Lets others run: for a moment (0), or for about so long. */
void xl710_rest(unsigned int us);

/* Whether stdin is a pipe, whose end means that who started the program is gone. */
bool xl710_stdin_is_pipe(void);
/* Memory that nobody gave back, named on stderr: where the build looks for it (a sanitizer's), else never. */
bool xl710_leaks(void);
/* `stop` is called (by a signal handler, or any thread) when the program is to end: Ctrl-C, SIGTERM, the console's closing. */
void xl710_on_stop(void (*stop)(void));

/* An interrupt line: a FIFO (on Windows a named pipe). One 32-bit number each, lost when there is no room. */
struct xl710_line;
struct xl710_line *xl710_line_open(const char *path);
void xl710_line_raise(struct xl710_line *line, uint32_t number);
void xl710_line_close(struct xl710_line *line);

/*
 * Physical addresses: every file of `folder` (a hugetlbfs), page by page, at its own. NULL after errno, ENOTSUP where there is no such
 * thing.
 */
struct xl710_hugetlbfs;
struct xl710_hugetlbfs *xl710_hugetlbfs_open(const char *folder);
/* Maps what is new; true when something was. */
bool xl710_hugetlbfs_add(struct xl710_hugetlbfs *pages);
/* Unmaps what is gone, too: pointers got before are void. */
void xl710_hugetlbfs_refresh(struct xl710_hugetlbfs *pages);
/* Whether files came or went since the last look. */
bool xl710_hugetlbfs_changed(struct xl710_hugetlbfs *pages);
/* Where a granule (2 MiB) is, and in *valid how many bytes from its start on are contiguous; NULL when it is nowhere. */
uint8_t *xl710_hugetlbfs_find(struct xl710_hugetlbfs *pages, uint64_t granule, uint64_t *valid);
void xl710_hugetlbfs_close(struct xl710_hugetlbfs *pages);

#endif
