/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/paper_rows.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/day.h"
#include "tools/yingbin/cells.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/forms.h"

enum paper_column {
  PAPER_NUMBER,
  PAPER_TICKET,
  PAPER_NAME,
  PAPER_PHONE,
  PAPER_TIME,
  PAPER_STATION,
  PAPER_COUNT,
  PAPER_NOTE,
  PAPER_COLUMNS
};

static const char *const headings[PAPER_COLUMNS][8] = {
    [PAPER_NUMBER] = {"编号", "编号 number", "number"},
    [PAPER_TICKET] = {"票号", "ticket number"},
    [PAPER_NAME] = {"姓名", "姓名 name", "name", "名字"},
    [PAPER_PHONE] = {"手机", "手机号", "电话", "后四位", "手机后四位", "phone", "last four"},
    [PAPER_TIME] = {"签到时间", "时间", "签到时间 time", "time"},
    [PAPER_STATION] = {"签到点", "签到点 station", "station"},
    [PAPER_COUNT] = {"人数", "人数 people", "people", "count"},
    [PAPER_NOTE] = {"说明", "备注", "说明 note", "note"},
};

struct reading {
  struct folder *folder;
  struct paper_rows *rows;
  const char *file;
  const struct station *station; /* where a row doesn't say */
  int place[PAPER_COLUMNS];      /* from 1; 0: none */
  bool have_head;
  int line;
};

static bool wrong(struct reading *r, const char *zh, const char *en, const char *what) {
  return remarks_say(&r->folder->errors, "%1$s 第 %2$d 行：%3$s%5$s%4$.0s", "%1$s, line %2$d: %4$s%5$s%3$.0s", r->file, r->line,
                     zh, en, what);
}

static bool take_head(struct reading *r, const struct table_row *row) {
  for (int i = 0; i < row->cells; i++)
    for (int c = 0; c < PAPER_COLUMNS; c++)
      for (int k = 0; k < 8 && headings[c][k]; k++)
        if (!r->place[c] && !strcasecmp(row->cell[i].text, headings[c][k])) r->place[c] = i + 1;
  r->have_head = r->place[PAPER_NUMBER] || r->place[PAPER_TICKET] || r->place[PAPER_NAME];
  return r->have_head;
}

static const char *cell(struct reading *r, const struct table_row *row, enum paper_column column) {
  static const enum roster_column like[PAPER_COLUMNS] = {
      [PAPER_NUMBER] = ROSTER_NUMBER, [PAPER_TICKET] = ROSTER_NUMBER, [PAPER_NAME] = ROSTER_NAME,
      [PAPER_PHONE] = ROSTER_PHONE,   [PAPER_TIME] = ROSTER_PARTY,    [PAPER_STATION] = ROSTER_TYPE,
      [PAPER_COUNT] = ROSTER_PARTY,   [PAPER_NOTE] = ROSTER_TYPE};
  int at = r->place[column] - 1;
  if (at < 0 || at >= row->cells) return "";
  size_t len = row->cell[at].len;
  char *text = grow(NULL, len + 1, 1);
  memcpy(text, row->cell[at].text, len);
  text[len] = 0;
  cell_clean(like[column], text, &len);
  const char *kept = pool_add(&r->folder->texts, text, len);
  free(text);
  return kept;
}

/* --- who --- */

static bool ends_with(const char *phone, const char *digits) {
  size_t n = strlen(phone), k = strlen(digits);
  return k >= 4 && n >= k && !strcmp(phone + n - k, digits);
}

/* False: an error was added. A name that nobody has is somebody who came without having signed up. */
static bool find_person(struct reading *r, const char *number, const char *ticket, const char *name, const char *phone,
                        const struct person **found) {
  const struct folder *f = r->folder;
  int matches = 0;
  *found = NULL;
  for (int i = 0; i < f->people_count; i++) {
    const struct person *p = &f->people[i];
    if (!strcmp(p->attention, ATTENTION_PRACTICE)) continue;
    bool same = *number   ? !strcmp(p->number, number)
                : *ticket ? !strcmp(p->ticket_number, ticket)
                          : *name && !strcmp(p->name, name) && (!*phone || ends_with(p->phone, phone));
    if (same) matches++, *found = p;
  }
  if (matches > 1)
    return wrong(r, "不止一个人，请加上编号或手机后四位：",
                 "more than one person; add the number or the phone's last four digits: ", *name ? name : ticket);
  if (!matches && *number) return wrong(r, "没有这个编号：", "there is no number ", number);
  if (!matches && *ticket) return wrong(r, "没有这个票号：", "there is no ticket number ", ticket);
  return true;
}

