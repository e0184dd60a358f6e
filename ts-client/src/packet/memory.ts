// SPDX-License-Identifier: BSD-3-Clause

/** One set of views over one segment: made once per queue, shared by everything that touches its bytes. */
export interface Memory {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly view: DataView;
}

export const memoryOf = (buffer: ArrayBuffer): Memory => ({
  u8: new Uint8Array(buffer),
  i32: new Int32Array(buffer, 0, buffer.byteLength >>> 2),
  view: new DataView(buffer),
});
