/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/papers.h"

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
