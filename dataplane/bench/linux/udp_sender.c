/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Small UDP datagrams to a loopback port, as many as it can, until it is killed: bench_udp_sender PORT BYTES. The fast sender for the row
 * that measures what Node's dgram receives.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64

int
main(int argc, char **argv)
{
	static char payload[1472];
	struct iovec part = { .iov_base = payload };
	struct mmsghdr messages[BATCH];
	struct sockaddr_in to = { .sin_family = AF_INET };
	unsigned long port, bytes;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "bench_udp_sender PORT BYTES\n");
		return 64;
	}
	port = strtoul(argv[1], NULL, 10);
	bytes = strtoul(argv[2], NULL, 10);
	if (port == 0 || port > 65535 || bytes == 0 || bytes > sizeof(payload)) {
		fprintf(stderr, "PORT or BYTES out of range\n");
		return 64;
	}
	part.iov_len = bytes;
	to.sin_port = htons((uint16_t)port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		perror("socket");
		return 1;
	}
	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < BATCH; i++) {
		messages[i].msg_hdr.msg_iov = &part;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	for (;;) {
		/* ECONNREFUSED: nobody listens yet or any more. */
		if (sendmmsg(fd, messages, BATCH, 0) < 0 && errno != ECONNREFUSED && errno != ENOBUFS && errno != EAGAIN) {
			perror("sendmmsg");
			return 1;
		}
	}
}
