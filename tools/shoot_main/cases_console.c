/* SPDX-License-Identifier: Apache-2.0
 * The staff console's cases: one for each tab, sheet and answer. Invented people.
 */
#include <stdio.h>
#include <string.h>

#include "tools/shoot_main/cases_inner.h"
#include "ui/action.h"
#include "ui/console.h"

void case_person(struct staff_person *p, int16_t event, const char *name, const char *organization, int16_t type,
                 const char *phone) {
  *p = (struct staff_person){.event = event, .type = type, .confirmed = true, .party = 1};
  snprintf(p->number, sizeof p->number, "N-%s", phone);
  snprintf(p->name, sizeof p->name, "%s", name);
  snprintf(p->organization, sizeof p->organization, "%s", organization);
  snprintf(p->phone, sizeof p->phone, "%s", phone);
}

static void case_found(struct console *c, const char *query, int16_t event, int count, int64_t now_ms) {
  static const struct {
    const char *name, *organization, *phone;
    int16_t type;
  } people[] = {{"张三", "开源社", "8842", 0},
                {"张硕", "华中科技大学 计算机科学与技术学院", "0071", 1},
                {"赵善", "", "1234", 2},
                {"曾思敏", "木兰开源社区", "5510", 0},
                {"阿卜杜热合曼·买买提吐尔逊江", "新疆大学", "4478", 0},
                {"Zoë van der Schaaf-Österreicher", "Stichting Vrije Software Nederland", "9001", 1},
                {"𠮷野家 太郎👨‍👩‍👧‍👦", "吉野家", "3141", 0}};
  snprintf(c->query, sizeof c->query, "%s", query);
  struct staff_answer *a = &c->found;
  a->kind = STAFF_SEARCH;
  a->serial = c->search_serial = 7;
  a->count = count;
  for (int i = 0; i < count; i++) {
    const size_t k = (size_t)i % (sizeof people / sizeof *people);
    case_person(&a->person[i], event, people[k].name, people[k].organization, people[k].type, people[k].phone);
  }
  if (count < 4) return;
  a->person[1].inside = 1;
  a->person[1].since_ms = now_ms - 32 * 60000;
  snprintf(a->person[1].where, sizeof a->person[1].where, "2 号机");
  a->person[2].confirmed = false;
  a->person[3].party = 4;
  a->person[3].inside = 1;
  snprintf(a->person[3].attention, sizeof a->person[3].attention, "vip");
}

void case_recent(struct console *c, int16_t event, int64_t now_ms) {
  static const char *const names[] = {"欧阳晓晴", "", "张三", "Zoë van der Schaaf", "李四", "", "王五", "赵善", "曾思敏"};
  struct staff_answer *a = &c->recent;
  a->kind = STAFF_RECENT;
  a->count = 9;
  for (int i = 0; i < a->count; i++) {
    struct staff_record *r = &a->record[i];
    *r =
        (struct staff_record){.id = {(uint8_t)i}, .event = event, .verdict = VERDICT_ADMIT, .by = i == 2 ? BY_HAND : BY_CAMERA};
    r->at = (struct moment){.wall_ms = now_ms - i * 47000, .wall_ok = true};
    r->count = i == 4 ? 3 : 1;
    if (names[i][0] != '\0') snprintf(r->number, sizeof r->number, "N-%d", i);
    snprintf(r->name, sizeof r->name, "%s", names[i]);
  }
  snprintf(a->record[2].operator_name, sizeof a->record[2].operator_name, "王小明");
  a->record[3].verdict = VERDICT_UNKNOWN;
  a->record[6].undone = true;
  a->record[7].verdict = VERDICT_AGAIN;
}

