/* SPDX-License-Identifier: Apache-2.0
 * The ui service on a driver without a display: notices become screens and lines, keys become payloads.
 */
#include <dirent.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <SDL.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "tools/shoot_main/cases.h"
#include "ui/action.h"
#include "ui/ui_state.h"

struct rig {
  struct ui ui;
  struct bell bell;
  struct mailbox notices, people, requests, answers;
  struct latest watch, mirror;
  struct mirror mirror_slot;
  struct notice notice_slots[16];
  struct payload people_slots[2];
  struct staff_request request_slots[8];
  struct staff_answer answer_slots[2];
  struct watch_health watch_slot;
  struct catalog catalog;
  char *lines; /* what events wrote */
  size_t lines_len;
  struct moment now;
};

static struct sound_options rig_sound;
static bool rig_lockstep;

/* A kiosk that is still starting. */
static void rig_start(struct rig *r) {
  struct problem problem;
  memset(r, 0, sizeof *r);
  case_catalog(&r->catalog);
  assert_true(bell_init(&r->bell));
  mailbox_init(&r->notices, r->notice_slots, sizeof r->notice_slots[0], 16, &r->bell);
  mailbox_init(&r->people, r->people_slots, sizeof r->people_slots[0], 2, &r->bell);
  mailbox_init(&r->requests, r->request_slots, sizeof r->request_slots[0], 8, &r->bell);
  mailbox_init(&r->answers, r->answer_slots, sizeof r->answer_slots[0], 2, &r->bell);
  latest_init(&r->watch, &r->watch_slot, sizeof r->watch_slot, &r->bell);
  latest_init(&r->mirror, &r->mirror_slot, sizeof r->mirror_slot, &r->bell);
  r->now = (struct moment){.mono_ms = 100000, .wall_ms = case_now, .wall_ok = true};
  r->ui = (struct ui){.options = {.width = 640,
                                  .height = 360,
                                  .lang = {LANG_ZH_HANS, LANG_EN},
                                  .langs = 2,
                                  .still = true,
                                  .fonts = SOURCE_DIR "/assets/fonts.conf",
                                  .strings = SOURCE_DIR "/assets/strings",
                                  .themes = SOURCE_DIR "/assets/themes.ini",
                                  .events = open_memstream(&r->lines, &r->lines_len),
                                  .lockstep = rig_lockstep,
                                  .sound = rig_sound},
                      .kiosk = "k1",
                      .notices = &r->notices,
                      .watch_health = &r->watch,
                      .mirror = &r->mirror,
                      .people = &r->people,
                      .staff_requests = &r->requests,
                      .staff_answers = &r->answers,
                      .bell = &r->bell};
  if (!ui_init(&r->ui, &problem)) fail_msg("%s", problem.en);
  ui_step(&r->ui, r->now);
}

static void rig_open(struct rig *r, int16_t station) {
  rig_start(r);
  ui_serve(&r->ui, &r->catalog, station);
  do ui_step(&r->ui, r->now);
  while (r->ui.state->unfinished > 0);
}

static void rig_close(struct rig *r) {
  ui_fini(&r->ui);
  fclose(r->ui.options.events);
  free(r->lines);
  latest_fini(&r->watch);
  latest_fini(&r->mirror);
  mailbox_fini(&r->notices);
  mailbox_fini(&r->people);
  mailbox_fini(&r->requests);
  mailbox_fini(&r->answers);
  bell_fini(&r->bell);
}

/* The clock moves on, and the window is asked, until all of it is drawn. */
static int64_t later(struct rig *r, int64_t ms) {
  r->now.mono_ms += ms;
  r->now.wall_ms += ms;
  int64_t due = ui_step(&r->ui, r->now);
  while (r->ui.state->unfinished > 0) {
    assert_true(due <= r->now.mono_ms + 16);
    due = ui_step(&r->ui, r->now);
  }
  return due;
}

/* Whatever is next on a guest's screen, it is later than now: one that is always due would keep a core busy. */
static void idle_sleeps_between_what_it_does(void **state) {
  (void)state;
  static const int16_t stations[] = {CASE_DOOR, CASE_HALL, CASE_MARKET};
  for (size_t i = 0; i < sizeof stations / sizeof *stations; i++)
    for (int langs = 1; langs <= 2; langs++) {
      static struct rig r;
      rig_open(&r, stations[i]);
      r.ui.options.langs = langs;
      const int64_t end = r.now.mono_ms + INT64_C(10) * 60 * 1000;
      while (r.now.mono_ms < end) {
        const int64_t due = ui_step(&r.ui, r.now);
        assert_true(due > r.now.mono_ms);
        r.now.wall_ms += due - r.now.mono_ms;
        r.now.mono_ms = due;
      }
      rig_close(&r);
    }
}

static void put_verdict(struct rig *r, enum verdict_kind kind, const char *name) {
  static struct notice n;
  struct timespec t;
  memset(&n, 0, sizeof n);
  clock_gettime(CLOCK_BOOTTIME, &t);
  n.kind = NOTICE_VERDICT;
  n.verdict = (struct verdict){.kind = kind, .count = 1, .event = -1, .station = -1, .valid_day = -1};
  n.at = r->now;
  n.seq = 7;
  n.nth = 3;
  n.read_ms = 21;
  n.commit_us = 1234;
  n.decided_mono_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
  n.health = (struct desk_health){.people = 3, .disk_free_mb = 9000, .clock_ok = true};
  if (name != NULL) {
    n.verdict.has_attendee = true;
    snprintf(n.verdict.attendee.name, sizeof n.verdict.attendee.name, "%s", name);
    snprintf(n.verdict.attendee.number, sizeof n.verdict.attendee.number, "A-0/17");
  }
  assert_true(mailbox_put(&r->notices, &n));
}

