/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "control.h"
#include "datapath.h"

bool
xl710_control_scan(struct xl710_port *port, bool whole)
{
	bool worked = xl710_reset_scan(port);
	uint64_t now;

	if (port->control->reset_until_us != 0)
		return worked;
	worked |= xl710_admin_scan(port);
	worked |= xl710_nvm_scan(port);
	worked |= xl710_hmc_scan(port);
	worked |= xl710_irq_scan(port, whole);
	if (!whole)
		return worked;
	worked |= xl710_queue_scan(port);
	now = xl710_now_us();
	reg_set(port, XR_GLVFGEN_TIMER, (uint32_t)now);
	worked |= xl710_link_scan(port, now);
	port->control->scanned_us = now;
	return worked;
}

int
xl710_control_create(struct xl710_port *port)
{
	struct xl710_control *control = calloc(1, sizeof(*control));

	if (control == NULL)
		return -ENOMEM;
	port->control = control;
	control->cable = true;
	control->dice = 0x2545F491u + port->number;
	xl710_registers_reset(port, XL710_POR);
	control->queues = (uint16_t)((reg_get(port, XR_PFLAN_QALLOC) >> 16 & 0x7FF) + 1);
	xl710_nvm_create(port);
	return xl710_switch_create(port) == 0 ? 0 : -ENOMEM;
}

void
xl710_control_destroy(struct xl710_port *port)
{
	xl710_switch_destroy(port);
	free(port->control);
	port->control = NULL;
}

static uint64_t
frames(const struct xl710_traffic *traffic)
{
	return traffic->frames[0] + traffic->frames[1] + traffic->frames[2];
}

static void
json_traffic(FILE *out, const char *name, const struct xl710_traffic *traffic)
{
	fprintf(out, "\"%s\":{\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"unicast\":%" PRIu64 ",\"multicast\":%" PRIu64
		",\"broadcast\":%" PRIu64 "},", name, frames(traffic), traffic->bytes, traffic->frames[XL710_UNICAST],
		traffic->frames[XL710_MULTICAST], traffic->frames[XL710_BROADCAST]);
}

static void
json_numbers(FILE *out, const char *name, const uint64_t *numbers, unsigned int count)
{
	fprintf(out, "\"%s\":[", name);
	for (unsigned int i = 0; i < count; i++)
		fprintf(out, "%s%" PRIu64, i == 0 ? "" : ",", numbers[i]);
	fputs("],", out);
}

static void
json_vsi(FILE *out, const struct xl710_port *port, unsigned int number)
{
	const struct xl710_vsi *vsi = &port->vsis[number];
	const struct xl710_stat_row *row = &port->stats.vsi[vsi->stat_index];

	fprintf(out, "{\"vsi\":%u,\"seid\":%u,", number, vsi->seid);
	json_traffic(out, "rx", &row->rx);
	json_traffic(out, "tx", &row->tx);
	fprintf(out, "\"rxDiscards\":%" PRIu64 ",\"rxUnknown\":%" PRIu64 ",\"txErrors\":%" PRIu64 "}", row->rx_discards, row->rx_unknown,
		row->tx_errors);
}

void
xl710_control_json(const struct xl710_port *port, FILE *out)
{
	const struct xl710_control *control = port->control;
	const struct xl710_stats *stats = &port->stats;
	bool first = true;

	fprintf(out, "\"port\":%u,\"linkUp\":%s,\"linkChanges\":%" PRIu64 ",\"maxFrame\":%u,", port->number, port->link_up ? "true" : "false",
		control->link_changes, port->max_frame);
	fprintf(out, "\"adminCommands\":%" PRIu64 ",\"adminErrors\":%" PRIu64 ",\"adminUnanswered\":%" PRIu64
		",\"adminSlow\":%" PRIu64 ",\"adminEvents\":%" PRIu64 ",\"adminEventsLost\":%" PRIu64 ",",
		control->commands, stats->admin_errors, stats->admin_unanswered, stats->admin_slow, control->events, control->events_lost);
	fprintf(out, "\"interrupts\":%u,\"interruptsLost\":%u,\"nvmReads\":%" PRIu64 ",", control->interrupts, control->interrupts_lost,
		control->nvm_reads);
	fprintf(out, "\"trappedAccesses\":%" PRIu64 ",", control->accesses);
	json_numbers(out, "resets", control->resets, XL710_POR + 1);
	fprintf(out, "\"maliciousRx\":%" PRIu64 ",\"maliciousTx\":%" PRIu64 ",\"dmaMisses\":%" PRIu64 ",", stats->malicious_rx,
		stats->malicious_tx, port->dma->misses);
	json_traffic(out, "rx", &stats->rx);
	json_traffic(out, "tx", &stats->tx);
	json_numbers(out, "rxSizes", stats->rx_sizes, XL710_SIZE_BINS);
	json_numbers(out, "txSizes", stats->tx_sizes, XL710_SIZE_BINS);
	fprintf(out, "\"crcErrors\":%" PRIu64 ",\"rxDiscards\":%" PRIu64 ",\"rxUnknown\":%" PRIu64 ",\"oversize\":%" PRIu64
		",\"txLinkDown\":%" PRIu64 ",", stats->crc_errors, stats->rx_discards, stats->rx_unknown, stats->oversize, stats->tx_link_down);
	fputs("\"vsis\":[", out);
	for (unsigned int i = 0; i < XL710_VSIS; i++) {
		if (!port->vsis[i].used)
			continue;
		fputs(first ? "" : ",", out);
		json_vsi(out, port, i);
		first = false;
	}
	fputs("]", out);
}
