/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One function of the card as the driver reaches it: registers, DMA memory, waits, the admin queue, NVM and the host
 * memory cache. Nothing here knows ethdev.
 *
 * Functions return 0 or a negative errno and have said why in the log, with the device's name. Every wait has a limit.
 * Commands may be sent by several threads; they take turns.
 */
#ifndef I40E_HW_H
#define I40E_HW_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <rte_io.h>
#include <rte_log.h>

#include "i40e_aq.h"
#include "i40e_regs.h"

extern int i40e_logtype;
#define I40E_LOG(level, name, format, ...) \
	rte_log(RTE_LOG_##level, i40e_logtype, "net_i40e: %s: " format "\n", name, ##__VA_ARGS__)

#define I40E_BAR_SIZE 0x400000 /* what a mapping must at least have: all registers are below */

/** Memory that the device reads and writes, one piece of bus addresses. */
struct i40e_dma {
	void *address;
	uint64_t iova;
	const struct rte_memzone *zone;
};

/** One direction of the admin queue: commands (ATQ) or events (ARQ). */
struct i40e_aq_ring {
	struct i40e_aq_desc *desc;
	uint64_t desc_iova;
	uint8_t *buffers;
	uint64_t buffers_iova;
	uint32_t next;
	uint32_t step; /* 0 or I40E_PF_ARQ_STEP */
};

struct i40e_capabilities {
	uint32_t vsis;
	uint32_t queues;
	uint32_t first_queue; /* absolute */
	uint32_t vectors;
	uint32_t rss_table_size;
	uint32_t rss_entry_bits;
	uint32_t fd_guaranteed;
	uint32_t fd_best_effort;
};

struct i40e_hw {
	uint8_t *bar;
	const char *name;  /* of the device, for messages */
	/** Lets time pass; the unit tests' device answers in here. */
	void (*sleep)(struct i40e_hw *hw, uint32_t microseconds);
	void *sleep_context;

	pthread_mutex_t aq_lock;
	struct i40e_dma aq_memory;
	struct i40e_aq_ring atq;
	struct i40e_aq_ring arq;
	bool gone;      /* the card was taken out; atomically, for good */
	bool deaf;      /* queues did not stop when they were last asked: nobody waits for them again until a reset was answered */
	bool aq_ready;
	bool aq_broken; /* a command ran out of time: the rings are made anew before the next */
	bool rx_registers_by_aq;

	uint16_t api_major, api_minor;
	uint16_t fw_major, fw_minor;
	uint32_t fw_build;
	uint16_t nvm_version;
	uint32_t eetrack;
	uint32_t oem;
	uint32_t nvm_words;

	uint16_t function; /* number of the physical function */
	uint16_t port;     /* number of the port of the card */
	struct i40e_capabilities caps;

	struct i40e_dma hmc;
	uint32_t hmc_queues; /* contexts there is room for */
	uint32_t hmc_rx_base;
};

static inline uint32_t
i40e_read(const struct i40e_hw *hw, uint32_t offset)
{
	return rte_read32(hw->bar + offset);
}

static inline void
i40e_write(struct i40e_hw *hw, uint32_t offset, uint32_t value)
{
	rte_write32(value, hw->bar + offset);
}

static inline bool
i40e_is_gone(const struct i40e_hw *hw)
{
	return __atomic_load_n(&hw->gone, __ATOMIC_ACQUIRE);
}

/* Every register reads as all ones: there is nobody. */
static inline bool
i40e_is_silent(const struct i40e_hw *hw)
{
	return i40e_read(hw, I40E_GL_FWSTS) == UINT32_MAX && i40e_read(hw, I40E_GLGEN_RSTAT) == UINT32_MAX;
}

/* Posted writes have arrived once something was read. */
static inline void
i40e_flush(struct i40e_hw *hw)
{
	(void)i40e_read(hw, I40E_GLGEN_STAT);
}

/* ---- Access (i40e_hw.c) ---- */

/** name must stay. sleep is the system's until somebody replaces it. */
void i40e_hw_init(struct i40e_hw *hw, void *bar, const char *name);
int i40e_dma_alloc(struct i40e_hw *hw, struct i40e_dma *dma, const char *what, size_t size, unsigned int align, int socket);
void i40e_dma_free(struct i40e_dma *dma);
/** Polls until (register & mask) == want; -ETIMEDOUT without a word after tries sleeps, -ENODEV at once when the card is gone. */
int i40e_wait(struct i40e_hw *hw, uint32_t offset, uint32_t mask, uint32_t want, uint32_t tries, uint32_t microseconds);
/** -ENODEV when the registers read as nothing does (removed), -EIO in recovery mode. */
int i40e_check_alive(struct i40e_hw *hw);
/** Ends what an earlier user left running, then resets the function. */
int i40e_reset(struct i40e_hw *hw);
void i40e_read_identity(struct i40e_hw *hw);

/* ---- Admin queue (i40e_aq.c) ---- */

/** Makes the rings and asks the firmware for its version; tried several times. */
int i40e_aq_init(struct i40e_hw *hw, int socket);
void i40e_aq_fini(struct i40e_hw *hw);
/**
 * Sends a command and waits for its end. buffer (capacity bytes, or NULL) is read by the firmware when input is told and
 * always holds what it wrote afterwards. The reply's parameters are in *desc, its code in desc->status.
 * The codes of the firmware become errnos; `quiet` leaves their report to the caller (time-outs are always reported).
 */
int i40e_aq_send(struct i40e_hw *hw, struct i40e_aq_desc *desc, void *buffer, uint16_t capacity, bool input, bool quiet);
/** Takes one event. 1, 0 when there is none. The buffer, if any, is lost. */
int i40e_aq_event(struct i40e_hw *hw, struct i40e_aq_desc *desc);
const char *i40e_aq_command_name(uint16_t opcode);
const char *i40e_aq_status_text(uint8_t status);
int i40e_aq_errno(uint8_t status);

static inline struct i40e_aq_desc
i40e_aq_command(uint16_t opcode)
{
	struct i40e_aq_desc desc = {.opcode = opcode};

	return desc;
}

/* ---- NVM (i40e_nvm.c) ---- */

/** Words of the shadow RAM, from `first`. */
int i40e_nvm_read(struct i40e_hw *hw, uint32_t first, uint32_t count, uint16_t *words);
/** Versions out of the NVM. */
int i40e_nvm_init(struct i40e_hw *hw);

/* ---- Capabilities and registers behind commands (i40e_cmd.c) ---- */

int i40e_get_capabilities(struct i40e_hw *hw);
/** Takes records of 32 bytes apart. */
void i40e_parse_capabilities(struct i40e_capabilities *caps, const uint8_t *records, uint32_t count);
/** Registers of the classifier, which newer firmware wants asked. */
int i40e_rx_read(struct i40e_hw *hw, uint32_t offset, uint32_t *value);
int i40e_rx_write(struct i40e_hw *hw, uint32_t offset, uint32_t value);
int i40e_clear_pxe(struct i40e_hw *hw);
int i40e_mac_read(struct i40e_hw *hw, uint8_t address[6]);
int i40e_mac_write(struct i40e_hw *hw, const uint8_t address[6]);

/* ---- Host memory cache (i40e_hmc.c) ---- */

int i40e_hmc_init(struct i40e_hw *hw, uint32_t queues, int socket);
void i40e_hmc_fini(struct i40e_hw *hw);

#define I40E_TX_CONTEXT 128u
#define I40E_RX_CONTEXT 32u

struct i40e_tx_context {
	uint64_t ring; /* bus address, 128-byte aligned */
	uint16_t length;
	uint16_t queue_set;
	bool flow_director;
};

struct i40e_rx_context {
	uint64_t ring;
	uint16_t length;
	uint16_t buffer; /* bytes, a multiple of 128 */
	uint16_t max_frame;
	bool keep_crc;
	bool long_descriptors; /* 32 bytes instead of 16 */
};

/** As the device reads them; out has I40E_TX_CONTEXT or I40E_RX_CONTEXT bytes. */
void i40e_tx_context_encode(const struct i40e_tx_context *context, uint8_t *out);
void i40e_rx_context_encode(const struct i40e_rx_context *context, uint8_t *out);
void i40e_tx_context_write(struct i40e_hw *hw, uint16_t queue, const struct i40e_tx_context *context);
void i40e_rx_context_write(struct i40e_hw *hw, uint16_t queue, const struct i40e_rx_context *context);

/* ---- Queues on and off (i40e_hw_queue.c). -ETIMEDOUT when the device does not follow. ---- */

int i40e_tx_enable(struct i40e_hw *hw, uint16_t queue);
int i40e_tx_disable(struct i40e_hw *hw, uint16_t first, uint16_t count);
int i40e_rx_enable(struct i40e_hw *hw, uint16_t queue);
int i40e_rx_disable(struct i40e_hw *hw, uint16_t queue);
/** The first so many of each; a second for all of them. */
int i40e_queues_disable(struct i40e_hw *hw, uint16_t tx, uint16_t rx);

#endif
