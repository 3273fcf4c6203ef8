/* SPDX-License-Identifier: Apache-2.0
 * attendance.xlsx: 人员 a row a person, who didn't come, too, and a column a station and day; 用餐 what was handed
 * out; 赞助商 numbers alone, none of them about fewer than five. Texts are written as texts, never as formulas.
 */
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/utf8.h"
#include "core/day.h"
#include "tools/yingbin/book_cell.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/merged_numbers.h"

enum { PERSON_COLUMNS = 8, VISITS_MOST = 512, PAGE_VISITS = 10, LEAST = 5, LINE_HEIGHT = 16 /* points */, LINES_MOST = 4 };

struct visit { /* a column: a station on a day */
  char station[2 * ID_MAX];
  int32_t day;
};

/* Of who was at two events, each one's. */
struct coming {
  char event[ID_MAX];
  struct arrival arrival;
  int64_t people;
};

struct visits { /* of one person: how often, and 09:31, the first time, by column */
  int times[VISITS_MOST];
  char first[VISITS_MOST][8];
  struct coming coming;
};

struct book {
  struct merged *m;
  struct numbers numbers;
  lxw_workbook *file;
  lxw_format *head, *head_right, *wrapped, *whole, *id; /* whole, id: numbers, never 1E+05; an id at the left */
  lxw_worksheet *sheet;
  lxw_row_t row;
  struct visit visit[VISITS_MOST];
  int visits;
  struct visits of; /* the person in hand */
};

static void put(struct book *b, int column, const char *text) {
  if (*text) book_cell(b->sheet, b->row, column, text, b->wrapped);
}

static void put_number(struct book *b, int column, int64_t number) {
  worksheet_write_number(b->sheet, b->row, (lxw_col_t)column, (double)number, b->whole);
}

/* As a number where a spreadsheet keeps all its digits: so it sorts, and isn't marked as a number that is a text. */
static void put_digits(struct book *b, int column, const char *text) {
  const size_t len = strlen(text);
  if (len && len < 16 && *text != '0' && text[strspn(text, "0123456789")] == 0)
    worksheet_write_number(b->sheet, b->row, (lxw_col_t)column, (double)strtoll(text, NULL, 10), b->id);
  else
    put(b, column, text);
}

/* Lines that a text takes in a column so wide; what is no ASCII is wide. */
static int lines_of(const char *text, double width) {
  int columns = 0;
  for (const unsigned char *at = (const unsigned char *)text; *at; at++) columns += *at >= 0xE0 ? 2 : (*at & 0xC0) != 0x80;
  return columns ? 1 + (int)((columns - 1) / (width - 1)) : 1;
}

/* Before anything is written into it: not every program makes room for what is wrapped. */
static void begin_row(struct book *b, int lines) {
  if (lines > 1) worksheet_set_row(b->sheet, b->row, LINE_HEIGHT * (lines < LINES_MOST ? lines : LINES_MOST), NULL);
}

struct heading {
  const char *text;
  double width;
  bool number;
};

static void put_heading(struct book *b, int column, const struct heading *h) {
  worksheet_set_column(b->sheet, (lxw_col_t)column, (lxw_col_t)column, h->width, NULL);
  book_cell(b->sheet, 0, column, h->text, h->number ? b->head_right : b->head);
}

static void begin_sheet(struct book *b, const char *name, const struct heading *heading, int count) {
  b->sheet = workbook_add_worksheet(b->file, name);
  b->row = 0;
  begin_row(b, 2);
  for (int i = 0; i < count; i++) put_heading(b, i, &heading[i]);
  worksheet_freeze_panes(b->sheet, 1, 0);
  worksheet_set_paper(b->sheet, 9); /* A4 */
  worksheet_repeat_rows(b->sheet, 0, 0);
  worksheet_set_footer(b->sheet, "&L&A&R&P / &N");
  worksheet_fit_to_pages(b->sheet, 1, 0);
  b->row = 1;
}

