// SPDX-License-Identifier: BSD-3-Clause
//
// What the commands about the machine (doctor, devices, bind, unbind) need of a system. linux/ and windows/ have one each, over a
// small interface of reads (and, of `bind`, writes) of their own, so that every finding is tried on machines that are made up.
import type { Finding } from '../doctor/finding.ts';
import type { NetworkDevice } from './device.ts';

/** One thing that binding or unbinding does, in words; `run` does it and throws what went wrong. */
export interface Step {
  readonly text: string;
  run(): void | Promise<void>;
}

/** Why a card must not be taken away without being told so twice. */
export interface Danger {
  readonly text: string;
}

export interface Plan {
  /** The driver it has now and the one it will have; undefined: none. */
  readonly from?: string;
  readonly to?: string;
  readonly steps: readonly Step[];
  /** Back to what was, as far as it goes, after a step that failed. */
  undo?(): void | Promise<void>;
  /** A restart of the system is needed to finish; known when the steps have run. */
  readonly restart?: () => boolean;
}

export interface System {
  readonly name: 'linux' | 'windows';
  devices(): NetworkDevice[];
  /** What this system's machine has for wdpdk, without the devices. */
  findings(): Finding[];
  /** Of one card, beyond its state: link, firmware, DMA remapping, who may open it. */
  deviceFindings(device: NetworkDevice): Finding[];
  /** Instruction sets that this processor has and the executable may use. */
  cpuFlags(): {
    readonly required: Readonly<Record<string, boolean>>;
    readonly useful: Readonly<Record<string, boolean>>;
  };
  /** Maps memory that is not Node's, writes to it through a view and reads it back beside the view; throws what went wrong. */
  viewForeignMemory(): void;
  /** The drivers that `bind` takes, the preferred first. */
  readonly drivers: readonly string[];
  /** What would be lost with all of these cards together. */
  dangers(devices: readonly NetworkDevice[]): Danger[];
  /** Throws a WdpdkError when it cannot be. */
  planBind(device: NetworkDevice, options: { readonly driver?: string; readonly inf?: string }): Plan;
  planUnbind(device: NetworkDevice): Plan;
}
