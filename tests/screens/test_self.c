/* SPDX-License-Identifier: Apache-2.0
 * The look-up by phone before the guests, on each size of screen in each language: nothing leaves the screen's
 * safe area, no text stands outside of its box or is cut, every target is large enough; and what its keys do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ui/keyboard.h"
#include "ui/self_screen.h"

static struct fonts *fonts;
static struct texts *texts;
static struct strings *strings;
static struct theme theme;
static struct catalog catalog;
static struct self_screen self;
static struct view view;
static struct transcript transcript;

static const struct { int w, h; } sizes[] = {{1920, 1080}, {1080, 1920}, {800, 480}, {480, 800}, {3840, 2160}, {1280, 800}};

static int setup(void **state) {
  struct problem problem;
  (void)state;
  if (!fonts_open(SOURCE_DIR "/assets/fonts.conf", &fonts, &problem) ||
      !strings_open(SOURCE_DIR "/assets/strings", &strings, &problem) ||
      !theme_open(SOURCE_DIR "/assets/themes.ini", &theme, &problem))
    fail_msg("%s", problem.en);
  texts = texts_open(fonts);
  catalog.events = catalog.stations = catalog.types = 1;
  catalog.event[0].self_lookup = SELF_LOOKUP_PHONE;
  catalog.event[0].zone.spans = 1;
  strcpy(catalog.event[0].help.in[LANG_ZH_HANS], "没带二维码？报上姓名，门口的志愿者帮您查");
  strcpy(catalog.event[0].help.in[LANG_EN], "No code? Tell the volunteer at the door your name");
  strcpy(catalog.type[0].label.in[LANG_ZH_HANS], "志愿者");
  strcpy(catalog.type[0].label.in[LANG_EN], "Volunteer");
  view = (struct view){.screen = SCREEN_SELF, .catalog = &catalog, .langs = 1, .self = &self};
  return 0;
}

static int teardown(void **state) {
  (void)state;
  texts_close(texts);
  fonts_close(fonts);
  strings_close(strings);
  return 0;
}

static void answer(enum self_result result, int count) {
  static const char *const names[] = {"欧***", "阿***", "Z***", "👨‍👩‍👧***"};
  struct self_answer a = {.result = result, .count = count, .wait_ms = 58001};
  for (int i = 0; i < count; i++) {
    strcpy(a.person[i].name, names[i]);
    a.person[i].type = (int16_t)(i % 2 - 1);
  }
  self_screen_answer(&self, &a);
}

enum { CASES = 9 };

static void make(int i) {
  self_screen_open(&self);
  if (i > 0) strcpy(self.digits, i == 1 ? "138" : i == 2 ? "130000000010099" : "13800000001");
  if (i == 3) self.state = SELF_STATE_ASKING;
  if (i == 4) answer(SELF_FOUND, 1);
  if (i == 5) answer(SELF_FOUND, 4);
  if (i == 6) answer(SELF_NOBODY, 0);
  if (i == 7) answer(SELF_WAIT, 0);
  if (i == 8) answer(SELF_FAILED, 0);
}

static void inside(struct box b, struct box area, const char *what) {
  if (b.x < area.x || b.y < area.y || b.x + b.w > area.x + area.w || b.y + b.h > area.y + area.h)
    fail_msg("%s %d,%d %dx%d leaves %d,%d %dx%d:\n%s", what, b.x, b.y, b.w, b.h, area.x, area.y, area.w, area.h,
             transcript.text);
}

static bool meet(struct box a, struct box b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static void check(struct canvas *canvas) {
  const struct box area = screen_safe_area(&theme, canvas->w, canvas->h);
  const int least = (canvas->w < canvas->h ? canvas->w : canvas->h) * 8 / 100;
  assert_false(transcript.tofu);
  for (int i = 0; i < transcript.boxes; i++) inside(transcript.box[i].box, area, "a box");
  for (int i = 0; i < transcript.boxes; i++)
    for (int k = 0; k < i; k++)
      if (transcript.box[i].kind == 't' && transcript.box[k].kind == 't' && meet(transcript.box[i].box, transcript.box[k].box))
        fail_msg("texts meet:\n%s", transcript.text);
  for (int i = 0; i < canvas->hits; i++) {
    assert_true(canvas->hit[i].box.w >= least && canvas->hit[i].box.h >= least);
    for (int k = 0; k < i; k++) assert_false(meet(canvas->hit[i].box, canvas->hit[k].box));
  }
}

static void test_every_size(void **state) {
  (void)state;
  const struct stage stage = {strings, texts, &theme, NULL};
  for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++)
    for (enum lang lang = 0; lang < LANG_COUNT; lang++)
      for (int i = 0; i < CASES; i++) {
        struct canvas canvas;
        make(i);
        view.lang[0] = lang;
        canvas_transcript(&transcript, sizes[size].w, sizes[size].h, &canvas);
        screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
        check(&canvas);
        if (strstr(transcript.text, " cut ") != NULL) fail_msg("cut:\n%s", transcript.text);
      }
}

static void type(const char *keys) {
  for (; *keys != '\0'; keys++) self_screen_key(&self, *keys);
}

static void test_keys(void **state) {
  (void)state;
  char shown[40];
  make(0);
  type("138000");
  assert_false(self_screen_ready(&self));
  type("00001");
  assert_true(self_screen_ready(&self));
  self_screen_group(self.digits, shown, sizeof shown);
  assert_string_equal(shown, "138 0000 0001");
  self_screen_key(&self, KEY_BACKSPACE);
  assert_string_equal(self.digits, "1380000000");
  type("12345678");
  assert_int_equal(strlen(self.digits), SELF_DIGITS_MOST); /* no more than a number has */
  self_screen_group("34600000002", shown, sizeof shown);
  assert_string_equal(shown, "3460 0000 002");
  answer(SELF_NOBODY, 0);
  self_screen_key(&self, KEY_BACKSPACE); /* one digit was wrong */
  assert_true(self.state == SELF_STATE_TYPING && strlen(self.digits) == SELF_DIGITS_MOST - 1);
  answer(SELF_FOUND, 2);
  self_screen_key(&self, KEY_CLEAR); /* none of these */
  assert_true(self.state == SELF_STATE_TYPING && self.digits[0] == '\0' && self.answer.count == 0);
}

/* The button is there where the event has it, and only there. */
static void test_offered(void **state) {
  (void)state;
  const struct stage stage = {strings, texts, &theme, NULL};
  for (int on = 0; on < 2; on++) {
    struct canvas canvas;
    bool offered = false;
    catalog.event[0].roster = true;
    catalog.event[0].self_lookup = on ? SELF_LOOKUP_PHONE : SELF_LOOKUP_NO;
    view.screen = SCREEN_IDLE;
    canvas_transcript(&transcript, 1920, 1080, &canvas);
    screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
    for (int i = 0; i < canvas.hits; i++) offered = offered || canvas.hit[i].action == ACTION_NO_CODE;
    assert_true(offered == (on == 1));
  }
  view.screen = SCREEN_SELF;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_size), cmocka_unit_test(test_keys),
                                     cmocka_unit_test(test_offered)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
