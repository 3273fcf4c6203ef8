/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_retain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "journal/others.h"

bool kiosk_retain_due(const char *data, struct journal *journal, const struct catalog *catalog, struct moment now,
                      struct receipt *receipt) {
  char path[4096];
  struct others *others;
  struct problem problem;
  if (catalog->retain_until_ms == 0 || !now.wall_ok || now.wall_ms < catalog->retain_until_ms) return false;
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
