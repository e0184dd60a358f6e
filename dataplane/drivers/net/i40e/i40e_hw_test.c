/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Access to the function, on the scripted device: handshakes, contents of commands and contexts, and each fault's answer.
 * No fault waits for ever: what is slept is counted and bounded.
 */
#include <errno.h>
#include <stdlib.h>

#include <check.h>
#include <rte_eal.h>
#include <rte_memory.h>

#include "i40e_fake.h"
#include "i40e_vsi.h"

static struct fake fake;
static struct i40e_hw hw;

static void
begin(void)
{
	fake_start(&fake, &hw);
	CHECK_EQ(i40e_aq_init(&hw, SOCKET_ID_ANY), 0);
}

static void
end(void)
{
	i40e_aq_fini(&hw);
	fake_stop(&fake);
}

/* ---- Reset ---- */

static void
reset_is_asked_for_and_awaited(void)
{
	fake_start(&fake, &hw);
	fake_put(&fake, I40E_QTX_ENA(3), I40E_QENA_REQ | I40E_QENA_STAT);
	CHECK_EQ(i40e_reset(&hw), 0);
	CHECK_EQ(fake_get(&fake, I40E_PFGEN_CTRL), 0);
	CHECK_EQ(fake_get(&fake, I40E_QTX_ENA(3)), 0);
	CHECK_EQ(fake_get(&fake, I40E_PFINT_LNKLSTN(5)), I40E_LIST_END);
	CHECK_EQ(fake_get(&fake, I40E_PFINT_DYN_CTLN(5)), 0x18);
	fake_stop(&fake);
}

static void
reset_that_does_not_end_has_its_error(void)
{
	fake_start(&fake, &hw);
	fake.reset_stuck = true;
	CHECK_EQ(i40e_reset(&hw), -ETIMEDOUT);
	CHECK(fake.slept < 1000000);
	fake_stop(&fake);
}

static void
card_in_reset_is_waited_for_so_long(void)
{
	fake_start(&fake, &hw);
	fake_put(&fake, I40E_GLGEN_RSTAT, 1);
	CHECK_EQ(i40e_reset(&hw), -ETIMEDOUT);
	CHECK(fake.slept >= 4000000 && fake.slept < 5000000);
	fake_put(&fake, I40E_GLGEN_RSTAT, 0);
	fake_put(&fake, I40E_GLNVM_ULD, 0);
	CHECK_EQ(i40e_reset(&hw), -ETIMEDOUT);
	fake_stop(&fake);
}

static void
dead_and_recovering_devices_are_refused(void)
{
	fake_start(&fake, &hw);
	fake_put(&fake, I40E_GL_FWSTS, 0x00010000);
	CHECK_EQ(i40e_check_alive(&hw), -EIO);
	memset(fake.bar, 0xFF, I40E_BAR_SIZE);
	CHECK_EQ(i40e_check_alive(&hw), -ENODEV);
	CHECK_EQ(i40e_reset(&hw), -ENODEV);
	CHECK_EQ(fake.slept, 0);
	fake_stop(&fake);
}

/* No vectors, a queue range that ends before it begins: nothing is touched that is not there. */
static void
senseless_sizes_do_no_harm(void)
{
	fake_start(&fake, &hw);
	fake_put(&fake, I40E_GLPCI_CNF2, 0);
	fake_put(&fake, I40E_PFLAN_QALLOC, 100 | 3 << 16 | I40E_PFLAN_QALLOC_VALID);
	fake_put(&fake, I40E_PFINT_DYN_CTLN(0), 5);
	fake_put(&fake, I40E_QRX_ENA(0), 0);
	CHECK_EQ(i40e_reset(&hw), 0);
	CHECK_EQ(fake_get(&fake, I40E_PFINT_DYN_CTLN(0)), 5);
	fake_stop(&fake);
}

/* ---- Admin queue ---- */

static void
version_is_learnt(void)
{
	begin();
	CHECK_EQ(hw.fw_major, 9);
	CHECK_EQ(hw.fw_minor, 20);
	CHECK_EQ(hw.api_minor, 15);
	CHECK(hw.rx_registers_by_aq);
	CHECK_EQ(fake_get(&fake, I40E_PF_ATQLEN), 32 | I40E_AQLEN_ENABLE);
	CHECK_EQ(fake_get(&fake, I40E_PF_ATQT + I40E_PF_ARQ_STEP), 31);
	end();
}

