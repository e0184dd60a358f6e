/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Roles of lcores, for those that change them.
 */
#ifndef EAL_LCORE_PRIVATE_H
#define EAL_LCORE_PRIVATE_H

#include <rte_lcore.h>

/** Only between ROLE_RTE and ROLE_SERVICE. */
void eal_lcore_set_role(unsigned int lcore_id, enum rte_lcore_role_t role);

#endif
