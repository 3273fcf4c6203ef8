/* SPDX-License-Identifier: Apache-2.0
 * Every screen as a transcript, compared with its reference in tests/screens/ref: a change of what is
 * shown where must be meant. tools/shoot --accept writes the references anew; look at its pictures first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <SDL.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

#include "base/file.h"
#include "tests/screens/screen_room.h"
#include "tools/shoot_main/matrix.h"
#include "ui/console_draw.h"

static struct transcript transcript;
static struct catalog catalog;
static struct view view;

/* Of the sizes that are looked at in all languages there are references; zh-Hant only differs in its words. */
static bool has_reference(int lang, int size) { return matrix_sizes[size].thorough && (lang < 2 || size == 0); }

/* Read for one size at a time. */
static void pictures_for(int w, int h) {
  static int of_w, of_h;
  struct problem problem;
  if (w == of_w && h == of_h) return;
  pictures_close(pictures);
  pictures = case_pictures(SOURCE_DIR "/assets/sample", &theme, w, h, &problem);
  if (pictures == NULL) fail_msg("%s", problem.en);
  of_w = w, of_h = h;
}

static void draw(int i, int lang, int size) {
  pictures_for(matrix_sizes[size].w, matrix_sizes[size].h);
  const struct stage stage = {strings, texts, &theme, pictures};
  struct canvas canvas;
  canvas_transcript(&transcript, matrix_sizes[size].w, matrix_sizes[size].h, &canvas);
  case_view(i, matrix_langs[lang].first, matrix_langs[lang].second, &catalog, &view);
  screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
}

static void each(void (*check)(int i, int lang, int size)) {
  struct matrix_place at = {.shot = -1};
  while (matrix_next(&at)) {
    if (at.theme > 0) continue; /* of the same words, in the same places */
    draw(at.shot, at.lang, at.size);
    check(at.shot, at.lang, at.size);
  }
}

static void say_where(int i, int lang, int size) {
  char name[256];
  matrix_name(&(struct matrix_place){.shot = i, .lang = lang, .size = size}, name, sizeof name);
  print_error("%s:\n", name);
}

/* The line with the first byte that differs, and the case that it is of. */
static void say_difference(const char *got, const char *want) {
  size_t at = 0, line = 0, title = 0;
  for (; got[at] != '\0' && got[at] == want[at]; at++)
    if (got[at] == '\n') {
      line = at + 1;
      if (strncmp(got + line, "== ", 3) == 0) title = line;
    }
  print_error("%.*s\n", (int)strcspn(got + title, "\n"), got + title);
  print_error("now:      %.*s\nexpected: %.*s\n", (int)strcspn(got + line, "\n"), got + line, (int)strcspn(want + line, "\n"),
              want + line);
}

static void check_reference(int lang, int size) {
  struct problem problem;
  char path[512], *want = NULL;
  size_t len = 0, want_len = 0;
  const size_t room = (size_t)SCREEN_CASES * TRANSCRIPT_TEXT;
  char *got = malloc(room);
  assert_non_null(got);
  for (int i = 0; i < SCREEN_CASES; i++) {
    char title[64];
    draw(i, lang, size);
    case_title(i, title, sizeof title);
    len += (size_t)snprintf(got + len, room - len, "== %s %s\n%s\n", title, screen_cases[i].name, transcript.text);
  }
  snprintf(path, sizeof path, SOURCE_DIR "/tests/screens/ref/%s-%dx%d.txt", matrix_langs[lang].name, matrix_sizes[size].w,
           matrix_sizes[size].h);
  if (getenv("YINGBIN_ACCEPT") != NULL) {
    assert_true(file_write(path, got, len, 0644, &problem));
  } else {
    const bool there = file_read(path, room, &want, &want_len, &problem), same = there && strcmp(got, want) == 0;
    if (there && !same) say_difference(got, want);
    free(want);
    free(got);
    if (!there) fail_msg("%s", problem.en);
    if (!same) fail_msg("%s: what is shown has changed; look at tools/shoot --out, then tools/shoot --accept", path);
    return;
  }
  free(got);
}

static void references(void **state) {
  (void)state;
  for (int size = 0; size < MATRIX_SIZES; size++)
    for (int lang = 0; lang < MATRIX_LANGS; lang++)
      if (has_reference(lang, size)) check_reference(lang, size);
}

static bool inside(struct box in, struct box out) {
  return in.x >= out.x && in.y >= out.y && in.x + in.w <= out.x + out.w && in.y + in.h <= out.y + out.h;
}

