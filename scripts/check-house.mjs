// SPDX-License-Identifier: BSD-3-Clause
// The rules of the house that no compiler or linter knows. Each lives in scripts/house/ and returns lines "file:line: what".
import './lib/node-version.mjs';
import { checkC } from './house/c.mjs';
import { checkLayers } from './house/layers.mjs';
import { checkPackages } from './house/packages.mjs';
import { sourceFiles } from './house/sources.mjs';
import { checkText } from './house/text.mjs';
import { checkTypeScript } from './house/typescript.mjs';

const files = sourceFiles();
const findings = [checkText, checkC, checkLayers, checkTypeScript, checkPackages].flatMap((check) => check(files));
for (const finding of findings) console.log(finding);
if (findings.length > 0)
  console.log(`${findings.length} breaches of house rules (CONTRIBUTING.md says why they are there)`);
process.exitCode = findings.length > 0 ? 1 : 0;
