/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"

enum { LINE_MAX_BYTES = 1024 };

static struct {
  const char *program;
  enum log_level most;
  bool journald;
} self = {"yingbin", LOG_LEVEL_INFO, false};

static const struct {
  int priority; /* of syslog(3) */
  const char *name;
} levels[] = {[LOG_LEVEL_ERROR] = {3, "error"},
              [LOG_LEVEL_WARN] = {4, "warn"},
              [LOG_LEVEL_INFO] = {6, "info"},
              [LOG_LEVEL_DEBUG] = {7, "debug"}};

bool log_is_journald(int fd) {
  const char *stream = getenv("JOURNAL_STREAM");
  unsigned long long device, inode;
  struct stat st;
  return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(fd, &st) == 0 &&
         (unsigned long long)st.st_dev == device && (unsigned long long)st.st_ino == inode;
}

void log_init(const char *program, enum log_level most) {
  self.program = program;
  self.most = most;
  self.journald = log_is_journald(STDERR_FILENO);
}

bool log_tells(enum log_level level) { return level <= self.most; }

static size_t prefix(char *out, size_t size, enum log_level level) {
  if (self.journald) return (size_t)snprintf(out, size, "<%d>", levels[level].priority);
  struct timespec now;
  struct tm tm;
  char when[32];
  clock_gettime(CLOCK_REALTIME, &now);
  strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", localtime_r(&now.tv_sec, &tm));
  return (size_t)snprintf(out, size, "%s.%03ld %.32s: %s: ", when, now.tv_nsec / 1000000, self.program, levels[level].name);
}

void log_line(enum log_level level, const char *format, ...) {
  if (!log_tells(level)) return;
  char line[LINE_MAX_BYTES + 1], text[2 * LINE_MAX_BYTES];
  size_t used = prefix(line, sizeof(line), level);
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  size_t len = utf8_cut(text, strlen(text), LINE_MAX_BYTES - used);
  for (size_t i = 0; i < len; i++) /* one message, one line; and no control sequences from a file's name */
    line[used + i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7F ? ' ' : text[i];
  line[used + len] = '\n';
  if (write(STDERR_FILENO, line, used + len + 1) < 0) return; /* nobody left to tell */
}
