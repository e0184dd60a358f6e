/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A card put together, turned by step, taken apart.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_space.h"
#include "control.h"
#include "datapath.h"
#include "exact.h"
#include "model.h"
#include "wire.h"

#define BUDGET 256u
#define WHOLE_EVERY 32u       /* steps, while there is much to do */
#define STALE_LOOK_US 500000
#define DEVICE_ID 0x1583

static bool
no(const char *what, const char *object)
{
	fprintf(stderr, "wdpdk-xl710-model: %s '%s': %s.\n", what, object, strerror(errno));
	return false;
}

/* ---- what comes and goes with a port ---- */

static bool
open_files(struct xl710_model *model, unsigned int index, const struct xl710_options *options)
{
	struct xl710_port *port = &model->ports[index];
	char path[4096], config[4096];

	if (options->registers[index] != NULL) {
		port->bar = options->registers[index];
		port->config = model->config_space[index];
		return true;
	}
	if (options->bar == NULL) {
		fprintf(stderr, "wdpdk-xl710-model: no file for BAR0. Give --bar FILE.\n");
		return false;
	}
	if (model->port_count > 1)
		snprintf(path, sizeof(path) - 8, "%s.%u", options->bar, index);
	else
		snprintf(path, sizeof(path) - 8, "%s", options->bar);
	snprintf(config, sizeof(config), "%.4000s.config", path);
	model->bars[index] = xl710_file_map(path, XL710_BAR_SIZE, true);
	if (model->bars[index] == NULL)
		return no("cannot make the file of BAR0", path);
	model->configs[index] = xl710_file_map(config, XL710_CONFIG_SIZE, true);
	if (model->configs[index] == NULL)
		return no("cannot make the file of the configuration space", config);
	port->bar = xl710_file_bytes(model->bars[index]);
	port->config = xl710_file_bytes(model->configs[index]);
	snprintf(model->bar_paths[index], sizeof(model->bar_paths[index]), "%s", path);
	return true;
}

static bool
open_dma(struct xl710_model *model, const struct xl710_options *options)
{
	unsigned int count = options->dma_count;

	if (options->memory != NULL) {
		for (unsigned int i = 0; i < model->port_count; i++)
			model->ports[i].dma = options->memory;
		return true;
	}
	if (count == 0) {
		fprintf(stderr, "wdpdk-xl710-model: no memory of a driver. Give --dma DIR or --dma-hugetlbfs DIR.\n");
		return false;
	}
	if (count != 1 && count != model->port_count) {
		fprintf(stderr, "wdpdk-xl710-model: memory given %u times for %u ports. Give it once, or once a port.\n", count,
			model->port_count);
		return false;
	}
	for (; model->dma_count < count; model->dma_count++) {
		const char *folder = options->dma[model->dma_count];

		model->dma[model->dma_count] = options->dma_physical[model->dma_count] ? xl710_dma_open_hugetlbfs(folder) :
											 xl710_dma_open_folder(folder);
		if (model->dma[model->dma_count] == NULL)
			return no("cannot use the memory in", folder);
	}
	for (unsigned int i = 0; i < model->port_count; i++)
		model->ports[i].dma = model->dma[count == 1 ? 0 : i];
	return true;
}

static bool
open_line(struct xl710_port *port, const struct xl710_options *options)
{
	const char *path;

	if (options->irq_count == 0 || (options->irq_count > 1 && port->number >= options->irq_count))
		return true;
	path = options->irq[options->irq_count == 1 ? 0 : port->number];
	port->control->line = xl710_line_open(path);
	return port->control->line != NULL || no("cannot open the interrupt line", path);
}

static bool
open_port(struct xl710_model *model, unsigned int index, const struct xl710_options *options)
{
	struct xl710_port *port = &model->ports[index];
	static const uint8_t local[6] = { 0x02, 0x58, 0x4C, 0x37, 0x10, 0x00 }, none[6];

	port->number = (uint16_t)index;
	port->model = model;
	port->frame_faults = options->frame_faults;
	port->faults = options->faults;
	memcpy(port->mac, memcmp(options->mac, none, 6) == 0 ? local : options->mac, 6);
	port->mac[5] = (uint8_t)(port->mac[5] + index);
	if (!open_files(model, index, options))
		return false;
	memset((void *)port->bar, 0, XL710_BAR_SIZE);
	xl710_config_space(port->config, options->device_id != 0 ? options->device_id : DEVICE_ID, (uint16_t)index);
	if (xl710_control_create(port) != 0) {
		errno = ENOMEM;
		return no("no memory for port", "");
	}
	port->control->exact = options->exact;
	port->control->cable = !options->cables_out;
	if (options->exact && xl710_exact_open(port, model->bar_paths[index]) != 0)
		return no("cannot make the mailbox of", model->bar_paths[index]);
	return open_line(port, options);
}

