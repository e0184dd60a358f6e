/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The admin queue: one command at a time, each with an end.
 *
 * A command that ran out of time may still be carried out, so its descriptor and buffer belong to the firmware from then
 * on; the rings are taken from the device and given anew before the next command.
 */
#include <errno.h>
#include <string.h>

#include "i40e_hw.h"

/*
 * Firmware answers in microseconds, a busy model of it may need its turn. What is slept is counted, not time: so short sleeps are few,
 * since a system makes each longer than it was asked for, by a millisecond where its clock is coarse.
 */
#define COMMAND_LIMIT_US 1000000
#define COMMAND_SHORT_US 1000
#define COMMAND_SLEEP_US(slept) ((slept) < COMMAND_SHORT_US ? 50 : 1000)
#define FIRST_TRIES 10

static const struct {
	uint16_t opcode;
	const char *name;
} command_names[] = {
	{I40E_AQ_GET_VERSION, "get version"},
	{I40E_AQ_SHUTDOWN, "queue shutdown"},
	{I40E_AQ_REQUEST_RESOURCE, "request resource"},
	{I40E_AQ_RELEASE_RESOURCE, "release resource"},
	{I40E_AQ_LIST_CAPABILITIES, "list capabilities"},
	{I40E_AQ_MAC_READ, "read MAC addresses"},
	{I40E_AQ_MAC_WRITE, "write MAC address"},
	{I40E_AQ_CLEAR_PXE, "clear PXE mode"},
	{I40E_AQ_SWITCH_CONFIG, "get switch configuration"},
	{I40E_AQ_SET_PORT, "set port parameters"},
	{I40E_AQ_SET_SWITCH, "set switch configuration"},
	{I40E_AQ_RX_REG_READ, "read classifier register"},
	{I40E_AQ_RX_REG_WRITE, "write classifier register"},
	{I40E_AQ_ADD_VSI, "add VSI"},
	{I40E_AQ_UPDATE_VSI, "update VSI"},
	{I40E_AQ_GET_VSI, "get VSI"},
	{I40E_AQ_ADD_VEB, "add VEB"},
	{I40E_AQ_DELETE_ELEMENT, "delete switch element"},
	{I40E_AQ_ADD_MACVLAN, "add MAC/VLAN filter"},
	{I40E_AQ_REMOVE_MACVLAN, "remove MAC/VLAN filter"},
	{I40E_AQ_SET_PROMISCUOUS, "set promiscuous modes"},
	{I40E_AQ_ADD_CONTROL_FILTER, "add control packet filter"},
	{I40E_AQ_VSI_BANDWIDTH, "set VSI bandwidth"},
	{I40E_AQ_GET_PHY, "get PHY abilities"},
	{I40E_AQ_SET_PHY, "set PHY configuration"},
	{I40E_AQ_SET_MAC_CONFIG, "set MAC configuration"},
	{I40E_AQ_RESTART_AN, "restart autonegotiation"},
	{I40E_AQ_GET_LINK, "get link status"},
	{I40E_AQ_PHY_MASK, "set PHY event mask"},
	{I40E_AQ_SET_LOOPBACK, "set loopback"},
	{I40E_AQ_LLDP_STOP, "stop LLDP agent"},
	{I40E_AQ_DEBUG_READ, "read register"},
	{I40E_AQ_DEBUG_WRITE, "write register"},
};

static const struct {
	int error;
	const char *text;
} statuses[] = {
	{0, "OK"},
	{EPERM, "not permitted"},
	{ENOENT, "no such element"},
	{ENOTSUP, "unknown command"},
	{EINTR, "interrupted"},
	{EIO, "input/output error"},
	{ENXIO, "no such resource"},
	{E2BIG, "argument too long"},
	{EAGAIN, "try again"},
	{ENOMEM, "out of memory"},
	{EACCES, "access denied"},
	{EFAULT, "bad address of a buffer"},
	{EBUSY, "device or resource busy"},
	{EEXIST, "exists already"},
	{EINVAL, "invalid argument"},
	{ENOTSUP, "not a typewriter"},
	{ENOSPC, "no space left"},
	{ENOSYS, "function not implemented"},
	{ERANGE, "out of range"},
	{EIO, "flushed, as a command before it failed"},
	{EFAULT, "bad descriptor contents"},
	{EIO, "not allowed in this mode"},
	{EFBIG, "file too big"},
};

