/* SPDX-License-Identifier: Apache-2.0
 * In how few touches each of the staff console's tasks is done, once the card was shown: found by trying every button of every
 * screen, breadth first, with a desk that answers at once. A number that grows fails; one that falls is to be written down here
 * and in app/README.md. A word that has to be typed counts as one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "base/problem.h"
#include "tests/screens/screen_room.h"
#include "tools/shoot_main/matrix.h"
#include "ui/action.h"
#include "ui/console_draw.h"

enum { MOST = 8, NODES_MAX = 4096, PATH = 120 };

struct node {
  struct console console;
  int touches;
  char path[PATH];
};

static struct transcript transcript;
static struct canvas canvas;
static struct catalog catalog;
static struct view view;
static struct node *queue[NODES_MAX];
static uint64_t seen[NODES_MAX];
static int nodes;

/* --- a desk that answers at once --- */

enum who { OUT, IN, PARTY, REFUSED, WHO_COUNT };

static struct staff_person person(enum who who) {
  static const char *const names[] = {"张三", "赵四", "周舒", "郑硕"};
  struct staff_person p = {.event = catalog.station[CASE_DOOR].event, .type = -1, .confirmed = true, .party = 1};
  snprintf(p.number, sizeof p.number, "%d", (int)who);
  snprintf(p.name, sizeof p.name, "%s", names[who]);
  if (who == PARTY) p.party = 3;
  p.inside = who == IN || who == PARTY;
  return p;
}

static void put_record(struct staff_answer *a, enum who who) {
  struct staff_record *r = &a->record[a->count++];
  *r = (struct staff_record){
      .id = {1, (uint8_t)who}, .verdict = VERDICT_ADMIT, .by = BY_CAMERA, .event = person(who).event, .count = 1};
  snprintf(r->number, sizeof r->number, "%d", (int)who);
}

static void answer(struct console *c, const struct staff_request *r) {
  static struct staff_answer a;
  a = (struct staff_answer){.kind = r->kind, .session = r->session, .serial = r->serial, .result = STAFF_DONE};
  const int who = r->number[0] ? atoi(r->number) : -1;
  switch (r->kind) {
  case STAFF_SEARCH:
    for (int i = 0; i < WHO_COUNT && strcmp(r->text, "zs") == 0; i++) a.person[a.count++] = person((enum who)i);
    break;
  case STAFF_RECENT:
    if (who != OUT && who != REFUSED) put_record(&a, who < 0 ? IN : (enum who)who);
    break;
  case STAFF_ADMIT:
    if (who == REFUSED && !r->override) {
      a.result = STAFF_REFUSED, a.why = STAFF_RULE, a.may_override = true;
      a.verdict.kind = VERDICT_WRONG_TYPE;
      break;
    }
    a.person[0] = person((enum who)who), a.person[0].inside += r->count ? r->count : 1, a.count = 1;
    break;
  case STAFF_STICKS: snprintf(a.place[0].path, sizeof a.place[0].path, "/media/stick"), a.count = 1; break;
  case STAFF_WITHDRAWN: snprintf(a.person[0].name, sizeof a.person[0].name, "Chen"), a.count = 1; break;
  default: break;
  }
  console_answer(c, &view, &a);
}

/* --- the tasks --- */