static uint32_t screen_sum(void) {
  SDL_Window *window = SDL_GetWindowFromID(1);
  for (Uint32 id = 1; window == NULL && id < 50; id++) window = SDL_GetWindowFromID(id);
  const SDL_Surface *s = SDL_GetWindowSurface(window);
  uint32_t sum = 2166136261u;
  for (int y = 0; y < s->h; y++)
    for (int x = 0; x < s->w * 4; x++) sum = (sum ^ ((const uint8_t *)s->pixels)[y * s->pitch + x]) * 16777619u;
  return sum;
}

static void key(SDL_Keycode sym, Uint16 mod, int repeat) {
  SDL_Event e = {
      .key = {.type = SDL_KEYDOWN, .timestamp = SDL_GetTicks(), .repeat = (Uint8)repeat, .keysym = {.sym = sym, .mod = mod}}};
  assert_int_equal(SDL_PushEvent(&e), 1);
}

static void a_verdict_is_shown_then_told(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  put_verdict(&r, VERDICT_ADMIT, "张 \"三\"\\\x01");
  later(&r, 5);
  assert_true(mailbox_empty(&r.notices));
  json_error_t error;
  json_t *line = json_loads(r.lines, 0, &error);
  if (line == NULL) fail_msg("%s in %s", error.text, r.lines);
  assert_string_equal(json_string_value(json_object_get(line, "at")), "2023-10-21T06:32:00.000Z");
  assert_string_equal(json_string_value(json_object_get(line, "verdict")), "admit");
  assert_string_equal(json_string_value(json_object_get(line, "event")), "kcc-guangzhou");
  assert_string_equal(json_string_value(json_object_get(line, "station")), "kcc-guangzhou/door");
  assert_string_equal(json_string_value(json_object_get(line, "attendee")), "A-0/17");
  assert_string_equal(json_string_value(json_object_get(line, "name")), "张 \"三\"\\\x01");
  assert_string_equal(json_string_value(json_object_get(line, "by")), "camera");
  assert_int_equal(json_integer_value(json_object_get(line, "seq")), 7);
  assert_int_equal(json_integer_value(json_object_get(line, "read_ms")), 21);
  assert_true(json_real_value(json_object_get(line, "commit_ms")) > 1.2);
  assert_true(json_real_value(json_object_get(line, "screen_ms")) > 0);
  json_decref(line);
  rig_close(&r);
}

static void names_are_masked_where_asked(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  r.ui.options.mask_names = true;
  put_verdict(&r, VERDICT_ADMIT, "欧阳晓晴");
  later(&r, 5);
  assert_non_null(strstr(r.lines, "\"name\":\"欧***\""));
  assert_null(strstr(r.lines, "晓"));
  rig_close(&r);
}

static int lines_of(const struct rig *r) {
  int n = 0;
  for (const char *c = r->lines; *c != '\0'; c++) n += *c == '\n';
  return n;
}

static void each_of_many_is_shown_and_told(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  for (int kind = 0; kind < VERDICT_COUNT; kind++) {
    if (kind % 8 == 0) later(&r, 100);
    put_verdict(&r, (enum verdict_kind)kind, kind % 2 == 0 ? "张三" : NULL);
  }
  later(&r, 100);
  assert_int_equal(lines_of(&r), VERDICT_COUNT);
  rig_close(&r);
}

static struct mirror picture;

static void put_mirror(struct rig *r, bool found, bool unread, int grey) {
  case_mirror(&picture, found);
  picture.unread = unread;
  picture.at = r->now;
  memset(picture.luma, grey, sizeof picture.luma);
  latest_set(&r->mirror, &picture);
}

static void camera_sees(struct rig *r) {
  const struct watch_health health = {.camera = WATCH_CAMERA_GOOD, .scanning = true};
  latest_set(&r->watch, &health);
  later(r, 20);
}

static void it_goes_home_by_itself(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  struct notice health = {.kind = NOTICE_HEALTH, .health = {.people = 3, .disk_free_mb = 9000, .clock_ok = true}};
  assert_true(mailbox_put(&r.notices, &health));
  later(&r, 10);
  const uint32_t idle = screen_sum();
  put_verdict(&r, VERDICT_ADMIT, "张三");
  later(&r, 10);
  later(&r, 1000);
  const uint32_t welcome = screen_sum();
  assert_int_not_equal(idle, welcome);
  later(&r, 1000);
  assert_int_equal(screen_sum(), welcome);
  r.now.wall_ms -= 2020; /* idle's clock must show the same minute */
  later(&r, 8000);
  assert_int_not_equal(screen_sum(), idle); /* the group's code is still being scanned */
  later(&r, 12000);
  assert_int_equal(screen_sum(), idle);
  rig_close(&r);
}

/* The next one's greeting takes the place at once; who has gone on may still be scanning. */
static void the_groups_code_stays_for_twenty_seconds(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  const struct view *v = &r.ui.state->view;
  put_verdict(&r, VERDICT_ADMIT, "张三");
  later(&r, 10);
  assert_int_equal(screen_group(&r.ui.state->stage, v), 0);
  assert_false(v->keeps_group);
  put_verdict(&r, VERDICT_NOT_CONFIRMED, NULL);
  later(&r, 3000);
  assert_int_equal(v->screen, SCREEN_VERDICT);
  assert_true(v->keeps_group);
  assert_int_equal(v->group, 0);
  later(&r, 16000); /* the sorry screen went meanwhile */
  assert_true(v->keeps_group);
  assert_int_equal(v->screen, SCREEN_IDLE);
  later(&r, 1000);
  assert_false(v->keeps_group);
  rig_close(&r);
}