const char *
i40e_aq_command_name(uint16_t opcode)
{
	for (unsigned int i = 0; i < RTE_DIM(command_names); i++)
		if (command_names[i].opcode == opcode)
			return command_names[i].name;
	return "unnamed";
}

const char *
i40e_aq_status_text(uint8_t status)
{
	return status < RTE_DIM(statuses) ? statuses[status].text : "unknown error";
}

int
i40e_aq_errno(uint8_t status)
{
	return status < RTE_DIM(statuses) ? -statuses[status].error : -EIO;
}

static void
post_event_buffer(struct i40e_aq_ring *ring, uint32_t i)
{
	const uint64_t iova = ring->buffers_iova + (uint64_t)i * I40E_AQ_EVENT_BUFFER;
	struct i40e_aq_desc *desc = &ring->desc[i];

	memset(desc, 0, sizeof(*desc));
	desc->flags = I40E_AQ_BUF | I40E_AQ_LB;
	desc->length = I40E_AQ_EVENT_BUFFER;
	desc->param.dwords[2] = (uint32_t)(iova >> 32);
	desc->param.dwords[3] = (uint32_t)iova;
}

static void
take_ring(struct i40e_hw *hw, const struct i40e_aq_ring *ring)
{
	i40e_write(hw, I40E_PF_ATQH + ring->step, 0);
	i40e_write(hw, I40E_PF_ATQT + ring->step, 0);
	i40e_write(hw, I40E_PF_ATQLEN + ring->step, 0);
	i40e_write(hw, I40E_PF_ATQBAL + ring->step, 0);
	i40e_write(hw, I40E_PF_ATQBAH + ring->step, 0);
}

static int
give_ring(struct i40e_hw *hw, struct i40e_aq_ring *ring)
{
	ring->next = 0;
	i40e_write(hw, I40E_PF_ATQH + ring->step, 0);
	i40e_write(hw, I40E_PF_ATQT + ring->step, 0);
	i40e_write(hw, I40E_PF_ATQBAL + ring->step, (uint32_t)ring->desc_iova);
	i40e_write(hw, I40E_PF_ATQBAH + ring->step, (uint32_t)(ring->desc_iova >> 32));
	i40e_write(hw, I40E_PF_ATQLEN + ring->step, I40E_AQ_ENTRIES | I40E_AQLEN_ENABLE);
	if (i40e_read(hw, I40E_PF_ATQBAL + ring->step) != (uint32_t)ring->desc_iova) {
		I40E_LOG(ERR, hw->name, "the admin queue's registers do not keep what is written: is the BAR mapped?");
		return -EIO;
	}
	return 0;
}

static int
give_rings(struct i40e_hw *hw)
{
	memset(hw->atq.desc, 0, I40E_AQ_ENTRIES * sizeof(*hw->atq.desc));
	for (uint32_t i = 0; i < I40E_AQ_ENTRIES; i++)
		post_event_buffer(&hw->arq, i);
	if (give_ring(hw, &hw->atq) != 0 || give_ring(hw, &hw->arq) != 0)
		return -EIO;
	i40e_write(hw, I40E_PF_ATQT + hw->arq.step, I40E_AQ_ENTRIES - 1);
	hw->aq_broken = false;
	return 0;
}

/* With the lock held. */
static int
renew_rings(struct i40e_hw *hw)
{
	take_ring(hw, &hw->atq);
	take_ring(hw, &hw->arq);
	i40e_flush(hw);
	/* The firmware sees that it lost them, before they come back. */
	hw->sleep(hw, 1000);
	return give_rings(hw);
}

