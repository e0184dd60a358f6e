/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory that runs out at the n-th request, for every n, while something is being made: the start itself, rings, pools,
 * tables, timers, ports. It is made all the same, or it fails with the documented error; then nothing is left, and the
 * next try succeeds.
 *
 * The requests are caught by the linker (--wrap, see nomem.h). There is no switch in the product.
 */
#include "check.h"
#include "nomem.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_alarm.h>
#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_fbarray.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_memzone.h>
#include <rte_ring.h>
#include <rte_stack.h>
#include <rte_timer.h>

#define TRIES_MAX 400

/* ---- the fault ---- */

static long requests;  /* since the last arm() */
static long fault_at;  /* 0: none */
static int fault_stays; /* whether all requests after it fail, too */

static void
arm(long at, int stays)
{
	__atomic_store_n(&fault_at, at, __ATOMIC_SEQ_CST);
	fault_stays = stays;
	__atomic_store_n(&requests, 0, __ATOMIC_SEQ_CST);
}

int
nomem_refused(void)
{
	long n = __atomic_add_fetch(&requests, 1, __ATOMIC_SEQ_CST), at = __atomic_load_n(&fault_at, __ATOMIC_SEQ_CST);

	return at != 0 && (n == at || (fault_stays && n > at));
}

struct eal_request;
struct eal_os_area;

static void *
map_failed(void)
{
	rte_errno = ENOMEM;
	return NULL;
}

WRAP(void *, eal_heap_alloc, (const struct eal_request *r), (r), NULL, (void)0)
WRAP(void *, eal_heap_alloc_largest, (const struct eal_request *r, size_t *size), (r, size), NULL, (void)0)
WRAP(int, eal_os_area_open, (struct eal_os_area *area, size_t len, size_t page_size, _Bool huge, size_t align,
	uintptr_t at, int node), (area, len, page_size, huge, align, at, node), ENOMEM, (void)0)
WRAP(int, eal_os_area_commit, (struct eal_os_area *area, size_t offset, size_t len, int node),
	(area, offset, len, node), ENOMEM, (void)0)
WRAP(void *, rte_mem_map, (void *at, size_t size, int prot, int flags, int fd, uint64_t offset),
	(at, size, prot, flags, fd, offset), map_failed(), (void)0)
WRAP(void *, lpm_os_map_zeros, (size_t size), (size), NULL, (void)0)

/* ---- what there is, before and after ---- */

struct inventory {
	long held;
	int next_fd; /* the lowest descriptor that is free: higher when one leaks */
	size_t heap_bytes;
	unsigned int pieces, zones, lists, ports;
};

static void
count_zone(const struct rte_memzone *mz, void *arg)
{
	(void)mz;
	(*(unsigned int *)arg)++;
}

static int
count_list(const struct rte_memseg_list *msl, void *arg)
{
	(void)msl;
	(*(unsigned int *)arg)++;
	return 0;
}

static struct inventory
take_inventory(void)
{
	struct rte_malloc_socket_stats stats = { 0 };
	struct inventory now;

	memset(&now, 0, sizeof(now));
	now.held = nomem_held();
	now.next_fd = dup(0);
	if (now.next_fd >= 0)
		close(now.next_fd);
	if (rte_malloc_get_socket_stats(0, &stats) == 0) {
		now.heap_bytes = stats.heap_allocsz_bytes;
		now.pieces = stats.alloc_count;
	}
	rte_memzone_walk(count_zone, &now.zones);
	rte_memseg_list_walk(count_list, &now.lists);
	now.ports = rte_eth_dev_count_total();
	return now;
}

static void
check_nothing_left(const char *what, long n, const struct inventory *before)
{
	struct inventory now = take_inventory();

	if (memcmp(&now, before, sizeof(now)) == 0)
		return;
	printf("    %s, out of memory at request %ld, leaves: C library %+ld, descriptor %d (was %d), heap %+ld bytes in "
		"%+d pieces, %+d zones, %+d lists, %+d ports\n", what, n, now.held - before->held, now.next_fd, before->next_fd,
		(long)(now.heap_bytes - before->heap_bytes), (int)(now.pieces - before->pieces), (int)(now.zones - before->zones),
		(int)(now.lists - before->lists), (int)(now.ports - before->ports));
	CHECK(!"nothing is left");
}

