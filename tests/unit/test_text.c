/* SPDX-License-Identifier: Apache-2.0
 * Text: fonts by grapheme, direction, lines, sizes; strings; masks; what happens where a font is missing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <SDL.h>
#include <cmocka.h>

#include "base/file.h"
#include "ui/screens.h"

static struct fonts *fonts;
static struct texts *texts;

static int setup(void **state) {
  (void)state;
  struct problem problem;
  if (!fonts_open(SOURCE_DIR "/assets/fonts.conf", &fonts, &problem)) {
    problem_print(&problem, "test_text");
    return -1;
  }
  texts = texts_open(fonts);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  texts_close(texts);
  fonts_close(fonts);
  return 0;
}

static const struct text_layout *lay(const char *text, int most, int width, int lines) {
  const struct text_ask ask = {.text = text, .weight = WEIGHT_BOLD, .most = most, .least = 12, .width = width, .lines = lines};
  return text_layout(texts, &ask);
}

static void line_is(const struct text_layout *l, int line, const char *want) {
  char got[TEXT_BYTES_MAX] = "";
  for (int r = l->line[line].run; r < l->line[line].run + l->line[line].runs; r++) strcat(got, l->bytes + l->run[r].at);
  assert_string_equal(got, want);
}

static int font_of(const char *grapheme) {
  int font;
  assert_true(fonts_find(fonts, (const uint8_t *)grapheme, strlen(grapheme), &font));
  return font;
}

enum { CJK, HANAZONO, EMOJI, LATIN, ARABIC, HEBREW, TIBETAN, MONGOLIAN, YI, DEVANAGARI, THAI }; /* the order of fonts.conf */

