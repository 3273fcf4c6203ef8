/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/plan.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "core/day.h"
#include "pack/format.h"
#include "pack/minisign.h"
#include "pack/pattern.h"
#include "tools/yingbin/dates.h"
#include "tools/yingbin/encoding.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/plan_inner.h"
#include "tools/yingbin/zone.h"

void plan_bad(struct plan *p, int line, const char *zh, const char *en, const char *value) {
  size_t len = strlen(value), shown = utf8_cut(value, len, 120);
  remarks_say(&p->f->errors, "%1$s 第 %2$d 行：%3$s：%5$.*6$s%7$s%4$.0s", "%1$s, line %2$d: %4$s: %5$.*6$s%7$s%3$.0s",
              p->s->file, line, zh, en, value, (int)shown, shown < len ? "…" : "");
}

static void bad_because(struct plan *p, int line, const struct problem *why) {
  remarks_say(&p->f->errors, "%1$s 第 %2$d 行：%3$s%4$.0s", "%1$s, line %2$d: %4$s%3$.0s", p->s->file, line, why->zh, why->en);
}

int plan_line(const struct section *s, const char *key) {
  const struct pair *p = settings_pair(s, key, LANG_ZH_HANS);
  return p ? p->line : s->line;
}

bool plan_given(const struct section *s, const char *key) { return settings_pair(s, key, LANG_ZH_HANS) != NULL; }

void plan_need(struct plan *p, const struct section *s, const char *key) {
  if (!plan_given(s, key) && !settings_refused(s, key)) plan_bad(p, s->line, "缺少", "missing", key);
}

void plan_texts(const struct section *s, const char *key, struct text *out) {
  for (enum lang l = 0; l < LANG_COUNT; l++) {
    const struct pair *p = settings_pair(s, key, l);
    if (p) snprintf(out->in[l], TEXT_MAX, "%s", p->value);
  }
}

bool plan_empty(const struct text *text) {
  for (enum lang l = 0; l < LANG_COUNT; l++)
    if (text->in[l][0]) return false;
  return true;
}

static void text_of(const struct section *s, const char *key, char *out, size_t size) {
  snprintf(out, size, "%s", settings_value(s, key));
}

bool plan_yes(const struct section *s, const char *key) {
  bool yes = false;
  if (plan_given(s, key)) form_yes(settings_value(s, key), &yes);
  return yes;
}

/* The enums of core have the order of the choices. */
int plan_choice(const struct section *s, const char *key, int fallback) {
  const struct pair *p = settings_pair(s, key, LANG_ZH_HANS);
  if (!p) return fallback;
  int n = 0;
  size_t len = strlen(p->value);
  for (const char *at = p->setting->choices; at; at = strchr(at, '|') + 1, n++)
    if (!strncmp(at, p->value, len) && (at[len] == '|' || !at[len])) return n;
  return fallback;
}

int plan_index(const struct section *const *list, int count, const char *id, size_t len) {
  for (int i = 0; i < count; i++) {
    assert(list[i]); /* gather put it there */
    if (strlen(list[i]->id) == len && !memcmp(list[i]->id, id, len)) return i;
  }
  return -1;
}

/* Bits of the items of a list, each of which must be one of the sections. */
static uint64_t mask_of(struct plan *p, const struct section *s, const char *key, const struct section *const *list, int count,
                        const char *zh, const char *en) {
  const char *at = settings_value(s, key);
  struct list_item item;
  uint64_t mask = 0;
  while (list_next(&at, &item)) {
    int i = plan_index(list, count, item.at, item.len);
    if (i < 0)
      plan_bad(p, plan_line(s, key), zh, en, pool_add(&p->f->texts, item.at, item.len));
    else
      mask |= UINT64_C(1) << i;
  }
  return mask;
}

static void gather(struct plan *p, const char *kind, const struct section **list, int most, int *count) {
  *count = 0;
  for (int i = 0; i < p->s->sections; i++) {
    if (strcmp(p->s->section[i].kind, kind) != 0) continue;
    if (*count == most) {
      remarks_say(&p->f->errors, "%1$s 第 %2$d 行：[%3$s] 最多 %4$d 个", "%1$s, line %2$d: there can be at most %4$d [%3$s]",
                  p->s->file, p->s->section[i].line, kind, most);
      return;
    }
    list[(*count)++] = &p->s->section[i];
  }
}

