/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/xlsx.h"

enum { STRINGS_MOST = 20000000 };
static const size_t BYTES_MOST = (size_t)300 << 20;

struct reading {
  struct xlsx *x;
  char *text; /* owned: the string in hand */
  size_t len, room;
  bool in_text, in_phonetic, stop;
};

static void on_start(void *reading, const char *name, const char **a) {
  struct reading *r = reading;
  (void)a;
  if (!strcmp(name, "si")) r->len = 0;
  if (!strcmp(name, "rPh")) r->in_phonetic = true; /* how it is read aloud, not what it says */
  r->in_text = !strcmp(name, "t") && !r->in_phonetic;
}

static void on_text(void *reading, const char *text, int len) {
  struct reading *r = reading;
  if (!r->in_text) return;
  size_t n = (size_t)len;
  if (r->len + n > TABLE_CELL_MOST + 1) n = TABLE_CELL_MOST + 1 - r->len;
  if (r->len + n > r->room) r->text = grow(r->text, r->room = (r->len + n) * 2, 1);
  memcpy(r->text + r->len, text, n);
  r->len += n;
}

static void on_end(void *reading, const char *name) {
  struct reading *r = reading;
  struct xlsx *x = r->x;
  r->in_text = false;
  if (!strcmp(name, "rPh")) r->in_phonetic = false;
  if (strcmp(name, "si") != 0) return;
  x->string_bytes += r->len + sizeof *x->string;
  if (x->strings == STRINGS_MOST || x->string_bytes > BYTES_MOST) {
    r->stop = true;
    remarks_say(x->ask->errors, "%s：文字超过 300 MB，不像名单", "%s: there are over 300 MB of text, which is no roster",
                x->ask->file);
    return;
  }
  if ((x->strings & (x->strings - 1)) == 0)
    x->string = grow(x->string, x->strings ? (size_t)x->strings * 2 : 1, sizeof *x->string);
  x->string[x->strings++] = pool_add(&x->texts, r->text ? r->text : "", r->len);
}

bool xlsx_strings(struct xlsx *x) {
  struct reading r = {.x = x};
  const struct xlsx_calls calls = {on_start, on_end, on_text};
  if (!x->strings_part) return true;
  bool good = xlsx_parse(x, x->strings_part, &calls, &r, &r.stop) && !r.stop;
  free(r.text);
  return good;
}
