// SPDX-License-Identifier: BSD-3-Clause

import { basics } from './basics.mjs';
import { ethdev } from './ethdev.mjs';
import { event } from './event.mjs';
import { i40e } from './i40e.mjs';
import { lpm } from './lpm.mjs';
import { pool } from './pool.mjs';
import { ring } from './ring.mjs';
import { tables } from './tables.mjs';
import { threads } from './threads.mjs';

/** The C core, a file for each of its parts. */
export const core = [basics, ethdev, event, i40e, lpm, pool, ring, tables, threads].flat();
