/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control side as a driver meets it: registers, admin queue, HMC, link, interrupts, resets, faults.
 */
#include "check.h"
#include "control_bed.h"

static uint8_t p[16];

static int
command(uint16_t opcode, void *buffer, uint16_t length)
{
	return ctl_command(opcode, p, buffer, length);
}

static void
clear(void)
{
	memset(p, 0, sizeof(p));
}

static void
a_card_after_power_on(void)
{
	uint16_t sum = 0;

	ctl_open(NULL);
	CHECK_EQ(ctl_get(XR_GL_FWSTS) >> 16 & 0xFF, 0);
	CHECK(ctl_get(XR_GLNVM_FLA) & 1u << 6);
	CHECK_EQ(ctl_get(XR_PFLAN_QALLOC), 767u << 16 | 1u << 31);
	CHECK_EQ(le16(ctl.port->config), 0x8086);
	CHECK_EQ(le16(ctl.port->config + 2), 0x1583);
	for (uint32_t word = 0; word < 0x8000; word++) {
		ctl_set(XR_GLNVM_SRCTL, word << 14 | 1u << 30);
		xl710_model_step(ctl.model);
		CHECK_EQ(ctl_get(XR_GLNVM_SRCTL) >> 30, 2);
		sum = (uint16_t)(sum + (ctl_get(XR_GLNVM_SRDATA) >> 16));
	}
	CHECK_EQ(sum, 0xBABA);
	ctl_set(XR_PFINT_DYN_CTL0, 0x18);
	ctl_set(XR_QRX_TAIL, 5);
	ctl_set(XR_PFGEN_CTRL, 1);
	CHECK(ctl_wait(XR_PFGEN_CTRL, 1, 0));
	CHECK_EQ(ctl_get(XR_PFINT_DYN_CTL0), 0);
	CHECK_EQ(ctl_get(XR_QRX_TAIL), 5); /* of a stronger class */
	ctl_close();
}

static void
admin_commands(void)
{
	uint8_t *descriptor, buffer[512];

	ctl_open(NULL);
	ctl_rings_on();
	clear();
	CHECK_EQ(command(0x0001, NULL, 0), 0);
	CHECK_EQ(le16(p + 12), 1);
	CHECK(le16(p + 14) >= 5);
	descriptor = ctl.memory + CTL_ATQ;
	CHECK_EQ(le16(descriptor), 1u << 13 | 3);
	CHECK_EQ(le32(descriptor + 8), 0x11223344);
	clear();
	CHECK_EQ(command(0x0BAD, NULL, 0), AQ_ESRCH);
	CHECK_EQ(le16(ctl.memory + CTL_ATQ + 32) & 7, 7);
	/* A buffer that is nowhere, one that is too great, and none where there must be one. */
	descriptor = ctl_post(0x0107, p, 0x77, 24);
	CHECK(ctl_wait(XR_PF_ATQH, 0x3FF, ctl.atq_tail));
	CHECK_EQ(le16(descriptor + 6), AQ_BAD_ADDR);
	descriptor = ctl_post(0x0107, p, CTL_IOVA + CTL_BUFFER, 4097);
	CHECK(ctl_wait(XR_PF_ATQH, 0x3FF, ctl.atq_tail));
	CHECK_EQ(le16(descriptor + 6), AQ_EINVAL);
	CHECK_EQ(command(0x0107, NULL, 0), AQ_EINVAL);
	/* Capabilities: what is needed for a buffer that is too short. */
	CHECK_EQ(command(0x000A, buffer, 64), AQ_ENOMEM);
	descriptor = ctl.memory + CTL_ATQ + 32 * ((ctl.atq_tail + CTL_RING - 1) % CTL_RING);
	CHECK(le16(descriptor + 4) > 64 && le16(descriptor + 4) <= 512);
	clear();
	CHECK_EQ(command(0x000A, buffer, 512), 0);
	CHECK_EQ(le16(buffer), 0x05);
	/* Many times round the ring. */
	for (unsigned int i = 0; i < 3 * CTL_RING; i++)
		CHECK_EQ(command(0x0001, NULL, 0), 0);
	CHECK_EQ(ctl.port->stats.admin_errors, 5);
	ctl_close();
}

