/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Installation: the function driver's package goes to Windows' INFs, then the bus is made a device of the root; what it
 * enumerates finds its driver by itself. The way out again needs no memory of the way in, so that it also works after a crash.
 */
#include <stdio.h>
#include <string.h>

#include "uio_setup.h"

#include <newdev.h>
#include <setupapi.h>

#define PARAMETERS_KEY "System\\CurrentControlSet\\Services\\wdpdkbus\\Parameters"
#define BUS_HARDWARE_ID "root\\wdpdkbus"
#define FUNCTION_INSTANCE "WDPDKTEST"

/* Windows' class of system devices; devguid.h would define all of them in each file. */
static const GUID class_system = {0x4d36e97d, 0xe325, 0x11ce, {0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18}};

static char said[1024];

const char *
setup_said(void)
{
	return said;
}

DWORD
setup_fail(DWORD error, const char *what, const char *of)
{
	char words[256] = "";
	size_t n;

	if (error == 0)
		error = ERROR_GEN_FAILURE;
	FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, words, sizeof(words), NULL);
	for (n = strlen(words); n > 0 && (words[n - 1] == '\n' || words[n - 1] == '\r' || words[n - 1] == '.'); n--)
		words[n - 1] = 0;
	snprintf(said, sizeof(said), "%s %s: %s (%lu)", what, of, words[0] != 0 ? words : "no words for it", error);
	return error;
}

static DWORD
set_path(HKEY key, unsigned int device, const char *suffix, const char *path)
{
	char name[32], nt[MAX_PATH + 8];

	snprintf(name, sizeof(name), "Device%u%s", device, suffix);
	if (device == WDPDK_TESTBUS_ALL)
		snprintf(name, sizeof(name), "%s", suffix);
	if (path == NULL) {
		RegDeleteValueA(key, name);
		return 0;
	}
	nt_path(path, nt, sizeof(nt));
	return (DWORD)RegSetValueExA(key, name, 0, REG_SZ, (const BYTE *)nt, (DWORD)strlen(nt) + 1);
}

