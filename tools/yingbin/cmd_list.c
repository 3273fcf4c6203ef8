/* SPDX-License-Identifier: Apache-2.0
 * yingbin list: the list on paper.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/commands.h"
#include "tools/yingbin/list.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/papers.h"

struct arguments {
  const char *dir, *out, *encoding;
  enum lang lang;
};

static int list(void *values) {
  const struct arguments *a = values;
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct problem problem;
  struct list_made made;
  bool read = folder_read_encoded(a->dir, a->encoding, folder, &problem);
  bool good = read && list_write(folder, a->lang, a->out, &made, &problem);
  if (good) {
    remarks_print(&folder->warnings, "yingbin list", a->out);
    fprintf(stderr, "%1$d 人，%2$d 页：%3$s\n%1$d people on %2$d pages: %3$s\n", made.people, made.pages, a->out);
    printf("{\"people\":%d,\"pages\":%d}\n", made.people, made.pages);
  } else {
    folder_tell(folder, &problem, "yingbin list", a->out);
  }
  folder_free(folder);
  free(folder);
  return good ? EXIT_DONE : EXIT_FAILED;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option list_row[] = {
    OPTION_DIR(AT(dir)),
    {OPTION_TEXT, "-o", "FILE.pdf", .offset = AT(out), .required = true, .zh = "写到这个文件", .en = "the file to write"},
    OPTION_LANG(AT(lang)),
    OPTION_ENCODING(AT(encoding)),
    OPTION_LAST};

static const struct usage usage[] = {
    {"list", "纸质签到名单（A4），以防万一：按拼音排序，每天一格可打勾，手机只印后四位，末尾留有现场登记的空行。",
     "The list on paper (A4), in case nothing works: by pinyin, a box to tick for each day, of telephone numbers the last\n"
     "four digits alone, and lines for who comes without having signed up.",
     .row = list_row, .run = list},
    {NULL}};

int cmd_list(int argc, char **argv) {
  struct arguments a = {.lang = LANG_COUNT};
  return options_run(usage, argc, argv, &a);
}
