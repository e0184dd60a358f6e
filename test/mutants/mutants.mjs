// SPDX-License-Identifier: BSD-3-Clause
//
// One-line defects, each with the test that must notice it (`npm run mutants`, and part of `npm test`; those that a fuzz target has to
// find: `npm run fuzz -- --planted`).
//   line, becomes   the line as it stands once in `file`, without its indentation, and what takes its place
//   killedBy        { ctest: name, target?, also?, preset? }      a C unit test; `target`: of another name, `also`: what it runs
//                   { vitest: file, test?, dataplane?: true }     `dataplane`: run against the mutant's executable
//                   { fuzz: target }                              a fuzz target, within 60 s

import { core } from './core.mjs';
import { l3fwd } from './l3fwd.mjs';
import { machine } from './machine.mjs';
import { pci } from './pci.mjs';
import { uio } from './uio.mjs';
import { xl710Control } from './xl710-control.mjs';
import { xl710Data } from './xl710-data.mjs';

/** What a hostile client could do. */
const trust = [
  {
    name: 'slot-owner-not-checked',
    file: 'shm-protocol/c/shm_queue.h',
    line: 'if (*owner != SHM_OWNER_CLIENT)',
    becomes: 'if (*owner > SHM_OWNER_TX)',
    killedBy: { ctest: 'shm_queue_test' },
  },
  {
    name: 'descriptor-fetched-twice',
    file: 'shm-protocol/c/shm_queue.h',
    line: 'frame->bytes = desc.length;',
    becomes: 'frame->bytes = shm_desc_copy(shm_ring_desc(&queue->tx, queue->tx.own - 1)).length;',
    killedBy: { ctest: 'shm_stress_test' },
  },
  {
    name: 'reserved-fields-not-checked',
    file: 'shm-protocol/c/shm_queue.h',
    line: 'if ((desc->port | desc->meta) != 0)',
    becomes: 'if (desc->port > UINT16_MAX - 1 && desc->meta != 0)',
    killedBy: { ctest: 'shm_queue_test' },
  },
  {
    name: 'descriptor-length-wraps',
    file: 'shm-protocol/c/shm_queue.h',
    line: 'if (desc->length == 0 || desc->length > queue->slot_size)',
    becomes: 'if (desc->length == 0)',
    killedBy: { ctest: 'shm_queue_test' },
  },
  {
    name: 'token-works-twice',
    file: 'dataplane/app/control/clients.c',
    line: 'found->token_valid = false;',
    becomes: '(void)0;',
    killedBy: { ctest: 'hostile_test', also: ['wdpdk-dataplane'] },
  },
];

/** Publishing, waiting, ending. */
const concurrency = [
  {
    name: 'no-fence-before-armed',
    file: 'shm-protocol/c/shm_ring.h',
    line: 'shm_store(ring->own_word, ring->own);',
    becomes: '__atomic_store_n(ring->own_word, ring->own - 1, __ATOMIC_RELAXED);',
    killedBy: { ctest: 'shm_stress_test' },
  },
  {
    name: 'no-grace-period',
    file: 'dataplane/app/engine/builder.c',
    line: 'wait_for_lcore(&lcores[i], sequence);',
    becomes: '(void)wait_for_lcore;',
    killedBy: { ctest: 'engine_test' },
  },
  {
    name: 'client-sleeps-unarmed',
    file: 'ts-client/src/wait.ts',
    line: 'source.arm();',
    becomes: '',
    killedBy: { vitest: 'ts-client/src/queues/loops.test.ts', test: 'sleeps armed' },
  },
  {
    name: 'no-second-look-before-sleep',
    file: 'ts-client/src/wait.ts',
    line: 'source.arm();',
    becomes: 'source.arm(); if (Number.isNaN(0))',
    killedBy: { vitest: 'ts-client/src/queues/loops.test.ts' },
  },
];