static void each_grapheme_gets_the_first_font_that_has_it(void **state) {
  (void)state;
  static const struct {
    const char *grapheme;
    int font;
  } rows[] = {{"张", CJK},        {"䶮", CJK},
              {"㛃", CJK},        {"龘", CJK},
              {"A", CJK},         {"é", CJK},
              {"さ", CJK},        {"홍", CJK},
              {"Ａ", CJK},        {"·", CJK},
              {"1", CJK},         {"\xF0\xAC\xA7\x9A", HANAZONO},
              {"🎉", EMOJI},       {"👨‍👩‍👧‍👦", EMOJI},
              {"🇨🇳", EMOJI},      {"👋🏽", EMOJI},
              {"1️⃣", EMOJI}, {"❤️", EMOJI},
              {"☎︎", CJK},    {"☎️", EMOJI},
              {"ع", ARABIC},      {"א", HEBREW},
              {"བ", TIBETAN},     {"ཤི", TIBETAN},
              {"ᠮ", MONGOLIAN},   {"ꆈ", YI},
              {"कि", DEVANAGARI}, {"กี่", THAI}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_int_equal(font_of(rows[i].grapheme), rows[i].font);
  int font;
  assert_false(fonts_find(fonts, (const uint8_t *)"\xF4\x80\x80\x80", 4, &font)); /* private use */
}

static void emoji_sequences_are_one_picture(void **state) {
  (void)state;
  const int one = lay("🎉", 100, 1000, 1)->w;
  static const char *const sequences[] = {"👨‍👩‍👧‍👦",
                                          "🇨🇳",
                                          "👋🏽",
                                          "🧑🏿‍💻",
                                          "👩🏻‍❤️‍💋‍👨🏿",
                                          "🏳️‍🌈",
                                          "👨🏽‍🦰",
                                          "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                                          "1️⃣"};
  for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
    const struct text_layout *l = lay(sequences[i], 100, 1000, 1);
    assert_int_equal(l->runs, 1);
    assert_int_equal(l->w, one);
  }
  assert_in_range(lay("🇨🇳🇯🇵", 100, 1000, 1)->w, 2 * one - 1, 2 * one + 1);
}

static void a_colour_font_is_scaled_to_the_size(void **state) {
  (void)state;
  for (int size = 12; size <= 240; size += 57) {
    int above;
    const struct font_run run = {.text = "🎉", .font = EMOJI, .weight = WEIGHT_BOLD, .size = size};
    SDL_Surface *s = fonts_render(fonts, &run, &above);
    assert_non_null(s);
    assert_in_range(s->h, size, size * 12 / 10 + 1);
    assert_in_range(above, s->h / 2, s->h);
    SDL_FreeSurface(s);
  }
}

static void lines_break_where_they_read_best(void **state) {
  (void)state;
  const struct text_layout *l = lay("阿卜杜热合曼·买买提吐尔逊江", 248, 1228, 3);
  assert_int_equal(l->lines, 2);
  line_is(l, 0, "阿卜杜热合曼·");
  line_is(l, 1, "买买提吐尔逊江");
  l = lay("China Open Source Conference COSCon'23", 140, 1776, 2);
  line_is(l, 0, "China Open Source");
  line_is(l, 1, "Conference COSCon'23");
  l = lay("请出示\xE2\x80\x8B报名二维码", 194, 1228, 2);
  line_is(l, 0, "请出示");
  line_is(l, 1, "报名二维码");
  l = lay("欧阳晓晴", 248, 1228, 3);
  assert_int_equal(l->lines, 1);
  assert_int_equal(l->size, 248);
}

/* Without spaces and hyphens, which lines take and give. */
static const char *letters(char *text) {
  char *to = text;
  for (const char *c = text; *c != '\0'; c++)
    if (*c != ' ' && *c != '-') *to++ = *c;
  *to = '\0';
  return text;
}

static void the_size_falls_until_all_is_there(void **state) {
  (void)state;
  static const char long_name[] = "Wolfeschlegelsteinhausenbergerdorff Maximilian Example-Junior";
  for (int width = 200; width < 2000; width += 300) {
    const struct text_layout *l = lay(long_name, 248, width, 3);
    assert_false(l->cut);
    char all[TEXT_BYTES_MAX] = "";
    for (int i = 0; i < l->lines; i++) {
      assert_in_range(l->line[i].w, 1, width);
      for (int r = l->line[i].run; r < l->line[i].run + l->line[i].runs; r++) strcat(all, l->bytes + l->run[r].at);
    }
    assert_string_equal(letters(all), "WolfeschlegelsteinhausenbergerdorffMaximilianExampleJunior");
  }
  const struct text_ask low = {
      .text = long_name, .weight = WEIGHT_BOLD, .most = 248, .least = 12, .width = 2000, .height = 60, .lines = 3};
  assert_in_range(text_layout(texts, &low)->h, 1, 60);
}

/* Rather than so small that nobody reads it; and with a hyphen, which is none of the name's. */
static void a_word_is_broken_where_it_must_be(void **state) {
  (void)state;
  static const char word[] = "Donaudampfschifffahrtsgesellschaftskasse",
                    name[] = "Wolfeschlegelsteinhausenbergerdorff Maximilian";
  const struct text_ask ask = {.text = word, .weight = WEIGHT_REGULAR, .most = 30, .least = 24, .width = 340, .lines = 2};
  const struct text_layout *l = text_layout(texts, &ask);
  assert_true(l->size >= 24 && l->lines == 2 && !l->cut);
  for (int i = 0; i < l->lines; i++) assert_true(l->line[i].w <= 340);
  char first[TEXT_BYTES_MAX] = "", rest[TEXT_BYTES_MAX] = "";
  for (int r = l->line[0].run; r < l->line[0].run + l->line[0].runs; r++) strcat(first, l->bytes + l->run[r].at);
  for (int r = l->line[1].run; r < l->line[1].run + l->line[1].runs; r++) strcat(rest, l->bytes + l->run[r].at);
  assert_true(first[strlen(first) - 1] == '-' && rest[strlen(rest) - 1] != '-');
  first[strlen(first) - 1] = '\0';
  assert_string_equal(strcat(first, rest), word);
  l = lay(name, 200, 900, 3);
  assert_int_equal(l->lines, 2);
  line_is(l, 1, "Maximilian"); /* between words there is none */
  l = lay("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", 60, 500, 3);
  for (int r = 0; r < l->runs; r++) assert_null(strchr(l->bytes + l->run[r].at, '-'));
}

static void a_secondary_text_loses_its_middle(void **state) {
  (void)state;
  const struct text_ask ask = {
      .text = "一个名字特别长的开源软件研究院长三角分院", .most = 40, .least = 30, .width = 300, .lines = 1, .shorten = true};
  const struct text_layout *l = text_layout(texts, &ask);
  assert_true(l->cut);
  assert_in_range(l->w, 200, 300);
  assert_int_equal(l->size, 30);
  assert_non_null(strstr(l->bytes, "…"));
  assert_memory_equal(l->bytes, "一", 3);
  assert_memory_equal(l->bytes + strlen(l->bytes) - 3, "院", 3);
}

static void right_to_left_is_put_in_visual_order(void **state) {
  (void)state;
  const struct text_layout *l = lay("עדה Example", 100, 2000, 1); /* begins in Hebrew: its paragraph runs leftwards */
  assert_string_equal(l->bytes + l->run[0].at, "Example");
  assert_true(l->run[l->runs - 1].rtl);
  assert_string_equal(l->bytes + l->run[l->runs - 1].at, "עדה");
  l = lay("Ada עדה", 100, 2000, 1);
  assert_string_equal(l->bytes + l->run[0].at, "Ada ");
  for (int r = 1; r < l->runs; r++) assert_int_equal(l->run[r].x, l->run[r - 1].x + l->run[r - 1].w);
}

static void a_name_can_not_turn_the_screen_round(void **state) {
  (void)state;
  const struct text_layout *l = lay("Ada\xE2\x80\xAE"
                                    "b\x01\n\tc",
                                    100, 2000, 1);
  line_is(l, 0, "Adab  c");
  assert_false(l->run[0].rtl);
  assert_int_equal(lay("", 100, 2000, 1)->lines, 0);
  assert_int_equal(lay("\xE2\x80\x8B\x01", 100, 2000, 1)->lines, 0);
  line_is(lay("\xFF\xFE", 100, 2000, 1), 0, "\xEF\xBF\xBD\xEF\xBF\xBD"); /* not UTF-8 at all */
  assert_true(lay("\xF4\x80\x80\x80", 100, 2000, 1)->tofu);
}

static void the_longest_texts_stay_in_bounds(void **state) {
  (void)state;
  char text[2048];
  static const char *const units[] = {"a", "张", "🎉", "👨‍👩‍👧‍👦", "ع", "a\xCC\x81", "བ", "a ", "אa"};
  for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
    text[0] = '\0';
    while (strlen(text) + strlen(units[u]) < sizeof text) strcat(text, units[u]);
    for (int lines = 1; lines <= TEXT_LINES_MAX; lines += 3) {
      const struct text_layout *l = lay(text, 100, 500, lines);
      assert_in_range(l->lines, 1, lines);
      assert_in_range(l->runs, 1, TEXT_RUNS_MAX);
      assert_in_range(l->size, 8, 100);
      if (l->w > 550) /* widths of runs are rounded up, and there may be many */
        fail_msg("%s, %d lines: %d wide at %d, cut %d", units[u], lines, l->w, l->size, l->cut);
    }
  }
}

