/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Huge pages and what happens without enough of them. Holds whether the system has some or not.
 */
#include <rte_eal.h>
#include <rte_malloc.h>
#include <rte_memzone.h>
#include <wdpdk_registry.h>

#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static char start_log[4096];

static unsigned int
count(const char *text, const char *part)
{
	unsigned int n = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

static void
missing_huge_pages_are_told_once_with_the_remedy(void)
{
	const struct rte_memzone *mz = rte_memzone_reserve("m", 1 << 20, SOCKET_ID_ANY, 0);
	void *p;
	int i;

	CHECK(mz != NULL);
	if (rte_eal_has_hugepages()) {
		printf("    this system gave huge pages\n");
		CHECK_STR(start_log, "");
		CHECK(mz->hugepage_sz >= RTE_PGSIZE_2M);
	} else {
		printf("    %s", start_log);
		CHECK_EQ(count(start_log, "plain pages are used"), 1);
		CHECK(count(start_log, "vm.nr_hugepages") + count(start_log, "SeLockMemoryPrivilege") +
			count(start_log, "large pages") > 0);
		CHECK(mz->hugepage_sz < RTE_PGSIZE_2M);
	}
	for (i = 0; i < 3; i++) {
		p = rte_malloc(NULL, 9 << 20, 0);
		CHECK(p != NULL);
		memset(p, 1, 9 << 20);
		rte_free(p);
	}
	CHECK_EQ(rte_memzone_free(mz), 0);
	if (!rte_eal_has_hugepages())
		CHECK_STR(log_taken(), "");
}

static void
more_than_there_is_becomes_plain_pages_then_an_error(void)
{
	/* At most 1 GiB of plain pages is taken; the amount of huge pages is the system's. Memory is not touched. */
	static void *p[4096];
	unsigned int n = 0, i;

	if (rte_eal_has_hugepages()) {
		printf("    left to systems without huge pages: it would take all of them from other programs\n");
		return;
	}
	while (n < RTE_DIM(p) && (p[n] = rte_malloc(NULL, 64 << 20, 0)) != NULL)
		n++;
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(n >= 14 && n <= 16);
	for (i = 0; i < n; i++)
		rte_free(p[i]);
}

int
main(void)
{
	log_capture("test_eal_pages.log");
	if (eal_start("test --lcores 0@0") < 0) {
		printf("rte_eal_init failed: %s\n", log_taken());
		return 1;
	}
	snprintf(start_log, sizeof(start_log), "%s", log_taken());
	RUN(missing_huge_pages_are_told_once_with_the_remedy);
	RUN(more_than_there_is_becomes_plain_pages_then_an_error);
	if (rte_eal_cleanup() != 0)
		return 1;
	return check_summary();
}
