/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The dataplane's end of one lane of a queue: four rings, the lane's slots and who owns each of them. Pure C on mapped memory, so
 * that fuzzers and sanitizers reach every check. The client may write anything anywhere in the segment at any time; what is used here
 * is either private or a copy that was checked after it was made.
 *
 * Ownership: a slot is the client's until it posts it on fill or tx and the entry is taken; it is the client's again once its rx
 * or completion entry is written. An entry that names a slot in any other state is refused.
 *
 * Thread rule: one thread, which may change only with a full hand-over. Counters may be read by any thread (shm_queue_count).
 */
#ifndef SHM_QUEUE_H
#define SHM_QUEUE_H

#include "shm_ring.h"

#define SHM_FRAME_PARTS 64u
/** Longest frame either way: 65,535 bytes of IP behind an Ethernet header. */
#define SHM_FRAME_BYTES 65549u
#define SHM_FRAME_MIN_BYTES 14u

enum shm_owner { SHM_OWNER_CLIENT, SHM_OWNER_FILL, SHM_OWNER_TX };

struct shm_desc {
	uint32_t offset, length;
	uint16_t port, flags;
	uint32_t meta;
};

/** A frame the client sent: checked, in the order of its bytes. Offsets from the start of the slots. */
struct shm_frame {
	uint32_t parts, bytes;
	struct { uint32_t offset, length; } part[SHM_FRAME_PARTS];
};

struct shm_queue {
	uint8_t *umem;			/* of all lanes: offsets count from here */
	uint32_t first, bytes;		/* the lane's slots: offset of the first, bytes of all */
	uint32_t slot_size, slot_shift;
	uint8_t *owner;			/* enum shm_owner, one byte for each of the lane's slots */
	struct shm_ring rx, fill, tx, completion;
	uint32_t *free_slots;		/* offsets taken from fill and not used yet, first in first out */
	uint32_t free_head, free_tail, free_mask;
	uint32_t *done;			/* offsets of tx slots to hand back with the next shm_queue_complete */
	uint32_t done_count;
	bool broken;			/* an index jumped: nothing is taken or given any more */
	bool skipping;			/* in the rest of a tx run that was too long */
	bool dirty;			/* counters beside the delivered ones changed since the last mirror */
	uint64_t count[SHM_QUEUE_WORDS];
	uint64_t *mirror;		/* QUEUE_COUNTERS: written, never read */
};

/** Takes one lane of a laid-out segment of kind QUEUE at `base`. 0, or -1 when memory is out. Not to be called on a client's word:
 * `layout` is the dataplane's own, and has the lane. */
int shm_queue_open(struct shm_queue *queue, void *base, const struct shm_layout *layout, uint32_t lane, uint32_t first_index);
void shm_queue_release(struct shm_queue *queue);

/* An offset among the lane's slots; of a slot of another lane, on either side, it is not below queue->bytes. */
static inline uint32_t
shm_queue_within(const struct shm_queue *queue, uint32_t offset)
{
	return offset - queue->first;
}

static inline uint8_t *
shm_queue_owner(const struct shm_queue *queue, uint32_t offset)
{
	return &queue->owner[shm_queue_within(queue, offset) >> queue->slot_shift];
}

static inline uint64_t
shm_queue_count(const struct shm_queue *queue, unsigned int word)
{
	return shm_peek64(&queue->count[word]);
}

static inline void
shm_queue_add(struct shm_queue *queue, unsigned int word, uint64_t n)
{
	shm_poke64(&queue->count[word], queue->count[word] + n);
}

static inline void
shm_queue_drop(struct shm_queue *queue, unsigned int cause, uint64_t n)
{
	shm_queue_add(queue, WDPDK_QUEUE_COUNTER_COUNT + cause, n);
	queue->dirty = true;
}

/** Ends all giving and taking, for good. Always false, for the caller to return. */
bool shm_queue_break(struct shm_queue *queue);

