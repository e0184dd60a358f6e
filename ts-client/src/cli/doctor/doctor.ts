// SPDX-License-Identifier: BSD-3-Clause
//
// `wdpdk doctor`: would wdpdk work here, and if not, what to do. It changes nothing.
import { type Command } from 'commander';
import { isWindows } from 'shared-memory-ipc';
import { VERSION } from '../../version.ts';
import { print } from '../say.ts';
import { type Check, type System, fail, messageOf } from './check.ts';
import { executable, isolation, mapping, memory, node, platform, processor } from './checks.ts';

async function diagnose(): Promise<Check[]> {
  const first = [node(), platform()];
  // Without koffi there is neither of the two.
  const system = await loadSystem();
  if ('status' in system) return [...first, system, await executable()];
  return [
    ...first,
    await executable(),
    mapping(system),
    processor(system),
    memory(),
    system.pages(),
    system.runFolder(),
    ...system.permissions(),
    isolation,
  ];
}

async function loadSystem(): Promise<System | Check> {
  try {
    return isWindows ? (await import('./windows.ts')).windows : (await import('./linux.ts')).linux;
  } catch (error) {
    return fail(
      'koffi',
      `its native part does not load: ${messageOf(error)}`,
      "Install again, with npm's --include=optional",
    );
  }
}

export async function runDoctor({ json }: { json?: boolean }): Promise<number> {
  const checks = await diagnose();
  const well = checks.every(({ status }) => status !== 'fail');
  if (json) {
    print(JSON.stringify({ version: VERSION, ok: well, checks }));
  } else {
    for (const { name, status, message, remedy } of checks) {
      print(`${status.padEnd(5)} ${name}: ${message}`);
      if (remedy !== undefined) print(`      -> ${remedy}`);
    }
    print(well ? 'wdpdk works here.' : 'wdpdk does not work here until what fails is mended.');
  }
  return well ? 0 : 1;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say whether wdpdk works on this machine, and what to do if not; changes nothing')
    .option('--json', 'one JSON object: {version, ok, checks: [{name, status, message, remedy?}]}')
    .addHelpText('after', '\nExit code: 0 when nothing required fails (warnings are no failure), else 1.')
    .action(async (options: { json?: boolean }) => {
      process.exitCode = await runDoctor(options);
    });
}
