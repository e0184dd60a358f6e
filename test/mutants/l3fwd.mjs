// SPDX-License-Identifier: BSD-3-Clause

/** What l3fwd checks and changes. */
export const l3fwd = [
  {
    name: 'checksum-not-updated',
    file: 'dataplane/app/forward/plain_ipv4.h',
    line: 'return word + 0x10000u - 1 + ((uint32_t)(word >= 0xfffe0000u) << 16);',
    becomes: 'return word - 1;',
    killedBy: { ctest: 'l3fwd_test' },
  },
  {
    name: 'loopback-forwarded-in-groups',
    file: 'dataplane/app/forward/plain_ipv4.h',
    line: 'bad = _mm_or_si128(bad, _mm_cmpeq_epi32(octet, _mm_set1_epi32(127)));',
    becomes: 'bad = _mm_or_si128(bad, _mm_cmpeq_epi32(octet, _mm_set1_epi32(128)));',
    killedBy: { ctest: 'l3fwd_test' },
  },
];
