// SPDX-License-Identifier: BSD-3-Clause
// The libFuzzer targets of the linux-asan build, and for each the defect (WDPDK_BUG_<planted>, see WDPDK_PLANTED_BUG in
// cmake/WdpdkTargets.cmake) that it must find.
//   seeds   what the first inputs are: 'captures' (a few recorded frames as pcap and pcapng), 'forwarding' (the configurations of
//           shm-protocol/vectors/forwarding) or nothing
//   maxLength  longest input to try
export const fuzzTargets = [
  { name: 'fuzz_capture', planted: 'capture_length', seeds: 'captures', maxLength: 4096 },
  { name: 'fuzz_control_frame', planted: 'control_frame_depth', maxLength: 4096 },
  { name: 'fuzz_forwarding', planted: 'schema_pattern', seeds: 'forwarding', maxLength: 4096 },
  { name: 'fuzz_descriptor', planted: 'descriptor', maxLength: 4096 },
];
