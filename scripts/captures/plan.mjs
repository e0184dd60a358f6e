// SPDX-License-Identifier: BSD-3-Clause
// What both ends of the captured link agree on.
export const interfaces = { near: 'wdpdk-near', far: 'wdpdk-far' };

export const near = {
  mac: '02:77:00:00:00:01',
  addresses: ['10.77.0.1/24', '10.78.0.1/24', 'fd77::1/64', 'fd78::1/64', 'fe80::77:1/64'],
};
export const far = {
  mac: '02:77:00:00:00:02',
  addresses: ['10.77.0.2/24', '10.78.0.2/24', 'fd77::2/64', 'fd78::2/64', 'fe80::77:2/64'],
};

/** Where the far end listens; nothing listens on `closed`. */
export const ports = { tcp: [8080, 8443], udp: [9000, 9001, 5060], closed: 9 };

export const mdns = { port: 5353, v4: '224.0.0.251', v6: 'ff02::fb' };

/** The same bytes in each run: a small generator (xorshift) instead of random ones. */
export function bytes(length, seed) {
  const buffer = Buffer.alloc(length);
  let x = seed * 2654435761 || 1;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    buffer[i] = x;
  }
  return buffer;
}

const body = bytes(1 << 20, 4711);
export const tcpReply = (length) => body.subarray(0, Math.min(length, body.length));
