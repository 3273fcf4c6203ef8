/* SPDX-License-Identifier: Apache-2.0
 * attendance.csv: who counts, by time. conflicts.csv: who was admitted once more, and whom a kiosk let in
 * though the rules, asked again, say no. corrections.csv: what people changed. For spreadsheets: with the
 * mark by which they know UTF-8, and nothing that they would take for a formula.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/cells.h"
#include "tools/yingbin/merged.h"

struct listing {
  struct merged *m;
  FILE *out;
  sqlite3_stmt *row;
};

static void put(FILE *out, const char *text) { cell_put(out, text, ","); }

static void put_sure(FILE *out, sqlite3_stmt *s, int column, const char *end) {
  int64_t ms = sqlite3_column_int64(s, column);
  if (sqlite3_column_type(s, column) == SQLITE_NULL)
    fprintf(out, "?%s", end);
  else
    fprintf(out, "%lld.%lld%s", (long long)(ms / 1000), (long long)(ms % 1000 / 100), end);
}

/* What the rules say now: 已结束; where its time isn't sure enough to tell, that, too. */
static void put_again(const char *again, char *out, size_t size) {
  char verdict[64];
  const size_t len = strcspn(again, "?");
  snprintf(verdict, sizeof verdict, "%.*s", (int)len, again);
  snprintf(out, size, "%s%s", merged_verdict(verdict), again[len] ? "（时间不确定 time not sure）" : "");
}

static const char stranger[] = "签到机未登记 kiosk not enrolled";

static bool is_stranger(sqlite3_stmt *s, int column) {
  return sqlite3_column_type(s, column) != SQLITE_NULL && !sqlite3_column_int(s, column);
}

static void put_time(struct listing *l, const char *event, int column) {
  char time[MERGED_TIME];
  merged_time(l->m, event, sqlite3_column_int64(l->row, column), time);
  put(l->out, time);
}

/* Number and name of `who`; of somebody whom only the kiosk knows, the sealed name. Returns the person, or NULL. */
static const struct person *put_who(struct listing *l, const char *who, const char *sealed) {
  char name[MERGED_NAME];
  const struct person *p = merged_person(l->m, who);
  put(l->out, *who == '#' ? "" : who);
  merged_unseal(l->m, who, sealed, name);
  put(l->out, *name ? name : p ? p->name : *sealed ? "（封存 sealed）" : "");
  return p;
}

static bool each(struct listing *l, const char *name, const char *heading, const char *sql, void (*row)(struct listing *l),
                 struct problem *problem) {
  l->out = outputs_open(l->m->outputs, name, problem);
  if (!l->out) return false;
  fprintf(l->out, "\xef\xbb\xbf%s\r\n", heading);
  int step = SQLITE_DONE;
  bool good = merged_prepare(l->m, sql, &l->row, problem);
  while (good && (step = sqlite3_step(l->row)) == SQLITE_ROW) row(l);
  good = good && merged_done(l->m, step, problem);
  sqlite3_finalize(l->row);
  return outputs_close(l->m->outputs, l->out, problem) && good;
}

/* --- attendance.csv --- */

static const char attendance_heading[] =
    "编号 number,姓名 name,单位 organization,票种 type,主办方 host,活动 event,签到点 station,签到时间 time,误差秒 sure_s,"
    "签到机 kiosk,方式 by,值班人员 operator,人数 people,说明 note";

static const char attendance[] =
    "SELECT coalesce(who, ''), coalesce(c.sealed, r.sealed, ''), coalesce(event, ''), coalesce(station, ''), time_ms, sure_ms, "
    "k.kiosk, coalesce(by, ''), coalesce(operator, ''), people, coalesce(again, ''), coalesce(override, ''), k.enrolled FROM "
    "record r NOT INDEXED JOIN kiosk k ON k.id = from_kiosk" MERGED_NAMED "WHERE ruling = 'counts' ORDER BY time_ms, n";