static void
a_ring_begun_anew_replays_nothing(void)
{
	uint64_t before;

	ctl_open(NULL);
	ctl_rings_on();
	for (int i = 0; i < 5; i++)
		CHECK_EQ(command(0x0001, NULL, 0), 0);
	before = ctl.port->control->commands;
	/* A driver that wipes what was answered; the last one stays. */
	memset(ctl.memory + CTL_ATQ, 0, 4 * 32);
	ctl_rings_off();
	CHECK_EQ(ctl.port->control->commands, before);
	ctl_rings_on();
	for (int i = 0; i < 5; i++)
		CHECK_EQ(command(0x0001, NULL, 0), 0);
	before = ctl.port->control->commands;
	/* HEAD goes first, while the ring is on and the tail stands at 5. */
	ctl_rings_off();
	CHECK_EQ(ctl.port->control->commands, before);
	ctl_rings_on();
	ctl_steps(10);
	CHECK_EQ(ctl.port->control->commands, before);
	CHECK_EQ(command(0x0001, NULL, 0), 0);
	CHECK_EQ(ctl.port->control->commands, before + 1);
	/* All of it between two looks of the model. */
	memset(ctl.memory + CTL_ATQ, 0, CTL_RING * 32);
	ctl_set(XR_PF_ATQH, 0);
	ctl_set(XR_PF_ATQT, 0);
	ctl.atq_tail = 0;
	CHECK_EQ(command(0x0001, NULL, 0), 0);
	CHECK_EQ(ctl.port->control->commands, before + 2);
	/* A ring that is nowhere: the critical-error bit, no answer, no crash. */
	ctl_set(XR_PF_ATQBAH, 0x7FFFFFFF);
	ctl_post(0x0001, p, 0, 0);
	CHECK(ctl_wait(XR_PF_ATQLEN, 1u << 30, 1u << 30));
	ctl_close();
}

static void
registers_by_command(void)
{
	ctl_open(NULL);
	ctl_rings_on();
	clear();
	put32(p + 4, XR_AT(PFQF_HENA, 1));
	put32(p + 12, 0x12345);
	CHECK_EQ(command(0x0207, NULL, 0), 0);
	CHECK_EQ(ctl_get(XR_AT(PFQF_HENA, 1)), 0x12345);
	clear();
	put32(p + 4, XR_AT(PFQF_HENA, 1));
	CHECK_EQ(command(0x0206, NULL, 0), 0);
	CHECK_EQ(le32(p + 12), 0x12345);
	for (uint32_t bad = 0; bad < 2; bad++) {
		clear();
		put32(p + 4, bad == 0 ? XL710_BAR_SIZE : 6);
		CHECK_EQ(command(0x0206, NULL, 0), AQ_EINVAL);
		CHECK_EQ(command(0xFF04, NULL, 0), AQ_EINVAL);
	}
	ctl_close();
}

static void
queues_go_on_and_off(void)
{
	ctl_open(NULL);
	ctl_hmc_on(64);
	ctl_tx_context(3);
	ctl_rx_context(3);
	ctl_set(XR_AT(QTX_TAIL, 3), 17);
	ctl_set(XR_AT(QRX_TAIL, 3), 63);
	ctl_set(XR_AT(QTX_ENA, 3), 1);
	ctl_set(XR_AT(QRX_ENA, 3), 1);
	CHECK(ctl_wait(XR_AT(QTX_ENA, 3), 5, 5));
	CHECK(ctl_wait(XR_AT(QRX_ENA, 3), 5, 5));
	CHECK_EQ(ctl_get(XR_AT(QTX_TAIL, 3)), 0);
	CHECK_EQ(ctl_get(XR_AT(QRX_TAIL, 3)), 63);
	CHECK_EQ(ctl.port->stats.malicious_tx + ctl.port->stats.malicious_rx, 0);
	ctl_set(XR_AT(QTX_ENA, 3), ctl_get(XR_AT(QTX_ENA, 3)) & ~1u);
	ctl_set(XR_AT(QRX_ENA, 3), ctl_get(XR_AT(QRX_ENA, 3)) & ~1u);
	CHECK(ctl_wait(XR_AT(QTX_ENA, 3), 5, 0));
	CHECK(ctl_wait(XR_AT(QRX_ENA, 3), 5, 0));
	ctl_close();
}