static void copy_id(struct plan *p, const struct section *s, char *out) {
  assert(s);
  if (!form_id(s->id))
    plan_bad(p, s->line, "名字只可用字母、数字和 - _ .", "an ID takes letters, digits and - _ . only", s->id);
  else
    strcpy(out, s->id); /* form_id: shorter than ID_MAX */
}

void plan_file(struct plan *p, const struct section *s, const char *key, const char *name, char out[FILE_NAME_MAX]) {
  bool known = strlen(name) >= FILE_NAME_MAX || p->f->pictures == PICTURES_MAX;
  if (known)
    plan_bad(p, plan_line(s, key), "文件太多或文件名太长", "too many files, or too long a name", name);
  else
    strcpy(out, name);
  for (int i = 0; i < p->f->pictures && !known; i++) known = !strcmp(p->f->picture[i], name);
  if (known) return;
  p->f->is_voice[p->f->pictures] = !strncmp(key, "voice.", 6);
  p->f->picture[p->f->pictures++] = name;
}

/* --- [event] --- */

/* A civil time whose zone isn't known yet, as if it were UTC. */
static int64_t rough_s(const struct civil *c) {
  return (int64_t)day_from_civil(c->year, c->month, c->day) * 86400 + c->hour * 3600;
}

static void event_times(struct plan *p, const struct section *s, int i) {
  struct event *e = &p->c->event[i];
  struct civil starts, ends;
  struct problem why;
  for (const char *const *key = (const char *const[]){"starts", "ends", "tz", NULL}; *key; key++) plan_need(p, s, *key);
  if (!plan_given(s, "starts") || !plan_given(s, "ends") || !plan_given(s, "tz")) return;
  form_time(settings_value(s, "starts"), &starts);
  form_time(settings_value(s, "ends"), &ends);
  if (!zone_read(settings_value(s, "tz"), rough_s(&starts), rough_s(&ends), &e->zone, &why)) {
    bad_because(p, plan_line(s, "tz"), &why);
    return;
  }
  e->starts_ms = civil_to_ms(&e->zone, &starts);
  e->ends_ms = civil_to_ms(&e->zone, &ends);
  if (e->ends_ms < e->starts_ms)
    plan_bad(p, plan_line(s, "ends"), "结束早于开始", "the end is before the start", settings_value(s, "ends"));
  snprintf(p->f->start_date[i], sizeof p->f->start_date[i], "%.10s", settings_value(s, "starts"));
  e->tag = pack_event_tag(e->id, p->f->start_date[i]);
}

static void make_event(struct plan *p, int i) {
  const struct section *s = p->event[i];
  struct event *e = &p->c->event[i];
  copy_id(p, s, e->id);
  plan_texts(s, "title", &e->title);
  if (plan_empty(&e->title)) {
    strcpy(e->title.in[LANG_ZH_HANS], e->id);
    remarks_say(&p->f->warnings, "%1$s 第 %2$d 行：活动没有名称，屏幕上会显示 %3$s。请写 title.zh-Hans",
                "%1$s, line %2$d: the event has no title, so screens will say %3$s. Set title.zh-Hans", p->s->file, s->line,
                s->id);
  }
  plan_texts(s, "venue", &e->venue);
  plan_texts(s, "city", &e->city);
  text_of(s, "site", e->site, sizeof e->site);
  e->hosts =
      (uint32_t)mask_of(p, s, "hosts", p->host, p->c->hosts, "没有这个主办方的 [host] 小节", "there is no [host] section for");
  plan_face(p, s, e);
  e->day_border_s = 4 * 3600;
  if (plan_given(s, "day_border")) form_clock(settings_value(s, "day_border"), 24, &e->day_border_s);
  event_times(p, s, i);
}

/* --- [host], [type] --- */

static void make_host(struct plan *p, int i) {
  const struct section *s = p->host[i];
  struct host *h = &p->c->host[i];
  copy_id(p, s, h->id);
  plan_texts(s, "name", &h->name);
  if (plan_given(s, "logo")) {
    plan_file(p, s, "logo", settings_value(s, "logo"), h->logo);
    p->f->logo[i] = settings_value(s, "logo");
  }
  text_of(s, "group.qr", h->group_qr, sizeof h->group_qr);
  plan_texts(s, "group.fallback", &h->group_fallback);
  text_of(s, "group.fallback.qr", h->group_fallback_qr, sizeof h->group_fallback_qr);
}

