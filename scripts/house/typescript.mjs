// SPDX-License-Identifier: BSD-3-Clause
// TypeScript and scripts: the system is asked in one module per package; nothing is switched off by hand.
import { eachLine, isGenerated, isScript, isTypeScript } from './sources.mjs';

const packageOf = (name) => name.split('/')[0];

export function checkTypeScript(files) {
  const sources = files.filter((file) => isTypeScript(file) || isScript(file));
  const asking = sources.filter(
    ({ name, text }) => /\bprocess\.platform\b/.test(text) && !name.startsWith('scripts/house/'),
  );
  const findings = [];
  for (const folder of new Set(asking.map(({ name }) => packageOf(name)))) {
    const modules = asking.filter(({ name }) => packageOf(name) === folder).map(({ name }) => name);
    if (modules.length > 1)
      findings.push(`${folder}: process.platform in ${modules.length} modules (${modules.join(', ')}); one may ask`);
  }
  const off = /\b(it|test|describe)\.(skip|only|todo)\b|@ts-(ignore|nocheck)/;
  for (const file of sources.filter((each) => isTypeScript(each) && !isGenerated(each))) {
    findings.push(
      ...eachLine(file, (line) => {
        const what = off.exec(line)?.[0];
        return what && `${what}: skips belong into test/skips.json, errors are mended`;
      }),
    );
  }
  return findings;
}
