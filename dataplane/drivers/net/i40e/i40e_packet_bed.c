/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port of the device model as a tool of tests: lines on stdin say what it does, each is answered by lines of JSON on stdout. What
 * is right is judged by who asks (test/xl710). i40e_packet_bed BAR DMA [IRQ]
 *
 *     configure rxq=N txq=N rxd=N txd=N mtu=N rx=OFFLOADS tx=OFFLOADS rss rxint lsc simd=BITS
 *     link                          waits until it is up
 *     send [q=N] [raw] [flags=FLAGS] [l2=N] [l3=N] [l4=N] [ol2=N] [ol3=N] [mss=N] [vlan=N] [cut=N,N,...] HEX
 *     receive N                     N packets, of whatever queues
 *     rule ip=4|6 l4=udp|tcp|sctp [src=HEX] [dst=HEX] [sport=N] [dport=N] [queue=N] [drop] [mark=N]; unrule N; flush
 *     listen q=N; arm q=N; disarm q=N; await ms=N
 *     events                        how often the link was said to have changed
 *     stop; quit
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_epoll.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_flow.h>
#include <rte_mbuf.h>
#include <rte_vect.h>

#define WAIT_MS 20000
#define LINE_MAX_SIZE (1u << 19)
#define FRAME_MAX (1u << 17)
#define WORDS_MAX 40
#define RULES_MAX 64

static char line[LINE_MAX_SIZE];
static uint8_t frame[FRAME_MAX];
static char *words[WORDS_MAX];
static unsigned int word_count;

static uint16_t port;
static uint16_t rx_queues;
static struct rte_mempool *pool;
static struct rte_flow *rules[RULES_MAX];
static unsigned int rule_count;

/* ---- Words of a line ---- */

/* What stands behind "key=", "" for a bare key, NULL when it is not there. */
static const char *
word(const char *key)
{
	const size_t n = strlen(key);

	for (unsigned int i = 1; i < word_count; i++)
		if (strncmp(words[i], key, n) == 0 && (words[i][n] == '=' || words[i][n] == '\0'))
			return words[i] + n + (words[i][n] == '=');
	return NULL;
}

static unsigned long
number(const char *key, unsigned long otherwise)
{
	const char *text = word(key);

	return text != NULL ? strtoul(text, NULL, 0) : otherwise;
}

static int
nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint32_t
bytes_of(const char *hex, uint8_t *to, uint32_t room)
{
	uint32_t n = 0;

	for (; n < room && nibble(hex[0]) >= 0 && nibble(hex[1]) >= 0; hex += 2)
		to[n++] = (uint8_t)(nibble(hex[0]) << 4 | nibble(hex[1]));
	return n;
}

typedef const char *name_function(uint64_t bit);

/* A list as "VLAN_STRIP,SCATTER"; false for a name that is none. */
static bool
bits_of(const char *list, name_function *name, uint64_t *bits)
{
	*bits = 0;
	while (list != NULL && *list != '\0') {
		const size_t n = strcspn(list, ",");
		unsigned int i = 0;

		while (i < 64 && (strlen(name(1ULL << i)) != n || strncmp(name(1ULL << i), list, n) != 0))
			i++;
		if (i == 64)
			return false;
		*bits |= 1ULL << i;
		list += n + (list[n] == ',');
	}
	return true;
}

#define FLAG(name) {#name, RTE_MBUF_F_TX_##name}
static const struct {
	const char *name;
	uint64_t flag;
} tx_flags[] = {
	FLAG(IPV4), FLAG(IPV6), FLAG(IP_CKSUM), FLAG(TCP_CKSUM), FLAG(UDP_CKSUM), FLAG(SCTP_CKSUM), FLAG(TCP_SEG), FLAG(VLAN),
	FLAG(QINQ), FLAG(OUTER_IPV4), FLAG(OUTER_IPV6), FLAG(OUTER_IP_CKSUM), FLAG(OUTER_UDP_CKSUM), FLAG(TUNNEL_VXLAN),
	FLAG(TUNNEL_GRE), FLAG(TUNNEL_IPIP), FLAG(TUNNEL_GENEVE),
};