/* In the zone of the first event that the host holds. After the rosters: they say which these are. */
static void host_expiry(struct plan *p, int i) {
  struct civil civil;
  int e = 0;
  if (!plan_given(p->host[i], "group.expires") || !p->c->events) return;
  for (int k = p->c->events - 1; k >= 0; k--)
    if (p->c->event[k].hosts >> i & 1) e = k;
  form_time(settings_value(p->host[i], "group.expires"), &civil);
  if (p->c->event[e].zone.spans) p->c->host[i].group_expires_ms = civil_to_ms(&p->c->event[e].zone, &civil);
}

static void make_type(struct plan *p, int i) {
  const struct section *s = p->type[i];
  struct ticket_type *t = &p->c->type[i];
  struct list_item item;
  struct civil c;
  copy_id(p, s, t->key);
  plan_texts(s, "label", &t->label);
  if (plan_given(s, "colour")) form_colour(settings_value(s, "colour"), &t->colour);
  t->icon = (enum type_icon)plan_choice(s, "icon", ICON_NONE);
  t->late_admit = plan_choice(s, "late", 0) == 1;
  t->show_name = (enum show_name)plan_choice(s, "show_name", (int)p->c->show_name);
  p->f->type_match[i] = settings_value(s, "match");
  for (const char *at = settings_value(s, "valid"); list_next(&at, &item) && t->days < 8;)
    if (form_date(pool_add(&p->f->texts, item.at, item.len), &c)) t->day[t->days++] = day_from_civil(c.year, c.month, c.day);
}

/* --- [roster] --- */

static const char *const column_key[] = {"columns.name",      "columns.phone",  "columns.email",  "columns.organization",
                                         "columns.title",     "columns.type",   "columns.number", "columns.order",
                                         "columns.code",      "columns.seat",   "columns.status", "columns.party",
                                         "columns.attention", "columns.family", "columns.given"};
_Static_assert(sizeof column_key / sizeof *column_key == ROSTER_COLUMNS, "in the order of enum roster_column");

static void roster_pattern(struct plan *p, const struct section *s, struct roster *r) {
  regex_t regex;
  struct problem why;
  r->code_pattern = settings_value(s, "code.pattern");
  if (!*r->code_pattern) return;
  if (pattern_compile(r->code_pattern, 1, &regex, &why))
    regfree(&regex);
  else
    bad_because(p, plan_line(s, "code.pattern"), &why);
}

static void make_roster(struct plan *p, const struct section *s) {
  struct folder *f = p->f;
  if (f->rosters == ROSTERS_MAX) {
    plan_bad(p, s->line, "报名表太多", "too many rosters", s->id);
    return;
  }
  struct roster *r = &f->roster[f->rosters++];
  const char *event = settings_value(s, "event");
  *r = (struct roster){.id = s->id, .line = s->line};
  r->file = r->label = plan_given(s, "file") ? settings_value(s, "file") : s->id;
  r->sheet = settings_value(s, "sheet");
  r->encoding = settings_value(s, "encoding");
  if (*r->encoding && !encoding_known(r->encoding))
    plan_bad(p, plan_line(s, "encoding"),
             "不认识的编码，可写的有 utf-8、gb18030、gbk、utf-16、utf-16le、utf-16be、big5、shift_jis、euc-kr",
             "an unknown encoding; there are utf-8, gb18030, gbk, utf-16, utf-16le, utf-16be, big5, shift_jis, euc-kr",
             r->encoding);
  r->event = (int16_t)plan_index(p->event, p->c->events, event, strlen(event));
  if (!*event && p->c->events == 1) r->event = 0;
  if (r->event < 0)
    plan_bad(p, plan_line(s, "event"), "没有这个活动的 [event] 小节", "there is no [event] section for",
             *event ? event : "event = ?");
  r->hosts =
      (uint32_t)mask_of(p, s, "host", p->host, p->c->hosts, "没有这个主办方的 [host] 小节", "there is no [host] section for");
  r->elsewhere_only = plan_yes(s, "elsewhere_only");
  for (int i = 0; i < ROSTER_COLUMNS; i++)
    if (plan_given(s, column_key[i])) r->columns[i] = settings_value(s, column_key[i]);
  if (plan_given(s, "status.column")) r->columns[ROSTER_STATUS] = settings_value(s, "status.column");
  r->status_ok = settings_value(s, "status.ok");
  r->status_no = settings_value(s, "status.no");
  roster_pattern(p, s, r);
  if (r->event < 0) return;
  p->c->event[r->event].roster = true;
  p->c->event[r->event].hosts |= r->hosts;
}

