/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The model's register file: one row a register (or array of registers) of BAR0. From the rows come the offsets (XR_NAME),
 * the strides (XR_NAME_STRIDE, XR_NAME_ROWS_STRIDE) and the table that resets walk (registers.c).
 *
 * Offsets are bytes from the start of BAR0, every register is 32 bits, little endian. Statistics are
 * stats.h's.
 */
#ifndef XL710_REGISTERS_H
#define XL710_REGISTERS_H

#include <stdint.h>

#define XL710_BAR_SIZE (8u << 20)
#define XL710_CONFIG_SIZE 256u
#define XL710_QUEUES 1536u /* queue registers there are; how many the function has is PFLAN_QALLOC's business */
#define XL710_VSIS 384u
#define XL710_VECTORS 512u

/* What clears a register, the weakest first: a reset clears its own class and all weaker ones. */
enum xl710_reset {
	XL710_PFR,   /* PFGEN_CTRL.PFSWR: this function */
	XL710_CORER, /* GLGEN_RTRIG.CORER */
	XL710_GLOBR, /* GLGEN_RTRIG.GLOBR: MAC and PHY too */
	XL710_EMPR,  /* GLGEN_RTRIG.EMPFWR: the firmware too */
	XL710_PCIR,
	XL710_POR,   /* power on */
};

