// SPDX-License-Identifier: BSD-3-Clause

/** Ethernet, of the link types that both file formats share. */
export const LINKTYPE_ETHERNET = 1;

/** Where frames of a capture came from or went to. */
export interface CaptureInterface {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Default: Ethernet, 1. */
  readonly linkType?: number | undefined;
  /** Longer frames were cut to so many bytes. Default 0: none were. */
  readonly snaplen?: number | undefined;
  /** `xx:xx:xx:xx:xx:xx` */
  readonly mac?: string | undefined;
  readonly bitsPerSecond?: bigint | undefined;
  /** What frames had to match, as text. */
  readonly filter?: string | undefined;
}

/** What is said of one frame beside its bytes. */
export interface FrameInfo {
  /** Nanoseconds since 1970 UTC. */
  readonly timestampNs: bigint;
  /** Number of the interface. Default 0. */
  readonly interface?: number | undefined;
  /** Bytes the frame had on the wire. Default: those there are. */
  readonly wireLength?: number | undefined;
  readonly direction?: 'in' | 'out' | undefined;
  readonly comment?: string | undefined;
}

/** A frame out of a capture file. */
export interface CapturedFrame {
  /** Memory of its own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly timestampNs: bigint;
  readonly interface: number;
  readonly linkType: number;
  readonly wireLength: number;
  readonly direction: 'in' | 'out' | undefined;
  readonly comment: string | undefined;
}

/** What became of an interface's frames, for the end of a capture. */
export interface InterfaceStatistics {
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Frames that the interface had for this capture. */
  readonly received: bigint;
  /** Of these, those that could not be captured. */
  readonly dropped: bigint;
  /** Of these, those that are in the file. */
  readonly delivered: bigint;
}
