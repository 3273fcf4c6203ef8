/* SPDX-License-Identifier: Apache-2.0
 * Do volunteers' phones delay a scan? A desk on a thread of its own with the page for phones beside it: eight that are signed
 * in and work, and a crowd that means no good and takes all other connections. Guests come at random moments; the control, a
 * few people in turn with it, is a desk on a thread of its own that has no page, while phones and crowd stand still.
 */
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/base45.h"
#include "journal/rows.h"
#include "kiosk_monitor.h"
#include "tools/bench/crowd.h"
#include "tools/bench/office.h"
#include "tools/bench/phones.h"
#include "tools/yingbin/assets.h"

enum {
  RUNS = 500,
  PEOPLE = 4000,
  GAP_MS = 60, /* the next guest comes within it */
  TURN = 5,    /* guests */
  PATIENCE_MS = 30 * 1000,
  PAUSE_MS = 1000, /* of somebody who types and taps */
  SLOTS = 2
};
static const int64_t day_ms = INT64_C(1698454800000); /* the event's */

struct counter { /* a desk on a thread of its own, and another one that takes its notices, as a screen does */
  struct office office;
  struct tick clock;
  struct thread thread, screen;
  struct bell bell;     /* this program's */
  struct mailbox shown; /* of the notices, those that the camera's codes made */
  struct notice shown_slot[SLOTS];
  long scans; /* admitted */
};

struct staffed { /* one that has the page for phones */
  struct counter counter;
  struct kiosk_options options;
  struct kiosk_monitor page;
  struct mailbox requests, answers;
  struct staff_request request_slot[SLOTS];
  struct staff_answer answer_slot[SLOTS];
  struct latest watch;
  struct watch_health watch_slot;
  bool opened;
};

struct site { /* all of it */
  char event[PATH_MAX], page_data[PATH_MAX], web[PATH_MAX];
  uint8_t secret[32]; /* of the operator's card */
  struct counter alone;
  struct staffed staffed;
  pthread_rwlock_t gate; /* of phones and crowd */
  bool gated;
  struct phones *phones;
  struct crowd *crowd;
  int next; /* guest */
};

static struct moment clock_now(void *clock) { return tick_now(clock); }

static int64_t screen_step(void *counter, struct moment now) {
  static _Thread_local struct notice n;
  struct counter *c = counter;
  (void)now;
  for (; mailbox_front(&c->office.notices, &n); mailbox_pop(&c->office.notices))
    if (n.kind == NOTICE_CONSOLE || (n.kind == NOTICE_VERDICT && n.by == BY_CAMERA)) mailbox_put_wait(&c->shown, &n);
  return INT64_MAX;
}

static bool counter_start(struct counter *c, struct thread *t, const char *name, int64_t (*step)(void *, struct moment),
                          void *self, struct bell *bell, struct problem *problem) {
  *t = (struct thread){.name = name, .step = step, .self = self, .bell = bell, .now = clock_now, .clock = &c->clock};
  return thread_start(t) || problem_set(problem, "无法启动线程", "a thread can't be started");
}

static bool counter_init(struct counter *c, struct problem *problem) {
  tick_shifted(&c->clock, day_ms, true);
  if (!bell_init(&c->bell)) return problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
  mailbox_init(&c->shown, c->shown_slot, sizeof *c->shown_slot, SLOTS, &c->bell);
  return true;
}

static bool counter_open(struct counter *c, const char *event, const char *folder, const struct desk *with,
                         struct problem *problem) {
  return office_open(&c->office, event, folder, with, tick_now(&c->clock), problem) &&
         counter_start(c, &c->screen, "screen", screen_step, c, &c->office.told, problem) &&
         counter_start(c, &c->thread, "desk", desk_step, &c->office.desk, &c->office.bell, problem);
}

static void counter_rest(struct counter *c) { /* desk stands still from here on */
  thread_stop(&c->thread);
  thread_join(&c->thread);
}

