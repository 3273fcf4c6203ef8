/* SPDX-License-Identifier: Apache-2.0
 * The staff console as a value: taps on what was drawn, keys and desk's answers are steps; here desk is
 * what the test says it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/problem.h"
#include "tests/screens/screen_room.h"
#include "tools/shoot_main/matrix.h"
#include "ui/console_draw.h"

static struct transcript transcript;
static struct canvas canvas;
static struct catalog catalog;
static struct view view;
static struct console console;

static void draw(int w, int h) {
  const struct stage stage = {.strings = strings, .texts = texts, .theme = &theme};
  canvas_transcript(&transcript, w, h, &canvas);
  screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
}

/* Somebody's card was shown at a door where the day has begun. */
static void open_as(bool lead) {
  const struct notice_operator who = {.name = "小王", .lead = lead, .session = 9};
  case_catalog(&catalog);
  view = (struct view){.screen = SCREEN_CONSOLE,
                       .catalog = &catalog,
                       .station = CASE_DOOR,
                       .console = &console,
                       .langs = 1,
                       .desk_known = true,
                       .desk = {.opened = true, .clock_ok = true, .pack_checked = true, .disk_free_mb = 9000},
                       .now = {.mono_ms = 1000, .wall_ms = case_now, .wall_ok = true}};
  console_init(&console, strings, LANG_ZH_HANS);
  console_open(&console, &view, &who);
}

/* Taps the button that shows this text, the way a finger finds it. */
static void tap_called(const char *name) {
  char quoted[160];
  snprintf(quoted, sizeof quoted, "\"%s\"\n", name);
  draw(1280, 720);
  const char *found = strstr(transcript.text, quoted);
  if (found == NULL) fail_msg("nothing is called %s in\n%s", name, transcript.text);
  while (found[-1] != '\n') found--;
  struct box b;
  if (sscanf(found, "text %d,%d %dx%d", &b.x, &b.y, &b.w, &b.h) != 4) fail_msg("%s", found);
  const struct hit *hit = canvas_hit_at(&canvas, b.x + b.w / 2, b.y + b.h / 2);
  if (hit == NULL) fail_msg("%s is no button", name);
  console_tap(&console, &view, hit->action, hit->arg);
}

static bool is_shown(const char *text) {
  draw(1280, 720);
  return strstr(transcript.text, text) != NULL;
}

/* The next request of that kind; the lists that are read beside it don't matter. */
static struct staff_request asked(enum staff_kind kind) {
  struct staff_request request;
  while (console_request(&console, &request))
    if (request.kind == kind) return request;
  fail_msg("desk isn't asked %d", (int)kind);
  return request;
}

static bool asks(enum staff_kind kind) {
  struct staff_request request;
  while (console_request(&console, &request))
    if (request.kind == kind) return true;
  return false;
}

static struct staff_answer answer; /* large */

static struct staff_answer *answer_to(const struct staff_request *request, enum staff_result result) {
  answer =
      (struct staff_answer){.kind = request->kind, .session = request->session, .serial = request->serial, .result = result};
  return &answer;
}

static void give(void) { console_answer(&console, &view, &answer); }

static void answer_people(const struct staff_request *request, int count) {
  static const char *const names[] = {"张三", "周生", "赵善"};
  answer_to(request, STAFF_DONE)->count = count;
  for (int i = 0; i < count; i++) {
    case_person(&answer.person[i], CASE_GUANGZHOU, names[i], "", -1, "1234");
    snprintf(answer.person[i].number, ID_MAX, "%d", i + 1);
  }
  give();
}

static void a_name_is_two_taps_and_a_third_checks_in(void **state) {
  (void)state;
  open_as(false);
  tap_called("z");
  tap_called("s");
  const struct staff_request search = asked(STAFF_SEARCH);
  assert_string_equal(search.text, "zs");
  assert_int_equal(search.session, 9);
  answer_people(&search, 1);
  tap_called("签到");
  const struct staff_request admit = asked(STAFF_ADMIT);
  assert_string_equal(admit.number, "1");
  assert_int_equal(admit.event, CASE_GUANGZHOU);
  assert_int_equal(admit.count, 0);
  assert_false(admit.override);
  answer_to(&admit, STAFF_DONE)->count = 1;
  answer.person[0] = console.found.person[0];
  answer.person[0].inside = 1;
  answer.person[0].since_ms = case_now;
  give();
  assert_true(is_shown("已签到"));
  assert_int_equal(console.sheet, SHEET_NONE); /* the next name can be typed */
}

