/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/texts.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 65536, REMARKS_KEPT = 50 };

struct texts_block {
  struct texts_block *older;
  size_t used, room;
  char bytes[];
};

static void *or_die(void *block) {
  if (block) return block;
  fputs("yingbin: 内存不足\nyingbin: out of memory\n", stderr);
  exit(1);
}

void *grow(void *block, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) or_die(NULL);
  size_t bytes = count * size;
  return or_die(realloc(block, bytes ? bytes : 1));
}

static char *texts_room(struct texts *t, size_t len) {
  struct texts_block *b = t->newest;
  if (!b || b->room - b->used < len) {
    size_t room = len > BLOCK ? len : BLOCK;
    b = or_die(malloc(sizeof *b + room));
    *b = (struct texts_block){.older = t->newest, .room = room};
    t->newest = b;
  }
  b->used += len;
  return b->bytes + b->used - len;
}

const char *texts_add(struct texts *t, const char *text, size_t len) {
  if (!len) return "";
  char *copy = texts_room(t, len + 1);
  memcpy(copy, text, len);
  copy[len] = 0;
  return copy;
}

const char *texts_format(struct texts *t, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  char *copy = texts_room(t, (size_t)len + 1);
  vsnprintf(copy, (size_t)len + 1, format, again);
  va_end(again);
  va_end(args);
  return copy;
}

void texts_free(struct texts *t) {
  while (t->newest) {
    struct texts_block *older = t->newest->older;
    free(t->newest);
    t->newest = older;
  }
}

void remarks_add(struct remarks *r, const struct problem *p) {
  if (r->count == REMARKS_KEPT) {
    r->more++;
    return;
  }
  r->at = grow(r->at, (size_t)r->count + 1, sizeof *r->at);
  r->at[r->count++] = *p;
}

static void say(char *out, size_t size, const char *format, va_list args) {
  int len = vsnprintf(out, size, format, args);
  if (len < (int)size) return;
  size_t end = size - 1; /* cut before the character that doesn't fit */
  while (end && ((unsigned char)out[end - 1] & 0xC0) == 0x80) end--;
  out[end ? end - 1 : 0] = 0;
}

bool remarks_say(struct remarks *r, const char *zh_format, const char *en_format, ...) {
  struct problem p;
  va_list args, again;
  va_start(args, en_format);
  va_copy(again, args);
  say(p.zh, sizeof p.zh, zh_format, args);
  say(p.en, sizeof p.en, en_format, again);
  va_end(again);
  va_end(args);
  remarks_add(r, &p);
  return false;
}

void remarks_print(const struct remarks *r, const char *prefix) {
  for (int i = 0; i < r->count; i++) problem_print(&r->at[i], prefix);
  if (r->more) fprintf(stderr, "%s: 另有 %d 处\n%s: and %d more\n", prefix, r->more, prefix, r->more);
}

void remarks_free(struct remarks *r) {
  free(r->at);
  *r = (struct remarks){0};
}
