// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk/testing`: a bed of emulated ports for vitest. Needs vitest 4.
/// <reference lib="esnext.disposable" preserve="true" />
/// <reference types="node" preserve="true" />
export { type Bed, type BedOptions, openBed, type SettleOptions } from './bed.ts';
export type { Counted } from './balance.ts';
export { decode, type DecodedFrame, type FrameFields } from './decode.ts';
export type { FaultCounts, Faults } from './faults.ts';
export { bed } from './fixture.ts';
export { hexdump } from './hexdump.ts';
export { type FrameExpectation, matchers, type NothingOptions, type ReceiveMatcherOptions } from './matchers.ts';
export type { BedPort, ReceivedFrame, ReceiveOptions, WireFaults } from './port.ts';
export { openXl710, type Xl710, type Xl710Options } from './xl710.ts';
export { frame, parse } from '../packet/build.ts';
export type { FrameSpec } from '../packet/build-types.ts';
