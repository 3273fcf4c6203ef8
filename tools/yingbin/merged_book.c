/* SPDX-License-Identifier: Apache-2.0
 * attendance.xlsx: 人员 a row a person, who didn't come, too, and a column a station and day; 用餐 what was handed
 * out; 赞助商 numbers alone, none of them about fewer than five. Texts are written as texts, never as formulas.
 */
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "core/day.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/merged_numbers.h"

enum { PERSON_COLUMNS = 8, VISITS_MOST = 512, LEAST = 5 };

struct visit { /* a column: a station on a day */
  char station[2 * ID_MAX];
  int32_t day;
};

struct book {
  struct merged *m;
  struct numbers numbers;
  lxw_workbook *file;
  lxw_format *head;
  lxw_worksheet *sheet;
  lxw_row_t row;
  struct visit visit[VISITS_MOST];
  int visits;
};

static void put(struct book *b, int column, const char *text) {
  if (*text) worksheet_write_string(b->sheet, b->row, (lxw_col_t)column, text, NULL);
}

static void put_number(struct book *b, int column, int64_t number) {
  worksheet_write_number(b->sheet, b->row, (lxw_col_t)column, (double)number, NULL);
}

static void begin_sheet(struct book *b, const char *name, const char *const *heading, int count, const double *width) {
  b->sheet = workbook_add_worksheet(b->file, name);
  b->row = 0;
  for (int i = 0; i < count; i++) {
    worksheet_set_column(b->sheet, (lxw_col_t)i, (lxw_col_t)i, width ? width[i] : 14, NULL);
    worksheet_write_string(b->sheet, 0, (lxw_col_t)i, heading[i], b->head);
  }
  worksheet_freeze_panes(b->sheet, 1, 0);
  b->row = 1;
}

static void date_of(int32_t day, char out[16]) {
  static const struct zone utc = {.spans = 1};
  struct civil c = civil_of(&utc, (int64_t)day * 86400000);
  snprintf(out, 16, "%04d-%02d-%02d", c.year % 10000, c.month % 100, c.day % 100);
}

/* --- 人员 --- */

static void find_visits(struct book *b) {
  for (int i = 0; i < b->numbers.stations; i++) {
    const struct numbers_station *s = &b->numbers.station[i];
    const struct visit *last = b->visits ? &b->visit[b->visits - 1] : NULL;
    if (!s->times || (last && last->day == s->day && !strcmp(last->station, s->station)) || b->visits == VISITS_MOST) continue;
    b->visit[b->visits].day = s->day;
    strcpy(b->visit[b->visits++].station, s->station);
  }
}

static void person_headings(struct book *b) {
  static const char *const first[PERSON_COLUMNS] = {"编号", "姓名", "单位", "票种", "主办方", "活动", "状态", "人数"};
  static const double width[PERSON_COLUMNS] = {9, 16, 24, 12, 18, 18, 8, 6};
  char text[3 * ID_MAX], date[16];
  begin_sheet(b, "人员", first, PERSON_COLUMNS, width);
  b->row = 0;
  for (int i = 0; i < b->visits; i++) {
    date_of(b->visit[i].day, date);
    snprintf(text, sizeof text, "%.100s %s", merged_label(b->m, b->visit[i].station), date + 5);
    worksheet_set_column(b->sheet, (lxw_col_t)(PERSON_COLUMNS + i), (lxw_col_t)(PERSON_COLUMNS + i), 16, NULL);
    worksheet_write_string(b->sheet, 0, (lxw_col_t)(PERSON_COLUMNS + i), text, b->head);
  }
  worksheet_freeze_panes(b->sheet, 1, 2);
  b->row = 1;
}

static int visit_at(const struct book *b, const char *station, int32_t day) {
  for (int i = 0; i < b->visits; i++)
    if (b->visit[i].day == day && !strcmp(b->visit[i].station, station)) return i;
  return -1;
}

