// SPDX-License-Identifier: BSD-3-Clause
// node scripts/api-report.mjs [--check]: ts-client/api/*.api.md, the public API of each entry of wdpdk as its declarations say it. With
// --check nothing is written, and a report that is out of date, an export that is missing, or one without a comment fails.
import fs from 'node:fs';
import path from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from './lib/paths.mjs';

const check = process.argv.includes('--check');
const project = path.join(root, 'ts-client');
const reports = path.join(project, 'api');
const scratch = path.join(root, '.cache/api-report');
const manifest = JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8'));

/** Entries with declarations: '.' is wdpdk, './testing' is wdpdk-testing. */
const entries = Object.entries(manifest.exports)
  .filter(([, target]) => target.types !== undefined)
  .map(([name, { types }]) => ({
    name: ['wdpdk', ...name.split('/').slice(1)].join('-'),
    types: path.join(project, types),
  }));

/** The error codes: ErrorCode names them all. */
const unnamed = '"ERROR_CODES"';

/** What is exported, and each method of it, has a comment. A field may do without: its name and type can say all. */
function isFine({ messageId, text, sourceFilePath, sourceFileLine }) {
  if (messageId === 'ae-forgotten-export') return text.includes(unnamed);
  if (messageId !== 'ae-undocumented') return false;
  const line = fs.readFileSync(sourceFilePath, 'utf8').split('\n')[sourceFileLine - 1];
  return !/^export\b|^ +[\w[\].]+(<.*>)?\(/.test(line);
}

function extract({ name, types }) {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: path.join(project, 'package.json'),
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            module: 'nodenext',
            moduleResolution: 'nodenext',
            lib: ['es2023', 'esnext.disposable'],
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [types],
        },
      },
      apiReport: { enabled: true, reportFileName: `${name}.api.md`, reportFolder: scratch, reportTempFolder: scratch },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          // The other entries speak of what the main one exports.
          ...(name === 'wdpdk' ? {} : { 'ae-forgotten-export': { logLevel: 'none' } }),
          // Nothing of this package is marked as beta or internal: what an entry exports is public.
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-undocumented': { logLevel: name === 'wdpdk' ? 'error' : 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'error' } },
      },
    },
  });
  const findings = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error && !isFine(message))
        findings.push(
          `${message.messageId}: ${message.text} (${path.relative(root, message.sourceFilePath ?? types)}:${message.sourceFileLine ?? ''})`,
        );
      message.handled = true;
    },
  });
  return { findings, text: fs.readFileSync(path.join(scratch, `${name}.api.md`), 'utf8') };
}

fs.mkdirSync(scratch, { recursive: true });
let failed = 0;
const complain = (text) => {
  console.error(text);
  failed++;
};
for (const entry of entries) {
  if (!fs.existsSync(entry.types)) {
    complain(`${path.relative(root, entry.types)} is not there: npm run build makes it`);
    continue;
  }
  const { findings, text } = extract(entry);
  for (const finding of findings) complain(`${entry.name}: ${finding}`);
  const file = path.join(reports, `${entry.name}.api.md`);
  const old = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (old === text) continue;
  if (check)
    complain(`${path.relative(root, file)} is out of date: look at the change, then node scripts/api-report.mjs`);
  else {
    fs.mkdirSync(reports, { recursive: true });
    fs.writeFileSync(file, text);
    console.log(path.relative(root, file));
  }
}
process.exitCode = failed > 0 ? 1 : 0;
