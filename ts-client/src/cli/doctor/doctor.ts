// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk doctor`: would wdpdk work here, and if not, what to do. It changes nothing.
import { type Command } from 'commander';
import { VERSION } from '../../version.ts';
import { print } from '../say.ts';
import { loadSystem } from '../system/load.ts';
import type { System } from '../system/system.ts';
import { anyCard, cardFindings } from './cards.ts';
import { executable, isolation, mapping, memory, node, platform, processor } from './checks.ts';
import { type Finding, fail, messageOf } from './finding.ts';

/** Of the JSON; ts-client/doctor.schema.json describes it. Grows when something in it changes its meaning. */
const SCHEMA = 1;

export interface Diagnosis {
  readonly schema: typeof SCHEMA;
  readonly version: string;
  readonly system: 'linux' | 'windows' | 'unknown';
  /** Nothing fails: wdpdk works, at least with ports that need no card. */
  readonly ok: boolean;
  /** A network card could be used now. */
  readonly cards: boolean;
  readonly findings: readonly Finding[];
}

/** What a system says of itself; a part that cannot be read is a finding, not the end of the others. */
export function machineFindings(system: System): Finding[] {
  const devices = system.devices();
  const cards = devices.flatMap((device) => [...cardFindings(device), ...system.deviceFindings(device)]);
  return [...system.findings(), anyCard(devices), ...cards];
}

export function verdict(system: Diagnosis['system'], findings: readonly Finding[]): Diagnosis {
  return {
    schema: SCHEMA,
    version: VERSION,
    system,
    ok: findings.every(({ level }) => level !== 'fail'),
    // One card's trouble does not stand in the way of another.
    cards: findings.every(
      ({ level, blocks, object }) => level !== 'fail' && (blocks === undefined || object !== undefined),
    ),
    findings,
  };
}

async function diagnose(): Promise<Diagnosis> {
  const first = [node(), platform()];
  const executableFinding = executable();
  let system: System;
  try {
    system = await loadSystem();
  } catch (error) {
    // Without koffi there is none.
    const koffi = fail(
      'koffi',
      `its native part does not load: ${messageOf(error)}`,
      "Install again, with npm's --include=optional",
    );
    return verdict('unknown', [...first, koffi, await executableFinding]);
  }
  const machine = [mapping(system), processor(system), memory(), ...machineFindings(system), isolation];
  return verdict(system.name, [...first, await executableFinding, ...machine]);
}

function show({ ok, cards, findings }: Diagnosis): void {
  for (const { id, level, text, remedy, object } of findings) {
    print(`${level.padEnd(5)} ${id}${object === undefined ? '' : ` ${object}`}: ${text}`);
    if (remedy !== undefined) print(`      -> ${remedy}`);
  }
  if (!ok) print('wdpdk does not work here until what fails is mended.');
  else print(cards ? 'wdpdk works here, with network cards.' : 'wdpdk works here; network cards cannot be used yet.');
}

export interface DoctorOptions {
  readonly json?: boolean;
  readonly cards?: boolean;
}

export async function runDoctor(options: DoctorOptions): Promise<number> {
  const diagnosis = await diagnose();
  if (options.json) print(JSON.stringify(diagnosis));
  else show(diagnosis);
  return diagnosis.ok && (diagnosis.cards || !options.cards) ? 0 : 1;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say whether wdpdk works on this machine, and what to do if not; changes nothing')
    .option(
      '--json',
      'one JSON object: {schema, version, system, ok, cards, findings: [{id, level, text, remedy?, object?, blocks?}]}',
    )
    .option('--cards', 'network cards are required: exit with 1 as well when none can be used')
    .addHelpText(
      'after',
      `
Levels: ok, info (worth knowing), warn (works, slower or with less), fail (wdpdk does not work).
Exit code: 0 when nothing fails (warnings are no failure), else 1; with --cards 1 also when no network card can be used.
The JSON's shape is in wdpdk/doctor.schema.json. Run it as the user, and with the rights, that the dataplane will have.

  wdpdk doctor
  sudo wdpdk doctor --cards && sudo wdpdk run --port pci:0000:65:00.0
  wdpdk doctor --json | jq -r '.findings[] | select(.remedy) | "\\(.id): \\(.remedy)"'`,
    )
    .action(async (options: DoctorOptions) => {
      process.exitCode = await runDoctor(options);
    });
}
