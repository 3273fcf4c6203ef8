/* SPDX-License-Identifier: Apache-2.0
 * An export's parts as they are read, shared by who checks one and who merges many: lines of bounded
 * length, the header, the end line. Nothing is believed. Each failure is a problem without its place:
 * the caller knows what it was reading.
 */
#ifndef YINGBIN_JOURNAL_EXPORT_READ_H
#define YINGBIN_JOURNAL_EXPORT_READ_H

#include <jansson.h>
#include <stdio.h>

#include "base/problem.h"
#include "core/types.h"
#include "journal/chain.h"

/* An export comes from anywhere: no line is longer than this. */
enum { EXPORT_LINE_MOST = 64 * 1024, EXPORT_HEADER_MOST = 4096, EXPORT_AHEAD = 64 * 1024 };

struct export_lines {
  FILE *in;       /* borrowed */
  int64_t number; /* of the line, from 1 */
  size_t len;
  char line[EXPORT_LINE_MOST + 1]; /* without its LF, with a NUL */
  size_t next, ahead;              /* of what was read of `in` already, which nobody else reads from then on */
  char buffer[EXPORT_AHEAD];
};

enum export_got { EXPORT_LINE, EXPORT_END, EXPORT_CUT /* within the line, which is there as far as it goes */, EXPORT_BAD };

/* A problem where it is EXPORT_CUT or EXPORT_BAD. What editors and mail programs do to a text is undone: a mark at its
 * beginning, CR LF, empty lines; a line of ours never has these, and chain and signature are of what is left. */
enum export_got export_line(struct export_lines *lines, struct problem *problem);

struct export_header {
  char kiosk[ID_MAX];
  uint8_t journal[JOURNAL_ID], key[32], chain_before[JOURNAL_CHAIN];
  int64_t from_seq;
  bool purged; /* what comes before isn't there any more, says the kiosk */
};

bool export_header(const char *line, size_t len, struct export_header *header, struct problem *problem);

struct export_end {
  int64_t to_seq;
  uint8_t chain[JOURNAL_CHAIN], sig[64];
};

bool export_end(const char *line, size_t len, struct export_end *end); /* false: it is no end line */

/* An object, without doubled keys; NULL: it isn't one. The caller's to free. */
json_t *export_object(const char *text, size_t len);
bool export_hex(const json_t *object, const char *key, uint8_t *bytes, size_t n);
bool export_time(const char *text, int64_t *ms); /* "2023-10-28T00:31:07.123Z", as the journal writes it; more may follow */

#endif