/* Of who was at two events, each one's. */
struct coming {
  char event[ID_MAX];
  struct arrival arrival;
  int64_t people;
};

static void take_coming(struct book *b, struct coming *c, sqlite3_stmt *s, int32_t day) {
  const char *station = merged_text(s, 1), *event = merged_text(s, 2);
  if (strcmp(c->event, event) != 0) {
    c->people += c->arrival.people;
    c->arrival = (struct arrival){.has = false};
    snprintf(c->event, sizeof c->event, "%s", event);
  }
  arrival_take(&c->arrival, merged_station(b->m, station), station, merged_text(s, 4), sqlite3_column_int64(s, 0), day,
               sqlite3_column_int64(s, 3));
}

/* 09:31; where several: the first of them, and how often. Rows are written from left to right. */
static void put_visits(struct book *b, sqlite3_stmt *s) {
  char(*first)[8] = grow(NULL, (size_t)b->visits + 1, sizeof *first), time[MERGED_TIME], text[32];
  int *times = grow(NULL, (size_t)b->visits + 1, sizeof *times);
  struct coming coming = {.people = 0};
  memset(times, 0, (size_t)b->visits * sizeof *times);
  while (sqlite3_step(s) == SQLITE_ROW) {
    const char *event = merged_text(s, 2);
    const int32_t day = event_day(merged_event(b->m, event), sqlite3_column_int64(s, 0));
    int at = visit_at(b, merged_text(s, 1), day);
    take_coming(b, &coming, s, day);
    if (at < 0 || times[at]++) continue;
    merged_time(b->m, event, sqlite3_column_int64(s, 0), time);
    snprintf(first[at], sizeof *first, "%.5s", time + 11);
  }
  sqlite3_reset(s);
  coming.people += coming.arrival.people;
  put(b, PERSON_COLUMNS - 2, coming.people ? "已到" : "未到");
  if (coming.people) put_number(b, PERSON_COLUMNS - 1, coming.people);
  for (int i = 0; i < b->visits; i++) {
    if (!times[i]) continue;
    snprintf(text, sizeof text, times[i] > 1 ? "%s ×%d" : "%s", first[i], times[i]);
    put(b, PERSON_COLUMNS + i, text);
  }
  free(first);
  free(times);
}

/* As staff corrected it last; else as it is on the roster. */
static void put_name(struct book *b, const char *who, const char *on_roster, sqlite3_stmt *names) {
  char name[MERGED_NAME] = "";
  sqlite3_bind_text(names, 1, who, -1, SQLITE_STATIC);
  if (sqlite3_step(names) == SQLITE_ROW) merged_unseal(b->m, who, merged_text(names, 0), name);
  sqlite3_reset(names);
  put(b, 1, *name ? name : on_roster);
}

static void put_person(struct book *b, const struct person *p, sqlite3_stmt *visits, sqlite3_stmt *names) {
  char hosts[512];
  put(b, 0, p->number);
  put_name(b, p->number, p->name, names);
  put(b, 2, p->organization);
  put(b, 3, merged_type(b->m, p->type));
  merged_hosts(b->m, p->hosts, hosts, sizeof hosts);
  put(b, 4, hosts);
  put(b, 5, words_in(&b->m->folder->catalog.event[p->event].title, LANG_ZH_HANS));
  sqlite3_bind_text(visits, 1, p->number, -1, SQLITE_STATIC);
  put_visits(b, visits);
  b->row++;
}

#define VISITS(whose)                                                                                                          \
  "SELECT time_ms, coalesce(station, ''), coalesce(event, ''), people, who FROM record WHERE " whose                           \
  " AND ruling = 'counts' ORDER BY 3, time_ms, n"

/* Who is on no roster: by a code, or a number that isn't there any more, one row is all their visits; without, each is
 * somebody. Names only where one was given. */
