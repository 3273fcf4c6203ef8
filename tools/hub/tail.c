/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/tail.h"

#include <stdlib.h>
#include <string.h>

struct piece {
  int64_t cursor;
  char kiosk[ID_MAX];
  size_t len;
  char text[];
};

static struct piece *at(const struct tail *t, int n) { return t->piece[(t->first + n) % TAIL_MOST]; }

static void drop_oldest(struct tail *t) {
  struct piece *p = at(t, 0);
  t->from = p->cursor;
  t->bytes -= p->len;
  t->first = (t->first + 1) % TAIL_MOST;
  t->count--;
  free(p);
}

void tail_begin(struct tail *t, int64_t from) {
  while (t->count) drop_oldest(t);
  t->from = t->head = from;
}

void tail_add(struct tail *t, int64_t cursor, const char *kiosk, const char *text, size_t len) {
  struct piece *p = text ? malloc(sizeof *p + len) : NULL;
  if (!p) {
    tail_begin(t, cursor);
    return;
  }
  *p = (struct piece){.cursor = cursor, .len = len};
  snprintf(p->kiosk, sizeof p->kiosk, "%s", kiosk);
  memcpy(p->text, text, len);
  if (t->count == TAIL_MOST) drop_oldest(t);
  t->piece[(t->first + t->count++) % TAIL_MOST] = p;
  t->bytes += len;
  t->head = cursor;
  while (t->bytes > TAIL_BYTES) drop_oldest(t);
}

/* The first one behind `after`. */
static int find(const struct tail *t, int64_t after) {
  int low = 0, high = t->count;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (at(t, middle)->cursor > after)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

bool tail_give(const struct tail *t, const char *kiosk, int64_t after, struct page *page) {
  if (after < t->from) return false;
  for (int i = find(t, after); i < t->count; i++) {
    const struct piece *p = at(t, i);
    if (strcmp(p->kiosk, kiosk) != 0 && !page_put(page, p->cursor, p->text, p->len)) return true;
  }
  if (page->cursor < t->head) page->cursor = t->head;
  return true;
}
