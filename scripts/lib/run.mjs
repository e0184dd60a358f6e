// SPDX-License-Identifier: BSD-3-Clause
// Running programs: one line of progress each, the whole output in .cache/logs, its end shown when it failed.
// Ctrl-C reaches every child and every clean-up before we leave.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { logs } from './paths.mjs';
import { whenStartersAreGone } from './starters.mjs';

/** An error whose message is all the user needs; `exitCode` as in sysexits (69: something that must be installed is missing). */
export class UserError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const children = new Set();
const cleanups = new Set();
let interrupted = false;

/** Register something that must happen even on Ctrl-C. Returns the function that does it now (once). */
export function onExit(action) {
  const once = () => {
    if (cleanups.delete(once)) action();
  };
  cleanups.add(once);
  return once;
}

function runCleanups() {
  for (const cleanup of [...cleanups].reverse()) {
    try {
      cleanup();
    } catch (error) {
      console.error(`clean-up failed: ${error.message}`);
    }
  }
}

function interrupt(signal) {
  const exitCode = signal === 'SIGINT' ? 130 : 143;
  if (interrupted) {
    for (const child of children) child.kill('SIGKILL');
    process.exit(exitCode);
  }
  interrupted = true;
  clearLine();
  const leave = () => {
    runCleanups();
    process.exit(exitCode);
  };
  if (children.size === 0) return leave();
  // On a terminal the children have had the same Ctrl-C; a second one does no harm to compilers and test runners.
  for (const child of children) child.kill(signal);
  const timer = setInterval(() => children.size === 0 && leave(), 20);
  setTimeout(() => {
    clearInterval(timer);
    for (const child of children) child.kill('SIGKILL');
    leave();
  }, 5000);
}

/** Progress goes to stderr: stdout belongs to the command's own output (`npm start -- --json | jq`). */
const tty = process.stderr.isTTY === true;
let lineShown = false;

function clearLine() {
  if (lineShown) process.stderr.write('\r\x1b[2K');
  lineShown = false;
}

function showLine(text) {
  if (!tty) return;
  const width = (process.stderr.columns ?? 80) - 1;
  process.stderr.write(`\r\x1b[2K${text.slice(0, width)}`);
  lineShown = true;
}

export function say(text) {
  clearLine();
  console.error(text);
}

/** Run `action` as one line of progress: what, and how long it took. */
export async function step(title, action) {
  const start = performance.now();
  if (tty) showLine(`… ${title}`);
  else console.error(`- ${title}`);
  const result = await action((detail) => showLine(`… ${title}: ${detail}`));
  const seconds = (performance.now() - start) / 1000;
  if (tty || seconds >= 1) say(`${tty ? '✓' : ' '} ${title} (${seconds.toFixed(1)} s)`);
  return result;
}

/** Remove colours and cursor movements, for logs that are read by people later. */
// eslint-disable-next-line no-control-regex
const plain = (text) => text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');

/**
 * Run a program to its end.
 *   log      name of the file in .cache/logs that gets everything it prints
 *   live     also show the output as it comes
 *   progress called with the last line printed
 *   allowFailure  return the exit code instead of throwing
 * Resolves with { code, output, stdout } (output: stdout and stderr as they came).
 */
export function run(command, args, { cwd, env, log, live = false, progress, allowFailure = false, input } = {}) {
  return new Promise((resolve, reject) => {
    let logStream;
    if (log) {
      fs.mkdirSync(logs, { recursive: true });
      logStream = fs.createWriteStream(path.join(logs, `${log}.log`));
    }
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    children.add(child);
    if (input !== undefined) child.stdin.end(input);
    let output = '';
    let stdout = '';
    const take = (chunk, sink) => {
      const text = chunk.toString();
      logStream?.write(plain(text));
      output = (output + text).slice(-4_000_000);
      if (live) {
        clearLine();
        sink.write(text);
      } else if (progress) {
        const last = plain(text).trimEnd().split('\n').at(-1)?.trim();
        if (last) progress(last);
      }
    };
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      take(chunk, process.stdout);
    });
    child.stderr.on('data', (chunk) => take(chunk, process.stderr));
    child.on('error', (error) => {
      children.delete(child);
      reject(
        error.code === 'ENOENT' ? new UserError(`${command} was not found. Is it installed and in PATH?`, 69) : error,
      );
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      logStream?.end();
      if (interrupted) return;
      const status = code ?? (signal === 'SIGINT' ? 130 : 1);
      if (status === 0 || allowFailure) return resolve({ code: status, output, stdout });
      const tail = live ? '' : `\n${plain(output).trimEnd().split('\n').slice(-40).join('\n')}`;
      const where = log ? `\nThe whole output: .cache/logs/${log}.log` : '';
      reject(new UserError(`${command} ${args.join(' ')} failed (${signal ?? `exit code ${status}`}).${tail}${where}`));
    });
  });
}

/**
 * Run a program that owns the terminal (the demo, sudo). Resolves with its exit code.
 *   tied   the program is ours and ends when its IPC channel closes: when we, or npm before us, were killed outright
 */
export function runInteractive(command, args, { cwd, env, tied = false } = {}) {
  return new Promise((resolve, reject) => {
    clearLine();
    const stdio = tied ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
    if (tied) whenStartersAreGone(() => child.connected && child.disconnect());
    // The child decides when Ctrl-C is done; we only wait for it. A signal sent to us alone is passed on.
    const forward = (signal) => (signal === 'SIGTERM' || process.stdin.isTTY !== true) && child.kill(signal);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const done = (settle) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      settle();
    };
    child.on('error', (error) => done(() => reject(error)));
    child.on('close', (code, signal) => done(() => resolve(code ?? (signal === 'SIGINT' ? 130 : 143))));
  });
}

/** The end of every command: errors for people, clean-ups, exit code. */
export async function main(action) {
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const code = (await action()) ?? 0;
    runCleanups();
    process.exitCode = code;
  } catch (error) {
    clearLine();
    if (interrupted) return;
    runCleanups();
    const wrongArguments = String(error.code).startsWith('ERR_PARSE_ARGS');
    console.error(error instanceof UserError || wrongArguments ? error.message : error);
    process.exitCode = error.exitCode ?? (wrongArguments ? 64 : 1);
  }
}
