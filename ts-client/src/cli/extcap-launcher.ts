// SPDX-License-Identifier: BSD-3-Clause
//
// The file in Wireshark's extcap folder: it starts this very installation with this very Node.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { isWindows } from 'shared-memory-ipc';

const main = path.join(import.meta.dirname, 'main.js');

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** In a batch file percent signs begin variables. */
const quotedInBatch = (text: string): string => `"${text.replaceAll('%', '%%')}"`;

export function launcher(): { readonly name: string; readonly text: string } {
  if (isWindows)
    return { name: 'wdpdk.bat', text: `@${quotedInBatch(process.execPath)} ${quotedInBatch(main)} extcap %*\r\n` };
  return { name: 'wdpdk', text: `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(main)} extcap "$@"\n` };
}

/** Where Wireshark looks. On Linux it moved with 4.2. */
function personalFolders(): string[] {
  if (isWindows) return [path.join(process.env['APPDATA'] ?? homedir(), 'Wireshark', 'extcap')];
  const settings = process.env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config');
  return [path.join(homedir(), '.local', 'lib', 'wireshark', 'extcap'), path.join(settings, 'wireshark', 'extcap')];
}

/** Returns the paths of what it made. */
export async function install(folder: string | undefined): Promise<string[]> {
  const { name, text } = launcher();
  const files = (folder === undefined ? personalFolders() : [folder]).map((where) => path.join(where, name));
  for (const file of files) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, 0o755);
  }
  return files;
}