/* The firmware's index is the device's word: out of range is a device that is gone or mad. */
static int
await_head(struct i40e_hw *hw, uint16_t opcode)
{
	for (uint32_t slept = 0; slept < COMMAND_LIMIT_US; slept += COMMAND_SLEEP_US(slept)) {
		const uint32_t head = i40e_read(hw, I40E_PF_ATQH);

		if (head == hw->atq.next)
			return 0;
		if (i40e_is_gone(hw))
			return -ENODEV;
		if (head == UINT32_MAX) {
			I40E_LOG(ERR, hw->name, "admin command 0x%04x (%s): the device is gone", opcode, i40e_aq_command_name(opcode));
			return -ENODEV;
		}
		hw->sleep(hw, COMMAND_SLEEP_US(slept));
	}
	if (i40e_read(hw, I40E_PF_ATQLEN) & I40E_AQLEN_CRIT) {
		I40E_LOG(ERR, hw->name, "admin command 0x%04x (%s): the firmware reports a critical error of the queue",
			opcode, i40e_aq_command_name(opcode));
		return -EIO;
	}
	I40E_LOG(ERR, hw->name, "admin command 0x%04x (%s): no answer within %u ms", opcode, i40e_aq_command_name(opcode),
		COMMAND_LIMIT_US / 1000);
	return -ETIMEDOUT;
}

static void
post_command(struct i40e_hw *hw, struct i40e_aq_desc *desc, const void *buffer, uint16_t capacity, bool input)
{
	struct i40e_aq_ring *ring = &hw->atq;

	desc->flags = I40E_AQ_SI;
	desc->length = 0;
	desc->status = 0;
	if (buffer != NULL) {
		memset(ring->buffers, 0, I40E_AQ_BUFFER);
		if (input)
			memcpy(ring->buffers, buffer, capacity);
		desc->flags |= I40E_AQ_BUF | (input ? I40E_AQ_RD : 0) | (capacity > 512 ? I40E_AQ_LB : 0);
		desc->length = capacity;
		desc->param.dwords[2] = (uint32_t)(ring->buffers_iova >> 32);
		desc->param.dwords[3] = (uint32_t)ring->buffers_iova;
	}
	ring->desc[ring->next] = *desc;
	ring->next = (ring->next + 1) % I40E_AQ_ENTRIES;
	rte_wmb();
	i40e_write(hw, I40E_PF_ATQT, ring->next);
}

static int
send_locked(struct i40e_hw *hw, struct i40e_aq_desc *desc, void *buffer, uint16_t capacity, bool input, bool quiet)
{
	const uint16_t opcode = desc->opcode;
	const uint32_t slot = hw->atq.next;
	uint8_t status;
	int error;

	post_command(hw, desc, buffer, capacity, input);
	error = await_head(hw, opcode);
	if (error != 0) {
		hw->aq_broken = true;
		return error;
	}
	rte_rmb();
	*desc = hw->atq.desc[slot];
	status = (uint8_t)desc->status;
	if ((desc->flags & I40E_AQ_DD) == 0 || desc->opcode != opcode) {
		I40E_LOG(ERR, hw->name, "admin command 0x%04x (%s): passed over without an answer (flags 0x%04x)", opcode,
			i40e_aq_command_name(opcode), desc->flags);
		return -EIO;
	}
	if (buffer != NULL)
		memcpy(buffer, hw->atq.buffers, capacity);
	if (status == I40E_AQ_OK)
		return 0;
	if (!quiet)
		I40E_LOG(ERR, hw->name, "admin command 0x%04x (%s) failed with %u: %s", opcode, i40e_aq_command_name(opcode), status,
			i40e_aq_status_text(status));
	return i40e_aq_errno(status);
}

int
i40e_aq_send(struct i40e_hw *hw, struct i40e_aq_desc *desc, void *buffer, uint16_t capacity, bool input, bool quiet)
{
	int error = 0;

	if (capacity > I40E_AQ_BUFFER)
		return -EINVAL;
	pthread_mutex_lock(&hw->aq_lock);
	if (!hw->aq_ready || i40e_is_gone(hw))
		error = -ENODEV;
	else if (hw->aq_broken)
		error = renew_rings(hw);
	if (error == 0)
		error = send_locked(hw, desc, buffer, capacity, input, quiet);
	pthread_mutex_unlock(&hw->aq_lock);
	return error;
}

