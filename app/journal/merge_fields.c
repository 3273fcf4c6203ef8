/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "journal/export_read.h"
#include "journal/merge_stage.h"
#include "journal/record.h"

static const int64_t farthest = INT64_C(1) << 50; /* ms: nobody's clock, and sums of two are no trouble */

static bool number(const struct record *r, enum record_key key, int64_t *value) {
  *value = record_number(r, key, INT64_MIN);
  return *value > -farthest && *value < farthest;
}

enum { WALL_LEN = 24 };

static bool begins_with_wall(const char *text, int64_t *ms) {
  return export_time(text, ms) && *ms > -farthest && *ms < farthest;
}

static bool wall(const struct record *r, int64_t *ms) {
  char text[WALL_LEN + 1];
  return record_copy(r, RECORD_WALL, text, sizeof text) && strlen(text) == WALL_LEN && begins_with_wall(text, ms);
}

/* What time it was at that record, by its evidence: the kiosk's own clock, where that was set by it; a hub that can't prove who
 * it is says so beside a clock that stays as it is. */
static bool said_wall(const char *note, bool ok, int64_t wall_ms, int64_t *said_ms) {
  const char *said = strstr(note, " wall=");
  *said_ms = wall_ms;
  return said ? begins_with_wall(said + strlen(" wall="), said_ms) : ok;
}

static enum merge_kind kind_of(const struct record *r) {
  static const char *const names[MERGE_OTHER] = {"scan", "undo", "correct", "clock", "shift", "system", "practice"};
  int i = 0;
  while (i < MERGE_OTHER && !record_is(r, RECORD_KIND, names[i])) i++;
  return (enum merge_kind)i;
}

static void set_flag(struct merge_fields *f, enum merge_flag flag, bool on) {
  if (on) f->row.flags |= (uint8_t)flag;
}

static void take_time(struct merge_fields *f, const struct record *r) {
  int64_t mono = 0, wall_ms = 0, error_ms = 0;
  char note[NOTE_MAX];
  const bool has_mono = number(r, RECORD_MONO, &mono), has_wall = wall(r, &wall_ms);
  const bool ok = has_wall && r->value[RECORD_WALL_OK].type == RECORD_TRUE;
  const bool clock = f->row.kind == MERGE_CLOCK && has_wall && has_mono && record_copy(r, RECORD_NOTE, note, sizeof note);
  const enum clock_source source = clock ? clock_note(note, &error_ms) : CLOCK_NONE;
  record_copy(r, RECORD_BOOT, f->boot, sizeof f->boot);
  f->row.mono = has_mono ? mono : 0, f->row.wall = has_wall ? wall_ms : 0;
  set_flag(f, MERGE_TIMED, has_mono);
  set_flag(f, MERGE_CLOCK_OK, ok);
  f->own = has_mono && has_wall ? wall_ms - mono : INT64_MIN;
  f->floor = source == CLOCK_FLOOR ? wall_ms - mono : INT64_MIN;
  f->has_evidence = source == CLOCK_EVIDENCE && said_wall(note, ok, wall_ms, &f->said);
  f->error = error_ms, f->sets = f->said == wall_ms;
}

/* A roster number, or # and a code's hash; "": neither. */
static void name_who(const struct record *r, char who[ID_MAX + 1]) {
  const struct record_value *attendee = &r->value[RECORD_ATTENDEE], *code = &r->value[RECORD_CODE];
  const bool is_code = attendee->type != RECORD_TEXT || !attendee->len;
  const struct record_value *v = is_code ? code : attendee;
  const size_t len = v->type == RECORD_TEXT ? utf8_cut(v->text, v->len, ID_MAX - 1) : 0;
  const size_t mark = is_code && len;
  who[0] = '#', who[mark + len] = '\0';
  if (len) memcpy(who + mark, v->text, len);
}

/* Only what is judged; all the rest stays in the line. */
static void take_who(struct merge_fields *f, const struct record *r) {
  int64_t count;
  const struct record_value *override = &r->value[RECORD_OVERRIDE];
  record_copy(r, RECORD_REF, f->ref, sizeof f->ref);
  f->row.count = number(r, RECORD_COUNT, &count) && count >= 0 && count <= 1000000 ? (int32_t)count : -1;
  if (f->row.kind == MERGE_CORRECT) record_copy(r, RECORD_ATTENDEE, f->who, ID_MAX);
  if (f->row.kind != MERGE_SCAN || !record_is(r, RECORD_VERDICT, "admit")) return;
  name_who(r, f->who);
  record_copy(r, RECORD_EVENT, f->event, sizeof f->event);
  record_copy(r, RECORD_STATION, f->station, sizeof f->station);
  set_flag(f, MERGE_ADMITS, true);
  set_flag(f, MERGE_UNCONFIRMED, r->value[RECORD_UNCONFIRMED].type == RECORD_TRUE);
  set_flag(f, MERGE_OVERRIDE, override->type == RECORD_TEXT && override->len != 0);
}

/* A record is flat. What is deeper than anything we read is no record; SQLite would stumble over it later. */
static bool is_deep(const char *line, size_t len) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < len; i++) {
    if (line[i] == '\\' && quoted)
      i++;
    else if (line[i] == '"')
      quoted = !quoted;
    else if (!quoted && (line[i] == '{' || line[i] == '[') && ++depth > 100)
      return true;
    else if (!quoted && (line[i] == '}' || line[i] == ']'))
      depth--;
  }
  return false;
}

