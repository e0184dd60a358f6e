/* SPDX-License-Identifier: BSD-3-Clause
 *
 * IPv4 longest-prefix match. Routes are random in the shape of the Internet's table (mostly 24 bits long) with next hops of
 * 0..255; `uniform` addresses are any, `skewed` ones lie in routes drawn by a Zipf distribution. A unit is an address or a rule.
 *
 * lpm.add and lpm.delete are of rules that come and go in a table of a million; lpm.load is a million rules into an empty one,
 * which takes upstream the better part of a minute.
 */
#include <rte_lpm.h>

#include "bench.h"

#define ADDRESSES (1u << 20)
#define CHANGES 512

struct route {
	uint32_t ip;
	uint8_t depth;
	uint8_t hop;
};

struct lookup {
	struct rte_lpm *lpm;
	uint32_t *ips;
};

static uint64_t random_state;

static uint32_t
random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

/* In thousandths: the share of each depth from 8 on. */
static uint8_t
random_depth(void)
{
	static const uint16_t share[] = {
		1, 1, 1, 1, 2, 2, 3, 4, 15, 12, 18, 30, 45, 50, 105, 100, 595, 1, 1, 1, 2, 2, 3, 1, 4,
	};
	uint32_t left = random_u32() % 1000;
	unsigned int i = 0;

	while (left >= share[i])
		left -= share[i++];
	return (uint8_t)(8 + i);
}

static struct route *
make_routes(uint32_t count)
{
	struct route *routes = malloc(count * sizeof(*routes));

	random_state = UINT64_C(0x2545f4914f6cdd1d);
	for (uint32_t i = 0; i < count; i++) {
		uint8_t depth = random_depth();

		routes[i] = (struct route){ random_u32() & UINT32_MAX << (32 - depth), depth, (uint8_t)random_u32() };
	}
	return routes;
}

static struct rte_lpm *
make_table(const char *name, const struct route *routes, uint32_t count)
{
	struct rte_lpm_config config = { .max_rules = count + 2 * CHANGES, .number_tbl8s = 1 << 15 };
	struct rte_lpm *lpm = rte_lpm_create(name, SOCKET_ID_ANY, &config);

	if (lpm == NULL)
		bench_die(name);
	for (uint32_t i = 0; i < count; i++)
		if (rte_lpm_add(lpm, routes[i].ip, routes[i].depth, routes[i].hop) != 0)
			bench_die("rte_lpm_add");
	return lpm;
}

static void
make_addresses(uint32_t *ips, bool skewed, const struct route *routes, uint32_t count)
{
	double *sums;

	if (!skewed) {
		for (uint32_t i = 0; i < ADDRESSES; i++)
			ips[i] = random_u32();
		return;
	}
	sums = malloc((count + 1) * sizeof(*sums));
	sums[0] = 0;
	for (uint32_t i = 0; i < count; i++)
		sums[i + 1] = sums[i] + 1.0 / (i + 1);
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		double draw = sums[count] * (random_u32() / 4294967296.0);
		uint32_t low = 0, high = count;

		while (high - low > 1) {
			uint32_t middle = (low + high) / 2;

			if (sums[middle] <= draw)
				low = middle;
			else
				high = middle;
		}
		ips[i] = routes[low].ip | (routes[low].depth == 32 ? 0 : random_u32() >> routes[low].depth);
	}
	free(sums);
}

/* Each body goes through the addresses from where the last one stopped: none is looked up again while it is warm. */
static uint32_t position;

static void
single(void *state, uint64_t times)
{
	const struct lookup *lookup = state;
	const struct rte_lpm *lpm = lookup->lpm;
	const uint32_t *ips = lookup->ips;
	uint32_t at = position, hop, sum = 0;

	for (uint64_t i = 0; i < times; i++) {
		for (unsigned int j = 0; j < 32; j++)
			sum += rte_lpm_lookup(lpm, ips[at + j], &hop) == 0 ? hop : 0;
		at = (at + 32) & (ADDRESSES - 1);
	}
	bench_keep(sum);
	position = at;
}

static void
bulk(void *state, uint64_t times)
{
	const struct lookup *lookup = state;
	const struct rte_lpm *lpm = lookup->lpm;
	const uint32_t *ips = lookup->ips;
	uint32_t at = position, hops[32];

	for (uint64_t i = 0; i < times; i++) {
		rte_lpm_lookup_bulk(lpm, &ips[at], hops, 32);
		bench_keep(hops);
		at = (at + 32) & (ADDRESSES - 1);
	}
	position = at;
}