static void the_same_question_is_answered_from_memory(void **state) {
  (void)state;
  const struct text_layout *first = lay("欧阳晓晴", 100, 800, 1);
  assert_ptr_equal(lay("欧阳晓晴", 100, 800, 1), first);
  assert_ptr_not_equal(lay("欧阳晓晴", 100, 801, 1), first);
}

/* The first or the last character of a line. */
static const char *edge(const struct text_layout *l, int line, bool last, char out[8]) {
  const struct text_run *run = &l->run[l->line[line].run + (last ? l->line[line].runs - 1 : 0)];
  const char *at = l->bytes + run->at, *end = at + strlen(at);
  if (last)
    for (at = end - 1; ((unsigned char)*at & 0xC0) == 0x80;) at--;
  for (end = at + 1; ((unsigned char)*end & 0xC0) == 0x80;) end++;
  snprintf(out, 8, "%.*s", (int)(end - at), at);
  return out;
}

static void no_line_begins_with_what_closes_or_ends_with_what_opens(void **state) {
  (void)state;
  static const char closing[] = "、。，．：；！？）》」』】〉·…”’)", opening[] = "（《「『【〈“‘(";
  static const char *const samples[] = {"您的票是，第二天的。请明天再来！",
                                        "主会场请直行，分论坛请上二楼（从东边的楼梯上去）。《开源之道》在二楼、三楼",
                                        "“你好”，他说：“再见！”",
                                        "请到（服务台）《一楼》【东门】领取；谢谢。",
                                        "张三、李四、王五、赵六、钱七、孙八、周九、吴十。",
                                        "开源社（KAIYUANSHE）（2014—2024）《年报》……",
                                        "阿卜杜热合曼·买买提吐尔逊江·艾山"};
  char c[8];
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
    for (int lines = 1; lines <= 6; lines++)
      for (int width = 60; width < 900; width += 37) {
        const struct text_layout *l = lay(samples[i], 48, width, lines);
        for (int k = 0; k < l->lines; k++) {
          if (k > 0 && strstr(closing, edge(l, k, false, c)) != NULL)
            fail_msg("%s: a line of %d begins with %s at the width %d", samples[i], l->lines, c, width);
          if (k + 1 < l->lines && strstr(opening, edge(l, k, true, c)) != NULL)
            fail_msg("%s: a line of %d ends with %s at the width %d", samples[i], l->lines, c, width);
        }
      }
}

