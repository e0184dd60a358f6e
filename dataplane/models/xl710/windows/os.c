/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>

#include <windows.h>

#include "os.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION /* Windows 10 1803; older headers do not know it, older systems refuse it */
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 2
#endif

struct xl710_file {
	HANDLE file, section;
	uint64_t section_length; /* of the file when the section was made */
	void *bytes;
	size_t length;
};

static void
set_errno(void)
{
	DWORD error = GetLastError();

	errno = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ? ENOENT :
		error == ERROR_ACCESS_DENIED || error == ERROR_SHARING_VIOLATION ? EACCES :
		error == ERROR_NOT_ENOUGH_MEMORY || error == ERROR_COMMITMENT_LIMIT ? ENOMEM : EIO;
}

static struct xl710_file *
file_open(const char *path, bool create)
{
	struct xl710_file *file = calloc(1, sizeof(*file));

	if (file == NULL)
		return NULL;
	file->file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
				 create ? OPEN_ALWAYS : OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
	if (file->file == INVALID_HANDLE_VALUE) {
		set_errno();
		free(file);
		return NULL;
	}
	return file;
}

/* The section over the whole file as it is long now. */
static bool
make_section(struct xl710_file *file, uint64_t length)
{
	LARGE_INTEGER size;

	if (!GetFileSizeEx(file->file, &size)) {
		set_errno();
		return false;
	}
	if (length > (uint64_t)size.QuadPart) {
		errno = EINVAL;
		return false;
	}
	if (file->section != NULL && file->section_length >= length)
		return true;
	if (file->section != NULL)
		CloseHandle(file->section);
	file->section_length = (uint64_t)size.QuadPart;
	file->section = CreateFileMappingA(file->file, NULL, PAGE_READWRITE, 0, 0, NULL);
	if (file->section == NULL)
		set_errno();
	return file->section != NULL;
}

struct xl710_file *
xl710_file_map(const char *path, size_t length, bool create)
{
	struct xl710_file *file = file_open(path, create);
	LARGE_INTEGER end = { .QuadPart = (LONGLONG)length };

	if (file == NULL)
		return NULL;
	if (create && (!SetFilePointerEx(file->file, end, NULL, FILE_BEGIN) || !SetEndOfFile(file->file)))
		set_errno();
	if (make_section(file, length)) {
		file->length = create ? length : (size_t)file->section_length;
		file->bytes = MapViewOfFile(file->section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, file->length);
		if (file->bytes != NULL)
			return file;
		set_errno();
	}
	xl710_file_close(file);
	return NULL;
}

struct xl710_file *
xl710_file_open(const char *path)
{
	return file_open(path, false);
}

void *
xl710_file_part(struct xl710_file *file, uint64_t offset, size_t length)
{
	void *part;

	if (offset > UINT64_MAX - length || !make_section(file, offset + length))
		return NULL;
	part = MapViewOfFile(file->section, FILE_MAP_READ | FILE_MAP_WRITE, (DWORD)(offset >> 32), (DWORD)offset, length);
	if (part == NULL)
		set_errno();
	return part;
}

void
xl710_file_part_unmap(void *part, size_t length)
{
	(void)length;
	UnmapViewOfFile(part);
}

void *
xl710_file_bytes(struct xl710_file *file)
{
	return file->bytes;
}

size_t
xl710_file_length(const struct xl710_file *file)
{
	return file->length;
}

void
xl710_file_close(struct xl710_file *file)
{
	if (file == NULL)
		return;
	if (file->bytes != NULL)
		UnmapViewOfFile(file->bytes);
	if (file->section != NULL)
		CloseHandle(file->section);
	CloseHandle(file->file);
	free(file);
}

void
xl710_survive_truncation(void)
{
}

uint64_t
xl710_now_us(void)
{
	LARGE_INTEGER now, frequency;

	QueryPerformanceCounter(&now);
	QueryPerformanceFrequency(&frequency);
	return (uint64_t)(now.QuadPart / frequency.QuadPart) * 1000000 +
	       (uint64_t)(now.QuadPart % frequency.QuadPart) * 1000000 / (uint64_t)frequency.QuadPart;
}

void
xl710_rest(unsigned int us)
{
	/* Sleep() rounds up to the clock's tick, often 15 ms: a driver that waits for each command would take seconds to start. */
	static HANDLE timer;
	LARGE_INTEGER due = { .QuadPart = -10ll * us };

	if (us != 0 && timer == NULL)
		timer = CreateWaitableTimerExW(NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS);
	if (us != 0 && timer != NULL && SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE))
		WaitForSingleObject(timer, INFINITE);
	else if (us < 1000)
		SwitchToThread();
	else
		Sleep(us / 1000);
}

bool
xl710_leaks(void)
{
	return false;
}

bool
xl710_stdin_is_pipe(void)
{
	return GetFileType(GetStdHandle(STD_INPUT_HANDLE)) == FILE_TYPE_PIPE;
}

static void (*stop_program)(void);

static BOOL WINAPI
on_console_event(DWORD event)
{
	(void)event;
	stop_program();
	/* For closing events the process ends with this handler: the main thread needs a moment for its last words. */
	Sleep(event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT ? 0 : 2000);
	return TRUE;
}

void
xl710_on_stop(void (*stop)(void))
{
	stop_program = stop;
	SetConsoleCtrlHandler(on_console_event, TRUE);
}

struct xl710_line {
	HANDLE pipe;
};

struct xl710_line *
xl710_line_open(const char *path)
{
	DWORD never_wait = PIPE_READMODE_BYTE | PIPE_NOWAIT;
	HANDLE pipe = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	struct xl710_line *line;

	if (pipe == INVALID_HANDLE_VALUE) {
		set_errno();
		return NULL;
	}
	SetNamedPipeHandleState(pipe, &never_wait, NULL, NULL);
	line = calloc(1, sizeof(*line));
	if (line == NULL)
		CloseHandle(pipe);
	else
		line->pipe = pipe;
	return line;
}

void
xl710_line_raise(struct xl710_line *line, uint32_t number)
{
	DWORD written;

	WriteFile(line->pipe, &number, sizeof(number), &written, NULL);
}

void
xl710_line_close(struct xl710_line *line)
{
	if (line == NULL)
		return;
	CloseHandle(line->pipe);
	free(line);
}
