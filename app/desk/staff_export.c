/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/staff_export.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "core/day.h"
#include "desk/tend.h"

struct staff_export {
  pthread_t thread;
  atomic_bool done;
  struct bell *bell; /* borrowed: desk's */
  const char *data;  /* borrowed */
  char file[TEXT_MAX], operator_name[ID_MAX];
  uint32_t session, serial;
  bool good; /* what came of it, once it is done */
  int64_t records;
  struct problem problem;
};

/* --- places --- */

/* A mount's path as the kernel writes it: blanks and the like as \ooo. */
static bool unescape(const char *from, size_t len, char *out, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < len; i++) {
    int c = (unsigned char)from[i];
    if (c == '\\' && i + 3 < len && isdigit((unsigned char)from[i + 1])) {
      c = (from[i + 1] - '0') * 64 + (from[i + 2] - '0') * 8 + (from[i + 3] - '0');
      i += 3;
    }
    if (n + 1 >= size) return false;
    out[n++] = (char)c;
  }
  out[n] = '\0';
  return n > 0;
}

static bool is_stick(const char *path) {
  return strncmp(path, "/media/", strlen("/media/")) == 0 || strncmp(path, "/run/media/", strlen("/run/media/")) == 0;
}

int staff_places(const char *mounts, char place[STAFF_PLACES_MAX][TEXT_MAX]) {
  int count = 0;
  for (const char *line = mounts, *end; *line && count < STAFF_PLACES_MAX; line = *end ? end + 1 : end) {
    end = strchrnul(line, '\n');
    const char *path = memchr(line, ' ', (size_t)(end - line));
    const char *after = path ? memchr(path + 1, ' ', (size_t)(end - path - 1)) : NULL;
    const char *options = after ? memchr(after + 1, ' ', (size_t)(end - after - 1)) : NULL;
    if (!options || !unescape(path + 1, (size_t)(after - path - 1), place[count], TEXT_MAX)) continue;
    count += is_stick(place[count]) && strncmp(options, " rw", 3) == 0;
  }
  return count;
}

static int find_places(const struct desk *d, char place[STAFF_PLACES_MAX][TEXT_MAX]) {
  char mounts[1 << 16] = "";
  struct stat st;
  FILE *in = fopen("/proc/self/mounts", "re");
  if (in) mounts[fread(mounts, 1, sizeof mounts - 1, in)] = '\0';
  if (in) fclose(in);
  int count = staff_places(mounts, place);
  if (!d->export_to || !d->export_to[0] || stat(d->export_to, &st) || !S_ISDIR(st.st_mode)) return count;
  if (count == STAFF_PLACES_MAX) count--;
  snprintf(place[count++], TEXT_MAX, "%s", d->export_to);
  return count;
}

void staff_sticks(struct desk *d, struct moment now) {
  char place[STAFF_PLACES_MAX][TEXT_MAX];
  struct staff_answer *a = &d->staff->open->answer;
  (void)now;
  a->count = find_places(d, place);
  for (int i = 0; i < a->count; i++) {
    struct statvfs disk;
    strcpy(a->place[i].path, place[i]);
    if (!statvfs(place[i], &disk)) a->place[i].free_mb = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize / (1 << 20);
  }
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}

/* --- writing --- */

static bool prove(const char *beside, struct problem *problem) {
  struct journal_report report;
  FILE *in = fopen(beside, "re");
  bool good = in ? journal_verify(in, beside, &report, problem)
                 : problem_system(problem, errno, "无法读取导出文件", "can't read the export", beside);
  if (in) fclose(in);
  return good;
}

static bool write_export(struct staff_export *x) {
  char beside[PATH_MAX];
  struct problem *problem = &x->problem;
  if (!file_begin(x->file, beside, problem)) return false;
  FILE *out = fopen(beside, "we");
  bool good = out || problem_system(problem, errno, "无法写入导出文件", "can't write the export", x->file);
  good = good && journal_export(x->data, 1, out, &x->records, problem);
  if (out && fclose(out) && good) good = problem_system(problem, errno, "无法写入导出文件", "can't write the export", x->file);
  good = good && prove(beside, problem) && file_commit(beside, x->file, 0600, problem);
  if (!good) file_abandon(beside);
  return good;
}

