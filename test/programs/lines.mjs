// SPDX-License-Identifier: BSD-3-Clause
// How a test's client program speaks with its test (test/support/program.ts).
import readline from 'node:readline';

export const argument = JSON.parse(process.argv[2]);

export const say = (event, facts = {}) => process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);

/** Calls handlers[word]() for each line on stdin; the program ends when stdin does. */
export function answer(handlers) {
  readline
    .createInterface({ input: process.stdin })
    .on('line', async (word) => {
      try {
        say(word, await handlers[word]());
      } catch (error) {
        say('failed', { word, code: error.code, message: error.message });
      }
    })
    .on('close', () => process.exit(0));
}
