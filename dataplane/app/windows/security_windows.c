/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <wchar.h>

#include "security_windows.h"

#include <sddl.h>

#include "os_system.h"

static bool
user_of(HANDLE token, TOKEN_USER *user, DWORD size)
{
	return GetTokenInformation(token, TokenUser, user, size, &size) != 0;
}

bool
security_user(wchar_t sid[SID_TEXT])
{
	union { TOKEN_USER user; char bytes[256]; } user;
	wchar_t *text = NULL;
	HANDLE token;
	bool good;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
		return false;
	good = user_of(token, &user.user, sizeof(user)) && ConvertSidToStringSidW(user.user.User.Sid, &text) &&
		wcslen(text) < SID_TEXT;
	CloseHandle(token);
	if (good)
		wcscpy(sid, text);
	LocalFree(text);
	return good;
}

bool
security_for_user(const wchar_t *rights, SECURITY_ATTRIBUTES *attributes)
{
	wchar_t sid[SID_TEXT], descriptor[SID_TEXT + 128];

	memset(attributes, 0, sizeof(*attributes));
	attributes->nLength = sizeof(*attributes);
	if (!security_user(sid))
		return false;
	swprintf(descriptor, SID_TEXT + 128, L"D:P(A;;%ls;;;%ls)(A;;GA;;;SY)(A;;GA;;;BA)", rights, sid);
	return ConvertStringSecurityDescriptorToSecurityDescriptorW(descriptor, SDDL_REVISION_1,
		&attributes->lpSecurityDescriptor, NULL) != 0;
}

void
security_free(SECURITY_ATTRIBUTES *attributes)
{
	LocalFree(attributes->lpSecurityDescriptor);
	attributes->lpSecurityDescriptor = NULL;
}

static bool
is_well_known(PSID sid, WELL_KNOWN_SID_TYPE type)
{
	return IsWellKnownSid(sid, type) != 0;
}

static bool
is_administrator(HANDLE token)
{
	BYTE group[SECURITY_MAX_SID_SIZE];
	DWORD size = sizeof(group);
	BOOL member = FALSE;

	return CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, group, &size) && CheckTokenMembership(token, group, &member) &&
		member;
}

bool
security_peer_allowed(HANDLE pipe)
{
	union { TOKEN_USER user; char bytes[256]; } peer, self;
	HANDLE token, own;
	bool allowed = false;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &own))
		return false;
	if (ImpersonateNamedPipeClient(pipe)) {
		BOOL opened = OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);

		RevertToSelf();
		if (opened) {
			if (user_of(token, &peer.user, sizeof(peer)) && user_of(own, &self.user, sizeof(self)))
				allowed = EqualSid(peer.user.User.Sid, self.user.User.Sid) ||
					is_well_known(peer.user.User.Sid, WinLocalSystemSid) || is_administrator(token);
			CloseHandle(token);
		}
	}
	CloseHandle(own);
	return allowed;
}

bool
security_random_name(wchar_t name[40])
{
	unsigned char random[16];

	if (os_random(random, sizeof(random)) != 0)
		return false;
	wcscpy(name, L"wdpdk-");
	for (size_t i = 0; i < sizeof(random); i++)
		swprintf(name + 6 + 2 * i, 3, L"%02x", random[i]);
	return true;
}

void
windows_error_set(struct os_error *error, const char *object, const char *remedy, const char *call, DWORD code)
{
	char text[160];
	DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code, 0, text,
		sizeof(text), NULL);

	while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r' || text[length - 1] == '.' ||
			text[length - 1] == ' '))
		length--;
	text[length] = '\0';
	os_error_set(error, object, remedy, "%s: %s (Windows error %lu)", call, text, (unsigned long)code);
}
