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

uint64_t
i40e_rss_fields(uint8_t pctype, uint64_t parts)
{
	uint64_t wanted = 0;

	if (parts == 0)
		return i40e_default_fields(pctype);
	if (parts & RTE_ETH_RSS_L3_SRC_ONLY)
		wanted |= pctype < I40E_PCTYPE_IPV6_UDP ? I40E_FIELDS_IPV4_SRC : I40E_FIELDS_IPV6_SRC;
	if (parts & RTE_ETH_RSS_L3_DST_ONLY)
		wanted |= pctype < I40E_PCTYPE_IPV6_UDP ? I40E_FIELDS_IPV4_DST : I40E_FIELDS_IPV6_DST;
	wanted |= parts & RTE_ETH_RSS_L4_SRC_ONLY ? I40E_FIELD_SRC_PORT : 0;
	wanted |= parts & RTE_ETH_RSS_L4_DST_ONLY ? I40E_FIELD_DST_PORT : 0;
	return wanted & i40e_default_fields(pctype);
}

/* What the port and its rules want, together. */
struct wanted {
	uint64_t types;     /* RTE_ETH_RSS_* */
	uint64_t symmetric; /* types of packets */
	uint64_t fields[64];
	bool xor;
	const uint8_t *key;
	uint8_t key_length;
	const struct i40e_rss_rule *table; /* whose queues; NULL: the port's own */
};

static void
look_at(struct wanted *all, const struct i40e_rss_rule *rule)
{
	const uint64_t pctypes = i40e_rss_pctypes(rule->types);

	all->types |= rule->types;
	for (unsigned int i = 0; i < RTE_DIM(types); i++)
		if ((pctypes >> types[i].pctype & 1) != 0)
			all->fields[types[i].pctype] = i40e_rss_fields(types[i].pctype, rule->parts);
	if (rule->function == RTE_ETH_HASH_FUNCTION_SIMPLE_XOR)
		all->xor = true;
	else if (rule->function == RTE_ETH_HASH_FUNCTION_TOEPLITZ || rule->function == RTE_ETH_HASH_FUNCTION_SYMMETRIC_TOEPLITZ)
		all->xor = false;
	if (rule->function == RTE_ETH_HASH_FUNCTION_SYMMETRIC_TOEPLITZ)
		all->symmetric |= pctypes;
	else if (rule->function != RTE_ETH_HASH_FUNCTION_DEFAULT)
		all->symmetric &= ~pctypes;
	if (rule->key_length != 0) {
		all->key = rule->key;
		all->key_length = rule->key_length;
	}
	if (rule->queues != 0)
		all->table = rule;
}

static struct wanted
what_is_wanted(const struct i40e_port *port)
{
	struct wanted all = {.types = port->rss_types};

	for (unsigned int i = 0; i < RTE_DIM(types); i++)
		all.fields[types[i].pctype] = i40e_default_fields(types[i].pctype);
	for (const struct i40e_rss_rule *rule = port->rss_rules; rule != NULL; rule = rule->next)
		look_at(&all, rule);
	return all;
}

/* An earlier driver may have left others. */
static int
write_fields(struct i40e_port *port, const uint64_t wanted[64])
{
	struct i40e_hw *hw = &port->hw;
	int error = 0;

	for (unsigned int i = 0; i < RTE_DIM(types) && error == 0; i++) {
		const uint8_t pctype = types[i].pctype;
		const uint64_t fields = wanted[pctype];

		if (port->rss_fields[pctype] == fields)
			continue;
		error = i40e_rx_write(hw, I40E_GLQF_HASH_INSET(0, pctype), (uint32_t)fields);
		if (error == 0)
			error = i40e_rx_write(hw, I40E_GLQF_HASH_INSET(1, pctype), (uint32_t)(fields >> 32));
		if (error == 0)
			port->rss_fields[pctype] = fields;
	}
	return error;
}

/* The function is the whole card's: other ports hash with it, too. */
static int
write_function(struct i40e_port *port, bool xor)
{
	uint32_t control;
	int error = xor == port->rss_xor ? 0 : i40e_rx_read(&port->hw, I40E_GLQF_CTL, &control);

	if (xor == port->rss_xor || error != 0)
		return error;
	I40E_LOG(NOTICE, port->hw.name, "all ports of this card hash by %s from now on", xor ? "simple XOR" : "Toeplitz");
	error = i40e_rx_write(&port->hw, I40E_GLQF_CTL,
		xor ? control & ~(uint32_t)I40E_GLQF_CTL_TOEPLITZ : control | (uint32_t)I40E_GLQF_CTL_TOEPLITZ);
	if (error == 0)
		port->rss_xor = xor;
	return error;
}

