/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as pack.ini: a catalog that a pack's reader takes, or errors with the file's name in both
 * languages.
 */
#include <assert.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pack/catalog.h"
#include "pack/format.h"
#include "tools/yingbin/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the builder writes the reader reads: through a database in memory. */
static void check_round(const struct catalog *catalog) {
  struct problem problem = {"", ""};
  struct catalog *back = calloc(1, sizeof *back);
  sqlite3 *db;
  assert(back && sqlite3_open(":memory:", &db) == SQLITE_OK && sqlite3_exec(db, pack_schema, NULL, NULL, NULL) == SQLITE_OK);
  assert(catalog_write(db, catalog, &problem));
  if (!catalog_read(db, back, &problem)) abort();
  assert(back->events == catalog->events && back->stations == catalog->stations && back->types == catalog->types &&
         back->hosts == catalog->hosts && back->sessions == catalog->sessions);
  assert(!memcmp(back->session, catalog->session, sizeof back->session));
  for (int i = 0; i < back->events; i++) {
    const struct event *a = &back->event[i], *b = &catalog->event[i];
    assert(!memcmp(a->slide, b->slide, sizeof a->slide) && !memcmp(&a->accents, &b->accents, sizeof a->accents) &&
           !memcmp(a->lang, b->lang, sizeof a->lang) && !memcmp(&a->help, &b->help, sizeof a->help) &&
           !memcmp(a->voice, b->voice, sizeof a->voice) && a->theme == b->theme && a->self_lookup == b->self_lookup);
  }
  assert(!memcmp(back->station, catalog->station, sizeof back->station));
  sqlite3_close(db);
  free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct folder *f = calloc(1, sizeof *f);
  struct settings settings;
  if (!f || sodium_init() < 0) abort();
  f->dir = "/nonexistent";
  settings_parse(&settings, "fuzz.ini", (const char *)data, size, &f->texts, &f->errors, &f->warnings);
  plan_make(&settings, f);
  for (int i = 0; i < f->errors.count; i++)
    assert(strstr(f->errors.at[i].zh, "fuzz.ini") && strstr(f->errors.at[i].en, "fuzz.ini"));
  if (!f->errors.count) check_round(&f->catalog);
  settings_free(&settings);
  folder_free(f);
  free(f);
  return 0;
}
