/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "journal/export_read.h"
#include "journal/merge_stage.h"
#include "journal/record.h"

enum { /* columns of `raw` as the insert counts them */
       COLUMN_KIND = 6,
       COLUMN_BOOT,
       COLUMN_MONO,
       COLUMN_WALL,
       COLUMN_OK,
       COLUMN_SAID,
       COLUMN_EVIDENCE,
       COLUMN_FLOOR,
       COLUMN_IDENT,
       COLUMN_REF,
       COLUMN_ADMIT,
       COLUMN_EVENT,
       COLUMN_STATION,
       COLUMN_WHO,
       COLUMN_COUNT,
       COLUMN_UNCONFIRMED,
       COLUMN_OVERRIDE,
       COLUMN_LINE
};

static const int64_t farthest = INT64_C(1) << 50; /* ms: nobody's clock, and sums of two are no trouble */

static void bind_text(sqlite3_stmt *s, int column, const struct record_value *v, size_t most) {
  if (v->type == RECORD_TEXT && v->len && v->len < most)
    sqlite3_bind_text(s, column, v->text, (int)v->len, SQLITE_TRANSIENT);
  else
    sqlite3_bind_null(s, column);
}

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

static void bind_time(sqlite3_stmt *s, const struct record *r, enum merge_kind kind) {
  int64_t mono, wall_ms = 0, said_ms, error_ms;
  char note[NOTE_MAX];
  bool has_mono = number(r, RECORD_MONO, &mono), has_wall = wall(r, &wall_ms);
  bool ok = has_wall && r->value[RECORD_WALL_OK].type == RECORD_TRUE;
  bool clock = kind == MERGE_CLOCK && has_wall && has_mono && record_copy(r, RECORD_NOTE, note, sizeof note);
  enum clock_source source = clock ? clock_note(note, &error_ms) : CLOCK_NONE;
  bind_text(s, COLUMN_BOOT, &r->value[RECORD_BOOT], MERGE_BOOT_MAX);
  if (has_mono) sqlite3_bind_int64(s, COLUMN_MONO, mono);
  if (has_wall) sqlite3_bind_int64(s, COLUMN_WALL, wall_ms);
  sqlite3_bind_int(s, COLUMN_OK, ok);
  if (source == CLOCK_EVIDENCE && said_wall(note, ok, wall_ms, &said_ms)) {
    sqlite3_bind_int64(s, COLUMN_SAID, said_ms);
    sqlite3_bind_int64(s, COLUMN_EVIDENCE, error_ms);
  }
  if (source == CLOCK_FLOOR) sqlite3_bind_int64(s, COLUMN_FLOOR, wall_ms - mono);
}

/* A roster number, or # and a code's hash; "": neither. */
static void name_who(const struct record *r, char who[ID_MAX + 1]) {
  const struct record_value *attendee = &r->value[RECORD_ATTENDEE], *code = &r->value[RECORD_CODE];
  const bool is_code = attendee->type != RECORD_TEXT || !attendee->len;
  const struct record_value *v = is_code ? code : attendee;
  const size_t len = v->type != RECORD_TEXT ? 0 : v->len < ID_MAX ? v->len : ID_MAX - 1;
  snprintf(who, ID_MAX + 1, "%s%.*s", is_code && len ? "#" : "", (int)len, len ? v->text : "");
}

/* Only what is judged; all the rest stays in the line. */
static void bind_who(sqlite3_stmt *s, const struct record *r, enum merge_kind kind) {
  char who[ID_MAX + 1];
  int64_t count;
  const struct record_value *override = &r->value[RECORD_OVERRIDE];
  bind_text(s, COLUMN_REF, &r->value[RECORD_REF], ID_MAX);
  if (number(r, RECORD_COUNT, &count) && count >= 0 && count <= 1000000) sqlite3_bind_int64(s, COLUMN_COUNT, count);
  if (kind == MERGE_CORRECT) bind_text(s, COLUMN_WHO, &r->value[RECORD_ATTENDEE], ID_MAX);
  if (kind != MERGE_SCAN || !record_is(r, RECORD_VERDICT, "admit")) return;
  name_who(r, who);
  sqlite3_bind_int(s, COLUMN_ADMIT, 1);
  bind_text(s, COLUMN_EVENT, &r->value[RECORD_EVENT], ID_MAX);
  bind_text(s, COLUMN_STATION, &r->value[RECORD_STATION], (size_t)2 * ID_MAX);
  sqlite3_bind_text(s, COLUMN_WHO, who, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int(s, COLUMN_UNCONFIRMED, r->value[RECORD_UNCONFIRMED].type == RECORD_TRUE);
  sqlite3_bind_int(s, COLUMN_OVERRIDE, override->type == RECORD_TEXT && override->len != 0);
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

bool merge_fields(sqlite3_stmt *s, const char *line, size_t len, int64_t *seq) {
  struct record r;
  const bool is_object = record_read(&r, line, len), good = is_object && !(r.parsed && is_deep(line, len));
  *seq = good ? record_number(&r, RECORD_SEQ, 0) : 0;
  sqlite3_clear_bindings(s);
  if (*seq >= 1) {
    enum merge_kind kind = kind_of(&r);
    sqlite3_bind_int(s, COLUMN_KIND, (int)kind);
    bind_text(s, COLUMN_IDENT, &r.value[RECORD_ID], ID_MAX);
    bind_time(s, &r, kind);
    bind_who(s, &r, kind);
    sqlite3_bind_text(s, COLUMN_LINE, line, (int)len, SQLITE_TRANSIENT);
  }
  if (is_object) record_free(&r);
  return *seq >= 1;
}
