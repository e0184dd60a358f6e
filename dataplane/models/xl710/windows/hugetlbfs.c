/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows has no hugetlbfs, and tells no program where its pages are.
 */
#include <errno.h>
#include <stddef.h>

#include "os.h"

struct xl710_hugetlbfs *
xl710_hugetlbfs_open(const char *folder)
{
	(void)folder;
	errno = ENOTSUP;
	return NULL;
}

bool
xl710_hugetlbfs_add(struct xl710_hugetlbfs *pages)
{
	(void)pages;
	return false;
}

void
xl710_hugetlbfs_refresh(struct xl710_hugetlbfs *pages)
{
	(void)pages;
}

bool
xl710_hugetlbfs_changed(struct xl710_hugetlbfs *pages)
{
	(void)pages;
	return false;
}

uint8_t *
xl710_hugetlbfs_find(struct xl710_hugetlbfs *pages, uint64_t granule, uint64_t *valid)
{
	(void)pages;
	(void)granule;
	*valid = 0;
	return NULL;
}

void
xl710_hugetlbfs_close(struct xl710_hugetlbfs *pages)
{
	(void)pages;
}
