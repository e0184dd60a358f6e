/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spreading packets over queues: which types are hashed, the key, and the table from hashes to queues.
 */
#include <errno.h>
#include <string.h>

#include "i40e_port.h"
#include "i40e_rss.h"

static const struct {
	uint64_t type;
	uint8_t pctype;
} types[] = {
	{RTE_ETH_RSS_NONFRAG_IPV4_UDP, I40E_PCTYPE_IPV4_UDP},
	{RTE_ETH_RSS_NONFRAG_IPV4_TCP, I40E_PCTYPE_IPV4_TCP},
	{RTE_ETH_RSS_NONFRAG_IPV4_SCTP, I40E_PCTYPE_IPV4_SCTP},
	{RTE_ETH_RSS_NONFRAG_IPV4_OTHER, I40E_PCTYPE_IPV4_OTHER},
	{RTE_ETH_RSS_FRAG_IPV4, I40E_PCTYPE_IPV4_FRAGMENT},
	{RTE_ETH_RSS_NONFRAG_IPV6_UDP, I40E_PCTYPE_IPV6_UDP},
	{RTE_ETH_RSS_NONFRAG_IPV6_TCP, I40E_PCTYPE_IPV6_TCP},
	{RTE_ETH_RSS_NONFRAG_IPV6_SCTP, I40E_PCTYPE_IPV6_SCTP},
	{RTE_ETH_RSS_NONFRAG_IPV6_OTHER, I40E_PCTYPE_IPV6_OTHER},
	{RTE_ETH_RSS_FRAG_IPV6, I40E_PCTYPE_IPV6_FRAGMENT},
	{RTE_ETH_RSS_L2_PAYLOAD, I40E_PCTYPE_L2},
};

uint64_t
i40e_rss_pctypes(uint64_t wanted)
{
	uint64_t pctypes = 0;

	for (unsigned int i = 0; i < RTE_DIM(types); i++)
		if (wanted & types[i].type)
			pctypes |= 1ULL << types[i].pctype;
	return pctypes;
}

uint64_t
i40e_default_fields(uint8_t pctype)
{
	switch (pctype) {
	case I40E_PCTYPE_IPV4_UDP:
	case I40E_PCTYPE_IPV4_TCP:
		return I40E_FIELDS_IPV4 | I40E_FIELDS_PORTS;
	case I40E_PCTYPE_IPV4_SCTP:
		return I40E_FIELDS_IPV4 | I40E_FIELDS_PORTS | I40E_FIELDS_SCTP_TAG;
	case I40E_PCTYPE_IPV4_OTHER:
	case I40E_PCTYPE_IPV4_FRAGMENT:
		return I40E_FIELDS_IPV4;
	case I40E_PCTYPE_IPV6_UDP:
	case I40E_PCTYPE_IPV6_TCP:
		return I40E_FIELDS_IPV6 | I40E_FIELDS_PORTS;
	case I40E_PCTYPE_IPV6_SCTP:
		return I40E_FIELDS_IPV6 | I40E_FIELDS_PORTS | I40E_FIELDS_SCTP_TAG;
	case I40E_PCTYPE_IPV6_OTHER:
	case I40E_PCTYPE_IPV6_FRAGMENT:
		return I40E_FIELDS_IPV6;
	default:
		return I40E_FIELD(I40E_WORD_ETHERTYPE);
	}
}

/* An earlier driver may have left others. */
static int
write_fields(struct i40e_hw *hw)
{
	int error = 0;

	for (unsigned int i = 0; i < RTE_DIM(types) && error == 0; i++) {
		const uint64_t fields = i40e_default_fields(types[i].pctype);

		error = i40e_rx_write(hw, I40E_GLQF_HASH_INSET(0, types[i].pctype), (uint32_t)fields);
		if (error == 0)
			error = i40e_rx_write(hw, I40E_GLQF_HASH_INSET(1, types[i].pctype), (uint32_t)(fields >> 32));
	}
	return error;
}

static int
write_types(struct i40e_port *port, uint64_t wanted)
{
	const uint64_t pctypes = i40e_rss_pctypes(wanted);
	int error = i40e_rx_write(&port->hw, I40E_PFQF_HENA(0), (uint32_t)pctypes);

	if (error == 0)
		error = i40e_rx_write(&port->hw, I40E_PFQF_HENA(1), (uint32_t)(pctypes >> 32));
	if (error == 0)
		port->rss_types = wanted;
	return error;
}

static void
write_key(struct i40e_port *port)
{
	for (uint32_t i = 0; i < I40E_RSS_KEY / 4; i++) {
		uint32_t word;

		memcpy(&word, &port->rss_key[i * 4], 4);
		i40e_write(&port->hw, I40E_PFQF_HKEY(i), word);
	}
	i40e_flush(&port->hw);
}

static void
write_lut(struct i40e_port *port)
{
	for (uint32_t i = 0; i < I40E_LUT_SIZE / 4; i++) {
		uint32_t word;

		memcpy(&word, &port->lut[i * 4], 4);
		i40e_write(&port->hw, I40E_PFQF_HLUT(i), word);
	}
	i40e_flush(&port->hw);
}

