/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <unigbrk.h>
#include <unistr.h>

#include "ui/screens.h"

void screen_mask_name(const char *name, char *out, size_t size) {
  enum { MOST = 1024, STARS = 3 };
  char breaks[MOST];
  const size_t len = strlen(name) < MOST ? strlen(name) : MOST;
  u8_grapheme_breaks((const uint8_t *)name, len, breaks);
  size_t first = 0, stars = 0;
  for (size_t i = 1; i < len; i++)
    if (breaks[i]) {
      if (first == 0) first = i;
      stars++;
    }
  if (first == 0) first = len;
  if (len == 0 || first >= size) {
    snprintf(out, size, "%s", len > 0 ? "*" : "");
    return;
  }
  snprintf(out, size, "%.*s%.*s", (int)first, name, (int)(stars < STARS ? stars : STARS), "***");
}
