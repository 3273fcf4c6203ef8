/* SPDX-License-Identifier: Apache-2.0
 * The protocol of sd_notify(3): a datagram of lines to the socket that NOTIFY_SOCKET names, where a
 * leading '@' stands for the abstract namespace's zero byte. Nobody may be listening: never an error.
 */
#include "platform/watchdog.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void notify(const char *lines) {
  const char *name = getenv("NOTIFY_SOCKET");
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  if (!name || (name[0] != '/' && name[0] != '@') || strlen(name) >= sizeof to.sun_path) return;
  memcpy(to.sun_path, name, strlen(name));
  if (name[0] == '@') to.sun_path[0] = '\0';
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
  (void)sendto(fd, lines, strlen(lines), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to, size);
  close(fd);
}

void watchdog_ready(const char *status) {
  char lines[256];
  int n = snprintf(lines, sizeof lines, "READY=1\nSTATUS=%s\n", status);
  for (int i = 8; i < n - 1 && i < (int)sizeof lines - 1; i++) { /* a status is one line */
    if (lines[i] == '\n') lines[i] = ' ';
  }
  notify(lines);
}

void watchdog_alive(void) { notify("WATCHDOG=1\n"); }

void watchdog_stopping(void) { notify("STOPPING=1\n"); }

int64_t watchdog_interval_ms(void) {
  const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
  if (!usec || (pid && strtol(pid, NULL, 10) != (long)getpid())) return 0;
  errno = 0;
  long long n = strtoll(usec, NULL, 10);
  return errno || n <= 0 ? 0 : (n + 1999) / 2000;
}