/* A key as long as half the world has (40 bytes) is taken, too: what it lacks stays as it is and is beyond all fields. */
static int
take_key(struct i40e_port *port, const uint8_t *key, uint8_t length)
{
	if (key == NULL || length == 0)
		return 0;
	if (length != I40E_RSS_KEY && length != 40) {
		I40E_LOG(ERR, port->hw.name, "an RSS key of %u bytes: expected %u (or 40)", length, I40E_RSS_KEY);
		return -EINVAL;
	}
	memcpy(port->rss_key, key, length);
	return 0;
}

int
i40e_rss_init(struct i40e_port *port)
{
	/* Random once, published for the world to compare: the key of the verification suite of RSS. */
	static const uint8_t verification[40] = {
		0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
		0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
	};
	uint32_t control;
	int error;

	memcpy(port->rss_key, verification, sizeof(verification));
	error = write_fields(&port->hw);
	if (error == 0)
		error = i40e_rx_read(&port->hw, I40E_GLQF_CTL, &control);
	if (error == 0 && !(control & I40E_GLQF_CTL_TOEPLITZ))
		error = i40e_rx_write(&port->hw, I40E_GLQF_CTL, control | I40E_GLQF_CTL_TOEPLITZ);
	return error;
}

int
i40e_rss_start(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	const struct rte_eth_conf *conf = &dev->data->dev_conf;
	const uint16_t queues = RTE_MAX(dev->data->nb_rx_queues, (uint16_t)1);
	const bool rss = (conf->rxmode.mq_mode & RTE_ETH_MQ_RX_RSS_FLAG) != 0;
	int error;

	if (!port->lut_set)
		for (uint32_t i = 0; i < I40E_LUT_SIZE; i++)
			port->lut[i] = (uint8_t)(i % queues);
	write_lut(port);
	error = rss ? take_key(port, conf->rx_adv_conf.rss_conf.rss_key, conf->rx_adv_conf.rss_conf.rss_key_len) : 0;
	if (error != 0)
		return error;
	write_key(port);
	return write_types(port, rss ? conf->rx_adv_conf.rss_conf.rss_hf & I40E_RSS_TYPES : 0);
}

int
i40e_rss_hash_update(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf)
{
	struct i40e_port *port = i40e_port_of(dev);
	const int error = take_key(port, conf->rss_key, conf->rss_key_len);

	if (error != 0)
		return error;
	if (conf->rss_key != NULL)
		write_key(port);
	/* Switching RSS on or off at all is a matter of the port's configuration. */
	if (!(dev->data->dev_conf.rxmode.mq_mode & RTE_ETH_MQ_RX_RSS_FLAG))
		return conf->rss_hf & I40E_RSS_TYPES ? -EINVAL : 0;
	return write_types(port, conf->rss_hf & I40E_RSS_TYPES);
}

int
i40e_rss_hash_get(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf)
{
	const struct i40e_port *port = i40e_port_of(dev);

	if (conf->rss_key != NULL && conf->rss_key_len >= I40E_RSS_KEY) {
		memcpy(conf->rss_key, port->rss_key, I40E_RSS_KEY);
		conf->rss_key_len = I40E_RSS_KEY;
	}
	conf->rss_hf = port->rss_types;
	return 0;
}

int
i40e_reta_update(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t size)
{
	struct i40e_port *port = i40e_port_of(dev);

	if (size != I40E_LUT_SIZE) {
		I40E_LOG(ERR, port->hw.name, "a redirection table of %u entries: expected %u", size, I40E_LUT_SIZE);
		return -EINVAL;
	}
	for (uint32_t i = 0; i < size; i++)
		if ((reta[i / RTE_ETH_RETA_GROUP_SIZE].mask >> i % RTE_ETH_RETA_GROUP_SIZE & 1) &&
				reta[i / RTE_ETH_RETA_GROUP_SIZE].reta[i % RTE_ETH_RETA_GROUP_SIZE] >= I40E_MAX_QUEUES)
			return -EINVAL;
	for (uint32_t i = 0; i < size; i++)
		if (reta[i / RTE_ETH_RETA_GROUP_SIZE].mask >> i % RTE_ETH_RETA_GROUP_SIZE & 1)
			port->lut[i] = (uint8_t)reta[i / RTE_ETH_RETA_GROUP_SIZE].reta[i % RTE_ETH_RETA_GROUP_SIZE];
	port->lut_set = true;
	write_lut(port);
	return 0;
}

int
i40e_reta_query(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t size)
{
	const struct i40e_port *port = i40e_port_of(dev);

	if (size != I40E_LUT_SIZE)
		return -EINVAL;
	for (uint32_t i = 0; i < size; i++)
		if (reta[i / RTE_ETH_RETA_GROUP_SIZE].mask >> i % RTE_ETH_RETA_GROUP_SIZE & 1)
			reta[i / RTE_ETH_RETA_GROUP_SIZE].reta[i % RTE_ETH_RETA_GROUP_SIZE] = port->lut[i];
	return 0;
}
