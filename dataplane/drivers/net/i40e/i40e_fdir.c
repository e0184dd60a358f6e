/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The flow director's table is written through a transmit queue of a VSI of its own: a descriptor says what becomes of the
 * packets, a packet after it, which is not sent, says of which. What went wrong comes back on that VSI's receive queue.
 * The caller (rte_flow, one rule at a time) waits for both.
 */
#include <errno.h>
#include <string.h>

#include <rte_ip.h>
#include <rte_sctp.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#include "i40e_fdir.h"
#include "i40e_port.h"
#include "i40e_rss.h"

#define RING 64u
#define RX_RING_AT (RING * sizeof(struct i40e_tx_desc))
#define PACKET_AT (RX_RING_AT + (RING + I40E_RX_PADDING) * sizeof(struct i40e_rx_desc))
#define SPARE_AT (PACKET_AT + I40E_FDIR_PACKET)
#define MEMORY (SPARE_AT + 2048u)

#define QUEUE_MASK 0x7FF
#define PCTYPE_SHIFT 17
#define VSI_SHIFT 23
#define COMMAND_SHIFT 4
#define DEST_SHIFT 7
#define DEST_QUEUE 1ULL
#define DEST_OTHER 2ULL
#define COUNT (1ULL << 11)
#define COUNTER_SHIFT 20
#define STATUS_SHIFT 13
#define STATUS_ID 1ULL
#define RULE_SHIFT 32 /* of the second half */

#define PROGRAM_ID(high) ((high) >> 2 & 7)
#define PROGRAM_RULE 1
#define ERROR_FULL (1ULL << 19)
#define ERROR_NO_ENTRY (1ULL << 20)

#define WAITS 20000
#define WAIT_US 50
#define ANSWER_US 2000 /* after the descriptor is done an error has come within this */

struct i40e_tx_desc
i40e_fdir_encode(const struct i40e_rule *rule, uint16_t vsi, uint8_t command)
{
	const uint64_t dest = rule->drop ? 0 : rule->to_queue ? DEST_QUEUE : DEST_OTHER;
	struct i40e_tx_desc desc = {
		.low = (uint64_t)(rule->queue & QUEUE_MASK) | (uint64_t)rule->pctype << PCTYPE_SHIFT | (uint64_t)vsi << VSI_SHIFT,
		.high = I40E_TX_FILTER | (uint64_t)command << COMMAND_SHIFT | dest << DEST_SHIFT,
	};

	if (rule->count)
		desc.high |= COUNT | (uint64_t)rule->counter << COUNTER_SHIFT;
	if (rule->mark)
		desc.high |= STATUS_ID << STATUS_SHIFT | (uint64_t)rule->mark_id << RULE_SHIFT;
	return desc;
}

/* ---- The packet ---- */

static uint8_t
protocol_of(uint8_t pctype)
{
	switch (pctype) {
	case I40E_PCTYPE_IPV4_UDP:
	case I40E_PCTYPE_IPV6_UDP:
		return 17;
	case I40E_PCTYPE_IPV4_TCP:
	case I40E_PCTYPE_IPV6_TCP:
		return 6;
	case I40E_PCTYPE_IPV4_SCTP:
	case I40E_PCTYPE_IPV6_SCTP:
		return 132;
	default:
		return 0;
	}
}

static void *
put_ipv4(const struct i40e_rule *rule, uint8_t *at)
{
	struct rte_ipv4_hdr *ip = (struct rte_ipv4_hdr *)at;

	ip->version_ihl = 0x45;
	ip->total_length = rte_cpu_to_be_16(I40E_FDIR_PACKET - sizeof(struct rte_ether_hdr));
	ip->time_to_live = 64;
	ip->next_proto_id = protocol_of(rule->pctype);
	memcpy(&ip->src_addr, rule->dst, 4);
	memcpy(&ip->dst_addr, rule->src, 4);
	return ip + 1;
}

