// SPDX-License-Identifier: BSD-3-Clause
// Upstream's unmodified programs against our install. `node test/conformance/run.mjs` does the same by hand.
import { afterAll, describe, test } from 'vitest';
import { buildDir, upstreamSource } from '../support/bed.ts';
import { prepare, programs } from './run.mjs';

describe("upstream's programs build against our install and run", () => {
  // Made by the first test that runs: on a bed that skips them all there is nothing to install.
  let bed;

  afterAll(async () => (await bed)?.close());

  test.each(programs.map((program) => [program.name, program]))(
    '%s',
    async (_name, program) => {
      bed ??= prepare({ buildDir, upstream: upstreamSource });
      await (await bed).check(program);
    },
    120_000,
  );
});