static void put_stranger(struct book *b, sqlite3_stmt *s, sqlite3_stmt *visits) {
  char name[MERGED_NAME];
  const char *sealed = merged_text(s, 0), *event = merged_text(s, 2), *who = merged_text(s, 3);
  const bool numbered = *who && *who != '#';
  merged_unseal(b->m, who, sealed, name);
  if (numbered) put(b, 0, who);
  put(b, 1, *name ? name : *sealed ? "（封存）" : "");
  put(b, 3, numbered ? "不在报名表" : merged_event(b->m, event)->roster ? "现场登记" : "未具名");
  put(b, 5, words_in(&merged_event(b->m, event)->title, LANG_ZH_HANS));
  if (*who)
    sqlite3_bind_text(visits, 1, who, -1, SQLITE_TRANSIENT);
  else
    sqlite3_bind_int64(visits, 1, sqlite3_column_int64(s, 4));
  put_visits(b, visits);
  b->row++;
}

static bool put_strangers(struct book *b, sqlite3_stmt *visits, struct problem *problem) {
  sqlite3_stmt *s = NULL, *visit = NULL;
  int step = SQLITE_DONE;
  bool good = merged_prepare(b->m, VISITS("n = ?1"), &visit, problem) &&
              merged_prepare(b->m,
                             "SELECT coalesce(c.sealed, r.sealed, ''), min(r.time_ms), coalesce(event, ''), who, n FROM record "
                             "r" MERGED_NAMED
                             "WHERE ruling = 'counts' AND NOT on_roster(who) GROUP BY iif(who = '', n, who) ORDER BY 2, n",
                             &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) put_stranger(b, s, *merged_text(s, 3) ? visits : visit);
  good = good && merged_done(b->m, step, problem);
  sqlite3_finalize(s);
  sqlite3_finalize(visit);
  return good;
}

static bool write_people(struct book *b, struct problem *problem) {
  const struct folder *f = b->m->folder;
  sqlite3_stmt *visits = NULL, *names = NULL;
  find_visits(b);
  person_headings(b);
  bool good = merged_prepare(b->m, VISITS("who = ?1"), &visits, problem);
  good = good && merged_prepare(b->m, "SELECT sealed FROM temp.named WHERE about = '@' || ?1", &names, problem);
  for (int i = 0; good && i < f->people_count; i++) {
    const struct person *p = &f->people[i];
    if (merged_person(b->m, p->number) == p && merged_ours(b->m, p)) put_person(b, p, visits, names);
  }
  good = good && (b->m->host >= 0 || put_strangers(b, visits, problem));
  sqlite3_finalize(visits), sqlite3_finalize(names);
  return good;
}

/* --- 用餐 --- */

static void write_meals(struct book *b) {
  static const char *const heading[] = {"领取点", "日期", "票种", "主办方", "份数", "次数", "其中手动", "随行", "撤销"};
  static const double width[] = {18, 12, 12, 24, 9, 9, 10, 9, 9};
  char date[16], hosts[512];
  begin_sheet(b, "用餐", heading, sizeof heading / sizeof *heading, width);
  for (int i = 0; i < b->numbers.stations; i++) {
    const struct numbers_station *n = &b->numbers.station[i];
    const struct station *s = merged_station(b->m, n->station);
    if (!s || s->kind != STATION_REDEEM) continue;
    if (b->m->host >= 0 && !(n->hosts >> b->m->host & 1)) continue;
    date_of(n->day, date);
    merged_hosts(b->m, n->hosts, hosts, sizeof hosts);
    put(b, 0, merged_label(b->m, n->station));
    put(b, 1, date);
    put(b, 2, merged_type(b->m, n->type));
    put(b, 3, hosts);
    const int64_t cells[] = {n->people, n->times, n->by_hand, n->more, n->undone};
    for (int k = 0; k < 5; k++) put_number(b, 4 + k, cells[k]);
    b->row++;
  }
}

/* --- 赞助商 --- */

