// SPDX-License-Identifier: BSD-3-Clause
//
// Transport headers of a packet; the rules are those of views.ts.
import { answerEcho } from './answers.ts';
import { write16 } from './checksum.ts';
import type { PacketView } from './packet.ts';
import type { Icmp, Tcp, Udp } from './types.ts';

const TRANSPORT = { header: false, transport: true };

abstract class Transport {
  protected readonly p: PacketView;
  constructor(packet: PacketView) {
    this.p = packet;
  }
  protected u16(offset: number): number {
    return this.p.memory.view.getUint16(this.p.headers().l4 + offset);
  }
}

abstract class Ports extends Transport {
  get srcPort(): number {
    return this.p.memory.view.getUint16(this.p.headers().l4);
  }
  set srcPort(port: number) {
    this.put(0, port);
  }
  get dstPort(): number {
    return this.p.memory.view.getUint16(this.p.headers().l4 + 2);
  }
  set dstPort(port: number) {
    this.put(2, port);
  }
  swap(): void {
    const at = this.p.headers().l4;
    const { view } = this.p.memory;
    const ports = view.getUint32(at);
    view.setUint32(at, (ports << 16) | (ports >>> 16));
  }
  private put(offset: number, port: number): void {
    const headers = this.p.headers();
    write16(this.p.memory, headers, this.p.end(), headers.l4 + offset, port & 0xffff, TRANSPORT);
  }
}

export class UdpView extends Ports implements Udp {
  get length(): number {
    return this.u16(4);
  }
  get checksum(): number {
    return this.u16(6);
  }
  get payloadOffset(): number {
    return this.p.headers().l4 + 8 - this.p.live();
  }
}

export class TcpView extends Ports implements Tcp {
  get seq(): number {
    return this.p.memory.view.getUint32(this.p.headers().l4 + 4);
  }
  get ack(): number {
    return this.p.memory.view.getUint32(this.p.headers().l4 + 8);
  }
  get flags(): number {
    return this.p.memory.u8[this.p.headers().l4 + 13]!;
  }
  get window(): number {
    return this.u16(14);
  }
  get checksum(): number {
    return this.u16(16);
  }
  get payloadOffset(): number {
    const { l4 } = this.p.headers();
    return l4 + ((this.p.memory.u8[l4 + 12]! >>> 4) << 2) - this.p.live();
  }
}

export class IcmpView extends Transport implements Icmp {
  get type(): number {
    return this.p.memory.u8[this.p.headers().l4]!;
  }
  get code(): number {
    return this.p.memory.u8[this.p.headers().l4 + 1]!;
  }
  get checksum(): number {
    return this.u16(2);
  }
  reply(): boolean {
    return answerEcho(this.p);
  }
}