static void idle_speaks_in_turn(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  struct view *v = &r.ui.state->view;
  later(&r, 7000);
  assert_int_equal(v->lang[0], LANG_ZH_HANS); /* nothing moves */
  v->still = false;
  later(&r, 1);
  assert_int_equal(v->lang[0], LANG_EN);
  assert_int_equal(v->lang[1], LANG_ZH_HANS);
  later(&r, 5999);
  assert_int_equal(v->lang[0], LANG_EN);
  assert_true(later(&r, 1) <= r.now.mono_ms + 33); /* it comes in softly */
  assert_int_equal(v->lang[0], LANG_ZH_HANS);
  later(&r, 6000);
  put_verdict(&r, VERDICT_ADMIT, "张三");
  later(&r, 10);
  assert_int_equal(v->lang[0], LANG_ZH_HANS); /* the kiosk's first one */
  rig_close(&r);
}

/* Where the button of an action is, as it was drawn. */
/* A picture comes out of the one before it within a moment, is redrawn for as long, and then stays. */
static void slides_take_turns(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  struct ui_state *s = r.ui.state;
  r.catalog.event[CASE_GUANGZHOU].slides = 2;
  s->view.still = false;
  later(&r, (int64_t)s->theme.slide_every_ms - 1);
  assert_int_equal(s->view.slide, 0);
  later(&r, 1);
  assert_true(s->view.slide == 1 && s->view.slide_before == 0 && s->view.slide_fade == 255 && s->dirty);
  later(&r, (int64_t)s->theme.turn_ms / 2);
  assert_true(s->view.slide_fade > 0 && s->view.slide_fade < 255 && s->dirty);
  later(&r, (int64_t)s->theme.turn_ms);
  assert_int_equal(s->view.slide_fade, 0);
  later(&r, (int64_t)s->theme.slide_every_ms);
  assert_true(s->view.slide == 0 && s->view.slide_fade == 255);
  put_verdict(&r, VERDICT_ADMIT, "张三"); /* whoever comes interrupts it */
  later(&r, 16);
  assert_int_equal(s->view.slide_fade, 0);
  rig_close(&r);
}

static void tap_on(struct rig *r, int action, int arg) {
  const struct canvas *canvas = &r->ui.state->canvas;
  for (int i = 0; i < canvas->hits; i++) {
    const struct hit *hit = &canvas->hit[i];
    if (hit->action != action || hit->arg != arg) continue;
    SDL_Event e = {.button = {.type = SDL_MOUSEBUTTONDOWN, .x = hit->box.x + hit->box.w / 2, .y = hit->box.y + hit->box.h / 2}};
    SDL_PushEvent(&e);
    later(r, 10);
    return;
  }
  fail_msg("there is no button %d %d", action, arg);
}

static void a_tap_changes_the_language(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_MARKET); /* where a tap elsewhere counts */
  struct view *v = &r.ui.state->view;
  tap_on(&r, ACTION_LANG, 0);
  assert_int_equal(v->lang[0], LANG_EN);
  assert_true(mailbox_empty(&r.people));
  put_verdict(&r, VERDICT_ADMIT, NULL);
  later(&r, 10);
  assert_int_equal(v->lang[0], LANG_EN); /* they are answered in it */
  later(&r, 30000);
  later(&r, 10);
  assert_int_equal(v->screen, SCREEN_IDLE);
  assert_int_equal(v->lang[0], LANG_ZH_HANS);
  rig_close(&r);
}

static void it_dims_when_nobody_is_there(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  camera_sees(&r);
  put_mirror(&r, false, false, 60);
  later(&r, 20);
  for (int i = 0; i < 100; i++) { /* an empty room */
    put_mirror(&r, false, false, 60 + i % 3);
    later(&r, 20);
  }
  assert_false(r.ui.state->palette.dim);
  later(&r, 180000);
  assert_true(r.ui.state->palette.dim);
  put_mirror(&r, false, false, 62);
  later(&r, 20);
  assert_true(r.ui.state->palette.dim);
  put_mirror(&r, false, false, 150); /* somebody */
  later(&r, 20);
  assert_false(r.ui.state->palette.dim);
  later(&r, 180000);
  assert_true(r.ui.state->palette.dim);
  put_verdict(&r, VERDICT_ADMIT, "张三");
  later(&r, 0);
  assert_false(r.ui.state->palette.dim);
  rig_close(&r);
}

static void it_waits_where_nothing_moves(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  r.ui.state->view.still = false;
  later(&r, 500);
  assert_true(later(&r, 20) >= r.now.mono_ms + 500); /* the dummy driver has no keys or touch to ask for */
  put_verdict(&r, VERDICT_ADMIT, "张三");
  assert_true(later(&r, 20) <= r.now.mono_ms + 33); /* the shape still moves */
  rig_close(&r);
}

/* In the midst of one greeting's coming in: the next one's takes its place at once, moves as long, and then nothing does. */
static void the_next_scan_interrupts_what_moves(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  struct ui_state *s = r.ui.state;
  put_verdict(&r, VERDICT_NOT_CONFIRMED, NULL);
  later(&r, 20);
  later(&r, 1000);
  const uint32_t second = screen_sum(); /* alone */
  s->view.still = false;
  put_verdict(&r, VERDICT_EXPIRED, NULL);
  later(&r, 20);
  const uint32_t first = screen_sum();
  later(&r, 50);
  assert_true(s->dirty && screen_sum() != first); /* it is still coming */
  put_verdict(&r, VERDICT_NOT_CONFIRMED, NULL);
  later(&r, 1);
  assert_int_equal(s->view.notice.verdict.kind, VERDICT_NOT_CONFIRMED);
  assert_true(s->entered_ms == r.now.mono_ms && s->dirty && screen_sum() != second);
  for (int ms = 0; ms < SCREEN_SETTLED_MS; ms += 16) later(&r, 16);
  assert_false(s->dirty);
  assert_int_equal(screen_sum(), second);
  assert_true(later(&r, 16) > r.now.mono_ms + 33); /* and nobody draws it again */
  rig_close(&r);
}

