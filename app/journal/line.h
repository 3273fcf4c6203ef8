/* SPDX-License-Identifier: Apache-2.0
 * Writes one line of JSON, key by key in the order of the calls, into a fixed buffer (RFC 8259). Empty
 * texts and hex values are left out. What doesn't fit, or isn't UTF-8, makes the whole line bad: a line
 * that says something else than it was given is worse than none. Pure.
 */
#ifndef YINGBIN_JOURNAL_LINE_H
#define YINGBIN_JOURNAL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINE_ROOM = 12288 }; /* the longest record, each character escaped, has about 8,100 bytes */

struct line {
  char bytes[LINE_ROOM]; /* not terminated */
  size_t len;
  bool bad;
};

void line_begin(struct line *l);
bool line_end(struct line *l); /* false: bad */

void line_text(struct line *l, const char *key, const char *value);
void line_number(struct line *l, const char *key, int64_t value);
void line_bool(struct line *l, const char *key, bool value);
void line_hex(struct line *l, const char *key, const uint8_t *bytes, size_t n); /* all 0: left out */
void line_wall(struct line *l, const char *key, int64_t wall_ms);               /* ISO 8601, UTC, ms */

#endif
