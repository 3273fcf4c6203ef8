/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/plan.h"

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
#include "tools/yingbin/zone.h"

struct plan {
  const struct settings *s;
  struct folder *f;
  struct catalog *c;
  const struct section *host[HOSTS_MAX], *type[TYPES_MAX], *event[EVENTS_MAX], *station[STATIONS_MAX];
};

static void bad(struct plan *p, int line, const char *zh, const char *en, const char *value) {
  size_t len = strlen(value), shown = utf8_cut(value, len, 120);
  remarks_say(&p->f->errors, "%1$s 第 %2$d 行：%3$s：%5$.*6$s%7$s%4$.0s", "%1$s, line %2$d: %4$s: %5$.*6$s%7$s%3$.0s",
              p->s->file, line, zh, en, value, (int)shown, shown < len ? "…" : "");
}

static void bad_because(struct plan *p, int line, const struct problem *why) {
  remarks_say(&p->f->errors, "%1$s 第 %2$d 行：%3$s%4$.0s", "%1$s, line %2$d: %4$s%3$.0s", p->s->file, line, why->zh, why->en);
}

static int line_of(const struct section *s, const char *key) {
  const struct pair *p = settings_pair(s, key, LANG_ZH_HANS);
  return p ? p->line : s->line;
}

static bool given(const struct section *s, const char *key) { return settings_pair(s, key, LANG_ZH_HANS) != NULL; }

static void texts_of(const struct section *s, const char *key, struct text *out) {
  for (enum lang l = 0; l < LANG_COUNT; l++) {
    const struct pair *p = settings_pair(s, key, l);
    if (p) snprintf(out->in[l], TEXT_MAX, "%s", p->value);
  }
}

static bool is_empty(const struct text *text) {
  for (enum lang l = 0; l < LANG_COUNT; l++)
    if (text->in[l][0]) return false;
  return true;
}

static void text_of(const struct section *s, const char *key, char *out, size_t size) {
  snprintf(out, size, "%s", settings_value(s, key));
}

/* The place of a choice in its list: the enums of core have the same order. */
static int choice_of(const struct section *s, const char *key, int fallback) {
  const struct pair *p = settings_pair(s, key, LANG_ZH_HANS);
  if (!p) return fallback;
  int n = 0;
  size_t len = strlen(p->value);
  for (const char *at = p->setting->choices; at; at = strchr(at, '|') + 1, n++)
    if (!strncmp(at, p->value, len) && (at[len] == '|' || !at[len])) return n;
  return fallback;
}

static int index_of(const struct section *const *list, int count, const char *id, size_t len) {
  for (int i = 0; i < count; i++)
    if (strlen(list[i]->id) == len && !memcmp(list[i]->id, id, len)) return i;
  return -1;
}