static void counter_close(struct counter *c) {
  if (!c->shown.storage) return; /* not begun */
  mailbox_close(&c->shown);
  counter_rest(c);
  thread_stop(&c->screen);
  thread_join(&c->screen);
  c->office.now = tick_now(&c->clock);
  office_close(&c->office);
  mailbox_fini(&c->shown);
  bell_fini(&c->bell);
}

/* What the camera reads, and the notice that comes of it. */
static bool show(struct counter *c, const char *text, double *start, struct notice *n, struct problem *problem) {
  static struct payload payload;
  memset(&payload, 0, sizeof payload);
  payload.len = (uint16_t)strlen(text);
  memcpy(payload.bytes, text, payload.len);
  payload.at = tick_now(&c->clock);
  const double begun = *start = clock_wall_ms();
  mailbox_put(&c->office.camera, &payload);
  while (!mailbox_front(&c->shown, n)) {
    const double left = begun + PATIENCE_MS - clock_wall_ms();
    if (left <= 0) return problem_set(problem, "签到台没有回答", "the desk doesn't answer");
    bell_wait(&c->bell, (int64_t)left + 1);
  }
  mailbox_pop(&c->shown);
  return true;
}

static bool guest(struct counter *c, int number, struct samples *ms, struct problem *problem) {
  static struct notice n;
  double start;
  if (!show(c, c->office.codes[number % c->office.count], &start, &n, problem)) return false;
  if (n.kind != NOTICE_VERDICT || n.verdict.kind != VERDICT_ADMIT)
    return problem_set(problem, "签到台没有接待：%s", "the desk did not admit: %s", verdict_name(n.verdict.kind));
  c->scans++;
  samples_add(ms, (double)n.decided_mono_us / 1000 - start);
  return true;
}

/* --- the page, and who signs in there --- */

static bool page_open(struct site *s, const char *folder, struct problem *problem) {
  struct staffed *k = &s->staffed;
  struct office *o = &k->counter.office;
  k->options = (struct kiosk_options){.monitor = "127.0.0.1:0", .monitor_tls = true, .web = s->web, .clock = &k->counter.clock};
  k->options.data = s->page_data;
  if (!counter_init(&k->counter, problem)) return false;
  k->opened = true;
  mailbox_init(&k->requests, k->request_slot, sizeof *k->request_slot, SLOTS, &o->bell);
  mailbox_init(&k->answers, k->answer_slot, sizeof *k->answer_slot, SLOTS, &k->counter.bell);
  latest_init(&k->watch, &k->watch_slot, sizeof k->watch_slot, NULL);
  if (!kiosk_monitor_init(&k->page, &k->options))
    return problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
  kiosk_monitor_queues(&k->page, &o->bell, &k->counter.bell);
  struct desk with = {.staff_requests = &k->requests, .staff_answers = &k->answers};
  kiosk_monitor_attach(&k->page, &with);
  if (!counter_open(&k->counter, s->event, folder, &with, problem) ||
      !kiosk_monitor_open(&k->page, &o->identity, &o->desk, &k->watch, problem))
    return false;
  return kiosk_monitor_start(&k->page) || problem_set(problem, "无法启动线程", "a thread can't be started");
}

static void page_close(struct staffed *k) {
  if (!k->opened) return;
  kiosk_monitor_stop(&k->page);
  mailbox_close(&k->answers);
  counter_close(&k->counter);
  kiosk_monitor_close(&k->page);
  kiosk_monitor_queues_fini(&k->page);
  kiosk_monitor_fini(&k->page);
  latest_fini(&k->watch);
  mailbox_fini(&k->answers);
  mailbox_fini(&k->requests);
}

static bool page_url(struct staffed *k, char url[128], struct problem *problem) {
  struct monitor_health h = {.url = ""};
  uint64_t seen = 0;
  for (const double until = clock_wall_ms() + PATIENCE_MS; clock_wall_ms() < until;) {
    if (latest_get(&k->page.health, &h, &seen) && h.state == MONITOR_GOOD && h.url[0]) {
      memcpy(url, h.url, sizeof h.url);
      return true;
    }
    bell_wait(&k->counter.bell, PATIENCE_MS);
  }
  return problem_set(problem, "手机页面没有打开：%s", "the page isn't open: %s", h.why);
}