static void
another_api_is_refused_before_anything_is_kept(void)
{
	fake_start(&fake, &hw);
	fake.failing = I40E_AQ_GET_VERSION;
	fake.status = I40E_AQ_EPERM;
	CHECK_EQ(i40e_aq_init(&hw, SOCKET_ID_ANY), -EPERM);
	CHECK(hw.aq_memory.address == NULL);
	CHECK_EQ(fake_get(&fake, I40E_PF_ATQLEN), 0);
	fake_stop(&fake);
}

static void
commands_go_round_the_ring(void)
{
	struct fake_command last;

	begin();
	for (unsigned int i = 0; i < 100; i++) {
		struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_LOOPBACK);

		desc.param.words[0] = (uint16_t)i;
		CHECK_EQ(i40e_aq_send(&hw, &desc, NULL, 0, false, false), 0);
		CHECK_EQ(desc.flags & I40E_AQ_DD, I40E_AQ_DD);
	}
	CHECK_EQ(fake_commands(&fake, I40E_AQ_SET_LOOPBACK, &last), 100);
	CHECK_EQ(last.desc.param.words[0], 99);
	CHECK_EQ(last.desc.flags, I40E_AQ_SI);
	end();
}

static void
buffers_go_both_ways(void)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_UPDATE_VSI);
	struct fake_command last;
	uint8_t buffer[600];

	begin();
	memset(buffer, 0x5A, sizeof(buffer));
	CHECK_EQ(i40e_aq_send(&hw, &desc, buffer, sizeof(buffer), true, false), 0);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_UPDATE_VSI, &last), 1);
	CHECK_EQ(last.buffer[63], 0x5A);
	CHECK_EQ(last.desc.flags, I40E_AQ_SI | I40E_AQ_BUF | I40E_AQ_RD | I40E_AQ_LB);
	CHECK_EQ(last.desc.length, sizeof(buffer));
	/* Without input the firmware gets nothing of ours, and what it leaves comes back. */
	desc = i40e_aq_command(I40E_AQ_GET_VSI);
	CHECK_EQ(i40e_aq_send(&hw, &desc, buffer, 100, false, false), 0);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_GET_VSI, &last), 1);
	CHECK_EQ(last.desc.flags, I40E_AQ_SI | I40E_AQ_BUF);
	CHECK_EQ(buffer[0], 0);
	CHECK_EQ(i40e_aq_send(&hw, &desc, buffer, I40E_AQ_BUFFER + 1, false, false), -EINVAL);
	end();
}

static void
errors_have_names_and_numbers(void)
{
	begin();
	for (unsigned int code = 1; code <= 23; code++) {
		struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_ADD_MACVLAN);
		int error;

		fake.failing = I40E_AQ_ADD_MACVLAN;
		fake.status = (uint8_t)code;
		error = i40e_aq_send(&hw, &desc, NULL, 0, false, true);
		CHECK(error < 0);
		CHECK_EQ(error, i40e_aq_errno((uint8_t)code));
		CHECK_EQ(desc.status, code);
	}
	CHECK_EQ(i40e_aq_errno(2), -ENOENT);
	CHECK_EQ(i40e_aq_errno(3), -ENOTSUP);
	CHECK_EQ(i40e_aq_errno(200), -EIO);
	CHECK_STR(i40e_aq_status_text(12), "device or resource busy");
	CHECK_STR(i40e_aq_status_text(200), "unknown error");
	CHECK_STR(i40e_aq_command_name(0x0250), "add MAC/VLAN filter");
	CHECK_STR(i40e_aq_command_name(0x1234), "unnamed");
	end();
}

static void
silence_ends_and_the_rings_are_made_anew(void)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_LOOPBACK);
	unsigned int rings;

	begin();
	rings = fake.rings_given;
	fake.deaf = true;
	fake.slept = 0;
	CHECK_EQ(i40e_aq_send(&hw, &desc, NULL, 0, false, false), -ETIMEDOUT);
	CHECK(fake.slept >= 250000 && fake.slept <= 2000000);
	fake.deaf = false;
	CHECK_EQ(i40e_aq_send(&hw, &desc, NULL, 0, false, false), 0);
	CHECK(fake.rings_given > rings);
	CHECK(!hw.aq_broken);
	/* The command that was not answered is not carried out later. */
	CHECK_EQ(fake_commands(&fake, I40E_AQ_SET_LOOPBACK, NULL), 1);
	end();
}

