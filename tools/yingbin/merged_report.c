/* SPDX-License-Identifier: Apache-2.0
 * report.html: one page that can be sent on the same evening. No names, nothing loaded from elsewhere.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/day.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/merged_page.h"

struct report {
  struct merged *m;
  struct numbers numbers;
  FILE *out;
  struct problem *problem;
};

static const char *title_of(const struct report *r, const struct numbers_event *e) {
  const struct event *known = merged_event(r->m, e->id);
  if (!strcmp(known->id, e->id)) return words_in(&known->title, LANG_ZH_HANS);
  return *e->id ? e->id : "签到";
}

static bool is_shown(const struct numbers_event *e) { return e->arrived || e->days; }

static void put_header(struct report *r, const struct numbers_event *e) {
  const struct event *known = merged_event(r->m, e->id);
  char when[128], where[3 * TEXT_MAX];
  FILE *out = r->out;
  fputs("<header class=\"top\">\n<div><h1>", out);
  page_text(out, title_of(r, e));
  fputs("</h1>", out);
  if (known->starts_ms && !strcmp(known->id, e->id)) {
    words_when(known, LANG_ZH_HANS, when, sizeof when);
    words_where(known, LANG_ZH_HANS, where, sizeof where);
    fputs("<p>", out);
    page_text(out, when);
    if (*where) fputs("　", out);
    page_text(out, where);
    fputs("</p>", out);
  }
  fputs("</div>\n<p class=\"kind\">", out);
  page_both(out, "签到报告", "Attendance report");
  fputs("</p>\n</header>\n", out);
}

static void fact(FILE *out, const char *number, bool care, const char *zh, const char *en) {
  fprintf(out, "<section%s><b>%s</b><span>", care ? " class=\"care\"" : "", number);
  page_both(out, zh, en);
  fputs("</span></section>\n", out);
}

static void put_hero(struct report *r, const struct numbers_event *e) {
  FILE *out = r->out;
  char percent[32];
  page_percent(e->known, e->expected, percent);
  fprintf(out, "<section class=\"hero\">\n<div><div class=\"large\">%lld</div><div>", (long long)e->arrived);
  page_both(out, "人到场", "people arrived");
  fputs("</div></div>\n<div>", out);
  if (e->expected) {
    fprintf(out, "<p class=\"of\">报名 %lld 人，到场 %lld 人，%s <small lang=\"en\">of %lld who signed up</small></p>",
            (long long)e->expected, (long long)e->known, percent, (long long)e->expected);
    fprintf(out, "<div class=\"bar\"><i style=\"width:%s\"></i></div>", e->known > e->expected ? "100%" : percent);
  } else {
    fputs("<p class=\"of\">", out);
    page_both(out, "没有报名表：来一位，记一位", "no roster: whoever came was counted");
    fputs("</p>", out);
  }
  fputs("</div>\n</section>\n", out);
}

static void put_facts(struct report *r, const struct numbers_event *e) {
  char text[64], time[MERGED_TIME];
  FILE *out = r->out;
  fputs("<div class=\"facts\">\n", out);
  if (e->expected) {
    snprintf(text, sizeof text, "%lld", (long long)e->missing);
    fact(out, text, false, "未到", "no-shows");
  }
  snprintf(text, sizeof text, "%lld", (long long)e->strangers);
  fact(out, text, false, e->expected ? "现场登记" : "未具名", e->expected ? "walk-ins" : "without a name");
  merged_time(r->m, e->id, e->busiest_ms, time);
  snprintf(text, sizeof text, "%.5s · %lld", e->busiest ? time + 11 : "—", (long long)e->busiest);
  fact(out, text, false, "最忙的一分钟", "busiest minute, people");
  snprintf(text, sizeof text, "%lld", (long long)e->conflicts);
  fact(out, text, e->conflicts > 0, "重复或待复核", "conflicts, to look at");
  fputs("</div>\n", out);
}

/* Each curve is a day of its own: who comes on two is in both. */
static void put_day(FILE *out, const struct numbers_day *day, bool several) {
  fprintf(out, "当天到场 %lld 人（每人只计当天第一次签到）", (long long)day->arrived);
  if (several) fprintf(out, "，其中首次来的 %lld 人", (long long)day->first);
  fprintf(out, " <small lang=\"en\">%lld came that day", (long long)day->arrived);
  if (several) fprintf(out, ", %lld of them for the first time", (long long)day->first);
  fputs("; each person once, at their first check-in of the day</small>", out);
}

