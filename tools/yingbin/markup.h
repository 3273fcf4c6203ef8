/* SPDX-License-Identifier: Apache-2.0
 * Text as XML and HTML have it. Pure.
 */
#ifndef YINGBIN_TOOLS_MARKUP_H
#define YINGBIN_TOOLS_MARKUP_H

#include <stdio.h>

/* A control character is a blank: XML 1.0 has none but tab and line ends, which a line of text doesn't need. */
static inline void markup_put(FILE *out, const char *text) {
  for (; *text; text++) switch (*text) {
    case '&': fputs("&amp;", out); break;
    case '<': fputs("&lt;", out); break;
    case '>': fputs("&gt;", out); break;
    case '"': fputs("&quot;", out); break;
    default: fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
    }
}

#endif
