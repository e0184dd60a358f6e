// SPDX-License-Identifier: BSD-3-Clause

const model = 'dataplane/models/xl710';

/** The control side of the XL710's model. */
export const xl710Control = [
  {
    name: 'xl710-answered-commands-replayed',
    file: `${model}/admin_queue.c`,
    line: 'if (descriptor == NULL || (le16(descriptor) & FLAG_DD) || le16(descriptor + 2) == 0)',
    becomes: 'if (descriptor == NULL || (le16(descriptor) & FLAG_DD))',
    killedBy: { ctest: 'xl710_control' },
  },
  {
    name: 'xl710-old-tail-kept',
    file: `${model}/hmc.c`,
    line: 'reg_set(port, XR_AT(QTX_TAIL, queue), 0);',
    becomes: 'reg_set(port, XR_AT(QTX_HEAD, queue), 0);',
    killedBy: { ctest: 'xl710_control' },
  },
  {
    name: 'xl710-frame-back-to-its-sender',
    file: `${model}/switch.c`,
    line: 'return to != from && vsi->veb != 0 && vsi->veb == port->vsis[from].veb && port->vsis[from].loopback;',
    becomes: 'return vsi->veb != 0 && vsi->veb == port->vsis[from].veb && port->vsis[from].loopback;',
    killedBy: { ctest: 'xl710_switch' },
  },
  {
    name: 'xl710-memory-round-the-end',
    file: `${model}/dma.c`,
    line: 'if (fill(dma, &found, granule) && length <= found.valid && offset <= found.valid - length) {',
    becomes: 'if (fill(dma, &found, granule) && offset + length <= found.valid) {',
    killedBy: { ctest: 'xl710_dma' },
  },
  {
    name: 'xl710-more-records-than-the-buffer',
    file: `${model}/filters.c`,
    line: 'if (!(le16(command->p + 2) & 0x8000) || *count == 0 || *count * record > command->length)',
    becomes: 'if (!(le16(command->p + 2) & 0x8000) || *count == 0)',
    killedBy: { fuzz: 'fuzz_xl710_admin' },
  },
];