/* --- where and when --- */

static const struct station *station_named(const struct catalog *c, const char *name) {
  for (int i = 0; i < c->stations; i++) {
    const char *slash = strchr(c->station[i].id, '/');
    if (!strcmp(c->station[i].id, name) || (slash && !strcmp(slash + 1, name))) return &c->station[i];
    for (int k = 0; k < LANG_COUNT; k++)
      if (*name && !strcmp(c->station[i].label.in[k], name)) return &c->station[i];
  }
  return NULL;
}

static const struct station *only_entry(const struct catalog *c, int event) {
  const struct station *only = NULL;
  for (int i = 0; i < c->stations; i++) {
    if (c->station[i].kind != STATION_ENTRY || (event >= 0 && c->station[i].event != event)) continue;
    if (only) return NULL;
    only = &c->station[i];
  }
  return only;
}

static bool find_station(struct reading *r, const char *name, const struct person *p, const struct station **found) {
  const struct catalog *c = &r->folder->catalog;
  *found = *name ? station_named(c, name) : r->station ? r->station : only_entry(c, p ? p->event : -1);
  if (*found && p && (*found)->event != p->event)
    return wrong(r, "这个人报的是另一场活动：", "this person signed up for another event: ", p->name);
  if (*found) return true;
  return *name ? wrong(r, "没有这个签到点：", "there is no station ", name)
               : wrong(r, "没有说是哪个签到点：请加一列“签到点”，或用 --station",
                       "which station? Add a column for it, or give --station", "");
}

/* As spreadsheets write it, too: 2023/1/8 9:31, with seconds or without. */
static void pad_time(const char *text, char out[64]) {
  int year, month, day, hour, minute, n = 0;
  const bool dated = sscanf(text, "%4d%*1[-/]%2d%*1[-/]%2d %2d:%2d%n", &year, &month, &day, &hour, &minute, &n) == 5 && n;
  if (dated && (!text[n] || (text[n] == ':' && strlen(text + n) == 3)))
    snprintf(out, 64, "%04d-%02d-%02d %02d:%02d", year, month, day, hour, minute);
  else
    snprintf(out, 64, "%s%s", isdigit((unsigned char)*text) && text[1] == ':' ? "0" : "", text);
}

/* 2023-10-28 09:31, or 9:31 where the event has one day. */
static bool find_time(struct reading *r, const char *text, struct paper_row *row) {
  const struct event *e = &r->folder->catalog.event[row->station->event];
  char padded[64];
  struct civil civil;
  int32_t second;
  row->timed = *text != 0;
  row->wall_ms = e->starts_ms;
  if (!*text) return true;
  pad_time(text, padded);
  if (form_time(padded, &civil)) {
    row->wall_ms = civil_to_ms(&e->zone, &civil);
    return true;
  }
  if (strlen(padded) == 8 && padded[5] == ':') padded[5] = 0; /* seconds */
  if (!form_clock(padded, 47, &second))
    return wrong(r, "时间应写成 2023-10-28 09:31 或 09:31，不是：", "a time is written 2023-10-28 09:31 or 09:31, not ", text);
  if (words_days(e) > 1)
    return wrong(r, "活动有好几天，时间要带日期：", "the event has several days: the time needs a date: ", text);
  row->wall_ms = event_moment_ms(e, event_day(e, e->starts_ms), second);
  return true;
}

static bool same_row(const struct paper_row *a, const struct paper_row *b) {
  return a->person == b->person && a->station == b->station && a->timed == b->timed && a->wall_ms == b->wall_ms &&
         (a->person || !strcmp(a->name, b->name));
}