static void *
put_ipv6(const struct i40e_rule *rule, uint8_t *at)
{
	struct rte_ipv6_hdr *ip = (struct rte_ipv6_hdr *)at;

	ip->vtc_flow = rte_cpu_to_be_32(6u << 28);
	ip->payload_len = rte_cpu_to_be_16(I40E_FDIR_PACKET - sizeof(struct rte_ether_hdr) - sizeof(*ip));
	ip->proto = rule->pctype == I40E_PCTYPE_IPV6_OTHER ? 59 : protocol_of(rule->pctype); /* 59: nothing follows */
	ip->hop_limits = 64;
	memcpy(ip->src_addr, rule->dst, sizeof(ip->src_addr));
	memcpy(ip->dst_addr, rule->src, sizeof(ip->dst_addr));
	return ip + 1;
}

void
i40e_fdir_packet(const struct i40e_rule *rule, uint8_t packet[I40E_FDIR_PACKET])
{
	const bool v6 = rule->pctype >= I40E_PCTYPE_IPV6_UDP;
	const uint8_t protocol = protocol_of(rule->pctype);
	uint16_t *ports;

	memset(packet, 0, I40E_FDIR_PACKET);
	packet[12] = v6 ? 0x86 : 0x08;
	packet[13] = v6 ? 0xDD : 0x00;
	ports = v6 ? put_ipv6(rule, packet + sizeof(struct rte_ether_hdr)) : put_ipv4(rule, packet + sizeof(struct rte_ether_hdr));
	if (protocol == 0)
		return;
	/* All three protocols begin with their ports. */
	ports[0] = rule->dst_port;
	ports[1] = rule->src_port;
	if (protocol == 6)
		((struct rte_tcp_hdr *)ports)->data_off = 0x50;
	if (protocol == 17)
		((struct rte_udp_hdr *)ports)->dgram_len = rte_cpu_to_be_16((uint16_t)(packet + I40E_FDIR_PACKET - (uint8_t *)ports));
}

/* ---- The device ---- */

static struct i40e_rx_desc *
rx_ring(const struct i40e_flow_director *fdir)
{
	return (struct i40e_rx_desc *)((uint8_t *)fdir->memory.address + RX_RING_AT);
}

static int
start_queues(struct i40e_port *port)
{
	struct i40e_flow_director *fdir = &port->fdir;
	const struct i40e_tx_context tx = {.ring = fdir->memory.iova, .length = RING, .queue_set = fdir->vsi.info.queue_sets[0],
		.flow_director = true};
	const struct i40e_rx_context rx = {.ring = fdir->memory.iova + RX_RING_AT, .length = RING, .buffer = 1024, .max_frame = 1024};
	int error;

	for (unsigned int i = 0; i < RING; i++)
		fdir->ring[i] = (struct i40e_tx_desc){.high = I40E_TX_DONE};
	for (unsigned int i = 0; i < RING; i++)
		rx_ring(fdir)[i] = (struct i40e_rx_desc){.low = fdir->memory.iova + RTE_ALIGN_CEIL(SPARE_AT, 1024u)};
	fdir->next = 0;
	fdir->rx_next = 0;
	i40e_tx_context_write(&port->hw, fdir->queue, &tx);
	i40e_rx_context_write(&port->hw, fdir->queue, &rx);
	i40e_write(&port->hw, I40E_QRX_TAIL(fdir->queue), RING - 1);
	error = i40e_tx_enable(&port->hw, fdir->queue);
	return error != 0 ? error : i40e_rx_enable(&port->hw, fdir->queue);
}

int
i40e_fdir_start(struct i40e_port *port)
{
	struct i40e_flow_director *fdir = &port->fdir;
	int error;

	if (fdir->ready)
		return 0;
	fdir->queue = port->queues;
	error = i40e_dma_alloc(&port->hw, &fdir->memory, "flow director", MEMORY, 4096, port->dev->data->numa_node);
	if (error != 0)
		return error;
	fdir->ring = fdir->memory.address;
	fdir->packet = (uint8_t *)fdir->memory.address + PACKET_AT;
	fdir->packet_iova = fdir->memory.iova + PACKET_AT;
	memset(fdir->fields, 0, sizeof(fdir->fields));
	memset(fdir->per_type, 0, sizeof(fdir->per_type));
	fdir->rules = fdir->counters = 0;
	error = i40e_vsi_add(&port->hw, &port->vsi, &fdir->veb, &fdir->vsi);
	if (error == 0)
		error = i40e_vsi_set_queues(&port->hw, &fdir->vsi, fdir->queue, 1);
	if (error == 0)
		error = start_queues(port);
	fdir->ready = true;
	if (error != 0)
		i40e_fdir_stop(port);
	return error;
}

