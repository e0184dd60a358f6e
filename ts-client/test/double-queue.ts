// SPDX-License-Identifier: BSD-3-Clause
//
// The dataplane's side of one queue, as the text describes it: plain and slow. `words` lets a test write what no
// honest dataplane would.
import { truncateSync, writeFileSync } from 'node:fs';
import { type Segment, type SegmentAnnouncement, openSegment, protocol as P, readSegment } from 'shared-memory-ipc';
import { type QueueShape, queueSegment } from './layout.ts';

export interface Delivery {
  lane?: number;
  port?: number;
  flags?: number;
  wireLength?: number;
  timestampNs?: bigint;
  hash?: number;
  vlanTci?: number;
  packetType?: number;
  checksums?: number;
}

export class DoubleQueue {
  readonly id: number;
  readonly shape: QueueShape;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** By lane: slot offsets the client has posted and that wait for frames. */
  readonly filled: number[][] = [];
  /** Frames the client has posted on tx. */
  readonly sent: Uint8Array[] = [];
  private readonly segment: Segment;
  private readonly areas: Record<number, number>[] = [];
  private readonly ring: (area: number, lane: number) => void;

  private constructor(id: number, shape: QueueShape, segment: Segment, rang: () => void) {
    this.id = id;
    this.shape = shape;
    this.segment = segment;
    this.words = new Int32Array(segment.buffer);
    this.bytes = new Uint8Array(segment.buffer);
    this.view = new DataView(segment.buffer);
    const layout = readSegment(segment.buffer, { kind: P.SEGMENT_KIND_QUEUE });
    for (const lane of layout.lanes) {
      const areas: Record<number, number> = {};
      for (const area of [layout.umem, lane.counters, lane.fill, lane.rx, lane.tx, lane.completion])
        if (area) areas[area.type] = area.offset;
      this.areas.push(areas);
      this.filled.push([]);
    }
    this.ring = (area, lane) => {
      if (Atomics.exchange(this.words, this.word(area, P.RING_ARMED, lane), 0) === 1) rang();
    };
  }

  static async create(
    id: number,
    shape: QueueShape,
    announcement: SegmentAnnouncement,
    rang: () => void,
  ): Promise<DoubleQueue> {
    writeFileSync(announcement.file!, queueSegment(shape, id, announcement.generation));
    truncateSync(announcement.file!, announcement.size);
    const segment = await openSegment('', announcement, true, { timeoutMs: 1000 });
    return new DoubleQueue(id, shape, segment, rang);
  }

  get umem(): number {
    return this.areas[0]![P.AREA_UMEM]!;
  }

  /** Index into `words` of a word of a ring. */
  word(area: number, offset: number, lane = 0): number {
    return (this.areas[lane]![area]! + offset) >> 2;
  }

  count(name: (typeof P.QUEUE_COUNTER_NAMES)[number], by = 1, lane = 0): void {
    const at = this.areas[lane]![P.AREA_QUEUE_COUNTERS]! + P.QUEUE_COUNTER_NAMES.indexOf(name) * 8;
    this.view.setBigUint64(at, this.view.getBigUint64(at, true) + BigInt(by), true);
  }

  /** Takes what the client has posted on fill. */
  takeFill(lane = 0): number {
    const producer = Atomics.load(this.words, this.word(P.AREA_FILL, P.RING_PRODUCER, lane));
    const at = this.word(P.AREA_FILL, P.RING_CONSUMER, lane);
    let own = this.words[at]!;
    for (; own !== producer; own = (own + 1) | 0)
      this.filled[lane]!.push(
        this.words[this.word(P.AREA_FILL, P.RING_ENTRIES, lane) + (own & (this.shape.entries - 1))]!,
      );
    Atomics.store(this.words, at, own);
    return this.filled[lane]!.length;
  }

  private put(lane: number, own: number, offset: number, length: number, port: number, flags: number): void {
    const at = this.word(P.AREA_RX, P.RING_ENTRIES, lane) + (own & (this.shape.entries - 1)) * 4;
    this.words[at] = offset;
    this.words[at + 1] = length;
    this.words[at + 2] = port | (flags << 16);
    this.words[at + 3] = 0;
  }

  /** Publishes one raw descriptor. */
  publishRaw(offset: number, length: number, port: number, flags: number, lane = 0): void {
    const word = this.word(P.AREA_RX, P.RING_PRODUCER, lane);
    this.put(lane, this.words[word]!, offset, length, port, flags);
    Atomics.store(this.words, word, (this.words[word]! + 1) | 0);
    this.ring(P.AREA_RX, lane);
  }

