/* SPDX-License-Identifier: Apache-2.0
 * A name from its two parts, for rosters with a column each: 欧阳 and 晓晴 are 欧阳晓晴, María and Hernández
 * are María Hernández. The order is the usual one of the script that the parts are written in. Pure.
 */
#ifndef YINGBIN_TOOLS_NAMES_H
#define YINGBIN_TOOLS_NAMES_H

#include <stddef.h>

/* Han, kana and Hangul: the family first, without a blank; else the given name first. Either may be empty. */
void name_join(const char *family, const char *given, char *out, size_t size);

#endif
