/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Command lines on Windows: consoles that speak VT sequences (Windows 10 on), pipes and files.
 */
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>

#include <windows.h>

#include "cmdline_private.h"

#ifndef ENABLE_VIRTUAL_TERMINAL_INPUT
#define ENABLE_VIRTUAL_TERMINAL_INPUT 0x0200
#endif
#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#endif

struct saved_modes {
	DWORD in, out;
	bool out_is_console;
};

static HANDLE
handle_of(int fd)
{
	return fd < 0 ? INVALID_HANDLE_VALUE : (HANDLE)_get_osfhandle(fd);
}

void *
cmdline_os_terminal_raw(int fd)
{
	HANDLE in = handle_of(fd), out = GetStdHandle(STD_OUTPUT_HANDLE);
	struct saved_modes *saved = malloc(sizeof(*saved));

	if (saved == NULL || !GetConsoleMode(in, &saved->in)) {
		free(saved);
		return NULL;
	}
	(void)SetConsoleMode(in, (saved->in & ~(DWORD)(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_PROCESSED_INPUT)) |
		ENABLE_VIRTUAL_TERMINAL_INPUT);
	saved->out_is_console = GetConsoleMode(out, &saved->out);
	if (saved->out_is_console)
		(void)SetConsoleMode(out, saved->out | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
	return saved;
}

void
cmdline_os_terminal_restore(int fd, void *terminal)
{
	struct saved_modes *saved = terminal;

	(void)SetConsoleMode(handle_of(fd), saved->in);
	if (saved->out_is_console)
		(void)SetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), saved->out);
	free(saved);
}

/* A console is signalled for any event, but a read waits for a character: others are thrown away. */
static int
console_readable(HANDLE console)
{
	INPUT_RECORD event;
	DWORD n;

	while (PeekConsoleInputW(console, &event, 1, &n) && n == 1) {
		if (event.EventType == KEY_EVENT && event.Event.KeyEvent.bKeyDown && event.Event.KeyEvent.uChar.UnicodeChar != 0)
			return 1;
		if (!ReadConsoleInputW(console, &event, 1, &n))
			return -EIO;
	}
	return 0;
}

int
cmdline_os_readable(int fd)
{
	HANDLE handle = handle_of(fd);
	DWORD mode, available;

	if (handle == INVALID_HANDLE_VALUE)
		return -EBADF;
	if (GetConsoleMode(handle, &mode))
		return console_readable(handle);
	/* The writer's end of a pipe that is closed is the end of input, which a read tells; so is a file always. */
	if (GetFileType(handle) == FILE_TYPE_PIPE && PeekNamedPipe(handle, NULL, 0, NULL, &available, NULL))
		return available > 0;
	return 1;
}

int
cmdline_os_read(int fd, char *c)
{
	HANDLE handle = handle_of(fd);
	DWORD n;

	if (handle == INVALID_HANDLE_VALUE)
		return -EBADF;
	if (ReadFile(handle, c, 1, &n, NULL))
		return (int)n;
	return GetLastError() == ERROR_BROKEN_PIPE ? 0 : -EIO;
}

int
cmdline_os_write(int fd, const char *text, size_t len)
{
	HANDLE handle = handle_of(fd);
	size_t done = 0;
	DWORD n;

	while (done < len) {
		if (handle == INVALID_HANDLE_VALUE || !WriteFile(handle, text + done, (DWORD)(len - done), &n, NULL))
			return -1;
		done += n;
	}
	return (int)done;
}

int
cmdline_os_open(const char *path)
{
	return _open(path, _O_RDONLY | _O_BINARY | _O_NOINHERIT);
}

void
cmdline_os_close(int fd)
{
	(void)_close(fd);
}

/* A key for whoever waits for one; the editor, which has quit, takes no more. */
void
cmdline_os_cancel(int fd)
{
	INPUT_RECORD event = { .EventType = KEY_EVENT };
	HANDLE handle = handle_of(fd);
	DWORD mode, n;

	if (handle == INVALID_HANDLE_VALUE || !GetConsoleMode(handle, &mode))
		return;
	event.Event.KeyEvent.bKeyDown = TRUE;
	event.Event.KeyEvent.wRepeatCount = 1;
	event.Event.KeyEvent.wVirtualKeyCode = VK_RETURN;
	event.Event.KeyEvent.uChar.UnicodeChar = L'\r';
	(void)WriteConsoleInputW(handle, &event, 1, &n);
}
