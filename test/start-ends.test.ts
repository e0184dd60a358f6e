// SPDX-License-Identifier: BSD-3-Clause
// Whatever happens to what npm start runs, its parts end: the dataplane, the clients, their files.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { attach, WdpdkError } from 'wdpdk';
import { describe, expect, it } from 'vitest';
import { root, tempDir } from './support/bed.ts';
import { waitFor } from './support/wait.ts';

const cli = path.join(root, 'ts-client/dist/cli/main.js');
const instance = `start-ends-${process.pid}`;

function demo(options: { ipc?: boolean } = {}) {
  const temporary = tempDir();
  const child = execa(process.execPath, [cli, 'start', '--instance', instance], {
    reject: false,
    stdin: 'ignore',
    env: { TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    ...(options.ipc ? { ipc: true } : {}),
  });
  let printed = '';
  child.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
  const running = waitFor(() => /port 1 rx/.test(printed), { what: 'the first rates', timeoutMs: 30_000 });
  return { child, running, temporary };
}

/** The processes of dataplane and clients. */
async function parts(): Promise<{ dataplane: number; clients: number[] }> {
  const client = await attach({ instance });
  const report = await client.report();
  await client.close();
  const clients = report.clients.filter((c) => /^demo-/.test(c.name)).map((c) => c.pid);
  expect(clients).toHaveLength(2);
  return { dataplane: client.pid, clients };
}

const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('what npm start runs', () => {
  it('ends when the process that started it is gone, and leaves no file', async () => {
    const { child, running, temporary } = demo({ ipc: true });
    await running;
    const { dataplane, clients } = await parts();
    child.disconnect();
    const { exitCode, stderr } = await child;
    expect(exitCode, stderr).toBe(0);
    await waitFor(() => [dataplane, ...clients].every(gone), { what: 'the end of dataplane and clients' });
    expect(fs.readdirSync(temporary)).toEqual([]);
  });

  it('ends at once, with one message, when its dataplane is killed', async () => {
    const { child, running } = demo();
    await running;
    const { dataplane, clients } = await parts();
    const killed = performance.now();
    process.kill(dataplane, 'SIGKILL');
    const { exitCode, stderr } = await child;
    expect(exitCode).toBe(1);
    expect(performance.now() - killed, 'not by the 5 s after which clients are killed').toBeLessThan(4500);
    expect(stderr).toMatch(/the dataplane ended/);
    await waitFor(() => clients.every(gone), { what: 'the end of the clients' });
  });

  it('says that a client died, and carries on', async () => {
    const { child, running } = demo({ ipc: true });
    await running;
    const { clients } = await parts();
    let said = '';
    child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
    process.kill(clients[0]!, 'SIGKILL');
    await waitFor(() => /demo-(receive|inject) ended/.test(said), { what: 'word of the client' });
    child.disconnect();
    const { exitCode, stderr } = await child;
    expect(exitCode, stderr).toBe(0);
    await expect(attach({ instance })).rejects.toSatisfy((error) => WdpdkError.is(error, 'WDPDK_E_NOT_FOUND'));
  });
});
