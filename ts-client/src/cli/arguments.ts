// SPDX-License-Identifier: BSD-3-Clause
//
// Values on the command line, checked where they are read: commander shows the message with the option's name.
import { InvalidArgumentError } from 'commander';

/** A parser of numbers from `low` to `high`. */
function number(what: string, low: number, high: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`give ${what} from ${low} to ${high}`);
    return value;
  };
}

export const seconds = number('a number of seconds', 0.001, 1e6, false);
export const portNumber = number('the number of a port,', 0, 31, true);
export const count = number('a whole number', 1, 1e12, true);
export const milliseconds = number('milliseconds', 100, 3_600_000, true);
export const packetsPerSecond = number('packets a second', 0.01, 1e9, false);
export const bytes = number('a number of bytes', 1, 65_535, true);