static void a_fault_stays_until_it_is_gone(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  struct notice health = {.kind = NOTICE_HEALTH, .health = {.disk_free_mb = 9000, .clock_ok = true}};
  assert_true(mailbox_put(&r.notices, &health));
  later(&r, 10);
  const uint32_t idle = screen_sum();
  health.health.fault = DESK_FAULT_DISK_FULL;
  assert_true(mailbox_put(&r.notices, &health));
  later(&r, 10);
  const uint32_t fault = screen_sum();
  assert_int_not_equal(idle, fault);
  later(&r, 30000);
  assert_int_equal(screen_sum(), fault);
  health.health.fault = DESK_FAULT_NONE;
  assert_true(mailbox_put(&r.notices, &health));
  later(&r, 10);
  assert_int_equal(screen_sum(), idle);
  health.health = (struct desk_health){.disk_free_mb = 9000, .clock_ok = true, .stick = STICK_WRITTEN};
  assert_true(mailbox_put(&r.notices, &health));
  later(&r, 10);
  assert_int_not_equal(idle, screen_sum()); /* that it can be pulled out */
  rig_close(&r);
}

static void one_window_from_starting_to_idle(void **state) {
  (void)state;
  static struct rig r;
  struct problem problem;
  rig_open(&r, CASE_DOOR);
  const uint32_t idle = screen_sum();
  rig_close(&r);
  rig_start(&r);
  const uint32_t starting = screen_sum();
  assert_int_not_equal(starting, idle);
  later(&r, 60000);
  assert_int_equal(screen_sum(), starting); /* no clock to go on */
  problem_set(&problem, "没有活动包", "no event pack");
  ui_show_fault(&r.ui, &problem);
  const uint32_t fault = screen_sum();
  assert_int_not_equal(fault, starting);
  later(&r, 60000);
  assert_int_equal(screen_sum(), fault);
  ui_serve(&r.ui, &r.catalog, CASE_DOOR);
  r.now.wall_ms -= 120000; /* idle's clock must show the same minute */
  later(&r, 0);
  assert_int_equal(screen_sum(), idle);
  rig_close(&r);
}

static void nobody_is_heard_before_it_serves(void **state) {
  (void)state;
  static struct rig r;
  rig_start(&r);
  r.ui.options.keyboard = true;
  SDL_Event tap = {.button = {.type = SDL_MOUSEBUTTONDOWN}};
  SDL_PushEvent(&tap);
  for (const char *c = "abcdefgh"; *c != '\0'; c++) key(*c, 0, 0);
  key(SDLK_RETURN, 0, 0);
  later(&r, 10);
  ui_serve(&r.ui, &r.catalog, CASE_MARKET);
  later(&r, 10);
  assert_true(mailbox_empty(&r.people));
  rig_close(&r);
}

static void a_missing_scanner_is_told(void **state) {
  (void)state;
  static struct rig r;
  uint32_t sum[3];
  rig_open(&r, CASE_DOOR);
  const uint32_t idle = screen_sum();
  for (int i = 0; i < 3; i++) {
    ui_tell_reader(&r.ui, i != 1);
    later(&r, 0);
    sum[i] = screen_sum();
  }
  assert_int_equal(sum[0], idle); /* all is well */
  assert_int_not_equal(sum[1], sum[0]);
  assert_int_equal(sum[2], sum[0]);
  rig_close(&r);
}

static void a_tap_counts_where_there_is_no_roster(void **state) {
  (void)state;
  static struct rig r;
  static struct payload got;
  rig_open(&r, CASE_MARKET);
  key(SDLK_SPACE, 0, 0);
  key(SDLK_SPACE, 0, 1); /* held down: still one */
  later(&r, 10);
  assert_true(mailbox_front(&r.people, &got));
  assert_int_equal(got.by, BY_TAP);
  assert_int_equal(got.len, 0);
  assert_int_equal(got.at.mono_ms, r.now.mono_ms);
  mailbox_pop(&r.people);
  assert_true(mailbox_empty(&r.people));
  SDL_Event tap = {.button = {.type = SDL_MOUSEBUTTONDOWN}};
  for (int i = 0; i < 3; i++) SDL_PushEvent(&tap); /* one more than desk has room for: kept */
  later(&r, 10);
  for (int i = 0; i < 3; i++) {
    assert_true(mailbox_front(&r.people, &got));
    mailbox_pop(&r.people);
    later(&r, 10);
  }
  assert_true(mailbox_empty(&r.people));
  rig_close(&r);
  rig_open(&r, CASE_DOOR);
  key(SDLK_SPACE, 0, 0);
  SDL_PushEvent(&tap);
  later(&r, 10);
  assert_true(mailbox_empty(&r.people));
  rig_close(&r);
}

/* A roster's door where some come without a code: the button and the space bar count one, a tap beside it doesn't. */
static void who_has_no_code_counts_by_the_button(void **state) {
  (void)state;
  static struct rig r;
  struct payload p;
  rig_open(&r, CASE_DOOR);
  r.catalog.station[CASE_DOOR].anonymous = true;
  later(&r, 60000);
  SDL_Event beside = {.button = {.type = SDL_MOUSEBUTTONDOWN, .x = 1, .y = 1}};
  assert_int_equal(SDL_PushEvent(&beside), 1);
  later(&r, 20);
  assert_true(mailbox_empty(&r.people));
  tap_on(&r, ACTION_PRESENCE, 0);
  later(&r, 20);
  assert_true(mailbox_front(&r.people, &p));
  assert_true(p.by == BY_TAP && p.len == 0);
  mailbox_pop(&r.people);
  key(SDLK_SPACE, 0, 0);
  later(&r, 20);
  assert_true(mailbox_front(&r.people, &p));
  mailbox_pop(&r.people);
  put_verdict(&r, VERDICT_ADMIT, "张三");
  later(&r, 20);
  assert_int_equal(SDL_PushEvent(&beside), 1); /* the next one, who has none: the button comes back */
  later(&r, 20);
  assert_true(mailbox_empty(&r.people) && r.ui.state->view.screen == SCREEN_IDLE);
  static struct notice greeted;
  greeted = (struct notice){.kind = NOTICE_VERDICT, .verdict = {.kind = VERDICT_ADMIT, .event = -1, .station = -1}, .at = r.now};
  greeted.seq = 6;
  greeted.by = BY_TAP;
  greeted.tapped = true;
  assert_true(mailbox_put(&r.notices, &greeted));
  later(&r, 20);
  assert_int_equal(r.ui.state->view.screen, SCREEN_VERDICT);
  assert_int_equal(SDL_PushEvent(&beside), 1); /* one who has none, either, need not wait until they were greeted */
  later(&r, 20);
  assert_true(mailbox_front(&r.people, &p));
  assert_true(p.by == BY_TAP && p.len == 0);
  mailbox_pop(&r.people);
  rig_close(&r);
}