static void two_lines_are_balanced(void **state) {
  (void)state;
  static const char *const samples[] = {"中国开源年会主论坛报告厅", "赵钱孙李周吴郑王冯陈褚卫", "夜市聚会欢迎您来一起吃一串"};
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    const struct text_layout *l = lay(samples[i], 200, 1300, 2);
    assert_int_equal(l->lines, 2);
    assert_in_range(abs(l->line[0].w - l->line[1].w), 0, l->size * 11 / 10); /* one character */
  }
}

/* In Chinese lines, each in its own direction: what stands where, from left to right. */
static void other_scripts_stand_inside_chinese(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int font;
    bool rtl;
    const char *first, *last; /* of the visual order */
  } rows[] = {{"李عبدالرحمن先生", ARABIC, true, "李", "先生"},
              {"王小明（ئۇيغۇر）教授", ARABIC, true, "王小明（", "）教授"},
              {"张בן־דוד三", HEBREW, true, "张", "三"},
              {"扎西བཀྲ་ཤིས多吉", TIBETAN, false, "扎西", "多吉"},
              {"你好ᠮᠣᠩᠭᠣᠯ欢迎", MONGOLIAN, false, "你好", "欢迎"},
              {"你好ꆈꌠꉙ欢迎", YI, false, "你好", "欢迎"},
              {"你好कुमार欢迎", DEVANAGARI, false, "你好", "欢迎"},
              {"你好สมชาย欢迎", THAI, false, "你好", "欢迎"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct text_layout *l = lay(rows[i].text, 80, 2000, 1);
    assert_false(l->tofu);
    assert_int_equal(l->runs, 3);
    assert_string_equal(l->bytes + l->run[0].at, rows[i].first);
    assert_string_equal(l->bytes + l->run[2].at, rows[i].last);
    assert_int_equal(l->run[1].font, rows[i].font);
    assert_int_equal(l->run[1].rtl, rows[i].rtl);
  }
  const struct text_layout *words = lay("李 عبد الرحمن 先生", 80, 2000, 1); /* the first word stands right of the second one */
  assert_string_equal(words->bytes + words->run[1].at, "الرحمن");
  assert_string_equal(words->bytes + words->run[3].at, "عبد");
}