static bool
flags_of(const char *list, uint64_t *flags)
{
	*flags = 0;
	while (list != NULL && *list != '\0') {
		const size_t n = strcspn(list, ",");
		unsigned int i = 0;

		while (i < RTE_DIM(tx_flags) && (strlen(tx_flags[i].name) != n || strncmp(tx_flags[i].name, list, n) != 0))
			i++;
		if (i == RTE_DIM(tx_flags))
			return false;
		*flags |= tx_flags[i].flag;
		list += n + (list[n] == ',');
	}
	return true;
}

/* ---- Answers ---- */

static void
done(const char *event)
{
	printf("{\"event\":\"%s\"}\n", event);
}

/* Error numbers are not the same on every system. */
static void
refused(int error, const char *why)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {{EINVAL, "EINVAL"}, {ENOTSUP, "ENOTSUP"}, {EEXIST, "EEXIST"}, {EBUSY, "EBUSY"}, {ENOSPC, "ENOSPC"}, {EIO, "EIO"},
		{ENOMEM, "ENOMEM"}, {ENOENT, "ENOENT"}, {ETIMEDOUT, "ETIMEDOUT"}, {ENODEV, "ENODEV"}};
	const char *name = "unknown";

	for (unsigned int i = 0; i < RTE_DIM(names); i++)
		if (names[i].error == abs(error))
			name = names[i].name;
	printf("{\"event\":\"refused\",\"code\":\"%s\",\"number\":%d,\"why\":\"%s\"}\n", name, abs(error), why);
}

/* ---- Commands ---- */

static int
start_queues(uint16_t rxq, uint16_t txq)
{
	int error = 0;

	for (uint16_t q = 0; q < rxq && error == 0; q++)
		error = rte_eth_rx_queue_setup(port, q, (uint16_t)number("rxd", 512), SOCKET_ID_ANY, NULL, pool);
	for (uint16_t q = 0; q < txq && error == 0; q++)
		error = rte_eth_tx_queue_setup(port, q, (uint16_t)number("txd", 512), SOCKET_ID_ANY, NULL);
	return error == 0 ? rte_eth_dev_start(port) : error;
}

static void
configure(void)
{
	struct rte_eth_dev_info info;
	struct rte_eth_conf conf = {.intr_conf = {.lsc = word("lsc") != NULL, .rxq = word("rxint") != NULL}};
	const uint16_t rxq = (uint16_t)number("rxq", 1), txq = (uint16_t)number("txq", 1);
	struct rte_eth_burst_mode rx, tx;
	struct rte_eth_rss_conf rss = {.rss_key = frame, .rss_key_len = 52};
	int error = rte_eth_dev_info_get(port, &info);

	if (!bits_of(word("rx"), rte_eth_dev_rx_offload_name, &conf.rxmode.offloads) ||
			!bits_of(word("tx"), rte_eth_dev_tx_offload_name, &conf.txmode.offloads)) {
		refused(EINVAL, "no such offload");
		return;
	}
	if (word("rss") != NULL) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf = info.flow_type_rss_offloads;
	}
	if (error == 0)
		error = rte_vect_set_max_simd_bitwidth((uint16_t)number("simd", RTE_VECT_SIMD_256));
	if (error == 0)
		error = rte_eth_dev_configure(port, rxq, txq, &conf);
	if (error == 0)
		error = rte_eth_dev_set_mtu(port, (uint16_t)number("mtu", 1500));
	if (error == 0)
		error = start_queues(rxq, txq);
	if (error == 0)
		error = rte_eth_promiscuous_enable(port);
	if (error == 0)
		error = rte_eth_rx_burst_mode_get(port, 0, &rx);
	if (error == 0)
		error = rte_eth_tx_burst_mode_get(port, 0, &tx);
	if (error == 0)
		error = rte_eth_dev_rss_hash_conf_get(port, &rss);
	if (error != 0) {
		refused(error, "the port does not start");
		return;
	}
	rx_queues = rxq;
	printf("{\"event\":\"configured\",\"rx\":\"%s\",\"tx\":\"%s\",\"key\":\"", rx.info, tx.info);
	for (unsigned int i = 0; i < rss.rss_key_len; i++)
		printf("%02x", frame[i]);
	puts("\"}");
}

static void
await_link(void)
{
	struct rte_eth_link link = {0};

	for (int i = 0; i < WAIT_MS / 5 && link.link_status == RTE_ETH_LINK_DOWN; i++) {
		if (i > 0)
			rte_delay_us_sleep(5000);
		rte_eth_link_get_nowait(port, &link);
	}
	printf("{\"event\":\"link\",\"up\":%s,\"speed\":%u}\n", link.link_status ? "true" : "false", link.link_speed);
}