static void assert_tap(struct rig *r, int heads) {
  struct payload p;
  assert_true(mailbox_front(&r->people, &p));
  assert_true(p.by == BY_TAP && p.len == 0 && p.heads == heads);
  mailbox_pop(&r->people);
}

static void put_question_about(struct rig *r, enum verdict_kind kind, bool walkin, int most) {
  static struct notice n;
  memset(&n, 0, sizeof n);
  n.kind = most > 0 ? NOTICE_HEADS : NOTICE_VERDICT;
  n.verdict.kind = kind;
  n.verdict.event = n.verdict.station = -1;
  n.at = r->now;
  n.seq = most > 0 ? 0 : 5;
  n.walkin = walkin;
  n.most = (int16_t)most;
  assert_true(mailbox_put(&r->notices, &n));
  later(r, 10);
}

static void put_question(struct rig *r, bool walkin, int most) {
  put_question_about(r, most > 0 ? VERDICT_ADMIT : VERDICT_UNKNOWN, walkin, most);
}

/* A card or a poster may be shown by mistake: there it takes the button. */
static void a_code_that_is_no_ticket_has_a_button(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  SDL_Event anywhere = {.button = {.type = SDL_MOUSEBUTTONDOWN, .x = 1, .y = 1}};
  put_question_about(&r, VERDICT_NOT_A_TICKET, true, 0);
  assert_int_equal(SDL_PushEvent(&anywhere), 1);
  later(&r, 20);
  assert_true(mailbox_empty(&r.people));
  tap_on(&r, ACTION_PRESENCE, 0);
  assert_tap(&r, 0);
  later(&r, ASK_MS - 2000); /* it stays as long as the offer does */
  assert_int_equal(r.ui.state->view.screen, SCREEN_VERDICT);
  later(&r, 3000);
  assert_int_equal(r.ui.state->view.screen, SCREEN_IDLE);
  rig_close(&r);
}

/* Who is on no list says so by touching the screen anywhere, or by the space bar; elsewhere a tap is nobody. */
static void who_walks_in_touches_the_screen(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  SDL_Event anywhere = {.button = {.type = SDL_MOUSEBUTTONDOWN, .x = 1, .y = 1}};
  put_question(&r, false, 0);
  assert_int_equal(SDL_PushEvent(&anywhere), 1);
  later(&r, 20);
  assert_true(mailbox_empty(&r.people));
  put_question(&r, true, 0);
  tap_on(&r, ACTION_PRESENCE, 0);
  assert_tap(&r, 0);
  assert_int_equal(SDL_PushEvent(&anywhere), 1);
  later(&r, 20);
  assert_tap(&r, 0);
  key(SDLK_SPACE, 0, 0);
  later(&r, 20);
  assert_tap(&r, 0);
  later(&r, 15000);
  assert_int_equal(r.ui.state->view.screen, SCREEN_IDLE);
  assert_int_equal(SDL_PushEvent(&anywhere), 1);
  later(&r, 20);
  assert_true(mailbox_empty(&r.people));
  rig_close(&r);
}

static void a_party_says_how_many(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  SDL_Event beside = {.button = {.type = SDL_MOUSEBUTTONDOWN, .x = 1, .y = 1}};
  put_question(&r, false, 3);
  assert_string_equal(screen_name(&r.ui.state->view), "heads");
  assert_int_equal(r.lines_len, 0); /* nothing is decided */
  assert_int_equal(SDL_PushEvent(&beside), 1);
  later(&r, 20);
  assert_true(mailbox_empty(&r.people));
  tap_on(&r, ACTION_HEADS, 3);
  assert_tap(&r, 3);
  key('2', 0, 0);
  later(&r, 20);
  assert_tap(&r, 2);
  key('4', 0, 0); /* they are three */
  later(&r, 20);
  assert_true(mailbox_empty(&r.people));
  key(SDLK_SPACE, 0, 0);
  later(&r, 20);
  assert_tap(&r, 0);
  put_question(&r, false, 24);
  tap_on(&r, ACTION_HEADS, 9);
  assert_tap(&r, 9);
  tap_on(&r, ACTION_HEADS, 24);
  assert_tap(&r, 24);
  put_verdict(&r, VERDICT_ADMIT, "张三"); /* what came of it */
  later(&r, 20);
  assert_string_equal(screen_name(&r.ui.state->view), "welcome");
  key('2', 0, 0);
  later(&r, 20);
  assert_true(mailbox_empty(&r.people));
  rig_close(&r);
}