/* Letters that join, stack or are reordered take another width than one by one. */
static void scripts_are_shaped(void **state) {
  (void)state;
  static const struct {
    const char *together, *letter[6];
    int font;
    bool rtl;
  } rows[] = {{"تۇرسۇن", {"ت", "ۇ", "ر", "س", "ۇ", "ن"}, ARABIC, true},
              {"بسم", {"ب", "س", "م"}, ARABIC, true},
              {"བསྒྲུབས", {"བ", "ས", "ག", "ར", "བ", "ས"}, TIBETAN, false},
              {"क्ष", {"क", "ष"}, DEVANAGARI, false},
              {"ᠮᠣᠩ", {"ᠮ", "ᠣ", "ᠩ"}, MONGOLIAN, false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct font_run run = {rows[i].together, rows[i].font, WEIGHT_REGULAR, 100, rows[i].rtl};
    const int whole = fonts_width(fonts, &run);
    int sum = 0;
    for (int k = 0; k < 6 && rows[i].letter[k] != NULL; k++) {
      run.text = rows[i].letter[k];
      sum += fonts_width(fonts, &run);
    }
    assert_true(whole > 0);
    if (abs(whole - sum) < 5) fail_msg("%s is as wide as its letters: %d", rows[i].together, whole);
  }
}

/* Rows from the baseline to the first and the last ink; false: none. */
static bool ink_of(const char *text, int font, int size, bool rtl, int *above, int *below) {
  const struct font_run run = {text, font, WEIGHT_BOLD, size, rtl};
  int base = 0;
  SDL_Surface *s = fonts_render(fonts, &run, &base);
  assert_non_null(s);
  int first = -1, last = -1;
  for (int y = 0; y < s->h; y++)
    for (int x = 0; x < s->w; x++)
      if ((((const uint32_t *)(const void *)((const uint8_t *)s->pixels + y * s->pitch))[x] >> 24) > 64) {
        if (first < 0) first = y;
        last = y;
      }
  SDL_FreeSurface(s);
  *above = base - first;
  *below = last + 1 - base;
  return first >= 0;
}

/* What a line reserves above and below holds its ink, so that it stands in the middle and nothing touches it. */
static void ink_stands_inside_its_line(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool rtl, middle; /* middle: its ink is as high as the line, and stands in its middle */
  } rows[] = {{"张龘国", false, true},
              {"\xF0\xAC\xA7\x9A\xF0\xA0\x85\xA4", false, true},
              {"🎉👨‍👩‍👧‍👦🇨🇳", false, true},
              {"Åjgqy", false, false},
              {"Ẵạ̈", false, false},
              {"إلهٍجحعئۇ", true, false},
              {"שׁלום", true, false},
              {"བསྒྲུབས་ཨོཾ་ཧཱུྃ", false, false},
              {"ᠮᠣᠩᠭᠣᠯ", false, false},
              {"ꆈꌠꉙ", false, true},
              {"र्मीकुर्ट्रू", false, false},
              {"ที่กู้ญู", false, false}};
  enum { SIZE = 200 };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct text_layout *l = lay(rows[i].text, SIZE, 4000, 1);
    int most_above = 0, most_below = 0, above, below;
    for (int r = 0; r < l->runs; r++) {
      if (!ink_of(l->bytes + l->run[r].at, l->run[r].font, SIZE, l->run[r].rtl, &above, &below)) continue;
      most_above = SDL_max(most_above, above);
      most_below = SDL_max(most_below, below);
    }
    const struct text_line *line = &l->line[0];
    if (most_above > line->above + SIZE / 40 || most_below > line->below + SIZE / 40)
      fail_msg("%s: its ink is %d above and %d below, its line has %d and %d", rows[i].text, most_above, most_below,
               line->above, line->below);
    const int off = (line->above - most_above) - (line->below - most_below);
    if (rows[i].middle && abs(off) > SIZE / 8) fail_msg("%s stands %d off the middle of its line", rows[i].text, off / 2);
  }
}

