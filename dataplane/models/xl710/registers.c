/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>

#include "port.h"

static const struct {
	uint32_t offset, count, stride, rows, rows_stride, value;
	enum xl710_reset reset;
} table[] = {
#define TABLE_ROW(name, offset, count, stride, rows, rows_stride, reset, value) \
	{ offset, count, stride, rows, rows_stride, value, XL710_##reset },
	XL710_REGISTER_ROWS(TABLE_ROW)
#undef TABLE_ROW
};

void
xl710_registers_reset(struct xl710_port *port, enum xl710_reset reset)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].reset > reset)
			continue;
		for (uint32_t row = 0; row < table[i].rows; row++)
			for (uint32_t n = 0; n < table[i].count; n++)
				reg_set(port, table[i].offset + row * table[i].rows_stride + n * table[i].stride, table[i].value);
	}
}
