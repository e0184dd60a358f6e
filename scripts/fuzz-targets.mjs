// SPDX-License-Identifier: BSD-3-Clause
// The libFuzzer targets of the linux-asan build. The defect that each must find is in test/mutants.
//   seeds   what the first inputs are: 'captures' (a few recorded frames as pcap and pcapng), 'forwarding' (the configurations of
//           shm-protocol/vectors/forwarding) or nothing
//   maxLength  longest input to try
export const fuzzTargets = [
  { name: 'fuzz_capture', seeds: 'captures', maxLength: 4096 },
  { name: 'fuzz_control_frame', maxLength: 4096 },
  { name: 'fuzz_forwarding', seeds: 'forwarding', maxLength: 4096 },
  { name: 'fuzz_descriptor', maxLength: 4096 },
  { name: 'fuzz_xl710_descriptors', maxLength: 4096 },
  { name: 'fuzz_xl710_admin', maxLength: 4096 },
  { name: 'fuzz_uio', maxLength: 4096 },
];
