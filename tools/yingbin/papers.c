/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/papers.h"

#include <unistr.h>

#include "tools/yingbin/event_words.h"
#include "tools/yingbin/paper_words.h"

enum { LACKS = 256 };

void papers_check(struct folder *folder, const struct sheet_fonts *fonts, const struct person *p, enum papers paper) {
  char lacks[LACKS];
  const char *const field[] = {p->name, paper == PAPERS_TICKET ? "" : p->organization, paper == PAPERS_TICKET ? "" : p->seat,
                               paper == PAPERS_BADGE ? p->title : "", paper == PAPERS_LIST ? p->attention : ""};
  for (size_t i = 0; i < sizeof field / sizeof *field; i++)
    if (sheet_lacks(fonts, field[i], lacks, sizeof lacks))
      remarks_say(&folder->warnings, "%1$s（%2$s 号）：没有字体有这些字符，印成〓：%3$s",
                  "%1$s (No. %2$s): no font has these characters, printed as 〓: %3$s", p->name, p->number, lacks);
}

static void check_words(struct folder *folder, const struct sheet_fonts *fonts, const char *words) {
  char lacks[LACKS];
  if (sheet_lacks(fonts, words, lacks, sizeof lacks))
    remarks_say(&folder->warnings, "pack.ini 里的「%1$s」：没有字体有这些字符，印成〓：%2$s",
                "'%1$s' in pack.ini: no font has these characters, printed as 〓: %2$s", words, lacks);
}

void papers_check_pack(struct folder *folder, const struct sheet_fonts *fonts, enum lang chosen) {
  const struct catalog *c = &folder->catalog;
  for (int i = 0; i < c->events; i++) {
    enum lang lang = paper_lang(&c->event[i], chosen);
    check_words(folder, fonts, words_in(&c->event[i].title, lang));
    check_words(folder, fonts, words_in(&c->event[i].venue, lang));
    check_words(folder, fonts, words_in(&c->event[i].city, lang));
  }
  for (int i = 0; i < c->types; i++) check_words(folder, fonts, words_in(&c->type[i].label, paper_lang(&c->event[0], chosen)));
}

/* Letters that Noto Sans CJK has: most rosters need no look into the fonts. */
static bool is_usual(ucs4_t c) {
  static const ucs4_t range[][2] = {{0x20, 0x7E},     {0xA0, 0xFF},     {0x2010, 0x2027},
                                    {0x3000, 0x30FE}, {0x4E00, 0x9FA5}, {0xFF01, 0xFF5E}};
  for (size_t i = 0; i < sizeof range / sizeof *range; i++)
    if (c >= range[i][0] && c <= range[i][1]) return true;
  return false;
}

static bool all_usual(const char *text) {
  ucs4_t c;
  for (const uint8_t *at = (const uint8_t *)text; at && *at;)
    if ((at = u8_next(&c, at)) && !is_usual(c)) return false;
  return true;
}

void papers_check_screens(struct folder *folder) {
  struct sheet_fonts *fonts = NULL;
  struct problem none;
  char lacks[LACKS];
  for (int i = 0; i < folder->people_count; i++) {
    const struct person *p = &folder->people[i];
    const char *const field[] = {p->name, p->organization, p->seat, p->attention};
    for (size_t k = 0; k < sizeof field / sizeof *field; k++) {
      if (all_usual(field[k])) continue;
      if (!fonts && !sheet_fonts_open(&fonts, &none)) return;
      if (sheet_lacks(fonts, field[k], lacks, sizeof lacks))
        remarks_say(&folder->warnings, "%1$s（%2$s 号）：没有字体有这些字符，签到机上显示不出来：%3$s",
                    "%1$s (No. %2$s): no font has these characters, and kiosks can't show them: %3$s", p->name, p->number,
                    lacks);
    }
  }
  sheet_fonts_close(fonts);
}