/** Forwarding and its transactions. */
const forwarding = [
  {
    name: 'generation-not-compared',
    file: 'dataplane/app/engine/builder_forwarding.c',
    line: 'if (change->if_generation != 0 && change->if_generation != generation) {',
    becomes: 'if (change->if_generation > generation) {',
    killedBy: { ctest: 'transaction_test' },
  },
  {
    name: 'waiting-change-overwritten',
    file: 'dataplane/app/engine/builder_forwarding.c',
    line: 'if (pending.waits) {',
    becomes: 'if (pending.waits && change->if_generation == 1) {',
    killedBy: { vitest: 'test/transactions.test.ts', test: 'keeps every other writer out', dataplane: true },
  },
  {
    name: 'dead-author-forgotten',
    file: 'dataplane/app/engine/builder_forwarding.c',
    line: 'if (pending.waits && pending.author == author)',
    becomes: 'if (pending.waits && pending.author == author && author == 0)',
    killedBy: { vitest: 'test/transactions.test.ts', test: 'killed between set and confirm', dataplane: true },
  },
  {
    name: 'confirmed-by-anybody',
    file: 'dataplane/app/engine/builder_forwarding.c',
    line: 'if (pending.waits && pending.author == job->author && generation == job->generation)',
    becomes: 'if (pending.waits && generation == job->generation)',
    killedBy: { ctest: 'transaction_test' },
  },
  {
    name: 'duplicate-routes-taken',
    file: 'dataplane/app/config/forwarding_routes.c',
    line: 'if (route_compare_prefixes(&config->routes[one], &config->routes[other]) != 0)',
    becomes: 'if (one != other)',
    killedBy: { ctest: 'config_test' },
  },
  {
    name: 'unknown-keys-taken',
    file: 'dataplane/app/config/schema_check.c',
    line: 'schema_issue_add(walk->issues, &at, "unknown key; known here: %s", node->known);',
    becomes: '(void)at;',
    killedBy: { ctest: 'schema_vectors_test' },
  },
  {
    name: 'no-maximum',
    file: 'dataplane/app/config/schema_check.c',
    line: 'return node->number_count == 0 && number >= node->minimum && number <= node->maximum;',
    becomes: 'return node->number_count == 0 && number >= node->minimum;',
    killedBy: { ctest: 'schema_vectors_test' },
  },
  {
    name: 'diff-overlooks-macs',
    file: 'dataplane/app/config/forwarding_diff.c',
    line: 'return a->via == b->via && memcmp(&a->next_hop, &b->next_hop, sizeof(a->next_hop)) == 0;',
    becomes: 'return a->via == b->via;',
    killedBy: { ctest: 'forwarding_diff_test' },
  },
];

/** Who sees what, and what is counted. */
const clients = [
  {
    name: 'hash-of-one-direction',
    file: 'dataplane/app/match/frame_hash.c',
    line: 'hash = fold((a + b) ^ SALT_C, (a ^ b) ^ SALT_B ^ kind << 1);',
    becomes: 'hash = fold((a + b) ^ SALT_C, (a - b) ^ SALT_B ^ kind << 1);',
    killedBy: { ctest: 'frame_key_test' },
  },
  {
    name: 'redirected-frames-forwarded',
    file: 'dataplane/app/engine/lcore_clients.c',
    line: 'left &= ~given;',
    becomes: 'left &= ~given | 1;',
    killedBy: { ctest: 'engine_test' },
  },
  {
    name: 'redirected-not-counted',
    file: 'dataplane/app/engine/lcore_clients.c',
    line: 'counters[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS]++;',
    becomes: '(void)counters;',
    killedBy: { vitest: 'test/accounting.test.ts', dataplane: true },
  },
  {
    name: 'injected-bytes-not-counted',
    file: 'dataplane/app/engine/lcore_clients.c',
    line: 'counters[WDPDK_PORT_COUNTER_INJECTED_PACKETS] += n;',
    becomes: 'counters[WDPDK_PORT_COUNTER_INJECTED_PACKETS] += n - 1;',
    killedBy: { vitest: 'test/accounting.test.ts', dataplane: true },
  },
  {
    name: 'leaver-moves-all-buckets',
    file: 'dataplane/app/engine/fanout.c',
    line: 'if (group->owners[bucket] != gone)',
    becomes: 'if (group->owners[bucket] == UINT16_MAX)',
    killedBy: { ctest: 'fanout_test' },
  },
  {
    name: 'joiner-takes-too-much',
    file: 'dataplane/app/engine/fanout.c',
    line: 'unsigned int share = group->buckets / (newest + 1u);',
    becomes: 'unsigned int share = group->buckets / 2u;',
    killedBy: { ctest: 'fanout_test' },
  },
  {
    name: 'late-frame-stays-lost',
    file: 'dataplane/app/forward/sequence.h',
    line: 'counters[WDPDK_PORT_COUNTER_SINK_LOST]--;',
    becomes: '(void)counters;',
    killedBy: { ctest: 'sequence_test' },
  },
  {
    name: 'full-lcore-not-counted',
    file: 'dataplane/app/engine/spread.c',
    line: 'lcore_drop(lcore, port, WDPDK_DROP_LCORE_FULL, chosen + taken, count - taken);',
    becomes: 'lcore_drop(lcore, port, WDPDK_DROP_TX_FULL, chosen + taken, count - taken);',
    killedBy: { ctest: 'lanes_test' },
  },
];

/** Ports. */
const ports = [
  {
    name: 'wire-keeps-the-senders-flags',
    file: 'dataplane/drivers/net/ring/net_ring_burst.c',
    line: 'mbuf->ol_flags = 0;',
    becomes: '(void)mbuf;',
    killedBy: { ctest: 'net_ring_wire_test' },
  },
  {
    name: 'wire-takes-a-third-end',
    file: 'dataplane/drivers/net/ring/net_ring_wire.c',
    line: 'if (wire->end[0].dev != NULL && wire->end[1].dev != NULL) {',
    becomes: 'if (false) {',
    killedBy: { ctest: 'net_ring_wire_test' },
  },
  {
    name: 'tap-frame-too-long-taken',
    file: 'dataplane/drivers/net/tap/tap_burst.c',
    line: 'if (unlikely(length < 0 || (uint32_t)length > longest)) {',
    becomes: 'if (unlikely(length < 0)) {',
    killedBy: { ctest: 'tap_test' },
  },
];

