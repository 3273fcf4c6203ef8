/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/wav.h"
#include "tools/yingbin/codes.h"
#include "tools/yingbin/merges.h"
#include "tools/yingbin/persons.h"
#include "tools/yingbin/plan.h"
#include "tools/yingbin/practice.h"
#include "tools/yingbin/secrets.h"
#include "tools/yingbin/settings.h"
#include "ui/image.h"

enum { INI_MOST = 4 << 20 };

const char *folder_path(struct folder *f, const char *name) {
  return *name == '/' ? name : pool_format(&f->texts, "%s/%s", f->dir, name);
}

/* One command at a time: two would issue the same number twice. */
static int lock(struct folder *f, struct problem *problem) {
  int fd = open(f->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && flock(fd, LOCK_EX) == 0) return fd;
  problem_system(problem, errno, "无法打开文件夹", "can't open the folder", f->dir);
  if (fd >= 0) close(fd);
  return -1;
}

/* A file that is no picture would be found out at the printer's, or on a kiosk. */
static bool check_picture(const char *file, struct problem *problem) {
  struct image image = {.w = 0};
  char *bytes;
  size_t len;
  if (!file_read(file, 2 * IMAGE_BYTES_MAX, &bytes, &len, problem)) return false; /* a little too large has its own words */
  bool good = image_read((const uint8_t *)bytes, len, 64, 64, &image, problem);
  image_free(&image);
  free(bytes);
  return good || problem_within(problem, file);
}

static bool check_voice(const char *file, struct problem *problem) {
  char *bytes;
  size_t len;
  struct wav wav;
  if (!file_read(file, WAV_BYTES_MOST, &bytes, &len, problem)) return false;
  bool good = wav_parse((const uint8_t *)bytes, len, &wav, problem);
  free(bytes);
  return good || problem_within(problem, file);
}

static void check_files(struct folder *f) {
  struct problem problem;
  for (int i = 0; i < f->pictures; i++) {
    const char *file = folder_path(f, f->picture[i]);
    if (!(f->is_voice[i] ? check_voice : check_picture)(file, &problem)) remarks_add(&f->errors, &problem);
  }
}

static void read_settings(struct folder *f, struct settings *s) {
  struct problem problem;
  const char *file = folder_path(f, "pack.ini");
  char *text;
  size_t len;
  if (!file_read(file, INI_MOST, &text, &len, &problem)) {
    remarks_add(&f->errors, &problem);
    return;
  }
  settings_parse(s, file, text, len, &f->texts, &f->errors, &f->warnings);
  plan_make(s, f);
  check_files(f);
  free(text);
}

static void read_roster(struct folder *f, int i) {
  struct roster *r = &f->roster[i];
  struct roster_table table = {.rows = 0};
  struct table_ask ask = {.file = r->file,
                          .path = folder_path(f, r->file),
                          .sheet = r->sheet,
                          .encoding = r->encoding,
                          .errors = &f->errors,
                          .warnings = &f->warnings};
  bool good = roster_read(&ask, r->columns, &f->texts, &table);
  if (*table.facts.label) r->label = pool_add(&f->texts, table.facts.label, strlen(table.facts.label));
  if (good) {
    roster_tell(&table);
    persons_take(f, i, &table);
    merges_tell(f, i);
    if (table.place[ROSTER_TYPE] && !f->catalog.types)
      remarks_say(&f->warnings, "%s：有票种列，pack.ini 里却没有 [type] 小节，票种不会显示",
                  "%s: there is a column of ticket types, but no [type] section in pack.ini; types won't be shown", r->label);
  }
  if (!good) persons_check(f, i, &table);
  roster_free(&table);
}

static void take_ids_and_salts(struct folder *f) {
  for (int i = 0; i < f->catalog.types; i++) {
    int id = codes_type(f->codes, f->catalog.type[i].key);
    if (id < 0)
      remarks_say(&f->errors, "票种的编号用完了：%s", "all ids of ticket types are used up: %s", f->catalog.type[i].key);
    f->catalog.type[i].id = (int16_t)id;
  }
  for (int i = 0; i < f->catalog.events; i++) {
    const uint8_t *salt = secrets_salt(f->secrets, f->catalog.event[i].id);
    if (salt)
      memcpy(f->salt[i], salt, 32);
    else
      remarks_say(&f->errors, "secrets.ini 里的活动太多", "too many events in secrets.ini");
  }
  f->catalog.build = f->secrets->build;
}