static void put_days(struct report *r, const struct numbers_event *e) {
  static const struct zone utc = {.spans = 1};
  page_card(r->out, "到场曲线", "Arrivals");
  for (int i = 0; i < e->days; i++) {
    struct civil c = civil_of(&utc, (int64_t)e->day[i].day * 86400000);
    fprintf(r->out, "<figure>\n<figcaption>%04d-%02d-%02d　", c.year, c.month, c.day);
    put_day(r->out, &e->day[i], e->days > 1);
    fputs("</figcaption>\n", r->out);
    page_curve(r->out, &e->day[i], merged_event(r->m, e->id)->day_border_s);
    fputs("</figure>\n", r->out);
  }
  if (e->other_days) fprintf(r->out, "<p>其他日期 other days: %lld</p>\n", (long long)e->other_days);
  page_card_end(r->out);
}

/* --- by station, type and host --- */

struct station_day {
  char label[3 * ID_MAX];
  int64_t people;
};

static bool of_event(const char *station, const char *event) {
  size_t n = strlen(event);
  return !strncmp(station, event, n) && (station[n] == '/' || !station[n]);
}

static void put_stations(struct report *r, const struct numbers_event *e) {
  static const struct zone utc = {.spans = 1};
  struct station_day *row = NULL;
  int rows = 0;
  int64_t most = 0;
  for (int i = 0; i < r->numbers.stations; i++) {
    const struct numbers_station *s = &r->numbers.station[i], *before = i ? s - 1 : NULL;
    if (!of_event(s->station, e->id)) continue;
    bool same = rows && before && !strcmp(before->station, s->station) && before->day == s->day;
    if (!same) {
      struct civil c = civil_of(&utc, (int64_t)s->day * 86400000);
      row = grow(row, (size_t)rows + 1, sizeof *row);
      row[rows].people = 0;
      size_t len = utf8_copy(row[rows].label, sizeof row->label - sizeof " 00-00", merged_label(r->m, s->station));
      if (e->days > 1) snprintf(row[rows].label + len, sizeof row->label - len, " %02d-%02d", c.month, c.day);
      rows++;
    }
    row[rows - 1].people += s->people;
    if (row[rows - 1].people > most) most = row[rows - 1].people;
  }
  page_card(r->out, "按签到点", "By station");
  page_bars(r->out);
  for (int i = 0; i < rows; i++) page_bar(r->out, row[i].label, row[i].people, 0, most);
  page_bars_end(r->out);
  page_card_end(r->out);
  free(row);
}

static int64_t largest(const int64_t *a, int count) {
  int64_t most = 0;
  for (int i = 0; i < count; i++)
    if (a[i] > most) most = a[i];
  return most;
}

static void put_types(struct report *r, const struct numbers_event *e) {
  const struct catalog *c = r->m->folder ? &r->m->folder->catalog : NULL;
  int64_t most = largest(e->type_expected, TYPES_MAX + 1);
  if (!c || !c->types || !e->expected) return;
  page_card(r->out, "按票种", "By ticket type");
  page_bars(r->out);
  for (int i = 0; i <= TYPES_MAX; i++) {
    const char *label = i < c->types ? merged_type(r->m, i) : "无票种";
    if (e->type_expected[i]) page_bar(r->out, label, e->type[i], e->type_expected[i], most);
  }
  page_bars_end(r->out);
  page_card_end(r->out);
}

static void put_hosts(struct report *r, const struct numbers_event *e) {
  const struct catalog *c = r->m->folder ? &r->m->folder->catalog : NULL;
  int64_t most = largest(e->host_expected, HOSTS_MAX);
  int hosts = 0;
  for (int i = 0; i < HOSTS_MAX; i++) hosts += e->host_expected[i] > 0;
  if (!c || !hosts) return;
  page_card(r->out, "按主办方", "By host");
  page_bars(r->out);
  for (int i = 0; i < c->hosts; i++)
    if (e->host_expected[i]) page_bar(r->out, merged_host(r->m, i), e->host[i], e->host_expected[i], most);
  page_bars_end(r->out);
  page_card_end(r->out);
}

static void put_refusals(struct report *r) {
  const struct merged_rows *rows = &r->m->rows;
  if (!rows->refusals) return;
  page_card(r->out, "没有放行的扫码", "Scans that weren't let in");
  page_bars(r->out);
  for (int i = 0; i < rows->refusals; i++) {
    const char *verdict = merged_row_text(rows, rows->refused[i].verdict);
    page_bar(r->out, merged_verdict(verdict), rows->refused[i].scans, 0, rows->refused[0].scans);
  }
  page_bars_end(r->out);
  page_card_end(r->out);
}

/* --- the kiosks --- */