/* `nothing`: what is said where there is no row. */
static void end_sheet(struct book *b, int columns, const char *nothing) {
  if (b->row > 1)
    worksheet_autofilter(b->sheet, 0, 0, b->row - 1, (lxw_col_t)(columns - 1));
  else
    worksheet_write_string(b->sheet, 1, 0, nothing, NULL);
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

static const struct heading person_heading[PERSON_COLUMNS] = {
    {"编号 number", 10, false}, {"姓名 name", 20, false},  {"单位 organization", 26, false}, {"票种 type", 12, false},
    {"主办方 host", 18, false}, {"活动 event", 24, false}, {"状态 status", 9, false},        {"人数 people", 9, true}};

static void person_headings(struct book *b) {
  char text[3 * ID_MAX], date[16];
  begin_sheet(b, "人员", person_heading, PERSON_COLUMNS);
  for (int i = 0; i < b->visits; i++) {
    date_of(b->visit[i].day, date);
    const size_t len = utf8_copy(text, sizeof text - sizeof date, merged_label(b->m, b->visit[i].station));
    snprintf(text + len, sizeof text - len, " %s", date + 5);
    put_heading(b, PERSON_COLUMNS + i, &(struct heading){text, 14, false});
  }
  worksheet_freeze_panes(b->sheet, 1, 2);
  worksheet_set_landscape(b->sheet);
  worksheet_repeat_columns(b->sheet, 0, 1);
  if (b->visits > PAGE_VISITS) worksheet_fit_to_pages(b->sheet, 0, 0); /* nobody could read that on one page's width */
}

static int visit_at(const struct book *b, const char *station, int32_t day) {
  for (int i = 0; i < b->visits; i++)
    if (b->visit[i].day == day && !strcmp(b->visit[i].station, station)) return i;
  return -1;
}

static void take_coming(struct book *b, struct coming *c, const struct merged_row *row, int32_t day) {
  const struct merged_rows *rows = &b->m->rows;
  const char *station = merged_row_text(rows, row->station), *event = merged_row_text(rows, row->event);
  if (strcmp(c->event, event) != 0) {
    c->people += c->arrival.people;
    c->arrival = (struct arrival){.has = false};
    utf8_copy(c->event, sizeof c->event, event);
  }
  arrival_take(&c->arrival, merged_station(b->m, station), station, merged_row_text(rows, row->who), row->time_ms, day,
               row->people);
}

static void take_visit(struct book *b, struct visits *v, const struct merged_row *row) {
  const struct merged_rows *rows = &b->m->rows;
  const char *event = merged_row_text(rows, row->event);
  char time[MERGED_TIME];
  const int32_t day = event_day(merged_event(b->m, event), row->time_ms);
  const int at = visit_at(b, merged_row_text(rows, row->station), day);
  take_coming(b, &v->coming, row, day);
  if (at < 0 || v->times[at]++) return;
  merged_time(b->m, event, row->time_ms, time);
  snprintf(v->first[at], sizeof *v->first, "%.5s", time + 11);
}

static int by_event(const void *a, const void *b, void *rows) {
  const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  const struct merged_row *r = merged_row(rows, x), *s = merged_row(rows, y);
  const int order = r->event == s->event ? 0 : strcmp(merged_row_text(rows, r->event), merged_row_text(rows, s->event));
  if (order) return order;
  if (r->time_ms != s->time_ms) return r->time_ms < s->time_ms ? -1 : 1;
  return (x > y) - (x < y);
}

/* Of these rows, a person's: 09:31; where several: the first of them, and how often. Written from left to right. */
static void put_visits(struct book *b, const uint32_t *about, uint32_t count) {
  struct merged_rows *rows = &b->m->rows;
  struct visits *v = &b->of;
  uint32_t *index = grow(NULL, (size_t)count + 1, sizeof *index);
  char text[32];
  if (count) memcpy(index, about, count * sizeof *index);
  if (count) qsort_r(index, count, sizeof *index, by_event, rows);
  memset(v->times, 0, sizeof v->times);
  v->coming = (struct coming){.people = 0};
  for (uint32_t i = 0; i < count; i++)
    if (merged_row(rows, index[i])->ruling == RULING_COUNTS) take_visit(b, v, merged_row(rows, index[i]));
  free(index);
  const int64_t people = v->coming.people + v->coming.arrival.people;
  put(b, PERSON_COLUMNS - 2, people ? "已到" : "未到");
  if (people) put_number(b, PERSON_COLUMNS - 1, people);
  for (int i = 0; i < b->visits; i++) {
    if (!v->times[i]) continue;
    snprintf(text, sizeof text, v->times[i] > 1 ? "%s ×%d" : "%s", v->first[i], v->times[i]);
    put(b, PERSON_COLUMNS + i, text);
  }
}

static void put_person(struct book *b, const struct person *p) {
  char hosts[512], name[MERGED_NAME];
  const struct person *seen = merged_seen(b->m, p);
  uint32_t count;
  const uint32_t *about = merged_rows_about(&b->m->rows, p->number, &count);
  merged_unseal(b->m, p->number, merged_sealed(b->m, p->number), name);
  merged_hosts(b->m, p->hosts, hosts, sizeof hosts);
  const char *shown = *name ? name : seen->name; /* as staff corrected it last; else as it is on the roster */
  const int lines[] = {lines_of(shown, person_heading[1].width), lines_of(seen->organization, person_heading[2].width),
                       lines_of(hosts, person_heading[4].width)};
  int most = 1;
  for (int i = 0; i < 3; i++) most = lines[i] > most ? lines[i] : most;
  begin_row(b, most);
  put_digits(b, 0, p->number);
  put(b, 1, shown);
  put(b, 2, seen->organization);
  put(b, 3, merged_type(b->m, seen->type));
  put(b, 4, hosts);
  put(b, 5, words_in(&b->m->folder->catalog.event[p->event].title, LANG_ZH_HANS));
  put_visits(b, about, count);
  b->row++;
}

/* Who is on no roster: by a code, or a number that isn't there any more, one row is all their visits; without, each is
 * somebody. Names only where one was given. */
static void put_stranger(struct book *b, uint32_t index) {
  char name[MERGED_NAME];
  uint32_t count = 1;
  const struct merged_row *row = merged_row(&b->m->rows, index);
  const char *who = merged_row_text(&b->m->rows, row->who), *sealed = merged_sealed_row(b->m, row);
  const struct event *event = merged_event(b->m, merged_row_text(&b->m->rows, row->event));
  const bool numbered = *who && *who != '#';
  const uint32_t *about = *who ? merged_rows_about(&b->m->rows, who, &count) : &index;
  merged_unseal(b->m, who, sealed, name);
  begin_row(b, lines_of(name, person_heading[1].width));
  if (numbered) put_digits(b, 0, who);
  put(b, 1, *name ? name : *sealed ? "（封存）" : "");
  put(b, 3, numbered ? "不在报名表" : event->roster ? "现场登记" : "未具名");
  put(b, 5, words_in(&event->title, LANG_ZH_HANS));
  put_visits(b, about, count);
  b->row++;
}

/* Is it the first that counts of who came so? */
static bool is_first(const struct merged_rows *rows, uint32_t index, const char *who) {
  uint32_t count, i = 0;
  const uint32_t *about = merged_rows_about(rows, who, &count);
  while (i < count && merged_row(rows, about[i])->ruling != RULING_COUNTS) i++;
  return i < count && about[i] == index;
}

static void put_strangers(struct book *b) {
  const struct merged_rows *rows = &b->m->rows;
  for (uint32_t i = 0; i < rows->count; i++) {
    const uint32_t index = rows->by_time[i];
    const struct merged_row *row = merged_row(rows, index);
    const char *who = merged_row_text(rows, row->who);
    if (row->ruling != RULING_COUNTS || merged_person(b->m, who)) continue;
    if (!*who || is_first(rows, index, who)) put_stranger(b, index);
  }
}

static void write_people(struct book *b) {
  const struct folder *f = b->m->folder;
  find_visits(b);
  person_headings(b);
  for (int i = 0; i < f->people_count; i++) {
    const struct person *p = &f->people[i];
    if (merged_person(b->m, p->number) == p && merged_ours(b->m, p)) put_person(b, p);
  }
  if (b->m->host < 0) put_strangers(b);
  end_sheet(b, PERSON_COLUMNS + b->visits, "没有人 nobody");
}

/* --- 用餐 --- */

static void write_meals(struct book *b) {
  static const struct heading heading[] = {
      {"领取点 station", 18, false},  {"日期 date", 12, false},      {"票种 type", 12, false},
      {"主办方 host", 24, false},     {"份数 people", 10, true},     {"次数 times", 10, true},
      {"其中手动 by hand", 12, true}, {"随行 companions", 14, true}, {"撤销 undone", 10, true}};
  enum { COLUMNS = sizeof heading / sizeof *heading };
  char date[16], hosts[512];
  begin_sheet(b, "用餐", heading, COLUMNS);
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
  end_sheet(b, COLUMNS, "没有领取记录 nothing was handed out");
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
  for (int i = 0; i < e->days; i++) day[i] = e->day[i].first;
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
  static const struct heading heading[] = {
      {"活动 event", 30, false}, {"分组 group", 16, false}, {"项目 item", 26, false}, {"人数 people", 12, true}};
  enum { COLUMNS = sizeof heading / sizeof *heading };
  begin_sheet(b, "赞助商", heading, COLUMNS);
  for (int i = 0; i < b->numbers.events; i++)
    if (b->numbers.event[i].arrived) put_sponsor_event(b, &b->numbers.event[i]);
  end_sheet(b, COLUMNS, "还没有人到场 nobody has come");
}

static lxw_format *head_format(struct book *b) {
  lxw_format *f = workbook_add_format(b->file);
  format_set_bold(f);
  format_set_text_wrap(f);
  format_set_bg_color(f, 0xE5EEEC);
  format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
  format_set_bottom(f, LXW_BORDER_THIN);
  return f;
}

static lxw_format *cell_format(struct book *b) {
  lxw_format *f = workbook_add_format(b->file);
  format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
  return f;
}

static void make_formats(struct book *b) {
  b->head = head_format(b), b->head_right = head_format(b);
  b->wrapped = cell_format(b), b->whole = cell_format(b), b->id = cell_format(b);
  format_set_text_wrap(b->wrapped);
  format_set_num_format(b->whole, "0"), format_set_num_format(b->id, "0");
  format_set_align(b->id, LXW_ALIGN_LEFT);
  lxw_format *const right[] = {b->head_right, b->whole};
  for (int i = 0; i < 2; i++) format_set_align(right[i], LXW_ALIGN_RIGHT), format_set_indent(right[i], 1);
}

bool merged_book(struct merged *m, struct problem *problem) {
  struct book *b = grow(NULL, 1, sizeof *b);
  *b = (struct book){.m = m};
  const char *path = outputs_path(m->outputs, "attendance.xlsx", problem);
  bool good = path;
  if (good) {
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)m->outputs->dir};
    lxw_doc_properties properties = {.title = "签到 Attendance", .created = 1577836800}; /* nothing of today's */
    b->file = workbook_new_opt(path, &options);
    workbook_set_properties(b->file, &properties);
    make_formats(b);
    numbers_read(m, &b->numbers);
    write_people(b);
    write_meals(b);
    write_sponsors(b);
    lxw_error error = workbook_close(b->file);
    if (error != LXW_NO_ERROR)
      good = problem_set(problem, "写不了 %s：%s", "can't write %s: %s", "attendance.xlsx", lxw_strerror(error));
  }
  numbers_free(&b->numbers);
  free(b);
  return good;
}
