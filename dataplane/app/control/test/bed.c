/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed.h"

const uint32_t bed_lengths[BED_FRAMES] = { 60, 61, 1514, 9014, 65549 };

uint8_t
bed_byte(uint32_t frame, uint32_t at)
{
	static const uint8_t header[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5 };

	return at < sizeof(header) ? header[at] : (uint8_t)(at * 7 + at / 251 + frame);
}

/* A classic capture: global header, then 16 bytes before each frame. Microsecond stamps, one second apart from 1,000,000,000 on. */
static bool
write_capture(const char *path)
{
	static const uint32_t global[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
	FILE *file = fopen(path, "wb");
	bool good = file != NULL && fwrite(global, sizeof(global), 1, file) == 1;

	for (uint32_t i = 0; good && i < BED_FRAMES; i++) {
		uint32_t record[4] = { 1000000000u + i, 0, bed_lengths[i], bed_lengths[i] };

		good = fwrite(record, sizeof(record), 1, file) == 1;
		for (uint32_t at = 0; good && at < bed_lengths[i]; at++)
			good = fputc(bed_byte(i, at), file) != EOF;
	}
	return file != NULL && fclose(file) == 0 && good;
}

bool
bed_start(struct bed *bed, const char *program, const char *instance, bool loop)
{
	const char *options[] = { NULL };

	return bed_start_with(bed, program, instance, loop ? NULL : "net_null0,no-rx=1", "0", options);
}

bool
bed_start_with(struct bed *bed, const char *program, const char *instance, const char *first_port, const char *lcores,
	const char *const *options)
{
	static unsigned int beds;
	char capture[320], vdev[400], line[1024], *at, *end;
	const char *arguments[32] = { "-l", lcores, "--no-huge", "-m", "256", "--no-pci", "--vdev", vdev, "--vdev", "net_null1,no-rx=1",
		"--", "--instance", instance, "--forward", "drop", "--json-ready", "--idle", "adaptive" };

	for (unsigned int i = 0, n = 18; options[i] != NULL; i++)
		arguments[n++] = options[i];
	memset(bed, 0, sizeof(*bed));
	bed->number = ++beds;
	snprintf(bed->errors, sizeof(bed->errors), "%s/errors-%u.txt", peer_directory(), bed->number);
	snprintf(capture, sizeof(capture), "%s/in.pcap", peer_directory());
	if (first_port == NULL && !write_capture(capture))
		return false;
	if (first_port == NULL)
		snprintf(vdev, sizeof(vdev), "net_pcap0,rx_pcap=%s,infinite_rx=1", capture);
	else
		snprintf(vdev, sizeof(vdev), "%s", first_port);
	bed->child = child_start(program, arguments, bed->errors);
	if (bed->child == NULL || !child_line(bed->child, line, sizeof(line), 60000))
		return false;
	at = strstr(line, "\"endpoint\":\"");
	if (at == NULL)
		return false;
	at += strlen("\"endpoint\":\"");
	end = bed->endpoint;
	for (; *at != '"' && *at != '\0' && end < bed->endpoint + sizeof(bed->endpoint) - 1; at++) {
		if (*at == '\\')
			at++;
		*end++ = *at;
	}
	*end = '\0';
	return true;
}

int
bed_stop(struct bed *bed)
{
	int code;

	child_close_stdin(bed->child);
	code = child_end(bed->child, 20000);
	bed->child = NULL;
	return code;
}

unsigned int
bed_said(const struct bed *bed, const char *text)
{
	static char said[65536];
	unsigned int times = 0;
	FILE *file = fopen(bed->errors, "r");
	size_t length = file == NULL ? 0 : fread(said, 1, sizeof(said) - 1, file);

	said[length] = '\0';
	if (file != NULL)
		fclose(file);
	for (const char *at = said; (at = strstr(at, text)) != NULL; at += strlen(text))
		times++;
	return times;
}
