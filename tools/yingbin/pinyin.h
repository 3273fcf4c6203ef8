/* SPDX-License-Identifier: Apache-2.0
 * A name as people type it who look for it: Latin letters, syllables with blanks between them, Han
 * characters read as in names ("ou yang xiao qing", "shan", not "dan", for 单), ü as v. By ICU.
 */
#ifndef YINGBIN_TOOLS_PINYIN_H
#define YINGBIN_TOOLS_PINYIN_H

#include <stddef.h>

#include "base/problem.h"

struct pinyin; /* owned */

bool pinyin_open(struct pinyin **pinyin, struct problem *problem);
void pinyin_close(struct pinyin *pinyin);

/* Small letters, digits and single blanks; cut behind a syllable; empty where nothing of the name can be read so. */
void pinyin_of(struct pinyin *pinyin, const char *name, char *out, size_t size);

#endif