/* The console asks desk. */
static bool console_ask(struct staffed *k, struct staff_request *r, struct staff_answer *a, struct problem *problem) {
  mailbox_put(&k->requests, r);
  for (const double until = clock_wall_ms() + PATIENCE_MS; clock_wall_ms() < until;) {
    if (mailbox_front(&k->answers, a)) {
      mailbox_pop(&k->answers);
      return a->result == STAFF_DONE || problem_set(problem, "值班台拒绝了", "the console was refused");
    }
    bell_wait(&k->counter.bell, PATIENCE_MS);
  }
  return problem_set(problem, "签到台没有回答", "the desk doesn't answer");
}

static bool sign_in_all(struct site *s, struct problem *problem) {
  static struct notice n;
  static struct staff_answer a;
  struct staffed *k = &s->staffed;
  char card[64] = "YBOP1:";
  double start;
  base45_encode(s->secret, sizeof s->secret, card + strlen(card));
  if (!show(&k->counter, card, &start, &n, problem)) return false;
  if (n.kind != NOTICE_CONSOLE) return problem_set(problem, "值班卡打不开值班台", "the card doesn't open the console");
  struct staff_request r = {.kind = STAFF_GRANT, .session = n.staff.session};
  for (int i = 0; i < PHONES_MAX; i++) {
    r.serial++;
    if (!console_ask(k, &r, &a, problem) || !phones_sign_in(s->phones, i, a.token, problem)) return false;
  }
  r.kind = STAFF_LOCK;
  return mailbox_put(&k->requests, &r);
}

/* --- figures --- */

/* Some guests, from s->next on. */
static bool guests(struct site *s, struct counter *c, int count, struct samples *ms, struct problem *problem) {
  struct bell never;
  if (!bell_init(&never)) return problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
  bool good = true;
  for (int i = 0; good && i < count; i++) {
    bell_wait(&never, randombytes_uniform(GAP_MS));
    good = guest(c, s->next + i, ms, problem);
  }
  bell_fini(&never);
  return good;
}

static bool measure(struct site *s, int runs, struct samples *with, struct samples *without, struct problem *problem) {
  bool good = true;
  for (int left = runs; good && left > 0; left -= TURN) {
    const int count = left < TURN ? left : TURN;
    pthread_rwlock_wrlock(&s->gate);
    good = guests(s, &s->alone, count, without, problem);
    pthread_rwlock_unlock(&s->gate);
    good = good && guests(s, &s->staffed.counter, count, with, problem);
    s->next += count;
  }
  return good;
}

