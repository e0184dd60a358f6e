/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ring buffers, keys, the line editor, tokens, parsing and completing, against models and by hand.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <cmdline.h>
#include <cmdline_cirbuf.h>
#include <cmdline_parse_etheraddr.h>
#include <cmdline_parse_ipaddr.h>
#include <cmdline_parse_num.h>
#include <cmdline_parse_portlist.h>
#include <cmdline_parse_string.h>
#include <cmdline_socket.h>
#include <rte_ether.h>
#include <rte_string_fns.h>
#include <wdpdk_registry.h>

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

/* Every operation at both ends, from each start, beside an array that is moved about. */
static void
ring_buffers_agree_with_arrays(void)
{
	enum { SIZE = 5 };
	char memory[SIZE], model[SIZE + 1], in[SIZE + 1], out[SIZE];
	unsigned int start, step, n, len, i, seed = 1;
	struct cirbuf cb;

	for (start = 0; start < SIZE; start++) {
		CHECK_EQ(cirbuf_init(&cb, memory, start, SIZE), 0);
		for (step = 0, len = 0; step < 2000; step++) {
			seed = seed * 1103515245 + 12345;
			n = (seed >> 16) % (SIZE + 2);
			for (i = 0; i < sizeof(in); i++)
				in[i] = (char)('a' + (step + i) % 26);
			switch ((seed >> 20) % 6) {
			case 0:
				CHECK_EQ(cirbuf_add_buf_tail(&cb, in, n), n == 0 || n > SIZE - len ? -EINVAL : (int)n);
				if (n <= SIZE - len) {
					memcpy(model + len, in, n);
					len += n;
				}
				break;
			case 1:
				CHECK_EQ(cirbuf_add_buf_head(&cb, in, n), n == 0 || n > SIZE - len ? -EINVAL : (int)n);
				if (n <= SIZE - len) {
					memmove(model + n, model, len);
					memcpy(model, in, n);
					len += n;
				}
				break;
			case 2:
				CHECK_EQ(cirbuf_del_buf_head(&cb, n), n == 0 || n > len ? -EINVAL : 0);
				if (n <= len) {
					len -= n;
					memmove(model, model + n, len);
				}
				break;
			case 3:
				CHECK_EQ(cirbuf_del_buf_tail(&cb, n), n == 0 || n > len ? -EINVAL : 0);
				if (n <= len)
					len -= n;
				break;
			case 4:
				CHECK_EQ(cirbuf_align_left(&cb), 0);
				CHECK_EQ(cb.start, 0);
				break;
			default:
				CHECK_EQ(cirbuf_align_right(&cb), 0);
				CHECK(cb.end == SIZE - 1 || cb.start == SIZE - 1);
			}
			CHECK_EQ(CIRBUF_GET_LEN(&cb), len);
			CHECK_EQ(cirbuf_get_buf_head(&cb, out, n), RTE_MIN(n, len));
			CHECK_MEM(out, model, RTE_MIN(n, len));
			CHECK_EQ(cirbuf_get_buf_tail(&cb, out, n), RTE_MIN(n, len));
			CHECK_MEM(out, model + len - RTE_MIN(n, len), RTE_MIN(n, len));
			if (len > 0) {
				CHECK_EQ(cirbuf_get_head(&cb), model[0]);
				CHECK_EQ(cirbuf_get_tail(&cb), model[len - 1]);
			}
		}
	}
	CHECK_EQ(cirbuf_init(NULL, memory, 0, SIZE), -EINVAL);
	CHECK_EQ(cirbuf_add_head_safe(NULL, 'x'), -EINVAL);
	CHECK_EQ(cirbuf_get_buf_head(&cb, NULL, 1), -EINVAL);
	/* No room at all. */
	CHECK_EQ(cirbuf_init(&cb, memory, 0, 0), 0);
	CHECK_EQ(cirbuf_get_buf_tail(&cb, out, 1), 0);
	CHECK_EQ(cirbuf_add_tail_safe(&cb, 'x'), -EINVAL);
	CHECK_EQ(cirbuf_align_left(&cb), 0);
}