static void add(struct reading *r, struct paper_row *row) {
  struct paper_rows *all = r->rows;
  for (int i = 0; i < all->count; i++) row->turn += same_row(&all->row[i], row);
  if (row->person && row->turn) return; /* ticked twice */
  if (!all->count || row->wall_ms < all->first_ms) all->first_ms = row->wall_ms;
  all->row = grow(all->row, (size_t)all->count + 1, sizeof *all->row);
  all->row[all->count++] = *row;
}

static bool on_row(void *self, const struct table_row *line) {
  struct reading *r = self;
  r->line = line->line;
  if (!r->have_head) {
    take_head(r, line);
    return true;
  }
  const char *number = cell(r, line, PAPER_NUMBER), *ticket = cell(r, line, PAPER_TICKET), *name = cell(r, line, PAPER_NAME),
             *count = cell(r, line, PAPER_COUNT);
  struct paper_row row = {
      .line = line->line, .name = name, .phone = cell(r, line, PAPER_PHONE), .note = cell(r, line, PAPER_NOTE), .count = 1};
  int64_t people = 1;
  if (!*number && !*ticket && !*name && !*count) return true;
  if (*count && !form_number(count, 1, 10000, &people))
    wrong(r, "人数应是 1 到 10000 的数：", "people: a number from 1 to 10000, not ", count);
  row.count = (int32_t)people;
  if (strlen(name) >= NAME_MAX_BYTES) return wrong(r, "姓名太长", "the name is too long", ""), true;
  if (find_person(r, number, ticket, name, row.phone, &row.person) &&
      find_station(r, cell(r, line, PAPER_STATION), row.person, &row.station) && find_time(r, cell(r, line, PAPER_TIME), &row))
    add(r, &row);
  return true;
}

static bool is_on_roster(const struct folder *f, const char *name) {
  for (int i = 0; i < f->people_count; i++)
    if (!strcmp(f->people[i].name, name)) return true;
  return false;
}

static void tell_strangers(struct reading *r) {
  for (int i = 0; i < r->rows->count; i++) {
    const struct paper_row *row = &r->rows->row[i];
    r->line = row->line;
    if (row->person || !*row->name) continue;
    if (is_on_roster(r->folder, row->name))
      remarks_say(
          &r->folder->warnings, "%s 第 %d 行：报名表里有“%s”，但手机号不以 %s 结尾，按另一个人的现场登记；是同一个人就改这一行",
          "%s, line %d: “%s” is on the roster with a phone that doesn't end in %s, and counts as a walk-in, somebody else; "
          "correct the line if it is the same person",
          r->file, row->line, row->name, row->phone);
    else
      remarks_say(&r->folder->warnings, "%1$s 第 %2$d 行：“%3$s”不在报名表里，按现场登记%4$s%5$.0s",
                  "%1$s, line %2$d: “%3$s” is on no roster and counts as a walk-in%5$s%4$.0s", r->file, row->line, row->name,
                  r->folder->has_seal ? "" : "；pack.ini 没有 seal 公钥，姓名不会记下",
                  r->folder->has_seal ? "" : "; pack.ini names no seal key, so the name isn't kept");
  }
}

bool paper_rows_read(struct folder *f, const char *file, const char *encoding, const char *station, struct paper_rows *rows,
                     struct problem *problem) {
  struct reading r = {.folder = f, .rows = rows, .file = file};
  struct table_facts facts;
  struct table_ask ask = {.file = file, .path = file, .encoding = encoding, .errors = &f->errors, .warnings = &f->warnings};
  struct table_sink sink = {.self = &r, .row = on_row};
  *rows = (struct paper_rows){.count = 0};
  if (station && !(r.station = station_named(&f->catalog, station)))
    return problem_set(problem, "没有签到点“%s”", "there is no station “%s”", station);
  table_read(&ask, &facts, &sink);
  if (!f->errors.count && !r.have_head)
    remarks_say(
        &f->errors, "%s：没有标题行。应有 姓名（或编号、票号），可有 手机后四位、签到时间、签到点、人数、说明",
        "%s: there are no headings. It takes name (or number, ticket number); it may have phone, time, station, people, note",
        file);
  tell_strangers(&r);
  if (f->errors.count) *problem = f->errors.at[0];
  return !f->errors.count;
}

void paper_rows_free(struct paper_rows *rows) { free(rows->row); }
