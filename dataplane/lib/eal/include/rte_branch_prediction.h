/* SPDX-License-Identifier: BSD-3-Clause
 *
 * likely() and unlikely().
 */
#ifndef _RTE_BRANCH_PREDICTION_H_
#define _RTE_BRANCH_PREDICTION_H_

#include <wdpdk_compiler.h>

#endif
