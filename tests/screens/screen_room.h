/* SPDX-License-Identifier: Apache-2.0
 * What screens are drawn with in tests: the project's own words, fonts and theme, opened once a program.
 */
#ifndef YINGBIN_TESTS_SCREENS_SCREEN_ROOM_H
#define YINGBIN_TESTS_SCREENS_SCREEN_ROOM_H

#include "ui/screens.h"

static struct strings *strings;
static struct fonts *fonts;
static struct texts *texts;
static struct pictures *pictures; /* the samples'; NULL until a test reads them */
static struct theme theme;

static int screen_room_open(void **state) {
  (void)state;
  struct problem problem;
  if (!theme_open(SOURCE_DIR "/assets/themes.ini", &theme, &problem) ||
      !strings_open(SOURCE_DIR "/assets/strings", &strings, &problem) ||
      !fonts_open(SOURCE_DIR "/assets/fonts.conf", &fonts, &problem)) {
    problem_print(&problem, "screens");
    return -1;
  }
  texts = texts_open(fonts);
  return 0;
}

static int screen_room_close(void **state) {
  (void)state;
  pictures_close(pictures);
  pictures = NULL;
  texts_close(texts);
  fonts_close(fonts);
  strings_close(strings);
  return 0;
}

#endif
