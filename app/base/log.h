/* SPDX-License-Identifier: Apache-2.0
 * The log: one line a message on stderr, with systemd's <N> priority prefix where stderr is the
 * journal of the system, else the time. Any thread; a line is one write(2), so lines never mix.
 * Never log a code, a ticket or a person's name.
 */
#ifndef YINGBIN_BASE_LOG_H
#define YINGBIN_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Once, before threads start. `program` is borrowed for the life of the process. */
void log_init(const char *program, enum log_level most);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

bool log_tells(enum log_level level); /* such a line is written */

/* True where the file descriptor is a stream of systemd's journal (JOURNAL_STREAM names its inode). */
bool log_is_journald(int fd);

#endif