/* --- [station] --- */

static void station_hours(struct plan *p, const struct section *s, const char *key, const struct event *e, struct hours *out) {
  const char *value = settings_value(s, key);
  struct civil civil;
  int32_t second;
  (void)p;
  if (!*value) return;
  out->set = true;
  out->daily = form_clock(value, 36, &second);
  if (out->daily)
    out->at = second;
  else if (form_time(value, &civil) && e->zone.spans)
    out->at = civil_to_ms(&e->zone, &civil);
}

/* Tickets, and people's numbers, are of one event: whoever came by another one's is nobody whom this station knows. */
static bool same_event(const char *station, const char *other) {
  const size_t n = strcspn(station, "/");
  return !strncmp(station, other, n + 1);
}

static void station_after(struct plan *p, const struct section *s, struct station *st) {
  const char *value = settings_value(s, "after"), *blank = strpbrk(value, " \t");
  size_t len = blank ? (size_t)(blank - value) : strlen(value);
  st->after = -1;
  if (!len) return;
  if (blank) {
    while (*blank == ' ' || *blank == '\t') blank++;
    st->after_today = !strcmp(blank, "today");
    if (!st->after_today)
      plan_bad(p, plan_line(s, "after"), "签到点后面只可写 today", "only today may come behind the station", blank);
  }
  st->after = (int16_t)plan_index(p->station, p->c->stations, value, len);
  if (st->after < 0)
    plan_bad(p, plan_line(s, "after"), "没有这个签到点的 [station] 小节", "there is no [station] section for", value);
  else if (p->station[st->after] == s)
    plan_bad(p, plan_line(s, "after"), "签到点不可以先要去它自己", "a station can't come before itself", value);
  else if (!same_event(s->id, p->station[st->after]->id))
    plan_bad(p, plan_line(s, "after"), "要先去的签到点须属于同一活动（票只属于一个活动）：请把两个签到点写在同一活动下",
             "the station that comes first must be of the same event, since a ticket is of one event: put both under one event",
             value);
}

static int32_t times_of(const struct section *s, enum station_kind kind) {
  const char *value = settings_value(s, "times");
  int64_t n = 1;
  if (!strcmp(value, "every") || (!*value && kind == STATION_EXIT)) return TIMES_EVERY;
  if (!strcmp(value, "daily")) return TIMES_DAILY;
  if (strcmp(value, "once") != 0 && *value) form_number(value, 1, 1000000, &n);
  return (int32_t)n;
}

static void default_label(struct station *st) {
  static const struct text label[] = {[STATION_ENTRY] = {{"签到", "簽到", "Check-in"}},
                                      [STATION_EXIT] = {{"离场", "離場", "Exit"}},
                                      [STATION_SESSION] = {{"分会场", "分會場", "Session"}},
                                      [STATION_REDEEM] = {{"领取", "領取", "Hand-out"}}};
  if (plan_empty(&st->label)) st->label = label[st->kind];
}

static void station_accept(struct plan *p, const struct section *s, struct station *st) {
  regex_t regex;
  struct problem why;
  text_of(s, "accept", st->accept, sizeof st->accept);
  if (!st->accept[0]) return;
  if (strlen(settings_value(s, "accept")) < sizeof st->accept && pattern_compile(st->accept, 0, &regex, &why))
    regfree(&regex);
  else
    bad_because(p, plan_line(s, "accept"), &why);
}