static void enter_checks_in_who_is_alone_and_shows_who_isnt(void **state) {
  (void)state;
  for (int count = 1; count <= 2; count++) {
    open_as(false);
    console_text(&console, &view, "zs");
    console_key(&console, &view, CONSOLE_ENTER); /* sooner than desk */
    struct staff_request search = asked(STAFF_SEARCH);
    answer_people(&search, count);
    assert_int_equal(console.sheet, SHEET_PERSON);
    assert_int_equal(asks(STAFF_ADMIT), count == 1);
    if (count == 1) continue;
    console_key(&console, &view, CONSOLE_ENTER);
    assert_string_equal(asked(STAFF_ADMIT).number, "1");
  }
}

static void arrows_choose_and_escape_goes_back(void **state) {
  (void)state;
  open_as(false);
  console_text(&console, &view, "z");
  const struct staff_request search = asked(STAFF_SEARCH);
  answer_people(&search, 3);
  for (int i = 0; i < 5; i++) console_key(&console, &view, CONSOLE_NEXT);
  console_key(&console, &view, CONSOLE_PREVIOUS);
  console_key(&console, &view, CONSOLE_ENTER);
  assert_string_equal(console.person.name, "周生");
  console_key(&console, &view, CONSOLE_ESCAPE);
  assert_int_equal(console.sheet, SHEET_NONE);
  assert_string_equal(console.query, "z");
  console_key(&console, &view, CONSOLE_ESCAPE);
  assert_string_equal(console.query, "");
  assert_false(console.closes);
  console_key(&console, &view, CONSOLE_ESCAPE);
  assert_true(console.closes);
}

static void old_answers_and_others_are_nothing(void **state) {
  (void)state;
  open_as(false);
  console_text(&console, &view, "z");
  const struct staff_request first = asked(STAFF_SEARCH);
  console_text(&console, &view, "s");
  struct staff_request second = asked(STAFF_SEARCH);
  answer_people(&first, 3);
  assert_int_equal(console.found.count, 0);
  second.session = 8;
  answer_people(&second, 3);
  assert_int_equal(console.found.count, 0);
  second.session = 9;
  answer_people(&second, 2);
  assert_int_equal(console.found.count, 2);
}

static void a_rule_can_be_overridden(void **state) {
  (void)state;
  open_as(false);
  console_text(&console, &view, "zs");
  const struct staff_request search = asked(STAFF_SEARCH);
  answer_people(&search, 1);
  tap_called("签到");
  const struct staff_request admit = asked(STAFF_ADMIT);
  answer_to(&admit, STAFF_REFUSED)->why = STAFF_RULE;
  answer.verdict.kind = VERDICT_WRONG_TYPE;
  answer.may_override = true;
  give();
  assert_true(is_shown("票种不符"));
  tap_called("仍然签到");
  assert_true(asked(STAFF_ADMIT).override);
}

static void undo_takes_a_reason(void **state) {
  (void)state;
  open_as(false);
  case_recent(&console, CASE_GUANGZHOU, case_now);
  tap_called("记录");
  draw(1280, 720);
  console_tap(&console, &view, ACTION_UNDO, 0);
  console_key(&console, &view, CONSOLE_ENTER); /* without one: nothing */
  assert_false(asks(STAFF_UNDO));
  tap_called("本人没有来");
  struct staff_request undo = asked(STAFF_UNDO);
  assert_string_equal(undo.text, "本人没有来");
  assert_memory_equal(undo.ref, console.recent.record[0].id, sizeof undo.ref);
  answer_to(&undo, STAFF_DONE);
  give();
  assert_int_equal(console.sheet, SHEET_NONE);
  assert_int_equal(console.tab, TAB_RECENT);
  assert_true(asks(STAFF_RECENT)); /* as it is now */
}

/* Whoever was let in long before the last records is taken back where they were found. */
static void undo_of_who_came_long_ago(void **state) {
  (void)state;
  open_as(false);
  console_text(&console, &view, "zs");
  struct staff_request search = asked(STAFF_SEARCH);
  answer_people(&search, 1);
  console_tap(&console, &view, ACTION_ROW, 0);
  console_tap(&console, &view, ACTION_UNDO, -1); /* not known yet */
  assert_int_equal(console.sheet, SHEET_PERSON);
  const struct staff_request theirs = asked(STAFF_RECENT);
  assert_string_equal(theirs.number, "1");
  answer_to(&theirs, STAFF_DONE)->count = 1;
  answer.record[0] =
      (struct staff_record){.id = {7}, .verdict = VERDICT_ADMIT, .event = CASE_GUANGZHOU, .number = "1", .count = 1};
  give();
  console_tap(&console, &view, ACTION_UNDO, -1);
  assert_int_equal(console.sheet, SHEET_UNDO);
  tap_called("本人没有来");
  assert_int_equal(asked(STAFF_UNDO).ref[0], 7);
}

