// SPDX-License-Identifier: BSD-3-Clause
//
// Memory and cores: large pages, processor groups, reserved CPU sets, the power plan.
import { type Finding, info, mebibytes, ok, ranges, warn } from '../../doctor/finding.ts';
import type { Machine } from './machine.ts';

const GROUP_CORES = 64;

function pages(machine: Machine): Finding {
  const bytes = machine.largePageBytes();
  if (bytes > 0) return ok('pages', `large pages of ${mebibytes(bytes)} each, for users who may lock pages in memory`);
  return warn(
    'pages',
    'this system has no large pages; plain pages are used, which cost speed',
    'Nothing to do on this system; memory for cards comes from wdpdkuio all the same',
  );
}

function privilege(machine: Machine): Finding {
  const id = 'privilege';
  if (machine.holdsPrivilege('SeLockMemoryPrivilege')) return ok(id, 'this user has SeLockMemoryPrivilege');
  return warn(
    id,
    'this user has no SeLockMemoryPrivilege: no large pages',
    "In secpol.msc, Local Policies, User Rights Assignment, add the user to 'Lock pages in memory', then log on again",
  );
}

const elevated = (machine: Machine): Finding =>
  machine.administrator()
    ? ok('privilege.administrator', 'an administrator, elevated: may bind cards and open those of wdpdkuio')
    : info(
        'privilege.administrator',
        'not an elevated administrator: may not bind cards, and opens those of wdpdkuio only as a member of the group it names',
      );

function groups(machine: Machine): Finding[] {
  const id = 'cores.groups';
  const counts = machine.processorGroups();
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  if (counts.length === 1) return [ok(id, `${total} logical processors, in one group`)];
  const text =
    `${total} logical processors in ${counts.length} groups (${counts.join(' + ')}): ` +
    `lcores of a list by -l count through all groups, ${GROUP_CORES} at most each`;
  return [info(id, text)];
}

/** CPU sets that other work is kept off: what isolcpus is on Linux. */
function isolated(machine: Machine): Finding[] {
  const id = 'cores.isolated';
  const sets = machine.cpuSets();
  if (sets.length === 0) return [];
  const reserved = sets
    .filter(({ allocated, realTime }) => allocated || realTime)
    .map(({ group, core }) => group * GROUP_CORES + core);
  const parked = sets.filter((set) => set.parked).length;
  const found =
    parked === 0
      ? []
      : [
          warn(
            'cores.parked',
            `${parked} logical processors are parked`,
            'Choose a power plan that does not park cores (powercfg /setactive SCHEME_MIN)',
          ),
        ];
  if (reserved.length > 0)
    return [ok(id, `reserved CPU sets: ${ranges(reserved)} (give them to the dataplane by -l)`), ...found];
  const text = 'no CPU set is reserved: the scheduler puts other work beside polling cores';
  const hint =
    sets.length < 4
      ? ''
      : '; for the lowest latency reserve some (ReservedCpuSets below ' +
        'Control\\Session Manager\\kernel, then a restart), and give them by -l';
  return [info(id, `${text}${hint}`), ...found];
}

const PLANS: Readonly<Record<string, readonly [string, boolean]>> = {
  '{8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c}': ['High performance', true],
  '{e9a42b02-d5df-448d-aa00-03f14749eb61}': ['Ultimate Performance', true],
  '{381b4222-f694-41f0-9685-ff5bb260df2e}': ['Balanced', false],
  '{a1841308-3541-4fab-bc81-f71556f20b4a}': ['Power saver', false],
};

function power(machine: Machine): Finding[] {
  const id = 'cores.power';
  const plan = machine.powerPlan();
  if (plan === undefined) return [info(id, 'the power plan is not known')];
  const [name, fast] = PLANS[plan] ?? [`a plan of its own, ${plan}`, undefined];
  if (fast === undefined) return [info(id, `power plan: ${name}`)];
  if (fast) return [ok(id, `power plan: ${name}`)];
  return [
    warn(
      id,
      `power plan: ${name}; cores slow down between bursts`,
      'powercfg /setactive SCHEME_MIN (High performance)',
    ),
  ];
}

export const coreFindings = (machine: Machine): Finding[] => [
  pages(machine),
  privilege(machine),
  elevated(machine),
  ...groups(machine),
  ...isolated(machine),
  ...power(machine),
];
