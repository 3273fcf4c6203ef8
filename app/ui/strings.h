/* SPDX-License-Identifier: Apache-2.0
 * The screens' words, from assets/strings/{zh-Hans,zh-Hant,en}.ini: `key = text` with {1}..{9} for
 * what is put in and `|` where a line breaks best. A key missing in a language is taken from zh-Hans.
 * Read-only after strings_open: any thread.
 */
#ifndef YINGBIN_UI_STRINGS_H
#define YINGBIN_UI_STRINGS_H

#include "base/problem.h"
#include "core/types.h"

struct strings; /* owned */

bool strings_open(const char *folder, struct strings **out, struct problem *problem);
void strings_close(struct strings *strings);

/* The text as it stands in the file; NULL: no such key in this language (no fallback). */
const char *strings_raw(const struct strings *strings, enum lang lang, const char *key);

/* Writes the text with the arguments (const char *, the last one NULL) put in; cut at a character where `size` ends. */
void strings_put(const struct strings *strings, enum lang lang, char *out, size_t size, const char *key, ...)
    __attribute__((sentinel));

/* `key` of entry i of that file, NULL behind the last one. */
const char *strings_key(const struct strings *strings, enum lang lang, int i);

#endif