static void a_scanner_types_a_code(void **state) {
  (void)state;
  static struct rig r;
  static struct payload got;
  static const char code[] = "YB1:A%$*+-./ z0";
  rig_open(&r, CASE_DOOR);
  r.ui.options.keyboard = true;
  for (const char *c = code; *c != '\0'; c++) {
    static const struct {
      char c;
      SDL_Keycode key;
    } shifted[] = {{':', ';'}, {'%', '5'}, {'$', '4'}, {'*', '8'}, {'+', '='}};
    SDL_Keycode k = *c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c;
    Uint16 mod = *c >= 'A' && *c <= 'Z' ? KMOD_LSHIFT : 0;
    for (size_t i = 0; i < sizeof shifted / sizeof *shifted; i++)
      if (shifted[i].c == *c) k = shifted[i].key, mod = KMOD_LSHIFT;
    if (mod != 0) key(SDLK_LSHIFT, mod, 0);
    key(k, mod, 0);
  }
  key(SDLK_RETURN, 0, 0);
  later(&r, 10);
  assert_true(mailbox_front(&r.people, &got));
  assert_int_equal(got.by, BY_READER);
  assert_int_equal(got.len, strlen(code));
  assert_memory_equal(got.bytes, code, strlen(code));
  mailbox_pop(&r.people);
  for (const char *c = "abcdefgh"; *c != '\0'; c++) key(*c, 0, *c == 'd'); /* a key held down isn't a scan */
  key(SDLK_RETURN, 0, 0);
  later(&r, 10);
  assert_true(mailbox_empty(&r.people));
  for (int i = 0; i < 7; i++) key("abccdef"[i], 0, i == 3); /* but X says so of a scanner's "cc" */
  key(SDLK_RETURN, 0, 0);
  later(&r, 10);
  assert_true(mailbox_front(&r.people, &got));
  assert_int_equal(got.len, 7);
  mailbox_pop(&r.people);
  for (const char *c = "abcdefgh"; *c != '\0'; c++) { /* the frames between its keys take long */
    key(*c, 0, 0);
    later(&r, 150);
  }
  key(SDLK_RETURN, 0, 0);
  later(&r, 10);
  assert_true(mailbox_front(&r.people, &got));
  assert_int_equal(got.len, 8);
  rig_close(&r);
}

static void only_idle_has_a_mirror(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  put_mirror(&r, false, false, 50);
  later(&r, 10);
  const uint32_t blind = screen_sum(); /* nobody has said that the camera sees */
  put_mirror(&r, false, false, 90);
  later(&r, 10);
  assert_int_equal(screen_sum(), blind);
  camera_sees(&r);
  const uint32_t bright = screen_sum();
  put_mirror(&r, false, false, 50);
  later(&r, 20);
  assert_int_not_equal(screen_sum(), bright);
  put_mirror(&r, false, false, 90);
  later(&r, 20);
  assert_int_equal(screen_sum(), bright); /* redrawn in its place alone, and the same all over */
  put_verdict(&r, VERDICT_ADMIT, "张三");
  later(&r, 10);
  later(&r, 500);
  const uint32_t welcome = screen_sum();
  put_mirror(&r, true, true, 50);
  later(&r, 20);
  assert_int_equal(screen_sum(), welcome);
  rig_close(&r);
}

static void an_old_picture_goes(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  camera_sees(&r);
  const uint32_t empty = screen_sum();
  put_mirror(&r, true, true, 50);
  later(&r, 20);
  assert_int_not_equal(screen_sum(), empty);
  later(&r, 900);
  assert_int_not_equal(screen_sum(), empty);
  later(&r, 200);
  assert_int_equal(screen_sum(), empty);
  rig_close(&r);
}

/* The picture stays the same: only words can change what is shown. */
static void who_isnt_read_gets_help(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  camera_sees(&r);
  r.now.wall_ms -= 20000; /* the same minute all the time */
  put_mirror(&r, true, true, 50);
  later(&r, 0);
  const uint32_t plain = screen_sum();
  for (int ms = 0; ms < 2800; ms += 200) { /* now and then no code is found: a hand shakes */
    later(&r, 200);
    put_mirror(&r, ms % 600 != 0, true, 50);
    later(&r, 0);
  }
  put_mirror(&r, true, true, 50);
  later(&r, 0);
  assert_int_equal(screen_sum(), plain);
  later(&r, 250);
  put_mirror(&r, true, true, 50);
  later(&r, 0);
  const uint32_t hint = screen_sum();
  assert_int_not_equal(hint, plain);
  put_mirror(&r, true, false, 50); /* read */
  later(&r, 0);
  assert_int_equal(screen_sum(), plain);
  rig_close(&r);
}

static void control_q_and_closing_quit(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  key(SDLK_q, 0, 0);
  later(&r, 10);
  assert_false(ui_quit(&r.ui));
  key(SDLK_q, KMOD_LCTRL, 0);
  later(&r, 10);
  assert_true(ui_quit(&r.ui));
  rig_close(&r);
}

static int png_files(const char *folder, const char *name) {
  int n = 0;
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  for (struct dirent *e; (e = readdir(dir)) != NULL;) n += name != NULL ? strcmp(e->d_name, name) == 0 : e->d_name[0] != '.';
  closedir(dir);
  return n;
}

static void each_verdict_is_photographed(void **state) {
  (void)state;
  static struct rig r;
  char folder[] = "/tmp/yingbin-shots-XXXXXX", path[128];
  static const char *const names[] = {"000-idle.png", "001-admit-A-017.png", "002-unknown-3.png"};
  assert_non_null(mkdtemp(folder));
  rig_open(&r, CASE_DOOR);
  r.ui.options.shots = folder;
  r.ui.options.lockstep = true;
  put_verdict(&r, VERDICT_ADMIT, "张三");
  put_verdict(&r, VERDICT_UNKNOWN, NULL);
  later(&r, 10);
  later(&r, 20000);
  assert_int_equal(png_files(folder, NULL), 3);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(png_files(folder, names[i]), 1);
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    unlink(path);
  }
  rmdir(folder);
  rig_close(&r);
}

