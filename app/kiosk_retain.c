/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_retain.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "core/day.h"
#include "journal/others.h"
#include "pack/pack.h"

static const char removed[] = "pack removed: ";

static bool is_over(const struct catalog *catalog, struct moment now) {
  return catalog->retain_until_ms != 0 && now.wall_ok && now.wall_ms >= catalog->retain_until_ms;
}

bool kiosk_retain_due(const char *data, struct journal *journal, const struct catalog *catalog, struct moment now,
                      struct receipt *receipt) {
  char path[4096];
  struct others *others;
  struct problem problem;
  if (!is_over(catalog, now)) return false;
  if (snprintf(path, sizeof path, "%s/others.db", data) >= (int)sizeof path || access(path, F_OK)) return false;
  if (!others_open(data, journal, &others, &problem)) return false;
  const bool has = others_receipt(others, receipt);
  others_close(others);
  return has && journal_has_people(journal, receipt->to_seq);
}

bool kiosk_retain(const char *data, const struct receipt *receipt, char note[NOTE_MAX]) {
  struct purged purged;
  struct problem problem;
  if (!journal_purge_by(data, receipt, &purged, &problem)) {
    log_error("the time to keep people's data is over, and they can't be taken out of the journal: %s", problem.en);
    return false;
  }
  snprintf(note, NOTE_MAX, "purge: %lld records up to %lld, which the hub has; %lld stay", (long long)purged.records,
           (long long)purged.to_seq, (long long)purged.kept);
  log_info("%s", note);
  return true;
}

bool kiosk_retain_unnoted(const char *data, struct journal *journal, char note[NOTE_MAX]) {
  static const char up_to[] = "up to ";
  const int64_t purged = journal_purged(journal);
  char before[NOTE_MAX];
  const char *noted = journal_last_system(journal, "purge: ", before) ? strstr(before, up_to) : NULL;
  if (purged == 0 || (noted && strtoll(noted + strlen(up_to), NULL, 10) >= purged)) return false;
  journal_forget_people(data);
  snprintf(note, NOTE_MAX, "purge: the records up to %lld were taken out before this start", (long long)purged);
  return true;
}

/* --- the pack --- */

bool kiosk_retain_pack_due(const struct catalog *catalog, struct journal *journal, struct moment now) {
  if (!is_over(catalog, now) || journal_has_people(journal, journal_records(journal))) return false;
  for (int i = 0; i < catalog->events; i++)
    if (now.wall_ms < catalog->event[i].ends_ms) return false;
  return true;
}

/* What the others get from a hub here, and what was on its way. */
static void remove_copies(const char *data) {
  static const char *const names[] = {"hub-packs/*", "hub-pack.part*", "pack.ybp.part-*"};
  char pattern[4096];
  glob_t found;
  if (strpbrk(data, "*?[\\")) return;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (snprintf(pattern, sizeof pattern, "%s/%s", data, names[i]) >= (int)sizeof pattern || glob(pattern, 0, NULL, &found))
      continue;
    for (size_t k = 0; k < found.gl_pathc; k++) unlink(found.gl_pathv[k]);
    globfree(&found);
  }
}

bool kiosk_retain_note(struct journal *journal, const char *note, struct moment now, struct problem *problem) {
  struct checkin c = {.kind = RECORD_SYSTEM, .at = now, .view_age_s = -1};
  int64_t seq;
  snprintf(c.note, sizeof c.note, "%s", note);
  return journal_append(journal, &c, &seq, problem);
}

static bool note_removal(const struct catalog *catalog, struct journal *journal, struct moment now, struct problem *problem) {
  const struct civil last = civil_of(&catalog->event[0].zone, catalog->retain_until_ms - 1);
  char note[NOTE_MAX];
  snprintf(note, sizeof note, "%s%s build %u, to be kept until %04d-%02d-%02d", removed, catalog->name,
           (unsigned)catalog->build, last.year, last.month, last.day);
  log_info("%s", note);
  return kiosk_retain_note(journal, note, now, problem);
}

bool kiosk_retain_pack(const char *data, const uint8_t stamp_key[32], const struct catalog *catalog, struct journal *journal,
                       struct moment now, struct problem *problem) {
  if (!note_removal(catalog, journal, now, problem)) return false;
  remove_copies(data);
  journal_forget_people(data);
  return pack_remove(data, stamp_key, problem);
}

bool kiosk_retain_told(struct journal *journal, const char *file, struct problem *problem) {
  char note[NOTE_MAX], name[ID_MAX], day[16];
  if (!journal_last_system(journal, removed, note) ||
      sscanf(note + strlen(removed), "%63s build %*u, to be kept until %15s", name, day) != 2)
    return false;
  if (*file)
    return problem_set(
               problem,
               "活动包 %1$s 的数据只保留到 %2$s：本机已删除它，记录里的个人信息也已清除。请删掉文件 %3$s，换上新的活动包",
               "the data of pack %1$s was to be kept until %2$s: it was removed from this kiosk, and people from its "
               "journal. Delete the file %3$s, and bring another pack",
               name, day, file),
           true;
  return problem_set(problem,
                     "活动包 %1$s 的数据只保留到 "
                     "%2$s：本机已删除它，记录里的个人信息也已清除。请换上新的活动包，或在这里开一场现场聚会",
                     "the data of pack %1$s was to be kept until %2$s: it was removed from this kiosk, and people from its "
                     "journal. Bring another pack, or hold a meetup on the spot",
                     name, day),
         true;
}