/** The client. */
const library = [
  {
    name: 'packets-do-not-expire',
    file: 'ts-client/src/packet/burst.ts',
    line: 'for (let i = 0; i < count; i++) packets[i]!.expire();',
    becomes: 'void count;',
    killedBy: { vitest: 'ts-client/src/queues/rx.test.ts' },
  },
  {
    name: 'batch-keeps-its-slots',
    file: 'ts-client/src/queues/batch.ts',
    line: 'if (this.open) this.pool.end(0);',
    becomes: '',
    killedBy: { vitest: 'ts-client/src/queues/tx.test.ts' },
  },
  {
    name: 'short-frames-committed',
    file: 'ts-client/src/queues/batch.ts',
    line: 'for (let i = 0; i < n; i++) if (views[i]!.used < MIN_FRAME) throw noFrame(i);',
    becomes: 'void views;',
    killedBy: { vitest: 'ts-client/src/queues/tx.test.ts' },
  },
  {
    name: 'handler-may-be-async',
    file: 'ts-client/src/queues/rx.ts',
    line: 'throw notSync();',
    becomes: 'void notSync;',
    killedBy: { vitest: 'ts-client/src/queues/rx.test.ts' },
  },
];

/** The EAL's memory. */
const memory = [
  {
    name: 'heap-neighbour-stays-apart',
    file: 'dataplane/lib/eal/common/eal_heap.c',
    line: 'if (down != NULL && is(down, STATE_FREE)) {',
    becomes: 'if (down != NULL && is(down, STATE_FREE) && !down->clean) {',
    killedBy: { ctest: 'test_eal_heap' },
  },
  {
    name: 'heap-zeroed-is-not',
    file: 'dataplane/lib/eal/common/eal_heap.c',
    line: 'if (r->zero && !e->clean)',
    becomes: 'if (r->zero && !e->clean && r->size < UNIT)',
    killedBy: { ctest: 'test_eal_heap' },
  },
  {
    name: 'heap-forgets-what-it-gave-back',
    file: 'dataplane/lib/eal/common/eal_heap.c',
    line: 'heap_of(e)->total_bytes -= len;',
    becomes: '(void)len;',
    killedBy: { ctest: 'test_eal_heap' },
  },
  {
    name: 'memzone-two-of-a-name',
    file: 'dataplane/lib/eal/common/eal_memzone.c',
    line: 'if (find_zone(name) != NULL) {',
    becomes: 'if (find_zone(name) != NULL && len == SIZE_MAX) {',
    killedBy: { ctest: 'test_eal_memory' },
  },
  {
    name: 'memory-gaps-between-iovas',
    file: 'dataplane/lib/eal/common/eal_area.c',
    line: 'if (segment(area, i)->iova != segment(area, i - 1)->iova + area->msl.page_sz)',
    becomes: 'if (segment(area, i)->iova == RTE_BAD_IOVA)',
    killedBy: { ctest: 'test_eal_heap' },
  },
];

/** What the fuzz targets have to find. */
const fuzzed = [
  {
    name: 'capture-length',
    file: 'dataplane/drivers/net/pcap/capture_reader.c',
    line: 'bool cut = length > available;',
    becomes: 'bool cut = length > available + 65536;',
    killedBy: { fuzz: 'fuzz_capture' },
  },
  {
    name: 'control-frame-depth',
    file: 'dataplane/app/value/value_msgpack.c',
    line: 'if (depth >= WDPDK_FRAME_MAX_DEPTH)',
    becomes: 'if (depth >= 1000000)',
    killedBy: { fuzz: 'fuzz_control_frame' },
  },
  {
    name: 'schema-pattern',
    file: 'dataplane/app/config/schema_check.c',
    line: 'return schema_pattern_takes(node->pattern, value->string, value->count);',
    becomes: 'return value->count > 0;',
    killedBy: { fuzz: 'fuzz_forwarding' },
  },
  {
    name: 'descriptor',
    file: 'shm-protocol/c/shm_queue.h',
    line: 'if ((uint64_t)within + desc->length > queue->slot_size)',
    becomes: 'if ((uint8_t)(within + desc->length) > queue->slot_size)',
    killedBy: { fuzz: 'fuzz_descriptor' },
  },
];

export const mutants = [
  ...trust,
  ...concurrency,
  ...forwarding,
  ...clients,
  ...ports,
  ...library,
  ...[memory, core, l3fwd, machine, pci, uio, xl710Control, xl710Data, fuzzed].flat(),
];