static void make_station(struct plan *p, int i) {
  const struct section *s = p->station[i];
  struct station *st = &p->c->station[i];
  assert(s);
  const char *slash = strchr(s->id, '/');
  int event = slash && form_id(slash + 1) ? plan_index(p->event, p->c->events, s->id, (size_t)(slash - s->id)) : -1;
  if (event < 0 || strlen(s->id) >= sizeof st->id) {
    plan_bad(p, s->line, "签到点写作 [station 活动/名字]，活动要有 [event] 小节",
             "write [station EVENT/ID], with an [event] section for EVENT", s->id);
    return;
  }
  strcpy(st->id, s->id);
  st->event = (int16_t)event;
  if (!plan_given(s, "kind") && !settings_refused(s, "kind"))
    plan_bad(p, s->line, "缺少 kind = entry、exit、session 或 redeem", "missing kind = entry, exit, session or redeem", s->id);
  st->kind = (enum station_kind)plan_choice(s, "kind", STATION_ENTRY);
  plan_texts(s, "label", &st->label);
  plan_texts(s, "room", &st->room);
  plan_texts(s, "greeting", &st->greeting);
  default_label(st);
  const char *admits = settings_value(s, "admits");
  st->admits = !*admits || !strcmp(admits, "*") ? UINT64_MAX
                                                : mask_of(p, s, "admits", p->type, p->c->types, "没有这个票种的 [type] 小节",
                                                          "there is no [type] section for");
  st->times = times_of(s, st->kind);
  station_hours(p, s, "opens", &p->c->event[event], &st->opens);
  station_hours(p, s, "closes", &p->c->event[event], &st->closes);
  if (st->opens.set && st->closes.set && st->opens.daily == st->closes.daily && st->closes.at <= st->opens.at)
    plan_bad(p, plan_line(s, "closes"), "结束不晚于开始（过了午夜写 26:00 这样）",
             "it closes before it opens (past midnight write 26:00)", settings_value(s, "closes"));
  int64_t n = 0;
  st->capacity = plan_given(s, "capacity") && form_number(settings_value(s, "capacity"), 1, 1000000, &n) ? (int32_t)n : 0;
  st->share = plan_given(s, "share") && form_number(settings_value(s, "share"), 1, 1000000, &n) ? (int32_t)n : 0;
  st->again = (enum again)plan_choice(s, "again", st->kind == STATION_REDEEM ? AGAIN_STOP : AGAIN_WELCOME);
  st->offline = (enum offline)plan_choice(s, "offline", OFFLINE_ADMIT);
  st->walkin = (enum walkin)plan_choice(s, "walkin", WALKIN_STAFF);
  st->party_all = plan_choice(s, "party", 0) == 1;
  st->party_ask = plan_choice(s, "party", 0) == 2;
  st->show_nth = plan_yes(s, "nth");
  st->anonymous = plan_yes(s, "anonymous");
  plan_texts(s, "handout", &st->handout);
  if (!plan_empty(&st->handout) && st->kind != STATION_REDEEM)
    plan_bad(p, plan_line(s, "handout"), "只有 kind = redeem 的签到点才发东西",
             "only a station of kind = redeem hands something out", s->id);
  station_after(p, s, st);
  station_accept(p, s, st);
}

/* --- [pack] --- */

static void ticket_keys(struct plan *p, const struct section *s) {
  struct list_item item;
  struct minisign_pub pub;
  struct problem why;
  for (const char *at = settings_value(s, "ticket_keys"); list_next(&at, &item);) {
    const char *file = pool_add(&p->f->texts, item.at, item.len);
    if (p->f->ticket_keys == TICKET_KEYS_MAX) {
      plan_bad(p, plan_line(s, "ticket_keys"), "签名票的密钥太多", "too many ticket keys", file);
    } else if (!minisign_read_pub(folder_path(p->f, file), &pub, &why)) {
      bad_because(p, plan_line(s, "ticket_keys"), &why);
    } else {
      struct ticket_key *k = &p->f->ticket_key[p->f->ticket_keys++];
      k->file = file;
      memcpy(k->key, pub.key, sizeof k->key);
    }
  }
}

