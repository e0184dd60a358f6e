/* SPDX-License-Identifier: BSD-3-Clause
 *
 * eCPRI, between the parts of a radio base station. Words are read as numbers of the host: turn u32 round first.
 */
#ifndef _RTE_ECPRI_H_
#define _RTE_ECPRI_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_ECPRI_REV_UP_TO_20 1

#define RTE_ECPRI_MSG_TYPE_IQ_DATA 0
#define RTE_ECPRI_MSG_TYPE_BIT_SEQ 1
#define RTE_ECPRI_MSG_TYPE_RTC_CTRL 2
#define RTE_ECPRI_MSG_TYPE_GEN_DATA 3
#define RTE_ECPRI_MSG_TYPE_RM_ACC 4
#define RTE_ECPRI_MSG_TYPE_DLY_MSR 5
#define RTE_ECPRI_MSG_TYPE_RMT_RST 6
#define RTE_ECPRI_MSG_TYPE_EVT_IND 7
#define RTE_ECPRI_MSG_TYPE_IWF_UP 8
#define RTE_ECPRI_MSG_TYPE_IWF_OPT 9
#define RTE_ECPRI_MSG_TYPE_IWF_MAP 10
#define RTE_ECPRI_MSG_TYPE_IWF_DCTRL 11

#define RTE_ECPRI_EVT_IND_FAULT_IND 0x00
#define RTE_ECPRI_EVT_IND_FAULT_ACK 0x01
#define RTE_ECPRI_EVT_IND_NTFY_IND 0x02
#define RTE_ECPRI_EVT_IND_SYNC_REQ 0x03
#define RTE_ECPRI_EVT_IND_SYNC_ACK 0x04
#define RTE_ECPRI_EVT_IND_SYNC_END 0x05

struct rte_ecpri_common_hdr {
	__extension__
	union {
		rte_be32_t u32;
		struct {
			uint32_t size : 16; /**< bytes of the payload */
			uint32_t type : 8;  /**< RTE_ECPRI_MSG_TYPE_* */
			uint32_t c : 1;     /**< another message follows */
			uint32_t res : 3;
			uint32_t revision : 4;
		};
	};
};

struct rte_ecpri_msg_iq_data {
	rte_be16_t pc_id;
	rte_be16_t seq_id;
};

struct rte_ecpri_msg_bit_seq {
	rte_be16_t pc_id;
	rte_be16_t seq_id;
};

struct rte_ecpri_msg_rtc_ctrl {
	rte_be16_t rtc_id;
	rte_be16_t seq_id;
};

struct rte_ecpri_msg_gen_data {
	rte_be32_t pc_id;
	rte_be32_t seq_id;
};

struct rte_ecpri_msg_rm_access {
	uint32_t ele_id : 16;
	uint32_t rr : 4;
	uint32_t rw : 4;
	uint32_t rma_id : 8;
	uint8_t addr[6];
	rte_be16_t length;
};

struct rte_ecpri_msg_delay_measure {
	uint8_t msr_id;
	uint8_t act_type;
};

struct rte_ecpri_msg_remote_reset {
	rte_be16_t rst_id;
	uint8_t rst_op;
};

struct rte_ecpri_msg_event_ind {
	uint8_t evt_id;
	uint8_t evt_type;
	uint8_t seq;
	uint8_t number;
};

struct rte_ecpri_combined_msg_hdr {
	struct rte_ecpri_common_hdr common;
	__extension__
	union {
		struct rte_ecpri_msg_iq_data type0;
		struct rte_ecpri_msg_bit_seq type1;
		struct rte_ecpri_msg_rtc_ctrl type2;
		struct rte_ecpri_msg_gen_data type3;
		struct rte_ecpri_msg_rm_access type4;
		struct rte_ecpri_msg_delay_measure type5;
		struct rte_ecpri_msg_remote_reset type6;
		struct rte_ecpri_msg_event_ind type7;
		rte_be32_t dummy[3];
	};
};

#ifdef __cplusplus
}
#endif

#endif
