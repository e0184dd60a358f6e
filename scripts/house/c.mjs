// SPDX-License-Identifier: BSD-3-Clause
// C: the system is chosen by folder, never by #if; our own code registers through the table, never by constructors.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildDir } from '../lib/paths.mjs';
import { eachLine, isC } from './sources.mjs';

const conditional =
  /^\s*#\s*(if|ifdef|ifndef|elif)\b.*\b(_WIN32|_WIN64|WIN32|__linux__|__unix__|__MINGW\w*|RTE_EXEC_ENV_\w+)\b/;
const inSystemFolder = ({ name }) => /(^|\/)(windows|linux)\//.test(name);
const macros = 'RTE_INIT(_PRIO)?|RTE_FINI(_PRIO)?|RTE_PMD_REGISTER_\\w+|RTE_LOG_REGISTER\\w*';
const constructor = new RegExp(`^\\s*(${macros})\\s*\\(|__attribute__\\s*\\(\\(.*\\b(con|de)structor\\b`);

export function checkC(files) {
  const sources = files.filter(isC);
  const findings = sources
    .filter((file) => !inSystemFolder(file))
    .flatMap((file) =>
      eachLine(file, (line) => conditional.test(line) && 'conditional on the system outside windows/ and linux/'),
    );
  const ours = sources.filter(
    ({ name }) => name.endsWith('.c') && /^(dataplane\/(lib|drivers|app)|shm-protocol)\//.test(name),
  );
  findings.push(
    ...ours
      .filter(({ name }) => !/(^|[/_])test_|_test\.c$|\/tests?\//.test(name))
      .flatMap((file) =>
        eachLine(file, (line) => constructor.test(line) && 'constructor; register in drivers/registry.c'),
      ),
  );
  return [...findings, ...checkArchives()];
}

/** What was built says the same: no archive of ours has constructor sections. */
function checkArchives() {
  const findings = [];
  for (const preset of ['linux-release', 'linux-gcc', 'windows-release', 'windows-gcc']) {
    const archive = path.join(buildDir(preset), 'libdpdk.a');
    if (!fs.existsSync(archive)) continue;
    const sections = execFileSync('llvm-objdump', ['-h', archive], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (/\s\.(init_array|ctors)\b/.test(sections))
      findings.push(`build/${preset}/libdpdk.a: has constructors (.init_array or .ctors)`);
  }
  return findings;
}