static void put_group(struct book *b, const char *event, const char *group, int64_t *cell, int count,
                      const char *(*label)(const struct book *b, int at)) {
  int64_t rest = numbers_merge_small(cell, count, LEAST);
  for (int i = 0; i < count; i++) {
    if (cell[i] <= 0) continue;
    put(b, 0, event);
    put(b, 1, group);
    put(b, 2, label(b, i));
    put_number(b, 3, cell[i]);
    b->row++;
  }
  if (!rest) return;
  put(b, 0, event);
  put(b, 1, group);
  put(b, 2, "其他（合并不足 5 人的）");
  if (rest < 0)
    put(b, 3, "不足 5");
  else
    put_number(b, 3, rest);
  b->row++;
}

static const char *type_or_none(const struct book *b, int at) {
  if (at == TYPES_MAX + 1) return "现场登记与同行";
  return at == TYPES_MAX ? "无票种" : merged_type(b->m, at);
}

static const char *host_of(const struct book *b, int at) { return merged_host(b->m, at); }

static void put_sponsor_event(struct book *b, const struct numbers_event *e) {
  const char *title = words_in(&merged_event(b->m, e->id)->title, LANG_ZH_HANS);
  int64_t total[1] = {e->arrived}, type[TYPES_MAX + 2], host[HOSTS_MAX];
  char date[16];
  int64_t day[NUMBERS_DAYS];
  put(b, 0, title);
  put(b, 1, "到场");
  put(b, 2, "合计");
  if (numbers_merge_small(total, 1, LEAST) < 0)
    put(b, 3, "不足 5");
  else
    put_number(b, 3, e->arrived);
  b->row++;
  memcpy(type, e->type, sizeof e->type);
  type[TYPES_MAX + 1] = e->arrived - e->known; /* so that the types are all who came */
  memcpy(host, e->host, sizeof host);
  put_group(b, title, "票种", type, TYPES_MAX + 2, type_or_none);
  put_group(b, title, "主办方", host, b->m->folder->catalog.hosts, host_of);
  for (int i = 0; i < e->days; i++) day[i] = e->day[i].arrived;
  int64_t rest = numbers_merge_small(day, e->days, LEAST);
  for (int i = 0; i < e->days; i++) {
    if (day[i] <= 0) continue;
    date_of(e->day[i].day, date);
    put(b, 0, title), put(b, 1, "首次到场日期"), put(b, 2, date), put_number(b, 3, day[i]);
    b->row++;
  }
  if (rest > 0) put(b, 0, title), put(b, 1, "首次到场日期"), put(b, 2, "其他日期"), put_number(b, 3, rest), b->row++;
}

static void write_sponsors(struct book *b) {
  static const char *const heading[] = {"活动", "分组", "项目", "人数"};
  static const double width[] = {30, 14, 26, 10};
  begin_sheet(b, "赞助商", heading, sizeof heading / sizeof *heading, width);
  for (int i = 0; i < b->numbers.events; i++)
    if (b->numbers.event[i].arrived) put_sponsor_event(b, &b->numbers.event[i]);
}

bool merged_book(struct merged *m, struct problem *problem) {
  struct book *b = grow(NULL, 1, sizeof *b);
  *b = (struct book){.m = m};
  const char *path = outputs_path(m->outputs, "attendance.xlsx", problem);
  bool good = path && numbers_read(m, &b->numbers, problem);
  if (good) {
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)m->outputs->dir};
    lxw_doc_properties properties = {.title = "签到 Attendance", .created = 1577836800}; /* nothing of today's */
    b->file = workbook_new_opt(path, &options);
    workbook_set_properties(b->file, &properties);
    b->head = workbook_add_format(b->file);
    format_set_bold(b->head);
    format_set_bg_color(b->head, 0xE5EEEC);
    good = write_people(b, problem);
    write_meals(b);
    write_sponsors(b);
    lxw_error error = workbook_close(b->file);
    if (error != LXW_NO_ERROR)
      good = good && problem_set(problem, "写不了 %s：%s", "can't write %s: %s", "attendance.xlsx", lxw_strerror(error));
  }
  numbers_free(&b->numbers);
  free(b);
  return good;
}
