// SPDX-License-Identifier: BSD-3-Clause
//
// The wire contract between the dataplane and its clients: THE definition. `node shm-protocol/generate.mjs` writes the C header
// (c/wdpdk_protocol.h) and the TypeScript constants (src/protocol.ts) from it; nobody repeats a number of this file by hand.
//
// All words are little endian. Offsets are bytes. Sizes of one field never depend on the platform.

/** Both sides refuse another major; the lower minor of the two is spoken. */
export const version = { major: 1, minor: 1 };

/** Control channel frames: u32 length (of the value alone) + one MessagePack value. */
export const frame = {
  headerBytes: 4,
  maxBytes: 1 << 20,
  maxDepth: 16,
  /** A connection that has not said what it is by then is closed. */
  helloTimeoutMs: 5000,
};

/** First element of a MessagePack-RPC array. */
export const messageType = { REQUEST: 0, RESPONSE: 1, NOTIFY: 2 };

/**
 * What a connection's first frame says it is.
 *   control   [0, id, "hello", {...}]           request; answers follow for ever
 *   doorbell  [2, "doorbell", {token: bin16}]   afterwards the dataplane writes single bytes 0x01; the client writes nothing
 *   segment   [2, "segment", {ticket: bin16}]   Linux: answered by one byte 0x01 with the segment's descriptor (SCM_RIGHTS), then closed
 */
export const tokenBytes = 16;

export const capabilities = ['observe', 'receive', 'transmit', 'redirect', 'configure'];

/** The first pages of every segment. `state` is written last (release) by the dataplane. */
export const segment = {
  magic: 'WDPDKSEG',
  headerBytes: 8192,
  maxBytes: 1 << 30,
  fields: {
    MAGIC: { offset: 0x00, bytes: 8 },
    ABI_MAJOR: { offset: 0x08, bytes: 2 },
    ABI_MINOR: { offset: 0x0a, bytes: 2 },
    STATE: { offset: 0x0c, bytes: 4 },
    TOTAL_SIZE: { offset: 0x10, bytes: 8 },
    GENERATION: { offset: 0x18, bytes: 8 }, // random, not zero: tells two lives of one name apart
    FEATURES: { offset: 0x20, bytes: 8 },
    KIND: { offset: 0x28, bytes: 4 },
    QUEUE_ID: { offset: 0x2c, bytes: 4 },
    LANE_COUNT: { offset: 0x30, bytes: 4 },
    AREA_COUNT: { offset: 0x34, bytes: 4 },
    CLOSE_REASON: { offset: 0x38, bytes: 4 }, // written before STATE becomes CLOSED
    SLOT_SIZE: { offset: 0x3c, bytes: 4 },
    AREAS: { offset: 0x40, bytes: 0 }, // AREA_COUNT entries of areaEntryBytes; zeros up to headerBytes
  },
  areaEntryBytes: 32,
  /** One entry of the offset table. `offset` is from the start of the segment; count * stride <= size. */
  areaFields: {
    TYPE: { offset: 0, bytes: 4 },
    LANE: { offset: 4, bytes: 4 },
    OFFSET: { offset: 8, bytes: 8 },
    SIZE: { offset: 16, bytes: 8 },
    COUNT: { offset: 24, bytes: 4 },
    STRIDE: { offset: 28, bytes: 4 },
  },
  maxAreas: 192,
  state: { INIT: 0, LIVE: 1, CLOSED: 2 },
  kind: { QUEUE: 1, COUNTERS: 2 },
  /**
   * A queue has LANE_COUNT lanes, one per lcore that may deliver to it or take from it. Each lane has FILL, RX, TX, COMPLETION (those
   * that the queue's kind needs) and QUEUE_COUNTERS of its own, told apart by LANE. UMEM is one area for all (LANE 0): with `share` =
   * slots / lanes rounded down, lane i may use slots i * share to (i + 1) * share - 1 and no others, in either direction; slots
   * beyond lanes * share lie idle. A flow stays on one lane.
   */
  area: { FILL: 1, RX: 2, TX: 3, COMPLETION: 4, UMEM: 5, QUEUE_COUNTERS: 6, LCORE_COUNTERS: 7 },
  /** FEATURES bits. METADATA: metadata.bytes lie in the headroom right before each received frame. */
  feature: { METADATA: 1 },
};

