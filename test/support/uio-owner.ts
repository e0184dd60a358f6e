// SPDX-License-Identifier: BSD-3-Clause
// An owner of a card of wdpdkuio.sys, as a dataplane is one: by the contract (uio-driver/include/wdpdk_uio.h), no more than a test needs.
import koffi from 'koffi';

const VERSION = 1;
const code = (fn: number): number => ((0x8d70 << 16) | (3 << 14) | (fn << 2)) >>> 0;
const DMA_ALLOC = code(0x904);
const BUS_MASTER = code(0x908);
const READ_WRITE = 0xc0000000;
const OPEN_EXISTING = 3;

export class Owner {
  private readonly kernel = koffi.load('kernel32.dll');
  private readonly control = this.kernel.func(
    'int __stdcall DeviceIoControl(intptr_t handle, uint32_t code, const uint8_t *in, uint32_t ' +
      'inBytes, _Out_ uint8_t *out, uint32_t outBytes, _Out_ uint32_t *got, intptr_t overlapped)',
  );
  private handle: number;

  /** Throws when it has an owner. */
  constructor(path: string) {
    const open = this.kernel.func(
      'intptr_t __stdcall CreateFileW(const char16_t *name, uint32_t access, uint32_t ' +
        'share, intptr_t security, uint32_t how, uint32_t flags, intptr_t model)',
    );
    this.handle = Number(open(path, READ_WRITE, 0, 0, OPEN_EXISTING, 0, 0));
    if (this.handle === -1) throw new Error(`${path} cannot be owned`);
  }

  private ask(what: number, input: Buffer, reply: number): boolean {
    input.writeUInt32LE(input.length, 0);
    input.writeUInt32LE(VERSION, 4);
    return Number(this.control(this.handle, what, input, input.length, Buffer.alloc(reply), reply, [0], 0)) !== 0;
  }

  /** DMA memory, in whole chunks of 2 MiB. */
  allocate(bytes: number): boolean {
    const input = Buffer.alloc(40);
    input.writeBigUInt64LE(BigInt(bytes), 8);
    input.writeInt32LE(-1, 16);
    return this.ask(DMA_ALLOC, input, 56 + 8 * Math.ceil(bytes / 2 ** 21));
  }

  busMaster(on: boolean): void {
    const input = Buffer.alloc(24);
    input.writeUInt32LE(Number(on), 8);
    if (!this.ask(BUS_MASTER, input, 24)) throw new Error('bus mastering was not changed');
  }

  close(): void {
    if (this.handle === -1) return;
    this.kernel.func('int __stdcall CloseHandle(intptr_t handle)')(this.handle);
    this.handle = -1;
  }
}
