/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The two services.
 */
#include "uio_setup.h"

static DWORD
open_service(const char *name, DWORD access, SC_HANDLE *manager, SC_HANDLE *service)
{
	DWORD error;

	*manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
	if (*manager == NULL)
		return setup_fail(GetLastError(), "cannot open the service manager", "");
	*service = OpenServiceA(*manager, name, access);
	if (*service != NULL)
		return 0;
	error = GetLastError();
	CloseServiceHandle(*manager);
	return setup_fail(error, "cannot open the service", name);
}

static void
close_service(SC_HANDLE manager, SC_HANDLE service)
{
	CloseServiceHandle(service);
	CloseServiceHandle(manager);
}

static DWORD
wait_for(SC_HANDLE service, DWORD state, DWORD milliseconds)
{
	SERVICE_STATUS status;
	ULONGLONG end = GetTickCount64() + milliseconds;

	do {
		if (!QueryServiceStatus(service, &status))
			return GetLastError();
		if (status.dwCurrentState == state)
			return 0;
		Sleep(20);
	} while (GetTickCount64() < end);
	return ERROR_SERVICE_REQUEST_TIMEOUT;
}

DWORD
setup_service_start(const char *name)
{
	SC_HANDLE manager, service;
	DWORD error = open_service(name, SERVICE_START | SERVICE_QUERY_STATUS, &manager, &service);

	if (error != 0)
		return error;
	if (!StartServiceA(service, 0, NULL) && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING)
		error = GetLastError();
	if (error == 0)
		error = wait_for(service, SERVICE_RUNNING, 30000);
	close_service(manager, service);
	return error == 0 ? 0 : setup_fail(error, "cannot start the service", name);
}

DWORD
setup_service_stop(const char *name)
{
	SC_HANDLE manager, service;
	SERVICE_STATUS status;
	DWORD error = open_service(name, SERVICE_STOP | SERVICE_QUERY_STATUS, &manager, &service);

	if (error != 0)
		return error;
	/* Not active: it is stopped. No control taken: somebody stops it already. */
	if (!ControlService(service, SERVICE_CONTROL_STOP, &status) && GetLastError() != ERROR_SERVICE_NOT_ACTIVE &&
		GetLastError() != ERROR_SERVICE_CANNOT_ACCEPT_CTRL)
		error = GetLastError();
	if (error == 0)
		error = wait_for(service, SERVICE_STOPPED, 3000);
	close_service(manager, service);
	return error == 0 ? 0 : setup_fail(error, "cannot stop the service", name);
}

DWORD
setup_service_delete(const char *name)
{
	SC_HANDLE manager, service;
	DWORD error = open_service(name, DELETE, &manager, &service);

	if (error != 0)
		return error;
	if (!DeleteService(service))
		error = GetLastError();
	close_service(manager, service);
	return error == 0 ? 0 : setup_fail(error, "cannot delete the service", name);
}

const char *
setup_service_state(const char *name)
{
	static const char *const words[] = {"?", "stopped", "starting", "stopping", "running", "continuing", "pausing", "paused"};
	SC_HANDLE manager, service;
	SERVICE_STATUS status = {0};

	if (open_service(name, SERVICE_QUERY_STATUS, &manager, &service) != 0)
		return "absent";
	QueryServiceStatus(service, &status);
	close_service(manager, service);
	return words[status.dwCurrentState < 8 ? status.dwCurrentState : 0];
}
