// SPDX-License-Identifier: BSD-3-Clause

/** One line of `wdpdk doctor`. `fail`: wdpdk does not work here. `warn`: it works, slower or with less. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly remedy?: string;
}

export const ok = (name: string, message: string): Check => ({ name, status: 'ok', message });
export const warn = (name: string, message: string, remedy: string): Check => ({
  name,
  status: 'warn',
  message,
  remedy,
});
export const fail = (name: string, message: string, remedy: string): Check => ({
  name,
  status: 'fail',
  message,
  remedy,
});

/** What differs between systems. Each looks and touches nothing. */
export interface System {
  /** Huge pages (Linux) or large pages (Windows). */
  pages(): Check;
  /** The folder where an instance is found by its clients. */
  runFolder(): Check;
  /** Privileges beyond a plain user's. */
  permissions(): Check[];
  /** Instruction sets that this processor has and the executable may use. */
  cpuFlags(): {
    readonly required: Readonly<Record<string, boolean>>;
    readonly useful: Readonly<Record<string, boolean>>;
  };
  /** Maps memory that is not Node's, writes to it through a view and reads it back beside the view; throws what went wrong. */
  viewForeignMemory(): void;
}

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