static bool meet(struct box a, struct box b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static void check_inside(int i, int lang, int size) {
  const int w = matrix_sizes[size].w, h = matrix_sizes[size].h;
  const bool console = screen_cases[i].screen == SCREEN_CONSOLE;
  const struct box safe = console ? console_safe_area(w, h) : screen_safe_area(&theme, w, h);
  for (int k = 0; k < transcript.boxes; k++) {
    if (inside(transcript.box[k].box, safe)) continue;
    say_where(i, lang, size);
    const struct box b = transcript.box[k].box;
    fail_msg("%c %d,%d %dx%d leaves %d,%d %dx%d", transcript.box[k].kind, b.x, b.y, b.w, b.h, safe.x, safe.y, safe.w, safe.h);
  }
}

static void nothing_leaves_the_safe_area(void **state) {
  (void)state;
  each(check_inside);
}

/* Texts, shapes and codes stand apart; a card or badge holds what is on it whole. */
static void check_apart(int i, int lang, int size) {
  for (int a = 0; a < transcript.boxes; a++)
    for (int b = a + 1; b < transcript.boxes; b++) {
      const struct transcript_box *p = &transcript.box[a], *q = &transcript.box[b];
      if (!meet(p->box, q->box) || (p->kind == 'r' && inside(q->box, p->box))) continue;
      say_where(i, lang, size);
      fail_msg("%c %d,%d %dx%d lies on %c %d,%d %dx%d in\n%s", q->kind, q->box.x, q->box.y, q->box.w, q->box.h, p->kind,
               p->box.x, p->box.y, p->box.w, p->box.h, transcript.text);
    }
}

static void nothing_overlaps(void **state) {
  (void)state;
  each(check_apart);
}

static void check_tofu(int i, int lang, int size) {
  if (!transcript.tofu) return;
  say_where(i, lang, size);
  fail_msg("a character is in no font:\n%s", transcript.text);
}

static void every_character_has_a_font(void **state) {
  (void)state;
  each(check_tofu);
}

/* Without spaces; a line's end may take one away. */
static int code_points(const char *text, ucs4_t *out, int room) {
  int n = 0;
  const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
  while (at < end && n < room) {
    at += u8_mbtouc(&out[n], at, (size_t)(end - at));
    if (out[n] != ' ' && out[n] != 0x3000 && out[n] != '-') n++; /* which lines take and give */
  }
  return n;
}

static int ascending(const void *a, const void *b) {
  const ucs4_t x = *(const ucs4_t *)a, y = *(const ucs4_t *)b;
  return x < y ? -1 : x > y;
}

/* The largest bold text is the name, all of it, whatever its direction; where something is handed out, that thing, and
 * the name in the next one. */
static void check_name(int i, int lang, int size) {
  const struct screen_case *k = &screen_cases[i];
  ucs4_t want[256], got[256];
  if (k->screen != SCREEN_VERDICT || k->verdict != VERDICT_ADMIT || k->who == NULL || k->type > CASE_SPEAKER) return;
  if (strstr(k->special, "minor") != NULL) { /* nothing about a child */
    assert_null(strstr(transcript.text, k->who));
    return;
  }
  if (k->station == CASE_LUNCH) {
    assert_non_null(strstr(transcript.text, k->who));
    return;
  }
  const int n = code_points(k->who, want, 256), m = code_points(transcript.large, got, 256);
  qsort(want, (size_t)n, sizeof *want, ascending);
  qsort(got, (size_t)m, sizeof *got, ascending);
  if (n == m && memcmp(want, got, (size_t)n * sizeof *want) == 0) return;
  say_where(i, lang, size);
  fail_msg("the name is %s, shown is %s", k->who, transcript.large);
}

static void every_name_is_whole(void **state) {
  (void)state;
  each(check_name);
}

static void check_words(int i, int lang, int size) {
  char quoted[128];
  for (int n = 0; strings_key(strings, LANG_ZH_HANS, n) != NULL; n++) {
    snprintf(quoted, sizeof quoted, "\"%s\"", strings_key(strings, LANG_ZH_HANS, n));
    if (strstr(transcript.text, quoted) == NULL) continue;
    say_where(i, lang, size);
    fail_msg("no text for the key %s", quoted);
  }
}

static void every_key_has_a_text(void **state) {
  (void)state;
  for (int n = 0; strings_key(strings, LANG_ZH_HANS, n) != NULL; n++)
    if (strings_raw(strings, LANG_EN, strings_key(strings, LANG_ZH_HANS, n)) == NULL)
      fail_msg("en.ini has no %s", strings_key(strings, LANG_ZH_HANS, n));
  for (int lang = 0; lang < LANG_COUNT; lang++)
    for (int n = 0; strings_key(strings, (enum lang)lang, n) != NULL; n++)
      if (strings_raw(strings, LANG_ZH_HANS, strings_key(strings, (enum lang)lang, n)) == NULL)
        fail_msg("zh-Hans.ini has no %s", strings_key(strings, (enum lang)lang, n));
  each(check_words);
}

static void at_stop_no_name_is_shown(void **state) {
  (void)state;
  for (int i = 0; i < SCREEN_CASES; i++) {
    const struct screen_case *k = &screen_cases[i];
    if (k->screen != SCREEN_VERDICT || k->who == NULL || strstr(k->special, "stop") == NULL) continue;
    draw(i, 0, 0);
    assert_null(strstr(transcript.text, k->who));
  }
}

/* Who has no ticket type is shown as the pack says. */
static void an_untyped_name_is_the_packs(void **state) {
  static const char *const shown[] = {[SHOW_NAME_FULL] = "欧阳晓晴", [SHOW_NAME_MASKED] = "欧***", [SHOW_NAME_NONE] = NULL};
  const struct stage stage = {strings, texts, &theme, pictures};
  struct canvas canvas;
  (void)state;
  int i = 0;
  while (screen_cases[i].screen != SCREEN_VERDICT || screen_cases[i].verdict != VERDICT_ADMIT) i++;
  for (int show = SHOW_NAME_FULL; show <= SHOW_NAME_NONE; show++) {
    canvas_transcript(&transcript, matrix_sizes[0].w, matrix_sizes[0].h, &canvas);
    case_view(i, LANG_ZH_HANS, LANG_EN, &catalog, &view);
    catalog.show_name = (enum show_name)show;
    view.notice.verdict.attendee.type = -1;
    snprintf(view.notice.verdict.attendee.name, NAME_MAX_BYTES, "欧阳晓晴");
    screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
    if (shown[show]) assert_string_equal(transcript.large, shown[show]);
    assert_true((strstr(transcript.text, "欧阳晓晴") != NULL) == (show == SHOW_NAME_FULL));
    assert_true((strstr(transcript.text, "欧") != NULL) == (show != SHOW_NAME_NONE));
  }
}

/* Of what moves at an age: how far down the drawing is; and how much of idle the veil hides. */
static int drawn_at(int64_t age_ms, enum screen screen) {
  const struct stage stage = {strings, texts, &theme, pictures};
  struct canvas canvas;
  int y, w, part = 0, figure = -1;
  canvas_transcript(&transcript, matrix_sizes[0].w, matrix_sizes[0].h, &canvas);
  screen_draw(&stage, &canvas, &view, age_ms);
  for (const char *line = transcript.text; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (sscanf(line, "shape %*d,%d %dx", &y, &w) == 2 && w > 200) figure = y;
    if (sscanf(line, "veil %*d,%*d %*dx%*d %*s %d", &y) == 1) part = y;
  }
  return screen == SCREEN_IDLE ? part : figure;
}

/* It comes in quickly at first, settles, is there within a quarter of a second, and never overshoots; or it stands at once. */
static void what_moves_is_there_within_a_quarter_of_a_second(void **state) {
  (void)state;
  static const enum screen moves[] = {SCREEN_VERDICT, SCREEN_IDLE};
  for (size_t m = 0; m < sizeof moves / sizeof *moves; m++) {
    int i = 0, slower = 0;
    while (screen_cases[i].screen != moves[m] || (m == 0 && screen_cases[i].verdict == VERDICT_ADMIT)) i++;
    draw(i, 0, 0);
    const int there = drawn_at(SCREEN_SETTLED_MS, moves[m]);
    int before = drawn_at(0, moves[m]), step = 1 << 20;
    assert_true(before > there);
    for (int age = 25; age <= SCREEN_SETTLED_MS; age += 25) {
      const int now = drawn_at(age, moves[m]);
      assert_in_range(now, there, before);
      slower += before - now <= step;
      step = before - now;
      before = now;
    }
    assert_int_equal(before, there);
    assert_int_equal(slower, SCREEN_SETTLED_MS / 25); /* no step is longer than the one before */
    view.still = true;
    for (int age = 0; age <= SCREEN_SETTLED_MS; age += 50) assert_int_equal(drawn_at(age, moves[m]), there);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(references),
                                     cmocka_unit_test(nothing_leaves_the_safe_area),
                                     cmocka_unit_test(nothing_overlaps),
                                     cmocka_unit_test(every_name_is_whole),
                                     cmocka_unit_test(every_character_has_a_font),
                                     cmocka_unit_test(every_key_has_a_text),
                                     cmocka_unit_test(at_stop_no_name_is_shown),
                                     cmocka_unit_test(an_untyped_name_is_the_packs),
                                     cmocka_unit_test(what_moves_is_there_within_a_quarter_of_a_second)};
  return cmocka_run_group_tests(tests, screen_room_open, screen_room_close);
}
