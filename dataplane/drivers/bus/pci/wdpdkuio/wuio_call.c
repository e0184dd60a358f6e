/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Requests to wdpdkuio.sys. Each is counted: packets are moved without any, and a test watches that.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "wuio.h"

static uint64_t calls;

uint64_t
wuio_calls(void)
{
	return __atomic_load_n(&calls, __ATOMIC_RELAXED);
}

static void
count(uint32_t code)
{
	if (code != WDPDK_UIO_STATUS)
		__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
}

int32_t
wuio_call(struct wuio_handle *handle, uint32_t code, void *in, size_t in_size, void *out, size_t out_size)
{
	struct wdpdk_uio_head head = {.size = (uint32_t)in_size, .version = WDPDK_UIO_VERSION};
	size_t got = 0;
	int32_t status;

	memcpy(in, &head, sizeof(head));
	count(code);
	status = wuio_os->call(handle, code, in, in_size, out, out_size, &got);
	if (status != WDPDK_UIO_OK || out_size == 0)
		return status;
	if (got < sizeof(head))
		return WDPDK_UIO_E_IO;
	memcpy(&head, out, sizeof(head));
	/* Another version's INFO says what that is: the one reply whose beginning never changes. */
	if (head.version != WDPDK_UIO_VERSION)
		return WDPDK_UIO_E_VERSION;
	return got == out_size && head.size == out_size ? WDPDK_UIO_OK : WDPDK_UIO_E_IO;
}

int32_t
wuio_ask(struct wuio_handle *handle, uint32_t code, void *out, size_t out_size)
{
	struct wdpdk_uio_request request = {.reserved = 0};

	return wuio_call(handle, code, &request, sizeof(request), out, out_size);
}

int32_t
wuio_wait(struct wuio_handle *handle, struct wdpdk_uio_event *event)
{
	count(WDPDK_UIO_WAIT_EVENT);
	return wuio_os->wait(handle, event);
}

static const struct {
	int32_t status;
	int error;
	const char *text;
} meanings[] = {
	{WDPDK_UIO_OK, 0, "done"},
	{WDPDK_UIO_E_BUSY, EBUSY, "not while the card uses it"},
	{WDPDK_UIO_E_UNKNOWN, ENOTSUP, "the driver does not know the request"},
	{WDPDK_UIO_E_LENGTH, EPROTO, "the driver expects a request of another length"},
	{WDPDK_UIO_E_TOO_SMALL, EPROTO, "the driver's reply is longer"},
	{WDPDK_UIO_E_VERSION, EPROTO, "the driver speaks another version"},
	{WDPDK_UIO_E_PARAMETER, EINVAL, "the driver finds it out of range"},
	{WDPDK_UIO_E_DENIED, EACCES, "the driver does not allow it"},
	{WDPDK_UIO_E_SHARING, EBUSY, "another process has it"},
	{WDPDK_UIO_E_NO_MEMORY, ENOMEM, "there is not so much contiguous memory"},
	{WDPDK_UIO_E_QUOTA, ENOSPC, "it is more than the driver gives to a process"},
	{WDPDK_UIO_E_NOT_FOUND, ENOENT, "there is no such thing"},
	{WDPDK_UIO_E_NOT_SUPPORTED, ENOTSUP, "the card does not have it"},
	{WDPDK_UIO_E_NOT_READY, EAGAIN, "it needs a reset first"},
	{WDPDK_UIO_E_IO, EIO, "the card, or its mapping, failed"},
	{WDPDK_UIO_E_CLOSED, ENODEV, "it is being closed"},
	{WDPDK_UIO_E_REMOVED, ENODEV, "the card was taken out"},
	{WDPDK_UIO_E_CANCELLED, ECANCELED, "it was cancelled"},
};

int
wuio_errno(int32_t status)
{
	size_t i;

	for (i = 0; i < RTE_DIM(meanings); i++)
		if (meanings[i].status == status)
			return -meanings[i].error;
	return -EIO;
}

const char *
wuio_text(int32_t status)
{
	size_t i;

	for (i = 0; i < RTE_DIM(meanings); i++)
		if (meanings[i].status == status)
			return meanings[i].text;
	return "the driver gave an error that is not in its contract";
}
