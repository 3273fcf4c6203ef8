/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/staff_export.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "core/day.h"
#include "desk/tend.h"
#include "journal/export.h"

enum { HANG_MS = 5000 }; /* the unit's kiosk has ten seconds to end */

struct staff_export { /* owned by desk, until it leaves it to its thread */
  pthread_t thread;
  atomic_bool writing, done;
  pthread_mutex_t mutex;
  bool left;         /* under the mutex: desk has gone */
  struct bell *bell; /* borrowed: desk's, as long as that is there */
  struct bell ended;
  char *data; /* owned */
  char folder[TEXT_MAX], file[TEXT_MAX], operator_name[ID_MAX];
  struct stick_place stick; /* of an export by itself; else its path is empty */
  uint32_t session, serial;
  bool good, no_folder; /* what came of it, once it is done */
  int error;            /* errno; 0: none */
  int64_t records;
  struct problem problem;
};

/* --- places --- */

static int find_places(const struct desk *d, char place[STAFF_PLACES_MAX][TEXT_MAX]) {
  struct stick_place stick[STAFF_PLACES_MAX];
  int count = 0;
  const int sticks = sticks_find(stick);
  for (int i = 0; i < sticks; i++)
    strcpy(place[count++], stick[i].path); /* a write-protected one, too: it is there, and says why */
  if (!d->export_to || !d->export_to[0]) return count; /* whether it is there, its export finds out: it may be a network's */
  if (count == STAFF_PLACES_MAX) count--;
  snprintf(place[count++], TEXT_MAX, "%s", d->export_to);
  return count;
}

void staff_sticks(struct desk *d, struct moment now) {
  char place[STAFF_PLACES_MAX][TEXT_MAX];
  struct staff_answer *a = &d->staff->open->answer;
  (void)now;
  a->count = find_places(d, place);
  for (int i = 0; i < a->count; i++) strcpy(a->place[i].path, place[i]); /* and no look at them: a bad one may take forever */
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

/* --- writing --- */

static bool write_export(struct staff_export *x) {
  struct journal_report report;
  struct stat st;
  x->no_folder = x->stick.path[0] && (stat(x->folder, &st) || !S_ISDIR(st.st_mode));
  if (x->no_folder) return true;
  atomic_store(&x->writing, true);
  if (x->stick.read_only) {
    x->error = EROFS;
    return problem_system(&x->problem, EROFS, "无法写入导出文件", "can't write the export", x->file);
  }
  bool good = journal_export_file(x->data, 1, x->file, &report, &x->problem);
  x->error = good ? 0 : errno;
  if (good) x->records = report.to_seq;
  return good;
}

static void free_export(struct staff_export *x) {
  if (!x) return;
  pthread_mutex_destroy(&x->mutex);
  bell_fini(&x->ended);
  free(x->data);
  free(x);
}

static void *work(void *export) {
  struct staff_export *x = export;
  x->good = write_export(x);
  pthread_mutex_lock(&x->mutex);
  const bool left = x->left;
  if (!left) {
    atomic_store(&x->done, true);
    bell_ring(x->bell);
    bell_ring(&x->ended);
  }
  pthread_mutex_unlock(&x->mutex);
  if (left) free_export(x);
  return NULL;
}

/* Signals are the main thread's. */
static bool start(struct staff_export *x) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool good = pthread_create(&x->thread, NULL, work, x) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return good;
}

/* yingbin-KIOSK-20231028-1230-RECORDS-CHAIN.jsonl, in letters that a stick's file system has. The beginning of the chain keeps
 * kiosks apart that have the same name, a cloned one, too: none writes over another's file. */
static bool name_file(const struct desk *d, const char *folder, struct moment now, char out[TEXT_MAX]) {
  const struct event *event = &pack_catalog(d->pack)->event[pack_catalog(d->pack)->station[d->station].event];
  const struct civil c = civil_of(&event->zone, now.wall_ms);
  const int64_t records = journal_records(d->journal);
  char kiosk[ID_MAX] = "kiosk", date[32] = "";
  uint8_t chain[JOURNAL_CHAIN] = {0};
  if (d->identity) strcpy(kiosk, d->identity->name);
  for (char *k = kiosk; *k; k++)
    if (!isalnum((unsigned char)*k)) *k = '-';
  if (now.wall_ok) snprintf(date, sizeof date, "%04d%02d%02d-%02d%02d-", c.year % 10000, c.month, c.day, c.hour, c.minute);
  journal_chain_at(d->journal, records, chain);
  return snprintf(out, TEXT_MAX, "%s/yingbin-%s-%s%lld-%02x%02x%02x%02x.jsonl", folder, kiosk, date, (long long)records,
                  chain[0], chain[1], chain[2], chain[3]) < TEXT_MAX;
}

static struct staff_export *begin(struct desk *d, const char *folder, struct moment now) {
  struct staff_export *x = calloc(1, sizeof *x);
  if (!x) return NULL;
  if (!bell_init(&x->ended)) {
    free(x);
    return NULL;
  }
  pthread_mutex_init(&x->mutex, NULL);
  x->bell = d->staff_requests->bell;
  x->data = strdup(d->data);
  snprintf(x->folder, sizeof x->folder, "%s", folder);
  if (x->data && name_file(d, folder, now, x->file)) return x;
  free_export(x);
  return NULL;
}