/* 0: who opened it is forgotten. */
static int remembers_staff(const struct rig *r) {
  static const struct notice_operator nobody;
  return memcmp(&r->ui.state->view.staff, &nobody, sizeof nobody);
}

static void show_card(struct rig *r) {
  static struct notice n;
  n = (struct notice){.kind = NOTICE_CONSOLE,
                      .card = CARD_OPENS,
                      .staff = {.name = "小王", .session = 5},
                      .health = {.clock_ok = true, .opened = true}};
  assert_true(mailbox_put(&r->notices, &n));
  later(r, 1000);
  later(r, 1000);
}

/* Two minutes after the last key, and not before; a scan is no hand. */
static void the_console_closes_by_itself(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  later(&r, 1000);
  const uint32_t idle = screen_sum();
  show_card(&r);
  const uint32_t open = screen_sum();
  assert_int_not_equal(open, idle);
  put_verdict(&r, VERDICT_ADMIT, "张三");
  later(&r, 10);
  assert_non_null(strstr(r.lines, "张三")); /* told as ever */
  const uint32_t scanned = screen_sum();
  assert_int_not_equal(scanned, open);
  later(&r, 30000); /* no verdict's time takes it away */
  key(SDLK_LSHIFT, 0, 0);
  later(&r, 0);
  later(&r, 119000);
  assert_int_equal(r.ui.state->view.screen, SCREEN_CONSOLE);
  later(&r, 1000);
  assert_int_equal(r.ui.state->view.screen, SCREEN_IDLE);
  assert_int_equal(remembers_staff(&r), 0);
  rig_close(&r);
}

static void type_text(struct rig *r, const char *text) {
  SDL_Event e = {.text = {.type = SDL_TEXTINPUT}};
  snprintf(e.text.text, sizeof e.text.text, "%s", text);
  SDL_PushEvent(&e);
  later(r, 10);
}

static void the_console_is_closed_on_purpose(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_MARKET); /* where a tap on idle counts */
  for (int i = 0; i < 2; i++) {
    show_card(&r);
    SDL_Event beside = {.button = {.type = SDL_MOUSEBUTTONDOWN}};
    SDL_PushEvent(&beside);
    later(&r, 10);
    assert_int_equal(r.ui.state->view.screen, SCREEN_CONSOLE);
    if (i == 0) {
      key(SDLK_ESCAPE, 0, 0);
      later(&r, 10);
    } else
      tap_on(&r, ACTION_CLOSE, 0);
    assert_int_equal(r.ui.state->view.screen, SCREEN_IDLE);
    assert_int_equal(remembers_staff(&r), 0);
    assert_true(mailbox_empty(&r.people));
  }
  rig_close(&r);
}

/* Asked of desk; fails where nothing is. */
static struct staff_request asked(struct rig *r) {
  struct staff_request request;
  if (!mailbox_front(&r->requests, &request)) fail_msg("desk is asked nothing");
  mailbox_pop(&r->requests);
  return request;
}

static void answer(struct rig *r, struct staff_request to, const char *name) {
  static struct staff_answer a;
  a = (struct staff_answer){.kind = to.kind, .session = to.session, .serial = to.serial, .result = STAFF_DONE};
  if (name != NULL) {
    a.count = 1;
    a.person[0] = (struct staff_person){.number = "17", .party = 1, .confirmed = true, .type = -1};
    a.person[0].inside = to.kind == STAFF_ADMIT;
    snprintf(a.person[0].name, sizeof a.person[0].name, "%s", name);
  }
  assert_true(mailbox_put(&r->answers, &a));
  later(r, 10);
}

/* Card, two letters, the person's button: done. A guest who is scanned meanwhile takes no letter away. */
static void two_letters_and_a_tap_check_somebody_in(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  show_card(&r);
  assert_int_equal(asked(&r).kind, STAFF_RECENT);
  tap_on(&r, ACTION_KEY, 'z');
  put_verdict(&r, VERDICT_ADMIT, "李四");
  later(&r, 10);
  tap_on(&r, ACTION_KEY, 's');
  struct staff_request search = asked(&r);
  assert_string_equal(search.text, "z");
  search = asked(&r);
  assert_int_equal(search.kind, STAFF_SEARCH);
  assert_int_equal(search.session, 5);
  assert_string_equal(search.text, "zs");
  answer(&r, search, "张三");
  tap_on(&r, ACTION_ROW_ADMIT, 0);
  const struct staff_request admit = asked(&r);
  assert_int_equal(admit.kind, STAFF_ADMIT);
  assert_string_equal(admit.number, "17");
  answer(&r, admit, "张三");
  assert_int_equal(r.ui.state->console.found.person[0].inside, 1);
  while (!mailbox_empty(&r.requests)) mailbox_pop(&r.requests);
  tap_on(&r, ACTION_CLOSE, 0);
  const struct staff_request lock = asked(&r);
  assert_int_equal(lock.kind, STAFF_LOCK);
  assert_int_equal(lock.session, 5);
  static const struct staff_answer nothing;
  assert_memory_equal(&r.ui.state->console.found, &nothing, sizeof nothing);
  rig_close(&r);
}

/* Text comes beside the keys; only Chinese needs it, but letters come so, too. */
static void a_scanner_types_nothing_into_the_console(void **state) {
  (void)state;
  static struct rig r;
  static struct payload got;
  rig_open(&r, CASE_DOOR);
  r.ui.options.keyboard = true;
  show_card(&r);
  type_text(&r, "王");
  for (const char *c = "ab12cd34"; *c != '\0'; c++) {
    key(*c, 0, 0);
    SDL_Event e = {.text = {.type = SDL_TEXTINPUT, .text = {*c}}};
    SDL_PushEvent(&e);
  }
  later(&r, 10);
  assert_string_equal(r.ui.state->console.query, "王ab12cd34");
  key(SDLK_RETURN, 0, 0);
  later(&r, 10);
  assert_true(mailbox_front(&r.people, &got));
  assert_int_equal(got.len, 8);
  assert_string_equal(r.ui.state->console.query, "王");
  rig_close(&r);
}

