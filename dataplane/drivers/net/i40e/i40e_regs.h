/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Registers of the XL710 family: byte offsets in BAR0 and bits, by their names in the datasheet. Only what this driver
 * touches. Queue registers are indexed by queues of the function, statistics by port or by the VSI's counter row.
 */
#ifndef I40E_REGS_H
#define I40E_REGS_H

#define I40E_BIT(n) (UINT32_C(1) << (n))

/* ---- Reset, identity, firmware ---- */

#define I40E_GL_FWSTS 0x083048 /* bits 23:16: recovery mode */
#define I40E_GLGEN_RSTCTL 0x0B8180 /* bits 5:0: longest reset, in units of 100 ms */
#define I40E_GLGEN_RSTAT 0x0B8188 /* bits 1:0: a reset is going on */
#define I40E_GLGEN_STAT 0x0B612C
#define I40E_PFGEN_CTRL 0x092400
#define I40E_PFGEN_CTRL_PFSWR I40E_BIT(0)
#define I40E_PFGEN_PORTNUM 0x1C0480
#define I40E_PF_FUNC_RID 0x09C000
#define I40E_GLPCI_CAPSUP 0x0BE4A8
#define I40E_GLPCI_CAPSUP_ARI I40E_BIT(4)
#define I40E_GLPCI_CNF2 0x0BE494 /* bits 12:2: vectors of the function */
#define I40E_PFLAN_QALLOC 0x1C0400
#define I40E_PFLAN_QALLOC_VALID I40E_BIT(31)
#define I40E_GLLAN_RCTL_0 0x12A500
#define I40E_GLINT_CTL 0x03F800
#define I40E_GLINT_CTL_DIS_AUTOMASK (I40E_BIT(0) | I40E_BIT(2))

/* ---- NVM ---- */

#define I40E_GLNVM_GENS 0x0B6100 /* bits 7:5: log2 of the shadow RAM in units of 512 words */
#define I40E_GLNVM_FLA 0x0B6108
#define I40E_GLNVM_FLA_LOCKED I40E_BIT(6)
#define I40E_GLNVM_ULD 0x0B6008
#define I40E_GLNVM_ULD_DONE (I40E_BIT(3) | I40E_BIT(4)) /* core, global */
#define I40E_GLNVM_SRCTL 0x0B6110
#define I40E_GLNVM_SRCTL_ADDR_SHIFT 14
#define I40E_GLNVM_SRCTL_START I40E_BIT(30)
#define I40E_GLNVM_SRCTL_DONE I40E_BIT(31)
#define I40E_GLNVM_SRDATA 0x0B6114 /* bits 31:16 */

/* ---- Admin queues ---- */

#define I40E_PF_ATQBAL 0x080000
#define I40E_PF_ATQBAH 0x080100
#define I40E_PF_ATQLEN 0x080200
#define I40E_PF_ATQH 0x080300
#define I40E_PF_ATQT 0x080400
#define I40E_PF_ARQ_STEP 0x80 /* from an ATQ register to its ARQ twin */
#define I40E_AQLEN_ENABLE I40E_BIT(31)
#define I40E_AQLEN_CRIT I40E_BIT(30)
#define I40E_AQ_INDEX 0x3FF

/* ---- Host memory cache ---- */

#define I40E_PFHMC_SDCMD 0x0C0000
#define I40E_PFHMC_SDCMD_WRITE I40E_BIT(31)
#define I40E_PFHMC_SDDATALOW 0x0C0100
#define I40E_PFHMC_SDDATAHIGH 0x0C0200
#define I40E_SD_VALID I40E_BIT(0)
#define I40E_SD_DIRECT I40E_BIT(1)
#define I40E_SD_PAGES_SHIFT 2
#define I40E_GLHMC_LANTXBASE(function) (0x0C6200 + (function) * 4)
#define I40E_GLHMC_LANTXCNT(function) (0x0C6300 + (function) * 4)
#define I40E_GLHMC_LANRXBASE(function) (0x0C6400 + (function) * 4)
#define I40E_GLHMC_LANRXCNT(function) (0x0C6500 + (function) * 4)
#define I40E_GLHMC_LANTXOBJSZ 0x0C2004
#define I40E_GLHMC_LANRXOBJSZ 0x0C200C
#define I40E_GLHMC_LANQMAX 0x0C2008

/* ---- LAN queues ---- */

#define I40E_QTX_ENA(queue) (0x100000 + (queue) * 4)
#define I40E_QTX_CTL(queue) (0x104000 + (queue) * 4)
#define I40E_QTX_CTL_PF 2
#define I40E_QTX_CTL_FUNCTION_SHIFT 2
#define I40E_QTX_TAIL(queue) (0x108000 + (queue) * 4)
#define I40E_QTX_HEAD(queue) (0x0E4000 + (queue) * 4)
#define I40E_QRX_ENA(queue) (0x120000 + (queue) * 4)
#define I40E_QRX_TAIL(queue) (0x128000 + (queue) * 4)
#define I40E_QENA_REQ I40E_BIT(0)
#define I40E_QENA_STAT I40E_BIT(2)
#define I40E_GLLAN_TXPRE_QDIS(block) (0x0E6500 + (block) * 4) /* a block is 128 absolute queues */
#define I40E_TXPRE_SET_QDIS I40E_BIT(30)
#define I40E_TXPRE_CLEAR_QDIS I40E_BIT(31)