static bool admits(const struct staff_request *r, enum who who, int count, bool override) {
  return r->kind == STAFF_ADMIT && atoi(r->number) == (int)who && r->count == count && r->override == override;
}
static bool in_by_name(const struct staff_request *r, const struct console *c) { return (void)c, admits(r, OUT, 0, false); }
static bool rest_of_party(const struct staff_request *r, const struct console *c) {
  return (void)c, admits(r, PARTY, 0, false);
}
static bool one_of_party(const struct staff_request *r, const struct console *c) { return (void)c, admits(r, PARTY, 1, false); }
static bool same_code(const struct staff_request *r, const struct console *c) { return (void)c, admits(r, IN, 1, true); }
static bool anyway(const struct staff_request *r, const struct console *c) { return (void)c, admits(r, REFUSED, 0, true); }
static bool undone(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_UNDO && r->text[0] != '\0';
}
static bool renamed(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_CORRECT && strcmp(r->text, "Ada") == 0;
}
static bool walked_in(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_WALKIN && r->text[0] == '\0';
}
static bool named_walkin(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_WALKIN && strcmp(r->text, "Ada") == 0;
}
static bool handed_over(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_SHIFT && r->index == STAFF_SHIFT_HANDOVER;
}
static bool moved(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_STATION && r->index != CASE_DOOR;
}
static bool full(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_GROUP && r->count == 1;
}
static bool clock_set(const struct staff_request *r, const struct console *c) { return (void)c, r->kind == STAFF_CLOCK; }
static bool lost_card(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_WITHDRAW && r->count == 1;
}
static bool exported(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_EXPORT && r->text[0] != '\0';
}
static bool phone(const struct staff_request *r, const struct console *c) { return (void)c, r->kind == STAFF_GRANT; }
static bool carried(const struct staff_request *r, const struct console *c) {
  return (void)c, r->kind == STAFF_HUB && r->count == 1;
}
static bool shut_down(const struct staff_request *r, const struct console *c) { return (void)c, r->kind == STAFF_SHUTDOWN; }
static bool mirror_off(const struct staff_request *r, const struct console *c) { return (void)r, c->kept.mirror_off; }
static bool quieter(const struct staff_request *r, const struct console *c) { return (void)r, c->kept.volume < 7; }
static bool health(const struct staff_request *r, const struct console *c) { return (void)r, c->tab == TAB_HEALTH; }
static bool today(const struct staff_request *r, const struct console *c) { return (void)r, c->tab == TAB_TODAY; }

static struct task {
  const char *name;
  bool (*done)(const struct staff_request *r, const struct console *c);
  int touches; /* the least that there are */
  int found;
  char path[PATH];
} tasks[] = {
    {"let somebody in by two letters of the name", in_by_name, 3, 0, ""},
    {"the rest of a party", rest_of_party, 3, 0, ""},
    {"one more of a party", one_of_party, 4, 0, ""},
    {"another person with the same code", same_code, 3, 0, ""},
    {"let in though a rule refuses", anyway, 4, 0, ""},
    {"undo, with a reason", undone, 3, 0, ""},
    {"correct a name", renamed, 5, 0, ""},
    {"a walk-in", walked_in, 2, 0, ""},
    {"a walk-in with a name", named_walkin, 3, 0, ""},
    {"see how the kiosk is", health, 1, 0, ""},
    {"see the day's numbers", today, 1, 0, ""},
    {"hand over", handed_over, 3, 0, ""},
    {"another station", moved, 3, 0, ""},
    {"a group chat is full", full, 3, 0, ""},
    {"mirror off", mirror_off, 2, 0, ""},
    {"quieter", quieter, 2, 0, ""},
    {"set the clock", clock_set, 3, 0, ""},
    {"withdraw a card", lost_card, 4, 0, ""},
    {"export to a stick", exported, 3, 0, ""},
    {"a phone on duty", phone, 2, 0, ""},
    {"carry the hub", carried, 3, 0, ""},
    {"shut down", shut_down, 3, 0, ""},
};
enum { TASKS = sizeof tasks / sizeof *tasks };

static void judge(const struct staff_request *r, const struct node *n) {
  for (int i = 0; i < TASKS; i++) {
    if (tasks[i].found || !tasks[i].done(r, &n->console)) continue;
    tasks[i].found = n->touches;
    snprintf(tasks[i].path, sizeof tasks[i].path, "%s", n->path);
  }
}

/* --- every way --- */

static uint64_t mix(uint64_t sum, const void *bytes, size_t len) { /* FNV-1a */
  for (const unsigned char *b = bytes; len-- > 0; b++) sum = (sum ^ *b) * UINT64_C(1099511628211);
  return sum;
}

static uint64_t digest(const struct console *c) {
  const int32_t flat[] = {(int32_t)c->tab, (int32_t)c->sheet, (int32_t)c->below, c->page,          c->may_override,
                          c->found.count,  c->recent.count,   c->theirs.count,   c->person.inside, (int32_t)c->record.id[1]};
  uint64_t sum = mix(UINT64_C(14695981039346656037), flat, sizeof flat);
  sum = mix(sum, c->query, strlen(c->query) + 1);
  sum = mix(sum, c->field, strlen(c->field) + 1);
  sum = mix(sum, c->person.number, strlen(c->person.number) + 1);
  return mix(sum, c->said, strlen(c->said));
}