static void older_records_and_back(void **state) {
  (void)state;
  open_as(false);
  tap_called("记录");
  struct staff_request recent = asked(STAFF_RECENT);
  assert_int_equal(recent.before, 0);
  answer_to(&recent, STAFF_DONE)->older = 41;
  give();
  tap_called("更早");
  recent = asked(STAFF_RECENT);
  assert_int_equal(recent.before, 41);
  answer_to(&recent, STAFF_DONE); /* those are the first ones */
  give();
  console_noticed(&console); /* the page stays */
  assert_int_equal(asked(STAFF_RECENT).before, 41);
  tap_called("最新");
  assert_int_equal(asked(STAFF_RECENT).before, 0);
}

static void a_withdrawn_card_opens_again(void **state) {
  (void)state;
  open_as(true);
  console_tap(&console, &view, ACTION_SHEET, SHEET_WITHDRAW);
  console_text(&console, &view, "小李");
  tap_called("作废");
  struct staff_request r = asked(STAFF_WITHDRAW);
  assert_int_equal(r.count, 1);
  assert_string_equal(r.text, "小李");
  answer_to(&r, STAFF_DONE);
  give();
  assert_true(is_shown("凡写着“小李”的卡已作废，写法不同的还能用"));
  r = asked(STAFF_WITHDRAWN);
  answer_to(&r, STAFF_DONE)->count = 1;
  snprintf(answer.person[0].name, NAME_MAX_BYTES, "小李");
  give();
  tap_called("小李");
  r = asked(STAFF_WITHDRAW);
  assert_int_equal(r.count, 0);
  assert_string_equal(r.text, "小李");
  answer_to(&r, STAFF_DONE);
  give();
  assert_true(is_shown("已恢复：小李"));
}

static void who_was_only_counted_gets_a_name(void **state) {
  (void)state;
  open_as(false);
  case_recent(&console, CASE_GUANGZHOU, case_now);
  console_tap(&console, &view, ACTION_TAB, TAB_RECENT);
  console_tap(&console, &view, ACTION_ROW, 1);
  console_text(&console, &view, "小李");
  tap_called("保存");
  const struct staff_request correct = asked(STAFF_CORRECT);
  assert_string_equal(correct.number, "");
  assert_string_equal(correct.text, "小李");
  assert_memory_equal(correct.ref, console.recent.record[1].id, sizeof correct.ref);
}

static void a_walkin_brings_the_name_that_was_looked_for(void **state) {
  (void)state;
  open_as(false);
  console_text(&console, &view, "新来的");
  const struct staff_request search = asked(STAFF_SEARCH);
  answer_people(&search, 0);
  tap_called("+ 登记现场来宾");
  tap_called("登记");
  const struct staff_request walkin = asked(STAFF_WALKIN);
  assert_string_equal(walkin.text, "新来的");
  answer_to(&walkin, STAFF_DONE);
  give();
  assert_true(is_shown("登记好了 新来的"));
  assert_string_equal(console.field, "");
}

/* The screen's keyboard writes names with capitals; a character is taken back whole. */
static void names_are_typed(void **state) {
  (void)state;
  open_as(false);
  tap_called("+ 登记现场来宾");
  for (const char *c = "li na"; *c != '\0'; c++) console_tap(&console, &view, ACTION_KEY, *c);
  assert_string_equal(console.field, "Li Na");
  console_text(&console, &view, "𠮷");
  console_key(&console, &view, CONSOLE_BACKSPACE);
  assert_string_equal(console.field, "Li Na");
  console_text(&console, &view, "\xFF");
  console_text(&console, &view, "\x01");
  assert_string_equal(console.field, "Li Na");
}