int
i40e_aq_event(struct i40e_hw *hw, struct i40e_aq_desc *desc)
{
	struct i40e_aq_ring *ring = &hw->arq;
	int taken = 0;

	pthread_mutex_lock(&hw->aq_lock);
	if (hw->aq_ready && !hw->aq_broken) {
		const uint32_t head = i40e_read(hw, I40E_PF_ATQH + ring->step);

		if (head < I40E_AQ_ENTRIES && head != ring->next) {
			rte_rmb();
			*desc = ring->desc[ring->next];
			post_event_buffer(ring, ring->next);
			rte_wmb();
			i40e_write(hw, I40E_PF_ATQT + ring->step, ring->next);
			ring->next = (ring->next + 1) % I40E_AQ_ENTRIES;
			taken = 1;
		}
	}
	pthread_mutex_unlock(&hw->aq_lock);
	return taken;
}

static int
get_version(struct i40e_hw *hw)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_GET_VERSION);
	const int error = i40e_aq_send(hw, &desc, NULL, 0, false, false);

	if (error != 0)
		return error;
	hw->fw_build = desc.param.dwords[1];
	hw->fw_major = desc.param.words[4];
	hw->fw_minor = desc.param.words[5];
	hw->api_major = desc.param.words[6];
	hw->api_minor = desc.param.words[7];
	return 0;
}

static int
ask_version(struct i40e_hw *hw)
{
	int error = -EIO;

	for (unsigned int i = 0; i < FIRST_TRIES; i++) {
		error = get_version(hw);
		if (error != -ETIMEDOUT && error != -EIO)
			break;
		I40E_LOG(NOTICE, hw->name, "the firmware did not answer the first command, try %u of %u", i + 1, FIRST_TRIES);
		hw->sleep(hw, 100000);
		hw->aq_broken = true;
	}
	if (error != 0)
		return error;
	if (hw->api_major != 1) {
		I40E_LOG(ERR, hw->name, "firmware %u.%u speaks admin queue API %u.%u, this driver 1.x", hw->fw_major, hw->fw_minor,
			hw->api_major, hw->api_minor);
		return -ENOTSUP;
	}
	hw->rx_registers_by_aq = hw->api_minor >= 5;
	return 0;
}

int
i40e_aq_init(struct i40e_hw *hw, int socket)
{
	/* Rings and buffers begin at pages of 4 KiB. */
	const size_t arq = 4096, command = 8192, events = command + I40E_AQ_BUFFER;
	const size_t size = events + I40E_AQ_ENTRIES * I40E_AQ_EVENT_BUFFER;
	int error = i40e_dma_alloc(hw, &hw->aq_memory, "admin queue", size, 4096, socket);
	uint8_t *memory = hw->aq_memory.address;

	if (error != 0)
		return error;
	hw->atq = (struct i40e_aq_ring){.desc = (void *)memory, .desc_iova = hw->aq_memory.iova, .buffers = memory + command,
		.buffers_iova = hw->aq_memory.iova + command};
	hw->arq = (struct i40e_aq_ring){.desc = (void *)(memory + arq), .desc_iova = hw->aq_memory.iova + arq,
		.buffers = memory + events, .buffers_iova = hw->aq_memory.iova + events, .step = I40E_PF_ARQ_STEP};
	error = give_rings(hw);
	if (error == 0) {
		hw->aq_ready = true;
		error = ask_version(hw);
	}
	if (error != 0)
		i40e_aq_fini(hw);
	return error;
}

void
i40e_aq_fini(struct i40e_hw *hw)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SHUTDOWN);

	if (hw->aq_memory.address == NULL)
		return;
	if (hw->aq_ready && !hw->aq_broken && !hw->deaf) {
		desc.param.dwords[0] = 1;
		(void)i40e_aq_send(hw, &desc, NULL, 0, false, true);
	}
	pthread_mutex_lock(&hw->aq_lock);
	hw->aq_ready = false;
	take_ring(hw, &hw->atq);
	take_ring(hw, &hw->arq);
	i40e_flush(hw);
	pthread_mutex_unlock(&hw->aq_lock);
	i40e_dma_free(&hw->aq_memory);
}
