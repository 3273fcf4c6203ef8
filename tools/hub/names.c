/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pack/format.h"
#include "tools/yingbin/index_build.h"
#include "tools/yingbin/pinyin.h"
#include "tools/yingbin/pool.h"

struct names_form {
  struct match_form form;
  char *text; /* owned; NULL: the row was too long to be searched */
};

/* --- its files --- */

static uint64_t mix(uint64_t stamp, uint64_t value) {
  stamp ^= value;
  return stamp * UINT64_C(0x100000001B3); /* FNV's: who changes files isn't an enemy */
}

static uint64_t stamp_of(struct names *n) {
  uint64_t stamp = UINT64_C(0xCBF29CE484222325);
  struct stat st;
  for (int i = -2; i < n->folder.rosters; i++) {
    const char *file = folder_path(&n->folder, i == -2 ? "pack.ini" : i == -1 ? "codes.csv" : n->folder.roster[i].file);
    if (stat(file, &st) != 0) memset(&st, 0, sizeof st);
    stamp = mix(mix(stamp, (uint64_t)st.st_mtim.tv_sec), (uint64_t)st.st_mtim.tv_nsec);
    stamp = mix(mix(stamp, (uint64_t)st.st_size), (uint64_t)st.st_ino);
  }
  return stamp;
}

bool names_changed(struct names *n, const char *dir) {
  if (!*dir) return false;
  const uint64_t stamp = stamp_of(n);
  const bool changed = stamp != n->stamp;
  n->stamp = stamp;
  return changed;
}

/* --- people --- */

static bool make_forms(struct names *n, struct problem *problem) {
  struct pinyin *pinyin;
  uint8_t row[PACK_ROW_MAX];
  char text[MATCH_FORM_MAX];
  if (!pinyin_open(&pinyin, problem)) return false;
  n->form = grow(NULL, (size_t)n->folder.people_count + 1, sizeof *n->form);
  for (int i = 0; i < n->folder.people_count; i++) {
    struct names_form *f = &n->form[i];
    const size_t len = index_row(&n->folder, pinyin, &n->folder.people[i], row);
    *f = (struct names_form){.text = NULL};
    if (!len || !match_form(row, len, &f->form, text)) continue;
    f->text = grow(NULL, f->form.at[MATCH_TEXTS], 1);
    memcpy(f->text, text, f->form.at[MATCH_TEXTS]);
  }
  pinyin_close(pinyin);
  return true;
}

bool names_open(const char *dir, struct names **names, struct problem *problem) {
  struct names *n = grow(NULL, 1, sizeof *n);
  memset(n, 0, sizeof *n);
  bool good = true;
  if (*dir && !folder_look(dir, NULL, &n->folder, problem)) {
    folder_tell(&n->folder, problem, "yingbin-hub", NULL);
    good = problem_set(problem, "roster = %s 读不了，原因见上", "roster = %s can't be read; why is said above", dir);
  }
  if (*dir) n->stamp = stamp_of(n);
  merged_init(&n->merged, good && *dir ? &n->folder : NULL, NULL);
  good = good && (!*dir || make_forms(n, problem));
  if (!good) names_close(n);
  *names = good ? n : NULL;
  return good;
}

void names_close(struct names *n) {
  if (!n) return;
  for (int i = 0; n->form && i < n->folder.people_count; i++) free(n->form[i].text);
  free(n->form);
  merged_close(&n->merged);
  folder_free(&n->folder);
  free(n);
}

bool names_fit(const struct names *n, const struct person *p, const struct match_query *query) {
  const struct names_form *f = &n->form[p - n->folder.people];
  return f->text && match_fits(query, &f->form, f->text) > 0;
}
