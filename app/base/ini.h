/* SPDX-License-Identifier: Apache-2.0
 * Our INI files (pack.ini, kiosk.conf, strings): UTF-8 with or without BOM, LF or CRLF, `[section]`
 * or `[section name]` lines, `key = value` lines, whole-line comments with `#` or `;` only (a value
 * may hold both), lines of any length. Blanks around keys and values are cut off. No value spans
 * lines, nothing is escaped.
 *
 * The parser hands out slices of the caller's text: no allocation, pure, any thread.
 */
#ifndef YINGBIN_BASE_INI_H
#define YINGBIN_BASE_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct slice {
  const char *at; /* borrowed, not terminated */
  size_t len;
};

enum ini_kind { INI_SECTION, INI_PAIR, INI_END, INI_BAD };

struct ini_item {
  enum ini_kind kind;
  int line;              /* from 1 */
  struct slice section;  /* SECTION: "event" of `[event kcc-guangzhou]` */
  struct slice argument; /* SECTION: "kcc-guangzhou", may be empty */
  struct slice key, value; /* PAIR */
};

struct ini {
  const char *file; /* borrowed; its name in messages */
  const char *at, *end;
  int line;
};

void ini_init(struct ini *ini, const char *file, const char *text, size_t len);

/* The next section or pair. INI_BAD sets the problem (file, line, what was expected) and the parser
 * goes on behind that line at the next call. Invalid UTF-8 and NUL bytes are INI_BAD. */
enum ini_kind ini_next(struct ini *ini, struct ini_item *item, struct problem *problem);

bool slice_is(struct slice s, const char *text);
bool slice_copy(struct slice s, char *out, size_t size); /* false: did not fit; out is then empty */

/* "unknown key" with file, line (unless 0) and the list of known keys (NULL-terminated). Always returns false. */
bool ini_unknown(const struct ini *ini, const struct ini_item *item, const char *const *known, struct problem *problem);

#endif
