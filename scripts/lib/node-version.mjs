// SPDX-License-Identifier: BSD-3-Clause
// Imported first by every command: says what is wrong before anything that an old Node cannot run.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `wdpdk needs Node 20.19 or later; this is ${process.versions.node}. Install it from https://nodejs.org/`,
  );
  process.exit(69);
}
