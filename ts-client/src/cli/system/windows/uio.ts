// SPDX-License-Identifier: BSD-3-Clause
//
// What wdpdkuio.sys says to an observer: INFO and STATUS of uio-driver/include/wdpdk_uio.h (a test holds these numbers to it).
// What comes back is from a driver, and is read all the same as if it were not.

export const UIO_SERVICE = 'wdpdkuio';
export const CONTRACT = 1;
export const UIO_INTERFACE = '{6b1f0c5e-93d7-4c0a-8e52-1d7a40c9b6f3}';

export const IOCTL_INFO = 0x8d702400;
export const IOCTL_STATUS = 0x8d702404;
export const REQUEST_BYTES = 16;
export const INFO_BYTES = 392;
export const STATE_BYTES = 176;

/** Members of wdpdk_uio_info and wdpdk_uio_state, by offset. */
export const INFO_AT = {
  contract: 8,
  flags: 12,
  driver_version: 16,
  vendor: 24,
  device: 26,
  segment: 36,
  bus: 40,
  slot: 41,
  function: 42,
  node: 44,
  dma_quota: 56,
} as const;
export const STATE_AT = {
  state: 8,
  flags: 12,
  owner: 16,
  opens_refused: 48,
  teardowns: 56,
  owner_bytes: 64,
  quarantined_bytes: 72,
  quarantined_blocks: 80,
  last_cause: 96,
  driver_bytes: 136,
} as const;

export const INFO_FLAGS = { COMMON_BUFFER: 1, REMAPPING: 2, TEST_HARDWARE: 4, FLR: 8 } as const;
export const STATE_FLAGS = { BUS_MASTER: 1, UNQUIET: 2, NEEDS_RESET: 4 } as const;
export const STATES = { STOPPED: 0, FREE: 1, OWNED: 2, REMOVED: 3 } as const;

export interface UioInfo {
  readonly contract: number;
  readonly flags: number;
  readonly version: string;
  readonly segment: number;
  readonly bus: number;
  readonly slot: number;
  readonly fn: number;
  readonly node: number;
  readonly quota: number;
}

export interface UioState {
  readonly state: number;
  readonly flags: number;
  /** Process id, 0: nobody. */
  readonly owner: number;
  readonly teardowns: number;
  readonly ownerBytes: number;
  readonly quarantinedBytes: number;
  readonly quarantinedBlocks: number;
  readonly driverBytes: number;
}

/** `error`: what GetLastError said of the open or of the request that failed. */
export interface Observed {
  readonly info?: UioInfo;
  readonly state?: UioState;
  readonly error?: number;
}

/** INFO and STATUS take the same: their size, the contract's version, zeros. */
export function request(): Buffer {
  const bytes = Buffer.alloc(REQUEST_BYTES);
  bytes.writeUInt32LE(REQUEST_BYTES, 0);
  bytes.writeUInt32LE(CONTRACT, 4);
  return bytes;
}

export function readInfo(bytes: Buffer): UioInfo | undefined {
  if (bytes.length < INFO_BYTES || bytes.readUInt32LE(0) < INFO_BYTES) return undefined;
  const version = [0, 2, 4, 6].map((offset) => bytes.readUInt16LE(INFO_AT.driver_version + offset)).join('.');
  return {
    contract: bytes.readUInt32LE(INFO_AT.contract),
    flags: bytes.readUInt32LE(INFO_AT.flags),
    version,
    segment: bytes.readUInt32LE(INFO_AT.segment),
    bus: bytes.readUInt8(INFO_AT.bus),
    slot: bytes.readUInt8(INFO_AT.slot),
    fn: bytes.readUInt8(INFO_AT.function),
    node: bytes.readInt32LE(INFO_AT.node),
    quota: Number(bytes.readBigUInt64LE(INFO_AT.dma_quota)),
  };
}

export function readState(bytes: Buffer): UioState | undefined {
  if (bytes.length < STATE_BYTES || bytes.readUInt32LE(0) < STATE_BYTES) return undefined;
  const wide = (offset: number): number => Number(bytes.readBigUInt64LE(offset));
  return {
    state: bytes.readUInt32LE(STATE_AT.state),
    flags: bytes.readUInt32LE(STATE_AT.flags),
    owner: wide(STATE_AT.owner),
    teardowns: wide(STATE_AT.teardowns),
    ownerBytes: wide(STATE_AT.owner_bytes),
    quarantinedBytes: wide(STATE_AT.quarantined_bytes),
    quarantinedBlocks: wide(STATE_AT.quarantined_blocks),
    driverBytes: wide(STATE_AT.driver_bytes),
  };
}