/* Enables a queue whose context is as it is; whether that was found impossible. */
static bool
refused(enum xl710_direction direction, uint16_t queue)
{
	uint64_t before = ctl.port->stats.malicious_tx + ctl.port->stats.malicious_rx;
	uint32_t offset = direction == XL710_TX ? XR_AT(QTX_ENA, queue) : XR_AT(QRX_ENA, queue);
	bool found;

	ctl_set(offset, 1);
	CHECK(ctl_wait(offset, 5, 5));
	found = ctl.port->stats.malicious_tx + ctl.port->stats.malicious_rx == before + 1;
	ctl_set(offset, 0);
	CHECK(ctl_wait(offset, 5, 0));
	return found;
}

static void
impossible_contexts(void)
{
	uint8_t *context;

	ctl_open(NULL);
	CHECK(refused(XL710_TX, 0)); /* no segment at all */
	CHECK(ctl_get(XR_PFHMC_ERRORINFO) & 1u << 31);
	ctl_hmc_on(64);
	context = ctl_tx_context(0);
	ctl_bits(context, 161, 13, 0);
	CHECK(refused(XL710_TX, 0)); /* no descriptors */
	context = ctl_tx_context(0);
	ctl_bits(context, 32, 57, 0x123456789);
	CHECK(refused(XL710_TX, 0)); /* a ring that is nowhere */
	context = ctl_tx_context(0);
	ctl_bits(context, 160, 1, 1);
	ctl_bits(context, 192, 64, CTL_IOVA + 2);
	CHECK(refused(XL710_TX, 0)); /* a head write-back that is not aligned */
	context = ctl_rx_context(0);
	ctl_bits(context, 102, 7, 0);
	CHECK(refused(XL710_RX, 0)); /* buffers without bytes */
	context = ctl_rx_context(0);
	ctl_bits(context, 114, 2, 3);
	CHECK(refused(XL710_RX, 0));
	CHECK(refused(XL710_TX, 100)); /* more than the function has room for */
	CHECK(ctl_get(XR_PF_MDET_TX) == 1 && ctl_get(XR_GL_MDET_TX) >> 31 == 1);
	ctl_rx_context(0);
	CHECK(!refused(XL710_RX, 0));
	ctl_close();
}

static void
a_paged_segment(void)
{
	uint8_t *table;
	uint64_t page = CTL_IOVA + 0x80000;

	ctl_open(NULL);
	ctl_hmc_on(64);
	table = ctl.memory + 0x70000;
	ctl_set(XR_PFHMC_SDDATAHIGH, (uint32_t)(CTL_IOVA >> 32));
	ctl_set(XR_PFHMC_SDDATALOW, (uint32_t)(CTL_IOVA + 0x70000) | 512u << 2 | 1);
	ctl_set(XR_PFHMC_SDCMD, 1u << 31);
	ctl_steps(2);
	CHECK(refused(XL710_TX, 33)); /* its page is not valid */
	put32(table + 8, (uint32_t)page | 1);
	put32(table + 12, (uint32_t)(page >> 32));
	ctl_tx_context(33);
	memcpy(ctl.memory + 0x80000 + 128, ctl.memory + CTL_CONTEXTS + 33 * 128, 128);
	CHECK(!refused(XL710_TX, 33));
	ctl_close();
}

static void
set_phy(uint8_t abilities, uint32_t types)
{
	clear();
	put32(p, types);
	p[4] = 0x10;
	p[5] = abilities;
	CHECK_EQ(command(0x0601, NULL, 0), 0);
}

static void
link_events(void)
{
	uint16_t opcode;
	uint8_t event[16];

	ctl_open(NULL);
	ctl_rings_on();
	CHECK_EQ(ctl_get(XR_PRTMAC_LINKSTA) & (1u << 30 | 1u << 7), 1u << 30 | 1u << 7);
	set_phy(0x20, 0);
	CHECK_EQ(ctl_get(XR_PRTMAC_LINKSTA), 0);
	CHECK(!ctl_event(&opcode, event)); /* nobody has asked for events */
	clear();
	put16(p, 3);
	CHECK_EQ(command(0x0607, NULL, 0), 0);
	CHECK_EQ(p[4] & 1, 0);
	set_phy(0x28, 1u << 0x18);
	CHECK(ctl_event(&opcode, event));
	CHECK_EQ(opcode, 0x0607);
	CHECK(event[4] & 1);
	CHECK_EQ(event[3], 0x10);
	CHECK(ctl_get(XR_PFINT_ICR0) & 1u << 30);
	clear();
	put16(p + 8, 2); /* link events masked */
	CHECK_EQ(command(0x0613, NULL, 0), 0);
	xl710_model_cable(ctl.model, 0, false);
	CHECK(!ctl_event(&opcode, event));
	CHECK(!ctl.port->link_up);
	clear();
	CHECK_EQ(command(0x0613, NULL, 0), 0);
	xl710_model_cable(ctl.model, 0, true);
	CHECK(ctl_event(&opcode, event));
	/* More than the driver has posted wait, then no more. */
	for (int i = 0; i < 100; i++)
		xl710_model_cable(ctl.model, 0, i & 1);
	CHECK(ctl.port->control->events_lost > 0);
	for (unsigned int i = 0; i < 2 * CTL_RING && ctl_event(&opcode, event); i++)
		ctl_steps(1);
	CHECK(!ctl_event(&opcode, event));
	clear();
	CHECK_EQ(command(0x0600, NULL, 0), AQ_EINVAL);
	ctl_close();
}