/* The frame in segments of the lengths that `cuts` has, the rest in the last; 0 is an empty segment. */
static struct rte_mbuf *
make_packet(uint32_t length, const char *cuts)
{
	struct rte_mbuf *head = NULL;
	uint32_t at = 0;
	char *end;

	do {
		uint32_t size = length - at;
		struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

		if (cuts != NULL && *cuts != '\0') {
			size = RTE_MIN(size, (uint32_t)strtoul(cuts, &end, 10));
			cuts = *end == ',' ? end + 1 : end;
		} else {
			cuts = NULL;
		}
		if (m != NULL) {
			size = RTE_MIN(size, (uint32_t)rte_pktmbuf_tailroom(m));
			memcpy(rte_pktmbuf_append(m, (uint16_t)size), frame + at, size);
			at += size;
		}
		if (m == NULL || (head != NULL && rte_pktmbuf_chain(head, m) != 0)) {
			rte_pktmbuf_free(m);
			rte_pktmbuf_free(head);
			return NULL;
		}
		head = head == NULL ? m : head;
	} while (at < length || cuts != NULL);
	return head;
}

static void
send_packet(void)
{
	const uint16_t queue = (uint16_t)number("q", 0);
	const uint32_t length = bytes_of(words[word_count - 1], frame, FRAME_MAX);
	struct rte_mbuf *m = make_packet(length, word("cut"));
	uint64_t flags;

	if (m == NULL || !flags_of(word("flags"), &flags)) {
		rte_pktmbuf_free(m);
		refused(EINVAL, "no such packet or flag");
		return;
	}
	m->ol_flags |= flags;
	m->l2_len = number("l2", 0) & 0x7F;
	m->l3_len = number("l3", 0) & 0x1FF;
	m->l4_len = number("l4", 0) & 0xFF;
	m->outer_l2_len = number("ol2", 0) & 0x7F;
	m->outer_l3_len = number("ol3", 0) & 0x1FF;
	m->tso_segsz = (uint16_t)number("mss", 0);
	m->vlan_tci = (uint16_t)number("vlan", 0);
	if (word("raw") == NULL && rte_eth_tx_prepare(port, queue, &m, 1) != 1) {
		refused(rte_errno, "not prepared");
		rte_pktmbuf_free(m);
		return;
	}
	for (int i = 0; i < WAIT_MS; i++) {
		if (rte_eth_tx_burst(port, queue, &m, 1) == 1) {
			done("sent");
			return;
		}
		rte_delay_us_sleep(1000);
	}
	rte_pktmbuf_free(m);
	refused(ETIMEDOUT, "the queue stays full");
}

static void
show_packet(uint16_t queue, const struct rte_mbuf *m)
{
	char flags[512], type[256];
	const uint8_t *at = rte_pktmbuf_read(m, 0, m->pkt_len, frame);

	if (rte_get_rx_ol_flag_list(m->ol_flags, flags, sizeof(flags)) != 0 ||
			rte_get_ptype_name(m->packet_type, type, sizeof(type)) != 0)
		flags[0] = type[0] = '\0';
	printf("{\"event\":\"packet\",\"queue\":%u,\"segments\":%u,\"flags\":\"%s\",\"type\":\"%s\",\"hash\":%u,\"mark\":%u,\"vlan\":%u,"
		"\"bytes\":\"", queue, m->nb_segs, flags, type, m->hash.rss, m->hash.fdir.hi, m->vlan_tci);
	for (uint32_t i = 0; i < m->pkt_len; i++)
		printf("%02x", at[i]);
	puts("\"}");
}

static void
receive(void)
{
	const unsigned int wanted = (unsigned int)strtoul(words[word_count - 1], NULL, 10);
	unsigned int got = 0;

	for (int i = 0; i < WAIT_MS && got < wanted; i++) {
		const unsigned int before = got;

		for (uint16_t q = 0; q < rx_queues; q++) {
			struct rte_mbuf *m[32];
			const uint16_t n = rte_eth_rx_burst(port, q, m, RTE_DIM(m));

			for (uint16_t j = 0; j < n; j++) {
				show_packet(q, m[j]);
				rte_pktmbuf_free(m[j]);
			}
			got += n;
		}
		if (got == before)
			rte_delay_us_sleep(1000);
	}
	printf("{\"event\":\"received\",\"packets\":%u}\n", got);
}

