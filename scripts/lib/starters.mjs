// SPDX-License-Identifier: BSD-3-Clause
// npm runs a script behind a shell, and neither passes on that it was killed: what npm started would live on without anyone.
import fs from 'node:fs';

const lookEveryMs = 250;

export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Name and parent of a process, where /proc says so. */
function about(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S+ (\d+)/s.exec(fs.readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return name === undefined ? undefined : { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** npm, and the shell it put between. Nobody when npm did not start us: a user's shell may go before its jobs. */
function starters() {
  if (process.env.npm_lifecycle_event === undefined) return [];
  const parent = about(process.ppid);
  const behindShell = parent !== undefined && /^(ba|da)?sh$/.test(parent.name);
  return behindShell ? [process.ppid, parent.parent] : [process.ppid];
}

/** Calls `action` once when npm, or the shell between, is gone. Does not keep this process running. */
export function whenStartersAreGone(action) {
  const watched = starters();
  if (watched.length === 0) return;
  const timer = setInterval(() => {
    if (watched.every(alive)) return;
    clearInterval(timer);
    action();
  }, lookEveryMs);
  timer.unref();
}