static int
write_symmetric(struct i40e_port *port, uint64_t pctypes)
{
	const uint64_t changed = pctypes ^ port->rss_symmetric;
	uint32_t control;
	int error = 0;

	for (unsigned int i = 0; i < RTE_DIM(types) && error == 0; i++)
		if ((changed >> types[i].pctype & 1) != 0)
			error = i40e_rx_write(&port->hw, I40E_GLQF_HSYM(types[i].pctype), (uint32_t)(pctypes >> types[i].pctype & 1));
	if (error == 0 && changed != 0)
		error = i40e_rx_read(&port->hw, I40E_PRTQF_CTL_0, &control);
	if (error == 0 && changed != 0)
		error = i40e_rx_write(&port->hw, I40E_PRTQF_CTL_0, pctypes != 0 ? control | (uint32_t)I40E_PRTQF_CTL_0_SYMMETRIC :
			control & ~(uint32_t)I40E_PRTQF_CTL_0_SYMMETRIC);
	if (error == 0)
		port->rss_symmetric = pctypes;
	return error;
}

static int
write_types(struct i40e_port *port, uint64_t wanted)
{
	const uint64_t pctypes = i40e_rss_pctypes(wanted);
	int error = i40e_rx_write(&port->hw, I40E_PFQF_HENA(0), (uint32_t)pctypes);

	return error != 0 ? error : i40e_rx_write(&port->hw, I40E_PFQF_HENA(1), (uint32_t)(pctypes >> 32));
}

/* A short key's last bytes are the port's: they are beyond all fields. */
static void
write_key(struct i40e_port *port, const uint8_t *key, uint8_t length)
{
	uint8_t whole[I40E_RSS_KEY];

	memcpy(whole, port->rss_key, sizeof(whole));
	if (key != NULL)
		memcpy(whole, key, length);
	for (uint32_t i = 0; i < I40E_RSS_KEY / 4; i++) {
		uint32_t word;

		memcpy(&word, &whole[i * 4], 4);
		i40e_write(&port->hw, I40E_PFQF_HKEY(i), word);
	}
	i40e_flush(&port->hw);
}

static void
write_lut(struct i40e_port *port, const struct i40e_rss_rule *rule)
{
	for (uint32_t i = 0; i < I40E_LUT_SIZE / 4; i++) {
		uint8_t four[4];
		uint32_t word;

		for (uint32_t j = 0; j < 4; j++)
			four[j] = rule == NULL ? port->lut[i * 4 + j] : (uint8_t)rule->queue[(i * 4 + j) % rule->queues];
		memcpy(&word, four, 4);
		i40e_write(&port->hw, I40E_PFQF_HLUT(i), word);
	}
	i40e_flush(&port->hw);
}

/* A rule's queues, as long as the port has them. */
static const struct i40e_rss_rule *
usable(const struct rte_eth_dev *dev, const struct i40e_rss_rule *table)
{
	for (uint16_t i = 0; table != NULL && i < table->queues; i++)
		if (table->queue[i] >= dev->data->nb_rx_queues)
			return NULL;
	return table;
}

int
i40e_rss_apply(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	const struct wanted all = what_is_wanted(port);
	int error = write_fields(port, all.fields);

	write_lut(port, usable(dev, all.table));
	write_key(port, all.key, all.key_length);
	if (error == 0)
		error = write_function(port, all.xor);
	if (error == 0)
		error = write_symmetric(port, all.symmetric);
	return error != 0 ? error : write_types(port, all.types);
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
	struct wanted all;
	uint32_t control;
	int error;

	memcpy(port->rss_key, verification, sizeof(verification));
	port->rss_xor = false;
	port->rss_symmetric = 0;
	memset(port->rss_fields, 0, sizeof(port->rss_fields));
	all = what_is_wanted(port);
	error = write_fields(port, all.fields);
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
	error = rss ? take_key(port, conf->rx_adv_conf.rss_conf.rss_key, conf->rx_adv_conf.rss_conf.rss_key_len) : 0;
	if (error != 0)
		return error;
	port->rss_types = rss ? conf->rx_adv_conf.rss_conf.rss_hf & I40E_RSS_TYPES : 0;
	return i40e_rss_apply(dev);
}

int
i40e_rss_hash_update(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf)
{
	struct i40e_port *port = i40e_port_of(dev);
	const int error = take_key(port, conf->rss_key, conf->rss_key_len);

	if (error != 0)
		return error;
	/* Switching RSS on or off at all is a matter of the port's configuration. */
	if (dev->data->dev_conf.rxmode.mq_mode & RTE_ETH_MQ_RX_RSS_FLAG)
		port->rss_types = conf->rss_hf & I40E_RSS_TYPES;
	else if (conf->rss_hf & I40E_RSS_TYPES)
		return -EINVAL;
	return i40e_rss_apply(dev);
}

int
i40e_rss_hash_get(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf)
{
	const struct i40e_port *port = i40e_port_of(dev);
	const struct wanted all = what_is_wanted(port);

	if (conf->rss_key != NULL && conf->rss_key_len >= I40E_RSS_KEY) {
		memcpy(conf->rss_key, port->rss_key, I40E_RSS_KEY);
		if (all.key != NULL)
			memcpy(conf->rss_key, all.key, all.key_length);
		conf->rss_key_len = I40E_RSS_KEY;
	}
	conf->rss_hf = all.types;
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
	write_lut(port, usable(dev, what_is_wanted(port).table));
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
