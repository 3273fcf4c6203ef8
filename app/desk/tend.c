/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/tend.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "core/day.h"
#include "desk/hub.h"
#include "desk/staff.h"
#include "desk/staff_phone.h"
#include "desk/sticks.h"

enum {
  HEALTH_MS = 1000,
  RETRY_MS = 5000,    /* a journal that failed */
  PIECE = 256 * 1024, /* of the pack, while nobody waits */
  PIECE_GAP_MS = 2,
  QUIET_MS = 10 * 1000, /* so long nobody came: the WAL can be moved, however small */
  WAL_ENOUGH = 1 << 20, /* worth a checkpoint between two people */
  WAL_MOST = 16 << 20   /* now, whoever waits */
};
static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

static const struct station *station_of(const struct desk *d) { return &pack_catalog(d->pack)->station[d->station]; }

static const struct event *event_of(const struct desk *d) { return &pack_catalog(d->pack)->event[station_of(d)->event]; }

static enum desk_fault fault_of(enum journal_error error) {
  switch (error) {
  case JOURNAL_GOOD: return DESK_FAULT_NONE;
  case JOURNAL_FULL: return DESK_FAULT_DISK_FULL;
  case JOURNAL_READ_ONLY: return DESK_FAULT_READ_ONLY;
  case JOURNAL_FAILED: break;
  }
  return DESK_FAULT_DISK_ERROR;
}

bool desk_append(struct desk *d, struct checkin *checkin, int64_t *seq, struct problem *problem) {
  bool good = journal_append(d->journal, checkin, seq, problem);
  enum desk_fault fault = good ? DESK_FAULT_NONE : fault_of(journal_error(d->journal));
  if (fault && fault != d->journal_fault) log_error("%s", problem->en);
  if (!fault && d->journal_fault) log_info("the journal can be written again");
  d->journal_fault = fault;
  if (good) hub_tell_work(d);
  return good;
}

bool desk_append_note(struct desk *d, enum record_kind kind, struct moment at, struct problem *problem, const char *format,
                      ...) {
  struct checkin c = {.kind = kind, .at = at, .view_age_s = -1};
  int64_t seq;
  va_list args;
  strcpy(c.event, event_of(d)->id);
  strcpy(c.station, station_of(d)->id);
  va_start(args, format);
  vsnprintf(c.note, sizeof c.note, format, args);
  va_end(args);
  return desk_append(d, &c, &seq, problem);
}

static const char *clock_source(const struct desk *d) {
  if (d->clock_is_told && d->clock_is_told(d->clock)) return d->hub_clock ? hub_clock_source : "operator";
  return d->clock_source ? d->clock_source : "ntp";
}

void tend_clock(struct desk *d, struct moment now) {
  struct problem problem;
  const char *source = clock_source(d);
  if (!now.wall_ok) {
    d->clock_told = false;
    return;
  }
  d->trusted_day = event_day(event_of(d), now.wall_ms);
  d->trusted = now;
  if (d->told_source && strcmp(d->told_source, source) != 0) d->clock_told = false;
  /* Where this can't be written, the next moment will try again. */
  if (d->clock_told || d->journal_fault) return;
  d->clock_told = desk_append_note(d, RECORD_CLOCK, now, &problem, "source=%s", source);
  d->told_source = source;
}

struct moment tend_day(const struct desk *d, struct moment at) {
  bool holds = d->trusted_day >= 0 && at.mono_ms - d->trusted.mono_ms < day_ms;
  return at.wall_ok || !holds ? at : d->trusted;
}

void tend_health(struct desk *d, struct moment now) {
  struct desk_health *h = &d->health;
  struct statvfs disk;
  h->fault = d->pack_bad ? DESK_FAULT_PACK : d->journal_fault;
  h->clock_ok = now.wall_ok;
  snprintf(h->clock_source, sizeof h->clock_source, "%s", now.wall_ok ? clock_source(d) : "");
  staff_health(d, now);
  if (d->machine) latest_get(d->machine, &h->machine, &d->machine_seen);
  if (!statvfs(d->data, &disk)) h->disk_free_mb = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize / (1 << 20);
  journal_counts(d->journal, station_of(d)->id, event_of(d), tend_day(d, now), &h->people, &h->people_today);
  if (d->others)
    others_counts(d->others, station_of(d)->id, false, event_of(d), tend_day(d, now), &h->elsewhere, &h->elsewhere_today);
}

/* A fault that has passed should not need another person's failure to be noticed. */
static void try_again(struct desk *d, struct moment now) {
  struct problem problem;
  if (!d->journal_fault || now.mono_ms < d->retry_due_ms) return;
  desk_append_note(d, RECORD_SYSTEM, now, &problem, "journal written again after a fault");
  d->retry_due_ms = now.mono_ms + RETRY_MS;
}

static void checkpoint(struct desk *d, struct moment now) {
  if (now.mono_ms < d->checkpoint_due_ms) return;
  if (!journal_checkpoint(d->journal) || journal_wal_bytes(d->journal) > 0) d->checkpoint_due_ms = now.mono_ms + QUIET_MS;
  if (d->others) others_checkpoint(d->others);
}

void tend_due(struct desk *d, struct moment now) {
  struct notice notice = {.kind = NOTICE_HEALTH, .at = now};
  if (journal_wal_bytes(d->journal) > WAL_MOST) checkpoint(d, now);
  if (now.mono_ms < d->health_due_ms) return;
  try_again(d, now);
  sticks_look(d, now);
  tend_health(d, now);
  staff_phones_tell(d, now);
  notice.health = d->health;
  mailbox_put(d->notices, &notice); /* no room: ui is busy with people, and the next one says the same */
  d->health_due_ms = now.mono_ms + HEALTH_MS;
}

static bool check_piece(struct desk *d, struct moment now) {
  struct problem problem;
  if (d->pack_bad || d->health.pack_checked) return false;
  switch (pack_recheck(d->pack, PIECE, &d->pack_problem)) {
  case PACK_CHECK_MORE: return true;
  case PACK_CHECK_GOOD: d->health.pack_checked = true; return false;
  case PACK_CHECK_BAD: break;
  }
  d->pack_bad = true;
  d->health_due_ms = now.mono_ms;
  log_error("%s", d->pack_problem.en);
  desk_append_note(d, RECORD_SYSTEM, now, &problem, "pack damaged: every scan is a fault until the next start");
  return false;
}

int64_t tend_idle(struct desk *d, struct moment now) {
  int64_t wal = journal_wal_bytes(d->journal) + (d->others ? others_wal_bytes(d->others) : 0);
  bool more = check_piece(d, now);
  if (wal > WAL_ENOUGH || (wal > 0 && now.mono_ms - d->busy_ms >= QUIET_MS)) checkpoint(d, now);
  return more ? now.mono_ms + PIECE_GAP_MS : d->health_due_ms;
}
