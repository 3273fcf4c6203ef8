/* SPDX-License-Identifier: Apache-2.0
 * The theme file: the one that ships is read, each mistake is told with its line, and an event's accents are used
 * as far as they can be read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "core/accent.h"
#include "ui/theme.h"

static const char *const path = SOURCE_DIR "/assets/themes.ini";

static void it_is_read(void **state) {
  (void)state;
  struct theme theme;
  struct problem problem = {.zh = ""};
  if (!theme_open(path, &theme, &problem)) fail_msg("%s", problem.en);
  assert_int_equal(theme.light.rgb[COLOUR_GROUND], 0xF6F3EC);
  assert_true(theme.type[TYPE_SMALL] == 2.4 && theme.type[TYPE_NAME] == 23);
  assert_int_not_equal(theme.light.rgb[COLOUR_WASH_GOOD], theme.light.rgb[COLOUR_GROUND]);
}

/* The file with one line replaced (or left out, with NULL); what it is told. */
static void with_line(const char *line, const char *instead, const char *told) {
  static char text[64 * 1024];
  char *original, file[] = "/tmp/yingbin-theme-XXXXXX";
  size_t len;
  struct problem problem = {.zh = ""};
  struct theme theme;
  assert_true(file_read(path, sizeof text, &original, &len, &problem));
  char *at = strstr(original, line);
  assert_non_null(at);
  const char *rest = at + strcspn(at, "\n");
  snprintf(text, sizeof text, "%.*s%s%s", (int)(at - original), original, instead != NULL ? instead : "", rest);
  const int fd = mkstemp(file);
  assert_true(fd >= 0);
  close(fd);
  assert_true(file_write(file, text, strlen(text), 0644, &problem));
  const bool good = theme_open(file, &theme, &problem);
  unlink(file);
  free(original);
  assert_false(good);
  if (strstr(problem.en, told) == NULL || strstr(problem.en, file) == NULL) fail_msg("%s\nexpected: %s", problem.en, told);
  assert_true(problem.zh[0] != '\0');
}

static void mistakes_are_told(void **state) {
  (void)state;
  with_line("ground = #F6F3EC", "ground = F6F3EC", "must be a colour like #RRGGBB");
  with_line("ground = #F6F3EC", "ground = #F6F3E+", "must be a colour like #RRGGBB");
  with_line("ground = #F6F3EC", "gruond = #F6F3EC", "line 7");
  with_line("ground = #F6F3EC", NULL, "[theme light] has no ground");
  with_line("soft = #313945", "soft = #7A8290", "text needs at least 7:1");
  with_line("name = 23", "name = 99", "must be a number from 2.4 to 40");
  with_line("name = 23", "name = 23px", "must be a number");
  with_line("enter = 200", NULL, "[motion] has no enter");
  with_line("enter = 200", "enter = 400", "from 0 to 250");
  with_line("[grid]", "[girds]", "no such section");
  with_line("[theme dark]", "[theme night]", "no such section");
}

static void accents_take_their_places_and_are_seen(void **state) {
  (void)state;
  struct theme theme;
  struct problem problem;
  struct palette p;
  static const uint32_t hues[] = {0x0F62FE, 0xF26B1D, 0xFFD500, 0x00C2A8, 0x888888, 0xE60012, 0x7A0019};
  assert_true(theme_open(path, &theme, &problem));
  for (size_t i = 0; i < sizeof hues / sizeof *hues; i++)
    for (int dark = 0; dark < 2; dark++) {
      const struct accents accents = {hues[i], hues[(i + 1) % 7]};
      theme_palette(&theme, dark, &accents, &p);
      const struct accent_on on = {p.rgb[COLOUR_GROUND], p.rgb[COLOUR_CARD], dark};
      assert_int_equal(p.rgb[COLOUR_GOOD], accent_fit(accents.good, &on, ACCENT_TEXT));
      assert_true(accent_worst(p.rgb[COLOUR_GOOD], &on) >= ACCENT_TEXT);
      assert_true(accent_worst(p.rgb[COLOUR_CARE], &on) >= accent_shape[dark]);
      assert_true(accent_contrast(p.rgb[COLOUR_SOFT], p.rgb[COLOUR_WASH_GOOD]) >= ACCENT_TEXT);
      assert_true(accent_contrast(p.rgb[COLOUR_SOFT], p.rgb[COLOUR_WASH_CARE]) >= ACCENT_TEXT);
    }
  theme_palette(&theme, false, &(struct accents){0x0B3D91, 0x8A1C1C}, &p); /* good ones stay as they are */
  assert_int_equal(p.rgb[COLOUR_GOOD], 0x0B3D91);
  assert_int_equal(p.rgb[COLOUR_CARE], 0x8A1C1C);
  theme_palette(&theme, false, &(struct accents){0, 0}, &p); /* the event has none */
  assert_int_equal(p.rgb[COLOUR_GOOD], theme.light.rgb[COLOUR_GOOD]);
  assert_int_equal(p.rgb[COLOUR_CARE], theme.light.rgb[COLOUR_CARE]);
  theme.light.rgb[COLOUR_GROUND] = 0x8A8F98; /* another theme has other grounds */
  theme_palette(&theme, false, &(struct accents){0x0B3D91, 0x8A1C1C}, &p);
  assert_int_not_equal(p.rgb[COLOUR_GOOD], 0x0B3D91);
}

/* An organizer's tool warns by these. */
static void the_grounds_are_those_of_the_accents(void **state) {
  (void)state;
  struct theme theme;
  struct problem problem;
  assert_true(theme_open(path, &theme, &problem));
  for (int dark = 0; dark < 2; dark++) {
    const struct palette *p = dark ? &theme.dark : &theme.light;
    assert_int_equal(p->rgb[COLOUR_GROUND], accent_usual[dark].ground);
    assert_int_equal(p->rgb[COLOUR_CARD], accent_usual[dark].card);
    assert_int_equal(p->dark, accent_usual[dark].dark);
  }
}

static void by_the_hour(void **state) {
  (void)state;
  struct theme theme = {.light_from = 7, .dark_from = 18};
  static const bool want[] = {[0] = true, [6] = true, [7] = false, [17] = false, [18] = true, [23] = true};
  static const int hours[] = {0, 6, 7, 17, 18, 23};
  for (size_t i = 0; i < sizeof hours / sizeof *hours; i++)
    assert_int_equal(theme_dark_at(&theme, THEME_AUTO, hours[i]), want[hours[i]]);
  assert_true(theme_dark_at(&theme, THEME_DARK, 12));
  assert_false(theme_dark_at(&theme, THEME_LIGHT, 23));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_read), cmocka_unit_test(mistakes_are_told),
                                     cmocka_unit_test(accents_take_their_places_and_are_seen),
                                     cmocka_unit_test(the_grounds_are_those_of_the_accents), cmocka_unit_test(by_the_hour)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