static void a_day_begins_when_all_is_green_or_for_a_reason(void **state) {
  (void)state;
  for (int green = 0; green < 2; green++) {
    const struct notice_operator who = {.name = "小王", .session = 9};
    open_as(false);
    view.desk.opened = false;
    view.watch_known = true;
    view.watch.camera = WATCH_CAMERA_GOOD;
    view.sound = SOUND_GOOD;
    console_open(&console, &view, &who);
    assert_int_equal(console.sheet, SHEET_OPENING);
    tap_called("是的");
    if (green) tap_called("听到了");
    tap_called(green ? "开始签到" : "有问题，仍然开始…");
    if (!green) tap_called("组长知道");
    const struct staff_request shift = asked(STAFF_SHIFT);
    assert_int_equal(shift.index, STAFF_SHIFT_OPENING);
    assert_string_equal(shift.text, green ? "" : "组长知道");
    answer_to(&shift, STAFF_DONE);
    give();
    assert_int_equal(console.sheet, SHEET_NONE);
  }
}

static void a_leads_things_are_a_leads(void **state) {
  (void)state;
  open_as(false);
  tap_called("设置");
  console_tap(&console, &view, ACTION_SHEET, SHEET_SHUTDOWN);
  assert_int_equal(console.sheet, SHEET_NONE);
  assert_true(is_shown("组长才可以"));
  open_as(true);
  tap_called("设置");
  console_tap(&console, &view, ACTION_SHEET, SHEET_SHUTDOWN);
  console_key(&console, &view, CONSOLE_ENTER); /* no key shuts down */
  assert_false(asks(STAFF_SHUTDOWN));
  tap_called("关机");
  assert_true(asks(STAFF_SHUTDOWN));
}

static void the_clock_is_set_in_the_events_zone(void **state) {
  (void)state;
  open_as(true);
  console_tap(&console, &view, ACTION_SHEET, SHEET_CLOCK);
  assert_string_equal(console.field, "2023-10-21 14:32");
  tap_called("设定");
  assert_int_equal(asked(STAFF_CLOCK).at.wall_ms, case_now);
  open_as(true);
  console_tap(&console, &view, ACTION_SHEET, SHEET_CLOCK);
  for (int i = 0; i < 11; i++) console_key(&console, &view, CONSOLE_BACKSPACE);
  console_text(&console, &view, "-31 25:00");
  tap_called("设定");
  assert_false(asks(STAFF_CLOCK));
  assert_true(is_shown("看不懂"));
}

static void closing_wipes_all_but_the_settings(void **state) {
  (void)state;
  open_as(false);
  console_text(&console, &view, "zs");
  const struct staff_request search = asked(STAFF_SEARCH);
  answer_people(&search, 3);
  console_tap(&console, &view, ACTION_SET, SETTING_MIRROR);
  console_close(&console);
  static struct console empty;
  memset(&empty, 0, sizeof empty);
  empty.strings = console.strings;
  empty.selected = -1;
  empty.kept = console.kept;
  assert_memory_equal(&console, &empty, sizeof empty);
  assert_true(console.kept.mirror_off);
}

static bool within(struct box in, struct box out) {
  return in.x >= out.x && in.y >= out.y && in.x + in.w <= out.x + out.w && in.y + in.h <= out.y + out.h;
}

static bool meet(struct box a, struct box b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* In every case and size: nine millimetres, and none is half under another one. */
static void fingers_find_each_button(void **state) {
  (void)state;
  const struct stage stage = {.strings = strings, .texts = texts, .theme = &theme};
  for (struct matrix_place at = {.shot = -1}; matrix_next(&at);) {
    const int w = matrix_sizes[at.size].w, h = matrix_sizes[at.size].h, least = (w < h ? w : h) * 94 / 1000;
    if (at.theme > 0 || screen_cases[at.shot].screen != SCREEN_CONSOLE) continue;
    char name[256];
    matrix_name(&at, name, sizeof name);
    matrix_view(&at, &catalog, &view);
    canvas_transcript(&transcript, w, h, &canvas);
    screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
    for (int i = 0; i < canvas.hits; i++) {
      const struct hit *a = &canvas.hit[i];
      if (a->box.w < least || a->box.h < least)
        fail_msg("%s: %d %d is %dx%d, less than %d", name, a->action, a->arg, a->box.w, a->box.h, least);
      for (int j = i + 1; j < canvas.hits; j++)
        if (meet(a->box, canvas.hit[j].box) && !within(canvas.hit[j].box, a->box))
          fail_msg("%s: %d %d is half under %d %d", name, a->action, a->arg, canvas.hit[j].action, canvas.hit[j].arg);
    }
    assert_true(canvas.hits > 0);
  }
}

/* Upright and small, too: page by page, each of them once. */
static void every_phone_can_be_ended(void **state) {
  (void)state;
  static const struct { int w, h; } sizes[] = {{1280, 720}, {480, 800}, {800, 480}};
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
    open_as(true);
    console_tap(&console, &view, ACTION_SHEET, SHEET_PHONE);
    case_phones(&console, &view, PHONES_MAX);
    int seen[PHONES_MAX] = {0}, page = 0, next = 0;
    for (; next >= 0 && page < PHONES_MAX; page++) {
      console.act_serial = 0;
      draw(sizes[k].w, sizes[k].h);
      next = -1;
      for (int i = 0; i < canvas.hits; i++) {
        const struct hit *hit = &canvas.hit[i];
        if (hit->action == ACTION_CHOOSE && hit->arg >= 0) seen[hit->arg]++;
        if (hit->action == ACTION_PAGE && hit->arg > page) next = hit->arg;
      }
      if (next >= 0) console_tap(&console, &view, ACTION_PAGE, next);
    }
    for (int i = 0; i < PHONES_MAX; i++) assert_int_equal(seen[i], 1);
  }
}

