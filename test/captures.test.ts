// SPDX-License-Identifier: BSD-3-Clause
// The captures hold what the other tests rely on, and the tests' own reader agrees with tshark about it.
import { expect, test } from 'vitest';
import { framesMatching, mixedFacts, mixedPcap, readPcap } from './support/captures.ts';

test('reader and tshark see the same frames', () => {
  const read = readPcap(mixedPcap).map(({ timeNs, wireLength, data }) => [timeNs.toString(), wireLength, data.length]);
  expect(read).toEqual(mixedFacts().frames.map(({ timeNs, length }) => [timeNs, length, length]));
});

test('the traffic is a mix: both families, fragments, offload frames up to the longest there are', () => {
  const longest = Math.max(...mixedFacts().frames.map(({ length }) => length));
  expect(longest).toBe(65549);
  for (const filter of ['tcp', 'udp', 'icmp', 'icmpv6', 'arp', 'ip', 'ipv6', 'ipv6.fraghdr', 'frame.len > 16000']) {
    expect(framesMatching(filter).length, filter).toBeGreaterThan(0);
  }
  expect(mixedFacts().frames.length).toBeGreaterThan(2000);
});

test('a port filter and the recorded ports name the same frames', () => {
  const byPort = mixedFacts().frames.filter(({ udpDstPort }) => udpDstPort === 9000);
  expect(byPort.map((frame) => frame.number)).toEqual(framesMatching('udp.dstport == 9000'));
});