/* ROW(name, offset, count, stride, rows, rows' stride, reset class, value after it) */
#define XL710_REGISTER_ROWS(ROW) \
	/* identity and global state */ \
	ROW(GL_FWSTS, 0x083048, 1, 4, 1, 0, POR, 0) \
	ROW(GLGEN_RSTCTL, 0x0B8180, 1, 4, 1, 0, POR, 5) \
	ROW(GLGEN_RSTAT, 0x0B8188, 1, 4, 1, 0, POR, 0) \
	ROW(GLGEN_RTRIG, 0x0B8190, 1, 4, 1, 0, CORER, 0) \
	ROW(GLGEN_STAT, 0x0B612C, 1, 4, 1, 0, POR, 0) \
	ROW(PFGEN_CTRL, 0x092400, 1, 4, 1, 0, PFR, 0) \
	ROW(PFGEN_STATE, 0x088000, 1, 4, 1, 0, CORER, 0x4) \
	ROW(PFGEN_DRUN, 0x092500, 1, 4, 1, 0, CORER, 0) \
	ROW(PFGEN_PORTNUM, 0x1C0480, 1, 4, 1, 0, CORER, 0) \
	ROW(PRTGEN_CNF, 0x0B8120, 4, 4, 1, 0, POR, 0) \
	ROW(PRTGEN_STATUS, 0x0B8100, 1, 4, 1, 0, POR, 3) \
	ROW(GLPCI_CNF2, 0x0BE494, 1, 4, 1, 0, PCIR, (129u << 2) | (5u << 13)) \
	ROW(GLPCI_CAPSUP, 0x0BE4A8, 1, 4, 1, 0, PCIR, 1) \
	ROW(GLPCI_LBARCTRL, 0x0BE484, 1, 4, 1, 0, POR, 1) \
	ROW(PF_FUNC_RID, 0x09C000, 1, 4, 1, 0, PCIR, 0) \
	ROW(PFLAN_QALLOC, 0x1C0400, 1, 4, 1, 0, CORER, (767u << 16) | (1u << 31)) \
	ROW(PF_VT_PFALLOC, 0x1C0500, 1, 4, 1, 0, CORER, 0) \
	ROW(GLVFGEN_TIMER, 0x0881BC, 1, 4, 1, 0, CORER, 0) \
	ROW(GLINT_CTL, 0x03F800, 1, 4, 1, 0, CORER, 0) \
	ROW(GLLAN_RCTL_0, 0x12A500, 1, 4, 1, 0, CORER, 0) \
	ROW(PFPCI_PM, 0x0BE300, 1, 4, 1, 0, POR, 0) \
	ROW(PFPM_APM, 0x0B8080, 1, 4, 1, 0, POR, 0) \
	ROW(PFPM_WUS, 0x06B600, 1, 4, 1, 0, POR, 0) \
	/* NVM */ \
	ROW(GLNVM_ULD, 0x0B6008, 1, 4, 1, 0, POR, 0x7FF) \
	ROW(GLNVM_GENS, 0x0B6100, 1, 4, 1, 0, POR, 1 | (6u << 5)) \
	ROW(GLNVM_FLA, 0x0B6108, 1, 4, 1, 0, POR, 1u << 6) \
	ROW(GLNVM_SRCTL, 0x0B6110, 1, 4, 1, 0, POR, 1u << 31) \
	ROW(GLNVM_SRDATA, 0x0B6114, 1, 4, 1, 0, POR, 0) \
	/* admin queue */ \
	ROW(PF_ATQBAL, 0x080000, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ATQBAH, 0x080100, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ATQLEN, 0x080200, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ATQH, 0x080300, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ATQT, 0x080400, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ARQBAL, 0x080080, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ARQBAH, 0x080180, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ARQLEN, 0x080280, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ARQH, 0x080380, 1, 4, 1, 0, PFR, 0) \
	ROW(PF_ARQT, 0x080480, 1, 4, 1, 0, PFR, 0) \
	/* host memory cache */ \
	ROW(PFHMC_SDCMD, 0x0C0000, 1, 4, 1, 0, PFR, 0) \
	ROW(PFHMC_SDDATALOW, 0x0C0100, 1, 4, 1, 0, PFR, 0) \
	ROW(PFHMC_SDDATAHIGH, 0x0C0200, 1, 4, 1, 0, PFR, 0) \
	ROW(PFHMC_PDINV, 0x0C0300, 1, 4, 1, 0, PFR, 0) \
	ROW(PFHMC_ERRORINFO, 0x0C0400, 1, 4, 1, 0, PFR, 0) \
	ROW(PFHMC_ERRORDATA, 0x0C0500, 1, 4, 1, 0, PFR, 0) \
	ROW(GLHMC_SDPART, 0x0C0800, 16, 4, 1, 0, CORER, 512u << 16) \
	ROW(GLHMC_LANTXOBJSZ, 0x0C2004, 1, 4, 1, 0, CORER, 7) \
	ROW(GLHMC_LANQMAX, 0x0C2008, 1, 4, 1, 0, CORER, XL710_QUEUES) \
	ROW(GLHMC_LANRXOBJSZ, 0x0C200C, 1, 4, 1, 0, CORER, 5) \
	ROW(GLHMC_FCOEDDPOBJSZ, 0x0C2010, 1, 4, 1, 0, CORER, 6) \
	ROW(GLHMC_FCOEMAX, 0x0C2014, 1, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_FCOEFOBJSZ, 0x0C2018, 1, 4, 1, 0, CORER, 6) \
	ROW(GLHMC_FCOEFMAX, 0x0C20D0, 1, 4, 1, 0, CORER, 4096) \
	ROW(GLHMC_LANTXBASE, 0x0C6200, 16, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_LANTXCNT, 0x0C6300, 16, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_LANRXBASE, 0x0C6400, 16, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_LANRXCNT, 0x0C6500, 16, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_FCOEDDPBASE, 0x0C6600, 16, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_FCOEDDPCNT, 0x0C6700, 16, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_FCOEFBASE, 0x0C6800, 16, 4, 1, 0, CORER, 0) \
	ROW(GLHMC_FCOEFCNT, 0x0C6900, 16, 4, 1, 0, CORER, 0) \
	/* LAN queues */ \
	ROW(QTX_ENA, 0x100000, XL710_QUEUES, 4, 1, 0, PFR, 0) \
	ROW(QTX_CTL, 0x104000, XL710_QUEUES, 4, 1, 0, CORER, 0) \
	ROW(QTX_TAIL, 0x108000, XL710_QUEUES, 4, 1, 0, PFR, 0) \
	ROW(QTX_HEAD, 0x0E4000, XL710_QUEUES, 4, 1, 0, CORER, 0) \
	ROW(QRX_ENA, 0x120000, XL710_QUEUES, 4, 1, 0, PFR, 0) \
	ROW(QRX_TAIL, 0x128000, XL710_QUEUES, 4, 1, 0, CORER, 0) \
	ROW(GLLAN_TXPRE_QDIS, 0x0E6500, 12, 4, 1, 0, CORER, 0) \
	ROW(VSILAN_QBASE, 0x20C800, XL710_VSIS, 4, 1, 0, PFR, 0) \
	ROW(VSILAN_QTABLE, 0x200000, XL710_VSIS, 4, 8, 2048, PFR, 0) \
	/* receive side scaling, flow director, classifier */ \
	ROW(PFQF_CTL_0, 0x1C0AC0, 1, 4, 1, 0, CORER, 0) \
	ROW(PFQF_CTL_1, 0x245D80, 1, 4, 1, 0, CORER, 0) \
	ROW(PFQF_HENA, 0x245900, 2, 128, 1, 0, CORER, 0) \
	ROW(PFQF_HKEY, 0x244800, 13, 128, 1, 0, CORER, 0) \
	ROW(PFQF_HLUT, 0x240000, 128, 128, 1, 0, CORER, 0) \
	ROW(PFQF_HREGION, 0x245400, 8, 128, 1, 0, CORER, 0) \
	ROW(PFQF_FDALLOC, 0x246280, 1, 4, 1, 0, CORER, 0xF010) \
	ROW(PFQF_FDSTAT, 0x246380, 1, 4, 1, 0, CORER, 0) \
	ROW(PRTQF_CTL_0, 0x256E60, 1, 4, 1, 0, CORER, 0) \
	ROW(GLQF_CTL, 0x269BA4, 1, 4, 1, 0, CORER, 1u << 1) \
	ROW(GLQF_HSYM, 0x269D00, 64, 4, 1, 0, CORER, 0) \
	ROW(GLQF_SWAP, 0x267E00, 2, 4, 64, 8, CORER, 0) \
	ROW(GLQF_HASH_INSET, 0x267600, 2, 4, 64, 8, CORER, 0) \
	ROW(GLQF_HASH_MSK, 0x267A00, 2, 4, 64, 8, CORER, 0) \
	ROW(GLQF_FD_MSK, 0x267200, 2, 4, 64, 8, CORER, 0) \
	ROW(PRTQF_FD_INSET, 0x250000, 2, 32, 64, 64, CORER, 0) \
	ROW(PRTQF_FD_MSK, 0x252000, 2, 32, 64, 64, CORER, 0) \
	ROW(PRTQF_FLX_PIT, 0x255200, 9, 32, 1, 0, CORER, 0) \
	ROW(PRTQF_FD_FLXINSET, 0x253800, 64, 32, 1, 0, CORER, 0) \
	ROW(GLQF_ORT, 0x268900, 64, 4, 1, 0, CORER, 0) \
	ROW(GLQF_PIT, 0x268C80, 24, 4, 1, 0, CORER, 0) \
	ROW(GLQF_L3_MAP, 0x26C700, 64, 4, 1, 0, CORER, 0) \
	ROW(GLQF_PCNT, 0x266800, 512, 4, 1, 0, CORER, 0) \
	ROW(GLQF_FDCNT_0, 0x269BAC, 1, 4, 1, 0, CORER, 0) \
	ROW(VSIQF_TCREGION, 0x206000, XL710_VSIS, 4, 4, 2048, PFR, 0) \
	ROW(VSIQF_CTL, 0x20D800, XL710_VSIS, 4, 1, 0, PFR, 0) \
	ROW(VSIQF_HLUT, 0x220000, XL710_VSIS, 4, 16, 2048, CORER, 0) \
	ROW(GL_SWR_PRI_JOIN_MAP, 0x26CE00, 16, 4, 1, 0, CORER, 0) \
	ROW(GL_SWR_PM_UP_THR, 0x269FBC, 1, 4, 1, 0, CORER, 0) \
	ROW(GL_SWT_L2TAGCTRL, 0x1C0A70, 4, 4, 1, 0, CORER, 0) \
	/* interrupts */ \
	ROW(PFINT_DYN_CTL0, 0x038480, 1, 4, 1, 0, PFR, 0) \
	ROW(PFINT_DYN_CTLN, 0x034800, 511, 4, 1, 0, PFR, 0) \
	ROW(PFINT_ICR0, 0x038780, 1, 4, 1, 0, PFR, 0) \
	ROW(PFINT_ICR0_ENA, 0x038800, 1, 4, 1, 0, CORER, 0) \
	ROW(PFINT_ITR0, 0x038000, 3, 128, 1, 0, PFR, 0) \
	ROW(PFINT_ITRN, 0x030000, XL710_VECTORS, 4, 3, 2048, PFR, 0) \
	ROW(PFINT_LNKLST0, 0x038500, 1, 4, 1, 0, PFR, 0x7FF) \
	ROW(PFINT_LNKLSTN, 0x035000, 511, 4, 1, 0, PFR, 0x7FF) \
	ROW(PFINT_STAT_CTL0, 0x038400, 1, 4, 1, 0, CORER, 0) \
	ROW(PFINT_RATE0, 0x038580, 1, 4, 1, 0, PFR, 0) \
	ROW(PFINT_RATEN, 0x035800, 511, 4, 1, 0, PFR, 0) \
	ROW(QINT_RQCTL, 0x03A000, XL710_QUEUES, 4, 1, 0, CORER, 0) \
	ROW(QINT_TQCTL, 0x03C000, XL710_QUEUES, 4, 1, 0, CORER, 0) \
	ROW(VPINT_LNKLST0, 0x02A800, 128, 4, 1, 0, CORER, 0x7FF) \
	ROW(VPINT_LNKLSTN, 0x025000, 511, 4, 1, 0, CORER, 0x7FF) \
	ROW(GLGEN_VFLRSTAT, 0x092600, 4, 4, 1, 0, CORER, 0) \
	ROW(GL_MDET_TX, 0x0E6480, 1, 4, 1, 0, CORER, 0) \
	ROW(GL_MDET_RX, 0x12A510, 1, 4, 1, 0, CORER, 0) \
	ROW(PF_MDET_TX, 0x0E6400, 1, 4, 1, 0, CORER, 0) \
	ROW(PF_MDET_RX, 0x12A400, 1, 4, 1, 0, CORER, 0) \
	/* link, MAC, VLAN */ \
	ROW(PRTMAC_LINKSTA, 0x1E2420, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTMAC_MACC, 0x1E24E0, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTGL_SAL, 0x1E2120, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTGL_SAH, 0x1E2140, 1, 4, 1, 0, GLOBR, 9728u << 16) \
	ROW(PRTDCB_FCCFG, 0x1E4640, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTDCB_MFLCN, 0x1E2400, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTDCB_FCTTVN, 0x1E4580, 4, 32, 1, 0, GLOBR, 0) \
	ROW(PRTDCB_FCRTV, 0x1E4600, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRT_L2TAGSEN, 0x1C0B20, 1, 4, 1, 0, CORER, 0) \
	ROW(PRTMAC_HSEC_CTL_RX_PAUSE_ENABLE, 0x1E30C0, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTMAC_HSEC_CTL_TX_PAUSE_ENABLE, 0x1E30D0, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTMAC_HSEC_CTL_RX_ENABLE_GPP, 0x1E3260, 1, 4, 1, 0, GLOBR, 0) \
	ROW(PRTDCB_GENC, 0x083000, 1, 4, 1, 0, CORER, 0) \
	ROW(PRTDCB_GENS, 0x083020, 1, 4, 1, 0, CORER, 0) \
	ROW(VSI_TSR, 0x050800, XL710_VSIS, 4, 1, 0, PFR, 0) \
	ROW(VSI_L2TAGSTXVALID, 0x042800, XL710_VSIS, 4, 1, 0, PFR, 0)

