/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The memory of the plug in the port, an SFP's or a QSFP's, a byte a command: the firmware has the bus that leads there.
 */
#include <errno.h>
#include <string.h>

#include "i40e_port.h"

#define PHY_ABILITIES_SIZE 0x218u
#define ABILITIES_MODULE 20     /* what kind of plug */
#define OF_THE_MODULE 2

#define KIND_SFP 0x03
#define KIND_QSFP_PLUS 0x0D
#define KIND_QSFP28 0x11

/* SFP: two devices on its bus. The second one's address may be this one's, which the firmware cannot switch. */
#define SFP_BASE 0x50
#define SFP_DIAGNOSTICS 0x51
#define SFP_SWITCHED 92
#define SFP_SWITCHED_BIT 0x04
#define SFP_COMPLIANCE 94
#define SFP_PART 256u

/* QSFP: 128 bytes that are always there, and pages of 128 behind them. */
#define QSFP_REVISION 1
#define QSFP_REVISION_8436 2
#define QSFP_PAGE 128u

struct module {
	uint8_t kind;
	uint32_t type, length;
};

static int
read_byte(struct i40e_port *port, uint8_t device, uint32_t offset, uint8_t *value)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_GET_PHY_REGISTER);
	int error;

	desc.param.bytes[0] = OF_THE_MODULE;
	desc.param.bytes[1] = device;
	desc.param.dwords[1] = offset;
	error = i40e_aq_send(&port->hw, &desc, NULL, 0, false, false);
	*value = (uint8_t)desc.param.dwords[2];
	return error;
}

static int
look_at_sfp(struct i40e_port *port, struct module *module)
{
	uint8_t switched = 0, compliance = 0;
	int error = read_byte(port, SFP_BASE, SFP_SWITCHED, &switched);

	if (error == 0)
		error = read_byte(port, SFP_BASE, SFP_COMPLIANCE, &compliance);
	if (error != 0)
		return error;
	if (compliance != 0 && (switched & SFP_SWITCHED_BIT) == 0) {
		module->type = RTE_ETH_MODULE_SFF_8472;
		module->length = RTE_ETH_MODULE_SFF_8472_LEN;
	} else {
		module->type = RTE_ETH_MODULE_SFF_8079;
		module->length = RTE_ETH_MODULE_SFF_8079_LEN;
	}
	return 0;
}

static int
look_at_qsfp(struct i40e_port *port, struct module *module)
{
	uint8_t revision = 0;
	int error = module->kind == KIND_QSFP28 ? 0 : read_byte(port, 0, QSFP_REVISION, &revision);

	module->type = module->kind == KIND_QSFP28 || revision > QSFP_REVISION_8436 ? RTE_ETH_MODULE_SFF_8636 :
		RTE_ETH_MODULE_SFF_8436;
	module->length = RTE_ETH_MODULE_SFF_8636_MAX_LEN;
	return error;
}

static int
look_at_module(struct i40e_port *port, struct module *module)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_GET_PHY);
	uint8_t abilities[PHY_ABILITIES_SIZE];
	int error;

	memset(module, 0, sizeof(*module));
	if (port->hw.api_minor < 7) {
		I40E_LOG(ERR, port->hw.name, "its firmware does not read the plug's memory: update the NVM");
		return -ENOTSUP;
	}
	error = i40e_aq_send(&port->hw, &desc, abilities, sizeof(abilities), false, false);
	if (error != 0)
		return error;
	module->kind = abilities[ABILITIES_MODULE];
	switch (module->kind) {
	case KIND_SFP:
		return look_at_sfp(port, module);
	case KIND_QSFP_PLUS:
	case KIND_QSFP28:
		return look_at_qsfp(port, module);
	default:
		I40E_LOG(ERR, port->hw.name, "no plug whose memory is known (kind 0x%02x): SFP, QSFP+ and QSFP28 are", module->kind);
		return -ENODEV;
	}
}

int
i40e_module_info(struct rte_eth_dev *dev, struct rte_eth_dev_module_info *info)
{
	struct module module;
	const int error = look_at_module(i40e_port_of(dev), &module);

	if (error != 0)
		return error;
	info->type = module.type;
	info->eeprom_len = module.length;
	return 0;
}

int
i40e_module_eeprom(struct rte_eth_dev *dev, struct rte_dev_eeprom_info *info)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct module module;
	int error = look_at_module(port, &module);

	if (error != 0)
		return error;
	if (info->offset >= module.length || info->length > module.length - info->offset)
		return -EINVAL;
	for (uint32_t i = 0; i < info->length && error == 0; i++) {
		uint32_t at = info->offset + i;
		uint8_t device;

		if (module.kind == KIND_SFP) {
			device = at < SFP_PART ? SFP_BASE : SFP_DIAGNOSTICS;
			at %= SFP_PART;
		} else {
			device = at < QSFP_PAGE ? 0 : (uint8_t)(at / QSFP_PAGE - 1);
			at = at < QSFP_PAGE ? at : QSFP_PAGE + at % QSFP_PAGE;
		}
		error = read_byte(port, device, at, (uint8_t *)info->data + i);
	}
	return error;
}
