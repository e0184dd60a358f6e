// SPDX-License-Identifier: BSD-3-Clause
export * as protocol from './protocol.ts';
export * from './errors.ts';
export { assertPlatform, isWindows, ProcessWatch } from './platform.ts';
export { checkMessagePack } from './msgpack-check.ts';
export { checkForwarding } from './forwarding-check.ts';
export { encodeFrame, FrameDecoder } from './frame.ts';
export { type Area, type Lane, readSegment, type SegmentLayout } from './segment.ts';
export { ConsumerRing, ProducerRing } from './ring.ts';
export { type Params, type RequestOptions, RpcConnection } from './rpc.ts';
export { assertKeys, assertTimeout } from './options.ts';
export { connectStream } from './connect.ts';
export { DEFAULT_INSTANCE, type Endpoint, assertInstanceName, locate, runFolder } from './endpoint.ts';
export { mappedSegments, type Segment } from './memory/mapping.ts';
export { openSegment, readAnnouncement, type SegmentAnnouncement } from './memory/open.ts';
