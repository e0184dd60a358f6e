/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who may open what we make: this user, SYSTEM and administrators, nobody else.
 */
#ifndef APP_SECURITY_WINDOWS_H
#define APP_SECURITY_WINDOWS_H

#include <windows.h>

#include "os_error.h"

#define SID_TEXT 192

/* This process's user as S-1-... . False: the system does not say. */
bool security_user(wchar_t sid[SID_TEXT]);
/* A protected access list that gives this user `rights` (as in the security descriptor language, such as L"GA") and SYSTEM and
 * administrators everything. security_free when done. */
bool security_for_user(const wchar_t *rights, SECURITY_ATTRIBUTES *attributes);
void security_free(SECURITY_ATTRIBUTES *attributes);
/* Whether the peer at the other end of this pipe, whose first bytes were read, is this user, SYSTEM or an administrator. */
bool security_peer_allowed(HANDLE pipe);
/* "wdpdk-" and 32 random hexadecimal digits. False: no randomness. */
bool security_random_name(wchar_t name[40]);
void windows_error_set(struct os_error *error, const char *object, const char *remedy, const char *call, DWORD code);

#endif