static void
critical_errors_are_told_apart(void)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_LOOPBACK);

	begin();
	fake.deaf = fake.critical = true;
	CHECK_EQ(i40e_aq_send(&hw, &desc, NULL, 0, false, false), -EIO);
	end();
}

static void
vanished_devices_are_not_waited_for(void)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_LOOPBACK);

	begin();
	fake.slept = 0;
	fake.deaf = true;
	fake_put(&fake, I40E_PF_ATQH, UINT32_MAX);
	CHECK_EQ(i40e_aq_send(&hw, &desc, NULL, 0, false, false), -ENODEV);
	CHECK(fake.slept < 1000);
	end();
}

static void
first_command_is_tried_again(void)
{
	fake_start(&fake, &hw);
	fake.deaf_count = 3;
	CHECK_EQ(i40e_aq_init(&hw, SOCKET_ID_ANY), 0);
	CHECK(fake.rings_given >= 4);
	end();
	fake_start(&fake, &hw);
	fake.deaf = true;
	CHECK_EQ(i40e_aq_init(&hw, SOCKET_ID_ANY), -ETIMEDOUT);
	CHECK(fake.slept < 20000000);
	fake_stop(&fake);
}

static void
events_are_taken_in_order(void)
{
	struct i40e_aq_desc event = {.opcode = I40E_AQ_GET_LINK}, got;

	begin();
	CHECK_EQ(i40e_aq_event(&hw, &got), 0);
	for (unsigned int i = 0; i < 100; i++) {
		event.param.dwords[0] = i;
		fake_event(&fake, &event);
		CHECK_EQ(i40e_aq_event(&hw, &got), 1);
		CHECK_EQ(got.param.dwords[0], i);
		CHECK_EQ(fake_get(&fake, I40E_PF_ATQT + I40E_PF_ARQ_STEP), i % 32);
	}
	CHECK_EQ(i40e_aq_event(&hw, &got), 0);
	/* An index that cannot be is no event. */
	fake_put(&fake, I40E_PF_ATQH + I40E_PF_ARQ_STEP, 77);
	CHECK_EQ(i40e_aq_event(&hw, &got), 0);
	end();
}

/* ---- NVM, capabilities, registers ---- */

static void
nvm_words_are_read(void)
{
	uint16_t words[3];

	begin();
	fake.nvm[0x18] = 0x6010;
	fake.nvm[0x2D] = 0x1234;
	fake.nvm[0x2E] = 0x8000;
	fake.nvm[0x17] = 0x100;
	fake.nvm[0x183] = 0x0102;
	fake.nvm[0x184] = 0x0304;
	CHECK_EQ(i40e_nvm_init(&hw), 0);
	CHECK_EQ(hw.nvm_words, 4096);
	CHECK_EQ(hw.nvm_version, 0x6010);
	CHECK_EQ(hw.eetrack, 0x80001234);
	CHECK_EQ(hw.oem, 0x01020304);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_REQUEST_RESOURCE, NULL), fake_commands(&fake, I40E_AQ_RELEASE_RESOURCE, NULL));
	CHECK_EQ(i40e_nvm_read(&hw, 0x2D, 2, words), 0);
	CHECK_EQ(words[1], 0x8000);
	CHECK_EQ(i40e_nvm_read(&hw, 4095, 2, words), -EINVAL);
	CHECK_EQ(i40e_nvm_read(&hw, UINT32_MAX, 2, words), -EINVAL);
	end();
}

static void
nvm_faults_end(void)
{
	uint16_t word;

	begin();
	fake_put(&fake, I40E_GLNVM_FLA, 0);
	CHECK_EQ(i40e_nvm_init(&hw), -EIO);
	fake_put(&fake, I40E_GLNVM_FLA, I40E_GLNVM_FLA_LOCKED);
	fake.nvm_stuck = true;
	CHECK_EQ(i40e_nvm_init(&hw), -ETIMEDOUT);
	/* It was given back all the same. */
	CHECK_EQ(fake_commands(&fake, I40E_AQ_REQUEST_RESOURCE, NULL), fake_commands(&fake, I40E_AQ_RELEASE_RESOURCE, NULL));
	fake.failing = I40E_AQ_REQUEST_RESOURCE;
	fake.status = I40E_AQ_EBUSY;
	fake.slept = 0;
	CHECK_EQ(i40e_nvm_read(&hw, 0, 1, &word), -EBUSY);
	CHECK(fake.slept < 10000000);
	end();
}