void
i40e_fdir_stop(struct i40e_port *port)
{
	struct i40e_flow_director *fdir = &port->fdir;

	if (!fdir->ready)
		return;
	fdir->ready = false;
	/* Whether or not all of it works: a reset follows, or the next start finds out. */
	(void)i40e_tx_disable(&port->hw, fdir->queue, 1);
	(void)i40e_rx_disable(&port->hw, fdir->queue);
	if (fdir->vsi.seid != 0)
		(void)i40e_element_delete(&port->hw, fdir->vsi.seid);
	if (fdir->veb != 0)
		(void)i40e_element_delete(&port->hw, fdir->veb);
	fdir->vsi.seid = fdir->veb = 0;
	i40e_dma_free(&fdir->memory);
}

/* What the device says of programming: 0 when it says nothing. */
static int
take_status(struct i40e_port *port)
{
	struct i40e_flow_director *fdir = &port->fdir;
	int error = 0;

	for (unsigned int i = 0; i < RING; i++) {
		struct i40e_rx_desc *desc = &rx_ring(fdir)[fdir->rx_next];
		const uint64_t high = *(volatile uint64_t *)&desc->high;

		if ((high & I40E_RX_DD) == 0)
			break;
		if (PROGRAM_ID(high) == PROGRAM_RULE && (high & ERROR_FULL))
			error = -ENOSPC;
		else if (PROGRAM_ID(high) == PROGRAM_RULE && (high & ERROR_NO_ENTRY))
			error = -ENOENT;
		desc->high = 0;
		desc->low = fdir->memory.iova + RTE_ALIGN_CEIL(SPARE_AT, 1024u);
		rte_wmb();
		i40e_write(&port->hw, I40E_QRX_TAIL(fdir->queue), fdir->rx_next);
		fdir->rx_next = (uint16_t)((fdir->rx_next + 1) % RING);
	}
	return error;
}

static int
program(struct i40e_port *port, const struct i40e_rule *rule, uint8_t command)
{
	struct i40e_flow_director *fdir = &port->fdir;
	struct i40e_tx_desc *data = &fdir->ring[fdir->next + 1];

	(void)take_status(port);
	i40e_fdir_packet(rule, fdir->packet);
	fdir->ring[fdir->next] = i40e_fdir_encode(rule, port->vsi.number, command);
	data->low = fdir->packet_iova;
	data->high = I40E_TX_DATA | I40E_TX_EOP | I40E_TX_RS | I40E_TX_DUMMY | (uint64_t)I40E_FDIR_PACKET << I40E_TX_LENGTH_SHIFT;
	fdir->next = (uint16_t)((fdir->next + 2) % RING);
	rte_wmb();
	i40e_write(&port->hw, I40E_QTX_TAIL(fdir->queue), fdir->next);
	for (unsigned int i = 0; i < WAITS; i++) {
		if ((*(volatile uint64_t *)&data->high & I40E_TX_DTYPE_MASK) == I40E_TX_DONE) {
			port->hw.sleep(&port->hw, ANSWER_US);
			return take_status(port);
		}
		port->hw.sleep(&port->hw, WAIT_US);
	}
	I40E_LOG(ERR, port->hw.name, "the flow director does not take a rule within a second");
	return -ETIMEDOUT;
}