static void
keys_are_put_together(void)
{
	struct cmdline_vt100 vt = { .bufpos = 0 };
	const char *p;
	int key = -2, i;

	for (i = 0; i <= CMDLINE_KEY_BKSPACE2; i++) {
		vt100_init(&vt);
		for (p = cmdline_vt100_commands[i]; *p != '\0'; p++) {
			CHECK_EQ(key = vt100_parser(&vt, *p), p[1] == '\0' ? i : -2);
		}
	}
	CHECK_EQ(vt100_parser(&vt, 'x'), -1);
	/* Keys nobody knows are swallowed whole, however long, and the next one is known again. */
	for (p = "\033[12;34;56;78H\033Q"; *p != '\0'; p++)
		CHECK_EQ(vt100_parser(&vt, *p), -2);
	CHECK_EQ(vt100_parser(&vt, '\r'), CMDLINE_KEY_RETURN2);
	CHECK_EQ(vt100_parser(NULL, 'x'), -1);
}

/* Where commands leave what they got, and a cmdline without files shows nothing. */
static struct {
	unsigned int runs;
	char word[STR_TOKEN_SIZE];
	uint16_t number;
	char rest[STR_MULTI_TOKEN_SIZE];
} got;

struct set_result {
	cmdline_fixed_string_t set;
	cmdline_fixed_string_t what;
	uint16_t value;
};

static void
run_set(void *parsed, struct cmdline *cl, void *data)
{
	struct set_result *r = parsed;

	CHECK(cl != NULL && data == &got);
	got.runs++;
	rte_strlcpy(got.word, r->what, sizeof(got.word));
	got.number = r->value;
}

struct echo_result {
	cmdline_fixed_string_t echo;
	cmdline_multi_string_t rest;
};

static void
run_echo(void *parsed, struct cmdline *cl, void *data)
{
	struct echo_result *r = parsed;

	RTE_SET_USED(data);
	got.runs++;
	rte_strlcpy(got.rest, r->rest, sizeof(got.rest));
	if (strcmp(r->rest, "quit") == 0)
		cmdline_quit(cl);
}

static cmdline_parse_token_string_t t_set = TOKEN_STRING_INITIALIZER(struct set_result, set, "set");
static cmdline_parse_token_string_t t_what = TOKEN_STRING_INITIALIZER(struct set_result, what, "burst#buffers#mtu");
static cmdline_parse_token_num_t t_value = TOKEN_NUM_INITIALIZER(struct set_result, value, RTE_UINT16);
static cmdline_parse_token_string_t t_echo = TOKEN_STRING_INITIALIZER(struct echo_result, echo, "echo");
static cmdline_parse_token_string_t t_rest = TOKEN_STRING_INITIALIZER(struct echo_result, rest, TOKEN_STRING_MULTI);

static cmdline_parse_inst_t set = { .f = run_set, .data = &got, .help_str = "sets", .tokens = {
	(void *)&t_set, (void *)&t_what, (void *)&t_value, NULL } };
static cmdline_parse_inst_t echo = { .f = run_echo, .help_str = "echoes", .tokens = {
	(void *)&t_echo, (void *)&t_rest, NULL } };

/* "count" and up to three numbers, made on demand. */
static unsigned int counted;

static void
run_count(void *parsed, struct cmdline *cl, void *data)
{
	static cmdline_parse_token_string_t first = { { &cmdline_token_string_ops, 0 }, { "count" } };
	static cmdline_parse_token_num_t number = { { &cmdline_token_num_ops, STR_TOKEN_SIZE }, { RTE_UINT8 } };
	extern cmdline_parse_inst_t count;
	cmdline_parse_token_hdr_t **slot = data;
	long i;

	if (cl != NULL) {
		got.runs++;
		return;
	}
	i = slot - count.tokens;
	counted += i == 0;
	*(void **)parsed = i == 0 ? (void *)&first : i < 3 ? (void *)&number : NULL;
}