/* ---- Interrupts: vector 0, and vectors from 1 at index n = vector - 1 ---- */

#define I40E_PFINT_ICR0 0x038780
#define I40E_PFINT_ICR0_ENA 0x038800
#define I40E_ICR0_INTEVENT I40E_BIT(0)
#define I40E_ICR0_QUEUES UINT32_C(0x1FE)
#define I40E_ICR0_ECC_ERR I40E_BIT(16)
#define I40E_ICR0_MAL_DETECT I40E_BIT(19)
#define I40E_ICR0_GRST I40E_BIT(20)
#define I40E_ICR0_PCI_EXCEPTION I40E_BIT(21)
#define I40E_ICR0_LINK_STAT_CHANGE I40E_BIT(25)
#define I40E_ICR0_HMC_ERR I40E_BIT(26)
#define I40E_ICR0_ADMINQ I40E_BIT(30)
#define I40E_PFINT_DYN_CTL0 0x038480
#define I40E_PFINT_DYN_CTLN(n) (0x034800 + (n) * 4)
#define I40E_DYN_CTL_ENABLE I40E_BIT(0)
#define I40E_DYN_CTL_CLEARPBA I40E_BIT(1)
#define I40E_DYN_CTL_SWINT I40E_BIT(2)
#define I40E_DYN_CTL_ITR_NONE (UINT32_C(3) << 3)
#define I40E_PFINT_STAT_CTL0 0x038400
#define I40E_PFINT_ITR0(itr) (0x038000 + (itr) * 128)
#define I40E_PFINT_LNKLST0 0x038500
#define I40E_PFINT_LNKLSTN(n) (0x035000 + (n) * 4)
#define I40E_PFINT_ITRN(itr, n) (0x030000 + (itr) * 2048 + (n) * 4)
#define I40E_QINT_RQCTL(queue) (0x03A000 + (queue) * 4)
#define I40E_QINT_TQCTL(queue) (0x03C000 + (queue) * 4)
#define I40E_QINT_ICR0_SHIFT 13 /* which queue's bit of ICR0, on vector 0 */
#define I40E_QINT_NEXT_SHIFT 16
#define I40E_QINT_CAUSE_ENA I40E_BIT(30)
#define I40E_LIST_END 0x7FF

/* ---- Errors the device reports ---- */

#define I40E_PFHMC_ERRORINFO 0x0C0400
#define I40E_PFHMC_ERRORDATA 0x0C0500
#define I40E_GL_MDET_TX 0x0E6480
#define I40E_GL_MDET_RX 0x12A510
#define I40E_PF_MDET_TX 0x0E6400
#define I40E_PF_MDET_RX 0x12A400
#define I40E_MDET_VALID I40E_BIT(31)

/* ---- Classifier ---- */

#define I40E_PFQF_CTL_0 0x1C0AC0
#define I40E_PFQF_CTL_0_LUT512 I40E_BIT(16)
#define I40E_PFQF_CTL_0_FD I40E_BIT(17)
#define I40E_PFQF_CTL_0_ETYPE I40E_BIT(18)
#define I40E_PFQF_CTL_0_MACVLAN I40E_BIT(19)
#define I40E_PFQF_CTL_1 0x245D80
#define I40E_PFQF_CTL_1_CLEARFDTABLE I40E_BIT(0)
#define I40E_PFQF_FDSTAT 0x246380 /* bits 12:0 guaranteed, 28:16 best effort */
#define I40E_PFQF_HENA(i) (0x245900 + (i) * 128)
#define I40E_PFQF_HKEY(i) (0x244800 + (i) * 128)
#define I40E_PFQF_HLUT(i) (0x240000 + (i) * 128)
#define I40E_GLQF_CTL 0x269BA4
#define I40E_GLQF_CTL_TOEPLITZ I40E_BIT(1)
#define I40E_PRTQF_CTL_0 0x256E60
#define I40E_PRTQF_CTL_0_SYMMETRIC I40E_BIT(0)
#define I40E_GLQF_HSYM(pctype) (0x269D00 + (pctype) * 4)
#define I40E_GLQF_HASH_INSET(i, pctype) (0x267600 + (i) * 4 + (pctype) * 8)
#define I40E_PRTQF_FD_INSET(pctype, i) (0x250000 + (pctype) * 64 + (i) * 32)
#define I40E_GLQF_PCNT(i) (0x266800 + (i) * 4)

/* ---- Port and VLAN ---- */

#define I40E_PRTGL_SAH 0x1E2140
#define I40E_PRTDCB_FCCFG 0x1E4640
#define I40E_PRT_L2TAGSEN 0x1C0B20

/* ---- Statistics. 48 bits unless told; a row is 8 bytes ---- */

#define I40E_GLPRT(base, port) ((base) + (port) * 8)
#define I40E_GLV(base, row) ((base) + (row) * 8)
#define I40E_GLV_GORC 0x358000
#define I40E_GLV_UPRC 0x36C000
#define I40E_GLV_MPRC 0x36CC00
#define I40E_GLV_BPRC 0x36D800
#define I40E_GLV_RDPC 0x310000 /* 32 bits, as the two below */
#define I40E_GLV_RUPP 0x36E400
#define I40E_GLV_TEPC 0x344000
#define I40E_GLV_GOTC 0x328000
#define I40E_GLV_UPTC 0x33C000
#define I40E_GLV_MPTC 0x33CC00
#define I40E_GLV_BPTC 0x33D800

#endif