/* Bits of the items of a list, each of which must be one of the sections. */
static uint64_t mask_of(struct plan *p, const struct section *s, const char *key, const struct section *const *list, int count,
                        const char *zh, const char *en) {
  const char *at = settings_value(s, key);
  struct list_item item;
  uint64_t mask = 0;
  while (list_next(&at, &item)) {
    int i = index_of(list, count, item.at, item.len);
    if (i < 0)
      bad(p, line_of(s, key), zh, en, pool_add(&p->f->texts, item.at, item.len));
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
  if (!form_id(s->id))
    bad(p, s->line, "名字只可用字母、数字和 - _ .", "an ID takes letters, digits and - _ . only", s->id);
  else
    strcpy(out, s->id); /* form_id: shorter than ID_MAX */
}

/* Logos and slides go into the pack under their files' names. */
static void pictures_of(struct plan *p, const struct section *s, const char *key) {
  struct list_item item;
  for (const char *at = settings_value(s, key); list_next(&at, &item);) {
    const char *file = pool_add(&p->f->texts, item.at, item.len);
    bool known = strlen(file) >= ID_MAX * 2 || p->f->pictures == PICTURES_MAX;
    if (known) bad(p, line_of(s, key), "图片太多或文件名太长", "too many pictures, or too long a name", file);
    for (int i = 0; i < p->f->pictures && !known; i++) known = !strcmp(p->f->picture[i], file);
    if (!known) p->f->picture[p->f->pictures++] = file;
  }
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
  for (const char *const *key = (const char *const[]){"starts", "ends", "tz", NULL}; *key; key++)
    if (!given(s, *key)) bad(p, s->line, "缺少", "missing", *key);
  if (!given(s, "starts") || !given(s, "ends") || !given(s, "tz")) return;
  form_time(settings_value(s, "starts"), &starts);
  form_time(settings_value(s, "ends"), &ends);
  if (!zone_read(settings_value(s, "tz"), rough_s(&starts), rough_s(&ends), &e->zone, &why)) {
    bad_because(p, line_of(s, "tz"), &why);
    return;
  }
  e->starts_ms = civil_to_ms(&e->zone, &starts);
  e->ends_ms = civil_to_ms(&e->zone, &ends);
  if (e->ends_ms < e->starts_ms)
    bad(p, line_of(s, "ends"), "结束早于开始", "the end is before the start", settings_value(s, "ends"));
  snprintf(p->f->start_date[i], sizeof p->f->start_date[i], "%.10s", settings_value(s, "starts"));
  e->tag = pack_event_tag(e->id, p->f->start_date[i]);
}

static void make_event(struct plan *p, int i) {
  const struct section *s = p->event[i];
  struct event *e = &p->c->event[i];
  copy_id(p, s, e->id);
  texts_of(s, "title", &e->title);
  if (is_empty(&e->title)) {
    strcpy(e->title.in[LANG_ZH_HANS], e->id);
    remarks_say(&p->f->warnings, "%1$s 第 %2$d 行：活动没有名称，屏幕上会显示 %3$s。请写 title.zh-Hans",
                "%1$s, line %2$d: the event has no title, so screens will say %3$s. Set title.zh-Hans", p->s->file, s->line,
                s->id);
  }
  texts_of(s, "venue", &e->venue);
  texts_of(s, "city", &e->city);
  text_of(s, "site", e->site, sizeof e->site);
  e->hosts =
      (uint32_t)mask_of(p, s, "hosts", p->host, p->c->hosts, "没有这个主办方的 [host] 小节", "there is no [host] section for");
  pictures_of(p, s, "slides");
  e->day_border_s = 4 * 3600;
  if (given(s, "day_border")) form_clock(settings_value(s, "day_border"), 24, &e->day_border_s);
  event_times(p, s, i);
}

/* --- [host], [type] --- */

static void make_host(struct plan *p, int i) {
  const struct section *s = p->host[i];
  struct host *h = &p->c->host[i];
  copy_id(p, s, h->id);
  texts_of(s, "name", &h->name);
  pictures_of(p, s, "logo");
  if (given(s, "logo")) p->f->logo[i] = settings_value(s, "logo");
  text_of(s, "group.qr", h->group_qr, sizeof h->group_qr);
  texts_of(s, "group.fallback", &h->group_fallback);
  text_of(s, "group.fallback.qr", h->group_fallback_qr, sizeof h->group_fallback_qr);
}

/* In the zone of the first event that the host holds. After the rosters: they say which these are. */
static void host_expiry(struct plan *p, int i) {
  struct civil civil;
  int e = 0;
  if (!given(p->host[i], "group.expires") || !p->c->events) return;
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
  texts_of(s, "label", &t->label);
  if (given(s, "colour")) form_colour(settings_value(s, "colour"), &t->colour);
  t->late_admit = choice_of(s, "late", 0) == 1;
  t->show_name = (enum show_name)choice_of(s, "show_name", SHOW_NAME_MASKED);
  p->f->type_match[i] = settings_value(s, "match");
  for (const char *at = settings_value(s, "valid"); list_next(&at, &item) && t->days < 8;)
    if (form_date(pool_add(&p->f->texts, item.at, item.len), &c)) t->day[t->days++] = day_from_civil(c.year, c.month, c.day);
}

/* --- [roster] --- */

static const char *const column_key[] = {"columns.name",     "columns.phone", "columns.email",  "columns.organization",
                                         "columns.title",    "columns.type",  "columns.number", "columns.order",
                                         "columns.code",     "columns.seat",  "columns.status", "columns.party",
                                         "columns.attention"};
_Static_assert(sizeof column_key / sizeof *column_key == ROSTER_COLUMNS, "in the order of enum roster_column");

static void roster_pattern(struct plan *p, const struct section *s, struct roster *r) {
  regex_t regex;
  struct problem why;
  r->code_pattern = settings_value(s, "code.pattern");
  if (!*r->code_pattern) return;
  if (pattern_compile(r->code_pattern, 1, &regex, &why))
    regfree(&regex);
  else
    bad_because(p, line_of(s, "code.pattern"), &why);
}

static void make_roster(struct plan *p, const struct section *s) {
  struct folder *f = p->f;
  if (f->rosters == ROSTERS_MAX) {
    bad(p, s->line, "报名表太多", "too many rosters", s->id);
    return;
  }
  struct roster *r = &f->roster[f->rosters++];
  const char *event = settings_value(s, "event");
  *r = (struct roster){.id = s->id, .line = s->line};
  r->file = r->label = given(s, "file") ? settings_value(s, "file") : s->id;
  r->sheet = settings_value(s, "sheet");
  r->encoding = settings_value(s, "encoding");
  if (*r->encoding && !encoding_known(r->encoding))
    bad(p, line_of(s, "encoding"),
        "不认识的编码，可写的有 utf-8、gb18030、gbk、utf-16、utf-16le、utf-16be、big5、shift_jis、euc-kr",
        "an unknown encoding; there are utf-8, gb18030, gbk, utf-16, utf-16le, utf-16be, big5, shift_jis, euc-kr", r->encoding);
  r->event = (int16_t)index_of(p->event, p->c->events, event, strlen(event));
  if (!*event && p->c->events == 1) r->event = 0;
  if (r->event < 0)
    bad(p, line_of(s, "event"), "没有这个活动的 [event] 小节", "there is no [event] section for", *event ? event : "event = ?");
  r->hosts =
      (uint32_t)mask_of(p, s, "host", p->host, p->c->hosts, "没有这个主办方的 [host] 小节", "there is no [host] section for");
  form_yes(given(s, "elsewhere_only") ? settings_value(s, "elsewhere_only") : "no", &r->elsewhere_only);
  for (int i = 0; i < ROSTER_COLUMNS; i++)
    if (given(s, column_key[i])) r->columns[i] = settings_value(s, column_key[i]);
  if (given(s, "status.column")) r->columns[ROSTER_STATUS] = settings_value(s, "status.column");
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

static void station_after(struct plan *p, const struct section *s, struct station *st) {
  const char *value = settings_value(s, "after"), *blank = strpbrk(value, " \t");
  size_t len = blank ? (size_t)(blank - value) : strlen(value);
  st->after = -1;
  if (!len) return;
  if (blank) {
    while (*blank == ' ' || *blank == '\t') blank++;
    st->after_today = !strcmp(blank, "today");
    if (!st->after_today)
      bad(p, line_of(s, "after"), "签到点后面只可写 today", "only today may come behind the station", blank);
  }
  st->after = (int16_t)index_of(p->station, p->c->stations, value, len);
  if (st->after < 0)
    bad(p, line_of(s, "after"), "没有这个签到点的 [station] 小节", "there is no [station] section for", value);
  else if (p->station[st->after] == s)
    bad(p, line_of(s, "after"), "签到点不可以先要去它自己", "a station can't come before itself", value);
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
  if (is_empty(&st->label)) st->label = label[st->kind];
}

static void station_later(struct plan *p, const struct section *s, const char *key, const char *value, const char *zh,
                          const char *en) {
  if (strcmp(settings_value(s, key), value) == 0)
    remarks_say(&p->f->warnings, "%1$s 第 %2$d 行：%3$s = %4$s：%5$s%6$.0s", "%1$s, line %2$d: %3$s = %4$s: %6$s%5$.0s",
                p->s->file, line_of(s, key), key, value, zh, en);
}

static void station_accept(struct plan *p, const struct section *s, struct station *st) {
  regex_t regex;
  struct problem why;
  text_of(s, "accept", st->accept, sizeof st->accept);
  if (!st->accept[0]) return;
  if (strlen(settings_value(s, "accept")) < sizeof st->accept && pattern_compile(st->accept, 0, &regex, &why))
    regfree(&regex);
  else
    bad_because(p, line_of(s, "accept"), &why);
}

static void make_station(struct plan *p, int i) {
  const struct section *s = p->station[i];
  struct station *st = &p->c->station[i];
  const char *slash = strchr(s->id, '/');
  int event = slash && form_id(slash + 1) ? index_of(p->event, p->c->events, s->id, (size_t)(slash - s->id)) : -1;
  if (event < 0 || strlen(s->id) >= sizeof st->id) {
    bad(p, s->line, "签到点写作 [station 活动/名字]，活动要有 [event] 小节",
        "write [station EVENT/ID], with an [event] section for EVENT", s->id);
    return;
  }
  strcpy(st->id, s->id);
  st->event = (int16_t)event;
  if (!given(s, "kind"))
    bad(p, s->line, "缺少 kind = entry、exit、session 或 redeem", "missing kind = entry, exit, session or redeem", s->id);
  st->kind = (enum station_kind)choice_of(s, "kind", STATION_ENTRY);
  texts_of(s, "label", &st->label);
  texts_of(s, "room", &st->room);
  texts_of(s, "greeting", &st->greeting);
  default_label(st);
  const char *admits = settings_value(s, "admits");
  st->admits = !*admits || !strcmp(admits, "*") ? UINT64_MAX
                                                : mask_of(p, s, "admits", p->type, p->c->types, "没有这个票种的 [type] 小节",
                                                          "there is no [type] section for");
  st->times = times_of(s, st->kind);
  station_hours(p, s, "opens", &p->c->event[event], &st->opens);
  station_hours(p, s, "closes", &p->c->event[event], &st->closes);
  if (st->opens.set && st->closes.set && st->opens.daily == st->closes.daily && st->closes.at <= st->opens.at)
    bad(p, line_of(s, "closes"), "结束不晚于开始（过了午夜写 26:00 这样）",
        "it closes before it opens (past midnight write 26:00)", settings_value(s, "closes"));
  int64_t n = 0;
  st->capacity = given(s, "capacity") && form_number(settings_value(s, "capacity"), 1, 1000000, &n) ? (int32_t)n : 0;
  st->share = given(s, "share") && form_number(settings_value(s, "share"), 1, 1000000, &n) ? (int32_t)n : 0;
  st->again = (enum again)choice_of(s, "again", st->kind == STATION_REDEEM ? AGAIN_STOP : AGAIN_WELCOME);
  st->offline = (enum offline)choice_of(s, "offline", OFFLINE_ADMIT);
  st->walkin = (enum walkin)choice_of(s, "walkin", WALKIN_STAFF);
  st->party_all = choice_of(s, "party", 0) == 1;
  station_after(p, s, st);
  station_accept(p, s, st);
  station_later(p, s, "walkin", "self", "这个版本的签到机还没有自助登记，会请人找工作人员",
                "this version's kiosk has no self-service yet; it sends people to staff");
  station_later(p, s, "party", "ask", "这个版本的签到机还不会询问人数，一个码记一人",
                "this version's kiosk can't ask yet; a scan counts one");
}

/* --- [session], [pack] --- */

static void check_session(struct plan *p, const struct section *s) {
  struct civil starts, ends;
  const char *station = settings_value(s, "station");
  if (*station && index_of(p->station, p->c->stations, station, strlen(station)) < 0)
    bad(p, line_of(s, "station"), "没有这个签到点的 [station] 小节", "there is no [station] section for", station);
  if (given(s, "starts") && given(s, "ends") && form_time(settings_value(s, "starts"), &starts) &&
      form_time(settings_value(s, "ends"), &ends) && rough_s(&ends) + ends.minute * 60 < rough_s(&starts) + starts.minute * 60)
    bad(p, line_of(s, "ends"), "结束早于开始", "the end is before the start", settings_value(s, "ends"));
}

static void ticket_keys(struct plan *p, const struct section *s) {
  struct list_item item;
  struct minisign_pub pub;
  struct problem why;
  for (const char *at = settings_value(s, "ticket_keys"); list_next(&at, &item);) {
    const char *file = pool_add(&p->f->texts, item.at, item.len);
    if (p->f->ticket_keys == TICKET_KEYS_MAX) {
      bad(p, line_of(s, "ticket_keys"), "签名票的密钥太多", "too many ticket keys", file);
    } else if (!minisign_read_pub(folder_path(p->f, file), &pub, &why)) {
      bad_because(p, line_of(s, "ticket_keys"), &why);
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
  if (!given(s, "name")) bad(p, s->line, "缺少", "missing", "name");
  ticket_keys(p, s);
  p->f->revoked = settings_value(s, "revoked");
  p->f->contacts = (enum contacts)choice_of(s, "search.contacts", CONTACTS_LAST4);
  if (!given(s, "seal")) return;
  if (!minisign_read_pub(folder_path(p->f, settings_value(s, "seal")), &pub, &why))
    bad_because(p, line_of(s, "seal"), &why);
  else if (crypto_sign_ed25519_pk_to_curve25519(p->f->seal, pub.key) != 0)
    bad(p, line_of(s, "seal"), "不是可用的公钥", "not a usable public key", settings_value(s, "seal"));
  else
    p->f->has_seal = true;
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
  folder->revoked = "";
  for (int i = 0; i < settings->sections; i++)
    if (!strcmp(settings->section[i].kind, "pack")) pack = &settings->section[i];
  if (pack)
    make_pack(&p, pack);
  else
    bad(&p, 1, "缺少小节", "missing section", "[pack]");
  if (!p.c->events) bad(&p, 1, "至少要有一个小节", "there must be at least one section", "[event ID]");
  if (!p.c->stations) bad(&p, 1, "至少要有一个小节", "there must be at least one section", "[station EVENT/ID]");
  for (int i = 0; i < p.c->hosts; i++) make_host(&p, i);
  for (int i = 0; i < p.c->types; i++) make_type(&p, i);
  for (int i = 0; i < p.c->events; i++) make_event(&p, i);
  for (int i = 0; i < settings->sections; i++)
    if (!strcmp(settings->section[i].kind, "roster")) make_roster(&p, &settings->section[i]);
  if (pack) ask_privacy(&p, pack);
  for (int i = 0; i < p.c->hosts; i++) host_expiry(&p, i);
  for (int i = 0; i < p.c->stations; i++) make_station(&p, i);
  for (int i = 0; i < settings->sections; i++)
    if (!strcmp(settings->section[i].kind, "session")) check_session(&p, &settings->section[i]);
  if (!remarks_total(&folder->errors)) dates_check(settings, folder);
}