static void case_today(struct console *c, int16_t event, int64_t now_ms) {
  static const int hours[STAFF_HOURS] = {[8] = 12, [9] = 640, [10] = 212, [11] = 75, [12] = 31, [13] = 118, [14] = 54};
  struct staff_today *t = &c->today.today;
  c->today.serial = 3;
  t->people = 1142, t->refused = 37, t->by_hand = 19, t->undone = 2;
  for (int h = 0; h < STAFF_HOURS; h++) t->hour[h] = hours[h];
  t->type[0] = 980, t->type[1] = 66, t->type[2] = 84, t->none = 12;
  t->station[1] = 410;
  t->attentions = 2;
  case_person(&t->attention[0], event, "欧阳晓晴", "", 0, "1");
  case_person(&t->attention[1], event, "阿卜杜热合曼·买买提吐尔逊江", "", 0, "2");
  snprintf(t->attention[0].attention, ID_MAX, "vip");
  snprintf(t->attention[1].attention, ID_MAX, "minor");
  t->attention[0].since_ms = now_ms - 600000;
  t->attention[1].since_ms = now_ms - 5400000;
}

static void case_sheet(struct console *c, const struct view *v, const char *what) {
  static const struct {
    const char *name;
    enum console_sheet sheet;
  } sheets[] = {{"walkin", SHEET_WALKIN},     {"opening", SHEET_OPENING},   {"pass", SHEET_PASS},
                {"handover", SHEET_HANDOVER}, {"station", SHEET_STATION},   {"group", SHEET_GROUP},
                {"clock", SHEET_CLOCK},       {"withdraw", SHEET_WITHDRAW}, {"export", SHEET_EXPORT},
                {"shutdown", SHEET_SHUTDOWN}, {"phone", SHEET_PHONE},       {"phone-off", SHEET_PHONE},
                {"phones-many", SHEET_PHONE}, {"carry", SHEET_HUB}};
  for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
    if (strcmp(what, sheets[i].name) == 0) console_tap(c, v, ACTION_SHEET, sheets[i].sheet);
}

/* A code to scan, and those who have done so. */
void case_phones(struct console *c, struct view *v, int count) {
  static const char *const names[] = {"王小明", "Chen"};
  v->monitor.state = MONITOR_GOOD;
  snprintf(v->monitor.url, sizeof v->monitor.url, "https://192.168.1.20:8443");
  for (int i = 0; i < 32; i++) v->monitor.fingerprint[i] = (uint8_t)(37 * i + 11);
  snprintf(c->phones.token, sizeof c->phones.token, "%.*s", PHONE_TOKEN - 1, "exampleofatokenthatonephonetakesonce");
  c->phones.count = c->phones_known = count;
  for (int i = 0; i < count; i++) {
    snprintf(c->phones.phone[i].name, sizeof c->phones.phone[i].name, "%s", names[i % 2]);
    c->phones.phone[i].left_ms = (i % 2 + 1) * 5025000;
  }
}