static void make_pack(struct plan *p, const struct section *s) {
  struct minisign_pub pub;
  struct problem why;
  text_of(s, "name", p->c->name, sizeof p->c->name);
  plan_need(p, s, "name");
  ticket_keys(p, s);
  p->f->revoked = settings_value(s, "revoked");
  p->c->show_name = (enum show_name)plan_choice(s, "show_name", SHOW_NAME_MASKED);
  p->f->contacts = (enum contacts)plan_choice(s, "search.contacts", CONTACTS_LAST4);
  if (!plan_given(s, "seal")) return;
  if (!minisign_read_pub(folder_path(p->f, settings_value(s, "seal")), &pub, &why))
    bad_because(p, plan_line(s, "seal"), &why);
  else if (crypto_sign_ed25519_pk_to_curve25519(p->f->seal, pub.key) != 0)
    plan_bad(p, plan_line(s, "seal"), "不是可用的公钥", "not a usable public key", settings_value(s, "seal"));
  else
    p->f->has_seal = true;
}

/* That day is the last one; by the clocks of the first event. */
static void retain_until(struct plan *p, const struct section *s) {
  const struct pair *given = settings_pair(s, "privacy.retain_until", LANG_ZH_HANS);
  struct civil day;
  if (!given || !form_date(given->value, &day) || !p->c->events) return;
  day.hour = 24;
  const int64_t ms = civil_to_ms(&p->c->event[0].zone, &day);
  p->c->retain_until_ms = ms > 0 ? ms : 0;
}

/* Who brings people's data is asked who answers for it, and for how long. */
static void ask_privacy(struct plan *p, const struct section *s) {
  static const char *const asked[] = {"privacy.controller", "privacy.contact", "privacy.retain_until"};
  char missing[128] = "";
  bool personal = false;
  for (int i = 0; i < p->f->rosters; i++) personal = personal || !p->f->roster[i].elsewhere_only;
  for (size_t i = 0; personal && i < sizeof asked / sizeof *asked; i++) {
    bool there = false;
    for (enum lang l = 0; l < LANG_COUNT; l++) there = there || settings_pair(s, asked[i], l);
    if (!there) snprintf(missing + strlen(missing), sizeof missing - strlen(missing), "%s%s", *missing ? ", " : "", asked[i]);
  }
  if (*missing)
    remarks_say(
        &p->f->warnings, "%1$s 第 %2$d 行：名单里有个人信息，[pack] 里还缺 %3$s：请写明谁负责、找谁问、日志保留到哪一天",
        "%1$s, line %2$d: rosters hold personal data, and [pack] lacks %3$s: say who is responsible, whom to ask, and until "
        "when the log is kept",
        p->s->file, s->line, missing);
}

void plan_make(const struct settings *settings, struct folder *folder) {
  struct plan p = {.s = settings, .f = folder, .c = &folder->catalog};
  const struct section *pack = NULL;
  gather(&p, "host", p.host, HOSTS_MAX, &p.c->hosts);
  gather(&p, "type", p.type, TYPES_MAX, &p.c->types);
  gather(&p, "event", p.event, EVENTS_MAX, &p.c->events);
  gather(&p, "station", p.station, STATIONS_MAX, &p.c->stations);
  gather(&p, "session", p.session, SESSIONS_MAX, &p.c->sessions);
  folder->revoked = "";
  for (int i = 0; i < settings->sections; i++)
    if (!strcmp(settings->section[i].kind, "pack")) pack = &settings->section[i];
  if (pack)
    make_pack(&p, pack);
  else
    plan_bad(&p, 1, "缺少小节", "missing section", "[pack]");
  if (!p.c->events) plan_bad(&p, 1, "至少要有一个小节", "there must be at least one section", "[event ID]");
  if (!p.c->stations) plan_bad(&p, 1, "至少要有一个小节", "there must be at least one section", "[station EVENT/ID]");
  for (int i = 0; i < p.c->hosts; i++) make_host(&p, i);
  for (int i = 0; i < p.c->types; i++) make_type(&p, i);
  for (int i = 0; i < p.c->events; i++) make_event(&p, i);
  for (int i = 0; i < settings->sections; i++)
    if (!strcmp(settings->section[i].kind, "roster")) make_roster(&p, &settings->section[i]);
  if (pack) ask_privacy(&p, pack), retain_until(&p, pack);
  for (int i = 0; i < p.c->hosts; i++) host_expiry(&p, i);
  for (int i = 0; i < p.c->stations; i++) make_station(&p, i);
  plan_sessions(&p);
  if (!remarks_total(&folder->errors)) dates_check(settings, folder);
}
