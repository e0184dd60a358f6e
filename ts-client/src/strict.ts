// SPDX-License-Identifier: BSD-3-Clause

/**
 * Whether packets and slots are fresh objects in each burst and batch, so that one kept too long is always found out: under
 * vitest, and on request (WDPDK_STRICT=1).
 */
export const strict = (): boolean =>
  process.env['WDPDK_STRICT'] === '1' || (process.env['VITEST'] === 'true' && process.env['WDPDK_STRICT'] !== '0');