/** Shows the counters to the client: the delivered ones, and the rest when any of them changed. */
void shm_queue_mirror_all(struct shm_queue *queue);

static inline void
shm_queue_mirror(struct shm_queue *queue)
{
	shm_poke64(&queue->mirror[WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS], queue->count[WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS]);
	shm_poke64(&queue->mirror[WDPDK_QUEUE_COUNTER_DELIVERED_BYTES], queue->count[WDPDK_QUEUE_COUNTER_DELIVERED_BYTES]);
	if (queue->dirty)
		shm_queue_mirror_all(queue);
}

/* ---- towards the client ---- */

/** Looks at up to `budget` fill entries and takes the good ones. False: the queue broke. */
bool shm_fill_take(struct shm_queue *queue, uint32_t budget);

/** True while every slot is the client's: none was taken from fill and not used, none is on its way back to completion. */
static inline bool
shm_queue_owns_nothing(const struct shm_queue *queue)
{
	return queue->free_tail == queue->free_head && queue->done_count == 0;
}

/** One fill entry, read once. Whether it names a slot of the lane is shm_fill_is_good's to say. */
static inline uint32_t
shm_fill_entry(const struct shm_queue *queue, uint32_t index)
{
	return shm_peek32(shm_ring_slot(&queue->fill, index));
}

/** For slots that are used at once, straight from the fill ring, so that their owner never changes: the offset is that of a slot. Only
 * while shm_queue_owns_nothing, which leaves no owner to ask for. The caller moves fill.own on by what it used, and publishes it. */
static inline bool
shm_fill_is_good(const struct shm_queue *queue, uint32_t offset)
{
	uint32_t within = shm_queue_within(queue, offset), shift = queue->slot_shift;

	/* Turned round, low bits that should be zero make a great number, too. */
	return (within >> shift | within << (-shift & 31)) < queue->bytes >> shift;
}

static inline uint32_t
shm_free_slots(const struct shm_queue *queue)
{
	return queue->free_tail - queue->free_head;
}

/** Offset of the i-th slot that will be used next; i < shm_free_slots. */
static inline uint32_t
shm_free_peek(const struct shm_queue *queue, uint32_t i)
{
	return queue->free_slots[(queue->free_head + i) & queue->free_mask];
}

/** Writes the next rx descriptor for the slot at the head of the free ones: it is the client's from the next publish on. The caller
 * has made sure of a free slot and of room on rx. */
static inline void
shm_rx_put(struct shm_queue *queue, const struct shm_desc *desc)
{
	uint32_t offset = queue->free_slots[queue->free_head++ & queue->free_mask];

	*shm_queue_owner(queue, offset) = SHM_OWNER_CLIENT;
	__builtin_memcpy(shm_ring_desc(&queue->rx, queue->rx.own), desc, sizeof(*desc));
	queue->rx.own++;
}

/* ---- from the client ---- */

enum shm_tx { SHM_TX_NONE, SHM_TX_FRAME, SHM_TX_REFUSED };

/** Looks for news on tx and completion: to be called once before a series of shm_tx_next. False: the queue broke. */
bool shm_tx_refresh(struct shm_queue *queue);

/** A frame of several descriptors, or the rest of one that was too long. */
enum shm_tx shm_tx_run(struct shm_queue *queue, struct shm_frame *frame, uint32_t max_bytes);

/* One read of each half: what is checked is what was read. */
static inline struct shm_desc
shm_desc_copy(const uint8_t *at)
{
	struct { uint64_t low, high; } raw = {
		.low = shm_peek64((const uint64_t *)(const void *)at),
		.high = shm_peek64((const uint64_t *)(const void *)(at + 8)),
	};
	struct shm_desc desc;

	_Static_assert(sizeof(raw) == sizeof(desc) && sizeof(desc) == WDPDK_DESC_BYTES, "a descriptor is 16 bytes");
	__builtin_memcpy(&desc, &raw, sizeof(desc));
	return desc;
}