/* What it is in, by the case's name. */
void case_console(const char *name, const char *special, struct catalog *catalog, struct view *v) {
  static struct console console;
  static struct mirror mirror;
  struct console *c = &console;
  const int16_t event = catalog->station[v->station].event;
  const int64_t now = v->now.wall_ms;
#define IS(what) (strcmp(name, what) == 0)
  console_init(c, NULL, v->lang[0]);
  v->console = c;
  v->volume = 7;
  v->desk.opened = true;
  v->sound = SOUND_GOOD;
  v->mirror = &mirror;
  memset(&mirror, 0, sizeof mirror);
  mirror.w = MIRROR_W, mirror.h = MIRROR_H;
  memset(mirror.luma, 120, sizeof mirror.luma);
  struct notice_operator who = {.lead = strstr(special, "lead") != NULL, .session = 1};
  snprintf(who.name, sizeof who.name, "王小明");
  if (IS("pin"))
    console_open(c, v, NULL);
  else if (IS("meetup"))
    console_open_meetup(c);
  else
    console_open(c, v, &who);
  case_recent(c, event, now);
  c->recent.older = 412;
  c->keys_hidden = strstr(special, "hidden") != NULL;
  if (IS("find")) case_found(c, "zs", event, 7, now);
  if (IS("many")) case_found(c, "z", event, 20, now), c->found.more = 1240, c->selected = 4;
  if (IS("none")) case_found(c, "qqq", event, 0, now);
  if (IS("recent")) console_tap(c, v, ACTION_TAB, TAB_RECENT);
  if (IS("today")) case_today(c, event, now), console_tap(c, v, ACTION_TAB, TAB_TODAY);
  if (IS("health")) console_tap(c, v, ACTION_TAB, TAB_HEALTH);
  if (IS("hub")) {
    console_tap(c, v, ACTION_TAB, TAB_HEALTH);
    v->desk.hub = SYNC_WAITING, v->desk.hub_good_ms = now - 11 * 60000, v->desk.unsent = 17;
  }
  if (IS("settings") || IS("settings-lead")) console_tap(c, v, ACTION_TAB, TAB_SETTINGS);
  if (IS("hot")) v->desk.machine = (struct machine){.temperature_c10 = 812, .hot = true, .low_power = KNOWN_YES};
  if (IS("sick")) {
    console_tap(c, v, ACTION_TAB, TAB_HEALTH);
    v->desk.fault = DESK_FAULT_DISK_FULL, v->desk.disk_free_mb = 0;
    v->desk.machine = (struct machine){.temperature_c10 = 842, .hot = true, .slowed = KNOWN_YES, .low_power = KNOWN_YES};
    v->desk.oldest_unsent_ms = now - 26 * 3600000;
    v->watch.camera = WATCH_CAMERA_LOST, v->watch.killed = 3, v->watch.lost_frames = 3;
    v->reader_known = true;
    v->watch.read_us = 4200;
    snprintf(v->watch.state, sizeof v->watch.state, "/dev/video0 EIO");
  }
  if (IS("person") || IS("in") || IS("party") || IS("refused") || IS("refused-desk") || IS("undo") || IS("name")) {
    case_found(c, "zs", event, 7, now);
    console_tap(c, v, ACTION_ROW, IS("in") ? 1 : IS("party") ? 3 : IS("name") ? 4 : 0);
  }
  if (IS("in")) { /* let in long before the last records */
    c->theirs.count = 1;
    c->theirs.record[0] = (struct staff_record){.verdict = VERDICT_ADMIT, .event = event, .count = 1};
    memcpy(c->theirs.record[0].number, c->person.number, sizeof c->person.number);
  }
  if (IS("long") || IS("long-person")) {
    case_found(c, "wolf", event, 7, now);
    snprintf(c->found.person[0].name, NAME_MAX_BYTES, "Wolfeschlegelsteinhausenbergerdorff Featherstonehaugh-Cholmon");
    snprintf(c->found.person[1].name, NAME_MAX_BYTES, "Maria Theodora Konstantinopolska Vorontsova van der Berg Smith");
  }
  if (IS("long-person")) console_tap(c, v, ACTION_ROW, 0);
  if (IS("refused") || IS("refused-desk")) {
    snprintf(c->said, sizeof c->said, "why.rule");
    c->refused = (struct verdict){.kind = VERDICT_WRONG_TYPE};
    c->may_override = IS("refused");
    c->lead_may = !c->may_override;
  }
  if (IS("undo"))
    console_tap(c, v, ACTION_BACK, 0), console_tap(c, v, ACTION_TAB, TAB_RECENT), console_tap(c, v, ACTION_UNDO, 0);
  if (IS("name")) console_tap(c, v, ACTION_NAME, 0), console_text(c, v, "阿卜杜热合曼·买买提吐尔逊江");
  if (IS("opening")) v->desk.opened = false;
  case_sheet(c, v, name);
  if (IS("withdraw")) {
    c->cards.count = 2;
    c->cards.person[1].confirmed = true;
    snprintf(c->cards.person[0].name, NAME_MAX_BYTES, "王小明");
    snprintf(c->cards.person[1].name, NAME_MAX_BYTES, "Chen");
  }
  if (IS("phone") || IS("phones-many")) case_phones(c, v, IS("phone") ? 2 : PHONES_MAX);
  if (IS("phones-wait")) { /* for a new code */
    case_phones(c, v, 2);
    console_tap(c, v, ACTION_SHEET, SHEET_PHONE);
  }
  if (IS("export")) {
    c->sticks.count = 1;
    snprintf(c->sticks.place[0].path, TEXT_MAX, "/media/kiosk/SANDISK");
  }
#undef IS
}
