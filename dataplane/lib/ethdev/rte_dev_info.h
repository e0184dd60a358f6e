/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Raw register and EEPROM access of a device: the shapes that a driver's get_reg/get_eeprom operations exchange.
 */
#ifndef WDPDK_RTE_DEV_INFO_H
#define WDPDK_RTE_DEV_INFO_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A register dump. With data NULL the driver only reports length (registers) and width (bytes each). */
struct rte_dev_reg_info {
	void *data;       /**< The caller's buffer. */
	uint32_t offset;  /**< First register. */
	uint32_t length;  /**< Registers in the dump. */
	uint32_t width;   /**< Bytes of one register. */
	uint32_t version; /**< Device version, driver's own numbering. */
};

/** A piece of the device's EEPROM. */
struct rte_dev_eeprom_info {
	void *data;      /**< The caller's buffer, length bytes. */
	uint32_t offset; /**< First byte. */
	uint32_t length; /**< Bytes. */
	uint32_t magic;  /**< Key that a write must carry. */
};

/** What kind of pluggable module sits in the cage and how much EEPROM it has. */
struct rte_eth_dev_module_info {
	uint32_t type;       /**< One of RTE_ETH_MODULE_SFF_*. */
	uint32_t eeprom_len; /**< Bytes. */
};

#define RTE_ETH_MODULE_SFF_8079 0x1
#define RTE_ETH_MODULE_SFF_8079_LEN 256
#define RTE_ETH_MODULE_SFF_8472 0x2
#define RTE_ETH_MODULE_SFF_8472_LEN 512
#define RTE_ETH_MODULE_SFF_8636 0x3
#define RTE_ETH_MODULE_SFF_8636_LEN 256
#define RTE_ETH_MODULE_SFF_8636_MAX_LEN 640
#define RTE_ETH_MODULE_SFF_8436 0x4
#define RTE_ETH_MODULE_SFF_8436_LEN 256
#define RTE_ETH_MODULE_SFF_8436_MAX_LEN 640

#ifdef __cplusplus
}
#endif

#endif
