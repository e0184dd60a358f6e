/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The names under which Windows knows a PCI function, out of its configuration space. In the templates a letter after `%` is
 * one hexadecimal number: v vendor, d device, s subsystem, r revision, c class with and b without programming interface,
 * i slot; `|` ends one string of a list.
 */
#include "bus.h"

static const char device_id[] = "PCI\\VEN_%v&DEV_%d&SUBSYS_%s&REV_%r";
static const char hardware_ids[] = "PCI\\VEN_%v&DEV_%d&SUBSYS_%s&REV_%r|PCI\\VEN_%v&DEV_%d&SUBSYS_%s|"
				   "PCI\\VEN_%v&DEV_%d&CC_%c|PCI\\VEN_%v&DEV_%d&CC_%b|";
static const char compatible_ids[] = "PCI\\VEN_%v&DEV_%d&REV_%r|PCI\\VEN_%v&DEV_%d|PCI\\VEN_%v&CC_%c|PCI\\VEN_%v&CC_%b|PCI\\VEN_%v|"
				     "PCI\\CC_%c|PCI\\CC_%b|";
static const char instance_id[] = "WDPDKTEST%i";

#define ID_CHARACTERS 512

static ULONG
number(const struct function *function, char which, uint32_t *value)
{
	const uint8_t *config = function->config;

	switch (which) {
	case 'v':
		*value = config[0] | (uint32_t)config[1] << 8;
		return 4;
	case 'd':
		*value = config[2] | (uint32_t)config[3] << 8;
		return 4;
	case 's': /* the subsystem's id, then its vendor */
		*value = config[0x2C] | (uint32_t)config[0x2D] << 8 | (uint32_t)config[0x2E] << 16 | (uint32_t)config[0x2F] << 24;
		return 8;
	case 'r':
		*value = config[8];
		return 2;
	case 'c':
		*value = config[9] | (uint32_t)config[10] << 8 | (uint32_t)config[11] << 16;
		return 6;
	case 'b':
		*value = config[10] | (uint32_t)config[11] << 8;
		return 4;
	default:
		*value = function->slot;
		return 1;
	}
}

/* No template is longer than ID_CHARACTERS when filled in; the last two are for the ends of string and list. */
static ULONG
fill(const struct function *function, const char *template, WCHAR *to)
{
	ULONG n = 0;

	for (; *template != 0 && n < ID_CHARACTERS - 10; template++) {
		if (*template == '|') {
			to[n++] = 0;
		} else if (*template == '%') {
			uint32_t value;
			ULONG digits = number(function, *++template, &value);

			while (digits-- != 0)
				to[n++] = (WCHAR)"0123456789ABCDEF"[value >> digits * 4 & 15];
		} else {
			to[n++] = (WCHAR)*template;
		}
	}
	to[n++] = 0;
	return n;
}

NTSTATUS
pdo_query_id(struct function *function, BUS_QUERY_ID_TYPE type, WCHAR **id)
{
	const char *template;

	switch (type) {
	case BusQueryDeviceID:
		template = device_id;
		break;
	case BusQueryHardwareIDs:
		template = hardware_ids;
		break;
	case BusQueryCompatibleIDs:
		template = compatible_ids;
		break;
	case BusQueryInstanceID:
		template = instance_id;
		break;
	default:
		return STATUS_NOT_SUPPORTED;
	}
	*id = ExAllocatePoolWithTag(PagedPool, ID_CHARACTERS * sizeof(WCHAR), BUS_TAG);
	if (*id == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	fill(function, template, *id);
	return STATUS_SUCCESS;
}
