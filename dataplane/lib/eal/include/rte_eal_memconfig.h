/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Locks over the lists that libraries share. Not recursive.
 */
#ifndef _RTE_EAL_MEMCONFIG_H_
#define _RTE_EAL_MEMCONFIG_H_

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Over the lists of memory segments: what walks read, and growing, giving back and external memory change. */
void rte_mcfg_mem_read_lock(void);
void rte_mcfg_mem_read_unlock(void);
void rte_mcfg_mem_write_lock(void);
void rte_mcfg_mem_write_unlock(void);
/* Over the tail queues of rte_tailq.h. */
void rte_mcfg_tailq_read_lock(void);
void rte_mcfg_tailq_read_unlock(void);
void rte_mcfg_tailq_write_lock(void);
void rte_mcfg_tailq_write_unlock(void);
/* Over the list of mempools. */
void rte_mcfg_mempool_read_lock(void);
void rte_mcfg_mempool_read_unlock(void);
void rte_mcfg_mempool_write_lock(void);
void rte_mcfg_mempool_write_unlock(void);
/* Over the timer library's shared data. */
void rte_mcfg_timer_lock(void);
void rte_mcfg_timer_unlock(void);
/** Whether the pages of a segment list are pieces of one file, see rte_memseg_get_fd_offset(). */
bool rte_mcfg_get_single_file_segments(void);

#ifdef __cplusplus
}
#endif

#endif