static void put_sure(FILE *out, int64_t ms, int64_t unknown) {
  if (unknown)
    fprintf(out, "%lld 条时间无依据 <small lang=\"en\">not known</small>", (long long)unknown);
  else if (ms < 60000)
    fprintf(out, "±%.1f 秒 <small>s</small>", (double)ms / 1000);
  else
    fprintf(out, "±%.0f 分 <small>min</small>", (double)ms / 60000);
}

static void put_kiosk(struct report *r, const struct merged_kiosk *k) {
  char from[MERGED_TIME], to[MERGED_TIME];
  const int64_t numbers[] = {k->records, k->scans, k->faults, k->starts};
  FILE *out = r->out;
  const char *event = r->numbers.events ? r->numbers.event[0].id : "";
  merged_time(r->m, event, k->first_ms, from);
  merged_time(r->m, event, k->last_ms, to);
  fputs("<tr><td>", out);
  page_text(out, k->name);
  fprintf(out, " <small>%.8s</small>", k->key);
  if (k->enrolled == 0) fputs(" <b>未登记</b>", out);
  fputs("</td>", out);
  for (int i = 0; i < 4; i++) fprintf(out, "<td class=\"n\">%lld</td>", (long long)numbers[i]);
  from[16] = to[16] = 0; /* no seconds */
  const bool one_day = !strncmp(from, to, 10);
  fprintf(out, "<td>%s – %s</td><td>", from, one_day ? to + 11 : to);
  put_sure(out, k->sure_ms, k->unknown);
  fputs("</td></tr>\n", out);
}

static int by_kiosk(const void *a, const void *b) {
  const struct merged_kiosk *x = *(const struct merged_kiosk *const *)a, *y = *(const struct merged_kiosk *const *)b;
  const int order = strcmp(x->name, y->name);
  return order ? order : strcmp(x->key, y->key);
}

static void put_kiosks(struct report *r) {
  const struct merged_rows *rows = &r->m->rows;
  const struct merged_kiosk **all = grow(NULL, (size_t)rows->kiosks + 1, sizeof *all);
  size_t count = 0;
  for (int i = 0; i < rows->kiosks; i++)
    if (rows->kiosk[i].records) all[count++] = &rows->kiosk[i];
  if (count) qsort(all, count, sizeof *all, by_kiosk);
  page_card(r->out, "签到机", "Kiosks");
  fputs("<div class=\"wide\"><table>\n<thead><tr><th>签到机 <small>kiosk, key</small></th><th class=\"n\">记录 "
        "<small>records</small></th>"
        "<th class=\"n\">扫码 <small>scans</small></th><th class=\"n\">故障 <small>faults</small></th><th class=\"n\">启动 "
        "<small>starts</small></th><th>首末记录 <small>first – last</small></th><th>时钟 "
        "<small>clock</small></th></tr></thead>\n",
        r->out);
  for (size_t i = 0; i < count; i++) put_kiosk(r, all[i]);
  fputs("</table></div>\n", r->out);
  page_card_end(r->out);
  free(all);
}

static bool write_page(struct report *r) {
  const struct numbers_event *first = NULL;
  for (int i = 0; i < r->numbers.events && !first; i++)
    if (is_shown(&r->numbers.event[i])) first = &r->numbers.event[i];
  page_begin(r->out, first ? title_of(r, first) : "签到报告");
  for (int i = 0; i < r->numbers.events; i++) {
    const struct numbers_event *e = &r->numbers.event[i];
    if (!is_shown(e)) continue;
    put_header(r, e);
    put_hero(r, e);
    put_facts(r, e);
    put_days(r, e);
    fputs("<div class=\"two\">\n", r->out);
    put_types(r, e);
    put_stations(r, e);
    put_hosts(r, e);
    if (e == first) put_refusals(r);
    fputs("</div>\n", r->out);
  }
  if (!first)
    fputs("<header class=\"top\"><h1>还没有人签到 <small lang=\"en\">nobody has checked in</small></h1></header>\n", r->out);
  put_kiosks(r);
  if (!merged_findings(r->m, r->out, r->problem)) return false;
  fputs("<footer>本页不含姓名；时间已按时钟证据校正。迎宾 yingbin log merge <span lang=\"en\">· No names on this page; times "
        "were put "
        "right by the clocks' evidence.</span></footer>\n",
        r->out);
  page_end(r->out);
  return true;
}

bool merged_report(struct merged *m, struct problem *problem) {
  struct report r = {.m = m, .problem = problem};
  numbers_read(m, &r.numbers);
  r.out = outputs_open(m->outputs, "report.html", problem);
  bool good = r.out && write_page(&r);
  if (r.out) good = outputs_close(m->outputs, r.out, problem) && good;
  numbers_free(&r.numbers);
  return good;
}
