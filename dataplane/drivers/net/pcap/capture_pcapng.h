/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Between the two halves of the reader: capture_reader.c knows classic pcap, capture_pcapng.c the block format.
 */
#ifndef WDPDK_CAPTURE_PCAPNG_H
#define WDPDK_CAPTURE_PCAPNG_H

#include <rte_common.h>

#include "capture_reader.h"

/* As capture_reader_open() and capture_reader_next(). */
int capture_pcapng_open(struct capture_reader *reader);
int capture_pcapng_next(struct capture_reader *reader, struct capture_frame *frame);

/* Keeps the text and returns error. */
int capture_fail(struct capture_reader *reader, int error, const char *format, ...)
	__rte_format_printf(3, 4);
/* Words in the file's byte order; the caller has checked that they are inside. */
uint16_t capture_u16(const struct capture_reader *reader, size_t offset);
uint32_t capture_u32(const struct capture_reader *reader, size_t offset);
/* 0 or an error: is this Ethernet; does a frame of that length lie within the bytes available for it. */
int capture_check_link_type(struct capture_reader *reader, size_t offset, uint16_t link_type);
int capture_check_frame(struct capture_reader *reader, size_t offset, uint32_t length, size_t available);

#endif
