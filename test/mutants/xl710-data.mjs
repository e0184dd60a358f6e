// SPDX-License-Identifier: BSD-3-Clause

const model = 'dataplane/models/xl710';

/** The data path of the XL710's model. */
export const xl710Data = [
  {
    name: 'xl710-hash-window-off-by-one',
    file: `${model}/toeplitz.c`,
    line: 'part[byte] = part[byte & (byte - 1)] ^ (uint32_t)(window >> (1 + lowest));',
    becomes: 'part[byte] = part[byte & (byte - 1)] ^ (uint32_t)(window >> lowest);',
    killedBy: { ctest: 'xl710_classify' },
  },
  {
    name: 'xl710-fills-the-last-descriptor',
    file: `${model}/rx.c`,
    line: 'if (need > rx_free(port, queue, number)) {',
    becomes: 'if (need > rx_free(port, queue, number) + 1) {',
    killedBy: { ctest: 'xl710_rx' },
  },
  {
    name: 'xl710-filter-matches-what-it-was-made-of',
    file: `${model}/classify.c`,
    line: 'if (word == 29 || word == 30)',
    becomes: 'if (word == 29 || word == 60)',
    killedBy: { ctest: 'xl710_rx' },
  },
  {
    name: 'xl710-segments-of-one-number',
    file: `${model}/tso.c`,
    line: 'store32be(tcp + 4, load32be(tcp + 4) + offset);',
    becomes: 'store32be(tcp + 4, load32be(tcp + 4) + n);',
    killedBy: { ctest: 'xl710_tx' },
  },
  {
    name: 'xl710-buffer-that-is-nowhere',
    file: `${model}/tx.c`,
    line: 'if (pass->bytes[i] == NULL)',
    becomes: 'if (pass->bytes[i] == NULL && tx_size(descriptor) == 0)',
    killedBy: { fuzz: 'fuzz_xl710_descriptors' },
  },
  {
    name: 'xl710-no-fault-stalls-a-queue',
    file: `${model}/tx.c`,
    line: 'if (number + 1u == port->faults.stalled_tx) {',
    becomes: 'if (number == port->faults.stalled_tx) {',
    killedBy: { ctest: 'xl710_tx' },
  },
];