/* All rules of a type look at the same fields. */
static int
choose_fields(struct i40e_port *port, const struct i40e_rule *rule)
{
	struct i40e_flow_director *fdir = &port->fdir;
	int error;

	if (fdir->fields[rule->pctype] == rule->fields)
		return 0;
	if (fdir->per_type[rule->pctype] != 0)
		return -EBUSY;
	error = i40e_rx_write(&port->hw, I40E_PRTQF_FD_INSET(rule->pctype, 0), (uint32_t)rule->fields);
	if (error == 0)
		error = i40e_rx_write(&port->hw, I40E_PRTQF_FD_INSET(rule->pctype, 1), (uint32_t)(rule->fields >> 32));
	if (error == 0)
		fdir->fields[rule->pctype] = rule->fields;
	return error;
}

/* The card's 512 counters belong to all its functions: each takes its 32, from the end, as others count from the start. */
#define COUNTERS 512u
#define COUNTERS_OWN 32u

static int
take_counter(struct i40e_port *port, struct i40e_rule *rule)
{
	const uint32_t mine = ~port->fdir.counters;
	unsigned int at;

	if (mine == 0)
		return -ENOBUFS;
	at = (unsigned int)__builtin_ctz(mine);
	port->fdir.counters |= 1u << at;
	rule->counter = (uint16_t)(COUNTERS - COUNTERS_OWN * (port->hw.function % 16 + 1u) + at);
	/* Nobody clears it. */
	rule->counted = i40e_read(&port->hw, I40E_GLQF_PCNT(rule->counter));
	rule->hits = 0;
	return 0;
}

static void
give_counter(struct i40e_port *port, const struct i40e_rule *rule)
{
	if (rule->count)
		port->fdir.counters &= ~(1u << rule->counter % COUNTERS_OWN);
}

uint64_t
i40e_fdir_hits(struct i40e_port *port, struct i40e_rule *rule, bool reset)
{
	const uint32_t now = i40e_read(&port->hw, I40E_GLQF_PCNT(rule->counter));
	uint64_t hits;

	rule->hits += (uint32_t)(now - rule->counted);
	rule->counted = now;
	hits = rule->hits;
	if (reset)
		rule->hits = 0;
	return hits;
}

int
i40e_fdir_add(struct i40e_port *port, struct i40e_rule *rule)
{
	const uint32_t room = port->hw.caps.fd_guaranteed + port->hw.caps.fd_best_effort;
	int error = i40e_fdir_start(port);

	if (error == 0 && room != 0 && port->fdir.rules >= room)
		error = -ENOSPC;
	if (error == 0)
		error = choose_fields(port, rule);
	if (error == 0 && rule->count)
		error = take_counter(port, rule);
	if (error != 0)
		return error;
	error = program(port, rule, I40E_FDIR_ADD);
	if (error != 0)
		give_counter(port, rule);
	if (error == 0) {
		port->fdir.rules++;
		port->fdir.per_type[rule->pctype]++;
	}
	return error;
}

int
i40e_fdir_remove(struct i40e_port *port, const struct i40e_rule *rule)
{
	int error;

	if (!port->fdir.ready || port->fdir.rules == 0)
		return -ENOENT;
	error = program(port, rule, I40E_FDIR_REMOVE);
	/* One that the device does not have is gone, too. */
	if (error == 0 || error == -ENOENT) {
		port->fdir.rules--;
		port->fdir.per_type[rule->pctype]--;
		give_counter(port, rule);
	}
	return error;
}

int
i40e_fdir_flush(struct i40e_port *port)
{
	struct i40e_hw *hw = &port->hw;

	if (!port->fdir.ready)
		return 0;
	i40e_write(hw, I40E_PFQF_CTL_1, I40E_PFQF_CTL_1_CLEARFDTABLE);
	i40e_flush(hw);
	if (i40e_wait(hw, I40E_PFQF_CTL_1, I40E_PFQF_CTL_1_CLEARFDTABLE, 0, 50, 5000) != 0 ||
			i40e_wait(hw, I40E_PFQF_FDSTAT, 0x1FFF1FFF, 0, 50, 5000) != 0) {
		I40E_LOG(ERR, hw->name, "the flow director's table does not become empty");
		return -ETIMEDOUT;
	}
	port->fdir.rules = 0;
	port->fdir.counters = 0;
	memset(port->fdir.per_type, 0, sizeof(port->fdir.per_type));
	return 0;
}