enum {
#define XL710_OFFSET(name, offset, count, stride, rows, rows_stride, reset, value) \
	XR_##name = (offset), XR_##name##_STRIDE = (stride), XR_##name##_COUNT = (count), XR_##name##_ROWS_STRIDE = (rows_stride),
	XL710_REGISTER_ROWS(XL710_OFFSET)
#undef XL710_OFFSET
};

/* The offset of element i, and of element i of row j: XR_AT(QTX_TAIL, 5), XR_AT2(GLQF_HASH_INSET, half, pctype). */
#define XR_AT(name, i) (XR_##name + (uint32_t)(i) * XR_##name##_STRIDE)
#define XR_AT2(name, i, j) (XR_AT(name, i) + (uint32_t)(j) * XR_##name##_ROWS_STRIDE)

/* Fields used by more than one file. */
#define XF_QENA_REQ (1u << 0)
#define XF_QENA_FAST_QDIS (1u << 1)
#define XF_QENA_STAT (1u << 2)
#define XF_INT_CAUSE_ENA (1u << 30)  /* QINT_RQCTL, QINT_TQCTL */
#define XF_INT_EVENT (1u << 31)
#define XF_PFQF_CTL_0_LUT512 (1u << 16)
#define XF_PFQF_CTL_0_FD_ENA (1u << 17)
#define XF_PFQF_CTL_1_CLEARFDTABLE (1u << 0)
#define XF_GLQF_CTL_HTOEP (1u << 1)

struct xl710_port;

/*
 * All registers of class `reset` and weaker to their values. It leaves alone what the caller sets by itself: what depends on the port,
 * and statistics.
 */
void xl710_registers_reset(struct xl710_port *port, enum xl710_reset reset);

#endif