static void
capabilities_are_taken_with_care(void)
{
	uint8_t records[4 * 32] = {0};
	struct i40e_capabilities caps;

	begin();
	CHECK_EQ(i40e_get_capabilities(&hw), 0);
	CHECK_EQ(hw.caps.queues, 768);
	CHECK_EQ(hw.caps.first_queue, 32);
	CHECK_EQ(hw.caps.rss_table_size, 512);
	CHECK_EQ(hw.caps.vectors, 129);
	CHECK_EQ(hw.caps.fd_best_effort, 7680);
	/* Fewer transmit than receive queues: pairs are what both have. */
	records[0] = 0x41;
	records[4] = 100;
	records[32] = 0x42;
	records[32 + 4] = 7;
	i40e_parse_capabilities(&caps, records, 4);
	CHECK_EQ(caps.queues, 7);
	end();
}

static void
classifier_registers_go_the_firmwares_way(void)
{
	struct fake_command last;
	uint32_t value;

	begin();
	CHECK_EQ(i40e_rx_write(&hw, I40E_PFQF_HENA(1), 0x1234), 0);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_RX_REG_WRITE, &last), 1);
	CHECK_EQ(last.desc.param.dwords[1], I40E_PFQF_HENA(1));
	CHECK_EQ(last.desc.param.dwords[3], 0x1234);
	CHECK_EQ(i40e_rx_read(&hw, I40E_PFQF_HENA(1), &value), 0);
	CHECK_EQ(value, 0x1234);
	hw.rx_registers_by_aq = false;
	CHECK_EQ(i40e_rx_write(&hw, I40E_PFQF_HENA(0), 5), 0);
	CHECK_EQ(fake_get(&fake, I40E_PFQF_HENA(0)), 5);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_RX_REG_WRITE, NULL), 1);
	end();
}

static void
pxe_may_have_ended_before(void)
{
	begin();
	fake.failing = I40E_AQ_CLEAR_PXE;
	fake.status = I40E_AQ_EEXIST;
	CHECK_EQ(i40e_clear_pxe(&hw), 0);
	CHECK_EQ(fake_get(&fake, I40E_GLLAN_RCTL_0), 1);
	fake.status = I40E_AQ_EPERM;
	CHECK_EQ(i40e_clear_pxe(&hw), -EPERM);
	end();
}

static void
addresses_are_written_in_the_firmwares_order(void)
{
	static const uint8_t mac[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55};
	struct fake_command last;

	begin();
	CHECK_EQ(i40e_mac_write(&hw, mac), 0);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_MAC_WRITE, &last), 1);
	CHECK_EQ(last.desc.param.words[1], 0x0211);
	CHECK_EQ(last.desc.param.dwords[1], 0x22334455);
	CHECK_EQ(i40e_mac_read(&hw, (uint8_t[6]){0}), -EIO);
	end();
}

/* ---- Host memory cache and queues ---- */

static uint64_t
bits(const uint8_t *context, unsigned int bit, unsigned int width)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < width; i++)
		value |= (uint64_t)(context[(bit + i) / 8] >> (bit + i) % 8 & 1) << i;
	return value;
}

static void
one_segment_has_all_contexts(void)
{
	begin();
	CHECK_EQ(i40e_hmc_init(&hw, 65, SOCKET_ID_ANY), 0);
	CHECK_EQ(fake_get(&fake, I40E_PFHMC_SDCMD), I40E_PFHMC_SDCMD_WRITE);
	CHECK_EQ(fake_get(&fake, I40E_PFHMC_SDDATALOW) & 0xFFF, 512 << 2 | 3);
	CHECK_EQ(fake_get(&fake, I40E_PFHMC_SDDATALOW) & 0xFFFFF000, (uint32_t)hw.hmc.iova);
	CHECK_EQ(fake_get(&fake, I40E_GLHMC_LANRXBASE(0)), (65 * 128 + 511) / 512);
	CHECK_EQ(fake_get(&fake, I40E_GLHMC_LANTXCNT(0)), 65);
	i40e_hmc_fini(&hw);
	CHECK_EQ(fake_get(&fake, I40E_PFHMC_SDDATALOW) & 1, 0);
	fake_put(&fake, I40E_GLHMC_LANQMAX, 64);
	CHECK_EQ(i40e_hmc_init(&hw, 65, SOCKET_ID_ANY), -ENOTSUP);
	end();
}

