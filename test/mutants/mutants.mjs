// SPDX-License-Identifier: BSD-3-Clause
//
// One-line defects, each with the test that must notice it (`npm run mutants`, and part of `npm test`).
//   line, becomes   the line as it stands once in `file`, without its indentation, and what takes its place
//   killedBy        { ctest: name, target?, preset? }             a C unit test; `target` when the program is called otherwise
//                   { vitest: file, test?, dataplane?: true }     `dataplane`: run against the mutant's executable
//                   { fuzz: target }                              a fuzz target, within 60 s
export const mutants = [
  {
    name: 'no-grace-period',
    file: 'dataplane/app/engine/builder.c',
    line: 'wait_for_lcore(&lcores[i], sequence);',
    becomes: '(void)wait_for_lcore;',
    killedBy: { ctest: 'engine_test' },
  },
  {
    name: 'checksum-not-updated',
    file: 'dataplane/app/forward/l3fwd.c',
    line: 'word += 0x10000u - 1 + ((uint32_t)(word >= 0xfffe0000u) << 16);',
    becomes: 'word -= 1;',
    killedBy: { ctest: 'l3fwd_test' },
  },
];
