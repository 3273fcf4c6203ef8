/* SPDX-License-Identifier: Apache-2.0
 * A record's fields out of its line. Almost every line is as a kiosk writes it: flat, its keys in their order, nothing escaped.
 * Such a one is read in one pass and borrows from the line; any other goes through jansson, and comes out the same way
 * (tests/fuzz/fuzz_record.c holds the two against each other). Nothing is believed. Pure, but for malloc in the second case.
 */
#ifndef YINGBIN_JOURNAL_RECORD_H
#define YINGBIN_JOURNAL_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum record_key { /* in the order in which they are written */
                  RECORD_SEQ,
                  RECORD_ID,
                  RECORD_KIND,
                  RECORD_KIOSK,
                  RECORD_EVENT,
                  RECORD_STATION,
                  RECORD_ATTENDEE,
                  RECORD_CODE,
                  RECORD_VERDICT,
                  RECORD_BY,
                  RECORD_OPERATOR,
                  RECORD_COUNT,
                  RECORD_REF,
                  RECORD_OVERRIDE,
                  RECORD_SEALED,
                  RECORD_BOOT,
                  RECORD_MONO,
                  RECORD_WALL,
                  RECORD_WALL_OK,
                  RECORD_VIEW_AGE,
                  RECORD_UNCONFIRMED,
                  RECORD_NOTE,
                  RECORD_KEYS
};

enum record_type { RECORD_NONE, RECORD_TEXT, RECORD_NUMBER, RECORD_TRUE, RECORD_FALSE, RECORD_OTHER /* null, 1.5, [], {} */ };

struct record_value {
  enum record_type type;
  const char *text; /* RECORD_TEXT: UTF-8 without a NUL in it, not terminated */
  size_t len;
  int64_t number; /* RECORD_NUMBER */
};

struct record {
  struct record_value value[RECORD_KEYS];
  json_t *parsed; /* owned; NULL: the line was flat, and is borrowed */
};

/* False: it is no JSON object, or a key is there twice; there is nothing to free then. */
bool record_read(struct record *record, const char *line, size_t len);
bool record_read_any(struct record *record, const char *line, size_t len); /* the same by jansson alone */
void record_free(struct record *record);

bool record_is(const struct record *record, enum record_key key, const char *text);
/* "" and false where it is no text, or has no room. */
bool record_copy(const struct record *record, enum record_key key, char *out, size_t size);
int64_t record_number(const struct record *record, enum record_key key, int64_t otherwise);

#endif
