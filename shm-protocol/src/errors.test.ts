// SPDX-License-Identifier: BSD-3-Clause
import { describe, expect, it } from 'vitest';
import { WdpdkError } from './errors.ts';
import { ERROR_CODES } from './protocol.ts';

describe('an error', () => {
  it.each(ERROR_CODES)('%s says what to do even when nobody gave it a remedy', (code) => {
    for (const details of [{ object: 'it' }, { object: 'it', remedy: '' }]) {
      const error = new WdpdkError(code, 'it failed.', details);
      expect(error.remedy.length).toBeGreaterThan(10);
      expect(error.message).toBe(`it failed. ${error.remedy}`);
    }
  });

  it('keeps the remedy that it is given', () => {
    const error = new WdpdkError('WDPDK_E_TIMEOUT', 'late', { object: 'it', remedy: 'Hurry' });
    expect([error.remedy, error.message, error.object]).toEqual(['Hurry', 'late. Hurry', 'it']);
  });
});