/* What the touch led to: asked and answered, judged, and kept where nobody was before. */
static void keep(struct node *n) {
  struct staff_request r;
  while (console_request(&n->console, &r)) {
    judge(&r, n);
    answer(&n->console, &r);
  }
  judge(&(struct staff_request){.kind = STAFF_KINDS}, n);
  const uint64_t d = digest(&n->console);
  bool old = n->console.closes;
  for (int i = 0; i < nodes && !old; i++) old = seen[i] == d;
  if (old) {
    free(n);
    return;
  }
  assert_true(nodes < NODES_MAX);
  seen[nodes] = d;
  queue[nodes++] = n;
}

static struct node *after(const struct node *from, const char *what, int arg) {
  struct node *n = malloc(sizeof *n);
  assert_non_null(n);
  *n = *from;
  n->touches++;
  snprintf(n->path + strlen(n->path), PATH - strlen(n->path), " %s%d", what, arg);
  return n;
}

/* Of the keyboard only what begins "zs"; anything else that is typed is one word. */
static bool is_worth(const struct console *c, const struct hit *h) {
  if (h->action != ACTION_KEY) return true;
  const size_t n = strlen(c->query);
  return c->sheet == SHEET_NONE && n < 2 && h->arg == "zs"[n];
}

static void go_on(const struct node *from) {
  static struct hit hits[HITS_MAX];
  const struct stage stage = {.strings = strings, .texts = texts, .theme = &theme};
  view.console = &from->console;
  canvas_transcript(&transcript, 800, 480, &canvas);
  screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
  const int count = canvas.hits;
  memcpy(hits, canvas.hit, sizeof hits);
  for (int i = 0; i < count; i++) {
    if (!is_worth(&from->console, &hits[i])) continue;
    struct node *n = after(from, "tap", hits[i].action);
    console_tap(&n->console, &view, hits[i].action, hits[i].arg);
    keep(n);
  }
  if (from->console.sheet == SHEET_NONE || !console_types(&from->console) || from->console.field[0] != '\0') return;
  struct node *n = after(from, "type", 0);
  console_text(&n->console, &view, "Ada");
  keep(n);
}

static bool all_found(void) {
  for (int i = 0; i < TASKS; i++)
    if (!tasks[i].found) return false;
  return true;
}

static void each_task_in_the_fewest_touches(void **state) {
  const struct notice_operator who = {.name = "小王", .lead = true, .session = 9};
  int wrong = 0;
  (void)state;
  case_catalog(&catalog);
  catalog.hosts = CASE_HOSTS;
  view = (struct view){.screen = SCREEN_CONSOLE,
                       .catalog = &catalog,
                       .station = CASE_DOOR,
                       .langs = 1,
                       .volume = 7,
                       .desk_known = true,
                       .desk = {.opened = true, .clock_ok = true, .pack_checked = true, .disk_free_mb = 9000},
                       .now = {.mono_ms = 1000, .wall_ms = case_now, .wall_ok = true}};
  view.monitor.state = MONITOR_GOOD;
  snprintf(view.monitor.url, sizeof view.monitor.url, "https://192.168.1.20:8443");
  struct node *first = calloc(1, sizeof *first);
  assert_non_null(first);
  console_init(&first->console, strings, LANG_ZH_HANS);
  console_open(&first->console, &view, &who);
  keep(first);
  for (int i = 0; i < nodes && !all_found() && queue[i]->touches < MOST; i++) go_on(queue[i]);
  for (int i = 0; i < TASKS; i++) {
    print_message("%d  %-45s%s\n", tasks[i].found, tasks[i].name, tasks[i].path);
    wrong += tasks[i].found != tasks[i].touches;
  }
  for (int i = 0; i < nodes; i++) free(queue[i]);
  if (wrong > 0) fail_msg("%d tasks take another number of touches than this test and app/README.md say", wrong);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_task_in_the_fewest_touches)};
  return cmocka_run_group_tests(tests, screen_room_open, screen_room_close);
}