  /** Delivers frames, each in as many slots as it needs, all or none of it. Returns how many. */
  deliver(frames: readonly Uint8Array[], d: Delivery = {}): number {
    const lane = d.lane ?? 0;
    this.takeFill(lane);
    const filled = this.filled[lane]!;
    const word = this.word(P.AREA_RX, P.RING_PRODUCER, lane);
    let own = this.words[word]!;
    const taken = Atomics.load(this.words, this.word(P.AREA_RX, P.RING_CONSUMER, lane));
    const room = this.shape.entries - ((own - taken) | 0);
    let used = 0;
    let delivered = 0;
    for (const frame of frames) {
      const capacity = this.shape.slotSize - P.UMEM_HEADROOM;
      const pieces = Math.max(1, Math.ceil(frame.length / capacity));
      if (pieces > filled.length || used + pieces > room) break;
      for (let i = 0; i < pieces; i++) {
        const slot = filled.shift()!;
        const part = frame.subarray(i * capacity, (i + 1) * capacity);
        const offset = slot + P.UMEM_HEADROOM;
        this.bytes.set(part, this.umem + offset);
        if (i === 0 && this.shape.metadata) this.metadata(this.umem + offset, frame.length, d);
        const flags = (d.flags ?? 0) | (i + 1 < pieces ? P.DESC_FLAG_CONTD : 0);
        this.put(lane, own, offset, part.length, d.port ?? 0, flags);
        own = (own + 1) | 0;
        used++;
      }
      delivered++;
      this.count('delivered_packets', 1, lane);
      this.count('delivered_bytes', frame.length, lane);
    }
    Atomics.store(this.words, word, own);
    this.ring(P.AREA_RX, lane);
    return delivered;
  }

  private metadata(at: number, length: number, d: Delivery): void {
    const start = at - P.META_BYTES;
    this.view.setBigUint64(start + P.META_OFF_TIMESTAMP_NS, d.timestampNs ?? 0n, true);
    this.view.setUint32(start + P.META_OFF_WIRE_LENGTH, d.wireLength ?? length, true);
    this.view.setUint32(start + P.META_OFF_HASH, d.hash ?? 0, true);
    this.view.setUint16(start + P.META_OFF_VLAN_TCI, d.vlanTci ?? 0, true);
    this.view.setUint16(start + P.META_OFF_PACKET_TYPE, d.packetType ?? 0, true);
    this.view.setUint32(start + P.META_OFF_CHECKSUMS, d.checksums ?? 0, true);
  }

  /** Takes what was posted on tx into `sent` and, unless told otherwise, completes it. Returns the raw descriptors. */
  drain(complete = true, lane = 0): { offset: number; length: number; portFlags: number; meta: number }[] {
    const producer = Atomics.load(this.words, this.word(P.AREA_TX, P.RING_PRODUCER, lane));
    const consumer = this.word(P.AREA_TX, P.RING_CONSUMER, lane);
    const taken = [];
    let parts: Uint8Array[] = [];
    for (let own = this.words[consumer]!; own !== producer; own = (own + 1) | 0) {
      const at = this.word(P.AREA_TX, P.RING_ENTRIES, lane) + (own & (this.shape.entries - 1)) * 4;
      const [offset, length, portFlags, meta] = [...this.words.subarray(at, at + 4)] as [
        number,
        number,
        number,
        number,
      ];
      taken.push({ offset, length, portFlags, meta });
      parts.push(this.bytes.slice(this.umem + offset, this.umem + offset + length));
      if (((portFlags >>> 16) & P.DESC_FLAG_CONTD) === 0) {
        this.sent.push(Buffer.concat(parts));
        parts = [];
      }
    }
    Atomics.store(this.words, consumer, producer);
    const slots = taken.map((d) => d.offset & ~(this.shape.slotSize - 1));
    if (complete) this.complete(slots, lane);
    return taken;
  }

  complete(offsets: readonly number[], lane = 0): void {
    const word = this.word(P.AREA_COMPLETION, P.RING_PRODUCER, lane);
    let own = this.words[word]!;
    for (const offset of offsets) {
      this.words[this.word(P.AREA_COMPLETION, P.RING_ENTRIES, lane) + (own & (this.shape.entries - 1))] = offset;
      own = (own + 1) | 0;
    }
    Atomics.store(this.words, word, own);
    this.ring(P.AREA_COMPLETION, lane);
  }

  endInBand(reason: number): void {
    this.words[P.SEGMENT_OFF_CLOSE_REASON >> 2] = reason;
    Atomics.store(this.words, P.SEGMENT_OFF_STATE >> 2, P.SEGMENT_STATE_CLOSED);
  }

  release(): void {
    this.segment.release();
  }
}
