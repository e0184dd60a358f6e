// SPDX-License-Identifier: BSD-3-Clause
// npm start [-- ARGS...]: set up, build, run. `npm start -- --help` shows the arguments (they are the demo's).
//   --no-install   do not install missing system packages
import './lib/node-version.mjs';
import { prepareDemo } from './lib/demo.mjs';
import { main, runInteractive } from './lib/run.mjs';

await main(async () => {
  const { command, args, env } = await prepareDemo(process.argv.slice(2));
  return runInteractive(command, args, { env, tied: true });
});
