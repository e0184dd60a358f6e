// SPDX-License-Identifier: BSD-3-Clause
export function udpFrame(n: number, length: number): Buffer;
export function injectedFrame(n: number): Buffer;
