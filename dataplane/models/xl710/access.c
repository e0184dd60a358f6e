/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Loads and stores one by one. Where the model only looks at BAR0 now and then it sees the last of several stores and no load at all; here
 * each has its effect before the next.
 */
#include "control.h"

static bool
in_array(uint32_t offset, uint32_t start, uint32_t count, uint32_t stride)
{
	return offset >= start && offset < start + count * stride && (offset - start) % stride == 0;
}

/* What is cleared by the ones that are written. */
static bool
write_one_to_clear(uint32_t offset)
{
	switch (offset) {
	case XR_GL_MDET_TX:
	case XR_GL_MDET_RX:
	case XR_PF_MDET_TX:
	case XR_PF_MDET_RX:
		return true;
	}
	return in_array(offset, XR_GLGEN_VFLRSTAT, XR_GLGEN_VFLRSTAT_COUNT, 4);
}

/* What only the card sets. */
static bool
read_only(uint32_t offset)
{
	switch (offset) {
	case XR_GL_FWSTS:
	case XR_GLGEN_RSTAT:
	case XR_GLGEN_STAT:
	case XR_PF_FUNC_RID:
	case XR_PFGEN_PORTNUM:
	case XR_GLNVM_ULD:
	case XR_PFINT_ICR0:
	case XR_GLVFGEN_TIMER:
	case XR_PFQF_FDSTAT:
	case XR_PRTMAC_LINKSTA:
	case XR_PRTGEN_STATUS:
		return true;
	}
	/* Statistics: they start to count when the card does. */
	return offset >= 0x300000 && offset < 0x371000;
}

void
xl710_register_store(struct xl710_port *port, uint32_t offset, uint32_t value)
{
	if (offset > XL710_BAR_SIZE - 4 || offset % 4 != 0 || read_only(offset))
		return;
	if (write_one_to_clear(offset)) {
		/* A detector's record goes as a whole. */
		reg_set(port, offset, value == 0 ? reg_get(port, offset) : reg_get(port, offset) & ~value);
		return;
	}
	/* Enabled is what the card says, not who asks. */
	if (in_array(offset, XR_QTX_ENA, XL710_QUEUES, 4) || in_array(offset, XR_QRX_ENA, XL710_QUEUES, 4))
		value = (value & ~XF_QENA_STAT) | (reg_get(port, offset) & XF_QENA_STAT);
	reg_set(port, offset, value);
}

uint64_t
xl710_access_read(struct xl710_port *port, uint32_t offset, unsigned int size)
{
	uint64_t value;

	if (offset > XL710_BAR_SIZE - 8 || offset % size != 0)
		return UINT64_MAX;
	value = reg_get(port, offset);
	if (size == 8)
		return value | (uint64_t)reg_get(port, offset + 4) << 32;
	if (offset == XR_PFINT_ICR0)
		reg_set(port, offset, 0);
	return value;
}

void
xl710_access_write(struct xl710_port *port, uint32_t offset, uint64_t value, unsigned int size)
{
	xl710_register_store(port, offset, (uint32_t)value);
	if (size == 8)
		xl710_register_store(port, offset + 4, (uint32_t)(value >> 32));
	xl710_control_scan(port, true);
}
