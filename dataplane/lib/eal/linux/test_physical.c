/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Huge pages by physical address. Holds whether the system lets us have them (root, huge pages, a hugetlbfs) or not: then
 * the start says what is missing.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_memzone.h>
#include <wdpdk_registry.h>

#include "../common/test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

#define FOLDER "/dev/hugepages"
#define CHUNK ((size_t)2 << 20)

static char prefix[64];

/* Files of ours in the folder; their bytes to *bytes. */
static unsigned int
files(unsigned long long *bytes)
{
	DIR *folder = opendir(FOLDER);
	struct dirent *entry;
	unsigned int n = 0;
	struct stat st;
	char path[512];

	*bytes = 0;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		snprintf(path, sizeof(path), FOLDER "/%s", entry->d_name);
		if (stat(path, &st) == 0)
			*bytes += (unsigned long long)st.st_size;
		n++;
	}
	if (folder != NULL)
		closedir(folder);
	return n;
}

/* As somebody else would who maps the pages by their names. */
static void *
find_by_physical_address(rte_iova_t iova)
{
	DIR *folder = opendir(FOLDER);
	struct dirent *entry;
	void *found = NULL;
	char path[512];
	struct stat st;
	size_t at;
	int fd;

	while (found == NULL && (entry = readdir(folder)) != NULL) {
		char *base;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		snprintf(path, sizeof(path), FOLDER "/%s", entry->d_name);
		fd = open(path, O_RDWR);
		if (fd < 0 || fstat(fd, &st) != 0)
			continue;
		base = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
		close(fd);
		if (base == MAP_FAILED)
			continue;
		for (at = 0; at < (size_t)st.st_size && found == NULL; at += CHUNK)
			if (iova - rte_mem_virt2phy(base + at) < CHUNK)
				found = base + at + (iova - rte_mem_virt2phy(base + at));
		if (found == NULL)
			munmap(base, (size_t)st.st_size);
	}
	closedir(folder);
	return found;
}

static void
zones_are_at_their_physical_address(void)
{
	const struct rte_memzone *zone = rte_memzone_reserve("ring", 65536, SOCKET_ID_ANY, RTE_MEMZONE_IOVA_CONTIG);
	int here = 1;
	char *other;

	CHECK(zone != NULL);
	CHECK_EQ(zone->iova, rte_mem_virt2phy(zone->addr));
	CHECK_EQ(zone->iova, rte_mem_virt2iova(zone->addr));
	CHECK(rte_mem_iova2virt(zone->iova + 5) == RTE_PTR_ADD(zone->addr, 5));
	CHECK_EQ(rte_mem_virt2iova(&here), rte_mem_virt2phy(&here));
	CHECK_EQ(rte_eal_iova_mode(), RTE_IOVA_PA);
	strcpy(RTE_PTR_ADD(zone->addr, 100), "by name");
	other = find_by_physical_address(zone->iova);
	CHECK(other != NULL && other != zone->addr);
	CHECK_STR(other + 100, "by name");
	CHECK_EQ(rte_memzone_free(zone), 0);
}

static void
memory_grows_and_goes_back_by_files(void)
{
	unsigned long long before, with, after;
	unsigned int n = files(&before);
	void *p = rte_malloc(NULL, 24 << 20, 0), *q = rte_malloc(NULL, 24 << 20, 0);

	CHECK(p != NULL && q != NULL);
	CHECK_EQ(files(&with), n + 2);
	CHECK(with >= before + (48 << 20));
	rte_free(p);
	rte_free(q);
	/* A heap keeps some; then whole files go. */
	CHECK_EQ(files(&after), n + 1);
	CHECK(after <= with - (24 << 20));
}

int
main(void)
{
	unsigned long long bytes;
	char line[256], stale[512];
	int fd;

	log_capture("test_eal_physical.log");
	snprintf(prefix, sizeof(prefix), "test_physical_%d_map_", (int)getpid());
	snprintf(stale, sizeof(stale), FOLDER "/%s0", prefix);
	fd = open(stale, O_CREAT | O_RDWR, 0600);
	if (fd >= 0)
		close(fd);
	snprintf(line, sizeof(line), "test --lcores 0@0 -m 4 --iova-mode pa --huge-dir " FOLDER " --file-prefix %.*s", (int)strlen(prefix) - 4,
		prefix);
	if (eal_start(line) < 0) {
		const char *log = log_taken();

		unlink(stale);
		printf("    not here: %s", log);
		return strstr(log, "--iova-mode pa: physical addresses are not available: ") == NULL &&
			strstr(log, "cannot get memory from huge pages by physical address") == NULL;
	}
	/* What was left by a process that was killed made room for ours. */
	if (files(&bytes) != 1 || bytes != 4 << 20) {
		printf("FAIL %u files of %llu bytes\n", files(&bytes), bytes);
		return 1;
	}
	RUN(zones_are_at_their_physical_address);
	RUN(memory_grows_and_goes_back_by_files);
	if (rte_eal_cleanup() != 0 || files(&bytes) != 0) {
		printf("FAIL the end left %u files\n", files(&bytes));
		return 1;
	}
	return check_summary();
}