static void names_are_never_cut(void **state) {
  (void)state;
  static const char *const names[] = {"张三",
                                      "欧阳晓晴",
                                      "䶮㛃\xF0\xAC\xAD\x9A\xF0\xA0\x85\xA4龘",
                                      "阿卜杜热合曼·买买提吐尔逊江",
                                      "Alex 陈",
                                      "小鱼🎉👨‍👩‍👧‍👦🇨🇳👋🏽",
                                      "ＡＬＩＣＥ　ＷＡＮＧ",
                                      "さくらい たろう",
                                      "홍길동",
                                      "བཀྲ་ཤིས་ཚེ་རིང་",
                                      "عبد الرحمن Example",
                                      "مۇھەممەتجان تۇرسۇنجان ئابدۇرېھىم",
                                      "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
                                      "奚范彭郎鲁韦昌马苗凤花方俞任袁柳",
                                      "Wolfeschlegelsteinhausenbergerdorff Maximilian Example-Junior"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    for (int width = 280; width < 3000; width += 290) {
      const struct text_ask ask = {.text = names[i],
                                   .weight = WEIGHT_BOLD,
                                   .most = width / 5,
                                   .least = 12,
                                   .width = width,
                                   .height = width / 3,
                                   .lines = 3};
      const struct text_layout *l = text_layout(texts, &ask);
      assert_false(l->cut);
      assert_false(l->tofu);
      assert_in_range(l->h, 1, ask.height);
      for (int k = 0; k < l->lines; k++) assert_in_range(l->line[k].w, 1, width);
    }
}

static void names_are_masked_by_grapheme(void **state) {
  (void)state;
  static const struct {
    const char *name, *masked;
  } rows[] = {{"张三", "张*"},
              {"欧阳晓晴", "欧***"},
              {"阿卜杜热合曼·买买提", "阿***"},
              {"👨‍👩‍👧‍👦鱼", "👨‍👩‍👧‍👦*"},
              {"李", "李"},
              {"", ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char out[64];
    screen_mask_name(rows[i].name, out, sizeof out);
    assert_string_equal(out, rows[i].masked);
  }
}

static void write_text(const char *path, const char *text) {
  struct problem problem;
  assert_true(file_write(path, text, strlen(text), 0644, &problem));
}

static void a_missing_font_is_named_with_its_package(void **state) {
  (void)state;
  static const struct {
    const char *conf, *says;
  } rows[] = {{"[font A]\nregular = /nowhere/a.ttf\npackage = fonts-a\n", "apt install fonts-a"},
              {"[font A]\nregular = /etc/passwd\npackage = fonts-a\n", "damaged: /etc/passwd"},
              {"[font A]\ncolor = 3\n", "color"},
              {"regular = x\n", "line 1"},
              {"[fnt A]\n", "line 1"},
              {"", "no [font NAME]"}};
  char path[] = "/tmp/yingbin-fonts-XXXXXX";
  const int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct problem problem = {0};
    struct fonts *none;
    write_text(path, rows[i].conf);
    assert_false(fonts_open(path, &none, &problem));
    assert_null(none);
    if (strstr(problem.en, rows[i].says) == NULL) fail_msg("%s: %s", rows[i].conf, problem.en);
    assert_true(problem.zh[0] != '\0');
  }
  unlink(path);
}

static void strings_fall_back_and_are_filled_in(void **state) {
  (void)state;
  char folder[] = "/tmp/yingbin-strings-XXXXXX", path[128], out[64];
  struct problem problem;
  struct strings *strings;
  assert_non_null(mkdtemp(folder));
  static const char *const files[][2] = {
      {"zh-Hans.ini", "a = {2} 月|{1} 日\nb = 只有中文\n"}, {"zh-Hant.ini", "\n"}, {"en.ini", "a = {1}/{2} {3}.\n"}};
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
    write_text(path, files[i][1]);
  }
  assert_true(strings_open(folder, &strings, &problem));
  strings_put(strings, LANG_ZH_HANT, out, sizeof out, "a", "3", "10", NULL);
  assert_string_equal(out, "10 月\xE2\x80\x8B"
                           "3 日");
  strings_put(strings, LANG_EN, out, sizeof out, "a", "3", "10", NULL);
  assert_string_equal(out, "3/10 .");
  strings_put(strings, LANG_EN, out, sizeof out, "b", NULL);
  assert_string_equal(out, "只有中文");
  strings_put(strings, LANG_EN, out, 8, "b", NULL); /* cut at a character */
  assert_string_equal(out, "只有");
  assert_null(strings_raw(strings, LANG_EN, "b"));
  strings_close(strings);
  for (int i = 2; i >= 0; i--) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
    unlink(path);
    assert_false(strings_open(folder, &strings, &problem));
    assert_non_null(strstr(problem.en, files[i][0]));
  }
  rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_grapheme_gets_the_first_font_that_has_it),
      cmocka_unit_test(emoji_sequences_are_one_picture),
      cmocka_unit_test(a_colour_font_is_scaled_to_the_size),
      cmocka_unit_test(lines_break_where_they_read_best),
      cmocka_unit_test(the_size_falls_until_all_is_there),
      cmocka_unit_test(a_word_is_broken_where_it_must_be),
      cmocka_unit_test(a_secondary_text_loses_its_middle),
      cmocka_unit_test(right_to_left_is_put_in_visual_order),
      cmocka_unit_test(a_name_can_not_turn_the_screen_round),
      cmocka_unit_test(the_longest_texts_stay_in_bounds),
      cmocka_unit_test(the_same_question_is_answered_from_memory),
      cmocka_unit_test(no_line_begins_with_what_closes_or_ends_with_what_opens),
      cmocka_unit_test(two_lines_are_balanced),
      cmocka_unit_test(other_scripts_stand_inside_chinese),
      cmocka_unit_test(scripts_are_shaped),
      cmocka_unit_test(ink_stands_inside_its_line),
      cmocka_unit_test(names_are_never_cut),
      cmocka_unit_test(names_are_masked_by_grapheme),
      cmocka_unit_test(a_missing_font_is_named_with_its_package),
      cmocka_unit_test(strings_fall_back_and_are_filled_in),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
