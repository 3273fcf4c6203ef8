/* SPDX-License-Identifier: Apache-2.0
 * Loaded before a program (LD_PRELOAD): a disk that doesn't answer. Whoever syncs a file whose path has $SLOW_DISK in it says
 * so by making the file $SLOW_DISK_AT, and then waits for ever.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int fsync(int fd) {
  char link[64], path[PATH_MAX] = "";
  const char *slow = getenv("SLOW_DISK"), *at = getenv("SLOW_DISK_AT");
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if (slow && at && readlink(link, path, sizeof path - 1) > 0 && strstr(path, slow)) {
    const int told = open(at, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (told >= 0) close(told);
    for (;;) pause();
  }
  return (int)syscall(SYS_fsync, fd);
}