/* Letters that somebody typed long ago are no scanner's. */
static void a_space_counts_after_other_keys(void **state) {
  (void)state;
  static struct rig r;
  static struct payload got;
  rig_open(&r, CASE_MARKET);
  r.ui.options.keyboard = true;
  key(SDLK_a, 0, 0);
  later(&r, 10);
  for (int ms = 0; ms < 500; ms += PUMP_MS) later(&r, PUMP_MS);
  key(SDLK_SPACE, 0, 0);
  later(&r, 10);
  assert_true(mailbox_front(&r.people, &got));
  assert_int_equal(got.by, BY_TAP);
  rig_close(&r);
}

static void the_pin_is_asked_for_by_its_chord(void **state) {
  (void)state;
  static struct rig r;
  rig_open(&r, CASE_DOOR);
  key(SDLK_s, KMOD_LCTRL | KMOD_LALT, 0);
  later(&r, 10);
  assert_int_equal(r.ui.state->view.screen, SCREEN_IDLE); /* none is set */
  r.ui.options.pin = true;
  key(SDLK_s, KMOD_LCTRL | KMOD_LALT, 0);
  later(&r, 10);
  assert_int_equal(r.ui.state->view.screen, SCREEN_CONSOLE);
  type_text(&r, "2468");
  key(SDLK_RETURN, 0, 0);
  later(&r, 10);
  const struct staff_request unlock = asked(&r);
  assert_int_equal(unlock.kind, STAFF_UNLOCK);
  assert_string_equal(unlock.text, "2468");
  assert_string_equal(r.ui.state->console.field, "");
  key(SDLK_ESCAPE, 0, 0);
  later(&r, 10);
  assert_int_equal(r.ui.state->view.screen, SCREEN_IDLE);
  rig_close(&r);
}

/* What SDL's driver for it wrote: whether anything but silence. */
static bool heard(const char *path) {
  FILE *file = fopen(path, "rb");
  int c = 0;
  assert_non_null(file);
  while (c == 0) c = fgetc(file);
  fclose(file);
  return c != EOF;
}

static void a_verdict_is_heard(void **state) {
  (void)state;
  static struct rig r;
  char path[] = "/tmp/yingbin-ui-sound-XXXXXX";
  close(mkstemp(path));
  setenv("SDL_AUDIODRIVER", "disk", 1);
  setenv("SDL_DISKAUDIOFILE", path, 1);
  setenv("SDL_DISKAUDIODELAY", "1", 1);
  rig_sound = (struct sound_options){.on = true, .volume = {.day = 9, .night = VOLUME_SAME}};
  for (int fast = 0; fast < 2; fast++) {
    rig_lockstep = fast;
    rig_open(&r, CASE_DOOR);
    put_verdict(&r, VERDICT_UNKNOWN, NULL);
    later(&r, 10);
    assert_int_equal(r.ui.state->view.sound, fast ? SOUND_OFF : SOUND_GOOD);
    assert_int_equal(r.ui.state->view.volume, 9);
    while (!sound_silent(r.ui.state->sound)) sched_yield();
    rig_close(&r);
    assert_true(heard(path) == !fast);
    assert_int_equal(truncate(path, 0), 0);
  }
  rig_sound.on = rig_lockstep = false;
  unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_verdict_is_shown_then_told),
      cmocka_unit_test(names_are_masked_where_asked),
      cmocka_unit_test(each_of_many_is_shown_and_told),
      cmocka_unit_test(it_goes_home_by_itself),
      cmocka_unit_test(the_groups_code_stays_for_twenty_seconds),
      cmocka_unit_test(idle_speaks_in_turn),
      cmocka_unit_test(slides_take_turns),
      cmocka_unit_test(a_tap_changes_the_language),
      cmocka_unit_test(it_dims_when_nobody_is_there),
      cmocka_unit_test(it_waits_where_nothing_moves),
      cmocka_unit_test(the_next_scan_interrupts_what_moves),
      cmocka_unit_test(a_fault_stays_until_it_is_gone),
      cmocka_unit_test(one_window_from_starting_to_idle),
      cmocka_unit_test(nobody_is_heard_before_it_serves),
      cmocka_unit_test(a_missing_scanner_is_told),
      cmocka_unit_test(a_tap_counts_where_there_is_no_roster),
      cmocka_unit_test(who_has_no_code_counts_by_the_button),
      cmocka_unit_test(idle_sleeps_between_what_it_does),
      cmocka_unit_test(a_code_that_is_no_ticket_has_a_button),
      cmocka_unit_test(who_walks_in_touches_the_screen),
      cmocka_unit_test(a_party_says_how_many),
      cmocka_unit_test(a_scanner_types_a_code),
      cmocka_unit_test(only_idle_has_a_mirror),
      cmocka_unit_test(an_old_picture_goes),
      cmocka_unit_test(who_isnt_read_gets_help),
      cmocka_unit_test(the_console_closes_by_itself),
      cmocka_unit_test(the_console_is_closed_on_purpose),
      cmocka_unit_test(two_letters_and_a_tap_check_somebody_in),
      cmocka_unit_test(a_scanner_types_nothing_into_the_console),
      cmocka_unit_test(a_space_counts_after_other_keys),
      cmocka_unit_test(the_pin_is_asked_for_by_its_chord),
      cmocka_unit_test(control_q_and_closing_quit),
      cmocka_unit_test(each_verdict_is_photographed),
      cmocka_unit_test(a_verdict_is_heard),
  };
  setenv("SDL_VIDEODRIVER", "dummy", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