static void
make_rule(void)
{
	const struct rte_flow_attr attr = {.ingress = 1};
	const bool v6 = number("ip", 4) == 6;
	const char *l4 = word("l4"), *src = word("src"), *dst = word("dst"), *mark_text = word("mark"), *queue_text = word("queue");
	struct rte_flow_item_ipv4 ip4 = {0}, ip4_mask = {0};
	struct rte_flow_item_ipv6 ip6 = {0}, ip6_mask = {0};
	/* UDP, TCP and SCTP begin alike. */
	struct rte_flow_item_tcp tcp = {.hdr = {.src_port = rte_cpu_to_be_16((uint16_t)number("sport", 0)),
		.dst_port = rte_cpu_to_be_16((uint16_t)number("dport", 0))}};
	const struct rte_flow_item_tcp tcp_mask = {.hdr = {.src_port = word("sport") ? 0xFFFF : 0, .dst_port = word("dport") ? 0xFFFF : 0}};
	const struct rte_flow_action_queue queue = {.index = (uint16_t)number("queue", 0)};
	const struct rte_flow_action_mark mark = {.id = (uint32_t)number("mark", 0)};
	struct rte_flow_item items[4] = {{.type = RTE_FLOW_ITEM_TYPE_ETH},
		{.type = v6 ? RTE_FLOW_ITEM_TYPE_IPV6 : RTE_FLOW_ITEM_TYPE_IPV4, .spec = v6 ? (void *)&ip6 : &ip4,
			.mask = v6 ? (void *)&ip6_mask : &ip4_mask}};
	struct rte_flow_action actions[3] = {{.type = RTE_FLOW_ACTION_TYPE_END}, {.type = RTE_FLOW_ACTION_TYPE_END}};
	unsigned int n = 0;
	struct rte_flow_error error = {0};

	if (src != NULL) {
		memset(v6 ? (void *)ip6_mask.hdr.src_addr : &ip4_mask.hdr.src_addr, 0xFF, v6 ? 16 : 4);
		bytes_of(src, v6 ? ip6.hdr.src_addr : (uint8_t *)&ip4.hdr.src_addr, v6 ? 16 : 4);
	}
	if (dst != NULL) {
		memset(v6 ? (void *)ip6_mask.hdr.dst_addr : &ip4_mask.hdr.dst_addr, 0xFF, v6 ? 16 : 4);
		bytes_of(dst, v6 ? ip6.hdr.dst_addr : (uint8_t *)&ip4.hdr.dst_addr, v6 ? 16 : 4);
	}
	if (l4 != NULL)
		items[2] = (struct rte_flow_item){.type = strcmp(l4, "udp") == 0 ? RTE_FLOW_ITEM_TYPE_UDP :
			strcmp(l4, "tcp") == 0 ? RTE_FLOW_ITEM_TYPE_TCP : RTE_FLOW_ITEM_TYPE_SCTP, .spec = &tcp, .mask = &tcp_mask};
	if (queue_text != NULL || word("drop") != NULL)
		actions[n++] = (struct rte_flow_action){.type = queue_text != NULL ? RTE_FLOW_ACTION_TYPE_QUEUE : RTE_FLOW_ACTION_TYPE_DROP,
			.conf = queue_text != NULL ? &queue : NULL};
	if (mark_text != NULL)
		actions[n++] = (struct rte_flow_action){.type = RTE_FLOW_ACTION_TYPE_MARK, .conf = &mark};
	if (rule_count < RULES_MAX)
		rules[rule_count] = rte_flow_create(port, &attr, items, actions, &error);
	if (rule_count == RULES_MAX || rules[rule_count] == NULL)
		refused(rule_count == RULES_MAX ? ENOSPC : rte_errno, error.message != NULL ? error.message : "");
	else
		printf("{\"event\":\"rule\",\"id\":%u}\n", rule_count++);
}

