// SPDX-License-Identifier: BSD-3-Clause
// The rules of scripts/house find what they are there for, and the run's accounts do not lose a failure.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkC } from '../scripts/house/c.mjs';
import { checkLayers } from '../scripts/house/layers.mjs';
import { checkText } from '../scripts/house/text.mjs';
import { checkTypeScript } from '../scripts/house/typescript.mjs';
import { checkSkips, readCtest, readVitest, secondAttempt } from '../scripts/lib/results.mjs';

const spdx = '/* SPDX-License-Identifier: BSD-3-Clause */\n';
const file = (name, text) => ({ name, text, lines: text.split('\n') });
const places = (findings) => findings.map((finding) => finding.replace(/^([^:]+:\d+):.*/s, '$1'));

describe('house rules', () => {
  test('a conditional on the system is found outside windows/ and linux/ only', () => {
    const text = `${spdx}#if defined(RTE_EXEC_ENV_WINDOWS)\n#endif\n#ifdef _WIN32\n#endif\n`;
    const files = [file('dataplane/lib/eal/a.c', text), file('dataplane/lib/eal/windows/b.c', text)];
    expect(places(checkC(files))).toEqual(['dataplane/lib/eal/a.c:2', 'dataplane/lib/eal/a.c:4']);
  });

  test('a constructor is found in our sources, not in the header that defines it for others', () => {
    const text = `${spdx}RTE_INIT(start)\n{\n}\n`;
    const files = [file('dataplane/drivers/net/x/x.c', text), file('dataplane/lib/eal/include/rte_common.h', text)];
    expect(places(checkC(files))).toEqual(['dataplane/drivers/net/x/x.c:2']);
  });

  test('includes go down only', () => {
    const files = [
      file('dataplane/lib/ring/rte_ring.h', spdx),
      file('dataplane/lib/mbuf/rte_mbuf.h', `${spdx}#include <rte_ring.h>\n`),
      file('dataplane/lib/ring/rte_ring.c', `${spdx}#include "rte_ring.h"\n#include <rte_mbuf.h>\n`),
      file('dataplane/drivers/net/a/a.h', `${spdx}#include <rte_mbuf.h>\n`),
      file('dataplane/drivers/net/b/b.c', `${spdx}#include "../a/a.h"\n`),
      file('dataplane/lib/mbuf/up.c', `${spdx}#include "a.h"\n`),
      file('dataplane/app/main.c', `${spdx}#include "a.h"\n#include <stdio.h>\n`),
    ];
    expect(places(checkLayers(files)).sort()).toEqual([
      'dataplane/drivers/net/b/b.c:2',
      'dataplane/lib/mbuf/up.c:2',
      'dataplane/lib/ring/rte_ring.c:3',
    ]);
  });

  test('the Windows driver meets the PCI bus in its contract, and its core no kernel', () => {
    const files = [
      file('uio-driver/include/wdpdk_uio.h', spdx),
      file('uio-driver/wdm/shell.h', `${spdx}#include "core.h"\n`),
      file('uio-driver/wdm/uio_os_types.h', spdx),
      file('uio-driver/core/core.h', `${spdx}#include "uio_os_types.h"\n#include "wdpdk_uio.h"\n`),
      file('uio-driver/core/core.c', `${spdx}#include "shell.h"\n#include <rte_ring.h>\n#include "rte_ring.h"\n`),
      file('dataplane/lib/ring/rte_ring.h', spdx),
      file('dataplane/drivers/bus/pci/windows/pci_os.c', `${spdx}#include "wdpdk_uio.h"\n#include "core.h"\n`),
      file('dataplane/drivers/net/a/a.c', `${spdx}#include "wdpdk_uio.h"\n#include <sys/core.h>\n`),
    ];
    expect(places(checkLayers(files)).sort()).toEqual([
      'dataplane/drivers/bus/pci/windows/pci_os.c:3',
      'dataplane/drivers/net/a/a.c:2',
      'uio-driver/core/core.c:2',
      'uio-driver/core/core.c:4',
    ]);
  });

  test('a client meets the dataplane in the protocol package only', () => {
    const lines = [
      "import { a } from './a.ts';",
      "import { b } from '../../shm-protocol/src/b.ts';",
      "import 'shared-memory-ipc';",
    ];
    const text = lines.join('\n');
    expect(places(checkLayers([file('ts-client/src/x.ts', text)]))).toEqual(['ts-client/src/x.ts:2']);
  });

  test('two modules of a package asking for the system are one too many', () => {
    const asks = ['process', 'platform'].join('.');
    const files = ['a', 'b'].map((name) => file(`ts-client/src/${name}.ts`, `export const x = ${asks};\n`));
    expect(checkTypeScript(files)).toHaveLength(1);
    expect(checkTypeScript(files.slice(1))).toHaveLength(0);
  });

  test('licence, white space, width and length', () => {
    const wide = `// ${'x'.repeat(140)}`;
    const text = `int a;\nint b; \n${wide}\n${'\n'.repeat(800)}`;
    const findings = checkText([file('dataplane/app/a.c', text)]);
    expect(findings.map((finding) => finding.split(': ')[0])).toEqual([
      'dataplane/app/a.c:1',
      'dataplane/app/a.c:2',
      'dataplane/app/a.c:3',
      'dataplane/app/a.c:1',
    ]);
  });
});

