/* SPDX-License-Identifier: Apache-2.0
 * What the stories' programs between a kiosk and its hub share. The program that includes it owns the socket.
 */
#ifndef YINGBIN_TESTS_BETWEEN_H
#define YINGBIN_TESTS_BETWEEN_H

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* A port of its own, which it prints as a JSON line; ends the program where there is none. */
static inline int listen_here(const char *program) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t len = sizeof at;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 64) ||
      getsockname(fd, (struct sockaddr *)&at, &len)) {
    perror(program);
    exit(1);
  }
  printf("{\"port\":%d}\n", ntohs(at.sin_port));
  fflush(stdout);
  return fd;
}

static inline bool send_all(int fd, const char *bytes, size_t n) {
  while (n > 0) {
    const ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes += sent;
    n -= (size_t)sent;
  }
  return true;
}

#endif