static bool go(struct desk *d, struct staff_export *x) {
  d->staff->export = x;
  if (start(x)) return true;
  d->staff->export = NULL;
  free_export(x);
  return false;
}

bool staff_export_begin(struct desk *d, const struct stick_place *place, struct moment now) {
  char folder[TEXT_MAX];
  if (d->staff->export || !d->staff_requests) return false;
  if (snprintf(folder, sizeof folder, "%s/" STICKS_FOLDER, place->path) >= TEXT_MAX) return true; /* nothing can be there */
  struct staff_export *x = begin(d, folder, now);
  if (!x) return false;
  x->stick = *place;
  return go(d, x);
}

void staff_export(struct desk *d, struct moment now) {
  struct staff *s = d->staff;
  struct staff_open *o = s->open;
  char place[STAFF_PLACES_MAX][TEXT_MAX];
  const int count = find_places(d, place);
  int i = 0;
  while (o->request.text[0] && i < count && strcmp(place[i], o->request.text) != 0) i++;
  if (s->export || i >= count) {
    staff_say(d, STAFF_REFUSED, s->export ? STAFF_BUSY : STAFF_PLACE_GONE);
    return;
  }
  struct staff_export *x = begin(d, place[i], now);
  if (x) {
    x->session = o->number;
    x->serial = o->request.serial;
    strcpy(x->operator_name, o->name);
  }
  if (!x || !go(d, x)) staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
}

bool staff_export_ended(const struct desk *d) { return d->staff->export && atomic_load(&d->staff->export->done); }

bool staff_export_writes_stick(const struct desk *d) {
  const struct staff_export *x = d->staff->export;
  return x && x->stick.path[0] && atomic_load(&x->writing);
}

static void journal_it(struct desk *d, const struct staff_export *x, struct moment now) {
  struct checkin c = {.kind = RECORD_SYSTEM, .at = now, .view_age_s = -1};
  struct problem problem;
  int64_t seq;
  strcpy(c.operator_name, x->operator_name);
  snprintf(c.note, sizeof c.note, "exported %lld records to %s", (long long)x->records, x->file);
  d->staff->exported = x->records;
  if (desk_append(d, &c, &seq, &problem) && seq == x->records + 1) d->staff->exported = seq; /* nothing but that is new */
}

static bool is_full(int error) { return error == ENOSPC || error == EDQUOT; }

static void answer(struct desk *d, const struct staff_export *x) {
  struct staff *s = d->staff;
  struct staff_answer *a = &s->open->answer;
  explicit_bzero(a, sizeof *a);
  s->open->request = (struct staff_request){.kind = STAFF_EXPORT, .session = x->session, .serial = x->serial};
  a->records = x->records;
  if (x->good) strcpy(a->file, x->file);
  staff_say(d, x->good ? STAFF_DONE : STAFF_FAILED,
            x->good              ? STAFF_NO_REASON
            : is_full(x->error)  ? STAFF_PLACE_FULL
            : x->error == EROFS  ? STAFF_PLACE_READ_ONLY
            : x->error == ENOENT ? STAFF_PLACE_GONE
                                 : STAFF_PLACE_BAD);
}

static enum stick_state state_of(const struct staff_export *x) {
  if (x->good) return STICK_WRITTEN;
  return is_full(x->error) ? STICK_FULL : x->error == EROFS ? STICK_READ_ONLY : STICK_FAILED;
}

void staff_export_tell(struct desk *d, struct moment now) {
  struct staff *s = d->staff;
  struct staff_export *x = s->export;
  pthread_join(x->thread, NULL);
  s->export = NULL;
  if (x->good && !x->no_folder) {
    journal_it(d, x, now);
    log_info("exported %lld records to %s", (long long)x->records, x->file);
  } else if (!x->good) {
    log_error("%s", x->problem.en);
  } else {
    log_debug("no " STICKS_FOLDER " on %s", x->stick.path);
  }
  d->health_due_ms = now.mono_ms;
  if (x->stick.path[0] && !x->no_folder) sticks_tell(d, &x->stick, state_of(x));
  if (!x->stick.path[0] && x->session == s->open->number) answer(d, x); /* else nobody waits for it any more */
  free_export(x);
}

/* One that a stick keeps hanging is left to itself, and ends with the process. */
void staff_export_end(struct desk *d) {
  struct staff_export *x = d->staff->export;
  if (!x) return;
  d->staff->export = NULL;
  if (!bell_wait(&x->ended, HANG_MS)) {
    pthread_mutex_lock(&x->mutex);
    x->left = !atomic_load(&x->done);
    const bool left = x->left;
    if (left)
      log_error("%s: the stick doesn't answer; the kiosk ends without it", x->file); /* x is the thread's from here on */
    if (left) pthread_detach(x->thread);
    pthread_mutex_unlock(&x->mutex);
    if (left) return;
  }
  pthread_join(x->thread, NULL);
  free_export(x);
}

/* --- the end --- */

/* The kiosk ends by itself once it sees the flag: the answer rings it. */
void staff_shutdown(struct desk *d, struct moment now) {
  if (!staff_note(d, RECORD_SYSTEM, now, "shut down by staff")) return;
  journal_checkpoint(d->journal);
  atomic_store(&d->shut_down, true);
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}
