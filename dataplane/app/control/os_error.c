/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "os_error.h"
#include "wdpdk_protocol.h"

void
os_error_set(struct os_error *error, const char *object, const char *remedy, const char *cause, ...)
{
	va_list arguments;

	snprintf(error->object, sizeof(error->object), "%s", object);
	snprintf(error->remedy, sizeof(error->remedy), "%s", remedy);
	va_start(arguments, cause);
	vsnprintf(error->cause, sizeof(error->cause), cause, arguments);
	va_end(arguments);
}

bool
os_instance_name_ok(const char *instance, struct os_error *error)
{
	size_t length = strlen(instance);
	bool good = length > 0 && length < WDPDK_LIMIT_NAME_BYTES && isalnum((unsigned char)instance[0]);

	for (size_t i = 0; good && i < length; i++)
		good = (unsigned char)instance[i] < 0x80 &&
			(isalnum((unsigned char)instance[i]) || strchr("._-", instance[i]) != NULL);
	if (!good)
		os_error_set(error, instance, "Use up to 63 letters, digits, dots, dashes and underscores, "
			"beginning with a letter or digit", "it is no name for an instance");
	return good;
}