static void
interrupts(void)
{
	uint16_t opcode;
	uint8_t event[16];

	ctl_open(NULL);
	ctl_rings_on();
	clear();
	put16(p, 3);
	CHECK_EQ(command(0x0607, NULL, 0), 0);
	ctl_set(XR_PFINT_ICR0_ENA, 1u << 30);
	ctl_set(XR_PFINT_DYN_CTL0, 0x1B);
	ctl_steps(1);
	CHECK_EQ(ctl_get(XR_PFINT_DYN_CTL0), 0x19);
	xl710_model_cable(ctl.model, 0, false);
	CHECK_EQ(ctl.port->control->interrupts, 1);
	CHECK_EQ(ctl_get(XR_PFINT_DYN_CTL0), 0x18); /* masked by its own interrupt */
	CHECK_EQ(ctl_get(XR_PFINT_ICR0), 1u << 30 | 1);
	/* On again without the event taken: it comes again. */
	ctl_set(XR_PFINT_DYN_CTL0, 0x1B);
	ctl_steps(1);
	CHECK_EQ(ctl.port->control->interrupts, 2);
	CHECK(ctl_event(&opcode, event));
	ctl_set(XR_PFINT_DYN_CTL0, 0x1B);
	ctl_steps(1);
	CHECK_EQ(ctl.port->control->interrupts, 2);
	CHECK_EQ(ctl_get(XR_PFINT_ICR0), 0);
	/* A queue's, on vector 1. */
	ctl_set(XR_AT(QINT_RQCTL, 2), 1u << 30 | 1);
	ctl_set(XR_PFINT_DYN_CTLN, 0x1B);
	xl710_irq_queue(ctl.port, XL710_RX, 2);
	ctl_steps(1);
	CHECK_EQ(ctl.port->control->interrupts, 3);
	xl710_irq_queue(ctl.port, XL710_RX, 2);
	ctl_steps(2);
	CHECK_EQ(ctl.port->control->interrupts, 3); /* the vector is off until the driver says so */
	ctl_set(XR_PFINT_DYN_CTLN, 0x1B);
	ctl_steps(2);
	CHECK_EQ(ctl.port->control->interrupts, 4); /* and then what came meanwhile */
	ctl_close();
}

static void
resets_of_the_card(void)
{
	ctl_open(NULL);
	ctl_rings_on();
	ctl_set(XR_AT(QRX_TAIL, 1), 9);
	clear();
	put32(p, 0);
	CHECK_EQ(command(0x0601, NULL, 0), 0);
	ctl_set(XR_GLGEN_RTRIG, 2); /* GLOBR */
	ctl_steps(1);
	CHECK(ctl_get(XR_GLGEN_RSTAT) & 3);
	CHECK(ctl_get(XR_PFINT_ICR0) & 1u << 20);
	CHECK(ctl_wait(XR_GLGEN_RSTAT, 3, 0));
	CHECK_EQ(ctl_get(XR_GLGEN_RSTAT) >> 6 & 3, 1);
	CHECK_EQ(ctl_get(XR_AT(QRX_TAIL, 1)), 0);
	CHECK_EQ(ctl_get(XR_PF_ATQLEN), 0);
	CHECK(ctl.port->link_up);
	ctl_close();
}

