// SPDX-License-Identifier: BSD-3-Clause
// A port of the device model, driven by our driver through the public API, packet by packet (i40e_packet_bed).
import path from 'node:path';
import readline from 'node:readline';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { builtProgram, tempDir } from './bed.ts';
import { writePcap } from './pcap.ts';
import { waitFor } from './wait.ts';
import { startModel, type Model } from './xl710-model.ts';

export interface Packet {
  readonly queue: number;
  readonly segments: number;
  /** As 'VLAN_STRIPPED', in the order of their bits. */
  readonly flags: readonly string[];
  /** As 'L2_ETHER L3_IPV4_EXT_UNKNOWN L4_UDP'. */
  readonly type: string;
  readonly hash: number;
  readonly mark: number;
  readonly vlan: number;
  readonly bytes: Buffer;
}

export interface Answer {
  readonly event: string;
  readonly [more: string]: unknown;
}

export interface Port {
  readonly model: Model;
  readonly stderr: string;
  /** One line; its answer. */
  tell(line: string): Promise<Answer>;
  /** The same; throws when it is refused. */
  does(line: string): Promise<Answer>;
  receive(count: number): Promise<Packet[]>;
  /** Ends the program, in good order. */
  end(): Promise<void>;
  /** Ends it; how: a signal's name, or the exit code. */
  quit(): Promise<string | number | undefined>;
}

type Said = Answer & { flags: string; bytes: string };

const packetOf = (said: Said): Packet => ({
  ...(said as unknown as Packet),
  flags: said.flags
    .split(' ')
    .filter(Boolean)
    .map((flag) => flag.replace('RTE_MBUF_F_RX_', '')),
  type: (said as unknown as Packet).type.trim(),
  bytes: Buffer.from(said.bytes, 'hex'),
});

/** `args`: the model's, beside its files; `irq`: the line that both have, or the port alone. */
export async function openPort(
  args: readonly string[],
  irq?: string,
  whose: 'both' | 'port only' = 'both',
): Promise<Port> {
  const memory = tempDir();
  const line = irq === undefined || whose === 'port only' ? [] : ['--irq', irq];
  const model = await startModel(['--dma', memory, ...line, ...args]);
  const program = builtProgram('dataplane', 'drivers', 'net', 'i40e', 'i40e_packet_bed');
  const child = execa(program, [model.bars[0]!, memory, ...(irq === undefined ? [] : [irq])], {
    reject: false,
    buffer: false,
    stdin: 'pipe',
  });
  const answers: Answer[] = [];
  const packets: Packet[] = [];
  let stderr = '';
  let exit: { code: number | undefined; signal: string | undefined } | undefined;
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  readline.createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith('{')) return;
    const said = JSON.parse(text) as Said;
    if (said.event === 'packet') packets.push(packetOf(said));
    else answers.push(said);
  });
  const ended = child.then(({ exitCode, signal }) => (exit = { code: exitCode, signal }));
  onTestFinished(async () => {
    if (!exit) child.kill('SIGKILL');
    await ended;
  });
  const next = (what: string): Promise<Answer> =>
    waitFor(
      () => {
        if (exit && answers.length === 0) throw new Error(`the port's program ended with ${exit.code}: ${stderr}`);
        return answers.shift();
      },
      { timeoutMs: 50_000, what },
    );
  await next('the port');
  const tell = (text: string): Promise<Answer> => {
    child.stdin.write(`${text}\n`);
    return next(`the answer to ${text.slice(0, 60)}`);
  };
  const does = async (text: string): Promise<Answer> => {
    const answer = await tell(text);
    if (answer.event === 'refused') throw new Error(`${text.slice(0, 200)}: ${JSON.stringify(answer)} ${stderr}`);
    return answer;
  };
  return {
    model,
    get stderr() {
      return stderr;
    },
    tell,
    does,
    receive: async (count) => {
      const { packets: got } = await does(`receive ${count}`);
      if (got !== count) throw new Error(`${String(got)} packets of ${count} came`);
      return packets.splice(0);
    },
    quit: async () => {
      child.stdin.write('quit\n');
      await ended;
      return exit?.signal ?? exit?.code;
    },
    end: async () => {
      const { event } = await tell('quit');
      if (event !== 'closed') throw new Error(`the port ends with ${event}`);
      await ended;
      if (exit?.code !== 0) throw new Error(`the port's program ended with ${exit?.code}: ${stderr}`);
    },
  };
}

/** A card whose wire brings these frames when its cable is in. */
export async function bring(frames: readonly Buffer[]): Promise<Port> {
  const file = path.join(tempDir(), 'in.pcap');
  writePcap(file, frames);
  return openPort(['--cable-out', '--wire', `pcap:${file},pps=20000`]);
}

/** Every buffer is back, and the card saw nothing that no driver may do. */
export async function endWell(port: Port): Promise<void> {
  expect(await port.does('stop')).toEqual({ event: 'stopped', missing: 0 });
  await port.end();
  const [counted] = (await port.model.end()).ports;
  expect(counted).toMatchObject({ maliciousTx: 0, maliciousRx: 0, dmaMisses: 0, adminErrors: 0, rxDiscards: 0 });
}
