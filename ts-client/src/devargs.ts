// SPDX-License-Identifier: BSD-3-Clause
//
// From ports as users describe them to DPDK's device arguments.
import { WdpdkError } from 'shared-memory-ipc';

export type PortSpec =
  | {
      /** A port on capture files: frames come from `rx` (classic pcap or pcapng), sent frames go to `tx` (pcap). */
      readonly pcap: {
        readonly rx?: string;
        readonly tx?: string;
        /** Begin again at the end of `rx`. */ readonly loop?: boolean;
        /** Frames a second; default: as fast as they are taken. */ readonly pps?: number;
      };
    }
  | { /** Receives empty buffers, swallows what is sent. */ readonly null: true }
  | { /** A `--vdev` argument as it is. */ readonly devargs: string };

/** Commas end a device argument and percent signs begin an escape, so a file's name may hold neither as it is. */
export const escapePath = (path: string): string => path.replaceAll('%', '%25').replaceAll(',', '%2C');

function devargsOf(spec: PortSpec, position: number): string {
  if ('devargs' in spec) return spec.devargs;
  if ('null' in spec) return `net_null${position}`;
  const { rx, tx, loop, pps } = spec.pcap;
  if (rx === undefined && tx === undefined)
    throw new WdpdkError('WDPDK_E_ARGUMENT', 'a pcap port needs a file to receive from or to send to', {
      object: `ports[${position}]`,
      remedy: 'Give rx, tx or both',
    });
  const parts = [`net_pcap${position}`];
  if (rx !== undefined) parts.push(`rx_pcap=${escapePath(rx)}`);
  if (tx !== undefined) parts.push(`tx_pcap=${escapePath(tx)}`);
  if (loop) parts.push('infinite_rx=1');
  if (pps !== undefined) parts.push(`rx_pps=${pps}`);
  return parts.join(',');
}

/** EAL arguments that create the ports, in order: the first is port 0. */
export const vdevArguments = (ports: readonly PortSpec[]): string[] =>
  ports.map((spec, position) => `--vdev=${devargsOf(spec, position)}`);