DWORD
setup_parameters(const struct setup_options *options)
{
	char config[MAX_PATH], name[32];
	unsigned int i;
	DWORD error;
	HKEY key;

	error = (DWORD)RegCreateKeyExA(HKEY_LOCAL_MACHINE, PARAMETERS_KEY, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
	if (error != 0)
		return setup_fail(error, "cannot write the registry key", PARAMETERS_KEY);
	for (i = 0; i < WDPDK_TESTBUS_DEVICES && error == 0; i++) {
		const char *path = options->config[i];
		DWORD node = (DWORD)options->node[i];

		if (path == NULL && options->bar[i] != NULL) {
			snprintf(config, sizeof(config), "%s.config", options->bar[i]);
			path = config;
		}
		snprintf(name, sizeof(name), "Device%uNode", i);
		error = set_path(key, i, "Bar", options->bar[i]);
		if (error == 0)
			error = set_path(key, i, "Config", path);
		if (error == 0)
			error = (DWORD)RegSetValueExA(key, name, 0, REG_DWORD, (const BYTE *)&node, sizeof(node));
	}
	if (error == 0)
		error = set_path(key, WDPDK_TESTBUS_ALL, "Dma", options->dma);
	RegCloseKey(key);
	return error == 0 ? 0 : setup_fail(error, "cannot write the registry key", PARAMETERS_KEY);
}

/* A package whose devices Windows is to bind when it sees them; its driver's image lies beside the INF's copy. */
static DWORD
add_package(const char *stage)
{
	char inf[MAX_PATH * 2], image[MAX_PATH * 2], target[MAX_PATH * 2], copied[MAX_PATH];
	char *end;

	snprintf(inf, sizeof(inf), "%s\\wdpdkuio.inf", stage);
	if (!SetupCopyOEMInfA(inf, NULL, SPOST_NONE, 0, copied, sizeof(copied), NULL, NULL))
		return setup_fail(GetLastError(), "cannot add the driver package", inf);
	/*
	 * Wine notes where the INF came from in a .pnf beside its copy and takes the image from there; `stage` is gone when it binds, and it
	 * asks for the file for ever. Without the note it takes the image from beside the copy.
	 */
	end = strrchr(copied, '.');
	if (end != NULL)
		memcpy(end, ".pnf", 4);
	DeleteFileA(copied);
	end = strrchr(copied, '\\');
	if (end != NULL)
		*end = 0;
	snprintf(image, sizeof(image), "%s\\wdpdkuio.sys", stage);
	snprintf(target, sizeof(target), "%s\\wdpdkuio.sys", copied);
	if (!CopyFileA(image, target, FALSE))
		return setup_fail(GetLastError(), "cannot copy the driver to", target);
	return 0;
}

static DWORD
add_bus(const char *stage)
{
	static const char hardware_id[] = BUS_HARDWARE_ID "\0";
	SP_DEVINFO_DATA device = {.cbSize = sizeof(device)};
	HDEVINFO set = SetupDiCreateDeviceInfoList(&class_system, NULL);
	char inf[MAX_PATH * 2];
	BOOL reboot = FALSE;
	DWORD error = 0;

	if (set == INVALID_HANDLE_VALUE)
		return setup_fail(GetLastError(), "cannot make a device information set", "");
	if (!SetupDiCreateDeviceInfoA(set, "WDPDKBUS", &class_system, NULL, NULL, DICD_GENERATE_ID, &device) ||
		!SetupDiSetDeviceRegistryPropertyA(set, &device, SPDRP_HARDWAREID, (const BYTE *)hardware_id, sizeof(hardware_id)) ||
		!SetupDiCallClassInstaller(DIF_REGISTERDEVICE, set, &device))
		error = setup_fail(GetLastError(), "cannot make the root device", BUS_HARDWARE_ID);
	SetupDiDestroyDeviceInfoList(set);
	if (error != 0)
		return error;
	snprintf(inf, sizeof(inf), "%s\\wdpdkbus.inf", stage);
	if (!UpdateDriverForPlugAndPlayDevicesA(NULL, BUS_HARDWARE_ID, inf, INSTALLFLAG_FORCE | INSTALLFLAG_NONINTERACTIVE, &reboot))
		return setup_fail(GetLastError(), "cannot install the bus from", inf);
	return 0;
}

DWORD
setup_install(const struct setup_options *options)
{
	char stage[MAX_PATH * 2] = "";
	DWORD error = setup_uninstall();

	if (error == 0)
		error = stage_files(options, stage, sizeof(stage));
	if (error == 0)
		error = setup_parameters(options);
	if (error == 0 && !options->bus_only)
		error = add_package(stage);
	if (error == 0)
		error = add_bus(stage);
	if (error == 0)
		error = setup_service_start("wdpdkbus");
	if (stage[0] != 0)
		stage_remove(stage);
	return error;
}

static bool
is_ours(HDEVINFO set, SP_DEVINFO_DATA *device)
{
	char id[MAX_PATH] = "";

	if (SetupDiGetDeviceInstanceIdA(set, device, id, sizeof(id), NULL) && strstr(id, "\\" FUNCTION_INSTANCE) != NULL)
		return true;
	memset(id, 0, sizeof(id));
	return SetupDiGetDeviceRegistryPropertyA(set, device, SPDRP_HARDWAREID, NULL, (BYTE *)id, sizeof(id) - 2, NULL) &&
		_stricmp(id, BUS_HARDWARE_ID) == 0;
}

/* Present or not: what a run that broke off left, too. */
static DWORD
remove_devices(void)
{
	SP_DEVINFO_DATA device = {.cbSize = sizeof(device)};
	HDEVINFO set = SetupDiGetClassDevsA(NULL, NULL, NULL, DIGCF_ALLCLASSES);
	DWORD error = 0, i;

	if (set == INVALID_HANDLE_VALUE)
		return setup_fail(GetLastError(), "cannot list the devices", "");
	for (i = 0; SetupDiEnumDeviceInfo(set, i, &device); i++)
		if (is_ours(set, &device) && !SetupDiCallClassInstaller(DIF_REMOVE, set, &device))
			error = setup_fail(GetLastError(), "cannot remove a device of", BUS_HARDWARE_ID);
	SetupDiDestroyDeviceInfoList(set);
	return error;
}

static bool
mentions(const char *path, const char *word)
{
	char text[16384];
	FILE *file = fopen(path, "rb");
	size_t n;

	if (file == NULL)
		return false;
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = 0;
	return strstr(text, word) != NULL;
}

/* Wine keeps a package under its own name, Windows as oemN.inf. */
static void
remove_packages(void)
{
	static const char *const files[] = {"inf\\wdpdkuio.sys", "inf\\wdpdkuio.inf", "inf\\wdpdkuio.pnf", "inf\\wdpdkbus.sys",
		"inf\\wdpdkbus.inf", "inf\\wdpdkbus.pnf", "system32\\drivers\\wdpdkuio.sys", "system32\\drivers\\wdpdkbus.sys"};
	char folder[MAX_PATH], path[MAX_PATH * 2];
	WIN32_FIND_DATAA found;
	HANDLE search;
	size_t i;

	GetWindowsDirectoryA(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s\\inf\\oem*.inf", folder);
	search = FindFirstFileA(path, &found);
	if (search != INVALID_HANDLE_VALUE) {
		do {
			snprintf(path, sizeof(path), "%s\\inf\\%s", folder, found.cFileName);
			if (mentions(path, "wdpdkuio.sys") || mentions(path, "wdpdkbus.sys"))
				SetupUninstallOEMInfA(found.cFileName, SUOI_FORCEDELETE, NULL);
		} while (FindNextFileA(search, &found));
		FindClose(search);
	}
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s\\%s", folder, files[i]);
		DeleteFileA(path);
	}
}

/* The cards out first: a function driver that goes after its bus would give interfaces back to an image that is no more. */
static void
take_cards_out(void)
{
	ULONGLONG end = GetTickCount64() + 10000;
	struct wdpdk_testbus_status status;
	uint32_t i;

	for (i = 0; i < WDPDK_TESTBUS_DEVICES; i++)
		bus_plug(i, false);
	/* Quarantined memory holds its interface for good. */
	while (bus_status(&status) == 0 && status.references != 0 && status.account[WDPDK_TESTBUS_DMA_BYTES] == 0 && GetTickCount64() < end)
		Sleep(10);
}

DWORD
setup_uninstall(void)
{
	static const char *const services[] = {"wdpdkbus", "wdpdkuio"};
	DWORD error, also;
	size_t i;

	if (strcmp(setup_service_state("wdpdkbus"), "running") == 0)
		take_cards_out();
	error = remove_devices();
	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (strcmp(setup_service_state(services[i]), "absent") == 0)
			continue;
		/* A driver with quarantined memory stays loaded, and its service says "running" for good: it is deleted all the same. */
		setup_service_stop(services[i]);
		also = setup_service_delete(services[i]);
		if (error == 0)
			error = also;
	}
	RegDeleteTreeA(HKEY_LOCAL_MACHINE, "System\\CurrentControlSet\\Services\\wdpdkbus");
	remove_packages();
	return error;
}