static void
end_rules(void)
{
	struct rte_flow_error error = {0};
	const unsigned long id = strtoul(words[word_count - 1], NULL, 10);
	int result = -ENOENT;

	if (strcmp(words[0], "flush") == 0)
		result = rte_flow_flush(port, &error);
	else if (id < rule_count && rules[id] != NULL) {
		result = rte_flow_destroy(port, rules[id], &error);
		rules[id] = NULL;
	}
	if (result == 0)
		done("ended");
	else
		refused(rte_errno, error.message != NULL ? error.message : "there is no such rule");
}

static void
interrupts(void)
{
	const uint16_t queue = (uint16_t)number("q", 0);
	int result = strcmp(words[0], "listen") == 0 ?
		rte_eth_dev_rx_intr_ctl_q(port, queue, RTE_EPOLL_PER_THREAD, RTE_INTR_EVENT_ADD, (void *)(uintptr_t)(queue + 1u)) :
		strcmp(words[0], "arm") == 0 ? rte_eth_dev_rx_intr_enable(port, queue) : rte_eth_dev_rx_intr_disable(port, queue);

	if (result == 0)
		done(words[0]);
	else
		refused(result, words[0]);
}

/* Sleeps until a queue that was armed has something, or the time is over: the numbers of those that have. */
static void
await_interrupt(void)
{
	struct rte_epoll_event events[16];
	const int n = rte_epoll_wait(RTE_EPOLL_PER_THREAD, events, RTE_DIM(events), (int)number("ms", 0));

	if (n < 0) {
		refused(errno, "no waiting");
		return;
	}
	printf("{\"event\":\"woken\",\"queues\":[");
	for (int i = 0; i < n; i++)
		printf("%s%d", i == 0 ? "" : ",", (int)(uintptr_t)events[i].epdata.data - 1);
	puts("]}");
}

static int link_events;

static int
on_link(uint16_t id, enum rte_eth_event_type type, void *context, void *param)
{
	RTE_SET_USED(id);
	RTE_SET_USED(type);
	RTE_SET_USED(context);
	RTE_SET_USED(param);
	__atomic_add_fetch(&link_events, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void
show_events(void)
{
	printf("{\"event\":\"events\",\"link\":%d}\n", __atomic_load_n(&link_events, __ATOMIC_SEQ_CST));
}

static void
stop(void)
{
	const int result = rte_eth_dev_stop(port);

	if (result == 0)
		/* Every buffer is back. */
		printf("{\"event\":\"stopped\",\"missing\":%u}\n", rte_mempool_in_use_count(pool));
	else
		refused(result, "not stopped");
}

static bool
obey(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} commands[] = {{"configure", configure}, {"link", await_link}, {"send", send_packet}, {"receive", receive}, {"rule", make_rule},
		{"unrule", end_rules}, {"flush", end_rules}, {"listen", interrupts}, {"arm", interrupts}, {"disarm", interrupts},
		{"await", await_interrupt}, {"events", show_events}, {"stop", stop}};

	word_count = 0;
	for (char *at = strtok(line, " \r\n"); at != NULL && word_count < WORDS_MAX; at = strtok(NULL, " \r\n"))
		words[word_count++] = at;
	if (word_count == 0)
		return true;
	if (strcmp(words[0], "quit") == 0)
		return false;
	for (unsigned int i = 0; i < RTE_DIM(commands); i++)
		if (strcmp(words[0], commands[i].name) == 0) {
			commands[i].run();
			return true;
		}
	refused(EINVAL, "no such command");
	return true;
}

int
main(int argc, char **argv)
{
	static char device[4096];
	char *arguments[] = {argv[0], "--no-pci", "-m", "64", "--in-memory", "--vdev", device, NULL};
	int closed;

	if (argc < 3)
		return 2;
	snprintf(device, sizeof(device), "pci_model0,bar=%s,dma=%s%s%s", argv[1], argv[2], argc > 3 ? ",irq=" : "", argc > 3 ? argv[3] : "");
	if (rte_eal_init((int)RTE_DIM(arguments) - 1, arguments) < 0 || rte_eth_dev_count_avail() != 1)
		return 1;
	pool = rte_pktmbuf_pool_create("pool", 8191, 256, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (pool == NULL || rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, on_link, NULL) != 0)
		return 1;
	done("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL && obey())
		fflush(stdout);
	(void)rte_eth_dev_stop(port);
	closed = rte_eth_dev_close(port);
	closed = rte_eal_cleanup() != 0 || closed != 0;
	if (!closed)
		done("closed");
	return closed;
}
