/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "journal/export_read.h"
#include "journal/merge_stage.h"

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

static const char *text(const json_t *o, const char *key) {
  const json_t *value = json_object_get(o, key);
  return json_is_string(value) ? json_string_value(value) : "";
}

static void bind_text(sqlite3_stmt *s, int column, const char *value, size_t most) {
  if (*value && strlen(value) < most)
    sqlite3_bind_text(s, column, value, -1, SQLITE_TRANSIENT);
  else
    sqlite3_bind_null(s, column);
}

static bool number(const json_t *o, const char *key, int64_t *value) {
  const json_t *n = json_object_get(o, key);
  *value = json_is_integer(n) ? json_integer_value(n) : 0;
  return json_is_integer(n) && *value > -farthest && *value < farthest;
}

enum { WALL_LEN = 24 };

static bool begins_with_wall(const char *text, int64_t *ms) {
  return export_time(text, ms) && *ms > -farthest && *ms < farthest;
}

static bool wall(const char *text, int64_t *ms) { return strlen(text) == WALL_LEN && begins_with_wall(text, ms); }

/* What time it was at that record, by its evidence: the kiosk's own clock, where that was set by it; a hub that can't prove who
 * it is says so beside a clock that stays as it is. */
static bool said_wall(const char *note, bool ok, int64_t wall_ms, int64_t *said_ms) {
  const char *said = strstr(note, " wall=");
  *said_ms = wall_ms;
  return said ? begins_with_wall(said + strlen(" wall="), said_ms) : ok;
}

static enum merge_kind kind_of(const char *name) {
  static const char *const names[MERGE_OTHER] = {"scan", "undo", "correct", "clock", "shift", "system", "practice"};
  int i = 0;
  while (i < MERGE_OTHER && strcmp(name, names[i])) i++;
  return (enum merge_kind)i;
}

static void bind_time(sqlite3_stmt *s, const json_t *o, enum merge_kind kind) {
  int64_t mono, wall_ms = 0, said_ms, error_ms;
  const char *note = text(o, "note");
  bool has_mono = number(o, "mono_ms", &mono), has_wall = wall(text(o, "wall"), &wall_ms);
  bool ok = has_wall && json_is_true(json_object_get(o, "wall_ok"));
  enum clock_source source = kind == MERGE_CLOCK && has_wall && has_mono ? clock_note(note, &error_ms) : CLOCK_NONE;
  bind_text(s, COLUMN_BOOT, text(o, "boot"), MERGE_BOOT_MAX);
  if (has_mono) sqlite3_bind_int64(s, COLUMN_MONO, mono);
  if (has_wall) sqlite3_bind_int64(s, COLUMN_WALL, wall_ms);
  sqlite3_bind_int(s, COLUMN_OK, ok);
  if (source == CLOCK_EVIDENCE && said_wall(note, ok, wall_ms, &said_ms)) {
    sqlite3_bind_int64(s, COLUMN_SAID, said_ms);
    sqlite3_bind_int64(s, COLUMN_EVIDENCE, error_ms);
  }
  if (source == CLOCK_FLOOR) sqlite3_bind_int64(s, COLUMN_FLOOR, wall_ms - mono);
}

/* Only what is judged; all the rest stays in the line. */
static void bind_who(sqlite3_stmt *s, const json_t *o, enum merge_kind kind) {
  char who[ID_MAX + 1];
  int64_t count;
  const char *attendee = text(o, "attendee"), *code = text(o, "code");
  bool admit = kind == MERGE_SCAN && !strcmp(text(o, "verdict"), "admit");
  bind_text(s, COLUMN_REF, text(o, "ref"), ID_MAX);
  if (number(o, "count", &count) && count >= 0 && count <= 1000000) sqlite3_bind_int64(s, COLUMN_COUNT, count);
  if (kind == MERGE_CORRECT) bind_text(s, COLUMN_WHO, attendee, ID_MAX);
  if (!admit) return;
  snprintf(who, sizeof who, "%s%.*s", *attendee ? "" : *code ? "#" : "", ID_MAX - 1, *attendee ? attendee : code);
  sqlite3_bind_int(s, COLUMN_ADMIT, 1);
  bind_text(s, COLUMN_EVENT, text(o, "event"), ID_MAX);
  bind_text(s, COLUMN_STATION, text(o, "station"), (size_t)2 * ID_MAX);
  sqlite3_bind_text(s, COLUMN_WHO, who, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int(s, COLUMN_UNCONFIRMED, json_is_true(json_object_get(o, "unconfirmed")));
  sqlite3_bind_int(s, COLUMN_OVERRIDE, *text(o, "override") != 0);
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
  json_t *o = is_deep(line, len) ? NULL : export_object(line, len);
  const json_t *n = json_object_get(o, "seq");
  *seq = json_is_integer(n) ? json_integer_value(n) : 0;
  sqlite3_clear_bindings(s);
  if (*seq >= 1) {
    enum merge_kind kind = kind_of(text(o, "kind"));
    sqlite3_bind_int(s, COLUMN_KIND, (int)kind);
    bind_text(s, COLUMN_IDENT, text(o, "id"), ID_MAX);
    bind_time(s, o, kind);
    bind_who(s, o, kind);
    sqlite3_bind_text(s, COLUMN_LINE, line, (int)len, SQLITE_TRANSIENT);
  }
  json_decref(o);
  return *seq >= 1;
}