static void attendance_row(struct listing *l) {
  sqlite3_stmt *s = l->row;
  char hosts[512], verdict[128], note[512];
  const char *event = merged_text(s, 2), *again = merged_text(s, 10), *override = merged_text(s, 11);
  if (l->m->host >= 0 && !merged_ours(l->m, merged_person(l->m, merged_text(s, 0)))) return;
  const struct person *p = put_who(l, merged_text(s, 0), merged_text(s, 1));
  put(l->out, p ? p->organization : "");
  merged_hosts(l->m, p ? p->hosts : 0, hosts, sizeof hosts);
  put(l->out, merged_type(l->m, p ? p->type : -1));
  put(l->out, hosts);
  put(l->out, event);
  put(l->out, merged_label(l->m, merged_text(s, 3)));
  put_time(l, event, 4);
  put_sure(l->out, s, 5, ",");
  put(l->out, merged_text(s, 6));
  put(l->out, merged_by(merged_text(s, 7)));
  put(l->out, merged_text(s, 8));
  fprintf(l->out, "%lld,", (long long)sqlite3_column_int64(s, 9));
  const bool unknown = is_stranger(s, 12), ruled = *again || *override;
  put_again(again, verdict, sizeof verdict);
  snprintf(note, sizeof note, "%s%s%s%s%s%s", *again ? "复核：" : "", verdict, *override ? "破例：" : "",
           merged_verdict(override), ruled && unknown ? "；" : "", unknown ? stranger : "");
  cell_put(l->out, note, "\r\n");
}

/* --- conflicts.csv --- */

static const char conflicts_heading[] =
    "类型 kind,编号 number,姓名 name,活动 event,签到点 station,时间 time,误差秒 sure_s,签到机 kiosk,方式 by,值班人员 operator,"
    "首次时间 first time,首次误差秒 first sure_s,首次签到机 first kiosk,首次方式 first by,说明 note";

/* What conflicts name, small and together: in the log itself each one would be read from another place of the file. */
static const char firsts[] =
    "CREATE TEMP TABLE first (n INTEGER PRIMARY KEY, time_ms INTEGER, sure_ms INTEGER, from_kiosk INTEGER, by TEXT);"
    "INSERT INTO temp.first SELECT n, time_ms, sure_ms, from_kiosk, by FROM record NOT INDEXED WHERE ruling = 'counts' AND "
    "EXISTS (SELECT 1 FROM record WHERE ruling = 'conflict')";

static const char conflicts[] =
    "SELECT coalesce(r.who, ''), coalesce(c.sealed, r.sealed, ''), coalesce(r.event, ''), coalesce(r.station, ''), r.time_ms, "
    "r.sure_ms, "
    "k.kiosk, coalesce(r.by, ''), coalesce(r.operator, ''), coalesce(r.again, ''), f.n, f.time_ms, f.sure_ms, fk.kiosk, "
    "coalesce(f.by, ''), k.enrolled FROM record r NOT INDEXED JOIN kiosk k ON k.id = r.from_kiosk LEFT JOIN temp.first f ON "
    "f.n = r.first LEFT JOIN kiosk fk ON fk.id = f.from_kiosk" MERGED_NAMED
    "WHERE r.ruling = 'conflict' OR r.again IS NOT NULL ORDER BY r.time_ms, r.n";

static void conflicts_row(struct listing *l) {
  sqlite3_stmt *s = l->row;
  char kind[192], verdict[128];
  const char *event = merged_text(s, 2), *again = merged_text(s, 9);
  if (l->m->host >= 0 && !merged_ours(l->m, merged_person(l->m, merged_text(s, 0)))) return;
  put_again(again, verdict, sizeof verdict);
  snprintf(kind, sizeof kind, "%s%s", *again ? "复核 unconfirmed：" : "重复 again", verdict);
  put(l->out, kind);
  put_who(l, merged_text(s, 0), merged_text(s, 1));
  put(l->out, event);
  put(l->out, merged_label(l->m, merged_text(s, 3)));
  put_time(l, event, 4);
  put_sure(l->out, s, 5, ",");
  put(l->out, merged_text(s, 6));
  put(l->out, merged_by(merged_text(s, 7)));
  put(l->out, merged_text(s, 8));
  if (sqlite3_column_int64(s, 10)) {
    put_time(l, event, 11);
    put_sure(l->out, s, 12, ",");
  } else {
    fputs(",,", l->out);
  }
  put(l->out, merged_text(s, 13));
  put(l->out, merged_by(merged_text(s, 14)));
  cell_put(l->out, is_stranger(s, 15) ? stranger : "", "\r\n");
}