static void
contexts_are_as_the_device_reads_them(void)
{
	const struct i40e_tx_context tx = {.ring = 0x123456789A80, .length = 4096, .queue_set = 0x2AB, .flow_director = true};
	const struct i40e_rx_context rx = {.ring = 0x3FFFFFFFFF80, .length = 512, .buffer = 2048, .max_frame = 1526};
	uint8_t out[128];

	i40e_tx_context_encode(&tx, out);
	CHECK_EQ(bits(out, 0, 13), 0);
	CHECK_EQ(bits(out, 30, 1), 1);
	CHECK_EQ(bits(out, 32, 57), 0x123456789A80 / 128);
	CHECK_EQ(bits(out, 91, 1), 1);
	CHECK_EQ(bits(out, 160, 1), 0);
	CHECK_EQ(bits(out, 161, 13), 4096);
	CHECK_EQ(bits(out, 980, 10), 0x2AB);
	i40e_rx_context_encode(&rx, out);
	CHECK_EQ(bits(out, 32, 57), 0x3FFFFFFFFF80 / 128);
	CHECK_EQ(bits(out, 89, 13), 512);
	CHECK_EQ(bits(out, 102, 7), 16);
	CHECK_EQ(bits(out, 114, 2), 0);
	CHECK_EQ(bits(out, 116, 1), 0);
	CHECK_EQ(bits(out, 117, 1), 1);
	CHECK_EQ(bits(out, 119, 1), 1);
	CHECK_EQ(bits(out, 174, 14), 1526);
	CHECK_EQ(bits(out, 198, 3), 2);
	CHECK_EQ(bits(out, 201, 1), 1);
}

static void
queues_follow_or_have_an_error(void)
{
	begin();
	hw.caps.first_queue = 130;
	hw.function = 3;
	CHECK_EQ(i40e_tx_enable(&hw, 5), 0);
	CHECK_EQ(fake_get(&fake, I40E_QTX_ENA(5)), I40E_QENA_REQ | I40E_QENA_STAT);
	CHECK_EQ(fake_get(&fake, I40E_QTX_CTL(5)), 2 | 3 << 2);
	CHECK_EQ(fake_get(&fake, I40E_GLLAN_TXPRE_QDIS(1)), 7 | I40E_TXPRE_CLEAR_QDIS);
	CHECK_EQ(i40e_tx_enable(&hw, 5), 0);
	CHECK_EQ(i40e_tx_disable(&hw, 4, 2), 0);
	CHECK_EQ(fake_get(&fake, I40E_QTX_ENA(5)), 0);
	CHECK_EQ(i40e_rx_enable(&hw, 2), 0);
	fake.rx_stuck = fake.tx_stuck = true;
	fake.slept = 0;
	CHECK_EQ(i40e_rx_enable(&hw, 1), -ETIMEDOUT);
	CHECK_EQ(i40e_rx_disable(&hw, 2), -ETIMEDOUT);
	CHECK_EQ(i40e_tx_enable(&hw, 1), -ETIMEDOUT);
	CHECK(fake.slept < 10000000);
	end();
}

static void
queues_that_end_together_share_their_limit(void)
{
	begin();
	for (uint16_t q = 0; q < 8; q++) {
		CHECK_EQ(i40e_tx_enable(&hw, q), 0);
		CHECK_EQ(i40e_rx_enable(&hw, q), 0);
	}
	fake.rx_stuck = fake.tx_stuck = true;
	fake.slept = 0;
	CHECK_EQ(i40e_queues_disable(&hw, 8, 8), -ETIMEDOUT);
	CHECK(fake.slept >= 1000000 && fake.slept < 1100000);
	/* A second time nobody waits. */
	fake.slept = 0;
	CHECK_EQ(i40e_queues_disable(&hw, 8, 8), -ETIMEDOUT);
	CHECK(fake.slept < 1000);
	fake.rx_stuck = fake.tx_stuck = false;
	hw.sleep(&hw, 1);
	CHECK_EQ(i40e_queues_disable(&hw, 8, 8), 0);
	for (uint16_t q = 0; q < 8; q++)
		CHECK_EQ(fake_get(&fake, I40E_QTX_ENA(q)) | fake_get(&fake, I40E_QRX_ENA(q)), 0);
	end();
}

/* ---- Switch ---- */