/** Why a queue ended; the numbers stand in CLOSE_REASON, the names go in the `queue.closed` notification. */
export const closeReason = {
  NONE: 0,
  CLIENT: 1, // the client asked
  SHUTDOWN: 2, // the dataplane ends
  BAD_INDEX: 3, // a published index jumped: the session ends, no number is clamped or followed
  CLIENT_GONE: 4,
  DEVICE_REMOVED: 5, // the card of its port was taken out
};

/**
 * A single-producer single-consumer ring. Each word on its own 128 bytes (adjacent-line prefetch). Indexes are u32 and run freely;
 * entry i lies at entries + (i & (count - 1)) * stride. Both words start at the same value, which need not be 0.
 *   fill        client -> dataplane   u32 slot offset
 *   rx          dataplane -> client   descriptor
 *   tx          client -> dataplane   descriptor
 *   completion  dataplane -> client   u32 slot offset
 * `armed` is used on rx and completion: the client stores 1, checks the producer word again and only then sleeps; the dataplane
 * publishes, fences, and when it exchanges a 1 for 0 rings the doorbell.
 */
export const ring = { producer: 0, consumer: 128, armed: 256, entries: 384, maxEntries: 1 << 16, minEntries: 64 };

/** rx/tx descriptor, 16 bytes. `offset` is the frame's first byte, from the start of the UMEM area. */
export const descriptor = {
  bytes: 16,
  fields: {
    OFFSET: { offset: 0, bytes: 4 },
    LENGTH: { offset: 4, bytes: 4 },
    PORT: { offset: 8, bytes: 2 }, // rx: the port the frame came in by. tx: zero (the queue names the port)
    FLAGS: { offset: 10, bytes: 2 },
    META: { offset: 12, bytes: 4 }, // rx: position of the frame's match in the dataplane's list. tx: zero
  },
  /** CONTD: the frame goes on in the next descriptor. TRUNCATED: cut to snaplen (on every descriptor of the frame). */
  flag: { CONTD: 1, TRUNCATED: 2 },
};

export const umem = {
  minSlotBytes: 2048,
  maxSlotBytes: 65536,
  headroom: 128,
  defaultSlotBytes: 2048,
  defaultSlots: 4096,
};

/** Lies directly before a received frame's first descriptor's bytes when the METADATA feature is on. */
export const metadata = {
  bytes: 32,
  fields: {
    TIMESTAMP_NS: { offset: 0, bytes: 8 }, // receive time, ns since 1970 UTC; a capture's own stamp on a net_pcap port
    WIRE_LENGTH: { offset: 8, bytes: 4 },
    HASH: { offset: 12, bytes: 4 }, // of the flow; both directions alike unless the device made it (RSS)
    VLAN_TCI: { offset: 16, bytes: 2 },
    PACKET_TYPE: { offset: 18, bytes: 2 }, // RTE_PTYPE_* bits of layers 2 to 4, without tunnels
    CHECKSUMS: { offset: 20, bytes: 4 }, // bits 0-1 IP header, bits 2-3 layer 4: 0 unknown, 1 good, 2 bad; the rest zero
    RESERVED: { offset: 24, bytes: 8 },
  },
};

/** Limits of one instance. */
export const limit = {
  ports: 32,
  lcores: 32,
  lanes: 32,
  clients: 64,
  queues: 256,
  queuesPerClient: 64,
  routes: 131072,
  nameBytes: 64,
  matchDepth: 8, // of any/not within each other
  matchTerms: 64, // conjunctions that one match may come to
  fanoutGroups: 64,
  pktgenFlows: 65536,
};

/** Why a port did not send a frame on. Order is the counter's position; names are what users read. */
export const dropCauses = [
  'ttl_exceeded', // TTL or hop limit <= 1
  'bad_destination', // IPv4 224/4 and up, 127/8, 0/8; IPv6 ff00::/8, ::, ::1
  'link_local', // IPv6 fe80::/10 or IPv4 169.254/16 source or destination
  'malformed', // version, header length or total length do not fit the frame
  'bad_checksum', // IPv4 header
  'arp',
  'ethertype', // neither IPv4, IPv6 nor ARP
  'no_route',
  'mode_drop', // the port's mode is drop
  'tx_full', // the out port took no more
  'mtu_exceeded', // longer than the out port's MTU
  'redirect_rx_full',
  'redirect_no_slot',
  'no_memory',
  'lcore_full', // the ring to the lcore that a flow belongs to was full (software RSS)
];

/** Why a mirror copy did not reach its queue. */
export const mirrorDropCauses = ['rx_full', 'no_slot'];