cmdline_parse_inst_t count = { .f = run_count, .help_str = "counts", .tokens = { NULL } };

static cmdline_parse_ctx_t context[] = { &set, &echo, &count, NULL };

static void
lines_run_their_instruction(void)
{
	struct cmdline *cl = cmdline_new(context, "> ", -1, -1);

	memset(&got, 0, sizeof(got));
	CHECK_EQ(cmdline_parse(cl, "set mtu 1500\n"), 13);
	CHECK_EQ(got.runs, 1);
	CHECK_STR(got.word, "mtu");
	CHECK_EQ(got.number, 1500);
	CHECK_EQ(cmdline_parse(cl, "  set\tburst 0x20 # as hexadecimal\r\nset mtu 1\n"), 35);
	CHECK_EQ(got.number, 32);
	CHECK_EQ(cmdline_parse(cl, "echo a b  c#d\n"), 14);
	CHECK_STR(got.rest, "a b  c");
	CHECK_EQ(got.runs, 3);
	CHECK_EQ(cmdline_parse_check(cl, "echo x\n"), 7);
	CHECK_EQ(cmdline_parse(cl, "count 1 255\n"), 12);
	CHECK_EQ(got.runs, 4);
	CHECK(counted > 0);
	CHECK_EQ(cmdline_parse(cl, "count 1\n"), CMDLINE_PARSE_BAD_ARGS);
	CHECK_EQ(cmdline_parse(cl, "count 1 256\n"), CMDLINE_PARSE_BAD_ARGS);
	CHECK_EQ(cmdline_parse(cl, "set mtu\n"), CMDLINE_PARSE_BAD_ARGS);
	CHECK_EQ(cmdline_parse(cl, "set mtu 1 2\n"), CMDLINE_PARSE_BAD_ARGS);
	CHECK_EQ(cmdline_parse(cl, "set mtux 1\n"), CMDLINE_PARSE_BAD_ARGS);
	CHECK_EQ(cmdline_parse(cl, "sett mtu 1\n"), CMDLINE_PARSE_NOMATCH);
	CHECK_EQ(cmdline_parse(cl, " # only words\n"), 14);
	CHECK_EQ(cmdline_parse(cl, "set mtu 1"), 0);
	CHECK_EQ(cmdline_parse(NULL, "set\n"), CMDLINE_PARSE_BAD_ARGS);
	CHECK_EQ(cmdline_parse(cl, NULL), CMDLINE_PARSE_BAD_ARGS);
	CHECK_EQ(got.runs, 4);
	{
		cmdline_parse_ctx_t twice[] = { &set, &set, NULL };
		struct cmdline *two = cmdline_new(twice, "> ", -1, -1);

		CHECK_EQ(cmdline_parse(two, "set mtu 1\n"), CMDLINE_PARSE_AMBIGUOUS);
		cmdline_free(two);
	}
	CHECK_EQ(got.runs, 4);
	cmdline_free(cl);
}