static void
endless_switch(struct fake *f, struct i40e_aq_desc *desc, uint8_t *buffer)
{
	RTE_SET_USED(f);
	if (desc->opcode == I40E_AQ_SWITCH_CONFIG) {
		memset(buffer, 0, 16);
		desc->param.words[0] = 1;
	}
}

static void
one_vsi(struct fake *f, struct i40e_aq_desc *desc, uint8_t *buffer)
{
	RTE_SET_USED(f);
	if (desc->opcode == I40E_AQ_SWITCH_CONFIG) {
		memset(buffer, 0, 16);
		buffer[0] = 1;
		buffer[16] = 19;
		buffer[18] = 0x86;
		buffer[19] = 1;
		buffer[20] = 2;
		desc->param.words[0] = 0;
	}
	if (desc->opcode == I40E_AQ_GET_VSI) {
		desc->param.words[1] = 12;
		buffer[96] = 9;
		buffer[112] = 33;
	}
	if (desc->opcode == I40E_AQ_ADD_MACVLAN)
		buffer[12] = 0xFF;
}

static void
vsi_is_found_or_not(void)
{
	struct i40e_vsi vsi = {0};

	begin();
	fake.answer = one_vsi;
	CHECK_EQ(i40e_vsi_find(&hw, &vsi), 0);
	CHECK_EQ(vsi.seid, 390);
	CHECK_EQ(vsi.uplink, 2);
	CHECK_EQ(vsi.number, 12);
	CHECK_EQ(vsi.info.queue_sets[0], 9);
	CHECK_EQ(vsi.info.statistics, 33);
	fake.answer = endless_switch;
	CHECK_EQ(i40e_vsi_find(&hw, &vsi), -ENODEV);
	end();
}

static void
filters_without_room_are_an_error(void)
{
	const struct i40e_filter filter = {.mac = {2, 0, 0, 0, 0, 1}, .vlan = -1}, tagged = {.mac = {2, 0, 0, 0, 0, 1}, .vlan = 77};
	struct i40e_vsi vsi = {.seid = 390};
	struct fake_command last;

	begin();
	CHECK_EQ(i40e_filters_add(&hw, &vsi, &filter, 1), 0);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_ADD_MACVLAN, &last), 1);
	CHECK_EQ(last.desc.param.words[0], 1);
	CHECK_EQ(last.desc.param.words[1], 390 | 0x8000);
	CHECK_EQ(last.buffer[8], 1 | 4);
	CHECK_EQ(i40e_filters_remove(&hw, &vsi, &tagged, 1), 0);
	CHECK_EQ(fake_commands(&fake, I40E_AQ_REMOVE_MACVLAN, &last), 1);
	CHECK_EQ(last.buffer[8], 1);
	CHECK_EQ(last.buffer[6], 77);
	fake.answer = one_vsi;
	CHECK_EQ(i40e_filters_add(&hw, &vsi, &filter, 1), -ENOSPC);
	end();
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "i40e_hw_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	RUN(reset_is_asked_for_and_awaited);
	RUN(reset_that_does_not_end_has_its_error);
	RUN(card_in_reset_is_waited_for_so_long);
	RUN(dead_and_recovering_devices_are_refused);
	RUN(senseless_sizes_do_no_harm);
	RUN(version_is_learnt);
	RUN(another_api_is_refused_before_anything_is_kept);
	RUN(commands_go_round_the_ring);
	RUN(buffers_go_both_ways);
	RUN(errors_have_names_and_numbers);
	RUN(silence_ends_and_the_rings_are_made_anew);
	RUN(critical_errors_are_told_apart);
	RUN(vanished_devices_are_not_waited_for);
	RUN(first_command_is_tried_again);
	RUN(events_are_taken_in_order);
	RUN(nvm_words_are_read);
	RUN(nvm_faults_end);
	RUN(capabilities_are_taken_with_care);
	RUN(classifier_registers_go_the_firmwares_way);
	RUN(pxe_may_have_ended_before);
	RUN(addresses_are_written_in_the_firmwares_order);
	RUN(one_segment_has_all_contexts);
	RUN(contexts_are_as_the_device_reads_them);
	RUN(queues_follow_or_have_an_error);
	RUN(queues_that_end_together_share_their_limit);
	RUN(vsi_is_found_or_not);
	RUN(filters_without_room_are_an_error);
	rte_eal_cleanup();
	return check_summary();
}
