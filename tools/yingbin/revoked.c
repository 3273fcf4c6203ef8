/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/revoked.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "core/ticket.h"
#include "pack/format.h"
#include "tools/yingbin/codes.h"
#include "tools/yingbin/forms.h"

enum { FILE_MOST = 64 << 20 };

struct entry {
  const char *text; /* of a number: its digits */
  int line;
  bool number, known;
};

struct reading {
  struct folder *f;
  struct entry *at; /* owned */
  int count;
  struct revoked *out;
};

/* As a spreadsheet may have quoted it. */
static const char *unquoted(struct folder *f, const char *at, size_t len) {
  if (len < 2 || at[0] != '"' || at[len - 1] != '"') return pool_add(&f->texts, at, len);
  char *text = (char *)pool_add(&f->texts, at + 1, len - 2), *put = text;
  for (const char *get = text; *get; get++) {
    if (get[0] == '"' && get[1] == '"') get++;
    *put++ = *get;
  }
  *put = 0;
  return text;
}

static void take_line(struct reading *r, int line, const char *at, size_t len) {
  int64_t number;
  trim_text(&at, &len);
  if (!len || *at == '#') return;
  struct entry e = {.text = unquoted(r->f, at, len), .line = line};
  if (!strncmp(e.text, "number ", 7) && form_number(e.text + 7, 1, INT64_MAX, &number)) {
    e.number = true;
    e.text = pool_format(&r->f->texts, "%" PRId64, number);
  }
  if ((r->count & (r->count - 1)) == 0) r->at = grow(r->at, r->count ? (size_t)r->count * 2 : 1, sizeof *r->at);
  r->at[r->count++] = e;
}

static int by_text(const void *a, const void *b) {
  const struct entry *x = a, *y = b;
  return x->number != y->number ? x->number - y->number : strcmp(x->text, y->text);
}

static struct entry *find(struct reading *r, const char *text, bool number) {
  struct entry key = {.text = text, .number = number};
  return *text ? bsearch(&key, r->at, (size_t)r->count, sizeof *r->at, by_text) : NULL;
}

static void revoke(struct reading *r, const char *text) {
  struct revoked *o = r->out;
  if (!*text) return;
  if ((o->texts & (o->texts - 1)) == 0) o->text = grow(o->text, o->texts ? (size_t)o->texts * 2 : 1, sizeof *o->text);
  o->text[o->texts++] = text;
}

/* Whose tickets they are, by code or by number; several lines may be of one text. */
static void know(struct reading *r, const char *number, const char *const code[3]) {
  struct entry *whole = find(r, number, true);
  if (whole) whole->known = true;
  for (int i = 0; i < 3; i++) {
    struct entry *e = find(r, code[i], false);
    if (e) e->known = true;
    if (whole) revoke(r, code[i]);
  }
}

static void match_people(struct reading *r) {
  const struct folder *f = r->f;
  for (int i = 0; i < f->people_count; i++) {
    const struct person *p = &f->people[i];
    know(r, p->number, (const char *const[3]){p->code, p->second, p->issued});
  }
  for (int i = 0; i < f->codes->records; i++) { /* also those who are on no roster any more */
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, f->codes->record[i].number);
    know(r, number, (const char *const[3]){f->codes->record[i].code, "", ""});
  }
}

static bool is_ours(const struct folder *f, const char *text) {
  struct ticket t;
  ticket_parse((const uint8_t *)text, strlen(text), &t);
  for (int i = 0; t.kind == TICKET_SIGNED && i < f->ticket_keys; i++)
    if (pack_key_id(f->ticket_key[i].key) == t.s.key_id) return true;
  return false;
}

static bool same(const struct entry *a, const struct entry *b) { return a->number == b->number && !strcmp(a->text, b->text); }

static void finish(struct reading *r) {
  struct revoked *o = r->out;
  o->number = grow(NULL, (size_t)r->count, sizeof *o->number);
  for (int i = 0; i < r->count; i++) {
    struct entry *e = &r->at[i];
    if (i > 0 && same(e, &r->at[i - 1])) continue;
    bool known = e->known || is_ours(r->f, e->text);
    for (int k = i + 1; !known && k < r->count && same(e, &r->at[k]); k++) known = r->at[k].known;
    if (e->number)
      o->number[o->numbers++] = strtoull(e->text, NULL, 10);
    else
      revoke(r, e->text);
    if (!known)
      remarks_say(
          &r->f->warnings,
          "%1$s 第 %2$d 行：没有这样的票。可写的有：二维码的内容（含 YB1: 开头的签名票）、number 编号（见 codes.csv）",
          "%1$s, line %2$d: there is no such ticket. Write what the QR code holds (also of a signed ticket, YB1:...), or "
          "number N (see codes.csv)",
          r->f->revoked, e->line);
  }
}

bool revoked_read(struct folder *f, struct revoked *out, struct problem *problem) {
  struct reading r = {.f = f, .out = out};
  char *text;
  size_t len;
  *out = (struct revoked){.texts = 0};
  if (!*f->revoked) return true;
  if (!file_read(folder_path(f, f->revoked), FILE_MOST, &text, &len, problem)) return false;
  const char *at = len >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3) ? text + 3 : text;
  for (int line = 1; at < text + len; line++) {
    const char *end = memchr(at, '\n', (size_t)(text + len - at));
    if (!end) end = text + len;
    take_line(&r, line, at, (size_t)(end - at));
    at = end + 1;
  }
  free(text);
  if (r.count) {
    qsort(r.at, (size_t)r.count, sizeof *r.at, by_text);
    match_people(&r);
    finish(&r);
  }
  free(r.at);
  return true;
}

void revoked_free(struct revoked *revoked) {
  free(revoked->text);
  free(revoked->number);
  *revoked = (struct revoked){.texts = 0};
}