/* Makes the slot ours. -1, or the cause why it cannot be. */
static inline int
shm_tx_take(struct shm_queue *queue, const struct shm_desc *desc)
{
	uint8_t *owner;

	if (shm_queue_within(queue, desc->offset) >= queue->bytes)
		return WDPDK_QUEUE_DROP_BAD_OFFSET;
	owner = shm_queue_owner(queue, desc->offset);
	if (*owner != SHM_OWNER_CLIENT)
		return WDPDK_QUEUE_DROP_NOT_OWNER;
	*owner = SHM_OWNER_TX;
	queue->done[queue->done_count++] = desc->offset & ~(queue->slot_size - 1);
	return -1;
}

/* Whether a taken slot's descriptor may be used. -1, or the cause why not. */
static inline int
shm_tx_verify(const struct shm_queue *queue, const struct shm_desc *desc)
{
	uint32_t within = desc->offset & (queue->slot_size - 1);

	if (desc->length == 0 || desc->length > queue->slot_size)
		return WDPDK_QUEUE_DROP_BAD_LENGTH;
	if ((uint64_t)within + desc->length > queue->slot_size)
		return WDPDK_QUEUE_DROP_BAD_OFFSET;
	if ((desc->flags & ~WDPDK_DESC_FLAG_CONTD) != 0)
		return WDPDK_QUEUE_DROP_BAD_FLAGS;
	if ((desc->port | desc->meta) != 0)
		return WDPDK_QUEUE_DROP_BAD_RESERVED;
	return -1;
}

static inline enum shm_tx
shm_tx_refuse(struct shm_queue *queue, unsigned int cause)
{
	shm_queue_add(queue, WDPDK_QUEUE_COUNTER_TX_REJECTED, 1);
	shm_queue_drop(queue, cause, 1);
	return SHM_TX_REFUSED;
}

/** The next frame of the client: copied descriptors, checked, its slots taken. NONE: nothing whole is posted, or completion has no
 * room for it. REFUSED: counted; its slots go back with the next complete. */
static inline enum shm_tx
shm_tx_next(struct shm_queue *queue, struct shm_frame *frame, uint32_t max_bytes)
{
	struct shm_desc desc;
	int cause;

	if (shm_ring_ready(&queue->tx) == 0 || shm_ring_room(&queue->completion) <= queue->done_count)
		return SHM_TX_NONE;
	desc = shm_desc_copy(shm_ring_desc(&queue->tx, queue->tx.own));
	if (__builtin_expect((desc.flags & WDPDK_DESC_FLAG_CONTD) != 0 || queue->skipping, 0))
		return shm_tx_run(queue, frame, max_bytes);
	cause = shm_tx_take(queue, &desc);
	if (cause < 0)
		cause = shm_tx_verify(queue, &desc);
	if (cause < 0 && desc.length < SHM_FRAME_MIN_BYTES)
		cause = WDPDK_QUEUE_DROP_BAD_LENGTH;
	if (cause < 0 && desc.length > max_bytes)
		cause = WDPDK_QUEUE_DROP_TOO_LONG;
	queue->tx.own++;
	if (__builtin_expect(cause >= 0, 0))
		return shm_tx_refuse(queue, (unsigned int)cause);
	frame->parts = 1;
	frame->bytes = desc.length;
	frame->part[0].offset = desc.offset;
	frame->part[0].length = desc.length;
	return SHM_TX_FRAME;
}

/** Undoes the last shm_tx_next that gave a frame: `own` and `done_count` are what tx.own and done_count were before it. */
void shm_tx_return(struct shm_queue *queue, uint32_t own, uint32_t done_count);

/** Hands back every slot taken by shm_tx_next since the last call. True: the client sleeps on completion and wants the doorbell. */
bool shm_queue_complete(struct shm_queue *queue);

#endif
