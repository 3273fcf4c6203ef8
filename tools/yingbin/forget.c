/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/forget.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/yingbin/codes.h"
#include "tools/yingbin/ticket_book.h"
#include "tools/yingbin/ticket_face.h"
#include "tools/yingbin/tickets.h"
#include "tools/yingbin/who.h"

enum { FILE_MOST = 512 << 20 };

struct rewrite { /* a roster without the person's rows */
  const char *file;
  char *bytes; /* owned */
  size_t len;
};

struct forgetting {
  struct folder *f;
  int record; /* in codes.csv */
  struct rewrite rewrite[ROSTERS_MAX];
  int rewrites, rows;
};

/* --- rows out of a CSV, in whatever encoding: all else keeps its bytes --- */

/* Two where the file is UTF-16, which must say so by its mark; 0: it doesn't. */
static size_t unit_of(const char *bytes, size_t len) {
  if (len >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2))) return 2;
  return memchr(bytes, 0, len) ? 0 : 1;
}

static int unit_at(const char *bytes, size_t at, size_t unit) {
  const unsigned char *b = (const unsigned char *)bytes + at;
  if (unit == 1) return *b;
  bool little = (unsigned char)bytes[0] == 0xff;
  return little ? b[0] | b[1] << 8 : b[0] << 8 | b[1];
}

/* Behind the line that begins at `at`; with `row`, behind the row, whose quoted fields may hold lines. */
static size_t line_end(const char *bytes, size_t len, size_t at, size_t unit, bool row, int *lines) {
  bool quoted = false;
  for (; at + unit <= len; at += unit) {
    int c = unit_at(bytes, at, unit);
    if (c == '"') quoted = !quoted;
    if (c != '\n' && c != '\r') continue;
    if (c == '\r' && at + 2 * unit <= len && unit_at(bytes, at + unit, unit) == '\n') at += unit;
    ++*lines;
    if (!row || !quoted) return at + unit;
  }
  return len;
}

/* `lines` ascend, `count` of them. False: the file has no such line. */
static bool cut_rows(const char *bytes, size_t len, size_t unit, const int *lines, int count, struct rewrite *out) {
  size_t at = 0;
  int line = 1, done = 0;
  out->bytes = malloc(len + 1);
  if (!out->bytes) abort();
  out->len = 0;
  while (at < len) {
    bool drop = done < count && line == lines[done];
    size_t end = line_end(bytes, len, at, unit, drop, &line);
    if (drop) {
      done++;
    } else {
      memcpy(out->bytes + out->len, bytes + at, end - at);
      out->len += end - at;
    }
    at = end;
  }
  return done == count;
}

/* --- which rows --- */

static bool cut_roster(struct forgetting *g, const struct roster *r, const struct roster_table *t, const int *lines, int count,
                       struct problem *problem) {
  char *bytes;
  size_t len;
  const char *file = folder_path(g->f, r->file);
  if (!t->facts.delimiter)
    return problem_set(problem,
                       "%1$s 第 %2$d 行：请在 Excel 或 WPS 里删掉这一行（共 %3$d 行）、保存，再运行一次。什么都还没有改动",
                       "%1$s, line %2$d: delete this line in your spreadsheet program (%3$d in all), save, and run this again. "
                       "Nothing was changed yet",
                       r->label, lines[0], count);
  if (!file_read(file, FILE_MOST, &bytes, &len, problem)) return false;
  size_t unit = unit_of(bytes, len);
  struct rewrite *w = &g->rewrite[g->rewrites];
  w->file = file;
  bool good = unit && cut_rows(bytes, len, unit, lines, count, w);
  if (unit) g->rewrites++;
  free(bytes);
  g->rows += count;
  return good || problem_set(problem, "%1$s：无法安全地删掉第 %2$d 行，请自己删掉后再运行一次。什么都还没有改动",
                             "%1$s: line %2$d can't be taken out safely; delete it yourself and run this again. Nothing was "
                             "changed yet",
                             r->label, lines[0]);
}

static bool search_roster(struct forgetting *g, const struct roster *r, struct problem *problem) {
  struct roster_table t = {.rows = 0};
  struct table_ask ask = {.file = r->file,
                          .path = folder_path(g->f, r->file),
                          .sheet = r->sheet,
                          .encoding = r->encoding,
                          .errors = &g->f->errors,
                          .warnings = &g->f->warnings};
  if (!roster_read(&ask, r->columns, &g->f->texts, &t)) return *problem = g->f->errors.at[0], roster_free(&t), false;
  int *record = who_records(g->f, r, &t), *lines = grow(NULL, (size_t)t.rows + 1, sizeof *lines), count = 0;
  for (int i = 0; record && i < t.rows; i++)
    if (record[i] == g->record) lines[count++] = t.row[i].line;
  bool good = record && (!count || cut_roster(g, r, &t, lines, count, problem));
  if (!record) *problem = g->f->errors.at[0];
  free(record);
  free(lines);
  roster_free(&t);
  return good;
}

