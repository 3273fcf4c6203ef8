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
};

static void put(FILE *out, const char *text) { cell_put(out, text, ","); }

static void put_sure(FILE *out, int64_t ms) {
  char text[] = "0.0,";
  if (ms >= 10000) {
    fprintf(out, "%lld.%lld,", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
    return;
  }
  text[0] = (char)('0' + ms / 1000), text[2] = (char)('0' + ms % 1000 / 100);
  fputs_unlocked(ms < 0 ? "?," : text, out);
}

/* What the rules say now: 已结束; where its time isn't sure enough to tell, that, too. */
static void put_again(const char *again, char *out, size_t size) {
  char verdict[64];
  const size_t len = strcspn(again, "?");
  *out = '\0';
  if (!len) return;
  snprintf(verdict, sizeof verdict, "%.*s", (int)len, again);
  snprintf(out, size, "%s%s", merged_verdict(verdict), again[len] ? "（时间不确定 time not sure）" : "");
}

static const char stranger[] = "签到机未登记 kiosk not enrolled";
static const char not_theirs[] =
    "签到机未登记，不能改别的签到机的记录 kiosk not enrolled: it can't change what others recorded";

static void put_time(struct listing *l, const char *event, int64_t ms) {
  char time[MERGED_TIME];
  merged_time(l->m, event, ms, time);
  put(l->out, time);
}

/* Number and name of `who`; of somebody whom only the kiosk knows, the sealed name. Returns the person, or NULL. */
static const struct person *put_who(struct listing *l, const char *who, const char *sealed) {
  char name[MERGED_NAME];
  const struct person *p = merged_seen(l->m, merged_person(l->m, who));
  put(l->out, *who == '#' ? "" : who);
  merged_unseal(l->m, who, sealed, name);
  put(l->out, *name ? name : p ? p->name : *sealed ? "（封存 sealed）" : "");
  return p;
}

static const char *text(const struct listing *l, uint32_t id) { return merged_row_text(&l->m->rows, id); }

static const struct merged_kiosk *kiosk(const struct listing *l, const struct merged_row *row) {
  return &l->m->rows.kiosk[row->kiosk];
}

static bool begin(struct listing *l, const char *name, const char *heading, struct problem *problem) {
  l->out = outputs_open(l->m->outputs, name, problem);
  if (l->out) fprintf(l->out, "\xef\xbb\xbf%s\r\n", heading);
  return l->out;
}

/* By time those that are wanted, and that the host may see. */
static bool each(struct listing *l, const char *name, const char *heading, bool (*wanted)(const struct merged_row *row),
                 void (*put_row)(struct listing *l, const struct merged_row *row), struct problem *problem) {
  const struct merged_rows *rows = &l->m->rows;
  if (!begin(l, name, heading, problem)) return false;
  for (uint32_t i = 0; i < rows->count; i++) {
    const struct merged_row *row = merged_row(rows, rows->by_time[i]);
    if (wanted(row) && (l->m->host < 0 || merged_ours(l->m, merged_person(l->m, text(l, row->who))))) put_row(l, row);
  }
  return outputs_close(l->m->outputs, l->out, problem);
}

/* --- attendance.csv --- */

static const char attendance_heading[] =
    "编号 number,姓名 name,单位 organization,票种 type,主办方 host,活动 event,签到点 station,签到时间 time,误差秒 sure_s,"
    "签到机 kiosk,方式 by,值班人员 operator,人数 people,说明 note";

static bool is_attendance(const struct merged_row *row) { return row->ruling == RULING_COUNTS; }

/* From event to operator: the columns that both lists of admissions have. */
static void put_where(struct listing *l, const struct merged_row *row) {
  const char *event = text(l, row->event);
  put(l->out, event);
  put(l->out, merged_label(l->m, text(l, row->station)));
  put_time(l, event, row->time_ms);
  put_sure(l->out, row->sure_ms);
  put(l->out, kiosk(l, row)->name);
  put(l->out, merged_by(text(l, row->by)));
  put(l->out, text(l, row->operator));
}

static void attendance_row(struct listing *l, const struct merged_row *row) {
  char hosts[512], verdict[128], note[512];
  const char *again = text(l, row->again), *override = text(l, row->override);
  const struct person *p = put_who(l, text(l, row->who), merged_sealed_row(l->m, row));
  put(l->out, p ? p->organization : "");
  merged_hosts(l->m, p ? merged_person(l->m, p->number)->hosts : 0, hosts, sizeof hosts);
  put(l->out, merged_type(l->m, p ? p->type : -1));
  put(l->out, hosts);
  put_where(l, row);
  fprintf(l->out, "%lld,", (long long)row->people);
  const bool unknown = kiosk(l, row)->enrolled == 0, ruled = *again || *override;
  put_again(again, verdict, sizeof verdict);
  snprintf(note, sizeof note, "%s%s%s%s%s%s", *again ? "复核：" : "", verdict, *override ? "破例：" : "",
           merged_verdict(override), ruled && unknown ? "；" : "", unknown ? stranger : "");
  cell_put(l->out, note, "\r\n");
}

/* --- conflicts.csv --- */

static const char *const refused[] = {"撤销未生效 undo without effect", "更正未生效 correction without effect"};

static const char conflicts_heading[] =
    "类型 kind,编号 number,姓名 name,活动 event,签到点 station,时间 time,误差秒 sure_s,签到机 kiosk,方式 by,值班人员 operator,"
    "首次时间 first time,首次误差秒 first sure_s,首次签到机 first kiosk,首次方式 first by,说明 note";

static void put_first(struct listing *l, const char *event, const struct merged_row *first) {
  if (first) {
    put_time(l, event, first->time_ms);
    put_sure(l->out, first->sure_ms);
  } else {
    fputs(",,", l->out);
  }
  put(l->out, first ? kiosk(l, first)->name : "");
  put(l->out, first ? merged_by(text(l, first->by)) : "");
}

static void conflicts_row(struct listing *l, const struct merged_row *row) {
  char kind[192], verdict[128];
  const char *again = text(l, row->again);
  put_again(again, verdict, sizeof verdict);
  if (*again) snprintf(kind, sizeof kind, "复核 unconfirmed：%s", verdict);
  put(l->out, merged_is_refused(row) ? refused[row->ruling == RULING_CORRECT_REFUSED] : *again ? kind : "重复 again");
  put_who(l, text(l, row->who), merged_sealed_row(l->m, row));
  put_where(l, row);
  put_first(l, text(l, row->event), row->first ? merged_row_of(&l->m->rows, row->first) : NULL);
  cell_put(l->out, merged_is_refused(row) ? not_theirs : kiosk(l, row)->enrolled == 0 ? stranger : "", "\r\n");
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
    "coalesce(f.sealed, ''), k.enrolled, r.kind <> 'scan' AND r.ruling IS NOT NULL "
    "FROM temp.rare CROSS JOIN record r USING (n) JOIN kiosk k ON k.id = r.from_kiosk LEFT JOIN temp.target t ON t.id = r.ref "
    "LEFT "
    "JOIN record f ON f.n = t.n LEFT JOIN kiosk fk ON fk.id = f.from_kiosk WHERE r.kind IN ('undo', 'correct') OR (r.ruling IS "
    "NOT NULL AND (r.sealed IS NOT NULL OR r.override IS NOT NULL)) ORDER BY r.time_ms, r.n, f.n";

/* What undoings and corrections are about: found in one pass, and in none where there is none. */
static const char targets[] =
    "CREATE TEMP TABLE meant (ref TEXT PRIMARY KEY) WITHOUT ROWID; CREATE TEMP TABLE target (id TEXT, n INTEGER);"
    "INSERT OR IGNORE INTO temp.meant SELECT ref FROM temp.rare CROSS JOIN record USING (n) WHERE ref IS NOT NULL;"
    "INSERT INTO temp.target SELECT id, n FROM record NOT INDEXED WHERE EXISTS (SELECT 1 FROM temp.meant) AND ruling IN "
    "('counts', 'conflict', 'undone') AND id IN (SELECT ref FROM temp.meant)";

static void corrections_row(struct listing *l, sqlite3_stmt *s) {
  const char *event = merged_text(s, 13), *sealed = merged_text(s, 6);
  if (l->m->host >= 0 && !merged_ours(l->m, merged_person(l->m, merged_text(s, 5)))) return;
  put(l->out, merged_text(s, 0));
  put_time(l, event, sqlite3_column_int64(s, 1));
  put_sure(l->out, sqlite3_column_type(s, 2) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, 2));
  put(l->out, merged_text(s, 3));
  put(l->out, merged_text(s, 4));
  put_who(l, merged_text(s, 5), *sealed ? sealed : merged_text(s, 16));
  put(l->out, merged_label(l->m, merged_text(s, 7)));
  put(l->out, merged_text(s, 8));
  if (sqlite3_column_int64(s, 9))
    put_time(l, event, sqlite3_column_int64(s, 10));
  else
    put(l->out, sqlite3_column_int(s, 15) ? "?" : "");
  put(l->out, merged_text(s, 11));
  const char *override = merged_text(s, 14), *note = merged_text(s, 12);
  const bool unknown = sqlite3_column_type(s, 17) != SQLITE_NULL && !sqlite3_column_int(s, 17), before = *override || *note;
  const char *whose = !unknown ? "" : sqlite3_column_int(s, 18) ? not_theirs : stranger;
  const size_t room = strlen(note) + 256; /* a note may be as long as who wrote the log liked */
  char *text = grow(NULL, room, 1);
  snprintf(text, room, "%.64s%s%s%s%s", merged_verdict(override), *override && *note ? "；" : "", note,
           before && unknown ? "；" : "", whose);
  cell_put(l->out, text, "\r\n");
  free(text);
}

static bool put_corrections(struct listing *l, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  int step = SQLITE_DONE;
  if (!begin(l, "corrections.csv", corrections_heading, problem)) return false;
  bool good = (!sqlite3_exec(l->m->db, targets, NULL, NULL, NULL) || merged_done(l->m, SQLITE_ERROR, problem)) &&
              merged_prepare(l->m, corrections, &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) corrections_row(l, s);
  good = good && merged_done(l->m, step, problem);
  sqlite3_finalize(s);
  return outputs_close(l->m->outputs, l->out, problem) && good;
}

bool merged_lists(struct merged *m, struct problem *problem) {
  struct listing l = {.m = m};
  return each(&l, "attendance.csv", attendance_heading, is_attendance, attendance_row, problem) &&
         each(&l, "conflicts.csv", conflicts_heading, merged_is_conflict, conflicts_row, problem) &&
         put_corrections(&l, problem);
}