static void *work(void *export) {
  struct staff_export *x = export;
  x->good = write_export(x);
  atomic_store(&x->done, true);
  bell_ring(x->bell);
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

/* yingbin-KIOSK-20231028-1230-RECORDS.jsonl, in letters that a stick's file system has. */
static bool name_file(const struct desk *d, const char *folder, struct moment now, char out[TEXT_MAX]) {
  const struct event *event = &pack_catalog(d->pack)->event[pack_catalog(d->pack)->station[d->station].event];
  const struct civil c = civil_of(&event->zone, now.wall_ms);
  char kiosk[ID_MAX] = "kiosk", date[32] = "";
  if (d->identity) strcpy(kiosk, d->identity->name);
  for (char *k = kiosk; *k; k++)
    if (!isalnum((unsigned char)*k)) *k = '-';
  if (now.wall_ok) snprintf(date, sizeof date, "%04d%02d%02d-%02d%02d-", c.year % 10000, c.month, c.day, c.hour, c.minute);
  return snprintf(out, TEXT_MAX, "%s/yingbin-%s-%s%lld.jsonl", folder, kiosk, date, (long long)journal_records(d->journal)) <
         TEXT_MAX;
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
  struct staff_export *x = s->export = calloc(1, sizeof *x);
  if (x) {
    x->bell = d->staff_requests->bell;
    x->data = d->data;
    x->session = o->number;
    x->serial = o->request.serial;
    strcpy(x->operator_name, o->name);
    if (name_file(d, place[i], now, x->file) && start(x)) return;
  }
  free(x);
  s->export = NULL;
  staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
}

bool staff_export_ended(const struct desk *d) { return d->staff->export && atomic_load(&d->staff->export->done); }

static void journal_it(struct desk *d, const struct staff_export *x, struct moment now) {
  struct checkin c = {.kind = RECORD_SYSTEM, .at = now, .view_age_s = -1};
  struct problem problem;
  int64_t seq;
  strcpy(c.operator_name, x->operator_name);
  snprintf(c.note, sizeof c.note, "exported %lld records to %s", (long long)x->records, x->file);
  d->staff->exported = x->records;
  if (desk_append(d, &c, &seq, &problem) && seq == x->records + 1) d->staff->exported = seq; /* nothing but that is new */
}

void staff_export_tell(struct desk *d, struct moment now) {
  struct staff *s = d->staff;
  struct staff_export *x = s->export;
  struct staff_answer *a = &s->open->answer;
  pthread_join(x->thread, NULL);
  s->export = NULL;
  if (x->good)
    journal_it(d, x, now);
  else
    log_error("%s", x->problem.en);
  d->health_due_ms = now.mono_ms;
  if (x->session == s->open->number) { /* else nobody waits for it any more */
    explicit_bzero(a, sizeof *a);
    s->open->request = (struct staff_request){.kind = STAFF_EXPORT, .session = x->session, .serial = x->serial};
    a->records = x->records;
    if (x->good) strcpy(a->file, x->file);
    staff_say(d, x->good ? STAFF_DONE : STAFF_FAILED, x->good ? STAFF_NO_REASON : STAFF_PLACE_BAD);
  }
  free(x);
}

void staff_export_end(struct desk *d) {
  struct staff_export *x = d->staff->export;
  if (!x) return;
  pthread_join(x->thread, NULL);
  free(x);
  d->staff->export = NULL;
}

/* --- the end --- */

/* The kiosk ends by itself once it sees the flag: the answer rings it. */
void staff_shutdown(struct desk *d, struct moment now) {
  if (!staff_note(d, RECORD_SYSTEM, now, "shut down by staff")) return;
  journal_checkpoint(d->journal);
  atomic_store(&d->shut_down, true);
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}