static void
starts_of_lines_are_completed(void)
{
	struct cmdline *cl = cmdline_new(context, "> ", -1, -1);
	char text[128];
	int state = 0;

	CHECK_EQ(cmdline_complete(cl, "s", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETED_BUFFER);
	CHECK_STR(text, "et ");
	state = 0;
	CHECK_EQ(cmdline_complete(cl, "set b", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETED_BUFFER);
	CHECK_STR(text, "u");
	/* Nothing in common any more: a list. */
	state = 0;
	CHECK_EQ(cmdline_complete(cl, "set bu", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETE_AGAIN);
	CHECK_STR(text, "burst [Mul-choice STRING]: sets");
	CHECK_EQ(cmdline_complete(cl, "set bu", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETE_AGAIN);
	CHECK_STR(text, "buffers [Mul-choice STRING]: sets");
	CHECK_EQ(cmdline_complete(cl, "set bu", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETE_FINISHED);
	state = -1;
	CHECK_EQ(cmdline_complete(cl, "set mtu ", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETE_AGAIN);
	CHECK_STR(text, "[UINT16]: sets");
	state = -1;
	CHECK_EQ(cmdline_complete(cl, "set mtu 5 ", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETE_AGAIN);
	CHECK_STR(text, "[RETURN]");
	state = 0;
	CHECK_EQ(cmdline_complete(cl, "nothing ", &state, text, sizeof(text)), CMDLINE_PARSE_COMPLETE_FINISHED);
	state = 0;
	CHECK_EQ(cmdline_complete(cl, "s", &state, text, 3), CMDLINE_PARSE_COMPLETE_FINISHED);
	CHECK(cmdline_complete(cl, "s", NULL, text, sizeof(text)) < 0);
	cmdline_free(cl);
}

/* A terminal: what it would show on one line, for the few sequences the editor uses. */
static char screen[1024], handed_over[600];
static unsigned int column, columns;

static int
to_screen(struct rdline *rdl, char c)
{
	static char sequence[16];
	static unsigned int len;
	unsigned int n = 1;

	RTE_SET_USED(rdl);
	if (len > 0 || c == '\033') {
		sequence[len++] = c;
		if (len == 1 || c == '[' || (c >= '0' && c <= '9'))
			return 1;
		sequence[len] = '\0';
		len = 0;
		if (c == 'K')
			columns = column;
		if (c == 'E')
			column = 0;
		(void)sscanf(sequence, "\033[%u", &n);
		if (c == 'D')
			column -= n;
		if (c == 'C')
			column += n;
		return 1;
	}
	if (c == '\r' || c == '\n') {
		column = columns = 0;
	} else {
		screen[column++] = c;
		columns = RTE_MAX(columns, column);
	}
	return 1;
}

static void
take_line(struct rdline *rdl, const char *buf, unsigned int size)
{
	RTE_SET_USED(rdl);
	CHECK_EQ(strlen(buf) + 1, size);
	rte_strlcpy(handed_over, buf, sizeof(handed_over));
}

static int
complete_to_end(struct rdline *rdl, const char *buf, char *dst, unsigned int size, int *state)
{
	RTE_SET_USED(rdl);
	if (strcmp(buf, "be") != 0 || *state != 0)
		return 0;
	rte_strlcpy(dst, "gin ", size);
	return RDLINE_RES_COMPLETE;
}

/* Types keys and compares the line, what the screen shows of it, and where the cursor is. */
static void
type(struct rdline *rdl, const char *keys, const char *line, unsigned int cursor)
{
	char shown[1024];

	for (; *keys != '\0'; keys++)
		rdline_char_in(rdl, *keys);
	snprintf(shown, sizeof(shown), "> %s", line);
	CHECK_EQ(strlen(rdline_get_buffer(rdl)), strlen(line) + 1);
	CHECK_MEM(rdline_get_buffer(rdl), line, strlen(line));
	CHECK_EQ(columns, strlen(shown));
	CHECK_MEM(screen, shown, columns);
	CHECK_EQ(column, cursor + 2);
}

static void
the_editor_edits(void)
{
	struct rdline *rdl = rdline_new(to_screen, take_line, complete_to_end, &got);
	unsigned int i;
	char name[8];

	CHECK(rdline_get_opaque(rdl) == &got);
	CHECK_EQ(rdline_char_in(rdl, 'x'), RDLINE_RES_NOT_RUNNING);
	rdline_newline(rdl, "> ");
	type(rdl, "one two", "one two", 7);
	type(rdl, "\033[D\033[Dxy", "one txywo", 7);
	type(rdl, "\177\010", "one two", 5);
	type(rdl, "\033[C\033[C\033[C", "one two", 7);
	type(rdl, "\001\033[3~", "ne two", 0);
	type(rdl, "\033[D\006\005\002\004", "ne tw", 5);
	type(rdl, "\033b\033b\033f", "ne tw", 2);
	type(rdl, "\013", "ne", 2);
	type(rdl, "\001\031!", " tw!ne", 4);
	type(rdl, "\027", " ne", 1);
	type(rdl, "\033d", " ", 1);
	type(rdl, "a bc \033\177", " a ", 3);
	CHECK_EQ(rdline_char_in(rdl, '\003'), RDLINE_RES_SUCCESS);
	type(rdl, "", "", 0);
	CHECK_EQ(rdline_char_in(rdl, '\004'), RDLINE_RES_EOF);
	type(rdl, "be\t", "begin ", 6);
	type(rdl, "\014", "begin ", 6);
	CHECK_EQ(rdline_char_in(rdl, '\r'), RDLINE_RES_VALIDATED);
	CHECK_STR(handed_over, "begin \n");
	CHECK_EQ(rdline_char_in(rdl, 'x'), RDLINE_RES_NOT_RUNNING);
	/* No more than 512 characters. */
	rdline_newline(rdl, "> ");
	for (i = 0; i < 600; i++)
		rdline_char_in(rdl, 'z');
	CHECK_EQ(strlen(rdline_get_buffer(rdl)), 512 + 1);
	/* History: up and down, back to what was being typed. */
	CHECK_EQ(rdline_add_history(rdl, "first\n"), 0);
	CHECK_EQ(rdline_add_history(rdl, "second"), 0);
	CHECK_STR(rdline_get_history_item(rdl, 1), "first");
	CHECK(rdline_get_history_item(rdl, 2) == NULL);
	column = columns = 0;
	rdline_newline(rdl, "> ");
	type(rdl, "ty\033[A", "second", 6);
	type(rdl, "\020", "first", 5);
	type(rdl, "\033[A", "first", 5);
	type(rdl, "\033[B\016", "ty", 2);
	type(rdl, "\033[B", "ty", 2);
	/* The oldest lines make room. */
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "%u", i);
		CHECK_EQ(rdline_add_history(rdl, name), 0);
	}
	CHECK_STR(rdline_get_history_item(rdl, 0), "4999");
	CHECK_STR(rdline_get_history_item(rdl, 1000), "3999");
	CHECK(rdline_get_history_item(rdl, 4000) == NULL);
	rdline_clear_history(rdl);
	CHECK(rdline_get_history_item(rdl, 0) == NULL);
	rdline_quit(rdl);
	CHECK_EQ(rdline_char_in(rdl, 'x'), RDLINE_RES_EXITED);
	rdline_free(rdl);
	CHECK(rdline_new(to_screen, NULL, complete_to_end, NULL) == NULL);
	CHECK_EQ(rdline_char_in(NULL, 'x'), -EINVAL);
	CHECK_EQ(rdline_add_history(NULL, "x"), -EINVAL);
}

static void
numbers_have_limits(void)
{
	static const struct {
		const char *text;
		enum cmdline_numtype type;
		int taken;
		int64_t value;
	} cases[] = {
		{ "255 ", RTE_UINT8, 3, 255 }, { "256", RTE_UINT8, -1, 0 }, { "-1", RTE_UINT8, -1, 0 },
		{ "-128", RTE_INT8, 4, -128 }, { "-129", RTE_INT8, -1, 0 }, { "128", RTE_INT8, -1, 0 },
		{ "0b101#", RTE_UINT32, 5, 5 }, { "0777", RTE_INT16, 4, 511 }, { "08", RTE_INT16, -1, 0 },
		{ "-010", RTE_INT32, 4, -10 }, { "0x", RTE_UINT32, -1, 0 }, { "-", RTE_INT32, -1, 0 }, { "", RTE_INT32, -1, 0 },
		{ "-9223372036854775808", RTE_INT64, 20, INT64_MIN }, { "9223372036854775808", RTE_INT64, -1, 0 },
		{ "18446744073709551615", RTE_UINT64, 20, -1 }, { "18446744073709551616", RTE_UINT64, -1, 0 },
		{ "0xFFFFFFFFFFFFFFFF", RTE_UINT64, 18, -1 }, { "1x", RTE_UINT64, -1, 0 }, { "+1", RTE_INT64, -1, 0 },
	};
	cmdline_parse_token_num_t token = { { &cmdline_token_num_ops, 0 }, { RTE_UINT8 } };
	unsigned int i;

	for (i = 0; i < RTE_DIM(cases); i++) {
		int64_t value = 0;

		token.num_data.type = cases[i].type;
		CHECK_EQ(cmdline_parse_num(&token.hdr, cases[i].text, &value, sizeof(value)), cases[i].taken);
		CHECK_EQ(cmdline_parse_num(&token.hdr, cases[i].text, NULL, 0), cases[i].taken);
		if (cases[i].type == RTE_INT8)
			value = (int8_t)value;
		if (cases[i].type == RTE_INT32)
			value = (int32_t)value;
		CHECK_EQ(value, cases[i].value);
	}
	CHECK_EQ(cmdline_parse_num(&token.hdr, "1", &i, 4), -1);
	CHECK_EQ(cmdline_parse_num(NULL, "1", &i, 4), -1);
}

static void
addresses_and_ports_are_read(void)
{
	cmdline_parse_token_ipaddr_t net6 = TOKEN_IPV6NET_INITIALIZER(struct cmdline_ipaddr, family);
	cmdline_parse_token_ipaddr_t any = TOKEN_IPADDR_INITIALIZER(struct cmdline_ipaddr, family);
	cmdline_parse_token_ipaddr_t net = TOKEN_IPNET_INITIALIZER(struct cmdline_ipaddr, family);
	struct rte_ether_addr mac;
	cmdline_portlist_t ports;
	cmdline_ipaddr_t ip;
	char help[64];

	CHECK_EQ(cmdline_parse_ipaddr(&any.hdr, "10.1.2.3 x", &ip, sizeof(ip)), 8);
	CHECK_EQ(ip.family, AF_INET);
	CHECK_MEM(&ip.addr.ipv4, "\x0a\x01\x02\x03", 4);
	CHECK_EQ(cmdline_parse_ipaddr(&any.hdr, "fe80::1", &ip, sizeof(ip)), 7);
	CHECK_EQ(ip.family, AF_INET6);
	CHECK_EQ(cmdline_parse_ipaddr(&net.hdr, "10.0.0.0/33", &ip, sizeof(ip)), -1);
	CHECK_EQ(cmdline_parse_ipaddr(&net.hdr, "10.0.0.0", &ip, sizeof(ip)), -1);
	CHECK_EQ(cmdline_parse_ipaddr(&net.hdr, "10.0.0.0/", &ip, sizeof(ip)), -1);
	CHECK_EQ(cmdline_parse_ipaddr(&net.hdr, "2001:db8::/32", &ip, sizeof(ip)), 13);
	CHECK_EQ(ip.prefixlen, 32);
	CHECK_EQ(cmdline_parse_ipaddr(&net6.hdr, "::/128", &ip, sizeof(ip)), 6);
	CHECK_EQ(cmdline_parse_ipaddr(&net6.hdr, "10.0.0.0/8", &ip, sizeof(ip)), -1);
	CHECK_EQ(cmdline_parse_ipaddr(&any.hdr, "10.1.2.3", &ip, sizeof(ip) - 1), -1);
	CHECK_EQ(cmdline_get_help_ipaddr(&net6.hdr, help, sizeof(help)), 0);
	CHECK_STR(help, "IPv6 network");
	CHECK_EQ(cmdline_parse_etheraddr(NULL, "02:00:5e:10:00:fF\n", &mac, sizeof(mac)), 17);
	CHECK_MEM(mac.addr_bytes, "\x02\x00\x5e\x10\x00\xff", 6);
	CHECK_EQ(cmdline_parse_etheraddr(NULL, "02:00:5e:10:00", &mac, sizeof(mac)), -1);
	CHECK_EQ(cmdline_parse_etheraddr(NULL, "02:00:5e:10:00:f", &mac, sizeof(mac)), -1);
	CHECK_EQ(cmdline_parse_portlist(NULL, "0,4-6,31 x", &ports, sizeof(ports)), 8);
	CHECK_EQ(ports.map, 0x80000071u);
	CHECK_EQ(cmdline_parse_portlist(NULL, "all", &ports, sizeof(ports)), 3);
	CHECK_EQ(ports.map, UINT32_MAX);
	CHECK_EQ(cmdline_parse_portlist(NULL, "6-4", NULL, 0), -1);
	CHECK_EQ(cmdline_parse_portlist(NULL, "1,", NULL, 0), -1);
	CHECK_EQ(cmdline_parse_portlist(NULL, "32", NULL, 0), -1);
	CHECK_EQ(cmdline_parse_portlist(NULL, "0-99999999999999999999", NULL, 0), -1);
}

/* A session from a file: commands, an error, a history, the end by a command before the file's end. */
static void
a_file_is_a_session(void)
{
	FILE *f = fopen("cmdline_test.txt", "wb");
	struct cmdline *cl;
	int i;

	CHECK(f != NULL);
	fputs("set mtu 7\nbogus\necho hello\necho hello\necho quit\nset mtu 8\n", f);
	fclose(f);
	memset(&got, 0, sizeof(got));
	cl = cmdline_file_new(context, "> ", "cmdline_test.txt");
	CHECK(cl != NULL);
	cmdline_interact(cl);
	CHECK_EQ(got.runs, 4);
	CHECK_EQ(got.number, 7);
	/* The command that quit is no part of the history, the repeated one is once. */
	CHECK_STR(rdline_get_history_item(cmdline_get_rdline(cl), 0), "echo hello");
	CHECK_STR(rdline_get_history_item(cmdline_get_rdline(cl), 1), "bogus");
	CHECK_EQ(cmdline_poll(cl), RDLINE_EXITED);
	cmdline_free(cl);
	cl = cmdline_file_new(context, "> ", "cmdline_test.txt");
	for (i = 0; i < 11; i++)
		CHECK_EQ(cmdline_poll(cl), RDLINE_RUNNING);
	CHECK_EQ(got.runs, 5);
	while (cmdline_poll(cl) == RDLINE_RUNNING)
		;
	CHECK_EQ(got.runs, 8);
	CHECK_EQ(cmdline_poll(cl), RDLINE_EXITED);
	cmdline_free(cl);
	remove("cmdline_test.txt");
	CHECK(cmdline_file_new(context, "> ", "no/such/file") == NULL);
	CHECK(cmdline_file_new(context, "> ", NULL) == NULL);
	CHECK(cmdline_new(NULL, "> ", -1, -1) == NULL);
	CHECK(cmdline_new(context, NULL, -1, -1) == NULL);
	CHECK_EQ(cmdline_poll(NULL), -EINVAL);
	CHECK_EQ(cmdline_in(NULL, "x", 1), -1);
	CHECK(cmdline_get_rdline(NULL) == NULL);
	cmdline_stdin_exit(NULL);
	cmdline_quit(NULL);
	cmdline_interact(NULL);
}

int
main(void)
{
	RUN(ring_buffers_agree_with_arrays);
	RUN(keys_are_put_together);
	RUN(lines_run_their_instruction);
	RUN(starts_of_lines_are_completed);
	RUN(the_editor_edits);
	RUN(numbers_have_limits);
	RUN(addresses_and_ports_are_read);
	RUN(a_file_is_a_session);
	return check_summary();
}