/* ---- the cases ---- */

static struct rte_ring *ring;
static struct rte_mempool *pool, *port_pool;
static struct rte_stack *stack;
static struct rte_mempool_cache *cache;
static const struct rte_memzone *zone;
static struct rte_fbarray array;
static void *piece;

static int
made(const void *thing)
{
	return thing != NULL ? 0 : rte_errno;
}

static int
make_ring(void)
{
	ring = rte_ring_create("nomem", 1024, SOCKET_ID_ANY, 0);
	return made(ring);
}

static void
free_ring(void)
{
	rte_ring_free(ring);
}

static int
make_mempool(void)
{
	pool = rte_mempool_create("nomem", 1000, 200, 32, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	return made(pool);
}

static int
make_mempool_in_steps(void)
{
	pool = rte_mempool_create_empty("nomem", 1000, 200, 32, 0, SOCKET_ID_ANY, 0);
	if (pool == NULL)
		return rte_errno;
	if (rte_mempool_set_ops_byname(pool, "ring_sp_sc", NULL) == 0) {
		int n = rte_mempool_populate_default(pool);

		if (n >= 0)
			return 0;
		rte_mempool_free(pool);
		return -n;
	}
	rte_mempool_free(pool);
	return EINVAL;
}

static int
make_pktmbuf_pool(void)
{
	pool = rte_pktmbuf_pool_create("nomem", 511, 32, 0, 2176, SOCKET_ID_ANY);
	return made(pool);
}

static void
free_pool(void)
{
	rte_mempool_free(pool);
}

static int
make_cache(void)
{
	cache = rte_mempool_cache_create(32, SOCKET_ID_ANY);
	return made(cache);
}

static void
free_cache(void)
{
	rte_mempool_cache_free(cache);
}

static int
make_stack(void)
{
	stack = rte_stack_create("nomem", 100, SOCKET_ID_ANY, RTE_STACK_F_LF);
	return made(stack);
}

static void
free_stack(void)
{
	rte_stack_free(stack);
}

static int
make_timers(void)
{
	return -rte_timer_subsystem_init();
}

static void
free_timers(void)
{
	rte_timer_subsystem_finalize();
}

static int
make_zone(void)
{
	zone = rte_memzone_reserve("nomem", 5 << 20, SOCKET_ID_ANY, 0);
	return made(zone);
}

static void
free_zone(void)
{
	rte_memzone_free(zone);
}

static int
make_grown_piece(void)
{
	void *grown;

	piece = rte_malloc(NULL, 1000, 0);
	grown = piece != NULL ? rte_realloc(piece, 2 << 20, 4096) : NULL;
	if (grown == NULL) {
		int err = rte_errno;

		rte_free(piece);
		return err;
	}
	piece = grown;
	return 0;
}

static void
free_piece(void)
{
	rte_free(piece);
}

static int
make_array(void)
{
	return rte_fbarray_init(&array, "nomem", 1000, 8) == 0 ? 0 : rte_errno;
}

static void
free_array(void)
{
	rte_fbarray_destroy(&array);
}

static char memory[2 << 20] __rte_aligned(4096);

static int
make_heap(void)
{
	if (rte_malloc_heap_create("nomem") != 0)
		return rte_errno;
	if (rte_malloc_heap_memory_add("nomem", memory, sizeof(memory), NULL, 0, 4096) != 0) {
		int err = rte_errno;

		rte_malloc_heap_destroy("nomem");
		return err;
	}
	return 0;
}

static void
free_heap(void)
{
	rte_malloc_heap_memory_remove("nomem", memory, sizeof(memory));
	rte_malloc_heap_destroy("nomem");
}

static void
on_event(enum rte_mem_event event, const void *addr, size_t len, void *arg)
{
	(void)event;
	(void)addr;
	(void)len;
	(void)arg;
}

static int
make_listener(void)
{
	return rte_mem_event_callback_register("nomem", on_event, NULL) == 0 ? 0 : rte_errno;
}

static void
free_listener(void)
{
	rte_mem_event_callback_unregister("nomem", NULL);
}

static uint16_t port;

static int
make_port(const char *device, const char *args)
{
	struct rte_eth_conf conf = { 0 };
	int ret = rte_vdev_init(device, args);

	if (ret != 0)
		return -ret;
	ret = rte_eth_dev_get_port_by_name(device, &port);
	if (ret == 0)
		ret = rte_eth_dev_configure(port, 2, 2, &conf);
	if (ret == 0)
		ret = rte_eth_rx_queue_setup(port, 0, 64, 0, NULL, port_pool);
	if (ret == 0)
		ret = rte_eth_rx_queue_setup(port, 1, 64, 0, NULL, port_pool);
	if (ret == 0)
		ret = rte_eth_tx_queue_setup(port, 0, 64, 0, NULL);
	if (ret == 0)
		ret = rte_eth_tx_queue_setup(port, 1, 64, 0, NULL);
	if (ret == 0)
		ret = rte_eth_dev_start(port);
	if (ret != 0)
		rte_vdev_uninit(device);
	return -ret;
}

static int
make_null_port(void)
{
	return make_port("net_null_nomem", "size=64");
}

static void
free_null_port(void)
{
	rte_eth_dev_stop(port);
	rte_vdev_uninit("net_null_nomem");
}

static int
make_ring_port(void)
{
	return make_port("net_ring_nomem", "");
}

static void
free_ring_port(void)
{
	rte_eth_dev_stop(port);
	rte_vdev_uninit("net_ring_nomem");
}

static int
lcore_comes(unsigned int lcore_id, void *arg)
{
	(void)lcore_id;
	(void)arg;
	return 0;
}

static void *lcore_handle;

static int
make_lcore_callback(void)
{
	lcore_handle = rte_lcore_callback_register("nomem", lcore_comes, NULL, NULL);
	return made(lcore_handle);
}

static void
free_lcore_callback(void)
{
	rte_lcore_callback_unregister(lcore_handle);
}

static void
on_alarm(void *arg)
{
	(void)arg;
}

static int
make_alarm(void)
{
	return -rte_eal_alarm_set(3600u * 1000000, on_alarm, &piece);
}

static void
free_alarm(void)
{
	rte_eal_alarm_cancel(on_alarm, &piece);
}

static const struct rte_eth_rxtx_callback *link_of_chain;

static uint16_t
on_burst(uint16_t port_id, uint16_t queue, struct rte_mbuf *pkts[], uint16_t n, uint16_t max, void *arg)
{
	(void)port_id;
	(void)queue;
	(void)pkts;
	(void)max;
	(void)arg;
	return n;
}

static int
make_port_with_callback(void)
{
	int err = make_null_port();

	if (err != 0)
		return err;
	link_of_chain = rte_eth_add_rx_callback(port, 0, on_burst, NULL);
	if (link_of_chain == NULL) {
		err = rte_errno;
		free_null_port();
	}
	return err;
}

static void
free_port_with_callback(void)
{
	rte_eth_remove_rx_callback(port, 0, link_of_chain);
	rte_free((void *)(uintptr_t)link_of_chain); /* a removed link is its adder's */
	free_null_port();
}

static const struct thing things[] = {
	{ "ring", make_ring, free_ring, 0 },
	{ "mempool", make_mempool, free_pool, 0 },
	{ "mempool in steps", make_mempool_in_steps, free_pool, 0 },
	{ "packet pool", make_pktmbuf_pool, free_pool, 0 },
	{ "mempool cache", make_cache, free_cache, 0 },
	{ "stack", make_stack, free_stack, 0 },
	{ "timers", make_timers, free_timers, 0 },
	{ "memzone", make_zone, free_zone, 0 },
	{ "piece that is moved", make_grown_piece, free_piece, 0 },
	{ "fbarray", make_array, free_array, 0 },
	{ "heap of the user's", make_heap, free_heap, 0 },
	{ "memory event callback", make_listener, free_listener, 0 },
	{ "lcore callback", make_lcore_callback, free_lcore_callback, 0 },
	{ "alarm", make_alarm, free_alarm, 0 },
	/* rte_kvargs_parse() gives NULL for bad arguments and for no memory alike. */
	{ "null port", make_null_port, free_null_port, EINVAL },
	{ "port with a callback", make_port_with_callback, free_port_with_callback, EINVAL },
	{ "ring port", make_ring_port, free_ring_port, EINVAL },
};

static void
try_thing(const struct thing *thing, int stays)
{
	struct inventory before;
	long n, used;
	int err;

	/* Once in peace and once not: what stays for good after the first use or the first log line is no leak. */
	arm(0, 0);
	CHECK_EQ(thing->make(), 0);
	thing->unmake();
	arm(1, stays);
	err = thing->make();
	arm(0, 0);
	if (err == 0)
		thing->unmake();
	before = take_inventory();
	for (n = 1; n <= TRIES_MAX; n++) {
		arm(n, stays);
		err = thing->make();
		used = requests;
		arm(0, 0);
		if (err == 0)
			thing->unmake();
		else if (err != ENOMEM && err != EAGAIN && err != thing->also)
			printf("    %s, out of memory at request %ld: error %d (%s)\n", thing->name, n, err, rte_strerror(err));
		CHECK(err == 0 || err == ENOMEM || err == EAGAIN || err == thing->also);
		check_nothing_left(thing->name, n, &before);
		if (used < n)
			break;
	}
	CHECK(n <= TRIES_MAX);
	printf("    %s: %ld requests\n", thing->name, n - 1);
	CHECK_EQ(thing->make(), 0);
	thing->unmake();
}

static void
everything_fails_cleanly_when_one_request_fails(void)
{
	size_t i;

	for (i = 0; i < RTE_DIM(things); i++)
		try_thing(&things[i], 0);
	for (i = 0; i < nomem_tables_count; i++)
		try_thing(&nomem_tables[i], 0);
}

static void
everything_fails_cleanly_when_memory_is_out_for_good(void)
{
	size_t i;

	for (i = 0; i < RTE_DIM(things); i++)
		try_thing(&things[i], 1);
	for (i = 0; i < nomem_tables_count; i++)
		try_thing(&nomem_tables[i], 1);
}

static int
start(const char *device)
{
	const char *const arguments[] = { "test", "--no-huge", "--lcores", "(0-2)@0", "--vdev", device };
	static char copies[RTE_DIM(arguments)][64];
	char *argv[RTE_DIM(arguments) + 1] = { NULL };
	size_t i;

	/* The EAL may keep pointers into its arguments. */
	for (i = 0; i < RTE_DIM(arguments); i++) {
		snprintf(copies[i], sizeof(copies[i]), "%s", arguments[i]);
		argv[i] = copies[i];
	}
	return rte_eal_init((int)RTE_DIM(arguments), argv) >= 0 ? 0 : rte_errno;
}

static void
a_start_without_memory_fails_and_can_be_repeated(void)
{
	struct inventory before;
	int err = -1, first = 1, failures = 0;
	long n;

	/* Drivers make themselves known once, before anything else; what that takes stays. */
	CHECK(start("net_null0,size=0") != 0);
	memset(&before, 0, sizeof(before));
	for (n = 1; n <= TRIES_MAX; n++) {
		arm(n, n % 2 == 0);
		err = start("net_null0");
		if (err == 0)
			break;
		arm(0, 0);
		failures++;
		/* EINVAL: a driver whose arguments rte_kvargs_parse() did not give does not learn why. */
		if (err != ENOMEM && err != EAGAIN && err != EINVAL)
			printf("    start, out of memory at request %ld: error %d (%s)\n", n, err, rte_strerror(err));
		CHECK(err == ENOMEM || err == EAGAIN || err == EINVAL);
		if (first)
			before = take_inventory();
		first = 0;
		check_nothing_left("start", n, &before);
	}
	arm(0, 0);
	CHECK_EQ(err, 0);
	printf("    start: %d failures\n", failures);
	CHECK(failures >= 5);
	port_pool = rte_pktmbuf_pool_create("port", 1023, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	CHECK(port_pool != NULL);
}

int
main(void)
{
	/* Each refusal is logged; only what this program prints matters. */
	rte_log_set_global_level(RTE_LOG_EMERG);
	RUN(a_start_without_memory_fails_and_can_be_repeated);
	if (check_failed == 0) {
		RUN(everything_fails_cleanly_when_one_request_fails);
		RUN(everything_fails_cleanly_when_memory_is_out_for_good);
	}
	if (rte_eal_cleanup() != 0)
		printf("    rte_eal_cleanup() failed\n");
	return check_summary();
}
