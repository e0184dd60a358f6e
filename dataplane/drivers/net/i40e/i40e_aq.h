/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The admin queue's wire format: the descriptor, its flags, and the opcodes this driver sends. Little endian, as the CPU.
 */
#ifndef I40E_AQ_H
#define I40E_AQ_H

#include <stdint.h>

#include <rte_common.h>

#define I40E_AQ_ENTRIES 32u
#define I40E_AQ_BUFFER 4096u   /* of a command */
#define I40E_AQ_EVENT_BUFFER 2048u

#define I40E_AQ_DD 0x0001
#define I40E_AQ_CMP 0x0002
#define I40E_AQ_ERR 0x0004
#define I40E_AQ_LB 0x0200 /* the buffer has more than 512 bytes */
#define I40E_AQ_RD 0x0400 /* the buffer is read by the firmware */
#define I40E_AQ_BUF 0x1000
#define I40E_AQ_SI 0x2000 /* no interrupt for this command */

struct i40e_aq_desc {
	uint16_t flags;
	uint16_t opcode;
	uint16_t length;
	uint16_t status; /* low byte: enum i40e_aq_status */
	uint32_t cookie_high;
	uint32_t cookie_low;
	union {
		uint8_t bytes[16];
		uint16_t words[8];
		uint32_t dwords[4]; /* with a buffer: [2] and [3] are its bus address, high half first */
	} param;
};

_Static_assert(sizeof(struct i40e_aq_desc) == 32, "an admin queue descriptor has 32 bytes");

enum i40e_aq_status {
	I40E_AQ_OK = 0,
	I40E_AQ_EPERM = 1,
	I40E_AQ_ENOENT = 2,
	I40E_AQ_ESRCH = 3,
	I40E_AQ_EBUSY = 12,
	I40E_AQ_EEXIST = 13,
};

enum i40e_aq_opcode {
	I40E_AQ_GET_VERSION = 0x0001,
	I40E_AQ_SHUTDOWN = 0x0003,
	I40E_AQ_REQUEST_RESOURCE = 0x0008,
	I40E_AQ_RELEASE_RESOURCE = 0x0009,
	I40E_AQ_LIST_CAPABILITIES = 0x000A,
	I40E_AQ_MAC_READ = 0x0107,
	I40E_AQ_MAC_WRITE = 0x0108,
	I40E_AQ_CLEAR_PXE = 0x0110,
	I40E_AQ_SWITCH_CONFIG = 0x0200,
	I40E_AQ_SET_PORT = 0x0203,
	I40E_AQ_SET_SWITCH = 0x0205,
	I40E_AQ_RX_REG_READ = 0x0206,
	I40E_AQ_RX_REG_WRITE = 0x0207,
	I40E_AQ_ADD_VSI = 0x0210,
	I40E_AQ_UPDATE_VSI = 0x0211,
	I40E_AQ_GET_VSI = 0x0212,
	I40E_AQ_ADD_VEB = 0x0230,
	I40E_AQ_DELETE_ELEMENT = 0x0243,
	I40E_AQ_ADD_MACVLAN = 0x0250,
	I40E_AQ_REMOVE_MACVLAN = 0x0251,
	I40E_AQ_SET_PROMISCUOUS = 0x0254,
	I40E_AQ_ADD_CONTROL_FILTER = 0x025A,
	I40E_AQ_VSI_BANDWIDTH = 0x0407,
	I40E_AQ_GET_PHY = 0x0600,
	I40E_AQ_SET_PHY = 0x0601,
	I40E_AQ_SET_MAC_CONFIG = 0x0603,
	I40E_AQ_RESTART_AN = 0x0605,
	I40E_AQ_GET_LINK = 0x0607,
	I40E_AQ_PHY_MASK = 0x0613,
	I40E_AQ_SET_LOOPBACK = 0x0618,
	I40E_AQ_GET_PHY_REGISTER = 0x0629,
	I40E_AQ_LLDP_STOP = 0x0A05,
	I40E_AQ_DEBUG_READ = 0xFF03,
	I40E_AQ_DEBUG_WRITE = 0xFF04,
};

#endif
