/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Preloaded into a process under test: makes its nth allocation fail. The file named by WDPDK_TEST_ALLOCATIONS holds two words that
 * the test maps too: how many allocations are left until the one that fails (0: none does), and how many failed.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own, behind the names that we take over. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

static uint32_t *words;

__attribute__((constructor))
static void
map_words(void)
{
	const char *path = getenv("WDPDK_TEST_ALLOCATIONS");
	int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *at = file < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

	if (file >= 0)
		close(file);
	if (at == MAP_FAILED)
		abort();
	words = at;
}

static bool
fails(void)
{
	uint32_t left = words == NULL ? 0 : __atomic_load_n(&words[0], __ATOMIC_RELAXED);

	while (left != 0 && !__atomic_compare_exchange_n(&words[0], &left, left - 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		continue;
	if (left != 1)
		return false;
	__atomic_fetch_add(&words[1], 1, __ATOMIC_RELAXED);
	return true;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *block, size_t size)
{
	return fails() ? NULL : __libc_realloc(block, size);
}
