// SPDX-License-Identifier: BSD-3-Clause
import { isWindows } from 'shared-memory-ipc';
import type { System } from './system.ts';

/** This machine's. Rejects where koffi has no native part. */
export async function loadSystem(): Promise<System> {
  return isWindows
    ? (await import('./windows/index.ts')).windowsSystem()
    : (await import('./linux/index.ts')).linuxSystem();
}