static bool keep(struct folder *f, struct problem *problem) {
  if (f->secrets->changed && !secrets_write(folder_path(f, "secrets.ini"), f->secrets, problem)) return false;
  if (f->codes->changed && !codes_write(folder_path(f, "codes.csv"), f->codes, problem)) return false;
  if (!merges_write(f, problem)) return false;
  f->secrets->changed = f->codes->changed = false;
  return true;
}

static bool no_errors(const struct folder *f, struct problem *problem) {
  int more = remarks_total(&f->errors) - 1;
  if (more < 0) return true;
  *problem = f->errors.at[0];
  struct problem first = *problem;
  return more == 0 ? false
                   : problem_set(problem, "%1$s（另有 %3$d 处）%2$.0s", "%2$s (and %3$d more)%1$.0s", first.zh, first.en, more);
}

static void read_all(struct folder *f, const char *encoding) {
  struct settings settings = {.sections = 0};
  read_settings(f, &settings);
  codes_read(folder_path(f, "codes.csv"), &f->texts, f->codes, &f->errors);
  secrets_read(folder_path(f, "secrets.ini"), f->secrets, &f->errors);
  if (!f->errors.count) { /* rosters mean little while the plan is wrong */
    take_ids_and_salts(f);
    for (int i = 0; encoding && i < f->rosters; i++) f->roster[i].encoding = encoding;
    practice_rosters(f);
    for (int i = 0; i < f->rosters; i++) read_roster(f, i);
  }
  codes_unindex(f->codes);
  if (!f->errors.count) persons_finish(f);
  if (!f->errors.count) practice_types(f);
  for (int i = 0; i < f->people_count; i++)
    if (f->people[i].foreign) f->catalog.event[f->people[i].event].foreign = true;
  settings_free(&settings);
}

static bool read_folder(const char *dir, const char *encoding, bool only_look, struct folder *f, struct problem *problem) {
  *f = (struct folder){.rosters = 0};
  f->codes = grow(NULL, 1, sizeof *f->codes);
  f->secrets = grow(NULL, 1, sizeof *f->secrets);
  *f->codes = (struct codes){.records = 0};
  *f->secrets = (struct secrets){.build = 0};
  f->dir = pool_add(&f->texts, dir, strlen(dir));
  int fd = lock(f, problem);
  if (fd < 0) {
    remarks_add(&f->errors, problem);
    return false;
  }
  read_all(f, encoding);
  bool good = no_errors(f, problem);
  if (good && !only_look && !keep(f, problem)) {
    remarks_add(&f->errors, problem);
    good = false;
  }
  close(fd);
  return good;
}

bool folder_read_encoded(const char *dir, const char *encoding, struct folder *f, struct problem *problem) {
  return read_folder(dir, encoding, false, f, problem);
}

bool folder_look(const char *dir, const char *encoding, struct folder *f, struct problem *problem) {
  return read_folder(dir, encoding, true, f, problem);
}

bool folder_read(const char *dir, struct folder *f, struct problem *problem) {
  return folder_read_encoded(dir, NULL, f, problem);
}

void folder_tell(const struct folder *f, const struct problem *problem, const char *prefix, const char *output) {
  if (!f->errors.count) {
    problem_print(problem, prefix);
    return;
  }
  remarks_print(&f->errors, prefix, output);
  remarks_print(&f->warnings, prefix, NULL); /* another sheet, hidden rows */
}

bool folder_next_build(struct folder *f, uint32_t *build, struct problem *problem) {
  struct remarks errors = {.count = 0};
  int fd = lock(f, problem);
  bool good = fd >= 0;
  if (good && !secrets_read(folder_path(f, "secrets.ini"), f->secrets, &errors)) {
    *problem = errors.at[0];
    good = false;
  }
  if (good) {
    f->catalog.build = *build = ++f->secrets->build;
    f->secrets->last_number = f->codes->last_number;
    if (sodium_is_zero(f->secrets->index, sizeof f->secrets->index))
      randombytes_buf(f->secrets->index, sizeof f->secrets->index);
    good = secrets_write(folder_path(f, "secrets.ini"), f->secrets, problem);
  }
  if (fd >= 0) close(fd);
  remarks_free(&errors);
  return good;
}

void folder_free(struct folder *f) {
  if (f->codes) codes_free(f->codes);
  free(f->codes);
  free(f->secrets);
  merges_free(f);
  free(f->people);
  free(f->seen);
  remarks_free(&f->errors);
  remarks_free(&f->warnings);
  pool_free(&f->texts);
  *f = (struct folder){.rosters = 0};
}
