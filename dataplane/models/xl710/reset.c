/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Resets. One of the function is over at once. Greater ones take the whole card, say so in GLGEN_RSTAT.DEVSTATE while they last, and
 * each function hears of it by the GRST cause.
 */
#include "control.h"
#include "datapath.h"
#include "model.h"

#define RESET_US 20000 /* how long the card is away */

#define PFSWR (1u << 0)
#define CORER (1u << 0)
#define GLOBR (1u << 1)
#define EMPFWR (1u << 2)

/* What depends on which port this is. */
static void
set_identity(struct xl710_port *port)
{
	uint32_t low = port->mac[0] | port->mac[1] << 8 | port->mac[2] << 16 | (uint32_t)port->mac[3] << 24;

	reg_set(port, XR_PFGEN_PORTNUM, port->number);
	reg_set(port, XR_PF_FUNC_RID, port->number);
	reg_set(port, XR_PRTGL_SAL, low);
	reg_set(port, XR_PRTGL_SAH, (uint32_t)(port->mac[4] | port->mac[5] << 8) | 9728u << 16);
}

void
xl710_reset(struct xl710_port *port, enum xl710_reset reset)
{
	struct xl710_control *control = port->control;

	control->resets[reset]++;
	xl710_registers_reset(port, reset);
	set_identity(port);
	xl710_admin_reset(port);
	xl710_hmc_reset(port);
	xl710_switch_reset(port);
	xl710_irq_reset(port);
	if (reset >= XL710_CORER)
		xl710_stats_reset(port);
	xl710_link_reset(port, reset);
	/* Who resets begins anew, perhaps with other memory. */
	xl710_model_remap(port->model, port->dma);
	xl710_datapath_reset(port, reset);
	xl710_link_update(port);
	/* Last of all: what the driver waits for. */
	reg_set(port, XR_PFGEN_CTRL, 0);
}

static uint32_t
bump(uint32_t value, unsigned int shift)
{
	uint32_t count = (value >> shift & 3) + 1;

	return (value & ~(3u << shift)) | (count & 3) << shift;
}

static void
begin_reset(struct xl710_port *port, enum xl710_reset reset)
{
	unsigned int shift = reset == XL710_CORER ? 4 : reset == XL710_GLOBR ? 6 : 8;
	uint32_t type = reset == XL710_CORER ? 1 : reset == XL710_GLOBR ? 2 : 3;
	uint32_t state = bump(reg_get(port, XR_GLGEN_RSTAT), shift);

	reg_set(port, XR_GLGEN_RSTAT, (state & ~0xFu) | type << 2 | 1);
	reg_set(port, XR_GLGEN_RTRIG, 0);
	port->control->reset = reset;
	port->control->reset_until_us = xl710_now_us() + RESET_US;
	xl710_irq_cause(port, XL710_CAUSE_RESET);
}

static void
end_reset(struct xl710_port *port)
{
	uint32_t state = reg_get(port, XR_GLGEN_RSTAT);

	port->control->reset_until_us = 0;
	xl710_reset(port, port->control->reset);
	reg_set(port, XR_GLGEN_RSTAT, state & ~3u);
}

bool
xl710_reset_scan(struct xl710_port *port)
{
	uint32_t trigger = reg_get(port, XR_GLGEN_RTRIG);

	if (port->control->reset_until_us != 0) {
		if (xl710_now_us() < port->control->reset_until_us)
			return false;
		end_reset(port);
		return true;
	}
	if (trigger & (CORER | GLOBR | EMPFWR)) {
		enum xl710_reset reset = trigger & EMPFWR ? XL710_EMPR : trigger & GLOBR ? XL710_GLOBR : XL710_CORER;

		for (unsigned int i = 0; i < port->model->port_count; i++)
			begin_reset(&port->model->ports[i], reset);
		return true;
	}
	if (reg_get(port, XR_PFGEN_CTRL) & PFSWR) {
		xl710_reset(port, XL710_PFR);
		return true;
	}
	return false;
}
