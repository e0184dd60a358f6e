// SPDX-License-Identifier: BSD-3-Clause
// Debian's unmodified dpdk-testpmd on the device model.
import fs from 'node:fs';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { onTestFinished } from 'vitest';
import { buildDir, system, tempDir } from './bed.ts';
import { address, onCard } from './uio-card.mjs';
import { waitFor } from './wait.ts';

const hugePages = '/dev/hugepages';
const pageCount = '/proc/sys/vm/nr_hugepages';
const pagesWanted = 192;
const prompt = 'testpmd> ';

const meminfo = (name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(fs.readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0);

/** Whether the system gives as many as are wanted: tried, and what was is restored. */
function canReservePages(): boolean {
  const lacking = pagesWanted - meminfo('HugePages_Free');
  if (lacking <= 0) return true;
  const before = fs.readFileSync(pageCount, 'utf8').trim();
  try {
    fs.writeFileSync(pageCount, String(Number(before) + lacking));
    const enough = meminfo('HugePages_Free') >= pagesWanted;
    fs.writeFileSync(pageCount, before);
    return enough;
  } catch {
    return false; // in a container, where the system's settings cannot be written
  }
}

/** Why testpmd cannot be run on a model here, or undefined when it can. */
export function whyNoTestpmd(): string | undefined {
  if (system !== 'linux') return "dpdk-testpmd and physical addresses are Linux's";
  if (process.getuid?.() !== 0) return 'needs root, for physical addresses and a mount namespace';
  if (execaSync('which', ['dpdk-testpmd'], { reject: false }).failed)
    return 'needs dpdk-testpmd (apt-get install dpdk)';
  const { failed, stderr } = execaSync('unshare', ['-m', 'true'], { reject: false });
  if (failed) return `needs to make mount namespaces, which fails here: ${stderr}`;
  if (meminfo('Hugepagesize') !== 2048) return 'needs huge pages of 2 MiB';
  if (!canReservePages()) return `needs ${pagesWanted} huge pages of 2 MiB, which cannot be reserved`;
  return undefined;
}

/** Has enough huge pages free, and hugetlbfs mounted; the function that it returns restores what was. */
export function borrowHugePages(): () => void {
  const before = fs.readFileSync(pageCount, 'utf8').trim();
  const lacking = pagesWanted - meminfo('HugePages_Free');
  if (lacking > 0) fs.writeFileSync(pageCount, String(Number(before) + lacking));
  const mounted = fs.readFileSync('/proc/mounts', 'utf8').includes(` ${hugePages} hugetlbfs `);
  if (!mounted) {
    fs.mkdirSync(hugePages, { recursive: true });
    execaSync('mount', ['-t', 'hugetlbfs', 'hugetlbfs', hugePages]);
  }
  if (meminfo('HugePages_Free') < pagesWanted)
    throw new Error(`only ${meminfo('HugePages_Free')} of ${pagesWanted} huge pages could be reserved`);
  return () => {
    if (!mounted) execaSync('umount', [hugePages], { reject: false });
    if (lacking > 0) fs.writeFileSync(pageCount, before);
  };
}

/** Arguments of the model for a driver that uses physical addresses. */
export const physicalMemory = ['--dma-hugetlbfs', hugePages];

export interface Testpmd {
  readonly pid: number;
  /** All it has said so far. */
  readonly output: string;
  /** One command; what it prints until it asks for the next. */
  command(line: string): Promise<string>;
  /** Waits until its output, from now on or since the last command, matches. */
  says(what: RegExp): Promise<RegExpExecArray>;
  /** `quit`; resolves with its exit code. */
  quit(): Promise<number | undefined>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Without buffers, so that what it says stands in the order in which it is said; a second library goes beside stdbuf's. */
const unbuffered = (exact: boolean): string[] =>
  exact ? ['stdbuf', '-o0', 'bash', '-c', 'LD_PRELOAD="$LD_PRELOAD:$TRAPS" exec "$@"', 'bash'] : ['stdbuf', '-o0'];

let started = 0;

export interface TestpmdOptions {
  /** Its loads and stores of control registers are trapped and done by the model, which has --exact. */
  readonly exact?: boolean;
}

/** Starts testpmd on the model whose BAR0 is the file `bar`; resolves at its first prompt. `options` are testpmd's own. */
export async function startTestpmd(
  bar: string,
  options: readonly string[] = [],
  { exact = false }: TestpmdOptions = {},
): Promise<Testpmd> {
  const prefix = `wdpdk-${process.pid}-${started++}`;
  const eal = ['-l', '0-1', '-m', '192', '--file-prefix', prefix, '-a', address];
  const own = ['-i', '--total-num-mbufs=16384', ...options];
  const card = onCard(tempDir(), bar, [...unbuffered(exact), 'dpdk-testpmd', ...eal, '--', ...own]);
  const child = execa(card.command, card.args, {
    env: {
      ...card.env,
      ...(exact ? { TRAPS: path.join(buildDir, 'wdpdk-xl710-exact.so'), WDPDK_XL710_EXACT: bar } : {}),
    },
    reject: false,
    buffer: false,
    stdin: 'pipe',
  });
  let output = '';
  let mark = 0;
  let exit: { code: number | undefined } | undefined;
  // eslint-disable-next-line no-control-regex -- testpmd's line editor writes escape sequences
  const take = (text: Buffer): void => void (output += text.toString('latin1').replace(/\x1b\[[0-9;]*[A-Za-z]/g, ''));
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = child.then(({ exitCode }) => {
    exit = { code: exitCode };
    return exitCode;
  });
  const alive = (): void => {
    if (exit) throw new Error(`testpmd ended with ${exit.code}: ${output.slice(-3000)}`);
  };
  const nextPrompt = async (): Promise<string> => {
    await waitFor(
      () => {
        alive();
        return output.length > mark && output.endsWith(prompt);
      },
      { timeoutMs: 60_000, what: "testpmd's prompt" },
    ).catch((cause: unknown) => {
      throw new Error(`no prompt after ${output.slice(-3000)}`, { cause });
    });
    return output.slice(mark);
  };
  const kill = async (): Promise<void> => {
    if (!exit) child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(async () => {
    await kill();
    for (const name of fs.readdirSync(hugePages))
      if (name.startsWith(`${prefix}map_`)) fs.rmSync(path.join(hugePages, name), { force: true });
    fs.rmSync(path.join('/var/run/dpdk', prefix), { recursive: true, force: true });
  });
  await nextPrompt();
  return {
    pid: child.pid!,
    get output() {
      return output;
    },
    command: (line) => {
      mark = output.length;
      child.stdin.write(`${line}\n`);
      // The line comes back as it was typed, with a prompt of its own behind it only when the command is done.
      return nextPrompt();
    },
    says: (what) =>
      waitFor(
        () => {
          alive();
          return what.exec(output.slice(mark)) ?? undefined;
        },
        { timeoutMs: 60_000, what: String(what) },
      ),
    quit: async () => {
      child.stdin.write('quit\n');
      return ended;
    },
    kill,
  };
}