static void
four(void *state, uint64_t times)
{
	const struct lookup *lookup = state;
	const struct rte_lpm *lpm = lookup->lpm;
	const uint32_t *ips = lookup->ips;
	uint32_t at = position, hops[4];

	for (uint64_t i = 0; i < times; i++) {
		for (unsigned int j = 0; j < 32; j += 4) {
			rte_lpm_lookupx4(lpm, _mm_loadu_si128((const __m128i *)(const void *)&ips[at + j]), hops, UINT32_MAX);
			bench_keep(hops);
		}
		at = (at + 32) & (ADDRESSES - 1);
	}
	position = at;
}

static void
lookup_rows(struct rte_lpm *lpm, const char *size, const struct route *routes, uint32_t count)
{
	struct lookup lookup = { .lpm = lpm, .ips = malloc(ADDRESSES * sizeof(*lookup.ips)) };
	const bench_body bodies[] = { single, bulk, four };
	const char *names[] = { "single", "bulk", "x4" };
	char id[64];

	for (unsigned int i = 0; i < 6; i++) {
		snprintf(id, sizeof(id), "lpm.lookup.%s.%s.%s", names[i % 3], size, i < 3 ? "uniform" : "skewed");
		if (i % 3 == 0)
			make_addresses(lookup.ips, i >= 3, routes, count);
		bench_row(id, bodies[i % 3], &lookup, 32);
	}
	free(lookup.ips);
}

/* Rules beyond the table's own come and go again, a few hundred at a time: so it stays as large as it is. */
static void
change_rows(struct rte_lpm *lpm, unsigned int rounds)
{
	double adds[BENCH_ROUNDS], deletes[BENCH_ROUNDS];
	struct route routes[CHANGES];

	for (unsigned int round = 0; round < rounds; round++) {
		uint64_t begin, between, end;
		uint32_t hop;

		for (unsigned int i = 0; i < CHANGES; i++) {
			do {
				uint8_t depth = random_depth();

				routes[i] = (struct route){ random_u32() & UINT32_MAX << (32 - depth), depth, (uint8_t)random_u32() };
			} while (rte_lpm_is_rule_present(lpm, routes[i].ip, routes[i].depth, &hop) != 0);
		}
		begin = rte_rdtsc();
		for (unsigned int i = 0; i < CHANGES; i++)
			if (rte_lpm_add(lpm, routes[i].ip, routes[i].depth, routes[i].hop) != 0)
				bench_die("rte_lpm_add");
		between = rte_rdtsc();
		/* Of two equal draws the second finds its rule gone. */
		for (unsigned int i = 0; i < CHANGES; i++)
			rte_lpm_delete(lpm, routes[i].ip, routes[i].depth);
		end = rte_rdtsc();
		adds[round] = (double)(between - begin) / CHANGES;
		deletes[round] = (double)(end - between) / CHANGES;
	}
	if (bench_wanted("lpm.add.1m"))
		bench_report("lpm.add.1m", adds, rounds);
	if (bench_wanted("lpm.delete.1m"))
		bench_report("lpm.delete.1m", deletes, rounds);
}

/* Whether any row of the table of this size is. */
static bool
size_wanted(const char *size)
{
	const char *rows[] = { "lookup.single.%s.uniform", "lookup.single.%s.skewed", "lookup.bulk.%s.uniform",
		"lookup.bulk.%s.skewed", "lookup.x4.%s.uniform", "lookup.x4.%s.skewed", "add.%s", "delete.%s", "load.%s" };

	for (unsigned int i = 0; i < RTE_DIM(rows); i++) {
		char id[64] = "lpm.", *percent;

		strcat(id, rows[i]);
		percent = strchr(id, '%');
		snprintf(percent, sizeof(id) - (size_t)(percent - id), "%s%s", size, strchr(rows[i], '%') + 2);
		if (bench_wanted(id))
			return true;
	}
	return false;
}

void
bench_rows(void)
{
	static const struct {
		const char *size;
		uint32_t count;
	} tables[] = { { "200k", 200000 }, { "1m", 1000000 } };

	for (unsigned int i = 0; i < RTE_DIM(tables); i++) {
		bool large = tables[i].count == 1000000;
		struct route *routes;
		struct rte_lpm *lpm;
		double load;

		if (!size_wanted(tables[i].size))
			continue;
		routes = make_routes(tables[i].count);
		load = (double)rte_rdtsc();
		lpm = make_table(tables[i].size, routes, tables[i].count);
		load = ((double)rte_rdtsc() - load) / tables[i].count;
		if (large && bench_wanted("lpm.load.1m"))
			bench_report("lpm.load.1m", &load, 1);
		lookup_rows(lpm, tables[i].size, routes, tables[i].count);
		if (large && (bench_wanted("lpm.add.1m") || bench_wanted("lpm.delete.1m")))
			change_rows(lpm, load > 20000 ? 1 : BENCH_ROUNDS);
		rte_lpm_free(lpm);
		free(routes);
	}
}
