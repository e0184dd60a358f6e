// SPDX-License-Identifier: BSD-3-Clause
//
// Cores: who else runs on them, and how fast they may go.
import { type Finding, info, numbersOf, ok, ranges, warn } from '../../doctor/finding.ts';
import type { Machine } from './machine.ts';

const CPU = '/sys/devices/system/cpu';

function allowed(machine: Machine): Finding[] {
  const id = 'cores.allowed';
  const online = numbersOf(machine.text(`${CPU}/online`) ?? '');
  const mine = numbersOf(/^Cpus_allowed_list:\s*(\S+)/m.exec(machine.text('/proc/self/status') ?? '')?.[1] ?? '');
  if (online.length === 0 || mine.length === 0) return [];
  const usable = online.filter((core) => mine.includes(core));
  if (usable.length === online.length) return [ok(id, `all ${online.length} cores (${ranges(online)})`)];
  return [info(id, `cores ${ranges(usable)} of ${ranges(online)}: a cpuset or taskset leaves the others out`)];
}

function isolated(machine: Machine): Finding {
  const id = 'cores.isolated';
  const lone = numbersOf(machine.text(`${CPU}/isolated`) ?? '');
  const tickless = numbersOf(machine.text(`${CPU}/nohz_full`) ?? '');
  const callbacks = /\brcu_nocbs=(\S+)/.exec(machine.text('/proc/cmdline') ?? '')?.[1];
  const total = numbersOf(machine.text(`${CPU}/online`) ?? '').length;
  if (lone.length === 0) {
    const text = 'no core is isolated: the scheduler puts other work beside polling cores';
    // Where there is nothing to give away, or nobody asked for the last microsecond, that is no defect.
    if (total < 4) return info(id, `${text} (with ${total} cores there are none to spare)`);
    const cores = `1-${Math.min(3, total - 1)}`;
    return info(
      id,
      `${text}; for the lowest latency boot with isolcpus=${cores} nohz_full=${cores} rcu_nocbs=${cores}, and give them by -l`,
    );
  }
  const ticking = lone.filter((core) => !tickless.includes(core));
  const text = `cores ${ranges(lone)} are isolated (give them to the dataplane by -l)`;
  if (ticking.length > 0)
    return warn(
      id,
      `${text}, but the timer interrupts ${ranges(ticking)}`,
      `Boot with nohz_full=${ranges(lone)}${callbacks === undefined ? ` rcu_nocbs=${ranges(lone)}` : ''}, too`,
    );
  return ok(id, `${text}, without timer ticks`);
}

function governor(machine: Machine): Finding[] {
  const found = new Set(
    machine
      .list(CPU)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => machine.text(`${CPU}/${name}/cpufreq/scaling_governor`))
      .filter((text) => text !== undefined),
  );
  if (found.size === 0) return [];
  const text = `frequency governor: ${[...found].join(', ')}`;
  if (found.size === 1 && found.has('performance')) return [ok('cores.power', text)];
  return [
    warn('cores.power', `${text}: cores slow down between bursts`, "As root: 'cpupower frequency-set -g performance'"),
  ];
}

export const coreFindings = (machine: Machine): Finding[] => [
  ...allowed(machine),
  isolated(machine),
  ...governor(machine),
];