bool merge_fields(const char *line, size_t len, struct merge_fields *f) {
  struct record r;
  const bool is_object = record_read(&r, line, len), good = is_object && !(r.parsed && is_deep(line, len));
  f->row = (struct merge_row){.seq = good ? record_number(&r, RECORD_SEQ, 0) : 0};
  *f->who = *f->event = *f->station = '\0';
  if (f->row.seq >= 1) {
    f->row.kind = (uint8_t)kind_of(&r);
    record_copy(&r, RECORD_ID, f->ident, sizeof f->ident);
    take_time(f, &r);
    take_who(f, &r);
  }
  if (is_object) record_free(&r);
  return f->row.seq >= 1;
}

/* --- onto the stage --- */

/* A boot is known by its journal and name. Its row is written twice: when it comes up, for its id, and when another one does.
 */
static bool put_boot(struct merge *m, struct merge_boot *b, struct problem *problem) {
  sqlite3_stmt *s = m->boot;
  sqlite3_bind_int64(s, 1, b->journal);
  sqlite3_bind_text(s, 2, b->name, -1, SQLITE_STATIC);
  sqlite3_bind_int64(s, 3, b->first_seq);
  sqlite3_bind_int64(s, 4, b->last_mono);
  sqlite3_bind_int64(s, 5, b->own);
  sqlite3_bind_int64(s, 6, b->floor);
  bool good = sqlite3_step(s) == SQLITE_ROW;
  if (good) b->id = sqlite3_column_int64(s, 0);
  good = (good && sqlite3_step(s) == SQLITE_DONE) || merge_failed(m, problem);
  sqlite3_reset(s);
  return good;
}

bool merge_boot_done(struct merge *m, struct problem *problem) {
  const bool good = !m->in_hand.id || put_boot(m, &m->in_hand, problem);
  m->in_hand.id = 0;
  return good;
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

static bool keep_boot(struct merge *m, struct merge_fields *f, struct problem *problem) {
  struct merge_boot *b = &m->in_hand;
  if (!*f->boot || !(f->row.flags & MERGE_TIMED)) return true;
  if (!b->id || b->journal != f->row.journal || strcmp(b->name, f->boot) != 0) {
    if (!merge_boot_done(m, problem)) return false;
    *b = (struct merge_boot){
        .journal = f->row.journal, .first_seq = INT64_MAX, .last_mono = INT64_MIN, .own = INT64_MIN, .floor = INT64_MIN};
    snprintf(b->name, sizeof b->name, "%s", f->boot);
    if (!put_boot(m, b, problem)) return false;
  }
  if (f->row.seq < b->first_seq) b->first_seq = f->row.seq;
  b->last_mono = larger(b->last_mono, f->row.mono);
  b->own = larger(b->own, f->own), b->floor = larger(b->floor, f->floor);
  f->row.boot = (uint32_t)b->id;
  return true;
}

static bool keep_evidence(struct merge *m, const struct merge_fields *f, struct problem *problem) {
  sqlite3_stmt *s = m->evidence;
  if (!f->has_evidence || !f->row.boot) return true;
  sqlite3_bind_int64(s, 1, f->row.boot);
  sqlite3_bind_int64(s, 2, f->row.mono);
  sqlite3_bind_int64(s, 3, f->said);
  sqlite3_bind_int64(s, 4, f->error);
  sqlite3_bind_int(s, 5, f->sets);
  sqlite3_bind_text(s, 6, f->ident, -1, SQLITE_STATIC);
  const bool good = sqlite3_step(s) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(s);
  return good;
}

static void bind_known(sqlite3_stmt *s, int column, const char *text) {
  if (*text)
    sqlite3_bind_text(s, column, text, -1, SQLITE_STATIC);
  else
    sqlite3_bind_null(s, column);
}

/* What takes back or corrects another record. */
static bool keep_amendment(struct merge *m, const struct merge_fields *f, struct problem *problem) {
  sqlite3_stmt *s = m->amend;
  if (!*f->ref || (f->row.kind != MERGE_UNDO && f->row.kind != MERGE_CORRECT)) return true;
  sqlite3_bind_int64(s, 1, merge_rows_count(&m->rows));
  sqlite3_bind_int(s, 2, f->row.kind);
  bind_known(s, 3, f->ref);
  bind_known(s, 4, f->ident);
  bind_known(s, 5, f->who);
  if (f->row.count >= 0)
    sqlite3_bind_int(s, 6, f->row.count);
  else
    sqlite3_bind_null(s, 6);
  sqlite3_bind_int64(s, 7, f->row.journal);
  const bool good = sqlite3_step(s) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(s);
  return good;
}

/* Most admissions are where the one before was. */
static bool keep_text(struct merge_rows *rows, const char *text, uint32_t before, uint32_t *id) {
  *id = before;
  return !strcmp(interned_at(&rows->texts, before), text) || interned_id(&rows->texts, text, strlen(text), id);
}

static bool keep_texts(struct merge_rows *rows, struct merge_fields *f) {
  const uint32_t count = merge_rows_count(rows);
  const struct merge_row none = {.event = 0}, *before = count ? merge_row(rows, count - 1) : &none;
  return keep_text(rows, f->event, before->event, &f->row.event) &&
         keep_text(rows, f->station, before->station, &f->row.station) &&
         interned_id(&rows->texts, f->who, strlen(f->who), &f->row.who);
}

bool merge_keep(struct merge *m, struct merge_fields *f, const uint8_t prev[JOURNAL_CHAIN], const char *line, size_t len,
                struct problem *problem) {
  struct merge_rows *rows = &m->rows;
  if (!keep_boot(m, f, problem) || !keep_evidence(m, f, problem) || !keep_amendment(m, f, problem)) return false;
  if (*f->ident) f->row.ident = interned_hash(&rows->texts, f->ident, strlen(f->ident));
  if (f->row.flags & MERGE_ADMITS && !keep_texts(rows, f)) return merge_full(problem);
  return merge_rows_add(rows, &f->row, prev, line, len) || merge_full(problem);
}