static bool
open_wires(struct xl710_model *model, const struct xl710_options *options)
{
	if (options->wire_count > 1 && options->wire_count != model->port_count) {
		fprintf(stderr, "wdpdk-xl710-model: %u times --wire for %u ports. Give it once, or once a port.\n", options->wire_count,
			model->port_count);
		return false;
	}
	for (unsigned int i = 0; i < model->port_count; i++) {
		const char *spec = options->wire_count == 0 ? "loop" : options->wire[options->wire_count == 1 ? 0 : i];
		struct xl710_port *peer = &model->ports[(i ^ 1) < model->port_count ? i ^ 1 : i];

		if (xl710_wire_open(&model->ports[i], spec, peer) != 0)
			return false;
	}
	for (unsigned int i = 0; i < model->port_count; i++) {
		int result = xl710_datapath_create(&model->ports[i]);

		if (result != 0) {
			errno = -result;
			return no("no data path for", "a port");
		}
	}
	return true;
}

struct xl710_model *
xl710_model_open(const struct xl710_options *options)
{
	struct xl710_model *model = calloc(1, sizeof(*model));
	bool good = model != NULL;

	if (!good)
		return NULL;
	xl710_survive_truncation();
	model->port_count = options->ports == 0 ? 1 : options->ports > XL710_PORTS ? XL710_PORTS : options->ports;
	good = open_dma(model, options);
	for (unsigned int i = 0; good && i < model->port_count; i++)
		good = open_port(model, i, options);
	good = good && open_wires(model, options);
	if (!good) {
		xl710_model_close(model);
		return NULL;
	}
	for (unsigned int i = 0; i < model->port_count; i++)
		xl710_reset(&model->ports[i], XL710_POR);
	return model;
}

void
xl710_model_close(struct xl710_model *model)
{
	if (model == NULL)
		return;
	for (unsigned int i = 0; i < XL710_PORTS; i++)
		if (model->ports[i].data != NULL)
			xl710_datapath_destroy(&model->ports[i]);
	for (unsigned int i = 0; i < XL710_PORTS; i++) {
		struct xl710_port *port = &model->ports[i];

		if (port->wire != NULL)
			xl710_wire_close(port);
		if (port->control != NULL) {
			xl710_line_close(port->control->line);
			xl710_exact_close(port);
			xl710_control_destroy(port);
		}
		xl710_file_close(model->bars[i]);
		xl710_file_close(model->configs[i]);
	}
	for (unsigned int i = 0; i < model->dma_count; i++)
		xl710_dma_close(model->dma[i]);
	free(model);
}

/* ---- a turn ---- */

void
xl710_model_remap(struct xl710_model *model, struct xl710_dma *dma)
{
	xl710_dma_refresh(dma);
	for (unsigned int i = 0; i < model->port_count; i++)
		if (model->ports[i].dma == dma && model->ports[i].data != NULL)
			xl710_datapath_remapped(&model->ports[i]);
}

/* Memory whose driver is gone is given back, so that others can have it. */
static void
look_at_memory(struct xl710_model *model)
{
	uint64_t now = xl710_now_us();

	if (now - model->looked_us < STALE_LOOK_US)
		return;
	model->looked_us = now;
	for (unsigned int i = 0; i < model->dma_count; i++)
		if (xl710_dma_stale(model->dma[i]))
			xl710_model_remap(model, model->dma[i]);
}

unsigned int
xl710_model_step(struct xl710_model *model)
{
	bool whole = model->steps++ % WHOLE_EVERY == 0;
	unsigned int done = 0;

	for (unsigned int i = 0; i < model->port_count; i++) {
		struct xl710_port *port = &model->ports[i];
		unsigned int moved = port->control->reset_until_us != 0 ? 0 : xl710_datapath_poll(port, BUDGET);

		done += moved;
		done += xl710_exact_serve(port);
		done += xl710_control_scan(port, whole || moved == 0);
	}
	if (done == 0 || whole)
		look_at_memory(model);
	return done;
}

void
xl710_model_cable(struct xl710_model *model, unsigned int index, bool in)
{
	if (index >= model->port_count)
		return;
	model->ports[index].control->cable = in;
	xl710_link_update(&model->ports[index]);
}

void
xl710_model_json(const struct xl710_model *model, FILE *out)
{
	fputs("\"ports\":[", out);
	for (unsigned int i = 0; i < model->port_count; i++) {
		fputs(i == 0 ? "{" : ",{", out);
		xl710_datapath_json(&model->ports[i], out);
		xl710_control_json(&model->ports[i], out);
		fputc('}', out);
	}
	fputc(']', out);
}
