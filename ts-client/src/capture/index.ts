// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk/capture`: capture files, read (pcap, pcapng) and written (pcapng). Needs no dataplane.
/// <reference types="node" preserve="true" />
export { type FrameSource, PcapngEncoder, type SectionOptions } from './encoder.ts';
export { decodeCapture, readCapture } from './read.ts';
export {
  type CapturedFrame,
  type CaptureInterface,
  type FrameInfo,
  type InterfaceStatistics,
  LINKTYPE_ETHERNET,
} from './types.ts';
export { PcapngWriter } from './writer.ts';