static void
exact_accesses(void)
{
	ctl_open(NULL);
	ctl.port->control->exact = true;
	xl710_malicious(ctl.port, XL710_TX, 7, 3);
	CHECK_EQ(xl710_access_read(ctl.port, XR_PF_MDET_TX, 4), 1);
	xl710_access_write(ctl.port, XR_PF_MDET_TX, 0, 4);
	CHECK_EQ(xl710_access_read(ctl.port, XR_PF_MDET_TX, 4), 1);
	xl710_access_write(ctl.port, XR_PF_MDET_TX, 1, 4);
	CHECK_EQ(xl710_access_read(ctl.port, XR_PF_MDET_TX, 4), 0);
	xl710_access_write(ctl.port, XR_GL_MDET_TX, 0xFFFFFFFF, 4);
	CHECK_EQ(xl710_access_read(ctl.port, XR_GL_MDET_TX, 4), 0);
	CHECK(xl710_access_read(ctl.port, XR_PFINT_ICR0, 4) & 1u << 19);
	CHECK_EQ(xl710_access_read(ctl.port, XR_PFINT_ICR0, 4), 0);
	/* Back to back: each segment is where it was told. */
	for (uint32_t i = 0; i < 3; i++) {
		xl710_access_write(ctl.port, XR_PFHMC_SDDATAHIGH, i, 4);
		xl710_access_write(ctl.port, XR_PFHMC_SDDATALOW, i << 12 | 3, 4);
		xl710_access_write(ctl.port, XR_PFHMC_SDCMD, 1u << 31 | i, 4);
	}
	for (uint32_t i = 0; i < 3; i++)
		CHECK_EQ(ctl.port->control->segments[i].address, ((uint64_t)i << 32) + (i << 12));
	xl710_access_write(ctl.port, XR_GL_FWSTS, 0xFF0000, 4);
	CHECK_EQ(xl710_access_read(ctl.port, XR_GL_FWSTS, 4), 0);
	CHECK_EQ(xl710_access_read(ctl.port, XL710_BAR_SIZE, 4), UINT64_MAX);
	ctl_close();
}

static void
with_admin_errors(struct xl710_options *options)
{
	options->faults.admin_error = 1;
}

static void
with_silence(struct xl710_options *options)
{
	options->faults.admin_silent = 1;
}

static void
with_slow_firmware(struct xl710_options *options)
{
	options->faults.slow_firmware_ms = 20;
}

static void
faults_of_the_firmware(void)
{
	uint64_t began;

	ctl_open(with_admin_errors);
	ctl_rings_on();
	CHECK_EQ(command(0x0001, NULL, 0), AQ_EIO);
	ctl_close();
	ctl_open(with_silence);
	ctl_rings_on();
	ctl_post(0x0001, p, 0, 0);
	ctl_steps(100);
	CHECK_EQ(ctl_get(XR_PF_ATQH), 0);
	CHECK_EQ(ctl.port->stats.admin_unanswered, 1);
	ctl.port->faults.admin_silent = 0;
	ctl_steps(100);
	CHECK_EQ(ctl_get(XR_PF_ATQH), 0); /* until the ring is begun anew */
	ctl_rings_off();
	ctl_rings_on();
	CHECK_EQ(command(0x0001, NULL, 0), 0);
	ctl_close();
	ctl_open(with_slow_firmware);
	ctl_rings_on();
	began = xl710_now_us();
	CHECK_EQ(command(0x0001, NULL, 0), 0);
	CHECK(xl710_now_us() - began >= 20000);
	CHECK_EQ(ctl.port->stats.admin_slow, 1);
	ctl_close();
}

static void
counters_of_48_bits(void)
{
	ctl_open(NULL);
	ctl.port->stats.rx.bytes = (1ull << 48) + 77;
	ctl.port->stats.dirty = true;
	ctl.port->stats.vsi[8].rx.frames[XL710_MULTICAST] = 1ull << 40;
	ctl.port->stats.vsi[8].dirty = true;
	xl710_stats_publish(ctl.port);
	CHECK_EQ(ctl_get(0x300000), 77);
	CHECK_EQ(ctl_get(0x300004), 0);
	CHECK_EQ(ctl_get(0x36CC00 + 64 + 4), 1u << 8);
	ctl_close();
}

int
main(void)
{
	RUN(a_card_after_power_on);
	RUN(admin_commands);
	RUN(a_ring_begun_anew_replays_nothing);
	RUN(registers_by_command);
	RUN(queues_go_on_and_off);
	RUN(impossible_contexts);
	RUN(a_paged_segment);
	RUN(link_events);
	RUN(interrupts);
	RUN(resets_of_the_card);
	RUN(exact_accesses);
	RUN(faults_of_the_firmware);
	RUN(counters_of_48_bits);
	return check_summary();
}