/* --- what is kept beside the rosters --- */

/* The number stays, with nothing known of whose it was. */
static void empty_record(struct codes *c, int record) {
  int kept = 0;
  bool stone = false;
  for (int i = 0; i < c->knowns; i++) {
    struct known k = c->known[i];
    if (k.record == record && stone) continue;
    if (k.record == record) k = (struct known){record, "", "", "", "", "", ""}, stone = true;
    c->known[kept++] = k;
  }
  c->knowns = kept;
  c->record[record].code = "";
}

/* Lines of a CSV of ours that begin with the number; no such file: nothing to do. */
static bool drop_lines(const char *file, const char *number, struct problem *problem) {
  char *bytes;
  size_t len, kept = 0, n = strlen(number);
  if (access(file, F_OK)) return true;
  if (!file_read(file, FILE_MOST, &bytes, &len, problem)) return false;
  for (size_t at = 0, end; at < len; at = end) {
    int lines = 0;
    end = line_end(bytes, len, at, 1, true, &lines);
    if (end - at > n && !memcmp(bytes + at, number, n) && bytes[at + n] == ',') continue;
    memmove(bytes + kept, bytes + at, end - at);
    kept += end - at;
  }
  bool good = kept == len || file_write(file, bytes, kept, 0600, problem);
  free(bytes);
  return good;
}

/* tickets.xlsx follows tickets.csv; without one nobody knows what is in it. */
static bool renew_book(struct forgetting *g, const char *dir, struct problem *problem) {
  const char *csv = pool_format(&g->f->texts, "%s/tickets.csv", dir), *book = pool_format(&g->f->texts, "%s/tickets.xlsx", dir);
  char *bytes;
  size_t len;
  if (access(book, F_OK)) return true;
  if (access(csv, F_OK)) return !unlink(book) || problem_system(problem, errno, "删不掉", "can't delete", book);
  if (!file_read(csv, FILE_MOST, &bytes, &len, problem)) return false;
  bool good = ticket_book_write(bytes, len, book, problem);
  free(bytes);
  return good;
}

static bool drop_tickets(struct forgetting *g, const char *dir, const char *number, int *removed, struct problem *problem) {
  for (int i = 0; i < TICKET_FORMS; i++) {
    const char *file = pool_format(&g->f->texts, "%s/%s.%s", dir, number, ticket_suffix[i]);
    if (!unlink(file))
      ++*removed;
    else if (errno != ENOENT)
      return problem_system(problem, errno, "删不掉", "can't delete", file);
  }
  return drop_lines(pool_format(&g->f->texts, "%s/tickets.csv", dir), number, problem) && renew_book(g, dir, problem);
}

static bool write_all(struct forgetting *g, const char *number, struct problem *problem) {
  for (int i = 0; i < g->rewrites; i++)
    if (!file_write(g->rewrite[i].file, g->rewrite[i].bytes, g->rewrite[i].len, 0600, problem)) return false;
  empty_record(g->f->codes, g->record);
  static const char *const made_again[] = {"merged.csv", "phones.csv"}; /* by the next build */
  for (size_t i = 0; i < sizeof made_again / sizeof *made_again; i++) {
    const char *file = folder_path(g->f, made_again[i]);
    if (unlink(file) && errno != ENOENT) return problem_system(problem, errno, "删不掉", "can't delete", file);
  }
  return drop_lines(folder_path(g->f, "sent.csv"), number, problem) &&
         codes_write(folder_path(g->f, "codes.csv"), g->f->codes, problem);
}

bool forget_person(struct folder *f, const char *number, const char *tickets, struct forgotten *done, struct problem *problem) {
  struct forgetting *g = grow(NULL, 1, sizeof *g);
  *g = (struct forgetting){.f = f, .record = -1};
  *done = (struct forgotten){0};
  for (int i = 0; i < f->codes->records; i++) {
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, f->codes->record[i].number);
    if (!strcmp(text, number)) g->record = i;
  }
  bool good = g->record >= 0 || problem_set(problem, "codes.csv 里没有编号 %s", "codes.csv has no number %s", number);
  for (int i = 0; good && i < f->rosters; i++)
    if (!strcmp(f->catalog.event[f->roster[i].event].id, f->codes->record[g->record].event))
      good = search_roster(g, &f->roster[i], problem);
  good = good && write_all(g, number, problem) && (!tickets || drop_tickets(g, tickets, number, &done->tickets, problem));
  done->rows = g->rows;
  for (int i = 0; i < g->rewrites; i++) free(g->rewrite[i].bytes);
  free(g);
  return good;
}