describe('accounts of a run', () => {
  function inFile(name, text) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-accounts-'));
    onTestFinished(() => fs.rmSync(folder, { recursive: true }));
    const target = path.join(folder, name);
    fs.writeFileSync(target, text);
    return target;
  }

  test('ctest: passed, failed and skipped programs', () => {
    const xml = `<testsuite><testcase name="a" classname="a" time="0" status="run"/>
      <testcase name="b&amp;c" classname="b" status="fail"/><testcase name="d" classname="d" status="notrun"/></testsuite>`;
    const result = readCtest('linux', inFile('ctest.xml', xml));
    expect(result).toMatchObject({ passed: 1, failures: ['b&c'], skips: [{ name: 'd' }] });
  });

  test('vitest: a file that does not load is a failure', () => {
    const report = {
      testResults: [
        { name: '/r/test/a.test.ts', status: 'failed', message: 'no such module\n at x', assertionResults: [] },
        {
          name: '/r/test/b.test.ts',
          status: 'passed',
          assertionResults: [
            { ancestorTitles: ['s'], title: 't', status: 'passed' },
            { ancestorTitles: ['s'], title: 'u', status: 'pending' },
          ],
        },
      ],
    };
    const result = readVitest('linux', inFile('vitest.json', JSON.stringify(report)), '/r');
    expect(result.passed).toBe(1);
    expect(result.failures).toEqual(['test/a.test.ts (did not load: no such module)']);
    expect(result.skips).toEqual([{ name: 'test/b.test.ts > s > u', reason: '' }]);
  });

  const ctest = (of) =>
    readCtest(
      'linux',
      inFile(
        'ctest.xml',
        Object.entries(of)
          .map(([name, status]) => `<testcase name="${name}" status="${status}"/>`)
          .join(''),
      ),
    );

  test('what passes when it is run again counts as passed and is named', async () => {
    const asked = [];
    const again = (names) => (asked.push(...names), ctest({ b: 'run', c: 'fail' }));
    const result = await secondAttempt(ctest({ a: 'run', b: 'fail', c: 'fail' }), again);
    expect(asked).toEqual(['b', 'c']);
    expect(result).toMatchObject({ bed: 'linux', suite: 'ctest', passed: 2, failures: ['c'], unstable: ['b'] });
  });

  test('what does not run the second time has failed, and so has everything when much did', async () => {
    const first = ctest({ a: 'fail', b: 'fail' });
    const result = await secondAttempt(first, () => ctest({ a: 'notrun' }));
    expect(result).toMatchObject({ passed: 0, failures: ['a', 'b'], unstable: [] });
    expect(await secondAttempt(first, () => expect.unreachable(), { most: 1 })).toBe(first);
  });

  test('a skip that is not listed is a failure', () => {
    const result = {
      bed: 'linux',
      suite: 'vitest',
      passed: 1,
      failures: [],
      skips: [{ name: 'test/never.test.ts > listed' }],
    };
    checkSkips([result], { whole: false });
    expect(result.failures).toHaveLength(1);
    expect(result.skips).toHaveLength(0);
  });
});