/* Lists come beside it, since others sign in and out: they take no code away that nobody has used. */
static void a_phones_code_stays_until_it_is_used(void **state) {
  (void)state;
  open_as(false);
  view.monitor = (struct monitor_health){.state = MONITOR_GOOD, .url = "https://10.0.0.7:8443"};
  console_tap(&console, &view, ACTION_TAB, TAB_SETTINGS);
  console_tap(&console, &view, ACTION_SHEET, SHEET_PHONE);
  const struct staff_request grant = asked(STAFF_GRANT);
  strcpy(answer_to(&grant, STAFF_DONE)->token, "the-code");
  answer.wait_ms = 300000;
  give();
  for (int used = 0; used < 2; used++) {
    view.desk.phones = used + 1;
    console_tend(&console, &view);
    const struct staff_request list = asked(STAFF_PHONES);
    answer_to(&list, STAFF_DONE)->count = used + 1;
    answer.wait_ms = used ? 0 : 200000;
    give();
    assert_string_equal(console.phones.token, used ? "" : "the-code");
    assert_int_equal(console.phones.count, used + 1);
  }
}

/* Whoever is told to put in a stick does, and sees it. */
static void a_stick_comes_while_the_sheet_waits(void **state) {
  (void)state;
  open_as(true);
  console_tap(&console, &view, ACTION_TAB, TAB_SETTINGS);
  console_tap(&console, &view, ACTION_SHEET, SHEET_EXPORT);
  for (int sticks = 0; sticks < 2; sticks++) {
    const struct staff_request list = asked(STAFF_STICKS);
    struct staff_answer *a = answer_to(&list, STAFF_DONE);
    a->count = sticks;
    strcpy(a->place[0].path, "/media/stick");
    give();
    assert_int_equal(console.sticks.count, sticks);
    view.desk.stick_changes++;
    console_tend(&console, &view);
  }
  asked(STAFF_STICKS); /* and once for each change */
  console_tend(&console, &view);
  assert_false(asks(STAFF_STICKS));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_stick_comes_while_the_sheet_waits),
                                     cmocka_unit_test(a_name_is_two_taps_and_a_third_checks_in),
                                     cmocka_unit_test(enter_checks_in_who_is_alone_and_shows_who_isnt),
                                     cmocka_unit_test(arrows_choose_and_escape_goes_back),
                                     cmocka_unit_test(old_answers_and_others_are_nothing),
                                     cmocka_unit_test(a_rule_can_be_overridden),
                                     cmocka_unit_test(undo_takes_a_reason),
                                     cmocka_unit_test(undo_of_who_came_long_ago),
                                     cmocka_unit_test(older_records_and_back),
                                     cmocka_unit_test(a_withdrawn_card_opens_again),
                                     cmocka_unit_test(who_was_only_counted_gets_a_name),
                                     cmocka_unit_test(a_walkin_brings_the_name_that_was_looked_for),
                                     cmocka_unit_test(names_are_typed),
                                     cmocka_unit_test(a_day_begins_when_all_is_green_or_for_a_reason),
                                     cmocka_unit_test(a_leads_things_are_a_leads),
                                     cmocka_unit_test(the_clock_is_set_in_the_events_zone),
                                     cmocka_unit_test(closing_wipes_all_but_the_settings),
                                     cmocka_unit_test(a_phones_code_stays_until_it_is_used),
                                     cmocka_unit_test(every_phone_can_be_ended),
                                     cmocka_unit_test(fingers_find_each_button)};
  return cmocka_run_group_tests(tests, screen_room_open, screen_room_close);
}
