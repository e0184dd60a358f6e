/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Dynamic fields and flags. The table is the process's, so the cases build on one another.
 */
#include <limits.h>
#include <stddef.h>

#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include "check.h"

#define START offsetof(struct rte_mbuf, dynfield1)

static struct rte_mbuf_dynfield
field(const char *name, size_t size, size_t align)
{
	struct rte_mbuf_dynfield f = {.size = size, .align = align};

	snprintf(f.name, sizeof(f.name), "%s", name);
	return f;
}

static void
fields_do_not_overlap_and_keep_their_place(void)
{
	struct rte_mbuf_dynfield a = field("a", 1, 1), b = field("b", 8, 8), c = field("c", 2, 2), read;
	int at_a = rte_mbuf_dynfield_register(&a), at_b = rte_mbuf_dynfield_register(&b), at_c;

	CHECK(at_a >= (int)START && at_a < 128);
	CHECK_EQ(at_b % 8, 0);
	at_c = rte_mbuf_dynfield_register(&c);
	CHECK_EQ(at_c % 2, 0);
	/* The first four bytes lie outside any larger aligned block: small fields go there. */
	CHECK(at_a < (int)START + 4 && at_c < (int)START + 4 && at_c != (at_a & ~1));
	CHECK_EQ(rte_mbuf_dynfield_register(&a), at_a);
	CHECK_EQ(rte_mbuf_dynfield_lookup("b", &read), at_b);
	CHECK_EQ(read.size, 8);
	CHECK_STR(read.name, "b");
	CHECK_EQ(rte_mbuf_dynfield_lookup("nobody", NULL), -1);
	CHECK_EQ(rte_errno, ENOENT);
}

static void
bad_fields_are_refused(void)
{
	struct rte_mbuf_dynfield f;

#define REFUSED(error, call) do { \
	rte_errno = 0; \
	CHECK_EQ(call, -1); \
	CHECK_EQ(rte_errno, error); \
} while (0)
	f = field("bad", 0, 1);
	REFUSED(EINVAL, rte_mbuf_dynfield_register(NULL));
	REFUSED(EINVAL, rte_mbuf_dynfield_register(&f));
	f = field("bad", 4, 3);
	REFUSED(EINVAL, rte_mbuf_dynfield_register(&f));
	f = field("bad", 4, 0);
	REFUSED(EINVAL, rte_mbuf_dynfield_register(&f));
	f = field("bad", 4, 256);
	REFUSED(EINVAL, rte_mbuf_dynfield_register(&f));
	f = field("bad", 128, 1);
	REFUSED(EINVAL, rte_mbuf_dynfield_register(&f));
	f = field("bad", 4, 4);
	f.flags = 1;
	REFUSED(EINVAL, rte_mbuf_dynfield_register(&f));
	f = field("bad", 37, 1);
	REFUSED(ENOENT, rte_mbuf_dynfield_register(&f));
	f = field("a", 2, 1);
	REFUSED(EEXIST, rte_mbuf_dynfield_register(&f));
	f = field("bad", 4, 4);
	REFUSED(EINVAL, rte_mbuf_dynfield_register_offset(&f, START + 2));
	REFUSED(EINVAL, rte_mbuf_dynfield_register_offset(&f, 64));
	REFUSED(EINVAL, rte_mbuf_dynfield_register_offset(&f, 4096));
	REFUSED(EBUSY, rte_mbuf_dynfield_register_offset(&f, START));
	memset(f.name, 'x', sizeof(f.name));
	REFUSED(ENAMETOOLONG, rte_mbuf_dynfield_register(&f));
}

static void
a_field_can_have_a_chosen_place(void)
{
	struct rte_mbuf_dynfield f = field("chosen", 4, 4);

	CHECK_EQ(rte_mbuf_dynfield_register_offset(&f, 124), 124);
	CHECK_EQ(rte_mbuf_dynfield_register_offset(&f, 124), 124);
	CHECK_EQ(rte_mbuf_dynfield_register(&f), 124);
	REFUSED(EEXIST, rte_mbuf_dynfield_register_offset(&f, 120));
}

static void
space_can_be_used_up(void)
{
	char name[16];
	unsigned int n;

	for (n = 0; n < 64; n++) {
		struct rte_mbuf_dynfield f;

		snprintf(name, sizeof(name), "byte %u", n);
		f = field(name, 1, 1);
		if (rte_mbuf_dynfield_register(&f) < 0)
			break;
	}
	CHECK_EQ(rte_errno, ENOENT);
	CHECK_EQ(n, 36 - 1 - 8 - 2 - 4 - 8); /* the timestamp was first */
}

static void
flags_are_numbered(void)
{
	struct rte_mbuf_dynflag f = {.flags = 0}, read;
	int first, bit, n = 0;

	strcpy(f.name, "flag");
	first = rte_mbuf_dynflag_register(&f);
	CHECK(first >= 23 && first <= 40);
	CHECK_EQ(rte_mbuf_dynflag_register(&f), first);
	CHECK_EQ(rte_mbuf_dynflag_lookup("flag", &read), first);
	CHECK_STR(read.name, "flag");
	REFUSED(ENOENT, rte_mbuf_dynflag_lookup("nobody", NULL));
	REFUSED(EEXIST, rte_mbuf_dynflag_register_bitnum(&f, 40));
	strcpy(f.name, "chosen");
	REFUSED(EBUSY, rte_mbuf_dynflag_register_bitnum(&f, (unsigned int)first));
	REFUSED(EBUSY, rte_mbuf_dynflag_register_bitnum(&f, 0));
	REFUSED(EINVAL, rte_mbuf_dynflag_register_bitnum(&f, 64));
	CHECK_EQ(rte_mbuf_dynflag_register_bitnum(&f, 40), 40);
	f.flags = 1;
	REFUSED(EINVAL, rte_mbuf_dynflag_register(NULL));
	REFUSED(EINVAL, rte_mbuf_dynflag_register(&f));
	f.flags = 0;
	do {
		snprintf(f.name, sizeof(f.name), "flag %d", n++);
		bit = rte_mbuf_dynflag_register(&f);
	} while (bit >= 0 && n < 64);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK_EQ(n, 18 - 2 - 2 + 1); /* two are the timestamps' */
}

static void
timestamps_share_one_field(void)
{
	uint64_t rx = 0, tx = 0;
	int a = 0, b = 0;

	CHECK_EQ(rte_mbuf_dyn_rx_timestamp_register(&a, &rx), 0);
	CHECK_EQ(rte_mbuf_dyn_tx_timestamp_register(&b, &tx), 0);
	CHECK_EQ(a, b);
	CHECK_EQ(a % 8, 0);
	CHECK(rx != 0 && tx != 0 && rx != tx);
	CHECK_EQ(rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, NULL), a);
	CHECK_EQ(rte_mbuf_dyn_rx_timestamp_register(NULL, NULL), 0);
}

static void
dump_lists_names(void)
{
	char text[8192] = "";
	FILE *f = tmpfile();

	CHECK(f != NULL);
	rte_mbuf_dyn_dump(f);
	rewind(f);
	CHECK(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	CHECK(strstr(text, "name=chosen offset=124 size=4") != NULL);
	CHECK(strstr(text, "name=rte_dynflag_rx_timestamp bitnum=") != NULL);
}

int
main(void)
{
	RUN(timestamps_share_one_field);
	RUN(fields_do_not_overlap_and_keep_their_place);
	RUN(bad_fields_are_refused);
	RUN(a_field_can_have_a_chosen_place);
	RUN(space_can_be_used_up);
	RUN(flags_are_numbered);
	RUN(dump_lists_names);
	return check_summary();
}
