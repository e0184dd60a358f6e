/* SPDX-License-Identifier: BSD-3-Clause */
#include "state.h"

#include <errno.h>
#include <stdlib.h>

const forward_generate forward_generators[PORT_MODES] = {
	[PORT_MODE_PKTGEN] = pktgen_generate,
};

static bool
does_the_same(const struct forward_state *state, const struct port_config *config)
{
	return state->config.mode == config->mode &&
		(config->mode != PORT_MODE_PKTGEN || pktgen_config_equal(&state->config.pktgen, &config->pktgen));
}

/* What comes in by a generator's port is sunk, too. */
int
forward_state_take(uint16_t port, const struct port_config *config, struct forward_state *previous, struct forward_state **state)
{
	struct forward_state *made;

	*state = NULL;
	if (config->mode != PORT_MODE_PKTGEN && config->mode != PORT_MODE_SINK)
		return 0;
	if (previous != NULL && does_the_same(previous, config)) {
		previous->references++;
		*state = previous;
		return 0;
	}
	made = calloc(1, sizeof(*made));
	if (made == NULL)
		return -ENOMEM;
	made->references = 1;
	made->config = *config;
	made->sink = sink_create(port);
	if (config->mode == PORT_MODE_PKTGEN)
		made->pktgen = pktgen_create(port, &config->pktgen);
	if (made->sink == NULL || (config->mode == PORT_MODE_PKTGEN && made->pktgen == NULL)) {
		forward_state_release(made);
		return -ENOMEM;
	}
	*state = made;
	return 0;
}

void
forward_state_release(struct forward_state *state)
{
	if (state == NULL || --state->references > 0)
		return;
	free(state->pktgen);
	sink_free(state->sink);
	free(state);
}
