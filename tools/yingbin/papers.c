/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/papers.h"

void papers_check(struct folder *folder, const struct sheet_fonts *fonts, const struct person *person) {
  char lacks[256];
  const char *field[] = {person->name, person->organization, person->title, person->seat};
  for (size_t i = 0; i < sizeof field / sizeof *field; i++)
    if (sheet_lacks(fonts, field[i], lacks, sizeof lacks))
      remarks_say(&folder->warnings, "%1$s（%2$s 号）：没有字体有这些字符，印成〓：%3$s",
                  "%1$s (No. %2$s): no font has these characters, printed as 〓: %3$s", person->name, person->number, lacks);
}