/** u64 counters of one port as one lcore saw it, in this order, then one per drop cause, then one per mirror drop cause. */
export const portCounters = [
  'rx_packets',
  'rx_bytes', // received on this port
  'injected_packets',
  'injected_bytes', // put in by clients, to leave by this port
  'generated_packets',
  'generated_bytes',
  'tx_packets',
  'tx_bytes', // left by this port, wherever they came from
  'forwarded_packets',
  'forwarded_bytes', // of the frames that entered by this port (rx, injected, generated): sent, by whichever port
  'redirected_packets',
  'redirected_bytes',
  'sunk_packets',
  'sunk_bytes',
  'mirror_attempts',
  'mirror_delivered',
  // What a sink found in the frames of a pktgen, by their sequence numbers and stamps. All are sums.
  'sink_stamped', // frames of a pktgen; the rest of what was sunk is not
  'sink_lost', // numbers that never came (a late one takes itself off again)
  'sink_reordered', // came after a higher number
  'sink_duplicates',
  'sink_corrupt', // payload or checksum is not what was sent
  'latency_samples',
  'latency_sum_ns',
];

/** u64 words of one lcore, before its ports. SEQUENCE is odd while the lcore writes. */
export const lcoreCounters = [
  'sequence',
  'iterations',
  'busy_iterations',
  'cycles',
  'busy_cycles',
  'generation',
  'lcore_id',
  'packets', // taken from ports, from clients, from another lcore (software RSS), or generated
];

/**
 * The LCORE_COUNTERS area of the counters segment: COUNT lcore blocks of STRIDE bytes. A block is lcoreCounters, then at
 * lcoreBlock.ports one port block of lcoreBlock.portStride bytes for each of limit.ports. A port block is portCounters, drop causes,
 * mirror drop causes, and at lcoreBlock.latency the histogram of the sink: latencyBuckets u64 counts.
 *
 * Bucket b of a latency of v ns: v < 8: b = v; else with e = floor(log2 v), b = min(8 + (e - 3) * 4 + ((v >> (e - 2)) & 3), 127). So four
 * buckets to the octave, at most a quarter wide.
 */
export const lcoreBlock = { ports: 128, portStride: 2048, latency: 1024, latencyBuckets: 128 };

/** u64 counters of one queue (QUEUE_COUNTERS area), in this order, then one per queue drop cause. Written by the dataplane only. */
export const queueCounters = [
  'delivered_packets',
  'delivered_bytes',
  'injected_packets',
  'injected_bytes',
  'wakeups',
  'fill_rejected',
  'tx_rejected',
  'reserved',
];

/** rx_full, no_slot: frames that matched and were not delivered. The rest: tx or fill entries refused, by what was wrong. */
export const queueDropCauses = [
  'rx_full',
  'no_slot',
  'bad_offset', // not in the UMEM, not aligned (fill), or offset + length beyond the slot
  'not_owner', // the slot was not the client's to give
  'bad_length', // below an Ethernet header, or beyond the slot
  'bad_flags',
  'bad_reserved', // a field that must be zero is not
  'too_long', // a frame over the port's MTU, or of more descriptors than allowed
  'port_full', // accepted, but the port took no more
];

/** Stable error codes: the same strings in control replies, C messages and WdpdkError.code. */
export const errorCodes = [
  'WDPDK_E_ARGUMENT', // a parameter is missing, of the wrong type or out of range
  'WDPDK_E_CLOSED', // the object was closed by its owner
  'WDPDK_E_CONFIG', // a configuration was refused; `issues` lists each field
  'WDPDK_E_CONFLICT', // ifGeneration is not the current generation
  'WDPDK_E_DENIED', // a capability was not granted, or the OS user may not
  'WDPDK_E_DEVICE_REMOVED', // the card of the port was taken out
  'WDPDK_E_GONE', // the dataplane ended or the session was ended by it
  'WDPDK_E_IN_USE',
  'WDPDK_E_INTERNAL',
  'WDPDK_E_LAUNCH', // the dataplane did not start; the message carries its own words
  'WDPDK_E_LIMIT',
  'WDPDK_E_METHOD', // unknown method
  'WDPDK_E_NOT_FOUND', // no such instance, port or queue
  'WDPDK_E_NO_BINARY',
  'WDPDK_E_NO_MEMORY',
  'WDPDK_E_PACKET_EXPIRED',
  'WDPDK_E_PLATFORM',
  'WDPDK_E_PROTOCOL', // a frame or value that the protocol does not allow
  'WDPDK_E_TIMEOUT',
  'WDPDK_E_VERSION',
];
