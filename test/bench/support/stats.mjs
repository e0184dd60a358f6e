// SPDX-License-Identifier: BSD-3-Clause
export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
