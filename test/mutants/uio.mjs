// SPDX-License-Identifier: BSD-3-Clause
// One-line defects of the Windows driver's core; what the fields mean stands in mutants.mjs.

const core = 'uio-driver/core';

export const uio = [
  {
    name: 'uio-reset-before-bus-master-off',
    file: `${core}/quiet.c`,
    line: 'quiet = uio_silence_master(device, step);',
    becomes: 'quiet = uio_reset(device) == WDPDK_UIO_OK && uio_silence_master(device, step);',
    killedBy: { ctest: 'uio_teardown_test' },
  },
  {
    name: 'uio-memory-freed-under-a-bus-master',
    file: `${core}/memory.c`,
    line: 'if (device->owner == owner && device->unquiet)',
    becomes: 'if (device->owner == owner && device->unquiet && device->gone)',
    killedBy: { ctest: 'uio_request_test' },
  },
  {
    name: 'uio-quarantine-forgotten',
    file: `${core}/teardown.c`,
    line: 'owner->unquiet = owner->unquiet || device->unquiet;',
    becomes: 'owner->unquiet = device->unquiet && device->gone;',
    killedBy: { ctest: 'uio_teardown_test' },
  },
  {
    name: 'uio-any-process-may-ask',
    file: `${core}/ioctl.c`,
    line: 'if (handle->session == 0 ? !entry->observers : handle->process != uio_os_process())',
    becomes: 'if (handle->session == 0 ? !entry->observers : handle->process == NULL)',
    killedBy: { ctest: 'uio_request_test' },
  },
  {
    name: 'uio-stale-handle-ends-the-next-owner',
    file: `${core}/teardown.c`,
    line: 'if (session != 0 && device->session == session) {',
    becomes: 'if (session != 0 && device->session != 0) {',
    killedBy: { ctest: 'uio_request_test' },
  },
  {
    name: 'uio-length-not-checked',
    file: `${core}/ioctl.c`,
    line: 'if (in != entry->in || call->request.head.size != entry->in)',
    becomes: 'if (call->request.head.size != entry->in)',
    killedBy: { ctest: 'uio_request_test' },
  },
  {
    name: 'uio-request-fetched-twice',
    file: `${core}/ioctl.c`,
    line: 'const struct wdpdk_uio_dma_alloc *request = &call->request.dma_alloc;',
    becomes: 'const struct wdpdk_uio_dma_alloc *request = call->buffer;',
    killedBy: { ctest: 'uio_request_test' },
  },
  {
    name: 'uio-pending-bits-mapped',
    file: `${core}/config.c`,
    line: 'add_hole(&device->info, pending, (vectors + 63) / 64 * 8);',
    becomes: 'add_hole(&device->info, pending & table, (vectors + 63) / 64 * 8);',
    killedBy: { ctest: 'uio_request_test' },
  },
  {
    name: 'uio-memory-of-a-map-that-failed',
    file: `${core}/memory.c`,
    line: 'return_quota(driver, owner, request->length);',
    becomes: 'return_quota(driver, owner, 0);',
    killedBy: { ctest: 'uio_failure_test' },
  },
  {
    name: 'uio-reply-longer-than-its-buffer',
    file: `${core}/ioctl.c`,
    line: 'return call->out < entry->out ? WDPDK_UIO_E_TOO_SMALL : WDPDK_UIO_OK;',
    becomes: 'return call->out + 8 < entry->out ? WDPDK_UIO_E_TOO_SMALL : WDPDK_UIO_OK;',
    killedBy: { fuzz: 'fuzz_uio' },
  },
];