/* --- corrections.csv --- */

static const char corrections_heading[] =
    "类型 kind,时间 time,误差秒 sure_s,签到机 kiosk,值班人员 operator,编号 number,姓名 name,签到点 station,人数 people,"
    "原记录时间 of,原记录签到机 of kiosk,说明 note";

static const char corrections[] =
    "SELECT CASE WHEN r.kind = 'undo' THEN '撤销 undo' WHEN r.kind = 'correct' THEN '更正 correct' WHEN r.override IS NOT NULL "
    "THEN '破例 override' ELSE '现场登记 walk-in' END, r.time_ms, r.sure_ms, k.kiosk, coalesce(r.operator, ''), "
    "coalesce(r.attendee, "
    "r.who, f.who, ''), coalesce(r.sealed, ''), coalesce(r.station, f.station, ''), coalesce(r.people, r.count, ''), f.n, "
    "f.time_ms, "
    "fk.kiosk, coalesce(r.note, ''), coalesce(r.event, f.event, ''), coalesce(r.override, ''), r.kind <> 'scan', "
    "coalesce(f.sealed, ''), k.enrolled "
    "FROM record r JOIN kiosk k ON k.id = r.from_kiosk LEFT JOIN (SELECT id AS target, n, time_ms, from_kiosk, who, sealed, "
    "station, event FROM record WHERE ruling IS NOT NULL) f ON "
    "f.target = r.ref LEFT JOIN kiosk fk ON fk.id = f.from_kiosk WHERE r.kind IN ('undo', 'correct') OR (r.ruling IS NOT NULL "
    "AND "
    "(r.sealed IS NOT NULL OR r.override IS NOT NULL)) ORDER BY r.time_ms, r.n, f.n";

static void corrections_row(struct listing *l) {
  sqlite3_stmt *s = l->row;
  const char *event = merged_text(s, 13), *sealed = merged_text(s, 6);
  if (l->m->host >= 0 && !merged_ours(l->m, merged_person(l->m, merged_text(s, 5)))) return;
  put(l->out, merged_text(s, 0));
  put_time(l, event, 1);
  put_sure(l->out, s, 2, ",");
  put(l->out, merged_text(s, 3));
  put(l->out, merged_text(s, 4));
  put_who(l, merged_text(s, 5), *sealed ? sealed : merged_text(s, 16));
  put(l->out, merged_label(l->m, merged_text(s, 7)));
  put(l->out, merged_text(s, 8));
  if (sqlite3_column_int64(s, 9))
    put_time(l, event, 10);
  else
    put(l->out, sqlite3_column_int(s, 15) ? "?" : "");
  put(l->out, merged_text(s, 11));
  const char *override = merged_text(s, 14), *note = merged_text(s, 12);
  const bool unknown = is_stranger(s, 17), before = *override || *note;
  const size_t room = strlen(note) + 256; /* a note may be as long as who wrote the log liked */
  char *text = grow(NULL, room, 1);
  snprintf(text, room, "%.64s%s%s%s%s", merged_verdict(override), *override && *note ? "；" : "", note,
           before && unknown ? "；" : "", unknown ? stranger : "");
  cell_put(l->out, text, "\r\n");
  free(text);
}

bool merged_lists(struct merged *m, struct problem *problem) {
  struct listing l = {.m = m};
  if (sqlite3_exec(m->db, firsts, NULL, NULL, NULL)) return merged_done(m, SQLITE_ERROR, problem);
  return each(&l, "attendance.csv", attendance_heading, attendance, attendance_row, problem) &&
         each(&l, "conflicts.csv", conflicts_heading, conflicts, conflicts_row, problem) &&
         each(&l, "corrections.csv", corrections_heading, corrections, corrections_row, problem);
}
