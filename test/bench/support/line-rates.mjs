// SPDX-License-Identifier: BSD-3-Clause

/** Frames a second, in millions, of a wire with `gbps`: eight bytes of preamble and a gap of twelve go with each frame. */
export const lineRate = (gbps, bytes) => (gbps * 1e3) / ((bytes + 20) * 8);

/** What stands beside figures on the device model. */
export const lineRates = `40 Gbit/s are ${lineRate(40, 64).toFixed(1)} Mpps of 64 bytes, of which a real XL710 does about 37`;