static bool gate_open(struct site *s, struct problem *problem) {
  pthread_rwlockattr_t fair;
  s->gated = pthread_rwlockattr_init(&fair) == 0 &&
             pthread_rwlockattr_setkind_np(&fair, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0 &&
             pthread_rwlock_init(&s->gate, &fair) == 0;
  return s->gated || problem_set(problem, "内存不足", "out of memory");
}

/* What is in the journal, which nobody writes any more, of one kind. */
static long journaled(struct journal *j, enum by by, enum record_kind kind, struct moment now) {
  static struct journal_row row[64];
  long found = 0;
  int n;
  for (int64_t seq = journal_records(j); seq > 0; seq = n > 0 ? row[n - 1].seq - 1 : 0) {
    n = journal_rows(j, seq, 64, now, row);
    if (n < 0) return -1;
    for (int i = 0; i < n; i++) found += row[i].kind == kind && (kind != RECORD_SCAN || row[i].by == by);
  }
  return found;
}

/* Desk stands still. Whatever a phone or a guest was told is there; what a phone was told too late may be. */
static bool check(struct site *s, const struct phones_done *done, struct problem *problem) {
  struct office *o = &s->staffed.counter.office;
  const struct moment now = tick_now(&s->staffed.counter.clock);
  const long scans = journaled(o->journal, BY_CAMERA, RECORD_SCAN, now),
             by_phone = journaled(o->journal, BY_PHONE, RECORD_SCAN, now),
             undone = journaled(o->journal, BY_PHONE, RECORD_UNDO, now);
  printf(
      "{\"bench\":\"phones\",\"case\":\"records\",\"scans\":%ld,\"scans_journaled\":%ld,\"phones_admitted\":%ld,"
      "\"by_phone_journaled\":%ld,\"phones_undid\":%ld,\"undone_journaled\":%ld,\"requests\":%ld,\"busy\":%ld,\"crowd\":%ld}\n",
      s->staffed.counter.scans, scans, done->admitted, by_phone, done->undone, undone, done->requests, done->busy,
      crowd_came(s->crowd));
  fflush(stdout);
  return (scans == s->staffed.counter.scans && by_phone >= done->admitted && undone >= done->undone &&
          by_phone - done->admitted + undone - done->undone <= done->busy) ||
         problem_set(problem, "记录对不上", "the journal doesn't have what guests and phones were told");
}

static bool measure_pace(struct site *s, int runs, int pause_ms, const char *of, struct phones_done *all,
                         struct problem *problem) {
  struct samples with = {0}, without = {0};
  struct phones_done done = {0};
  char what[96];
  bool good = phones_start(s->phones, pause_ms, problem) && measure(s, runs, &with, &without, problem);
  good = phones_stop(s->phones, &done, good ? problem : &(struct problem){.en = ""}) && good;
  if (good) {
    snprintf(what, sizeof what, "payload to record on disk, eight phones %s", of);
    bench_tell("phones", what, "ms", &with, "a kiosk without phones", &without);
    snprintf(what, sizeof what, "search by a phone, eight %s", of);
    bench_tell("phones", what, "ms", &done.search, "its GET /api/state", &done.state);
  }
  all->admitted += done.admitted, all->undone += done.undone, all->requests += done.requests, all->busy += done.busy;
  samples_free(&done.search);
  samples_free(&done.state);
  samples_free(&with);
  samples_free(&without);
  return good;
}

static bool site_open(struct site *s, const struct bench_options *o, struct problem *problem) {
  const int people = o->people ? o->people : PEOPLE;
  char file[PATH_MAX], folder[PATH_MAX - 8], url[128];
  if (!assets_find("web", s->web, problem) || !bench_search_pack(o->scratch, people, file, s->secret, problem)) return false;
  memcpy(s->event, file, sizeof file);
  *strrchr(s->event, '/') = '\0';
  snprintf(folder, sizeof folder, "%s/alone", o->scratch);
  if (!gate_open(s, problem) || !counter_init(&s->alone, problem) || !counter_open(&s->alone, s->event, folder, NULL, problem))
    return false;
  snprintf(folder, sizeof folder, "%s/staffed", o->scratch);
  snprintf(s->page_data, sizeof s->page_data, "%s/data", folder);
  /* Guests are the first half of the roster, whom the phones let in are of the other one. */
  return page_open(s, folder, problem) && page_url(&s->staffed, url, problem) &&
         phones_open(url, people / 2, people, &s->gate, &s->phones, problem) && sign_in_all(s, problem) &&
         crowd_open(url, &s->gate, &s->crowd, problem);
}

static bool run(const struct bench_options *o, struct problem *problem) {
  const int runs = o->runs ? o->runs : RUNS;
  struct phones_done done = {0};
  struct site *s = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  bool good = site_open(s, o, problem) && measure_pace(s, runs, PAUSE_MS, "at work", &done, problem) &&
              measure_pace(s, runs, 0, "without a pause", &done, problem);
  counter_rest(&s->staffed.counter);
  good = good && check(s, &done, problem);
  crowd_close(s->crowd);
  phones_close(s->phones);
  page_close(&s->staffed);
  counter_close(&s->alone);
  if (s->gated) pthread_rwlock_destroy(&s->gate);
  free(s);
  return good;
}

const struct bench bench_phones = {
    "phones", "八部手机值班、连接被占满时，扫到的码到写入磁盘，与没有手机时对比（分钟级，需点名运行）",
    "a payload to its record on disk while eight phones work and others misbehave, beside a kiosk "
    "without phones (a minute or two: name it)",
    run};
