/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "exact.h"

int
xl710_exact_open(struct xl710_port *port, const char *bar)
{
	struct xl710_mailbox *mailbox;
	char path[4096];

	snprintf(path, sizeof(path), "%.4000s.exact", bar);
	port->control->mailbox_file = xl710_file_map(path, XL710_MAILBOX_SIZE, true);
	if (port->control->mailbox_file == NULL)
		return -errno;
	mailbox = xl710_file_bytes(port->control->mailbox_file);
	memset(mailbox, 0, XL710_MAILBOX_SIZE);
	__atomic_store_n(&mailbox->magic, XL710_MAILBOX_MAGIC, __ATOMIC_RELEASE);
	return 0;
}

void
xl710_exact_close(struct xl710_port *port)
{
	xl710_file_close(port->control->mailbox_file);
	port->control->mailbox_file = NULL;
}

bool
xl710_exact_serve(struct xl710_port *port)
{
	struct xl710_mailbox *mailbox;
	uint32_t asked, size;

	if (port->control->mailbox_file == NULL)
		return false;
	mailbox = xl710_file_bytes(port->control->mailbox_file);
	asked = __atomic_load_n(&mailbox->asked, __ATOMIC_ACQUIRE);
	if (asked == __atomic_load_n(&mailbox->answered, __ATOMIC_RELAXED))
		return false;
	size = __atomic_load_n(&mailbox->size, __ATOMIC_RELAXED) == 8 ? 8 : 4;
	if (__atomic_load_n(&mailbox->kind, __ATOMIC_RELAXED) == XL710_MAILBOX_WRITE)
		xl710_access_write(port, mailbox->offset, mailbox->value, size);
	else
		mailbox->value = xl710_access_read(port, mailbox->offset, size);
	port->control->accesses++;
	__atomic_store_n(&mailbox->answered, asked, __ATOMIC_RELEASE);
	return true;
}
